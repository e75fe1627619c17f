"""The union's page of the numbers that an authority has handed out: what is left, what came before, a new one."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Form
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from portal.accounts import commands as accounts
from portal.desks.asking import EVALUATION, missing
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.findings.shown import Users, user_of, who_of
from portal.web.names import Names
from servicekit.clock import now
from servicekit.http import Router, without_key

router = Router(prefix="/evaluation/numbers", include_in_schema=False)
Words = Annotated[str, Form(max_length=200)]
EMPTY = dict.fromkeys(("kind", "prefix", "level", "first", "last", "document"), "")
"""Of a form in which nothing is typed yet."""
Serial = Annotated[int, Form(ge=0, le=999_999)]


class VoidSeen(BaseModel):
    """A number that is never given."""

    number: str
    cause: str


class RangeSeen(BaseModel):
    """A range, as evaluation tells of it."""

    range_id: UUID
    issuer_id: str
    kind: str
    prefix: str
    year: int
    level: int
    first: int
    last: int
    next: int
    document: str
    entered_by: str
    entered_at: datetime
    closed_on: date | None
    closed_cause: str | None
    closed_by: str | None = None
    left: int
    low: bool
    voids: list[VoidSeen]

    @property
    def of(self) -> int:
        """How many numbers it has."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class RangeRow:
    """A range in words."""

    id: str
    whose: str
    numbers: str
    document: str
    entered: str
    left: str
    state: str
    kind: str
    voids: tuple[str, ...]
    open: bool
    next: int
    last: int


@router.get("")
async def show_numbers(at: Desk) -> Response:
    """All ranges, those that run low first said."""
    return await _page(at)


@router.post("")
@without_key  # the form has a one-time key of its own
async def enter_range(
    at: Desk, *, issuer: Words, kind: Words, prefix: Words, year: Annotated[int, Form(ge=2020, le=2099)],
    level: Annotated[int, Form(ge=0, le=9)], first: Serial, last: Serial, document: Words, key: Key,
) -> Response:  # fmt: skip
    """A new range, as the authority's paper says."""
    body = {
        "issuer_id": issuer.strip(), "kind": kind, "prefix": prefix.strip().upper(), "year": year, "level": level,
        "first": first, "last": last, "document": document.strip(),
    }  # fmt: skip
    return await _done(at, key, "", body, typed=body)


@router.post("/{range_}/void")
@without_key
async def put_aside(
    at: Desk, range_: UUID, *, first: Serial, last: Serial, cause: Words, key: Key
) -> Response:
    """Numbers that are never given, and why."""
    return await _done(at, key, f"/{range_}/void", {"first": first, "last": last, "cause": cause})


@router.post("/{range_}/close")
@without_key
async def close_range(at: Desk, range_: UUID, *, cause: Words, key: Key) -> Response:
    """Nothing more is drawn from it."""
    return await _done(at, key, f"/{range_}/close", {"cause": cause})


async def _done(
    at: AtDesk, key: str, path: str, body: dict[str, object], typed: dict[str, object] | None = None
) -> Response:
    at.only("union")
    if wrong := await at.act(key, EVALUATION, f"/number-ranges{path}", body, arrives=False):
        return await _page(at, wrong, typed)
    return RedirectResponse("/evaluation/numbers", 303)


async def _page(at: AtDesk, wrong: Wrong | None = None, typed: dict[str, object] | None = None) -> Response:
    at.only("union")
    found = await at.read_list(EVALUATION, "/number-ranges", RangeSeen)
    names, told = await at.names(), [] if isinstance(found, str) else found
    day = (await now(at.tx)).astimezone(at.text.zone).date()
    causes = names.programmes.rules.evaluation.numbering(day).void_causes
    levels = {
        level.cert_level_code: names.level_whole(code)
        for code, level in names.programmes.levels.items()
        if level.cert_level_code is not None
    }
    logins = (user_of(login) for each in told for login in (each.entered_by, each.closed_by))
    users = await accounts.names_of(at.tx, {each for each in logins if each})
    shown = {**EMPTY, "issuer_id": at.organisation, "year": day.year, **(typed or {})}
    return await at.page(
        "evaluation_numbers.html", wrong=wrong, typed=shown,
        missing=missing(found, at.text) if isinstance(found, str) else "",
        rows=[_row(each, names, levels, users) for each in told],
        low=[_low(each, names, levels) for each in told if each.low],
        causes={code: names.reason(f"number.{code}", {}) for code in causes}, levels=levels,
        kinds={kind: at.text(f"kind_of.{kind}") for kind in _kinds(names)},
    )  # fmt: skip


def _kinds(names: Names) -> list[str]:
    found = {
        kind
        for programme in names.programmes.programmes.values()
        for kind in (*programme.certificates.kinds, *programme.certificates.by_kind)
    }
    return sorted(found, reverse=True)


def _whose(one: RangeSeen, names: Names, levels: dict[int, str]) -> str:
    parts = (
        names.organisation(one.issuer_id, one.issuer_id), names.text(f"kind_of.{one.kind}"), str(one.year),
        levels.get(one.level, str(one.level)),
    )  # fmt: skip
    return " · ".join(parts)


def _low(one: RangeSeen, names: Names, levels: dict[int, str]) -> str:
    return names.text("numbers.low", whose=_whose(one, names, levels), left=one.left, of=one.of)


def _row(one: RangeSeen, names: Names, levels: dict[int, str], users: Users) -> RangeRow:
    text, head = names.text, f"{one.prefix}{one.year % 100:02d}{one.level}"
    if one.closed_on is not None:
        why = names.reason(f"number.{one.closed_cause}", {})
        who = who_of(one.closed_by, users) or text("numbers.somebody")
        state, kind = text("numbers.closed", day=text.day(one.closed_on), who=who, why=why), ""
    elif one.left == 0:
        state, kind = text("numbers.used_up"), "red"
    else:
        state, kind = (text("numbers.is_low"), "amber") if one.low else (text("numbers.in_use"), "green")
    return RangeRow(
        id=str(one.range_id),
        whose=_whose(one, names, levels),
        numbers=f"{head}{one.first:06d} – {one.last:06d}",
        document=one.document,
        entered=text("numbers.entered", who=who_of(one.entered_by, users), at=text.stamp(one.entered_at)),
        left=text("numbers.left", left=one.left, of=one.of),
        state=state,
        kind=kind,
        voids=tuple(
            text("numbers.void_why", number=each.number, why=names.reason(f"number.{each.cause}", {}))
            for each in one.voids
        ),
        open=one.closed_on is None and one.left > 0,
        next=one.next,
        last=one.last,
    )
