"""The Sanming season, whole, through the public doors; at each door those who may not are turned away."""

import re
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest

from songjiao_cli.api import Api, Person, Refusal
from songjiao_cli.season.play import administrator, play
from songjiao_cli.season.script import read

from ..faults.who_may import who_may
from .covered import clauses, proofs, unaccounted

PROGRAMMES = Path(__file__).parents[2] / "programmes"
ROLES = ("enterprise", "union", "college", "instructor", "assessor")


def door_of(method: str, service: str, path: str) -> tuple[str, set[str]]:
    """The door at this address, and who may enter it: from the table of who may."""
    (found,) = (
        (f"{method} {service}{door}", roles)
        for (of, door), roles in who_may(service).items()
        if of == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", door), path)
    )
    return found


class WaryApi(Api):
    """Before a changing call is made for the first time, everybody who may not make it tries."""

    def __init__(self, urls: dict[str, str], admin: Person) -> None:
        super().__init__(urls)
        self.admin = admin
        self.tried: set[str] = set()
        self.let_in: list[str] = []
        self.intruders: dict[str, Person] = {}

    async def call(self, who: Person | None, method: str, service: str, path: str, **body: Any) -> Any:
        if method != "GET" and who is not None and self.intruders:
            door, roles = door_of(method, service, path)
            if door not in self.tried:
                self.tried.add(door)
                for role in self.intruders.keys() - roles:
                    await self._try(
                        role, door, super().call(self.intruders[role], method, service, path, **body)
                    )
        return await super().call(who, method, service, path, **body)

    async def _try(self, role: str, door: str, call: Awaitable[Any]) -> None:
        try:
            await call
        except Refusal as refusal:
            if refusal.status not in {403, 404}:
                self.let_in.append(f"{role} at {door}: {refusal}")
        else:
            self.let_in.append(f"{role} at {door}")

    async def invite_intruders(self) -> None:
        for role in ROLES:
            name = f"intruder-{role}"
            account = {
                "username": name,
                "password": "intruder-1234",
                "roles": [role],
                "organisation": name,
                "name": "x",
            }
            if role in {"instructor", "assessor"}:
                account["person_id"] = "01900000-0000-7000-8000-000000000001"
            await super().call(self.admin, "POST", "portal", "/accounts", json=account)
            self.intruders[role] = Person(name, "intruder-1234", role)


@pytest.fixture(scope="module")
async def season(system):
    api = WaryApi(system.urls, administrator(system))
    await api.invite_intruders()
    script = read(PROGRAMMES / "seasons" / "send-teachers-home.yaml")
    result, verdict = await play(
        system, script, PROGRAMMES, scale=1, seed=1, progress=lambda *_: None, api=api
    )
    return result, verdict, api


@pytest.mark.timeout(1200)
class TestTheSanmingSeason:
    async def test_the_pilot_figures_come_out(self, season):
        result, _, _ = season
        assert result["expectations"] == "met"
        assert result["sessions"]["held"] == 137
        assert result["person_times"] == 7400
        assert result["sessions"]["special"] == 6
        assert result["surveys"] == {"enterprises": 40, "rounds": 21, "person_times": 3000}

    async def test_every_check_holds(self, season):
        result, verdict, _ = season
        assert {name: lines for name, lines in verdict.found.items() if lines} == {}
        assert result["report_equals_facts"]
        assert result["double_bookings"] == 0
        assert result["parked"] == 0

    async def test_every_clause_of_every_order_is_accounted_for(self, system, season):
        result, _, _ = season
        found = await proofs(system)
        assert {number: open_ for number, proof in found.items() if (open_ := unaccounted(proof))} == {}
        assert all(clauses(proof) for proof in found.values())
        totals = [proof["totals"] for proof in found.values()]
        summed = {name: sum(each[name] for each in totals) for name in totals[0]}
        assert (summed["sessions_held"], summed["person_times"]) == (137, 7400)
        assert summed["class_hours_delivered"] == result["class_hours"]
        assert summed["certificates_issued"] == result["certificates"]["issued"]
        kept = [proof for proof in found.values() if proof["fulfilled"]]
        assert all(proof["totals"]["sessions_held"] == proof["totals"]["sessions"] for proof in kept)

    async def test_orders_end_in_every_way(self, season):
        result, _, _ = season
        assert result["orders"] == {"cancelled": 1, "fulfilled": 11, "rejected": 1, "withdrawn": 1}

    async def test_offers_were_declined_lapsed_and_substituted(self, season):
        offers = season[0]["offers"]
        assert offers["lapsed"] == 2
        assert offers["substituted"] == 3
        assert offers["declined"] >= 10

    async def test_certificates_were_issued_and_one_revoked(self, season):
        result = season[0]
        assert result["certificates"]["issued"] == result["evaluations"]["passed"] > 100
        assert result["certificates"]["revoked"] == 1

    async def test_every_door_turned_away_whoever_may_not_enter(self, season):
        _, _, api = season
        assert api.let_in == []
        assert len(api.tried) > 25
