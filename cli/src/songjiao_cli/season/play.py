"""The whole season: eight acts, then every check, and the result as figures."""

import time
from pathlib import Path
from typing import Any

from contracts.programme import Programmes, load
from songjiao_cli.api import Api, Person
from songjiao_cli.season.acts.house import open_the_house
from songjiao_cli.season.acts.offers import staff
from songjiao_cli.season.acts.ordering import order
from songjiao_cli.season.acts.pooling import pool
from songjiao_cli.season.acts.schemes import agree
from songjiao_cli.season.acts.surveys import survey
from songjiao_cli.season.acts.teaching import teach
from songjiao_cli.season.acts.under_way import leave_under_way
from songjiao_cli.season.conductor import Conductor
from songjiao_cli.season.script import Expected, Script
from songjiao_cli.season.stage import Progress, Stage
from songjiao_cli.system import System
from songjiao_cli.verify.run import NO_DOUBLE_BOOKINGS, NOTHING_PARKED, REPORT, Verdict, verify

ACTS = (open_the_house, survey, order, pool, agree, staff, teach)


class NotEmpty(Exception):  # noqa: N818  said to a person
    """A season needs a system that has nothing yet; the message says what to do."""


async def play(
    system: System,
    script: Script,
    programmes: Path,
    *,
    scale: int,
    seed: int,
    progress: Progress,
    api: Api | None = None,
    go_on: bool = False,
) -> tuple[dict[str, Any], Verdict]:
    """Play through the public APIs on a system that has nothing yet; the figures and what the checks found.

    `go_on`: afterwards begin the script's next orders, so that the board has something on it.
    """
    started = time.monotonic()
    async with api or Api(system.urls) as asked:
        stage = await begin(
            system, asked, script, programmes=load(programmes), scale=scale, seed=seed, progress=progress
        )
        for act in ACTS:
            await act(stage)
        await stage.conductor.quiet()
        verdict = await look(system, asked, stage.admin, stage.programmes)
        result = figures(verdict, script, scale, seed)
        result["seconds"] = round(time.monotonic() - started, 1)
        result["calls"] = asked.calls
        if go_on and verdict.holds:
            await leave_under_way(stage)
    return result, verdict


async def begin(
    system: System, api: Api, script: Script, *, programmes: Programmes, scale: int, seed: int,
    progress: Progress,
) -> Stage:  # fmt: skip
    """The stage on a system that has nothing yet, its clock at the morning on which the script begins."""
    admin = administrator(system)
    accounts = await api.call(admin, "GET", "portal", "/accounts")
    if any(account["username"] == script.union for account in accounts):
        raise NotEmpty(
            "a season was played here already, and time does not go back: forget it with "
            "`songjiao down --reset`, give this one a folder of its own with --state, or play it with --ephemeral"
        )
    conductor = Conductor(api, admin)
    stage = Stage(api, script, scale, seed, programmes, admin, conductor, progress)
    await conductor.move_to(stage.at(script.begins, 8))
    return stage


def administrator(system: System) -> Person:
    """The account that the first start made."""
    return Person("admin", system.installation.secrets["admin_password"], "administrator")


def operator(system: System) -> Person:
    """Whoever looks after the installation on this machine: by its keys, also while the portal is away."""
    return Person("operator", "", "administrator", own_token=system.installation.operator_token)


async def look(system: System, api: Api, admin: Person, programmes: Programmes) -> Verdict:
    """Every check of `songjiao verify` on this system."""
    assert system.addresses is not None
    return await verify(
        api, admin, system.addresses, programmes, system.full_environment("portal"),
        logs={service: system.installation.log(service) for service in system.urls},
    )  # fmt: skip


def figures(verdict: Verdict, script: Script, scale: int, seed: int) -> dict[str, Any]:
    """The season's result, as `--json` gives it."""
    missed: list[str] = []
    if not verdict.figures:
        missed = ["nothing could be counted"]
    elif script.expected:
        missed = unmet(verdict.figures, script.expected, scale)
    return {
        "season": script.name,
        "scale": scale,
        "seed": seed,
        **verdict.figures,
        "double_bookings": _count(verdict, NO_DOUBLE_BOOKINGS),
        "facts": verdict.facts,
        "parked": _count(verdict, NOTHING_PARKED),
        "report_equals_facts": verdict.found.get(REPORT) == [],
        "checks": verdict.told,
        "expectations": missed or "met",
        "ok": verdict.holds and not missed,
    }


def _count(verdict: Verdict, check: str) -> int | None:
    """How many were found; nothing where nobody could look everywhere."""
    looked = check in verdict.found and not any(name.startswith(check) for name in verdict.unchecked)
    return len(verdict.found[check]) if looked else None


def unmet(counted: dict[str, Any], expected: Expected, scale: int) -> list[str]:
    """What the script expects and did not come, in words."""
    came = {
        "sessions": counted["sessions"]["held"],
        "person_times": counted["person_times"],
        "special_sessions": counted["sessions"]["special"],
        "fulfilled": counted["orders"].get("fulfilled", 0),
    }
    return [
        f"{name}: {came[name]} came, {number * scale} were to come"
        for name, number in expected.model_dump().items()
        if came[name] != number * scale
    ]
