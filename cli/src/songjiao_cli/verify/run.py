"""`songjiao verify`: every check, the two reports compared, the read model folded anew and compared."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.programme import Programmes
from songjiao_cli.api import Api, Person
from songjiao_cli.verify.checks import EVERYWHERE, double_bookings
from songjiao_cli.verify.differences import differences
from songjiao_cli.verify.log import read_all, without_repeats
from songjiao_cli.verify.recount import recount


@dataclass(frozen=True)
class Verdict:
    """What was found: per check its lines (none = it holds), the figures, and how many facts were read."""

    found: Mapping[str, list[str]]
    figures: dict[str, Any]
    facts: int

    @property
    def holds(self) -> bool:
        """Nothing was found."""
        return not any(self.found.values())


async def verify(
    api: Api, admin: Person, kafka: str, programmes: Programmes, portal_environment: Mapping[str, str]
) -> Verdict:
    """Read every topic, check, count again, and compare with what the portal says."""
    report = await api.call(admin, "GET", "portal", "/report.json")
    raw = await read_all(kafka)
    facts = without_repeats(raw)
    found = {name: check(facts) for name, check in EVERYWHERE.items()}
    found["nobody is in two places"] = double_bookings(
        facts, drives(programmes), programmes.rules.planning.buffer_minutes.value
    )
    counted = recount(facts)
    found["the report equals the facts"] = differences({key: report.get(key) for key in counted}, counted)
    found["nothing is parked"] = await _parked(api, admin)
    found["the read model equals the topics"] = _rebuilt(portal_environment)
    return Verdict(found, counted, len(facts))


def drives(programmes: Programmes) -> dict[tuple[str, str], int]:
    """Minutes of driving between any two divisions (and two works of one), shortest way by the distance table."""
    within = programmes.rules.planning.within_division_minutes.value
    known: dict[tuple[str, str], int] = {(division, division): within for division in programmes.divisions}
    for row in programmes.distances:
        known[row.from_code, row.to_code] = known[row.to_code, row.from_code] = row.drive_min
    places = sorted({place for row in programmes.distances for place in (row.from_code, row.to_code)})
    for via in places:
        for one in places:
            for other in places:
                if one != other and via not in {one, other}:
                    way = known[one, via] + known[via, other]
                    known[one, other] = min(known.get((one, other), way), way)
    return known


async def _parked(api: Api, admin: Person) -> list[str]:
    lines = []
    for service in api.urls:
        operations = await api.call(admin, "GET", service, "/operations")
        lines += [
            f"{service}: {count} facts are parked at {consumer}; see: songjiao parked list"
            for consumer, count in operations["parked"].items()
            if count
        ]
    return lines


def _rebuilt(environment: Mapping[str, str]) -> list[str]:
    """The portal folds all topics from the beginning and compares with its rows, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "portal", "verify"],
        env=dict(environment), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 0:
        return []
    return [line for line in (done.stdout + done.stderr).splitlines() if line.strip()][-20:]
