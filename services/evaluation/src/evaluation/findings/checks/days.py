"""How much a person learns in a day, and how many fit into a room."""

from collections import defaultdict
from collections.abc import Sequence

from contracts.programme_findings import FindingRules
from contracts.values import EnterpriseId, SessionId, WorkerId
from evaluation.findings.checks.seen import Finding, Kind, Meeting, found


def long_day(
    meeting: Meeting, others: Sequence[Meeting], *, limits: FindingRules, class_hour_minutes: int
) -> list[Finding]:
    """Workers with more class-hours on the session's day than one day has, together with whoever has the same day."""
    most = limits.class_hours_a_day.value * class_hour_minutes
    same_day = [each for each in (meeting, *others) if each.slot.day == meeting.slot.day or each is meeting]
    minutes: dict[WorkerId, int] = defaultdict(int)
    where: dict[WorkerId, set[SessionId]] = defaultdict(set)
    for each in same_day:
        for sign in each.signs:
            if each.session_id not in where[sign.worker_id]:
                minutes[sign.worker_id] += sign.minutes
                where[sign.worker_id].add(each.session_id)
    together: dict[tuple[SessionId, ...], list[WorkerId]] = defaultdict(list)
    for worker in meeting.workers:
        if minutes[worker] > most:
            together[tuple(sorted(where[worker]))].append(worker)
    return [
        found(
            Kind.LONG_DAY, meeting.order_id, sessions=sessions, workers=workers, heads=len(workers),
            each={worker: minutes[worker] for worker in workers}, most=most, day=meeting.slot.day.isoformat(),
        )
        for sessions, workers in sorted(together.items())
    ]  # fmt: skip


def room_for(enterprise_id: EnterpriseId, class_size: int, limits: FindingRules) -> int:
    """Most people at a session of this enterprise: in its room, where that is known, else in any class."""
    room = limits.people_at.get(enterprise_id)
    return min(class_size, room.value) if room else class_size


def large_class(meeting: Meeting) -> list[Finding]:
    """More people than there is room for."""
    if len(meeting.signs) <= meeting.most:
        return []
    return [
        found(
            Kind.LARGE_CLASS, meeting.order_id, sessions=(meeting.session_id,),
            heads=len(meeting.signs), most=meeting.most,
        )
    ]  # fmt: skip
