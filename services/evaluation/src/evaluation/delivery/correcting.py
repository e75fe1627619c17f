"""What is done about an attendance after its session: proposed by one person, decided by another."""

from uuid import UUID

import uuid_utils

from contracts.attendance import CorrectionProposed, CorrectionRefused
from contracts.evaluation import AttendanceCorrected
from contracts.values import ActId, CorrectionId, Minutes, Reason, SessionId, WorkerId
from evaluation import actors
from evaluation.delivery import correction_store, corrections, keeping, present, rules, store
from evaluation.delivery.corrections import Asked, Correction, Decision
from evaluation.delivery.session import Session
from evaluation.known import known
from evaluation.orders import commands as orders
from servicekit.clock import now
from servicekit.db import Cause, Tx
from servicekit.evolution import position_of
from servicekit.facts import record
from servicekit.identity import Actor


async def propose(
    tx: Tx,
    session_id: SessionId,
    worker_id: WorkerId,
    *,
    minutes: Minutes,
    act_id: ActId,
    reason: Reason,
    by: Actor,
) -> CorrectionId:
    """Somebody of the union, or whoever led the session, says that an attendance was otherwise."""
    session = await store.lock(tx, session_id)
    if not by.may("union"):
        rules.check_lead(session, actors.person_of(by))
    asked = Asked(UUID(bytes=uuid_utils.uuid7().bytes), worker_id, minutes, act_id, reason)
    fact = corrections.propose(
        session,
        await store.workers_of(tx, session.cohort_id),
        await _waiting(tx, session_id),
        asked,
        delivered=await _delivered(tx, session),
        at=await now(tx),
        class_hour_minutes=_class_hour(tx),
        limits=keeping.limits(tx),
    )
    await correction_store.save(tx, corrections.proposed(fact, by.user))
    await record(tx, fact, by=by)
    return asked.correction_id


async def confirm(tx: Tx, session_id: SessionId, correction_id: CorrectionId, *, by: Actor) -> None:
    """Another person of the union confirms: the attendance is what was proposed."""
    session = await store.lock(tx, session_id)
    proposal = await correction_store.read(tx, session_id, correction_id)
    fact = corrections.confirm(
        session,
        proposal,
        user=by.user,
        delivered=await _delivered(tx, session),
        at=await now(tx),
        class_hours=present.credited(
            proposal.asked.minutes,
            session.class_hours,
            keeping.limits(tx).crediting(session.slot.day),
            _class_hour(tx),
        ),
    )
    await correction_store.save(tx, corrections.decided(proposal, fact, by.user))
    await keeping.say(tx, session, fact, by=by)
    await keeping.complete_if_all_confirmed(tx, session.order_id, by=by)


async def refuse(
    tx: Tx, session_id: SessionId, correction_id: CorrectionId, reason: Reason, *, by: Actor
) -> None:
    """Another person of the union refuses: the attendance stands, and the enterprise's silence counts again."""
    session = await store.lock(tx, session_id)
    proposal = await correction_store.read(tx, session_id, correction_id)
    fact = corrections.refuse(
        proposal,
        user=by.user,
        reason=reason,
        at=await now(tx),
        limits=keeping.limits(tx),
    )
    await correction_store.save(tx, corrections.decided(proposal, fact, by.user))
    position = await record(tx, fact, by=by)
    await keeping.await_answer(tx, session, because=position)
    await keeping.complete_if_all_confirmed(tx, session.order_id, by=by)


async def of_session(tx: Tx, session: Session, *, seen_by: Actor) -> list[Correction]:
    """The session's corrections by time; an enterprise of a joint order reads those of its own people."""
    found = await correction_store.of_session(tx, session.session_id)
    own = await orders.whose(tx, session.order_id, seen_by=seen_by)
    if own is None or session.is_led_by(actors.person_of(seen_by)):
        return found
    return [each for each in found if each.asked.worker_id in own]


async def waiting(tx: Tx) -> list[tuple[Correction, Session]]:
    """What nobody has decided yet, the oldest first."""
    return [(each, await store.read(tx, each.session_id)) for each in await correction_store.waiting(tx)]


async def remember_proposed(tx: Tx, fact: CorrectionProposed, cause: Cause) -> None:
    """It was proposed, by whoever said so."""
    await correction_store.save(tx, corrections.proposed(fact, cause.actor))


async def remember_refused(tx: Tx, fact: CorrectionRefused, cause: Cause) -> None:
    """It was refused, by whoever said so."""
    session = await store.lock(tx, fact.session_id)
    proposal = await correction_store.read(tx, fact.session_id, fact.correction_id)
    await correction_store.save(tx, corrections.decided(proposal, fact, cause.actor))
    await keeping.await_answer(tx, session, because=position_of(cause))


async def remember_confirmed(tx: Tx, fact: AttendanceCorrected, cause: Cause) -> None:
    """It was confirmed, by whoever said so; what was said before two people were needed had no proposal."""
    if fact.correction_id is None:
        return
    proposal = await correction_store.read(tx, fact.session_id, fact.correction_id)
    await correction_store.save(tx, corrections.decided(proposal, fact, cause.actor))


async def is_open(tx: Tx, session_id: SessionId) -> bool:
    """Whether a correction of the session waits for somebody to decide it."""
    return bool(await _waiting(tx, session_id))


async def _waiting(tx: Tx, session_id: SessionId) -> set[WorkerId]:
    found = await correction_store.of_session(tx, session_id)
    return {each.asked.worker_id for each in found if each.state is Decision.PROPOSED}


def _class_hour(tx: Tx) -> int:
    return known(tx).programmes.rules.class_hour_minutes.value


async def _delivered(tx: Tx, session: Session) -> bool:
    return (await store.delivery_of(tx, session.order_id)).completed
