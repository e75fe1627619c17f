"""One line of a scheme, asked about: why so, why not otherwise, what would help. Scheduling answers all of it."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from pydantic import BaseModel

from portal.desks.asking import Missing
from portal.desks.signed import ReasonSeen, read_as
from portal.desks.union.everybody import GroupView, RowView, grouped
from portal.scope import Scope
from portal.web.names import Names, names_for
from portal.web.text import Text
from servicekit.db import Tx


class StandingSeen(BaseModel):
    """Somebody and the session."""

    person_id: UUID
    can_come: bool
    against: list[ReasonSeen]
    beside: list[ReasonSeen]


class ChoiceSeen(BaseModel):
    """Whoever is proposed beside the others."""

    day: date
    band: str
    person_id: UUID | None
    qualified: int
    free: int
    next: list[StandingSeen]
    barred: list[ReasonSeen]


class KeptSeen(BaseModel):
    """The choice as it was when it was made."""

    made_on: date
    choice: ChoiceSeen


class WhySeen(BaseModel):
    """Why it stands so."""

    reasons: list[ReasonSeen]
    kept: KeptSeen | None
    lost: ReasonSeen | None
    as_of: date
    today: ChoiceSeen | None


class PeopleSeen(BaseModel):
    """Everybody at one time."""

    day: date
    band: str
    people: list[StandingSeen]


class ThenSeen(BaseModel):
    """A slot."""

    day: date
    band: str
    free: int
    against: list[ReasonSeen]


class WhyThenSeen(BaseModel):
    """The slots between the sessions before and after it."""

    slots: list[ThenSeen]


class LineSeen(BaseModel):
    """Where it would be held."""

    day: date
    band: str
    person_id: UUID | None


class UnlockSeen(BaseModel):
    """What would have to be granted, and what it gives."""

    grants: list[ReasonSeen]
    lines: list[LineSeen]
    changes: int


class UnlocksSeen(BaseModel):
    """What helps, and what was tried."""

    unlocks: list[UnlockSeen]
    tried: list[ReasonSeen]


@dataclass(frozen=True)
class Wish:
    """Which other time was asked about; nothing = its own."""

    day: date | None = None
    band: str | None = None
    whom: str = ""
    """Words of a name or a rule; only these people are shown."""

    def query(self) -> str:
        """As scheduling is asked."""
        given = {"day": self.day.isoformat() if self.day else None, "band": self.band}
        return urlencode({name: value for name, value in given.items() if value})


@dataclass(frozen=True)
class ChoiceView:
    """A choice in words."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class AskedPage:
    """All that the page shows. `missing` = why there is nothing to show."""

    missing: str = ""
    reasons: tuple[str, ...] = ()
    choices: tuple[ChoiceView, ...] = ()
    lost: str = ""
    people: tuple[GroupView, ...] = ()
    slots: tuple[RowView, ...] = ()
    helps: tuple[RowView, ...] = ()
    tried: tuple[str, ...] = ()
    bands: tuple[tuple[str, str], ...] = ()
    at: RowView | None = None
    """The time that was asked about, and every rule about time and place against it."""
    when: str = ""
    """Which time the people are of; nothing when it has none and none was asked about."""
    past: bool = False
    """Its day has gone by: only why it stood so is told."""


async def asked_page(
    tx: Tx, text: Text, scope: Scope, order: UUID, session: UUID, wish: Wish, *, token: str | None, past: bool
) -> AskedPage:
    """What scheduling answers about one session, at its own time or at the one that is asked about.

    Of one whose day has gone by nobody is sent any more, and no other time is sought.
    """
    if token is None:
        return AskedPage(missing=text("plan.missing_away"))
    path, query = f"/orders/{order}/scheme/sessions/{session}", wish.query()
    if past:
        return await _of_the_past(tx, text, scope, path, token)
    why, people, at, then, unlocks = await asyncio.gather(  # all at once: none touches `tx`
        read_as(tx, token, f"{path}/why", WhySeen),
        read_as(tx, token, f"{path}/people?{query}", PeopleSeen),
        read_as(tx, token, f"{path}/why-then?{query}", WhyThenSeen) if query else asyncio.sleep(0),
        read_as(tx, token, f"{path}/why-then", WhyThenSeen),
        read_as(tx, token, f"{path}/unlocks?{query}", UnlocksSeen),
    )
    if isinstance(why, str) or isinstance(then, str) or isinstance(unlocks, str) or at == "away":
        missing: Missing = next((one for one in (why, then, unlocks) if isinstance(one, str)), "away")
        return AskedPage(missing=text(f"plan.missing_{missing}"))
    everybody = (
        people if isinstance(people, PeopleSeen) else None
    )  # of a session without a time nobody is asked
    names = await names_for(tx, text, scope, _people(why, everybody, unlocks))
    return AskedPage(
        reasons=_said(why.reasons, names),
        choices=tuple(_choices(why, names)),
        lost=" ".join(_said([why.lost], names)) if why.lost else "",
        people=grouped((_person(one, why, names) for one in everybody.people), names, wish.whom)
        if everybody
        else (),
        slots=tuple(_slot(one, names) for one in then.slots),
        helps=tuple(_helps(one, names) for one in unlocks.unlocks),
        tried=_said(unlocks.tried, names),
        bands=tuple((code, names.band(code)) for code in names.programmes.bands),
        at=_slot(at.slots[0], names) if isinstance(at, WhyThenSeen) else None,
        when=_when(everybody, names) if everybody else "",
    )


async def _of_the_past(tx: Tx, text: Text, scope: Scope, path: str, token: str) -> AskedPage:
    why = await read_as(tx, token, f"{path}/why", WhySeen)
    if isinstance(why, str):
        return AskedPage(missing=text(f"plan.missing_{why}"))
    then = why.model_copy(update={"today": None})
    names = await names_for(tx, text, scope, _people(then, None, UnlocksSeen(unlocks=[], tried=[])))
    return AskedPage(reasons=_said(then.reasons, names), choices=tuple(_choices(then, names)), past=True)


def _people(why: WhySeen, everybody: PeopleSeen | None, unlocks: UnlocksSeen) -> set[UUID]:
    choices = [choice for choice in (why.kept.choice if why.kept else None, why.today) if choice]
    found = {choice.person_id for choice in choices}
    found |= {one.person_id for choice in choices for one in choice.next}
    found |= {one.person_id for one in everybody.people} if everybody else set()
    found |= {line.person_id for unlock in unlocks.unlocks for line in unlock.lines}
    named = (str(reason.figures.get("person", "")) for unlock in unlocks.unlocks for reason in unlock.grants)
    return {one for one in found if one} | {UUID(one) for one in named if one}


def _choices(why: WhySeen, names: Names) -> Iterable[ChoiceView]:
    text = names.text
    if why.kept:
        yield _choice(text("asked.kept", day=text.day(why.kept.made_on)), why.kept.choice, names)
    if why.today:
        yield _choice(text("asked.today", day=text.day(why.as_of)), why.today, names)


def _choice(title: str, choice: ChoiceSeen, names: Names) -> ChoiceView:
    text = names.text
    lines = [
        f"{_when(choice, names)} · {names.person(choice.person_id)}",
        text("asked.counts", qualified=choice.qualified, free=choice.free),
        *(
            text.about(names.person(one.person_id), text.joined(_said(one.beside, names)))
            for one in choice.next
        ),
        *_said(choice.barred, names),
    ]
    return ChoiceView(title, tuple(lines))


def _person(one: StandingSeen, why: WhySeen, names: Names) -> tuple[str, RowView]:
    said = _said(one.beside if one.can_come else one.against, names)
    proposed = why.today is not None and one.person_id == why.today.person_id
    whose = names.text("asked.chosen" if proposed else "asked.first")
    first = "" if one.can_come else one.against[0].code
    return first, RowView(names.person(one.person_id), said or (whose,), one.can_come)


def _slot(one: ThenSeen, names: Names) -> RowView:
    said = _said(one.against, names) or (names.text("asked.open", free=one.free),)
    return RowView(_when(one, names), said, not one.against)


def _helps(one: UnlockSeen, names: Names) -> RowView:
    text = names.text
    lines = tuple(f"{_when(line, names)} · {names.person(line.person_id)}" for line in one.lines)
    points = (text("asked.points", points=one.changes),) if one.changes else ()
    grants = text.joined(_said(one.grants, names)) or text("asked.as_it_is")
    return RowView(grants, (*lines, *points), not one.grants)


def _when(one: ChoiceSeen | PeopleSeen | ThenSeen | LineSeen, names: Names) -> str:
    return f"{names.text.day(one.day)} {names.band(one.band)}"


def _said(reasons: Sequence[ReasonSeen], names: Names) -> tuple[str, ...]:
    return tuple(names.in_full(reason.code, reason.figures) for reason in reasons)
