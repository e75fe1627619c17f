"""Who assesses was to have taught none of the candidates: in this order or any other, ever."""

from collections import defaultdict
from collections.abc import Iterable

from contracts.values import PersonId, SessionId, WorkerId
from evaluation.findings.checks.seen import Examined, Finding, Kind, Meeting, found


def assessor_taught(batch: Examined, meetings: Iterable[Meeting]) -> list[Finding]:
    """Per assessor, whom of the candidates they have taught and at which sessions."""
    whom: dict[PersonId, set[WorkerId]] = defaultdict(set)
    where: dict[PersonId, set[SessionId]] = defaultdict(set)
    for each in meetings:
        taught = each.workers & batch.candidates
        if each.led_by is not None and each.led_by in batch.assessors and taught:
            whom[each.led_by] |= taught
            where[each.led_by].add(each.session_id)
    return [
        found(
            Kind.ASSESSOR_TAUGHT, batch.order_id, batch_id=batch.batch_id, sessions=where[person],
            people=(person,), workers=workers, heads=len(workers), times=len(where[person]),
        )
        for person, workers in sorted(whom.items())
    ]  # fmt: skip
