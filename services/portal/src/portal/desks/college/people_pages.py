"""The people whom a college sends: listed, added, changed, a qualification renewed, retired; as an Excel file too."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from portal.desks.asking import DISPATCH, missing
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.college.form import PersonForm, Typed, choices, differing, form_of
from portal.desks.college.people import rows_of
from portal.desks.college.seen import LoadsSeen, PersonSeen
from portal.web.sheets import Sheet, excel
from portal.web.viewer import NotForYou
from servicekit.clock import today
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
COLUMNS = (
    "name", "home", "occupation", "level", "assessor", "until", "most_day", "most_week", "fair_load", "avoids",
)  # fmt: skip
Bands = Annotated[list[str], Form(max_length=40)]


@router.get("/instructors")
async def show_people(at: Desk, done: str = "") -> Response:
    """The list, with what each may teach and until when, where, and how much they have this year."""
    at.only("college")
    found = await at.read_list(DISPATCH, "/instructors", PersonSeen)
    day = await today(at.tx)
    loads = await at.read(DISPATCH, f"/load?from={day.year}-01-01&to={day.year}-12-31", LoadsSeen)
    of = {} if isinstance(loads, str) else {each.person_id: each for each in loads.people}
    return await at.page(
        "college_people.html", missing=missing(found, at.text) if isinstance(found, str) else "",
        rows=[] if isinstance(found, str) else rows_of(found, of, await at.names(), day),
        said=at.text(f"instructors.done.{done}") if at.text.has(f"instructors.done.{done}") else "", year=day.year,
    )  # fmt: skip


@router.get("/instructors.xlsx")
async def people_sheet(at: Desk) -> Response:
    """A row for every qualification, with codes where a sheet that is read in has codes."""
    at.only("college")
    found = await at.read_list(DISPATCH, "/instructors", PersonSeen)
    if isinstance(found, str):
        raise NotForYou("error.away")
    rows = [
        (each.name, each.home, held.occupation, held.level, int(held.assessor), held.valid_until,
         each.most_sessions_day, each.most_sessions_week, each.fair_load, " ".join(each.avoids))
        for each in sorted(found, key=lambda each: each.name) if not each.retired
        for held in each.qualifications
    ]  # fmt: skip
    titles = [at.text(f"instructors.column.{one}") for one in COLUMNS]
    return excel([Sheet(at.text("instructors.title"), titles, rows)], at.text("instructors.title"))


@router.get("/instructors/new")
async def show_new(at: Desk) -> Response:
    """The form for somebody who is not sent yet."""
    at.only("college")
    return await _form(at, None, Typed())


@router.get("/instructors/{person}")
async def show_person(at: Desk, person: UUID, done: str = "") -> Response:
    """Somebody's form: what they may teach, how much, what they wish; and retirement."""
    found = await _person(at, person)
    return await _form(at, found, form_of(found), said=at.text("instructors.done.changed") if done else "")


@router.post("/instructors/new")
@without_key  # the form has a one-time key of its own
async def add_person(at: Desk, form: PersonForm) -> Response:
    """Somebody new is sent from now on."""
    at.only("college")
    told = form.body() | {"college_id": at.organisation}
    if wrong := await at.act(form.key, DISPATCH, "/instructors", told):
        return await _form(at, None, form, wrong)
    return RedirectResponse("/instructors?done=added", 303)


@router.post("/instructors/{person}")
@without_key
async def change_person(at: Desk, person: UUID, form: PersonForm) -> Response:
    """Something is different, or a qualification is renewed; what is promised stays promised."""
    found = await _person(at, person)
    told = form.body() | {"avoids": found.avoids}
    way = f"/instructors/{person}"
    if wrong := await at.act(form.key, DISPATCH, way, told, method="PUT", if_match=form.seen):
        return await _form(at, await _person(at, person), form, wrong)
    return RedirectResponse(f"/instructors/{person}?done=changed", 303)


@router.post("/instructors/{person}/wishes")
@without_key
async def wish(
    at: Desk, person: UUID, *, key: Key, avoids: Bands = [], towns: Bands = [],  # noqa: B006  read only
    evenings: Annotated[str, Form(max_length=2)] = "", seen: Annotated[int | None, Form(ge=1)] = None,
) -> Response:  # fmt: skip
    """What the person wishes; it bars nobody."""
    found = await _person(at, person)
    told: dict[str, Any] = {
        "avoids": avoids,
        "prefers_divisions": towns,
        "prefers_units": found.prefers_units,
    }
    if evenings.isdigit():
        told["most_evenings_week"] = int(evenings)
    way = f"/instructors/{person}/wishes"
    if wrong := await at.act(key, DISPATCH, way, told, method="PUT", if_match=seen):
        return await _form(at, found, form_of(found), wrong)
    return RedirectResponse(f"/instructors/{person}?done=changed", 303)


@router.post("/instructors/{person}/retire")
@without_key
async def retire(at: Desk, person: UUID, *, key: Key) -> Response:
    """The person is no longer sent; what was promised goes to others."""
    found = await _person(at, person)
    if wrong := await at.act(key, DISPATCH, f"/instructors/{person}/retire"):
        return await _form(at, found, form_of(found), wrong)
    return RedirectResponse("/instructors?done=retired", 303)


async def _person(at: AtDesk, person: UUID) -> PersonSeen:
    at.only("college")
    return await person_of(at, person)


async def person_of(at: AtDesk, person: UUID) -> PersonSeen:
    """Somebody of the viewer's own, or an answer that says why there is nothing to show."""
    found = await at.read_list(DISPATCH, "/instructors", PersonSeen)
    if isinstance(found, str):
        raise NotForYou("error.away")
    for each in found:
        if each.person_id == person:
            return each
    raise NotForYou("error.not_found")


async def _form(
    at: AtDesk, person: PersonSeen | None, form: Typed, wrong: Wrong | None = None, *, said: str = ""
) -> Response:
    """Typed for an older version than is saved now, the page says first what differs: the next press writes it over."""
    day: date = await today(at.tx)
    names = await at.names()
    old = person is not None and form.seen is not None and form.seen != person.version
    return await at.page(
        "person.html", wrong=wrong, said=said, person=person, form=form, lines=form.shown(),
        choices=choices(names), today=day.isoformat(),
        meanwhile=differing(person, form, names) if person and old else [],
    )  # fmt: skip
