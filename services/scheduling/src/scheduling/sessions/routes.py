"""The timetable over HTTP."""

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel

from contracts.values import (
    ClassHours,
    CohortId,
    DivisionCode,
    EnterpriseId,
    LevelCode,
    Mode,
    Needs,
    OccupationCode,
    OrderId,
    PersonId,
    Reason,
    SessionId,
    Slot,
    UnitCode,
    WorkerId,
)
from scheduling.planner.world import CohortName, CohortPlan
from scheduling.sessions import commands
from scheduling.sessions.rules import Standing, State, Timetabled
from servicekit.http import Router, Transaction
from servicekit.identity import Actor, actor_with

router = Router(tags=["sessions"])
Reader = Annotated[Actor, Depends(actor_with("union", "enterprise", "service"))]


class SessionView(BaseModel):
    """A session with who learns, and who comes as far as scheduling has heard (dispatch decides)."""

    session_id: SessionId
    order_id: OrderId
    enterprise_id: EnterpriseId
    scheme_version: int
    state: State
    line: int
    cohort_id: CohortId
    cohort: CohortName
    workers: tuple[WorkerId, ...]
    position: int
    unit: UnitCode
    mode: Mode
    class_hours: ClassHours
    occupation: OccupationCode
    level: LevelCode
    needs: Needs
    division: DivisionCode
    slot: Slot
    revision: int
    person_id: PersonId | None
    standing: Standing | None
    chosen: tuple[Reason, ...]
    """Why this time and this person were proposed."""
    reasons: tuple[Reason, ...]
    """Why it is unplaced or cancelled."""

    @classmethod
    def of(cls, row: Timetabled, cohort: CohortPlan) -> "SessionView":
        """The row as its readers see it."""
        told = row.told
        return cls(
            session_id=told.session_id,
            order_id=told.order_id,
            enterprise_id=told.enterprise_id,
            scheme_version=row.scheme_version,
            state=row.state,
            line=told.line,
            cohort_id=told.cohort_id,
            cohort=cohort.letter,
            workers=tuple(sorted(cohort.workers)),
            position=told.position,
            unit=told.unit,
            mode=told.mode,
            class_hours=told.class_hours,
            occupation=told.occupation,
            level=told.level,
            needs=told.needs,
            division=told.division,
            slot=told.slot,
            revision=told.revision,
            person_id=row.person_id,
            standing=row.standing,
            chosen=told.reasons,
            reasons=row.reasons,
        )


@router.get("/sessions")
async def list_sessions(tx: Transaction, by: Reader, order_id: OrderId | None = None) -> list[SessionView]:
    """The sessions of confirmed schemes, by time: of one order, or of all that you may see."""
    rows, cohorts = await commands.list_sessions(tx, order_id, by=by)
    return [SessionView.of(row, cohorts[row.told.cohort_id]) for row in rows]
