"""The states in which the desks' tasks begin, made through the public doors: orders, offers, a batch, the hour."""

import asyncio
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import httpx
import xlsxwriter

from songjiao_cli.api import Person, Refusal
from songjiao_cli.bench.desks_tasks import Wanted
from songjiao_cli.season.acts import ordering, schemes
from songjiao_cli.season.acts.offers import accept_all, open_offers
from songjiao_cli.season.acts.teaching import lead_of
from songjiao_cli.season.people import Worker, workforce
from songjiao_cli.season.script import Line, Order, Script
from songjiao_cli.season.stage import PlayedOrder, Stage
from staffing.calendar import Calendar

ENTERPRISE = "bgzb"
OCCUPATION, LEVEL, BAND = "6-31-01-03", "L5", "eve"
AHEAD, LONG = timedelta(days=35), timedelta(days=70)
"""From the order to its first day, and from there to its last."""
ROOMY = timedelta(days=98)
"""The same for orders that are only there to be answered: all of a measurement share the works' one room."""
UNTIL_MARKED = timedelta(days=8)
OFFERS = 20
Marks = Sequence[tuple[str, str]]
"""Field and value of each."""
MOST_ORDERS = 6
SCANS_AT_ONCE = 4
TICKET = re.compile(r'name="ticket" value="([^"]+)"')
DAYS_LOOKED_AT = (*range(1, 15), *range(-1, -8, -1), *range(15, 36))
WEEK = timedelta(days=7)
_NUMBERS = count(200)
"""Tell the people of these orders from all others'."""


def short(script: Script, *occupations: str) -> Script:
    """One enterprise, one college with people enough for all tasks, nothing played; who also knows `occupations`."""
    (college, *_) = script.colleges
    college = college.model_copy(
        update={"instructors": 16, "assessors": 6, "occupations": (OCCUPATION, *occupations), **_ROOM},
    )
    order = Order(key=ENTERPRISE, enterprise=ENTERPRISE, lines=(_line(script.begins, 30, (30,)),))
    surveys = script.surveys.model_copy(update={"enterprises": 1})
    return script.model_copy(
        update={
            "colleges": (college,), "orders": (order,), "joint": (), "expected": None, "surveys": surveys,
            "under_way": (),
        }
    )  # fmt: skip


_ROOM = {"sessions_total": 900, "sessions_week": 90}


def with_room(script: Script, sessions: int) -> Script:
    """The season with agreements that leave room for the tasks after it, beside so many sessions that are stored."""
    room = _ROOM | {"sessions_total": max(_ROOM["sessions_total"], sessions)}
    return script.model_copy(
        update={"colleges": tuple(college.model_copy(update=room) for college in script.colleges)}
    )


def for_an_examination(stage: Stage) -> date:
    """The first working day from eight days ahead: colleges send assessors on those."""
    ahead = today(stage) + UNTIL_MARKED
    return Calendar.of(stage.programmes).add_working_days(ahead - timedelta(days=1), 1)


def clerk(stage: Stage) -> Person:
    """Who orders."""
    return stage.clerks[ENTERPRISE]


def today(stage: Stage) -> date:
    """By the season's clock."""
    assert stage.conductor.now is not None
    return stage.conductor.now.date()


def wanted(stage: Stage, heads: int, *, bad: bool) -> Wanted:
    """What the clerk has in mind, with a sheet of new people; `bad` = three rows of it cannot be taken."""
    people = workforce(next(_NUMBERS), heads, ["A"], stage.seed)
    cells: list[list[str | int]] = [
        [one.name, one.id_number, one.crew, one.years_in_trade, ""] for one in people
    ]
    mends = []
    if bad:
        spoilt: tuple[tuple[int, int, str, str, str], ...] = (
            (10, 1, "id_number", people[10].id_number[:17], people[10].id_number),
            (20, 2, "crew", "Q", "A"),
            (30, 0, "name", "", people[30].name),
        )
        for at, column, field, wrong, right in spoilt:
            cells[at][column] = wrong
            mends.append((at + 2, field, right))
    earliest = today(stage) + AHEAD
    return Wanted(OCCUPATION, LEVEL, earliest, earliest + LONG, BAND, sheet_of(cells), mends)


def sheet_of(rows: Sequence[Sequence[str | int]]) -> bytes:
    """The Excel file; ID numbers as text."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("花名册")
    text = book.add_format({"num_format": "@"})
    for column, title in enumerate(("姓名", "身份证号", "班组", "从业年限", "现有等级")):
        sheet.write(0, column, title)
    for row, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell, text if isinstance(cell, str) else None)
    book.close()
    return file.getvalue()


async def number_of(stage: Stage, order: UUID) -> str:
    """What people call the order."""
    seen = await stage.api.call(stage.coordinator, "GET", "order-intake", f"/orders/{order}")
    return str(seen["number"])


async def movable(stage: Stage, order: UUID) -> tuple[UUID, date]:
    """A session of the scheme's first week, and a free day near by: what an experienced eye sees."""
    path = f"/orders/{order}/scheme"
    seen = await stage.api.call(stage.coordinator, "GET", "scheduling", path)
    placed = [(date.fromisoformat(one["day"]), one) for one in seen["sessions"] if one["day"]]
    monday = min(day for day, _ in placed)
    monday -= timedelta(days=monday.weekday())
    why: Counter[str] = Counter()
    for day, one in reversed(placed):
        if day >= monday + WEEK:
            continue
        for other in (day + timedelta(days=days) for days in DAYS_LOOKED_AT):
            barred = await _barred(stage, path, one, other)
            if not barred:
                return UUID(one["session_id"]), other
            why.update(barred)
    raise AssertionError(f"no session of order {order} can be moved: {why.most_common()}")


async def _barred(stage: Stage, path: str, session: dict[str, Any], day: date) -> list[str]:
    """The rules that are in the way."""
    move = {"do": "move", "session_id": session["session_id"], "day": f"{day}", "band": session["band"]}
    try:
        looked = await stage.api.call(
            stage.coordinator, "POST", "scheduling", f"{path}/changes/look", json={"changes": [move]}
        )
    except Refusal as refusal:
        return [refusal.code]
    return [str(each["reason"]["code"]) for each in looked["breaks"]] or (
        [] if looked["sessions"] else ["nothing"]
    )


async def confirm(stage: Stage, order: UUID, works: str) -> None:
    """The enterprise signs what the union has approved."""
    await schemes.sign(stage, _as_played(stage, str(order), works), "confirm")
    await stage.conductor.quiet()


async def offered(
    stage: Stage, heads: int, cohorts: tuple[int, ...], service: str = "theory_training"
) -> PlayedOrder:
    """An order ordered, accepted, signed by both: its offers are out."""
    line = _line(today(stage) + AHEAD, heads, cohorts, service)
    number = next(_NUMBERS)
    script = Order(key=f"desks-{number}", enterprise=ENTERPRISE, lines=(line,))
    played = PlayedOrder(script.key, script, ENTERPRISE, clerk(stage), 0)
    await ordering.submit(stage, played, number)
    await ordering.ask(stage, played, "accept")
    await stage.conductor.quiet()
    await schemes.sign(stage, played, "approve", "confirm")
    await stage.conductor.quiet()
    return played


async def twenty_offers(stage: Stage) -> str:
    """Twenty offers of named people wait for one college, which is the answer; further ones it has accepted."""
    for _ in range(MOST_ORDERS):
        waiting = [one for one in await open_offers(stage) if one["person_id"]]
        (college, most) = Counter(one["college_id"] for one in waiting).most_common(1)[0]
        if most >= OFFERS:
            more = [one["assignment_id"] for one in waiting if one["college_id"] == college][OFFERS:]
            if more:
                await stage.api.call(
                    stage.offices[college], "POST", "instructor-dispatch", "/offers/accept",
                    json={"assignment_ids": more},
                )  # fmt: skip
                await stage.conductor.quiet()
            return str(college)
        await offered(stage, 60, (30, 30))
    raise AssertionError(f"no college has {OFFERS} offers after {MOST_ORDERS} orders")


@dataclass(frozen=True)
class Batch:
    """An examination that has begun: who entered marks, who is to confirm them, and the marks by their fields."""

    id: str
    order: PlayedOrder
    first: Person
    second: Person
    marks: Marks


async def marked_once(stage: Stage, heads: int) -> Batch:
    """An evaluation on its morning; one assessor has entered all marks."""
    played = await offered(stage, heads, (), "skill_evaluation")
    day = for_an_examination(stage)
    planned = await stage.api.call(
        stage.coordinator, "POST", "evaluation", f"/orders/{played.order_id}/batches",
        json={"line": 1, "day": day.isoformat(), "band": "am"},
    )  # fmt: skip
    path = f"/batches/{planned['batch_id']}"
    await accept_all(stage)
    seen = await stage.api.call(stage.coordinator, "GET", "evaluation", path)
    await stage.conductor.move_to(datetime.fromisoformat(seen["slot"]["starts_at"]))
    one, other = [await stage.sent(person) for person in sorted(seen["assessors"], key=stage.ordinal)[:2]]
    people = [each["evaluation_id"] for each in seen["candidates"] if each["state"] == "admitted"]
    marks = [(part, person, f"{60 + at % 40}") for at, person in enumerate(people) for part in seen["parts"]]
    for part in seen["parts"]:
        body = {"part": part, "marks": [{"evaluation_id": w, "mark": m} for p, w, m in marks if p == part]}
        await stage.api.call(one, "POST", "evaluation", f"{path}/marks", json=body)
    await stage.conductor.quiet()
    fields = [(f"mark-{part}-{person}", mark) for part, person, mark in marks]
    return Batch(planned["batch_id"], played, one, other, fields)


async def certified(stage: Stage, batch: Batch, differing: Marks) -> str:
    """The first assessor agrees on what differed; posted, issued; the address in the code on a certificate."""
    api, path = stage.api, f"/batches/{batch.id}"
    for field, mark in differing:
        _, part, person = field.split("-", 2)
        body = {"part": part, "marks": [{"evaluation_id": person, "mark": mark}]}
        await api.call(batch.first, "POST", "evaluation", f"{path}/marks/confirm", json=body)
    seen = await api.call(stage.coordinator, "GET", "evaluation", path)
    await stage.conductor.move_to(datetime.fromisoformat(seen["slot"]["ends_at"]))
    posted = await api.call(stage.coordinator, "POST", "evaluation", f"{path}/post")
    until = date.fromisoformat(posted["objections_until"])
    await stage.conductor.move_to(stage.at(until + timedelta(days=1), 9))
    await api.call(stage.coordinator, "POST", "evaluation", f"{path}/certificates")
    await stage.conductor.quiet()
    given = await api.call(
        stage.coordinator, "GET", "evaluation", "/certificates", params={"order_id": batch.order.order_id}
    )
    return str(given[0]["url"])


async def ill_this_morning(stage: Stage) -> tuple[str, int]:
    """It is early on a day on which somebody is to teach; who that is, and how many sessions they have in two days."""
    await accept_all(stage)
    firm = [
        one for one in await _firm(stage) if datetime.fromisoformat(one["slot"]["starts_at"]) > _now(stage)
    ]
    day = min(date.fromisoformat(one["slot"]["day"]) for one in firm)
    soon = [one for one in firm if date.fromisoformat(one["slot"]["day"]) <= day + timedelta(days=1)]
    (person, sessions) = Counter(one["person_id"] for one in soon).most_common(1)[0]
    await stage.conductor.move_to(stage.at(day, 6))
    return str(person), sessions


async def at_its_start(stage: Stage, played: PlayedOrder) -> tuple[dict[str, Any], Person]:
    """It is the hour at which the order's next session begins; the session, and who teaches it."""
    await accept_all(stage)
    found = await stage.api.call(
        stage.coordinator, "GET", "scheduling", "/sessions", params={"order_id": played.order_id}
    )
    coming = [one for one in found if datetime.fromisoformat(one["slot"]["starts_at"]) > _now(stage)]
    session: dict[str, Any] = min(coming, key=lambda one: str(one["slot"]["starts_at"]))
    teacher = await stage.sent(await lead_of(stage, session))
    await stage.conductor.move_to(datetime.fromisoformat(session["slot"]["starts_at"]))
    await stage.conductor.quiet()
    return session, teacher


async def everybody_scans(address: str, people: Sequence[Worker]) -> None:
    """Each worker's phone opens the code's page and sends the last four characters of the ID number."""
    some = asyncio.Semaphore(SCANS_AT_ONCE)
    async with httpx.AsyncClient(timeout=60) as phone:

        async def scan(worker: Worker) -> None:
            async with some:
                ticket = TICKET.findall((await phone.get(address)).text)
                told = {"ticket": ticket[0], "digits": worker.id_number[-4:]}
                answer = await phone.post(address.split("/s/", maxsplit=1)[0] + "/s", data=told)
            if answer.status_code != httpx.codes.OK:
                raise AssertionError(f"{worker.name} could not sign in: {answer.status_code}")

        await asyncio.gather(*map(scan, people))


async def over(stage: Stage, session: dict[str, Any]) -> None:
    """It is the hour at which the session ends."""
    await stage.conductor.move_to(datetime.fromisoformat(session["slot"]["ends_at"]))
    await stage.conductor.quiet()


def people_of(stage: Stage, played: PlayedOrder) -> list[Worker]:
    """The workers of an order made here."""
    number = int(played.key.removeprefix("desks-"))
    return workforce(number, played.script.lines[0].heads, ["A"], stage.seed)


def _now(stage: Stage) -> datetime:
    assert stage.conductor.now is not None
    return stage.conductor.now


async def _firm(stage: Stage) -> list[dict[str, Any]]:
    found = await stage.api.call(stage.coordinator, "GET", "instructor-dispatch", "/assignments")
    return [one for one in found if one["role"] == "lead" and one["session_id"]]


def _as_played(stage: Stage, order: str, works: str) -> PlayedOrder:
    script = Order(key=order, enterprise=works, lines=(_line(today(stage), 30, ()),))
    return PlayedOrder(order, script, works, stage.clerks[works], 0, order_id=order)


def _line(earliest: date, heads: int, cohorts: tuple[int, ...], service: str = "theory_training") -> Line:
    return Line(
        service=service, occupation=OCCUPATION, level=LEVEL, heads=heads, cohorts=cohorts, earliest=earliest,
        latest=earliest + ROOMY, bands=() if service == "skill_evaluation" else (BAND,),
    )  # fmt: skip
