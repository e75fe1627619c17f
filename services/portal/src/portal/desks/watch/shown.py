"""Open offers of all colleges, and sessions that nobody can come to, in words. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel

from contracts.values import Slot
from portal.boards.cards import OrderCard
from portal.boards.offers import FIRM, OfferRow
from portal.boards.sessions import SessionRow
from portal.boards.story import Told as Fact
from portal.desks.college.offers import Told, clock_to, waits, what_of
from portal.desks.college.seen import OfferSeen
from portal.desks.signed import ReasonSeen
from portal.desks.union.shown import Clock
from portal.scope import HOLDS
from portal.web.names import Names

UNSTAFFABLE = "session.unstaffable.v1"
NOBODY = frozenset({"unstaffable", "unplaced"})


class StandingSeen(BaseModel):
    """Somebody and a session."""

    person_id: UUID
    college_id: str
    place: int
    """0 = cannot come."""
    against: list[ReasonSeen] = []
    behind: list[ReasonSeen] = []
    """What differs from the first."""


class SessionPeopleSeen(BaseModel):
    """Everybody and a session, the best first."""

    session_id: UUID
    slot: Slot
    free: int
    people: list[StandingSeen]


@dataclass(frozen=True)
class OfferView:
    """An offer that waits, ready to be shown."""

    id: str
    session: str
    """Empty for an examination."""
    url: str
    number: str
    when: str
    what: str
    place: str
    college: str
    person: str
    load: str
    state: str
    clock: Clock | None


@dataclass(frozen=True)
class GapView:
    """A session that nobody can come to as it stands."""

    url: str
    number: str
    when: str
    what: str
    state: str
    unlocks: tuple[str, ...]


@dataclass(frozen=True)
class OutcomeView:
    """A session of somebody who fell ill, and what became of it."""

    when: str
    what: str
    url: str
    said: str
    kind: str


def offers_of(offers: Iterable[OfferSeen], told: Told) -> list[OfferView]:
    """The nearest deadline first; what waits for nobody's answer comes last."""
    ordered = sorted(offers, key=lambda each: (not waits(each), each.until, str(each.assignment_id)))
    return [_offer(each, told) for each in ordered]


def _offer(offer: OfferSeen, told: Told) -> OfferView:
    names, text = told.names, told.names.text
    card, bearing = told.cards.get(offer.order_id), told.bearings.get(offer.assignment_id)
    enterprise = names.organisation(offer.enterprise_id, card.enterprise_name if card else None)
    return OfferView(
        id=str(offer.assignment_id),
        session=str(offer.session_id) if offer.session_id and offer.role == "lead" else "",
        url=f"/orders/{offer.order_id}/story",
        number=card.number if card else "",
        when=text.span(offer.slot.starts_at, offer.slot.ends_at),
        what=what_of(offer, told),
        place=f"{enterprise} · {names.division(offer.division) if offer.division else text('offers.online')}",
        college=names.organisation(offer.college_id),
        person=names.person(offer.person_id) if offer.person_id else text("watch.anybody"),
        load=text("watch.load", week=bearing.week, most=bearing.most_week, minutes=bearing.minutes)
        if bearing
        else "",
        state=text(f"offer_state.{offer.state}"),
        clock=clock_to(offer.until, names, told.now) if waits(offer) else None,
    )


def next_of(people: SessionPeopleSeen, asked: UUID | None, names: Names) -> str:
    """Who is asked next if nothing is answered, as things stand."""
    others = [each for each in people.people if each.place and each.person_id != asked]
    if not others:
        return names.text("watch.next_nobody")
    first = others[0]
    return names.text("watch.next", person=names.person(first.person_id),
                      college=names.organisation(first.college_id), count=len(others))  # fmt: skip


def gaps_of(
    sessions: Iterable[SessionRow],
    cards: Mapping[UUID, OrderCard],
    facts: Sequence[Fact],
    names: Names,
) -> list[GapView]:
    """Sessions without anybody, with the single changes that would each bring somebody."""
    told = {str(fact.data.get("session_id")): fact for fact in facts}  # the last of each session
    return [
        GapView(
            url=f"/orders/{each.order_id}/scheme/by-hand",
            number=cards[each.order_id].number,
            when=names.text.span(each.starts_at, each.ends_at) if each.starts_at and each.ends_at else "—",
            what=names.unit(each.unit),
            state=names.state(each.state),
            unlocks=_unlocks(told.get(str(each.session_id)), names),
        )
        for each in sessions
        if each.state in NOBODY and each.order_id in cards
    ]


def _unlocks(told: Fact | None, names: Names) -> tuple[str, ...]:
    found = told.data.get("unlocks", ()) if told else ()
    return tuple(names.reason(each["code"], each.get("figures", {})) for each in found)


def people_in(facts: Iterable[Fact]) -> set[UUID]:
    """Whom unlocks name."""
    return {
        UUID(str(person))
        for fact in facts
        for unlock in fact.data.get("unlocks", ())
        if (person := unlock.get("figures", {}).get("person"))
    }


def outcomes_of(
    freed: Sequence[UUID], offers: Sequence[OfferRow], sessions: Mapping[UUID, SessionRow], names: Names
) -> list[OutcomeView]:
    """Of each assignment that was freed: who comes now, who is asked, or that nobody can."""
    of = {each.assignment_id: each for each in offers}
    found = []
    for each in freed:
        row = of.get(each)
        session = sessions.get(row.session_id) if row and row.session_id else None
        if row is None:
            continue
        now = [o for o in offers if _same(o, row) and o.assignment_id not in freed and o.state in HOLDS]
        found.append(_outcome(row, session, now, names))
    return sorted(found, key=lambda each: each.when)


def _same(one: OfferRow, other: OfferRow) -> bool:
    return (one.session_id, one.batch_id, one.role) == (other.session_id, other.batch_id, other.role)


def _outcome(row: OfferRow, session: SessionRow | None, now: Sequence[OfferRow], names: Names) -> OutcomeView:
    text = names.text
    kind, said = "amber", text("watch.sought")
    if now:
        firm = [each for each in now if each.state in FIRM]
        one = (firm or now)[0]
        figures = {"person": names.person(one.person_id) if one.person_id else text("watch.anybody"),
                   "college": names.organisation(one.college_id)}  # fmt: skip
        kind = "green" if firm else "blue"
        said = text("watch.comes" if firm else "watch.asked", **figures)
    elif session is not None and session.state in NOBODY:
        kind, said = "red", text("watch.nobody")
    when = (
        text.span(session.starts_at, session.ends_at)
        if session and session.starts_at and session.ends_at
        else "—"
    )
    what = names.unit(session.unit) if session else text("offers.exam")
    return OutcomeView(when, what, f"/orders/{row.order_id}/story", said, kind)
