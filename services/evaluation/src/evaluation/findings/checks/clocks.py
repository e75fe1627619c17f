"""How people sign in: how fast one after the other, with whose phone, and whether it is alike week after week."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from contracts.programme_findings import FindingRules
from contracts.values import Way, WorkerId
from evaluation.findings.checks.seen import Finding, Kind, Meeting, Sign, found

Pattern = dict[WorkerId, int]
"""Minutes from the session's begin to the sign-in, by worker."""


def burst(meeting: Meeting, *, limits: FindingRules) -> list[Finding]:
    """So many sign-ins of one way within so few seconds: the densest such stretch of each way."""
    seen: list[Finding] = []
    for way, pace in sorted(limits.pace.items()):
        densest = _densest(
            [each for each in meeting.signs if each.way is way], timedelta(seconds=pace.seconds)
        )
        if len(densest) >= pace.acts:
            seen.append(
                found(
                    Kind.BURST, meeting.order_id, sessions=(meeting.session_id,),
                    workers=(each.worker_id for each in densest),
                    acts=len(densest), seconds=pace.seconds, way=way,
                )
            )  # fmt: skip
    return seen


def _densest(signs: Sequence[Sign], stretch: timedelta) -> Sequence[Sign]:
    """The most of them whose first and last are less than a stretch apart; the earliest of several."""
    timed: list[tuple[datetime, Sign]] = sorted(
        ((each.at, each) for each in signs if each.at is not None),
        key=lambda each: (each[0], each[1].worker_id),
    )
    best: Sequence[tuple[datetime, Sign]] = ()
    first = 0
    for last, (at, _) in enumerate(timed):
        while at - timed[first][0] >= stretch:
            first += 1
        if last + 1 - first > len(best):
            best = timed[first : last + 1]
    return [each for _, each in best]


def one_phone(meeting: Meeting, *, limits: FindingRules) -> list[Finding]:
    """One phone with which more people scanned than borrow one."""
    by: dict[str, list[WorkerId]] = defaultdict(list)
    for each in meeting.signs:
        if each.way is Way.SCAN and each.device is not None:
            by[each.device].append(each.worker_id)
    most = limits.workers_a_phone.value
    return [
        found(
            Kind.ONE_PHONE, meeting.order_id, sessions=(meeting.session_id,), workers=workers,
            heads=len(workers), most=most,
        )
        for workers in sorted(map(sorted, by.values()))
        if len(workers) > most
    ]  # fmt: skip


def same_minutes(cohort: Sequence[Meeting], *, limits: FindingRules) -> list[Finding]:
    """The first sessions of a class, in a row, at which (nearly) everybody signs in at the same minutes as before."""
    wanted = limits.alike_sessions.value
    ordered = sorted(cohort, key=lambda each: (each.slot.starts_at, each.session_id))
    run: list[Meeting] = []
    for each in ordered:
        if run and not _alike(_pattern(run[-1]), _pattern(each), limits):
            run = []
        run.append(each)
        if len(run) == wanted:
            people = len(_pattern(each))
            sessions = tuple(one.session_id for one in run)
            return [
                found(
                    Kind.SAME_MINUTES, each.order_id, sessions=sessions,
                    heads=people, times=wanted,
                )
            ]  # fmt: skip
    return []


def _pattern(meeting: Meeting) -> Pattern:
    minute = timedelta(minutes=1)
    return {
        each.worker_id: (each.at - meeting.slot.starts_at) // minute
        for each in meeting.signs
        if each.at is not None
    }


def _alike(before: Pattern, after: Pattern, limits: FindingRules) -> bool:
    people = max(len(before), len(after))
    if people < limits.alike_people.value or len(set(after.values())) < limits.alike_minutes.value:
        return False
    same = sum(before.get(worker) == minute for worker, minute in after.items())
    return same >= limits.alike_share.value * people
