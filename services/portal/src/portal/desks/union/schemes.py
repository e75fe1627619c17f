"""A scheme as it lies on the union's desk, and the plans that could be taken instead; scheduling keeps all of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from portal.desks.asking import Missing, missing, seen_in
from portal.desks.claims import claim_words
from portal.desks.signed import CohortSeen, CostSeen, SessionSeen
from portal.desks.union.cuts import CutsSeen, CutsTable, cuts_table
from portal.desks.union.examined import (
    EvaluationRow,
    EvaluationSeen,
    evaluation_rows,
    examined_only,
)
from portal.desks.union.planned import PlannedView, lost, planned, yuan
from portal.desks.union.signatures import ClauseRow, ClauseSeen, clause_rows
from portal.scope import Scope
from portal.web.names import Names, names_for
from portal.web.text import Text
from servicekit.clock import today
from servicekit.db import Tx

IN_FORCE = {"confirmed": "in_force"}
"""What scheduling calls otherwise than the read model."""


class DraftingSeen(BaseModel):
    """A draft that is being made."""

    attempt: int


class DeskSeen(BaseModel):
    """The newest version; number 0 while the first is being drafted."""

    state: str
    version: int
    row_version: int
    unplaced: int
    cohorts: list[CohortSeen]
    sessions: list[SessionSeen]
    cost: CostSeen | None
    clauses: list[ClauseSeen] = []
    cuts: CutsSeen | None = None
    drafting: DraftingSeen | None = None
    evaluation: list[EvaluationSeen] = []
    sign_by: datetime | None = None
    escalated: bool = False


class AlternativeSeen(BaseModel):
    """A plan that could be taken."""

    name: str
    same_as: str | None
    on_desk: bool
    changed: int
    first: date | None
    last: date | None
    driving_minutes: int
    unwished: int
    unplaced: int
    cost: CostSeen
    sessions: list[SessionSeen]


class BesideSeen(BaseModel):
    """What can be compared."""

    alternatives: list[AlternativeSeen]


@dataclass(frozen=True)
class Way:
    """A plan as a column of the comparison."""

    code: str
    title: str
    on_desk: bool
    same: str
    """In words, when one before it is the same."""
    rows: tuple[PlannedView, ...]


@dataclass(frozen=True)
class SchemePage:
    """All that the page shows. `missing` = why there is nothing to show."""

    missing: str = ""
    unheard: bool = False
    """Scheduling has not heard of the order yet."""
    title: str = ""
    state: str = ""
    open: bool = False
    """It lies on a desk: one can be taken."""
    figures: str = ""
    lost: str = ""
    rows: tuple[PlannedView, ...] = ()
    clauses: tuple[ClauseRow, ...] = ()
    due: str = ""
    """Until when it is to be signed."""
    drafting: str = ""
    """The draft that is being made meanwhile."""
    cuts: CutsTable | None = None
    evaluation: tuple[EvaluationRow, ...] = ()
    examined_only: bool = False
    """Nobody is taught: there are no sessions, and none will come."""
    ways: tuple[Way, ...] = ()
    row_version: int = 0
    """Of the scheme as it is shown: a plan is taken for this one only."""
    compared: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """A figure in words, and its value in each way."""


async def scheme_page(
    tx: Tx, text: Text, scope: Scope, order: UUID, scheme: bytes | Missing, beside: BesideSeen | Missing
) -> SchemePage:
    """The newest version with its reasons, and the others beside it, as scheduling tells of them."""
    desk = seen_in(scheme, DeskSeen)
    if not isinstance(desk, DeskSeen) or not isinstance(beside, BesideSeen):
        why = desk if isinstance(desk, str) else "away"
        return SchemePage(missing=missing(why, text), unheard=why == "none")
    lines = [*desk.sessions, *(line for one in beside.alternatives for line in one.sessions)]
    names = await names_for(tx, text, scope, _people(lines))
    shown = _shown(order, desk, beside, names, await today(tx))
    return replace(shown, clauses=await clause_rows(tx, desk.clauses, names))


def _people(lines: Iterable[SessionSeen]) -> set[UUID]:
    return {line.person_id for line in lines if line.person_id}


def _shown(order: UUID, desk: DeskSeen, beside: BesideSeen, names: Names, day: date) -> SchemePage:
    text, ways = names.text, beside.alternatives
    hours = sum(line.class_hours for line in desk.sessions)
    examination = examined_only(desk.evaluation, desk.cohorts, desk.sessions)
    figures = text(
        "then.figures_examined" if examination else "then.figures",
        people=sum(one.candidates for one in desk.evaluation), cohorts=len(desk.cohorts),
        sessions=len(desk.sessions), unplaced=desk.unplaced, hours=hours,
        cost=yuan(desk.cost.total), subsidy=yuan(desk.cost.subsidy_expected),
    ) if desk.cost else ""  # fmt: skip
    days = [line.day for line in desk.sessions if line.day]
    if desk.cost and desk.cost.subsidy_expected:
        figures = text.joined((figures, claim_words(names.programmes, text, max([*days, day]))))
    return SchemePage(
        title=text("then.scheme", version=desk.version) if desk.cost else text("plan.drafting"),
        state=text.or_code("scheme_state", IN_FORCE.get(desk.state, desk.state)),
        open=desk.state in {"drafted", "approved", "declined"},
        figures=figures,
        examined_only=examination,
        due=_due(desk, text),
        drafting=text("plan.attempt", attempt=desk.drafting.attempt) if desk.drafting else "",
        evaluation=evaluation_rows(desk.evaluation, names),
        cuts=cuts_table(desk.cuts, names) if desk.cuts else None,
        lost=lost(desk.cost, names) if desk.cost else "",
        rows=tuple(_line(order, line, names) for line in desk.sessions),
        ways=tuple(_way(one, names) for one in ways),
        compared=_compared(ways, names),
        row_version=desk.row_version,
    )


def _line(order: UUID, line: SessionSeen, names: Names) -> PlannedView:
    asked = f"/orders/{order}/scheme/sessions/{line.session_id}"
    return planned(line, names).model_copy(update={"asked": asked})


def _due(desk: DeskSeen, text: Text) -> str:
    if desk.sign_by is None:
        return ""
    return text("clause.late" if desk.escalated else "clause.due", when=text.moment(desk.sign_by))


def _way(one: AlternativeSeen, names: Names) -> Way:
    text = names.text
    return Way(
        code=one.name,
        title=text(f"plan.way.{one.name}"),
        on_desk=one.on_desk,
        same=text("plan.same", way=text(f"plan.way.{one.same_as}")) if one.same_as else "",
        rows=tuple(planned(line, names) for line in one.sessions),
    )


def _compared(ways: list[AlternativeSeen], names: Names) -> tuple[tuple[str, tuple[str, ...]], ...]:
    text = names.text
    rows = {
        "plan.first": [text.day(one.first) if one.first else "—" for one in ways],
        "plan.last": [text.day(one.last) if one.last else "—" for one in ways],
        "plan.driving": [f"{one.driving_minutes:,}" for one in ways],
        "plan.hours_lost": [f"{one.cost.person_hours_lost:,}" for one in ways],
        "plan.unwished": [str(one.unwished) for one in ways],
        "plan.unplaced": [str(one.unplaced) for one in ways],
        "plan.cost": [yuan(one.cost.total) for one in ways],
        "plan.changed": [str(one.changed) for one in ways],
    }
    return tuple((text(key), tuple(values)) for key, values in rows.items())
