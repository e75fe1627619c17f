"""The offers of a college in words: by order with one deadline, each with its person, the week and the drive."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from portal.boards.cards import OrderCard
from portal.boards.sessions import SessionRow
from portal.desks.college.seen import BearingSeen, CouldComeSeen, OfferSeen
from portal.desks.union.shown import Clock
from portal.web.names import Names
from portal.web.text import Text

SOON = timedelta(hours=2)
"""What lapses within is amber, and told at the top."""
BEST = 3
"""So many who could come are offered with one tap; the others lie behind a line."""


@dataclass(frozen=True)
class RowView:
    """An offer, ready to be shown."""

    id: str
    day: str
    hours: str
    what: str
    role: str
    """Empty for a lead."""
    person: str
    week_of: str
    """Where the person's week is shown."""
    state: str
    """Empty for one that simply waits."""
    ready: bool
    """Can be accepted as it is, with others in one act."""
    other: str
    """How somebody else is sent: substitute, name, accept; empty where that cannot be."""
    week: int
    most_week: int
    drive: str
    tight: bool
    """The week is full with it."""


@dataclass(frozen=True)
class GroupView:
    """The offers of an order."""

    id: str
    number: str
    enterprise: str
    what: str
    place: str
    clock: Clock
    rows: tuple[RowView, ...]


@dataclass(frozen=True)
class PersonView:
    """Somebody who could come instead, or why not."""

    id: str
    name: str
    figures: str
    against: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """What is known beside the offers themselves."""

    names: Names
    cards: Mapping[UUID, OrderCard]
    sessions: Mapping[UUID, SessionRow]
    bearings: Mapping[UUID, BearingSeen]
    now: datetime


def groups_of(offers: Iterable[OfferSeen], told: Told) -> list[GroupView]:
    """By order, the nearest deadline first."""
    by_order: dict[UUID, list[OfferSeen]] = {}
    for offer in offers:
        by_order.setdefault(offer.order_id, []).append(offer)
    return [_group(each, told) for each in sorted(by_order.values(), key=_deadline)]


def accepted_at_once(offers: Sequence[OfferSeen], text: Text) -> str:
    """What one key accepts, before it is pressed, and how it is taken back; empty where there is nothing to accept."""
    if not offers:
        return ""
    days = [each.slot.day for each in offers]
    return text(
        "offers.accept_follows", count=len(offers), days=text.days(min(days), max(days)),
        orders=text("offers.of_orders", count=len({each.order_id for each in offers})),
    )  # fmt: skip


def lapsing(offers: Iterable[OfferSeen], now: datetime) -> list[datetime]:
    """The deadlines that end soon, the nearest first."""
    return sorted(each.until for each in offers if waits(each) and each.until - now < SOON)


def waits(offer: OfferSeen) -> bool:
    """Whether the college is waited for."""
    return offer.state in {"offered", "taken"}


def as_shown(offers: Iterable[OfferSeen]) -> str:
    """Short words for which offers stand in which state: other words, another list."""
    listed = sorted(f"{each.assignment_id} {each.state} {each.person_id}" for each in offers)
    return sha256("\n".join(listed).encode()).hexdigest()[:16]


def _deadline(offers: Sequence[OfferSeen]) -> tuple[datetime, str]:
    waiting = [each.until for each in offers if waits(each)] or [each.slot.starts_at for each in offers]
    return min(waiting), str(offers[0].order_id)


def _group(offers: Sequence[OfferSeen], told: Told) -> GroupView:
    names, first = told.names, offers[0]
    card = told.cards.get(first.order_id)
    session = told.sessions.get(first.session_id) if first.session_id else None
    divisions = dict.fromkeys(names.division(each.division) for each in offers if each.division)
    return GroupView(
        id=str(first.order_id),
        number=card.number if card else "",
        enterprise=names.organisation(first.enterprise_id, card.enterprise_name if card else None),
        what=f"{names.occupation(first.needs.occupation)} {names.level(session.level)}"
        if session
        else names.occupation(first.needs.occupation),
        place=names.text.listed(divisions) or names.text("offers.online"),
        clock=clock_to(_deadline(offers)[0], names, told.now),
        rows=tuple(_row(each, told) for each in sorted(offers, key=lambda each: each.slot.starts_at)),
    )


def clock_to(until: datetime, names: Names, now: datetime) -> Clock:
    """How long is left."""
    left, text = until - now, names.text
    if left < timedelta():
        return Clock("over", text("clock.over", time=text.lasts(left)), "alarm")
    return Clock("soon" if left < SOON else "left", text("clock.left", time=text.lasts(left)), "clock")


def _row(offer: OfferSeen, told: Told) -> RowView:
    names, text = told.names, told.names.text
    bearing = told.bearings.get(offer.assignment_id)
    slot = offer.slot
    return RowView(
        id=str(offer.assignment_id),
        day=text.day(slot.day),
        hours=f"{text.clock(slot.starts_at)}–{text.clock(slot.ends_at)}",
        what=what_of(offer, told),
        role="" if offer.role == "lead" else text(f"role.{offer.role}"),
        person=names.person(offer.person_id) if offer.person_id else "",
        week_of=f"/timetable?week={slot.day}#w-{offer.person_id}" if offer.person_id else "",
        state=_state(offer, names),
        ready=offer.ready(told.now),
        other=_other(offer),
        week=bearing.week if bearing else 0,
        most_week=bearing.most_week if bearing else 0,
        drive=_drive(bearing.minutes, names) if bearing else "",
        tight=bearing is not None and bearing.week >= bearing.most_week,
    )


def what_of(offer: OfferSeen, told: Told) -> str:
    """What is taught, or that it is an examination."""
    session = told.sessions.get(offer.session_id) if offer.session_id else None
    if session is not None and session.unit:
        return told.names.unit(session.unit)
    return told.names.text("offers.exam" if offer.batch_id else "offers.session")


def _state(offer: OfferSeen, names: Names) -> str:
    if offer.state == "offered":
        return names.text("offers.open_call") if offer.open_call else ""
    if offer.state == "taken" and offer.name_by:
        return names.text("offers.name_by", time=names.text.moment(offer.name_by))
    if offer.state == "firm":
        return ""
    return names.text(f"offer_state.{offer.state}")


def _other(offer: OfferSeen) -> str:
    if offer.state == "taken":
        return "name"
    if offer.state == "offered" and offer.open_call:
        return "accept"
    if offer.state == "firm" or (offer.state == "offered" and offer.linked is None):
        return "substitute"
    return ""


def _drive(minutes: int, names: Names) -> str:
    return names.text("offers.drive", minutes=minutes) if minutes else names.text("offers.no_drive")


def people_of(people: Iterable[CouldComeSeen], names: Names) -> tuple[list[PersonView], list[PersonView]]:
    """Those who could come, the best first; and the others with every rule against them."""
    can, cannot = list[PersonView](), list[PersonView]()
    for each in people:
        figures = names.text("offers.figures", week=each.week, most=each.most_week,
                             drive=_drive(each.minutes, names))  # fmt: skip
        against = tuple(names.reason(reason.code, reason.figures) for reason in each.against)
        shown = PersonView(str(each.person_id), names.person(each.person_id), figures, against)
        (can if each.place else cannot).append(shown)
    return can, cannot
