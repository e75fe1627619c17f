"""What became of every clause of every order that has ended, as the portal proves it at the end of a season."""

from collections import Counter
from typing import Any

from songjiao_cli.api import Api
from songjiao_cli.season.play import administrator
from songjiao_cli.system import System

ENDED = {"fulfilled", "cancelled", "rejected", "withdrawn"}
Proof = dict[str, Any]


async def proofs(system: System) -> dict[str, Proof]:
    """The coverage of every ended order, by number, and whether it was fulfilled."""
    admin = administrator(system)
    async with Api(system.urls) as api:
        orders = await api.call(admin, "GET", "portal", "/orders.json")
        found = {}
        for order in orders:
            if order["state"] not in ENDED:
                continue
            proof = await api.call(admin, "GET", "portal", f"/orders/{order['number']}/coverage.json")
            proof["fulfilled"] = order["state"] == "fulfilled"
            found[order["number"]] = proof
    assert len(found) == len(orders), "a season leaves no order open"
    return found


def clauses(proof: Proof) -> list[tuple[str, dict[str, Any]]]:
    """Every clause that nothing else contains, with what it is about: a session, a person, or a line by itself."""
    found: list[tuple[str, dict[str, Any]]] = []
    for line in proof["lines"]:
        own = [(f"session {one['session_id']}", one) for unit in line["units"] for one in unit["sessions"]]
        own += [(f"person {one['worker_id']} on line {line['line']}", one) for one in line["persons"]]
        found += own or [(f"line {line['line']}", line)]
    return found


def unaccounted(proof: Proof) -> list[str]:
    """What the proof leaves open: a clause still ahead, one not delivered without a reason, one that stands twice."""
    told = clauses(proof)
    found = [f"{what} is ahead" for what, one in told if one["status"] == "ahead"]
    found += [f"{what}: {one['status']}, not why" for what, one in told if _unsaid(one)]
    found += [
        f"{what} stands {times} times"
        for what, times in Counter(what for what, _ in told).items()
        if times > 1
    ]
    if not proof["agrees"]:
        found.append("the sums are not those of the completed delivery")
    for line in proof["lines"]:
        for unit in line["units"]:
            sums = unit["delivered"] + unit["ahead"] + unit["not_delivered"]
            if sums != unit["class_hours"]:
                found.append(
                    f"unit {unit['unit']}: {sums} of {unit['class_hours']} class-hours are accounted for"
                )
    return found


def _unsaid(one: dict[str, Any]) -> bool:
    return one["status"] in {"partly", "not"} and not one["reasons"]
