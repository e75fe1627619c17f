"""Who assesses was to have taught none of the candidates: in this order or any other, ever."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from contracts.values import PersonId, SessionId, WorkerId
from evaluation.findings.checks.seen import Examined, Finding, Kind, Meeting, found


def assessor_taught(batch: Examined, meetings: Iterable[Meeting]) -> list[Finding]:
    """Per assessor, whom of the candidates they have taught and at which sessions."""
    where: dict[PersonId, dict[WorkerId, frozenset[SessionId]]] = defaultdict(dict)
    for each in meetings:
        taught = each.workers & batch.candidates
        if each.led_by is not None and each.led_by in batch.assessors and taught:
            whom = where[each.led_by]
            for worker in taught:
                whom[worker] = whom.get(worker, frozenset()) | {each.session_id}
    return [_taught(batch, person, whom) for person, whom in sorted(where.items())]


def _taught(batch: Examined, person: PersonId, whom: Mapping[WorkerId, frozenset[SessionId]]) -> Finding:
    sessions = frozenset[SessionId]().union(*whom.values())
    return found(
        Kind.ASSESSOR_TAUGHT, batch.order_id, batch_id=batch.batch_id, sessions=sessions, people=(person,),
        workers=whom, taught=whom, heads=len(whom), times=len(sessions),
    )  # fmt: skip
