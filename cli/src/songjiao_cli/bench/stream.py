"""Whole stories of many orders as the services would tell them, mixed as on a busy day: for whoever folds them."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.base import Envelope, Fact, all_facts
from contracts.examples import example_of

SESSIONS, CANDIDATES, TRAINEES = 12, 12, 20
IN_WORK = 300
"""Orders under way at the same time."""
ORDER_MARK, NUMBER_MARK = "aaaaaaaa", "777777"
BEGAN = datetime(2026, 5, 6, 1, tzinfo=UTC)
_SESSION = (
    "session.scheduled", "assignment.offered", "assignment.accepted", "session.opened", "session.closed",
    "session.confirmed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """A fact as it lies on a topic."""

    topic: str
    key: bytes
    value: bytes
    source: str
    subject: str
    sequence: int


def id_of(kind: int, n: int = 0) -> str:
    """An id of the pattern order: its first eight digits are the order's own."""
    return f"{ORDER_MARK}-0000-7000-8{kind:03x}-{n:012x}"


def _facts() -> Iterator[tuple[str, dict[str, Any]]]:
    """The story of the pattern order: type without version, and what differs from the example."""
    number = f"2026-{NUMBER_MARK}"
    line = example_of(_model("order.submitted"))["lines"][0]
    people = [{"worker_id": id_of(1, n), "crew": "A"} for n in range(TRAINEES)]
    lines = [line | {"line": 1, "service": "skill_evaluation", "trainees": people}]
    yield "order.submitted", {"number": number, "lines": lines}
    yield "order.accepted", {"number": number, "lines": lines}
    yield from (("scheme.drafted", {}), ("scheme.approved", {}), ("scheme.confirmed", {}))
    placed = {n: {"session_id": id_of(2, n), "assignment_id": id_of(3, n)} for n in range(SESSIONS)}
    for kind in ("session.scheduled", "assignment.offered", "assignment.accepted"):
        yield from ((kind, placed[n]) for n in range(SESSIONS))
    yield from (("order.staffed", {}), ("order.started", {}))
    for n in range(SESSIONS):
        attended = [
            {"worker_id": id_of(1, each), "minutes": 180, "way": "roll_call", "act_id": id_of(4, each)}
            for each in range(TRAINEES)
        ]
        yield "session.opened", placed[n]
        yield "session.closed", placed[n] | {"attended": attended}
        yield "session.confirmed", placed[n]
    yield "delivery.completed", {}
    yield "evaluation.planned", {"batch_id": id_of(5), "candidates": CANDIDATES}
    for kind in ("candidate.admitted", "candidate.assessed"):
        yield from ((kind, _candidate(n)) for n in range(CANDIDATES))
    yield "results.posted", {"batch_id": id_of(5)}
    for n in range(CANDIDATES):
        yield "certificate.issued", _candidate(n) | {
            "certificate_id": id_of(7, n), "number": f"S{350000:012}{n:03}{NUMBER_MARK}",
            "check": f"c{n:03}{NUMBER_MARK}",
        }  # fmt: skip
    yield from (("evaluation.completed", {"batch_id": id_of(5)}), ("order.fulfilled", {}))


def _candidate(n: int) -> dict[str, str]:
    return {"batch_id": id_of(5), "evaluation_id": id_of(6, n), "worker_id": id_of(1, n)}


def _model(kind: str) -> type[Fact]:
    return next(fact for fact in all_facts() if fact.type == f"{kind}.v1")


def pattern() -> list[Record]:
    """One order's story, whole and checked by the contracts, with marks where orders differ."""
    records: list[Record] = []
    sequences: dict[str, int] = defaultdict(int)
    cause: UUID | None = None
    for n, (kind, own) in enumerate(_facts()):
        model = _model(kind)
        example = example_of(model) | {"order_id": id_of(0)}
        fact = model.model_validate(example | {key: own[key] for key in own.keys() & model.model_fields})
        sequences[fact.source] += 1
        id_ = UUID(id_of(15, n))
        envelope = Envelope.around(
            fact, id=id_, sequence=sequences[fact.source], time=BEGAN + timedelta(minutes=n), causationid=cause,
            correlationid=id_of(14, n), actor=f"service:{fact.source}",
        )  # fmt: skip
        cause = id_
        records.append(
            Record(
                fact.topic,
                fact.subject.encode(),
                envelope.to_bytes(),
                fact.source,
                fact.subject,
                envelope.sequence,
            )
        )
    return records


def told(facts: int, seed: int = 1) -> Iterator[Record]:
    """So many facts of whole orders, the last ones cut short; each order in its sequence, orders mixed."""
    chance = random.Random(seed)  # noqa: S311  a mix, no secret
    story = pattern()
    at_work: list[list[int]] = []
    begun = 0
    for _ in range(facts):
        if len(at_work) < min(IN_WORK, 1 + facts // len(story)):
            at_work.append([begun, 0])
            begun += 1
        turn = chance.randrange(len(at_work))
        order, at = at_work[turn]
        yield _of_order(story[at], order)
        if at + 1 == len(story):
            at_work.pop(turn)
        else:
            at_work[turn][1] = at + 1


def _of_order(record: Record, order: int) -> Record:
    mark, number = f"{order:08x}".encode(), f"{order:06}".encode()
    value = record.value.replace(ORDER_MARK.encode(), mark).replace(NUMBER_MARK.encode(), number)
    subject = record.subject.replace(ORDER_MARK, mark.decode())
    return Record(record.topic, subject.encode(), value, record.source, subject, record.sequence)
