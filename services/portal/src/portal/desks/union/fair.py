"""Fairness over the year as a page: dispatch counts, asked for as the one who looks; and whose qualification ends."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from portal.known import known
from portal.scope import Scope
from portal.web.names import Names, names_for
from portal.web.text import Text
from servicekit.db import Tx

OWNER = "instructor-dispatch"
MINUTES = 60
KINDS = ("sessions", "minutes", "trips", "evenings", "weekends")
S = TypeVar("S")


class FigureSeen(BaseModel):
    """What is had, and what is fair by the agreed share."""

    has: int
    fair: int | None
    percent: int | None


class SharedSeen(BaseModel):
    """A college, or (with a person) somebody who is sent."""

    college_id: str
    person_id: UUID | None = None
    agreed_percent: int | None
    sessions: FigureSeen
    minutes: FigureSeen
    trips: FigureSeen
    evenings: FigureSeen
    weekends: FigureSeen


class YearSeen(BaseModel):
    """A year, and those that can be asked for."""

    year: int
    years: list[int]
    occupation: str | None
    occupations: list[str]
    colleges: list[SharedSeen]
    people: list[SharedSeen]


class EndsSeen(BaseModel):
    """A qualification that ends."""

    person_id: UUID
    college_id: str
    occupation: str
    level: str
    assessor: bool
    valid_until: date
    expired: bool
    replaced_from: date
    firm_after: list[UUID]


@dataclass(frozen=True)
class SharedView:
    """A row: who, the agreed share, each figure with what would be fair."""

    who: str
    college: str
    agreed: str
    why: str
    """Where it is told why somebody else was asked; empty for a college."""
    figures: tuple[tuple[str, str, bool], ...]
    """What is had, what would be fair (nothing where no share is agreed), whether it is more than that."""


@dataclass(frozen=True)
class EndsView:
    """A qualification that ends, in words."""

    who: str
    college: str
    what: str
    until: str
    over: bool
    after: str
    """What becomes of the promises after it; nothing where there are none."""


@dataclass(frozen=True)
class FairPage:
    """All that the page shows. `missing` = why there is nothing to show."""

    missing: str = ""
    year: int = 0
    years: tuple[int, ...] = ()
    occupation: str = ""
    """Among whose instructors the shares are; nothing = among everybody."""
    occupations: tuple[tuple[str, str], ...] = ()
    """Code and name of those that can be asked for."""
    colleges: tuple[SharedView, ...] = ()
    people: tuple[SharedView, ...] = ()
    ends: tuple[EndsView, ...] = ()
    mean: tuple[str, ...] = ()
    """Of the people: each figure's mean; nothing where there is nobody."""


async def fair_page(
    tx: Tx, text: Text, scope: Scope, year: int | None, occupation: str | None, token: str | None
) -> FairPage:
    """The year, for a college its own part of it; shares among everybody, or among those of an occupation."""
    if token is None:
        return FairPage(missing=text("fair.missing"))
    wanted = {"year": year, "occupation": occupation}
    asked = f"/fairness?{urlencode({name: value for name, value in wanted.items() if value})}"
    seen, ends = await asyncio.gather(  # both at once: none touches `tx`
        _read(tx, token, asked, TypeAdapter(YearSeen)),
        _read(tx, token, "/expiring", TypeAdapter(list[EndsSeen])),
    )
    if seen is None or ends is None:
        return FairPage(missing=text("fair.missing"))
    people = {each.person_id for each in seen.people if each.person_id is not None}
    names = await names_for(tx, text, scope, people | {each.person_id for each in ends})
    return FairPage(
        year=seen.year,
        years=tuple(dict.fromkeys((*seen.years, seen.year))),
        occupation=seen.occupation or "",
        occupations=tuple((code, names.occupation(code)) for code in seen.occupations),
        colleges=_shared(seen.colleges, names),
        people=_shared(seen.people, names),
        ends=tuple(_ends(each, names) for each in ends),
        mean=mean_of(seen.people),
    )


def mean_of(people: Sequence[SharedSeen]) -> tuple[str, ...]:
    """What each person has on the average, by the figures in their order: one place after the point."""
    if not people:
        return ()
    by = {kind: MINUTES if kind == "minutes" else 1 for kind in KINDS}
    return tuple(
        f"{sum(getattr(each, kind).has for each in people) / len(people) / by[kind]:,.1f}" for kind in KINDS
    )


async def _read(tx: Tx, token: str, path: str, what: TypeAdapter[S]) -> S | None:
    try:
        return what.validate_json(await known(tx).neighbours.read(OWNER, path, token))
    except (LookupError, httpx.HTTPError, ValidationError):
        return None


def _shared(rows: Sequence[SharedSeen], names: Names) -> tuple[SharedView, ...]:
    return tuple(
        SharedView(
            who=names.person(row.person_id) if row.person_id else names.organisation(row.college_id),
            college=names.organisation(row.college_id),
            why=f"/fairness/why/{row.person_id}" if row.person_id else "",
            agreed="—" if row.agreed_percent is None else f"{row.agreed_percent} %",
            figures=tuple(_figure(kind, getattr(row, kind)) for kind in KINDS),
        )
        for row in rows
    )


def _figure(kind: str, figure: FigureSeen) -> tuple[str, str, bool]:
    by = MINUTES if kind == "minutes" else 1
    fair = "" if figure.fair is None else f"{figure.fair // by:,}"
    return f"{figure.has // by:,}", fair, figure.fair is not None and figure.has > figure.fair


def _ends(row: EndsSeen, names: Names) -> EndsView:
    text, count = names.text, len(row.firm_after)
    what = f"{names.occupation(row.occupation)} {names.level(row.level)}"
    return EndsView(
        who=names.person(row.person_id),
        college=names.organisation(row.college_id),
        what=text("fair.card", what=what) if row.assessor else what,
        until=f"{row.valid_until}",
        over=row.expired,
        after=text("fair.after", count=count, day=text.day(row.replaced_from)) if count else "",
    )
