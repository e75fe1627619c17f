"""`songjiao verify`: every check, the two reports compared, the read model folded anew and compared."""

import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka.errors import KafkaError

from contracts.programme import Programmes
from servicekit.local import Addresses
from servicekit.topics import TopicProblem
from songjiao_cli.api import Api, NoAnswer, Person, Refusal
from songjiao_cli.verify.checks import EVERYWHERE, double_bookings
from songjiao_cli.verify.differences import differences
from songjiao_cli.verify.log import RawFact, read_all, without_repeats
from songjiao_cli.verify.personal import anywhere
from songjiao_cli.verify.recount import recount
from songjiao_cli.verify.seals import wrong_seal

NO_DOUBLE_BOOKINGS = "nobody is in two places"
REPORT = "the report equals the facts"
NOTHING_PARKED = "nothing is parked"
SEALED = "every fact is sealed as it was sent"
NOBODY_NAMED = "nobody is named where no name may be"
READ_MODEL = "the read model equals the topics"
Ask = Callable[[Api, Person, str], Awaitable[list[str]]]
"""What one service is asked for: lines in words, none when all holds."""


@dataclass(frozen=True)
class Verdict:
    """What was found: per check its lines (none = it holds), the figures, and how many facts were read."""

    found: Mapping[str, list[str]]
    figures: dict[str, Any]
    facts: int
    unchecked: Mapping[str, str] = field(default_factory=dict)
    """What could not be checked, and why."""

    @property
    def holds(self) -> bool:
        """Everything was checked, and nothing found."""
        return not any(self.found.values()) and not self.unchecked

    @property
    def told(self) -> dict[str, str | list[str]]:
        """Each check with what became of it."""
        checked: dict[str, str | list[str]] = {name: lines or "holds" for name, lines in self.found.items()}
        return checked | {name: [f"not checked: {why}"] for name, why in self.unchecked.items()}


async def verify(
    api: Api, admin: Person, servers: Addresses, programmes: Programmes, portal_environment: Mapping[str, str],
    *, logs: Mapping[str, Path] | None = None,
) -> Verdict:  # fmt: skip
    """Read every topic, check, count again, and compare with what the portal says; as far as things answer."""
    found: dict[str, list[str]] = {}
    unchecked: dict[str, str] = {}
    counted: dict[str, Any] = {}
    facts: Sequence[RawFact] = ()
    try:
        facts = without_repeats(await read_all(servers.kafka))
    except (KafkaError, TopicProblem, OSError) as why:
        told = f"no facts can be read from Kafka at {servers.kafka} ({why or type(why).__name__})"
        unchecked |= dict.fromkeys([*EVERYWHERE, NO_DOUBLE_BOOKINGS, REPORT, SEALED, NOBODY_NAMED], told)
    else:
        found = {name: check(facts) for name, check in EVERYWHERE.items()}
        found[NO_DOUBLE_BOOKINGS] = double_bookings(
            facts, drives(programmes), programmes.rules.planning.buffer_minutes.value
        )
        counted = recount(facts)
        try:
            report = await api.call(admin, "GET", "portal", "/report.json")
            found[REPORT] = differences({key: report.get(key) for key in counted}, counted)
        except (NoAnswer, Refusal) as why:
            unchecked[REPORT] = str(why)
        try:
            found[NOBODY_NAMED] = await anywhere(facts, portal_environment, logs or {})
        except (asyncpg.PostgresError, OSError, ValueError) as why:
            unchecked[NOBODY_NAMED] = f"not every database can be read ({why or type(why).__name__})"
    asked: dict[str, Ask] = {NOTHING_PARKED: _parked}
    if SEALED not in unchecked:
        asked[SEALED] = partial(wrong_seal, facts=facts)
    for name, ask in asked.items():
        lines, silent = await _at_each(api, admin, name, ask)
        found[f"{name} where it could be asked" if silent else name] = lines
        unchecked |= silent
    rebuilt, broken = _rebuilt(portal_environment)
    if broken:
        unchecked[READ_MODEL] = broken
    else:
        found[READ_MODEL] = rebuilt
    return Verdict(found, counted, len(facts), unchecked)


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


async def _at_each(api: Api, admin: Person, name: str, ask: Ask) -> tuple[list[str], dict[str, str]]:
    """What each service answers; and who does not, and why."""
    lines: list[str] = []
    silent: dict[str, str] = {}
    for service in api.urls:
        try:
            lines += await ask(api, admin, service)
        except (NoAnswer, Refusal) as why:
            silent[f"{name} at {service}"] = str(why)
    return lines, silent


async def _parked(api: Api, admin: Person, service: str) -> list[str]:
    operations = await api.call(admin, "GET", service, "/operations")
    return [
        f"{service}: {count} facts are parked at {consumer}; see: songjiao parked list"
        for consumer, count in operations["parked"].items()
        if count
    ]


def _rebuilt(environment: Mapping[str, str]) -> tuple[list[str], str]:
    """The portal folds all topics from the beginning and compares with its rows, in a process of its own.

    What differs; or why it could not be done.
    """
    status, said = portal_says("verify", environment)
    if status == 0:
        return [], ""
    if "Traceback (most recent call last):" in said or status != 1:
        return [], f"it could not be folded anew ({said[-1]})"
    return said[-20:], ""


def portal_says(
    word: str, environment: Mapping[str, str], *, progress: bool = False
) -> tuple[int, list[str]]:
    """`python -m portal WORD` in a process of its own: its status and what it said, at least one line.

    With `progress`, what it tells on stderr meanwhile is shown to the person, and no part of the answer.
    """
    done = subprocess.run(  # noqa: S603  our own command, no shell
        [sys.executable, "-m", "portal", word],
        env=dict(environment), stdout=subprocess.PIPE, stderr=None if progress else subprocess.PIPE,
        text=True, check=False,
    )  # fmt: skip
    said = [line for line in (done.stdout + (done.stderr or "")).splitlines() if line.strip()]
    return done.returncode, said or [f"status {done.returncode}"]
