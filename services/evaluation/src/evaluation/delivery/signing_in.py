"""Workers come and go while a session is open: acts of the instructor's phone, and who came from another cohort."""

from collections.abc import Collection, Sequence

from contracts.values import SessionId, WorkerId
from evaluation import actors
from evaluation.delivery import acts, keeping, merging, rules, store
from evaluation.delivery.acts import Answer, Taken
from evaluation.delivery.session import HELD, Session, SignIn, SignOut
from evaluation.delivery.sources import merged
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.identity import Actor


async def take_acts(tx: Tx, session_id: SessionId, given: Sequence[SignIn], *, by: Actor) -> list[Answer]:
    """Each act gets its own answer; a request sent again counts nothing twice."""
    session = await _led_by(tx, session_id, by)
    cohort = frozenset(await store.workers_of(tx, session.cohort_id))
    others = await others_of(tx, session) if any(act.walk_in for act in given) else frozenset()
    signed = await store.signed(tx, session_id)
    moment, limits = await now(tx), keeping.limits(tx)
    found = merged(
        signed,
        given,
        lambda so_far, act: acts.sign_in(
            session, cohort, so_far, act, at=moment, limits=limits, others=others
        ),
    )
    await merging.keep(tx, session_id, found)
    return list(found.answers)


async def take_leaves(tx: Tx, session_id: SessionId, given: Sequence[SignOut], *, by: Actor) -> list[Answer]:
    """Who leaves before the end; each act has its own answer."""
    session = await _led_by(tx, session_id, by)
    signed = await store.signed(tx, session_id)
    left = await store.left(tx, session_id)
    moment, limits = await now(tx), keeping.limits(tx)
    answers: list[Answer] = []
    taken: list[SignOut] = []
    for act in given:
        answer = acts.sign_out(session, signed, left, act, at=moment, limits=limits)
        answers.append(answer)
        if answer.outcome is Taken.TAKEN:
            left[act.worker_id] = act
            taken.append(act)
    await store.leave(tx, session_id, taken)
    return answers


async def others_of(tx: Tx, session: Session) -> frozenset[WorkerId]:
    """Who learns the same in another cohort of the order."""
    cohorts = await store.cohorts_of_line(tx, session.order_id, session.line)
    own = cohorts.get(session.cohort_id, frozenset())
    return frozenset(worker for workers in cohorts.values() for worker in workers) - own


async def missed_before(tx: Tx, session: Session, guests: Collection[WorkerId]) -> dict[WorkerId, SessionId]:
    """For each guest who missed this unit with their own cohort, that session; the last of several."""
    if not guests or session.unit is None:
        return {}
    cohorts = await store.cohorts_of_line(tx, session.order_id, session.line)
    missed: dict[WorkerId, SessionId] = {}
    for cohort, workers in cohorts.items():
        mine = workers & set(guests)
        if not mine or cohort == session.cohort_id:
            continue
        for held in await store.held_for(tx, cohort):
            if held.unit == session.unit and held.state in HELD:
                there = {each.worker_id for each in held.attended}
                missed |= dict.fromkeys(mine - there, held.session_id)
    return missed


async def _led_by(tx: Tx, session_id: SessionId, by: Actor) -> Session:
    session = await store.lock(tx, session_id)
    rules.check_lead(session, actors.person_of(by))
    return session
