"""A signed sheet is entered: by the session's lead, or by the union for them."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from contracts.values import SessionId, WorkerId
from evaluation import actors
from evaluation.delivery import merging, paper_rules, present, rules, store
from evaluation.delivery.keeping import limits
from evaluation.delivery.session import Session, SignIn
from evaluation.delivery.sources import Merged, merged
from evaluation.known import known
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.identity import Actor

SPACE = UUID("0192f3c4-5a00-7000-8000-000000000011")


def act_of(session_id: SessionId, worker_id: WorkerId) -> UUID:
    """A worker's line on the session's sheet is one act, however often it is entered."""
    return uuid5(SPACE, f"{session_id}|{worker_id}")


async def lock(tx: Tx, session_id: SessionId, *, by: Actor) -> Session:
    """The session, held, if its sheet may be entered now by this one."""
    session = await store.lock(tx, session_id)
    if not by.may("union"):
        rules.check_lead(session, actors.person_of(by))
    paper_rules.check_can_be_entered(session, at=await now(tx), limits=limits(tx))
    return session


async def look(tx: Tx, session: Session, acts: Sequence[SignIn]) -> Merged:
    """What would become of the lines; nothing is kept."""
    cohort = frozenset(await store.workers_of(tx, session.cohort_id))
    moment = await now(tx)
    return merged(
        await store.signed(tx, session.session_id),
        acts,
        lambda so_far, act: paper_rules.sign_in(session, cohort, so_far, act, at=moment, limits=limits(tx)),
    )


async def take(tx: Tx, session: Session, acts: Sequence[SignIn]) -> Merged:
    """The lines that count are sign-ins from now on, the others of people who are here are noted."""
    found = await look(tx, session, acts)
    await merging.keep(tx, session.session_id, found)
    return found


async def again(tx: Tx, session_id: SessionId) -> dict[WorkerId, list[SignIn]]:
    """What else was told of whom who was signed in already."""
    return await merging.again(tx, session_id)


def minutes(tx: Tx, session: Session, act: SignIn) -> int:
    """What the line would count."""
    when = present.taught(session, None, limits(tx).crediting(session.slot.day))
    class_hour = known(tx).programmes.rules.class_hour_minutes.value
    return present.minutes_of(session, when, act.at, act.left_at, class_hour)
