"""Rules put aside on purpose: the coordinator names rule, session or person, reason and last day; all of it is told.

A college sees what was put aside for its own people; the coordinator's own words stay with the union.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from contracts.overrides import OverrideGranted
from contracts.values import (
    AssignmentId,
    BatchId,
    OverrideId,
    PersonId,
    Reason,
    ReasonCode,
    SessionId,
)
from instructor_dispatch.instructors import commands as instructors
from instructor_dispatch.instructors.routes import Office, own
from instructor_dispatch.offers.commands import overriding
from instructor_dispatch.overrides import commands as overrides
from instructor_dispatch.overrides import rules
from instructor_dispatch.overrides.rules import OverrideState
from servicekit.clock import today
from servicekit.http import Request, Router, Transaction, refusals
from servicekit.identity import Actor, actor_with
from servicekit.ids import new_id

router = Router(tags=["overrides"])
Coordinator = Annotated[Actor, Depends(actor_with("union"))]


class OverrideAsked(Request):
    """Which rule is put aside, for what and whom, why, until when."""

    rule: ReasonCode
    """The reason that keeps somebody from coming, as `GET /offers` and refusals name it: `load.week`."""
    session_id: SessionId | None = None
    batch_id: BatchId | None = None
    person_id: PersonId | None = None
    reason: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    """One of the reasons of the rules (`production`, `nobody_else`, …)."""
    note: Annotated[str, Field(max_length=500)] = ""
    """Own words, which some reasons (`other`) cannot do without; they are kept here, and are in no fact."""
    valid_until: date
    """Last day of the sessions for which it holds."""


class Granted(BaseModel):
    """What was put aside."""

    override_id: OverrideId


class Asked(Request):
    """Of which overrides."""

    state: OverrideState | Literal["all"] = "all"
    rule: ReasonCode | None = None
    person_id: PersonId | None = None
    session_id: SessionId | None = None
    batch_id: BatchId | None = None


class OverrideSeen(BaseModel):
    """A rule put aside by name, and what it is good for."""

    override_id: OverrideId
    rule: ReasonCode
    session_id: SessionId | None
    batch_id: BatchId | None
    person_id: PersonId | None
    reason: Reason
    note: str | None
    """Of the union, for the union."""
    valid_until: date
    granted_by: str
    granted_at: datetime
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    state: OverrideState
    assignments: list[AssignmentId]
    """Live ones of its session and person up to its last day."""


@router.post(
    "/overrides",
    status_code=201,
    responses=refusals(
        "override.rule_stands",
        "override.names_nobody",
        "override.names_no_session",
        "override.names_neither",
        "override.names_two",
        "override.unknown_reason",
        "override.says_nothing",
        "override.over",
        "override.too_long",
        "override.stands",
        "person.unknown",
        "person.retired",
    ),
)
async def grant(asked: OverrideAsked, tx: Transaction, by: Coordinator) -> Granted:
    """Put a rule aside by name; what nobody could come to is looked at again. Never two places at once."""
    granted = OverrideGranted(
        override_id=new_id(),
        reason=rules.why(tx.known, asked.reason, asked.note),
        **asked.model_dump(exclude={"reason", "note"}),
    )
    await overriding.grant(tx, granted, asked.note, by=by)
    return Granted(override_id=granted.override_id)


@router.post(
    "/overrides/{override_id}/withdraw",
    status_code=204,
    responses=refusals("override.unknown", "override.withdrawn", "override.over"),
)
async def withdraw(override_id: OverrideId, tx: Transaction, by: Coordinator) -> None:
    """The rule counts again; what was promised meanwhile stays promised."""
    await overriding.withdraw(tx, override_id, by=by)


@router.get("/overrides")
async def report(tx: Transaction, by: Office, asked: Annotated[Asked, Query()]) -> list[OverrideSeen]:
    """Every rule that was put aside: which, for whom, by whom, why, until when. The newest first."""
    duty_id = asked.session_id or asked.batch_id
    found = await overrides.listed(tx, rule=asked.rule, person_id=asked.person_id, duty_id=duty_id)
    college = own(by)
    if college is not None:
        people = [each.override.person_id for each in found if each.override.person_id is not None]
        ours = {each.person_id for each in await instructors.people(tx, people) if each.college_id == college}
        found = [each for each in found if each.override.person_id in ours]
    day = await today(tx)
    states = {each.override.override_id: each.override.state(day) for each in found}
    shown = [each for each in found if asked.state in ("all", states[each.override.override_id])]
    covers = await overriding.covered(tx, [each.override.override_id for each in shown])
    return [
        OverrideSeen(
            **_about(each.override.duty_id, batch=each.override.is_batch),
            **{name: getattr(each.override, name) for name in _TOLD},
            note=each.note if college is None else None,
            state=states[each.override.override_id],
            assignments=covers[each.override.override_id],
        )
        for each in shown
    ]


_TOLD = (
    "override_id",
    "rule",
    "person_id",
    "reason",
    "valid_until",
    "granted_by",
    "granted_at",
    "withdrawn_by",
    "withdrawn_at",
)


def _about(duty_id: UUID | None, *, batch: bool) -> dict[str, Any]:
    return {"session_id": None if batch else duty_id, "batch_id": duty_id if batch else None}
