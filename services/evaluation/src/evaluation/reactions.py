"""Everything evaluation does because a fact arrived."""

from contracts.base import DEMAND, ORDERS
from contracts.instructor_dispatch import AssignmentAccepted, AssignmentReleased, AssignmentSubstituted
from contracts.order_intake import OrderAccepted, OrderAmended, OrderCancelled, OrderFulfilled, OrderPooled
from contracts.scheduling import SchemeConfirmed, SessionCancelled, SessionMoved, SessionScheduled
from contracts.values import Role
from contracts.workers import WorkerErased
from evaluation import directory
from evaluation.aftercare import commands as aftercare
from evaluation.delivery import arrivals as delivery
from evaluation.examinations.commands import arrivals as examinations
from evaluation.orders import commands as orders
from evaluation.persons import commands as persons
from servicekit.db import Cause, Tx
from servicekit.reactions import Reactions
from servicekit.timers import ask_for

reactions = Reactions("evaluation", topics=(ORDERS, DEMAND))


@reactions.on(OrderAccepted)
async def when_order_accepted_remember_it(tx: Tx, fact: OrderAccepted, cause: Cause) -> None:  # noqa: ARG001
    """Lines and trainees: what may be evaluated."""
    await orders.note_accepted(tx, fact)


@reactions.on(OrderAmended)
async def when_order_amended_remember_its_lines(tx: Tx, fact: OrderAmended, cause: Cause) -> None:  # noqa: ARG001
    """Other trainees from now on; who has an evaluation keeps it."""
    await orders.note_amended(tx, fact.order_id, fact.lines)
    await delivery.note_scheme_ended(tx, fact.order_id)


async def _remember_cancelled(tx: Tx, fact: OrderCancelled, _cause: Cause) -> None:
    """Nothing more is held for it."""
    await orders.note_cancelled(tx, fact.order_id)
    await delivery.note_scheme_ended(tx, fact.order_id)


@reactions.on(OrderCancelled, remember=_remember_cancelled)
async def when_order_cancelled_hold_no_batch(tx: Tx, fact: OrderCancelled, cause: Cause) -> None:
    """Sessions are cancelled one by one by scheduling; batches are ours."""
    await _remember_cancelled(tx, fact, cause)
    await examinations.cancel_with_the_order(tx, fact.order_id, fact.reason)


@reactions.on(OrderPooled)
async def when_order_pooled_hold_nothing_of_its_own(tx: Tx, fact: OrderPooled, cause: Cause) -> None:  # noqa: ARG001
    """An order that was accepted before it was pooled."""
    await orders.note_pooled(tx, fact.order_id)


@reactions.on(OrderFulfilled)
async def when_order_fulfilled_ask_later_how_people_fare(tx: Tx, fact: OrderFulfilled, cause: Cause) -> None:  # noqa: ARG001
    """At the months that its programme names."""
    await aftercare.plan(tx, fact.order_id, fact.fulfilled_on)


async def _remember_scheme(tx: Tx, fact: SchemeConfirmed, cause: Cause) -> None:
    """Cohorts and the number of sessions; names and evidence are asked for ahead."""
    await delivery.note_scheme(tx, fact)
    await ask_for(tx, directory.FILL, key=fact.order_id, subject=fact.order_id, because=cause)


@reactions.on(SchemeConfirmed, remember=_remember_scheme)
async def when_scheme_confirmed_learn_who_is_taught(tx: Tx, fact: SchemeConfirmed, cause: Cause) -> None:
    """If no session is left to hold, all was held."""
    await _remember_scheme(tx, fact, cause)
    await delivery.complete_if_none_is_left(tx, fact)


@reactions.on(SessionScheduled)
async def when_session_scheduled_expect_it(tx: Tx, fact: SessionScheduled, cause: Cause) -> None:  # noqa: ARG001
    """It can be opened on its day."""
    await delivery.note_scheduled(tx, fact)


@reactions.on(SessionMoved)
async def when_session_moved_expect_it_then(tx: Tx, fact: SessionMoved, cause: Cause) -> None:  # noqa: ARG001
    """Another time; its lead is told anew."""
    await delivery.note_moved(tx, fact)


async def _remember_session_cancelled(tx: Tx, fact: SessionCancelled, _cause: Cause) -> None:
    """It is expected no more."""
    await delivery.note_cancelled(tx, fact.session_id)


@reactions.on(SessionCancelled, remember=_remember_session_cancelled)
async def when_session_cancelled_expect_it_no_more(
    tx: Tx,
    fact: SessionCancelled,
    cause: Cause,  # noqa: ARG001
) -> None:
    """The delivery may be complete without it."""
    await delivery.complete_without(tx, fact.session_id)


async def _remember_who_comes(
    tx: Tx, fact: AssignmentAccepted | AssignmentSubstituted, _cause: Cause
) -> None:
    """Who is firm to lead a session or to assess a batch."""
    if fact.role is Role.LEAD and fact.session_id is not None:
        await delivery.note_lead(tx, fact.session_id, fact)
    elif fact.role is Role.ASSESSOR and fact.batch_id is not None:
        await examinations.note_assessor(tx, fact.batch_id, fact.assignment_id, fact.person_id)


@reactions.on(AssignmentAccepted, remember=_remember_who_comes)
async def when_assignment_accepted_know_who_comes(tx: Tx, fact: AssignmentAccepted, cause: Cause) -> None:
    """The lead may open the session, and assesses nobody of it; an assessor may give marks."""
    await _remember_who_comes(tx, fact, cause)
    await examinations.bar_who_teaches(tx, fact.order_id)


@reactions.on(AssignmentSubstituted, remember=_remember_who_comes)
async def when_assignment_substituted_know_who_comes(
    tx: Tx, fact: AssignmentSubstituted, cause: Cause
) -> None:
    """The same, with somebody else than proposed."""
    await _remember_who_comes(tx, fact, cause)
    await examinations.bar_who_teaches(tx, fact.order_id)


@reactions.on(AssignmentReleased)
async def when_assignment_released_know_who_does_not(
    tx: Tx,
    fact: AssignmentReleased,
    cause: Cause,  # noqa: ARG001
) -> None:
    """Whoever was to come by it does not."""
    await delivery.note_released(tx, fact.assignment_id)
    await examinations.note_released(tx, fact.assignment_id)


@reactions.on(WorkerErased)
async def when_worker_erased_forget_them(tx: Tx, fact: WorkerErased, cause: Cause) -> None:  # noqa: ARG001
    """What is said of them at once, and the name on the day until which files of training and evaluation are kept."""
    await persons.erase(tx, fact)
