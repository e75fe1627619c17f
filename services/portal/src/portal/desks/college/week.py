"""A week of the people whom a college sends: our sessions, own lessons and times away. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from portal.desks.college.offers import Told, what_of
from portal.desks.college.seen import AwaySeen, OfferSeen, PersonSeen
from portal.web.names import Names

DAYS = 7
SHOWN = frozenset({"offered", "taken", "volunteered", "agreed", "firm"})
"""States of an offer that hold somebody's time."""


@dataclass(frozen=True)
class BlockView:
    """Something that takes time of a day."""

    hours: str
    what: str
    where: str
    kind: str
    """firm, asked, lesson, away: shown by words too."""
    state: str
    url: str


@dataclass(frozen=True)
class DayView:
    """A day of a person."""

    day: str
    blocks: tuple[BlockView, ...]


@dataclass(frozen=True)
class PersonWeek:
    """A person's week."""

    id: str
    name: str
    sessions: int
    most: int
    days: tuple[DayView, ...]
    free: bool
    """Nothing stands in the week."""


def monday_of(day: date) -> date:
    """The week's first day."""
    return day - timedelta(days=day.weekday())


def week_of(
    people: Iterable[PersonSeen], offers: Sequence[OfferSeen], told: Told, monday: date
) -> list[PersonWeek]:
    """Everybody who is sent, by name."""
    of: dict[UUID, list[OfferSeen]] = {}
    for offer in offers:
        if offer.person_id and offer.state in SHOWN:
            of.setdefault(offer.person_id, []).append(offer)
    return [
        _person(each, of.get(each.person_id, []), told, monday)
        for each in sorted(people, key=lambda each: each.name)
        if not each.retired
    ]


def _person(person: PersonSeen, offers: Sequence[OfferSeen], told: Told, monday: date) -> PersonWeek:
    days = []
    for n in range(DAYS):
        day = monday + timedelta(days=n)
        blocks = [(each.slot.starts_at, _session(each, told)) for each in offers if each.slot.day == day]
        blocks += [found for each in person.away if (found := _away(each, day, told.names))]
        days.append(
            DayView(told.names.text.day(day), tuple(b for _, b in sorted(blocks, key=lambda b: b[0])))
        )
    return PersonWeek(
        id=str(person.person_id),
        name=person.name,
        sessions=sum(monday <= each.slot.day < monday + timedelta(days=DAYS) for each in offers),
        most=person.most_sessions_week,
        days=tuple(days),
        free=not any(day.blocks for day in days),
    )


def _session(offer: OfferSeen, told: Told) -> BlockView:
    names, slot = told.names, offer.slot
    firm = offer.state == "firm"
    return BlockView(
        hours=f"{names.text.clock(slot.starts_at)}–{names.text.clock(slot.ends_at)}",
        what=what_of(offer, told),
        where=names.division(offer.division) if offer.division else names.text("offers.online"),
        kind="firm" if firm else "asked",
        state=names.text("rota.firm") if firm else names.text(f"offer_state.{offer.state}"),
        url=f"/orders/{offer.order_id}/story" if firm else f"/offers#of-{offer.assignment_id}",
    )


def _away(away: AwaySeen, day: date, names: Names) -> tuple[datetime, BlockView] | None:
    """The part of a time away that lies in the day."""
    text = names.text
    begins = datetime(day.year, day.month, day.day, tzinfo=text.zone)
    ends = begins + timedelta(days=1)
    starts, stops = max(away.starts_at, begins), min(away.ends_at, ends)
    if starts >= stops:
        return None
    whole = (starts, stops) == (begins, ends)
    hours = (
        text("rota.all_day")
        if whole
        else f"{text.clock(starts)}–{'24:00' if stops == ends else text.clock(stops)}"
    )
    lesson = away.division is not None
    return starts, BlockView(
        hours=hours,
        what=why_away(away, names),
        where=names.division(away.division) if away.division else "",
        kind="lesson" if lesson else "away",
        state=text("rota.calendar", name=away.calendar) if away.calendar else "",
        url="",
    )


def why_away(away: AwaySeen, names: Names) -> str:
    """Why somebody is away, in words."""
    return names.text.or_code("rota.why", away.reason)
