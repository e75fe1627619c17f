"""Everything this service does because a fact arrived. All of it is in the story of an order."""

from contracts.base import ORDERS
from contracts.evaluation import AssessorBarred, BatchCancelled, BatchMoved, EvaluationPlanned
from contracts.order_intake import OrderAccepted, OrderCancelled
from contracts.scheduling import (
    SchemeConfirmed,
    SchemeWithdrawn,
    SessionCancelled,
    SessionMoved,
    SessionScheduled,
)
from instructor_dispatch.offers.commands import duties, reads, remembering, staffed
from servicekit.db import Cause, Tx
from servicekit.reactions import Reactions

reactions = Reactions("instructor-dispatch", topics=(ORDERS,), bound=reads.swapped_with)


@reactions.on(OrderAccepted)
async def when_order_accepted_remember_its_programme(tx: Tx, fact: OrderAccepted, _cause: Cause) -> None:
    """The programme says how long a college may take to answer."""
    await staffed.remember_programme(tx, fact.order_id, fact.programme)


@reactions.on(SchemeConfirmed)
async def when_scheme_confirmed_expect_its_sessions(tx: Tx, fact: SchemeConfirmed, _cause: Cause) -> None:
    """An order is staffed when all of them have a firm lead."""
    await staffed.expect(tx, fact.order_id, fact.version, fact.sessions)


@reactions.on(SchemeWithdrawn)
async def when_scheme_withdrawn_expect_nothing(tx: Tx, fact: SchemeWithdrawn, _cause: Cause) -> None:
    """What is left of it is not the whole of anything: the order is not staffed until the next one is."""
    await staffed.expect_nothing(tx, fact.order_id)


@reactions.on(SessionScheduled, remember=remembering.remember_scheduled)
async def when_session_scheduled_offer_it(tx: Tx, fact: SessionScheduled, _cause: Cause) -> None:
    """It alone causes offers."""
    await duties.session_scheduled(tx, fact)


@reactions.on(SessionMoved, remember=remembering.remember_moved)
async def when_session_moved_offer_it_again(tx: Tx, fact: SessionMoved, _cause: Cause) -> None:
    """Whoever was to come is free; who said no before is not asked again, whose offer lapsed may be."""
    await duties.session_moved(tx, fact)


@reactions.on(SessionCancelled, remember=remembering.remember_not_held)
async def when_session_cancelled_free_its_people(tx: Tx, fact: SessionCancelled, _cause: Cause) -> None:
    """Colleges are told."""
    await duties.not_held(tx, fact.session_id, fact.order_id, fact.reason)


@reactions.on(OrderCancelled, remember=remembering.remember_cancelled)
async def when_order_cancelled_free_its_people(tx: Tx, fact: OrderCancelled, _cause: Cause) -> None:
    """All that has not begun is off."""
    await duties.order_cancelled(tx, fact.order_id, fact.reason)


@reactions.on(EvaluationPlanned, remember=remembering.remember_planned)
async def when_evaluation_planned_ask_for_assessors(tx: Tx, fact: EvaluationPlanned, _cause: Cause) -> None:
    """As many as are asked for, none of those who taught."""
    await duties.batch_planned(tx, fact)


@reactions.on(BatchMoved, remember=remembering.remember_batch_moved)
async def when_batch_moved_ask_for_assessors_again(tx: Tx, fact: BatchMoved, _cause: Cause) -> None:
    """Whoever was to come is free; another time is another question, for who said no as well."""
    await duties.batch_moved(tx, fact)


@reactions.on(BatchCancelled, remember=remembering.remember_not_held)
async def when_batch_cancelled_free_its_assessors(tx: Tx, fact: BatchCancelled, _cause: Cause) -> None:
    """Colleges are told."""
    await duties.not_held(tx, fact.batch_id, fact.order_id, fact.reason)


@reactions.on(AssessorBarred, remember=remembering.remember_barred)
async def when_assessor_barred_ask_for_another(tx: Tx, fact: AssessorBarred, _cause: Cause) -> None:
    """Who teaches the candidates by now is free, and the next best is asked."""
    await duties.assessor_barred(tx, fact)
