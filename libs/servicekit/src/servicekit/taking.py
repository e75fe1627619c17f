"""How a chunk of facts is taken: whole, in one transaction; if that fails, fact by fact with savepoints.

What was seen (heads), the effects, and what is parked are written together or not at all.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from opentelemetry import trace
from structlog.contextvars import bound_contextvars

from contracts.base import Envelope, Fact
from servicekit import heads, parking, telemetry
from servicekit.db import Cause, Transactions, Tx, passing
from servicekit.facts import hold_with
from servicekit.faults import passed
from servicekit.heads import Pair
from servicekit.parking import First, Reason
from servicekit.reactions import Arrived, Reactions, cause_of

log = structlog.get_logger("consumer")


class FaultOfAFact(Exception):  # noqa: N818  names whose fault it is
    """The chunk cannot be taken whole: one of its facts is to blame, not the database."""


@dataclass
class Outcome:
    """What became of a chunk. `untaken` is set when too many subjects were parked to go on."""

    applied: int = 0
    duplicate: int = 0
    passed_over: int = 0
    parked: list[str] = field(default_factory=list)
    untaken: bool = False

    def count(self, consumer: str) -> None:
        """Into the metrics, once the transaction is committed."""
        for outcome in ("applied", "duplicate", "passed_over"):
            telemetry.FACTS.labels(consumer, outcome).inc(getattr(self, outcome))
        telemetry.FACTS.labels(consumer, "parked").inc(len(self.parked))


class Taking:
    """Applies arrived facts for one consumer. Nothing of Kafka in here.

    With `remembering`, what the reactions said lies on the topic already: they only copy (`restoring`).
    """

    def __init__(
        self, reactions: Reactions, transactions: Transactions, *, remembering: bool = False
    ) -> None:
        self.reactions = reactions
        self.transactions = transactions
        self.consumer = reactions.consumer
        self.remembering = remembering

    async def whole(self, chunk: Sequence[Arrived]) -> Outcome:
        """The usual day: one commit, no savepoint. `FaultOfAFact` when it must be done one by one."""
        outcome = Outcome()
        try:
            async with self.transactions.begin() as tx:
                await self.within(tx, chunk, outcome)
                passed("consumer.in_transaction")
        except FaultOfAFact:
            raise
        except Exception as error:
            if passing(error):
                raise
            raise FaultOfAFact(repr(error)) from error
        outcome.count(self.consumer)
        return outcome

    async def within(self, tx: Tx, chunk: Sequence[Arrived], outcome: Outcome) -> None:
        """The chunk, whole, in a transaction that somebody else began."""
        free = await self._park_behind(tx, chunk, outcome)
        await self._hold_subjects(tx, free)
        new = await self._new_of(tx, free, outcome)
        await self._apply(tx, new, outcome)

    async def one_by_one(self, chunk: Sequence[Arrived], *, most_parked: int) -> Outcome:
        """All locks first, sorted; then each fact in its savepoint. What fails is parked, its subject waits.

        Stops after `most_parked` newly parked subjects with nothing applied between: then the code is wrong.
        """
        outcome = Outcome()
        async with self.transactions.begin() as tx:
            subjects = sorted({fact.subject for fact in chunk})
            await parking.lock(tx, self.consumer, subjects)
            await self._hold_subjects(tx, chunk)
            last = await heads.hold(tx, self.consumer, sorted({f.pair for f in chunk if f.sequence}))
            waits = await parking.first_of(tx, self.consumer, subjects)
            for fact in chunk:
                await self._take_one(tx, fact, last, waits, outcome)
                if len(outcome.parked) >= most_parked and not outcome.applied:
                    outcome.untaken = fact is not chunk[-1]
                    break
            if last:
                await heads.advance(tx, self.consumer, {pair: n for pair, n in last.items() if n})
            passed("consumer.in_transaction")
        outcome.count(self.consumer)
        return outcome

    async def _take_one(
        self,
        tx: Tx,
        fact: Arrived,
        last: dict[Pair, int],
        waits: dict[str, First],
        outcome: Outcome,
    ) -> None:
        """One fact of the slow path, after all locks are held."""
        seen = last.get(fact.pair, 0)
        if await self._is_done_with(tx, fact, seen):
            outcome.duplicate += 1
            return
        if fact.sequence and seen == 0 and self.reactions.start == "first_seen":
            seen = fact.sequence - 1
        first = waits.get(fact.subject)
        fills = first is not None and parking.fills(first, fact, seen)
        if first is not None and not fills:
            await parking.park(tx, self.consumer, [(fact, "behind", "")])
            return
        if fact.sequence > seen + 1 and fact.envelope is not None:
            await self._park(tx, fact, "gap", f"sequence {fact.sequence} after {seen}", waits, outcome)
            return
        try:
            async with tx.savepoint():
                await self._apply(tx, [fact], outcome)
        except Exception as error:
            if passing(error):
                raise
            if fills:
                await parking.park(tx, self.consumer, [(fact, "poison", _told(error))])
                return
            await self._park(tx, fact, "poison", _told(error), waits, outcome)
            return
        last[fact.pair] = fact.sequence
        if fills:
            left = await self.drain(tx, fact.subject, last)
            if not left:
                del waits[fact.subject]

    async def _is_done_with(self, tx: Tx, fact: Arrived, seen: int) -> bool:
        """Seen before; what cannot be read has no head that tells, but a person may have decided to do without it."""
        if fact.sequence:
            return fact.sequence <= seen
        return fact.envelope is None and await parking.is_skipped(tx, self.consumer, fact.id)

    async def _park(
        self,
        tx: Tx,
        fact: Arrived,
        reason: Reason,
        error: str,
        waits: dict[str, First],
        outcome: Outcome,
    ) -> None:
        await parking.park(tx, self.consumer, [(fact, reason, error)])
        waits[fact.subject] = First(fact.sender, reason, fact.sequence or None)
        outcome.parked.append(fact.subject)
        log.error(
            "fact parked", consumer=self.consumer, subject=fact.subject, type=fact.type, id=str(fact.id),
            reason=reason, error=error[:500],
        )  # fmt: skip

    async def drain(
        self, tx: Tx, subject: str, last: dict[Pair, int], *, missing: int = 0
    ) -> list[parking.Parked]:
        """Apply the parked facts of a subject in order, as far as it goes; answers what is left.

        Locks are held by the caller; `last` is brought up to date. `missing` forerunners that a person has
        decided to do without are stepped over.
        """
        rows = await parking.rows_of(tx, self.consumer, subject)
        while rows:
            row = parking.next_of(rows, last, missing)
            fact = self.reactions.read("parked", 0, row.seq, row.subject.encode(), row.body)
            seen = last.get(fact.pair, 0)
            if fact.sequence and fact.sequence <= seen:
                await parking.drop(tx, row)
                rows.remove(row)
                continue
            if fact.envelope is not None and fact.sequence > seen + 1 + missing:
                await parking.mark(tx, row, "gap", f"sequence {fact.sequence} after {seen}")
                return rows
            try:
                async with tx.savepoint():
                    await self._apply(tx, [fact], Outcome())
            except Exception as error:
                if passing(error):
                    raise
                await parking.mark(tx, row, "poison", _told(error))
                return rows
            last[fact.pair] = fact.sequence
            missing = 0
            await parking.drop(tx, row)
            rows.remove(row)
            passed("replay.in_transaction")
        return rows

    async def _park_behind(self, tx: Tx, chunk: Sequence[Arrived], outcome: Outcome) -> list[Arrived]:
        """Park what belongs behind parked facts, in one trip; answers the rest."""
        waits = await parking.blocked(tx, self.consumer, list({fact.subject for fact in chunk}))
        if not waits:
            return list(chunk)
        behind = [fact for fact in chunk if fact.subject in waits]
        last = await heads.read(tx, self.consumer, {fact.pair for fact in behind})
        fresh = [f for f in behind if not f.sequence or f.sequence > last.get(f.pair, 0)]
        if any(parking.fills(waits[fact.subject], fact, last.get(fact.pair, 0)) for fact in fresh):
            raise FaultOfAFact("a gap is filled")
        outcome.duplicate += len(behind) - len(fresh)
        if fresh:
            await parking.park(tx, self.consumer, [(fact, "behind", "") for fact in fresh])
        return [fact for fact in chunk if fact.subject not in waits]

    async def _hold_subjects(self, tx: Tx, facts: Sequence[Arrived]) -> None:
        """A consumer that records facts of its own holds the subjects before any other write."""
        if self.reactions.records_facts:
            subjects = {f.subject for f in facts if self.reactions.reacts_to(f.type)}
            await hold_with(tx, subjects, self.reactions.bound if subjects else None)

    async def _new_of(self, tx: Tx, facts: Sequence[Arrived], outcome: Outcome) -> list[Arrived]:
        """The facts not seen before; heads are moved. A gap or an unreadable fact is for the slow path."""
        highest: dict[Pair, int] = {}
        for fact in facts:
            if fact.fault:
                raise FaultOfAFact(fact.fault)
            highest[fact.pair] = max(highest.get(fact.pair, 0), fact.sequence)
        if not highest:
            return []
        before = await heads.advance(tx, self.consumer, highest)
        last: dict[Pair, int] = {}
        new: list[Arrived] = []
        for fact in facts:
            if fact.pair not in before:
                outcome.duplicate += 1
                continue
            old = before[fact.pair]
            if old is None and self.reactions.start == "first_seen":
                old = fact.sequence - 1
            seen = last.get(fact.pair, old or 0)
            if fact.sequence <= seen:
                outcome.duplicate += 1
            elif fact.sequence == seen + 1:
                new.append(fact)
                last[fact.pair] = fact.sequence
            else:
                raise FaultOfAFact(f"gap: {fact.subject} {seen} -> {fact.sequence}")
        return new

    async def _apply(self, tx: Tx, facts: Sequence[Arrived], outcome: Outcome) -> None:
        """The effects of new facts, in order: whole-chunk handlers, reactions, boards."""
        since = self.reactions.since
        new: list[Envelope] = []
        for arrived in facts:
            if arrived.fault or arrived.envelope is None:
                raise FaultOfAFact(arrived.fault or "not an envelope")
            if since is None or arrived.envelope.time >= since:
                new.append(arrived.envelope)
        for take in self.reactions.chunk_handlers:
            await take(tx, new)
        known: list[tuple[Fact, Cause]] = []
        for envelope in new:
            if self.reactions.reacts_to(envelope.type):
                fact, cause = envelope.fact(), cause_of(envelope)
                known.append((fact, cause))
                await self._react(tx, fact, cause)
        for board in self.reactions.boards:
            await board.take(tx, known)
        outcome.applied += len(known)
        outcome.passed_over += len(facts) - len(known)

    async def _react(self, tx: Tx, fact: Fact, cause: Cause) -> None:
        """Call the reactions of one fact; what they record has it as its cause and goes on in its trace."""
        of = self.reactions.remembering if self.remembering else self.reactions.handlers
        handlers = of.get(fact.type)
        if not handlers:
            return
        tx.cause, tx.correlation = cause, cause.correlation
        tx.as_of = cause.time if self.remembering else None
        with _span(fact, cause):
            tx.traceparent = telemetry.current_traceparent() or cause.traceparent
            try:
                passed("consumer.reaction", cause.subject)
                with bound_contextvars(order=cause.subject, cause=str(cause.id)):
                    for handler in handlers:
                        await handler(tx, fact, cause)
            finally:
                tx.cause = tx.correlation = tx.traceparent = tx.as_of = None


def _span(fact: Fact, cause: Cause) -> contextlib.AbstractContextManager[object]:
    """The reactions' part of the cause's trace, where somebody collects it."""
    if not telemetry.collected():
        return contextlib.nullcontext()
    return telemetry.tracer().start_as_current_span(
        fact.type,
        links=telemetry.link_to(cause.traceparent),
        kind=trace.SpanKind.CONSUMER,
        attributes={"songjiao.subject": cause.subject},
    )


def _told(error: Exception) -> str:
    """The error as the person at the parking desk reads it."""
    return f"{type(error).__name__}: {error}"
