"""Changes of a scheme by hand on the union's desk: scheduling says what they break, and does them."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import httpx
from pydantic import ValidationError

from contracts.programme import Programmes
from portal.boards.cards import OrderCard
from portal.desks.asking import missing, told
from portal.desks.signed import OWNER, SessionSeen, read_as
from portal.desks.union.asked import WhyThenSeen
from portal.desks.union.changed import (
    BreakSeen,
    DifferencesSeen,
    DifferingSeen,
    HandSeen,
    HandSession,
    LineSeen,
    LookedSeen,
    StepSeen,
)
from portal.desks.union.free_days import FreeDays, free_days
from portal.desks.union.planned import person_hours, yuan
from portal.desks.union.stands import OPEN, StandingSeen, TimetableSeen, as_they_stand, can_undo
from portal.desks.union.undecided import Undecided, in_words, undecided
from portal.desks.union.week import hours_of
from portal.known import known
from portal.scope import Scope
from portal.web.names import Names, names_for
from portal.web.text import Text
from servicekit.db import Tx

Asked = Mapping[str, Any]
"""A change, as scheduling takes it."""


@dataclass(frozen=True)
class RowView:
    """A session with what can be done to it."""

    id: str
    name: str
    when: str
    unit: str
    person: str
    pinned: bool
    change: str
    """Pinning it, or letting it go, as scheduling takes it."""
    stuck: str = ""
    """What somebody must decide about it, in short; empty = it goes on by itself."""
    why: str = ""


@dataclass(frozen=True)
class OtherWay:
    """A repair: what it does, in words, and as scheduling takes it."""

    steps: tuple[str, ...]
    points: str
    changes: str


@dataclass(frozen=True)
class LookedView:
    """What was looked at."""

    steps: tuple[str, ...]
    breaks: tuple[str, ...]
    follows: tuple[str, ...]
    changes: str
    """To be done, where it breaks nothing and anything is different."""
    repairs: tuple[OtherWay, ...]


@dataclass(frozen=True)
class HandPage:
    """All that the page shows. `missing` = why there is nothing to show."""

    missing: str = ""
    version: int = 0
    row_version: int = 0
    """Of the scheme as it is shown: a change is made for this one only."""
    open: bool = False
    undo: bool = False
    rows: tuple[RowView, ...] = ()
    """What waits for a hand comes first."""
    stuck: int = 0
    sessions: tuple[tuple[str, str], ...] = ()
    """What can be chosen, as scheduling names it and in words; likewise cohorts, units, bands."""
    cohorts: tuple[tuple[str, str], ...] = ()
    units: tuple[tuple[str, str], ...] = ()
    bands: tuple[tuple[str, str], ...] = ()
    looked: LookedView | None = None
    free: FreeDays | None = None
    """When the session that was chosen could be held instead."""
    differences: tuple[tuple[str, str], ...] = ()
    """What is another than in the version before: where and in what, and from what to what."""
    clauses: str = ""


async def hand_page(
    tx: Tx, text: Text, scope: Scope, card: OrderCard, token: str | None, asked: Asked | None, of: UUID | None
) -> tuple[HandPage, str]:
    """The lines with what can be done to them, what was asked about, and what differs from the version before;
    when `of` could be held instead.

    Also why it cannot be asked, in words.
    """
    order = card.order_id
    if token is None:
        return HandPage(missing=missing("away", text)), ""
    seen = await read_as(tx, token, f"/orders/{order}/scheme", HandSeen)
    if not isinstance(seen, HandSeen):
        return HandPage(missing=missing(seen, text)), ""
    standing: list[StandingSeen] = []
    if seen.state == "confirmed":
        stands = await read_as(tx, token, f"/sessions?order_id={order}", TimetableSeen)
        if isinstance(stands, TimetableSeen):
            standing = stands.root
            seen = seen.model_copy(update={"sessions": as_they_stand(seen.sessions, standing)})
    stuck = undecided(seen.sessions, card.sessions, standing)
    first = {session: place for place, session in enumerate(stuck)}
    rows = sorted(seen.sessions, key=lambda one: first.get(one.session_id, len(first)))
    seen = seen.model_copy(update={"sessions": rows})
    before = f"/orders/{order}/schemes/{seen.version - 1}/differences/{seen.version}"
    then = f"/orders/{order}/scheme/sessions/{of}/why-then"
    (looked, wrong), differences, slots = await asyncio.gather(  # all at once: none touches `tx`
        _look(tx, token, order, asked, text),
        read_as(tx, token, before, DifferencesSeen) if seen.version > 1 else _none(),
        read_as(tx, token, then, WhyThenSeen) if of else _none(),
    )
    differing = differences if isinstance(differences, DifferencesSeen) else None
    names = await names_for(tx, text, scope, set(_people(seen, looked, differing)))
    shown = _shown(seen, stuck, looked, asked, differing, names, order)
    chosen = next((one for one in seen.sessions if one.session_id == of), None)
    if chosen is not None and isinstance(slots, WhyThenSeen):
        name = f"{_name(chosen.cohort, chosen.position, text)} · {_when(chosen.day, chosen.band, names)}"
        own = (chosen.day, chosen.band)
        shown = replace(shown, free=free_days(chosen.session_id, name, slots.slots, own, names))
    elif of is not None and not wrong:  # in no version, or no more: its own sentence, the page is there
        wrong = missing(slots, text) if isinstance(slots, str) and slots != "none" else text("hand.no_such")
    return shown, wrong


async def look_at(
    tx: Tx,
    text: Text,
    scope: Scope,
    order: UUID,
    token: str | None,
    sessions: Iterable[SessionSeen],
    asked: Asked,
) -> tuple[LookedView | None, str]:
    """What a change of these sessions would mean; or why it cannot be asked, in words."""
    if token is None:
        return None, missing("away", text)
    looked, wrong = await _look(tx, token, order, asked, text)
    if looked is None:
        return None, wrong
    people = {id_ for one in sessions if (id_ := one.person_id)} | set(_people_looked(looked))
    return _looked(looked, asked, await names_for(tx, text, scope, people), order), ""


def asked_for(form: Mapping[str, str]) -> Asked | None:
    """The change that a form asks about; nothing when none was chosen."""
    if not form.get("do"):
        return None
    names = ("do", "session_id", "other_id", "cohort_id", "unit", "day", "band")
    return {name: form[name] for name in names if form.get(name)}


async def _none() -> None:
    return None


async def _look(
    tx: Tx, token: str, order: UUID, asked: Asked | None, text: Text
) -> tuple[LookedSeen | None, str]:
    if asked is None:
        return None, ""
    path = f"/orders/{order}/scheme/changes/look"
    try:
        answer = await known(tx).neighbours.act(OWNER, path, token, key="look", body={"changes": [asked]})
        return LookedSeen.model_validate_json(answer.content), ""
    except httpx.HTTPStatusError as refused:
        return None, told(refused.response, text)
    except (LookupError, httpx.HTTPError, ValidationError):
        return None, missing("away", text)


def _people(seen: HandSeen, looked: LookedSeen | None, differing: DifferencesSeen | None) -> Iterable[UUID]:
    lines = [side for each in (differing.sessions if differing else []) for side in (each.one, each.other)]
    people = [*(one.person_id for one in seen.sessions), *(line.person_id for line in lines if line)]
    return (*(id_ for id_ in people if id_), *(_people_looked(looked) if looked else ()))


def _people_looked(looked: LookedSeen) -> Iterable[UUID]:
    steps = [*looked.sessions, *(step for repair in looked.repairs for step in repair.sessions)]
    lines = [side for step in steps for side in (step.before, step.after)]
    return (line.person_id for line in lines if line and line.person_id)


def _shown(
    seen: HandSeen,
    stuck: Undecided,
    looked: LookedSeen | None,
    asked: Asked | None,
    differing: DifferencesSeen | None,
    names: Names,
    order: UUID,
) -> HandPage:
    text, programmes = names.text, names.programmes
    return HandPage(
        version=seen.version,
        row_version=seen.row_version,
        open=seen.state in OPEN,
        undo=can_undo(seen.state, seen.version),
        rows=tuple(_row(one, stuck, names) for one in seen.sessions),
        stuck=len(stuck),
        sessions=tuple(
            (
                str(one.session_id),
                f"{_name(one.cohort, one.position, text)} · {_when(one.day, one.band, names)}",
            )
            for one in seen.sessions
        ),
        cohorts=tuple((str(c.cohort_id), text("then.cohort", letter=c.letter)) for c in seen.cohorts),
        units=tuple(
            (code, names.unit(code)) for code in units_of((one.unit for one in seen.sessions), programmes)
        ),
        bands=tuple((code, f"{names.band(code)} {hours_of(code, names)}") for code in programmes.bands),
        looked=_looked(looked, asked, names, order) if looked and asked else None,
        differences=tuple(
            (_where(each, each.ways, text), _step(each.one, each.other, names))
            for each in (differing.sessions if differing else ())
        ),
        clauses=_clauses(differing.clauses, text, some="hand.clauses_differ", none="hand.no_clause_differs")
        if differing
        else "",
    )


def units_of(taught: Iterable[str], programmes: Programmes) -> tuple[str, ...]:
    """The units that could be taught in their place: those of the same trades and levels, by code."""
    units = programmes.units
    own = {(units[code].occupation, units[code].level) for code in taught if code in units}
    return tuple(code for code, unit in sorted(units.items()) if (unit.occupation, unit.level) in own)


def _row(one: HandSession, stuck: Undecided, names: Names) -> RowView:
    word, why = in_words(*stuck[one.session_id], names) if one.session_id in stuck else ("", "")
    change = [{"do": "unpin" if one.pinned else "pin", "session_id": str(one.session_id)}]
    return RowView(
        id=str(one.session_id),
        name=_name(one.cohort, one.position, names.text),
        when=_when(one.day, one.band, names),
        unit=names.unit(one.unit),
        person=names.person(one.person_id),
        pinned=one.pinned,
        change=json.dumps(change),
        stuck=word,
        why=why,
    )


def _looked(looked: LookedSeen, asked: Asked, names: Names, order: UUID) -> LookedView:
    text, follows = names.text, looked.follows
    told = [
        text(f"hand.effect.{follows.effect}"),
        text("hand.points", points=follows.points),
        text("hand.cost", cost=yuan(follows.cost)),
        text("hand.release", hours=person_hours(follows.release_minutes)),
        _clauses(follows.clauses, text, some="hand.clauses", none="hand.no_clause"),
    ]
    if follows.offers or follows.promises:
        told.append(text("hand.offers", offers=follows.offers, promises=follows.promises))
    return LookedView(
        steps=_steps(looked.sessions, names),
        breaks=tuple(_broken(each, names, order) for each in looked.breaks),
        follows=tuple(told),
        changes="" if looked.breaks or not looked.sessions else json.dumps([asked]),
        repairs=tuple(
            OtherWay(
                _steps(each.sessions, names),
                text("hand.points", points=each.points),
                json.dumps(each.changes),
            )
            for each in looked.repairs
        ),
    )


def _broken(each: BreakSeen, names: Names, order: UUID) -> str:
    text = names.text
    others = [
        text(
            "hand.other" if other.order_id == order else "hand.other_order",
            name=_name(other.cohort, other.position, text),
            when=_when(other.day, other.band, names),
        )
        for other in each.others
    ]
    return text.joined([names.reason(each.reason.code, each.reason.figures), *others])


def _steps(steps: Iterable[StepSeen], names: Names) -> tuple[str, ...]:
    return tuple(
        names.text.about(_name(step.cohort, step.position, names.text), _step(step.before, step.after, names))
        for step in steps
    )


def _step(before: LineSeen | None, after: LineSeen | None, names: Names) -> str:
    return f"{_line(before, names)} → {_line(after, names)}"


def _line(line: LineSeen | None, names: Names) -> str:
    if line is None:
        return names.text("hand.none")
    words = [_when(line.day, line.band, names), names.unit(line.unit), names.person(line.person_id)]
    return " · ".join([*words, *([names.text("hand.pinned")] if line.pinned else [])])


def _where(each: DifferingSeen, ways: Iterable[str], text: Text) -> str:
    named = _name(each.cohort, each.position, text)
    return text.about(named, text.listed(text(f"hand.way.{way}") for way in ways))


def _clauses(clauses: Iterable[str], text: Text, *, some: str, none: str) -> str:
    named = text.listed(text(f"hand.clause.{clause}") for clause in clauses)
    return text(some, clauses=named) if named else text(none)


def _name(cohort: str, position: int, text: Text) -> str:
    return text("hand.session", cohort=cohort, position=position)


def _when(day: date | None, band: str | None, names: Names) -> str:
    return f"{names.text.day(day)} {names.band(band or '')}" if day else names.text("session_state.unplaced")
