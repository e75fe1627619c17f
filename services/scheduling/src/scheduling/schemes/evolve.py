"""What the facts of a scheme and its sessions do to rows and jobs, when they are all that is left of it.

What a version says is in no fact until it is confirmed. One that was confirmed is made again from its sessions;
one that waits for a signature is drafted anew, as the next version.
"""

from dataclasses import replace

from contracts.scheduling import (
    SchemeApproved,
    SchemeConfirmed,
    SchemeDeclined,
    SchemeEscalated,
    SchemeReminded,
    SchemeWithContent,
    SchemeWithdrawn,
    SessionCancelled,
    SessionMoved,
    SessionScheduled,
    SessionUnplaced,
)
from contracts.values import OrderId
from scheduling.known import known
from scheduling.schemes import content, drafting, from_facts, replanning, returns, store
from scheduling.schemes.drafting import DRAFT, fold
from scheduling.sessions import commands as sessions
from servicekit.clock import now, today
from servicekit.db import Cause, Tx
from servicekit.evolution import position_of
from servicekit.facts import read_story
from servicekit.timers import ask_for, drop_deadline


async def drafted(tx: Tx, fact: SchemeWithContent, cause: Cause) -> None:
    """A version whose content is lost: another draft is asked for, unless this one is confirmed meanwhile."""
    before = (await store.lock(tx, fact.order_id)).scheme.version
    await fold(tx, fact, cause)
    stored = await store.lock(tx, fact.order_id)
    by_hand = cause.actor is not None and not cause.actor.startswith("service:")
    made_by = cause.actor if by_hand and cause.actor else drafting.PLANNER
    await store.add_lost_version(tx, fact, made_by=made_by, made_at=await now(tx))
    if stored.scheme.in_force == fact.version:
        await _with_other_pins(tx, fact, before)
        return
    await store.drop_alternatives(tx, fact.order_id)
    because = position_of(cause)
    await ask_for(tx, DRAFT, key=fact.order_id, subject=fact.order_id, because=because)


async def _with_other_pins(tx: Tx, fact: SchemeWithContent, before: int) -> None:
    """What is in force, but for what is pinned."""
    same = await store.version_of(tx, fact.order_id, before)
    if same is not None:
        draft = content.with_pins(same.draft, fact.pinned)
        await store.find_again(tx, fact.order_id, fact.version, draft)


async def approved(tx: Tx, fact: SchemeApproved, cause: Cause) -> None:
    """The enterprise's turn."""
    await fold(tx, fact, cause)


async def confirmed(tx: Tx, fact: SchemeConfirmed, cause: Cause) -> None:
    """In force, its cohorts known; its sessions follow one by one."""
    stored = await fold(tx, fact, cause)
    plans = from_facts.cohort_plans(fact.order_id, stored.ordered, fact.cohorts, today=await today(tx))
    await sessions.schedule(tx, (), plans, version=fact.version)
    await drop_deadline(tx, DRAFT, fact.order_id)
    await store.drop_alternatives(tx, fact.order_id)
    await _made_again(tx, fact.order_id)


async def declined(tx: Tx, fact: SchemeDeclined, cause: Cause) -> None:
    """The coordinator's turn; of an order that cannot be planned, the job is done."""
    await fold(tx, fact, cause)
    await returns.note(tx, fact, await now(tx))
    await drop_deadline(tx, DRAFT, fact.order_id)


async def reminded(tx: Tx, fact: SchemeReminded | SchemeEscalated, cause: Cause) -> None:
    """It is said once."""
    await fold(tx, fact, cause)


async def withdrawn(tx: Tx, fact: SchemeWithdrawn, cause: Cause) -> None:
    """It holds no longer; what follows for its sessions has facts of its own."""
    await fold(tx, fact, cause)
    await store.drop_alternatives(tx, fact.order_id)


async def scheduled(tx: Tx, fact: SessionScheduled, _cause: Cause) -> None:
    """A session of the version that was just confirmed."""
    stored = await store.lock(tx, fact.order_id)
    await sessions.schedule(tx, [fact], (), version=stored.scheme.in_force or stored.scheme.version)
    await _made_again(tx, fact.order_id)


async def changed(tx: Tx, fact: SessionMoved | SessionCancelled | SessionUnplaced, _cause: Cause) -> None:
    """The session after the fact; the search for another time has come to its end."""
    await sessions.apply(tx, [fact])
    await drop_deadline(tx, replanning.REPLAN, fact.session_id)
    await _made_again(tx, fact.order_id)


async def _made_again(tx: Tx, order_id: OrderId) -> None:
    """What the version in force says, as soon as its sessions stand where its hash has them."""
    stored = await store.lock(tx, order_id)
    scheme = stored.scheme
    if scheme.in_force != scheme.version or not await store.is_lost(tx, order_id, scheme.version):
        return
    said = [each.envelope.fact() for each in await read_story(tx, order_id)]
    # a version that only pins was never confirmed itself: its cohorts are those of the one before
    confirmed = [f for f in said if isinstance(f, SchemeConfirmed) and f.version <= scheme.version]
    told = [f for f in said if isinstance(f, SchemeWithContent) and f.version == scheme.version]
    plans = await sessions.cohorts(tx, [each.cohort_id for each in confirmed[-1].cohorts])
    rows = await sessions.of_order(tx, order_id)
    draft = from_facts.draft_in_force(scheme, stored.ordered, plans, rows, known(tx).book)
    for found in (draft, replace(draft, evaluation=())):  # a version may be older than planned evaluations
        if content.fingerprint(found) == scheme.hash:
            pinned = content.with_pins(found, told[-1].pinned if told else ())
            await store.find_again(tx, order_id, scheme.version, pinned)
            return
