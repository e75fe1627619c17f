"""At two places: a worker, or an instructor, has less time between two sessions than the way takes."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from contracts.programme_findings import FindingRules
from contracts.values import WorkerId
from evaluation.findings.checks.seen import Finding, Kind, Meeting, Sign, found
from staffing.diary import Place
from staffing.travel import Travel

MINUTE = timedelta(minutes=1)


def two_places(
    meeting: Meeting,
    others: Sequence[Meeting],
    *,
    limits: FindingRules,
    travel: Travel,
    leaves_early: timedelta,
) -> list[Finding]:
    """Workers who signed in at both of two sessions and cannot have been at both. `leaves_early`: before its end."""
    return [
        each
        for other in others
        if other.session_id != meeting.session_id
        for each in _both(*_in_order(meeting, other), meeting, limits, travel, leaves_early)
    ]


def _both(
    first: Meeting,
    second: Meeting,
    looked_at: Meeting,
    limits: FindingRules,
    travel: Travel,
    early: timedelta,
) -> list[Finding]:
    shared = first.workers & second.workers
    if not shared:
        return []
    drive = _drive(first, second, travel)
    left, came = _by_worker(first.signs, shared), _by_worker(second.signs, shared)
    gaps: dict[WorkerId, int] = {}
    for worker in shared:
        gap = (_from(second, came[worker]) - _until(first, left[worker], early)) // MINUTE
        if gap < drive * limits.drive_share.value:
            gaps[worker] = gap
    if not gaps:
        return []
    return [
        found(
            Kind.TWO_PLACES, looked_at.order_id, sessions=(first.session_id, second.session_id), workers=gaps,
            heads=len(gaps), each=gaps, drive=drive,
        )
    ]  # fmt: skip


def two_towns(
    meeting: Meeting,
    others: Sequence[Meeting],
    *,
    limits: FindingRules,
    travel: Travel,
    leaves_early: timedelta,
) -> list[Finding]:
    """Whoever opened both of two sessions and cannot have led both."""
    seen: list[Finding] = []
    for other in others:
        if other.session_id == meeting.session_id or meeting.led_by is None or other.led_by != meeting.led_by:
            continue
        first, second = _in_order(meeting, other)
        drive = _drive(first, second, travel)
        gap = (second.slot.starts_at - (first.slot.ends_at - leaves_early)) // MINUTE
        if gap < drive * limits.drive_share.value:
            seen.append(
                found(
                    Kind.TWO_TOWNS, meeting.order_id, sessions=(first.session_id, second.session_id),
                    people=(meeting.led_by,), minutes=max(0, gap), drive=drive,
                )
            )  # fmt: skip
    return seen


def _in_order(a: Meeting, b: Meeting) -> tuple[Meeting, Meeting]:
    first, second = sorted((a, b), key=lambda each: (each.slot.starts_at, each.session_id))
    return first, second


def _drive(a: Meeting, b: Meeting, travel: Travel) -> int:
    """Minutes; 0 to or from a session without a place."""
    if not (a.onsite and b.onsite):
        return 0
    return travel.minutes(Place(a.division, a.enterprise_id), Place(b.division, b.enterprise_id))


def _by_worker(signs: Iterable[Sign], wanted: frozenset[WorkerId]) -> dict[WorkerId, Sign]:
    return {each.worker_id: each for each in signs if each.worker_id in wanted}


def _until(meeting: Meeting, sign: Sign, early: timedelta) -> datetime:
    """When the worker can have left. What was set right by hand says how long, but not when: the best is believed."""
    if sign.at is None:
        return meeting.slot.starts_at + sign.minutes * MINUTE
    return meeting.slot.ends_at - early


def _from(meeting: Meeting, sign: Sign) -> datetime:
    """When the worker was there at the latest."""
    return sign.at or meeting.slot.ends_at - sign.minutes * MINUTE
