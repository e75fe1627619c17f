"""A college's timetable: the week of its people; time off with what it touches, ended early; a calendar taken in."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Query, UploadFile
from starlette.responses import RedirectResponse, Response

from portal.desks.asking import DISPATCH, Missing, missing
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.college.asked import offers_path, told_beside
from portal.desks.college.away import (
    WHY,
    Asked,
    CalendarSeen,
    FreedSeen,
    TouchesSeen,
    ahead,
    asked_of,
    calendar_told,
    times_of,
    touched_of,
)
from portal.desks.college.people_pages import person_of
from portal.desks.college.seen import OfferSeen, PersonSeen
from portal.desks.college.week import PersonWeek, monday_of, week_of
from servicekit.clock import now, today
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
Week = Annotated[date | None, Query(ge=date(2000, 1, 1), le=date(2100, 1, 1))]
When = Annotated[str, Query(max_length=20)]
Moment = Annotated[str, Form(max_length=40)]
IMPORTED = "imported"
"""The name of the calendar that this page takes in: told anew, it replaces what it said before."""
MOST_BYTES = 300_000


@router.get("/timetable")
async def show_week(at: Desk, week: Week = None, done: str = "", count: int = 0) -> Response:
    """Our sessions, own lessons and times away of everybody whom the college sends."""
    at.only("college")
    monday, people = await week_asked(at, week)
    return await at.page(
        "week.html", missing=missing(people, at.text) if isinstance(people, str) else "",
        people=[] if isinstance(people, str) else people, week=monday.isoformat(),
        title=at.text("rota.of", first=at.text.day(monday), last=at.text.day(monday + timedelta(days=6))),
        before=(monday - timedelta(days=7)).isoformat(), after=(monday + timedelta(days=7)).isoformat(),
        said=at.text(f"rota.done.{done}", count=count) if at.text.has(f"rota.done.{done}") else "",
    )  # fmt: skip


@router.get("/timetable/{person}")
async def show_time_off(
    at: Desk, person: UUID, starts: When = "", ends: When = "", why: When = "illness", place: When = ""
) -> Response:
    """The form of a time off, with what it touches once it was asked; and the times that are told already."""
    asked = Asked(starts=starts, ends=ends, why=why, place=place) if starts and ends else None
    return await _time_off(at, person, asked)


@router.post("/timetable/{person}/off")
@without_key  # the form has a one-time key of its own
async def register(
    at: Desk, person: UUID, *, starts: Moment, ends: Moment, why: Moment, key: Key, place: Moment = ""
) -> Response:
    """The person is away; what does not go with it is asked of others in the same moment."""
    asked = Asked(starts=starts, ends=ends, why=why, place=place)
    await _own(at, person)
    body = asked_of(asked, at.text.zone)
    if body is None:
        return await _time_off(at, person, asked, Wrong(at.text("off.no_time"), 422))
    if wrong := await at.once(key):
        return await _time_off(at, person, asked, wrong)
    freed = await at.ask(DISPATCH, f"/instructors/{person}/absences", FreedSeen, body=body, key=key)
    if isinstance(freed, Wrong):
        return await _time_off(at, person, asked, freed)
    return RedirectResponse(
        f"/timetable?week={asked.starts[:10]}&done=registered&count={len(freed.freed)}", 303
    )


@router.post("/timetable/{person}/back")
@without_key
async def end_early(at: Desk, person: UUID, *, which: Annotated[int, Form(ge=0, le=1000)], key: Key,
                    ended: Moment = "") -> Response:  # fmt: skip
    """A time away ends at a moment; without one it was a mistake from the beginning."""
    found = await _own(at, person)
    times = ahead(found, await now(at.tx))
    if which >= len(times):
        return await _time_off(at, person, None, Wrong(at.text("off.gone"), 409))
    body: dict[str, Any] = {"away": times[which].model_dump(mode="json")}
    if ended:
        try:
            body["ended_at"] = datetime.fromisoformat(ended).replace(tzinfo=at.text.zone).isoformat()
        except ValueError:
            return await _time_off(at, person, None, Wrong(at.text("off.no_time"), 422))
    if wrong := await at.act(key, DISPATCH, f"/instructors/{person}/absences/end", body):
        return await _time_off(at, person, None, wrong)
    return RedirectResponse(f"/timetable?week={times[which].starts_at.date()}&done=ended", 303)


@router.post("/timetable/{person}/calendar")
@without_key
async def look_at_calendar(at: Desk, person: UUID, *, file: UploadFile) -> Response:
    """What a calendar file would take, give back, pass over and collide with; nothing is changed."""
    await _own(at, person)
    content = await file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return await _time_off(at, person, None, Wrong(at.text("off.too_large"), 422))
    ics = content.decode("utf-8", errors="replace")
    url = f"/instructors/{person}/calendars/{IMPORTED}/preview"
    seen = await at.ask(DISPATCH, url, CalendarSeen, body={"ics": ics})
    if isinstance(seen, Wrong):
        return await _time_off(at, person, None, seen)
    return await _time_off(at, person, None, calendar=seen, ics=ics)


@router.post("/timetable/{person}/calendar/take")
@without_key
async def take_calendar(
    at: Desk, person: UUID, *, ics: Annotated[str, Form(max_length=400_000)], key: Key
) -> Response:
    """The calendar replaces what it said before; what does not go with it is asked of others."""
    await _own(at, person)
    url = f"/instructors/{person}/calendars/{IMPORTED}"
    if wrong := await at.act(key, DISPATCH, url, {"ics": ics}, method="PUT"):
        return await _time_off(at, person, None, wrong)
    return RedirectResponse("/timetable?done=calendar", 303)


async def week_asked(at: AtDesk, week: date | None) -> tuple[date, list[PersonWeek] | Missing]:
    """The monday of the week that is asked for, and everybody's week; or why there is nothing to show."""
    monday = monday_of(week or await today(at.tx))
    people = await at.read_list(DISPATCH, "/instructors", PersonSeen)
    if isinstance(people, str):
        return monday, people
    inside: list[OfferSeen] = []
    for state in ("open", "firm"):
        offers = await at.read_list(DISPATCH, offers_path(state, monday), OfferSeen)
        if isinstance(offers, str):
            return monday, offers  # without them everybody would look free
        inside += [each for each in offers if monday <= each.slot.day <= monday + timedelta(days=6)]
    return monday, week_of(people, inside, await told_beside(at, inside), monday)


async def _time_off(
    at: AtDesk, person: UUID, asked: Asked | None, wrong: Wrong | None = None, *,
    calendar: CalendarSeen | None = None, ics: str = "",
) -> Response:  # fmt: skip
    found = await _own(at, person)
    names, moment = await at.names(), await now(at.tx)
    touched: list[str] | None = None
    body = asked_of(asked, at.text.zone) if asked else None
    if asked and body is None:
        wrong = wrong or Wrong(at.text("off.no_time"), 422)
    if body is not None and wrong is None:
        url = f"/instructors/{person}/absences/preview"
        seen = await at.ask(DISPATCH, url, TouchesSeen, body=body)
        if isinstance(seen, Wrong):
            wrong = seen
        else:
            touched = touched_of(seen.touched, await told_beside(at, seen.touched))
    day = await today(at.tx)
    return await at.page(
        "time_off.html", wrong=wrong, person=found, touched=touched,
        reasons=[(c, at.text(f"rota.why.{c}")) for c in WHY],
        asked=asked or Asked(starts=f"{day}T08:00", ends=f"{day}T18:00"),
        places=[(c, names.division(c)) for c, row in names.programmes.divisions.items() if row.level == "county"],
        times=times_of(found, at.text, moment),
        calendar=calendar_told(calendar, names) if calendar else None, ics=ics,
    )  # fmt: skip


async def _own(at: AtDesk, person: UUID) -> PersonSeen:
    at.only("college")
    return await person_of(at, person)
