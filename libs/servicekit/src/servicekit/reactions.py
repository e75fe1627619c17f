"""What a service does because a fact arrived: the register of its reactions, and how a record is read.

    reactions = Reactions("scheduling", topics=(ORDERS, SUPPLY))

    @reactions.on(OrderAccepted)
    async def when_order_accepted_draft_a_scheme(tx: Tx, fact: OrderAccepted, cause: Cause) -> None: ...

A reaction works through its `tx` only (no HTTP, no files, no module state):
it may be taken back and run again. One that says facts names what of it runs when these facts are there
already, because a lost database is made up for (`restoring`): `remember=` what it copies or asks for, or
`nothing_to_remember`.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import ValidationError

from contracts.base import TOPICS, Envelope, Fact, fact_of
from contracts.upcasts import newest_of
from servicekit.boards import Board
from servicekit.db import Cause, Tx
from servicekit.facts import Bound

F = TypeVar("F", bound=Fact)
Reaction = Callable[[Tx, Any, Cause], Awaitable[None]]
OnChunk = Callable[[Tx, Sequence[Envelope]], Awaitable[None]]


async def nothing_to_remember(tx: Tx, fact: Fact, cause: Cause) -> None:
    """Of a reaction that only decides: all that follows from it is in the facts it says."""


@dataclass(slots=True)  # not frozen: that would cost as much as reading the record
class Arrived:
    """A record of a topic, as far as it could be read. `fault` says why it cannot be applied."""

    sender: str
    subject: str
    sequence: int
    """0 when the record is no envelope."""
    id: UUID
    type: str
    body: bytes
    envelope: Envelope | None
    fault: str | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """What a head is kept for."""
        return self.sender, self.subject


def cause_of(envelope: Envelope) -> Cause:
    """The fact in this envelope, as the cause of what follows."""
    return Cause(
        envelope.id,
        envelope.source,
        envelope.type,
        envelope.subject,
        envelope.sequence,
        envelope.time,
        envelope.actor,
        envelope.correlationid,
        envelope.traceparent,
    )


class Reactions:
    """One consumer: its name, its topics, and what it does about which fact.

    `records_facts=False` for a consumer that only writes rows of its own (boards): larger batches, no locks.
    `start="first_seen"` takes the first sequence of an unknown subject as its head (the topic's beginning is
    gone); never the default. Facts older than `since` only move the heads (effects outside: mail).
    `bound` names further subjects that a reaction may touch; they are held together with the facts' own.
    """

    def __init__(
        self,
        consumer: str,
        *,
        topics: Sequence[str] = TOPICS,
        records_facts: bool = True,
        boards: Sequence[Board[Any]] = (),
        start: Literal["beginning", "first_seen"] = "beginning",
        since: datetime | None = None,
        bound: Bound | None = None,
    ) -> None:
        self.consumer = consumer
        self.topics = tuple(topics)
        self.records_facts = records_facts
        self.boards = tuple(boards)
        self.start = start
        self.since = since
        self.bound = bound
        self.handlers: dict[str, list[Reaction]] = {}
        self.remembering: dict[str, list[Reaction]] = {}
        self.chunk_handlers: list[OnChunk] = []
        self._types: frozenset[str] | None = None
        self._families: set[str] | None = None
        self._readable: set[str] = set()

    @property
    def most(self) -> int:
        """Most facts of a batch: a consumer that records facts of its own holds their subjects meanwhile."""
        return 100 if self.records_facts else 2000

    def on(
        self, *facts: type[F], remember: Callable[[Tx, F, Cause], Awaitable[None]] | None = None
    ) -> Callable[[Callable[[Tx, F, Cause], Awaitable[None]]], Callable[[Tx, F, Cause], Awaitable[None]]]:
        """Register a reaction: `async (tx, fact, cause)`, named `when_<fact>_<what follows>`.

        `remember` is the part of it that runs when what it said lies on the topic already; none = the whole,
        of a reaction that only copies.
        """

        def register(handler: Callable[[Tx, F, Cause], Awaitable[None]]) -> Any:
            for fact in facts:
                self._check_topic(fact)
                self.handlers.setdefault(fact.type, []).append(handler)
                self.remembering.setdefault(fact.type, []).append(remember or handler)
            return handler

        return register

    def on_chunk(self, handler: OnChunk) -> OnChunk:
        """Register for all new facts of a chunk at once, known types or not, before the reactions.

        `async (tx, envelopes)`: for whoever keeps every fact (a story) with one multi-row statement.
        """
        self.chunk_handlers.append(handler)
        return handler

    def _check_topic(self, fact: type[Fact]) -> None:
        if fact.topic not in self.topics:
            raise ValueError(f"{self.consumer} does not read {fact.topic}, where {fact.type} is said")

    @property
    def types(self) -> frozenset[str]:
        """The types of facts that something follows from here; asked first when all are registered."""
        if self._types is None:
            self._types = frozenset(self.handlers).union(*(board.folds for board in self.boards))
        return self._types

    def reacts_to(self, type_: str) -> bool:
        """Whether anything here follows from facts of this type, or of the newer one that it is read as."""
        return newest_of(type_) in self.types

    def _reacts_to_family(self, type_: str) -> bool:
        """Whether another version of the type has a reaction here."""
        if self._families is None:
            self._families = {each.rpartition(".")[0] for each in self.types}
        return type_.rpartition(".")[0] in self._families

    def _is_unknown_version(self, type_: str) -> bool:
        """Of a family that something follows from here, and nothing that we can read."""
        if type_ in self._readable:
            return False
        if fact_of(newest_of(type_)) is None:
            return self._reacts_to_family(type_)
        self._readable.add(type_)
        return False

    def read(self, topic: str, partition: int, offset: int, key: bytes | None, body: bytes | None) -> Arrived:
        """A record as it came; what cannot be read has a `fault`, and its key as subject."""
        try:
            envelope = Envelope.from_bytes(body or b"")
        except (ValidationError, ValueError) as error:
            place = f"{topic}/{partition}/{offset}"
            subject = (key or b"").decode(errors="replace").replace("\0", "") or place
            id_ = uuid5(NAMESPACE_URL, place)
            return Arrived("?", subject, 0, id_, "?", body or b"", None, f"not an envelope: {error}")
        fault = None
        if envelope.subject.encode() != key and key is not None:
            fault = f"key {key!r} is not the subject"
        elif self._is_unknown_version(envelope.type):
            fault = f"unknown version: {envelope.type}"
        return Arrived(
            envelope.source,
            envelope.subject,
            envelope.sequence,
            envelope.id,
            envelope.type,
            body or b"",
            envelope,
            fault,
        )
