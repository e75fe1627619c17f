"""All checks of one session, and of one batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from contracts.programme import Programmes
from contracts.programme_findings import FindingRules
from evaluation.findings.checks.assessors import assessor_taught
from evaluation.findings.checks.clocks import burst, one_phone, same_minutes
from evaluation.findings.checks.days import large_class, long_day
from evaluation.findings.checks.places import two_places, two_towns
from evaluation.findings.checks.seen import Crews, Examined, Finding, Meeting
from evaluation.findings.checks.shifts import own_shift
from staffing.moments import Clockwork
from staffing.travel import Travel


@dataclass(frozen=True)
class Ways:
    """Figures that do not change from session to session."""

    travel: Travel
    clock: Clockwork
    class_hour_minutes: int
    leaves_early: timedelta
    """A session may be closed so long before its end."""

    @classmethod
    def of(cls, programmes: Programmes) -> "Ways":
        """From the rules and the roads."""
        rules = programmes.rules
        return cls(
            travel=Travel.of(programmes),
            clock=Clockwork(rules.planning.zone),
            class_hour_minutes=rules.class_hour_minutes.value,
            leaves_early=timedelta(minutes=rules.delivery.close_early_minutes.value),
        )


def look_at_session(
    meeting: Meeting,
    *,
    near: Sequence[Meeting],
    cohort: Sequence[Meeting],
    crews: Crews,
    limits: FindingRules,
    ways: Ways,
) -> list[Finding]:
    """Everything that is worth a look about a session that was closed, or whose attendance was set right.

    `near` = sessions of the day, the day before and the day after, whoever held them; `cohort` = all that this class
    has had. Both may have the session itself in them.
    """
    others = [each for each in near if each.session_id != meeting.session_id]
    travel, early = ways.travel, ways.leaves_early
    return [
        *two_places(meeting, others, limits=limits, travel=travel, leaves_early=early),
        *two_towns(meeting, others, limits=limits, travel=travel, leaves_early=early),
        *long_day(meeting, others, limits=limits, class_hour_minutes=ways.class_hour_minutes),
        *large_class(meeting),
        *burst(meeting, limits=limits),
        *one_phone(meeting, limits=limits),
        *same_minutes(_with(meeting, cohort), limits=limits),
        *own_shift(meeting, crews, limits=limits, clock=ways.clock),
    ]


def look_at_batch(batch: Examined, meetings: Iterable[Meeting]) -> list[Finding]:
    """Everything that is worth a look about a batch; `meetings` = those that its assessors have led."""
    return assessor_taught(batch, meetings)


def _with(meeting: Meeting, cohort: Sequence[Meeting]) -> list[Meeting]:
    return [meeting, *(each for each in cohort if each.session_id != meeting.session_id)]
