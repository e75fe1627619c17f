"""One improvement or scenario, session by session: where it stands, where it would be held, and what that wins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pydantic import BaseModel

from portal.desks.asking import Missing
from portal.desks.orders import numbers_of
from portal.desks.signed import ReasonSeen, read_as
from portal.desks.union.runs import Kind, RunSeen, title_of
from portal.scope import Scope
from portal.web.names import Names, names_for
from portal.web.text import Text
from servicekit.db import Tx


class SpotSeen(BaseModel):
    """A time and who comes."""

    day: date
    band: str
    person_id: UUID | None


class LineSeen(BaseModel):
    """A session that would be elsewhere."""

    session_id: UUID
    order_id: UUID
    enterprise_id: str
    unit: str
    was: SpotSeen | None
    now: SpotSeen
    how: str
    changes: int
    wins: int
    reasons: list[ReasonSeen]


class KeptSeen(BaseModel):
    """What became of it when the run was adopted."""

    session_id: UUID
    reasons: list[ReasonSeen]


class WholeRunSeen(RunSeen):
    """A run with its lines."""

    lines: list[LineSeen]
    adopted: list[KeptSeen]


@dataclass(frozen=True)
class LineView:
    """A session in words."""

    order: str
    url: str
    unit: str
    was: str
    now: str
    how: str
    wins: int
    changes: int
    why: tuple[str, ...]
    became: tuple[str, ...]
    """Adopted, or why not; empty before the run is adopted."""


@dataclass(frozen=True)
class RunView:
    """All that the page shows."""

    title: str
    state: str
    lines: tuple[LineView, ...]


async def run_view(
    tx: Tx, text: Text, scope: Scope, kind: Kind, run: UUID, token: str | None
) -> RunView | Missing:
    """The run with every session that would be elsewhere, the first in time first; or why there is nothing to show."""
    if token is None:
        return "away"
    seen = await read_as(tx, token, f"/federation/{kind}/{run}", WholeRunSeen)
    if not isinstance(seen, WholeRunSeen):
        return seen
    people = {spot.person_id for line in seen.lines for spot in (line.was, line.now) if spot}
    names = await names_for(tx, text, scope, {person for person in people if person})
    numbers = await numbers_of(tx, scope, {line.order_id for line in seen.lines})
    return shown(seen, numbers, names)


def shown(seen: WholeRunSeen, numbers: Mapping[UUID, str], names: Names) -> RunView:
    """In words. A session of an order that nobody has placed has no number and leads nowhere."""
    text, became = names.text, {one.session_id: one for one in seen.adopted}
    lines = sorted(seen.lines, key=lambda line: (line.now.day, str(line.session_id)))
    return RunView(
        title_of(seen, text),
        text.or_code("run_state", seen.state),
        tuple(_line(line, numbers.get(line.order_id), became.get(line.session_id), names) for line in lines),
    )


def _line(line: LineSeen, number: str | None, kept: KeptSeen | None, names: Names) -> LineView:
    text, enterprise = names.text, names.organisation(line.enterprise_id)
    told: tuple[str, ...] = ()
    if kept is not None:
        told = tuple(names.in_full(r.code, r.figures) for r in kept.reasons) or (text("run_state.adopted"),)
    return LineView(
        order=f"{number} · {enterprise}" if number else enterprise,
        url=f"/orders/{line.order_id}/story" if number else "",
        unit=names.unit(line.unit),
        was=_spot(line.was, names) if line.was else text("runs.no_time"),
        now=_spot(line.now, names),
        how=text(f"runs.how.{line.how}"),
        wins=line.wins,
        changes=line.changes,
        why=tuple(names.reason(reason.code, reason.figures) for reason in line.reasons),
        became=told,
    )


def _spot(spot: SpotSeen, names: Names) -> str:
    person = names.person(spot.person_id) if spot.person_id else names.text("person.open")
    return f"{names.text.day(spot.day)} {names.band(spot.band)} · {person}"
