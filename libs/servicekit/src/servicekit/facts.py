"""The fact log: lock the subject, record the fact, read its story. The log is the outbox (`relay`).

`event` is append-only (the database refuses change); `unsent` is the relay's to-do list, a row per fact,
written in the same transaction.
"""

import contextlib
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.base import Envelope, Fact
from servicekit.clock import now
from servicekit.db import Cause, Position, Tx
from servicekit.identity import Actor
from servicekit.ids import new_id
from servicekit.said import Row

MOST_BYTES = 512 * 1024
"""Largest fact, in bytes as sent."""

DRAW = "select subject, sequence, at from draw($1::text[])"
STORY = "select position, body, at from event where subject = $1 order by sequence"
Bound = Callable[[Tx, Collection[str]], Awaitable[Collection[object]]]
"""Which further subjects the work on some may touch (the other order of a swap), read before any lock."""


async def hold_subject(tx: Tx, *subjects: object) -> None:
    """Lock these subjects to the end of the transaction and draw the next sequence of each.

    Before any row is read for a decision, all subjects of the transaction at once: the locks are taken sorted
    by hash key, so that two transactions never wait for each other. Held ones are passed over.
    """
    wanted = sorted({str(subject) for subject in subjects} - tx.held.keys())
    if not wanted:
        return
    for row in await tx.driver.fetch(DRAW, wanted):
        tx.held[row["subject"]] = row["sequence"]
        tx.time = row["at"]  # after the lock: the times of a subject never step back


async def hold_with(tx: Tx, subjects: Collection[object], bound: Bound | None) -> None:
    """Lock these subjects and those bound to them in one statement, first thing in a transaction.

    Which are bound is certain only when the subjects are held; if one came in meanwhile, all is let go and
    taken again, for a second statement could wait for somebody who waits for us.
    """
    wanted = {str(subject) for subject in subjects}
    if bound is None:
        await hold_subject(tx, *wanted)
        return
    while True:
        others = {str(each) for each in await bound(tx, wanted)}
        with contextlib.suppress(_OneMore):
            async with tx.savepoint():
                await hold_subject(tx, *wanted, *others)
                if {str(each) for each in await bound(tx, wanted)} - others - wanted:
                    raise _OneMore
            return


class _OneMore(Exception):  # noqa: N818  takes a savepoint back
    """A subject was bound to ours before we held everything."""


async def record(
    tx: Tx, fact: Fact, *, by: Actor | None = None, because: Cause | Position | None = None
) -> Position:
    """Say a fact in this transaction, which appends it at its end; its subject must be held (`LookupError`).

    `by` for a person's act; in a reaction or for a deadline `because` names the cause (without it the fact
    the reaction was called for). A person's act has no cause.
    """
    return (await record_all(tx, [fact], by=by, because=because))[0]


async def record_all(
    tx: Tx, facts: Sequence[Fact], *, by: Actor | None = None, because: Cause | Position | None = None
) -> list[Position]:
    """Say several facts, in this order."""
    if not facts:
        return []
    if tx.as_of is not None:
        raise RuntimeError(f"{facts[0].type}: nothing is said while what was said is folded")
    time = await now(tx)
    cause = because if because is not None or by is not None else tx.cause
    rows: list[Row] = []
    reached: list[Position] = []
    for fact in facts:
        if fact.source != tx.source:
            raise ValueError(f"{tx.source} cannot say {fact.type}: it is {fact.source}'s")
        subject = fact.subject
        if subject not in tx.held:
            raise LookupError(f"{fact.type}: subject {subject} is not held by this transaction")
        sequence = tx.held[subject]
        tx.held[subject] = sequence + 1
        id_ = new_id()
        body = Envelope.around(
            fact,
            id=id_,
            sequence=sequence,
            time=time,
            causationid=cause.id if cause else None,
            correlationid=_correlation(tx, by, cause),
            traceparent=tx.traceparent or getattr(cause, "traceparent", None),
            actor=by.user if by else f"service:{tx.source}",
        ).to_bytes()
        if len(body) > MOST_BYTES:
            raise ValueError(f"{fact.type} of {len(body)} bytes: at most {MOST_BYTES}")
        rows.append((id_, subject, sequence, fact.type, fact.topic, body))
        reached.append(Position(tx.source, subject, sequence, id_))
    tx.said += rows
    tx.reached.extend(reached)
    return reached


def _correlation(tx: Tx, by: Actor | None, cause: Cause | Position | None) -> str | None:
    """The key of the command that began it all."""
    if by is not None and by.key:
        return by.key
    return tx.correlation or getattr(cause, "correlation", None)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact of the log, with its place in it and the real time of its commit's transaction."""

    position: int
    at: datetime
    envelope: Envelope


async def read_story(tx: Tx, subject: object) -> list[Recorded]:
    """All this service has said about a subject, in order."""
    return [
        Recorded(row["position"], row["at"], Envelope.from_bytes(row["body"]))
        for row in await tx.driver.fetch(STORY, str(subject))
    ]
