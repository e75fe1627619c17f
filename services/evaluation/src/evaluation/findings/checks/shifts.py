"""At a lesson in the middle of one's own shift, though the scheme released another crew for it."""

from datetime import date

from contracts.programme_findings import FindingRules
from contracts.values import WorkerId
from evaluation.findings.checks.seen import Crews, Finding, Kind, Meeting, found
from staffing.moments import Clockwork, Span, day_of, overlap


def own_shift(meeting: Meeting, crews: Crews, *, limits: FindingRules, clock: Clockwork) -> list[Finding]:
    """Workers whose shift lasted on while they were here. A crew that the scheme took out of its shift is released."""
    lost: dict[WorkerId, int] = {}
    for sign in meeting.signs:
        calendar = crews.of.get(sign.worker_id)
        if calendar is None or calendar.crew in crews.released or sign.at is None:
            continue
        here = clock.span(min(sign.at, meeting.slot.ends_at), meeting.slot.ends_at)
        minutes = sum(overlap(here, work) for work in calendar.work(*_days(here)))
        if minutes > limits.shift_minutes.value:
            lost[sign.worker_id] = minutes
    if not lost:
        return []
    return [
        found(
            Kind.OWN_SHIFT, meeting.order_id, sessions=(meeting.session_id,), workers=lost,
            heads=len(lost), each=lost,
        )
    ]  # fmt: skip


def _days(span: Span) -> tuple[date, date]:
    return day_of(span.start), day_of(max(span.start, span.end - 1))
