"""Everything scheduling does because a fact arrived."""

from contracts.base import ORDERS, SUPPLY
from contracts.evaluation import SessionMissed, SessionOpened
from contracts.instructor_dispatch import (
    AgreementEnded,
    AgreementSigned,
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentFact,
    AssignmentLapsed,
    AssignmentOffered,
    AssignmentReleased,
    AssignmentSubstituted,
    AssignmentTaken,
    InstructorAvailable,
    InstructorChanged,
    InstructorListed,
    InstructorRetired,
    InstructorTimetabled,
    InstructorUnavailable,
    PersonFact,
    SessionUnstaffable,
)
from contracts.order_intake import OrderAccepted, OrderAmended, OrderCancelled, OrderPooled
from contracts.overrides import OverrideGranted, OverrideWithdrawn
from contracts.values import Role
from scheduling.schemes import drafting, replanning
from scheduling.sessions import commands as sessions
from scheduling.supply import commands as supply
from scheduling.supply import waivers
from servicekit.db import Cause, Tx
from servicekit.reactions import Reactions

reactions = Reactions("scheduling", topics=(ORDERS, SUPPLY))


@reactions.on(OrderAccepted)
async def when_order_accepted_draft_a_scheme(tx: Tx, fact: OrderAccepted, cause: Cause) -> None:
    """The coordinator tailors a first draft; nobody starts from an empty sheet."""
    await drafting.note_accepted(tx, fact, because=cause)


@reactions.on(OrderAmended, remember=drafting.remember_amended)
async def when_order_amended_plan_again(tx: Tx, fact: OrderAmended, cause: Cause) -> None:
    """What was not held is withdrawn, and a draft made for the new lines."""
    await drafting.note_amended(tx, fact, because=cause)


@reactions.on(OrderCancelled, remember=drafting.remember_cancelled)
async def when_order_cancelled_free_its_sessions(tx: Tx, fact: OrderCancelled, cause: Cause) -> None:
    """The scheme is withdrawn, every session that was not held is cancelled."""
    await drafting.note_cancelled(tx, fact.order_id, fact.reason, because=cause)


@reactions.on(OrderPooled, remember=drafting.remember_pooled)
async def when_order_pooled_plan_it_jointly(tx: Tx, fact: OrderPooled, cause: Cause) -> None:
    """Its own draft is withdrawn: the joint order has the scheme."""
    await drafting.note_pooled(tx, fact, because=cause)


@reactions.on(
    AssignmentOffered, AssignmentAccepted, AssignmentSubstituted, AssignmentDeclined, AssignmentLapsed,
    AssignmentReleased, AssignmentTaken,
)  # fmt: skip
async def when_assignment_changed_know_who_comes(tx: Tx, fact: AssignmentFact, cause: Cause) -> None:  # noqa: ARG001
    """Leads stand on the timetable; assistants and assessors are not free to teach meanwhile."""
    if fact.session_id is None or fact.role is Role.ASSISTANT:
        await supply.note_examination(tx, fact)
    else:
        await sessions.learn(tx, fact.session_id, fact)


@reactions.on(SessionUnstaffable)
async def when_session_unstaffable_seek_another_time(tx: Tx, fact: SessionUnstaffable, cause: Cause) -> None:
    """Steps 3 and 4, as a job: dispatch has tried all who could come at its time."""
    await replanning.note_unstaffable(tx, fact.order_id, fact.session_id, fact.declined, because=cause)


@reactions.on(SessionOpened)
async def when_session_opened_leave_it(tx: Tx, fact: SessionOpened, cause: Cause) -> None:  # noqa: ARG001
    """It is held: from here on it is never moved or cancelled."""
    await sessions.note_opened(tx, fact.session_id)


@reactions.on(SessionMissed)
async def when_session_missed_await_the_coordinator(tx: Tx, fact: SessionMissed, cause: Cause) -> None:  # noqa: ARG001
    """It was not held; it can still be moved to a later time, or cancelled."""
    await sessions.note_missed(tx, fact)


@reactions.on(
    InstructorListed, InstructorChanged, InstructorUnavailable, InstructorAvailable, InstructorTimetabled
)
async def when_person_changed_copy_it(tx: Tx, fact: PersonFact, cause: Cause) -> None:  # noqa: ARG001
    """Who can be proposed, and when they cannot come."""
    await supply.note_person(tx, fact)


@reactions.on(InstructorRetired)
async def when_person_retired_propose_no_more(tx: Tx, fact: InstructorRetired, cause: Cause) -> None:  # noqa: ARG001
    """Nobody who is not sent is proposed."""
    await supply.note_person(tx, fact, retired=True)


@reactions.on(AgreementSigned)
async def when_agreement_signed_copy_it(tx: Tx, fact: AgreementSigned, cause: Cause) -> None:  # noqa: ARG001
    """What the college sends from now on."""
    await supply.note_agreement(tx, fact)


@reactions.on(AgreementEnded)
async def when_agreement_ended_copy_it(tx: Tx, fact: AgreementEnded, cause: Cause) -> None:  # noqa: ARG001
    """From the day on nobody of the college is proposed."""
    await supply.note_agreement_ended(tx, fact.college_id, fact.ended_on)


@reactions.on(OverrideGranted)
async def when_override_granted_plan_by_it(tx: Tx, fact: OverrideGranted, cause: Cause) -> None:  # noqa: ARG001
    """The coordinator may move a session to a closed day that it names."""
    await waivers.note_granted(tx, fact)


@reactions.on(OverrideWithdrawn)
async def when_override_withdrawn_plan_without_it(tx: Tx, fact: OverrideWithdrawn, cause: Cause) -> None:  # noqa: ARG001
    """What was planned by it stays."""
    await waivers.note_withdrawn(tx, fact.override_id)
