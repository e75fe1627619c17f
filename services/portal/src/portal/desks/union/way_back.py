"""From one certificate back to the question it began with: of all that was told, what it stands on. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from portal.boards.story import Told

OF_THE_ORDER = frozenset(
    {
        "survey.opened", "survey.answered", "survey.corrected", "order.submitted", "order.pool_proposed",
        "order.pool_consented", "order.pooled", "order.accepted", "order.amended", "scheme.approved",
        "scheme.confirmed", "order.started", "delivery.completed", "evaluation.completed", "order.fulfilled",
    }
)  # fmt: skip
"""What holds for everybody of an order."""
TAUGHT = frozenset(
    {
        "session.scheduled", "session.moved", "session.opened", "session.closed", "session.disputed",
        "session.confirmed", "assignment.accepted", "assignment.substituted",
    }
)  # fmt: skip
"""Of a session at which the holder was: when it was, who taught, who says that it was held."""


def way_back(facts: Sequence[Told], certificate_id: UUID) -> list[Told]:
    """Those facts without which this certificate would not be, and what was done about it since; oldest first."""
    issued = _issued(facts, str(certificate_id))
    if not issued:
        return []
    worker = str(issued[0].data["worker_id"])
    certificates = {str(each.data["certificate_id"]) for each in issued}
    evaluations = {str(each.data["evaluation_id"]) for each in issued}
    batches = {
        str(each.data["batch_id"])
        for each in facts
        if _name(each) == "candidate.admitted" and str(each.data.get("evaluation_id")) in evaluations
    }
    sessions = {
        str(each.data["session_id"])
        for each in facts
        if _name(each) == "session.closed" and worker in _attending(each.data)
    } | {
        str(each.data["session_id"])
        for each in facts
        if _name(each).startswith("attendance.") and str(each.data.get("worker_id")) == worker
    }

    def stands_on(fact: Told) -> bool:
        data, name = fact.data, _name(fact)

        def of(key: str, known: set[str]) -> bool:
            return data.get(key) is not None and str(data[key]) in known

        return name in OF_THE_ORDER or any(
            (
                of("certificate_id", certificates),
                not certificates.isdisjoint(map(str, data.get("certificates") or ())),
                not name.startswith("certificate.") and of("evaluation_id", evaluations),
                name.startswith("attendance.") and of("worker_id", {worker}),
                name in TAUGHT and of("session_id", sessions),
                "evaluation_id" not in data and of("batch_id", batches),
            )
        )

    return [fact for fact in facts if stands_on(fact)]


def orders_before(facts: Iterable[Told]) -> list[str]:
    """Of a joint order the orders of its members, by id."""
    return [
        str(member["order_id"])
        for fact in facts
        if _name(fact) == "order.pool_proposed"
        for member in fact.data.get("members", ())
    ]


def asked_by(submitted: Iterable[Told], worker: str) -> list[Told]:
    """Of the orders that were submitted, those on which the worker stood."""
    return [
        fact
        for fact in submitted
        if any(
            str(trainee["worker_id"]) == worker
            for line in fact.data.get("lines", ())
            for trainee in line.get("trainees", ())
        )
    ]


def _issued(facts: Sequence[Told], certificate_id: str) -> list[Told]:
    """The certificate, and before it those that it replaces; nothing when none of these facts issued it."""
    by_id = {str(each.data["certificate_id"]): each for each in facts if _name(each) == "certificate.issued"}
    found: list[Told] = []
    wanted: str | None = certificate_id
    while wanted in by_id:
        fact = by_id.pop(wanted)
        found.append(fact)
        wanted = str(fact.data["replaces"]) if fact.data.get("replaces") else None
    return found


def _attending(data: Mapping[str, Any]) -> set[str]:
    return {str(each["worker_id"]) for each in data.get("attended", ())}


def _name(fact: Told) -> str:
    return fact.type.rpartition(".v")[0]
