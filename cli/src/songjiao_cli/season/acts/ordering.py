"""Third act: enterprises order with Excel rosters; the union accepts, returns, rejects."""

from dataclasses import replace
from typing import Any

from songjiao_cli.season.people import Worker, roster, workforce
from songjiao_cli.season.script import Line
from songjiao_cli.season.stage import PlayedOrder, Stage

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def order(stage: Stage) -> None:
    """Every order as far as the union's answer; accepted ones one by one, since their schemes compete."""
    for number, played in enumerate(stage.orders):
        await submit(stage, played, number)
        stage.progress("orders", number + 1, len(stage.orders))
    for played in stage.orders:
        if not played.pooled:
            await _answer(stage, played)
    await stage.conductor.quiet()


async def submit(stage: Stage, played: PlayedOrder, number: int) -> None:
    """The clerk writes the order, uploads the rosters, submits; `number` tells its people from all others'."""
    await _write(stage, played, number)
    await ask(stage, played, "submit")


async def _write(stage: Stage, played: PlayedOrder, number: int) -> None:
    script = played.script
    answer = await stage.api.call(
        played.clerk, "POST", "order-intake", "/orders",
        json={
            "programme": stage.script.programme, "special_session": script.special_session,
            "lines": lines_of(played, before_amendment="amended_after_acceptance" in script.happens),
        },
    )  # fmt: skip
    played.order_id = answer["order_id"]
    crews = _crews(stage, script.enterprise)
    people = workforce(number, sum(line.heads for line in script.lines), crews, stage.seed)
    first = 0
    for index, line in enumerate(script.lines, start=1):
        at = f"/orders/{played.order_id}/lines/{index}/roster"
        if line.same_as is not None:
            await stage.api.call(played.clerk, "POST", "order-intake", f"{at}/same-as/{line.same_as}")
            continue
        mine = by_crew(people[first : first + line.heads], line, crews)
        first += line.heads
        file = roster(mine, _level_below(stage, line.level))
        for take in ("false", "true"):
            seen = await stage.api.call(
                played.clerk, "POST", "order-intake", at, params={"take": take},
                files={"file": ("花名册.xlsx", file, _EXCEL)},
            )  # fmt: skip
            if seen["taken"] != line.heads:
                raise AssertionError(f"{played.key} line {index}: {seen['taken']} of {line.heads} taken")


def lines_of(played: PlayedOrder, *, before_amendment: bool = False) -> list[dict[str, Any]]:
    """The order's lines as the clerk enters them; before an amendment with other bands of the day."""
    return [
        {
            "service": line.service, "occupation": line.occupation, "level": line.level,
            "units": list(line.units), "bands": ["eve"] if before_amendment else list(line.bands),
            "cohort_sizes": list(line.cohorts), "earliest": line.earliest.isoformat(),
            "latest": line.latest.isoformat(), "release_cap_minutes": line.release_cap_minutes,
        }
        for line in played.script.lines
    ]  # fmt: skip


def by_crew(people: list[Worker], line: Line, crews: list[str]) -> list[Worker]:
    """Cohort by cohort from one crew each, as a works that wants one crew at a time would write it."""
    if not line.cohorts:
        return people
    made: list[Worker] = []
    first = 0
    for index, size in enumerate(line.cohorts):
        crew = crews[index % len(crews)]
        made += [replace(one, crew=crew) for one in people[first : first + size]]
        first += size
    return made


def _crews(stage: Stage, enterprise: str) -> list[str]:
    row = stage.programmes.demo.enterprises[enterprise]
    crews = stage.programmes.shifts[row.shift_pattern].crews
    return [chr(ord("A") + number) for number in range(crews)]


def _level_below(stage: Stage, level: str) -> str:
    return stage.programmes.levels[level].previous or ""


async def ask(stage: Stage, played: PlayedOrder, what: str, body: Any = None) -> None:
    """One step of the order, by whoever it belongs to."""
    who = stage.coordinator if what in {"accept", "return", "reject"} else played.clerk
    await stage.api.call(who, "POST", "order-intake", f"/orders/{played.order_id}/{what}", json=body)


async def _answer(stage: Stage, played: PlayedOrder) -> None:
    happens = played.script.happens
    if "withdrawn" in happens:
        await ask(stage, played, "withdraw")
        return
    if "rejected" in happens:
        await ask(stage, played, "reject", {"reasons": [{"code": "order.outside_season"}]})
        return
    if "returned_once" in happens:
        await ask(stage, played, "return", {"reasons": [{"code": "roster.trade_missing"}]})
        await ask(stage, played, "submit")
    await ask(stage, played, "accept")
    await stage.conductor.quiet()
    if "amended_after_acceptance" in happens:
        await ask(stage, played, "amend", {"lines": lines_of(played)})
        await stage.conductor.quiet()
