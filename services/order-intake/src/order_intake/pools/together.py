"""Whether orders can be taught as one class, and the lines of the joint order that they make. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from contracts.programme import Programmes
from contracts.programme_rules import Programme
from contracts.values import DivisionCode, EnterpriseId, OrderLine, Reason, because
from order_intake.orders.lines import MOST_TRAINEES
from order_intake.orders.rules import Order, Progress, State
from order_intake.pools.savings import Teaching, taught, teaching_of, units_of
from staffing.diary import Place
from staffing.travel import Travel

WEEK = 7
DAY = 24
"""Hours."""


@dataclass(frozen=True)
class Small:
    """An order that might be taught with others. It was submitted: its works are known."""

    order: Order
    progress: Progress

    @property
    def enterprise(self) -> EnterpriseId:
        """Whose it is."""
        return self.order.enterprise_id

    @property
    def place(self) -> Place:
        """Its works."""
        assert self.order.site is not None
        return Place(self.order.site.division, self.order.enterprise_id)

    @property
    def division(self) -> DivisionCode:
        """The county of its works."""
        return self.place.division

    @property
    def kind(self) -> tuple[object, ...]:
        """What must be the same: each line's service, occupation, level and units."""
        return tuple(
            (line.service, line.occupation, line.level, line.units)
            for line in sorted(self.order.lines, key=lambda each: each.line)
        )

    @property
    def shifts(self) -> tuple[object, ...]:
        """What crew A means at its works."""
        assert self.order.site is not None
        return (self.order.site.shift_pattern, self.order.site.shift_anchor)

    @property
    def heads(self) -> int:
        """Different people on its lines."""
        return len({trainee.worker_id for line in self.order.lines for trainee in line.trainees})


@dataclass(frozen=True)
class Trade:
    """The rule data that pooling goes by, and today."""

    programmes: Programmes
    travel: Travel
    today: date

    def programme(self, order: Order) -> Programme:
        """The order's."""
        return self.programmes.programmes[order.programme]


def alone(one: Small, trade: Trade) -> Reason | None:  # noqa: PLR0911  one line per rule
    """Why this order is taught with no other at all; nothing when it may be."""
    if one.order.pool is not None or one.order.members:
        return because("pool.asked_already")
    if one.order.state not in {State.SUBMITTED, State.ACCEPTED}:
        return because("pool.not_open", state=one.order.state)
    if one.progress.stages is not None:
        return because("pool.planned_already")
    programme = trade.programme(one.order)
    if any(programme.services.get(line.service) is None for line in one.order.lines):
        return because("pool.line_by_hand")
    lines = [line for line in one.order.lines if taught(line, programme)]
    if not lines or not all(units_of(line, trade.programmes) for line in lines):
        return because("pool.nothing_taught")
    limit = programme.class_size_max.value
    if any(len(line.trainees) >= limit for line in lines):
        return because("pool.not_small", limit=limit)
    return None


def against(  # noqa: PLR0911  one line per rule
    members: Sequence[Small], host: Small, trade: Trade
) -> Reason | None:
    """The first rule against teaching these orders as one class at the host's works, or nothing."""
    first, programme = members[0], trade.programme(members[0].order)
    enterprises = [each.enterprise for each in members]
    twice = next((each for each in enterprises if enterprises.count(each) > 1), None)
    if twice is not None:
        return because("pool.enterprise_twice", enterprise=twice)
    if any(each.order.programme != first.order.programme for each in members):
        return because("pool.other_programme")
    if any(each.kind != first.kind for each in members):
        return because("pool.other_lines")
    if any(each.shifts != first.shifts for each in members):
        return because("pool.other_shifts")
    limit, most = programme.class_size_max.value, programme.pooling.drive_minutes.value
    farthest = max(trade.travel.minutes(each.place, host.place) for each in members)
    if farthest > most:
        return because("pool.too_far", minutes=farthest, most=most)
    for line in joint_lines(members, programme):
        if (refused := _against_line(line, members, programme, trade)) is not None:
            return refused
        most_heads = limit if taught(line, programme) else MOST_TRAINEES
        if len(line.trainees) > most_heads:
            return because("pool.too_many", heads=len(line.trainees), limit=most_heads)
        if len({trainee.worker_id for trainee in line.trainees}) < len(line.trainees):
            return because("pool.worker_twice", line=line.line)
    return None


def _against_line(
    line: OrderLine, members: Sequence[Small], programme: Programme, trade: Trade
) -> Reason | None:
    if not taught(line, programme):
        if line.latest < max(line.earliest, trade.today):
            return because("pool.window_apart", days=0, needed=1)
        return None
    needed = days_needed(line, programme, trade.programmes)
    consent = ceil(programme.pooling.consent_hours.value / DAY)  # nothing is planned before all have answered
    begins = max(line.earliest, trade.today + timedelta(days=programme.notice_days.value + consent))
    days = max(0, (line.latest - begins).days + 1)
    if days < needed:
        return because("pool.window_apart", days=days, needed=needed)
    wished = [set(own.bands) for each in members for own in _lines(each) if own.bands and _same(own, line)]
    if wished and not set.intersection(*wished):
        return because("pool.bands_apart")
    return None


def days_needed(line: OrderLine, programme: Programme, programmes: Programmes) -> int:
    """Days between the first and the last session of one class at the programme's pace."""
    sessions = sum(unit.sessions for unit in units_of(line, programmes))
    return (ceil(sessions / programme.sessions_per_week.value) - 1) * WEEK + 1


def joint_lines(members: Sequence[Small], programme: Programme) -> tuple[OrderLine, ...]:
    """The members' lines of one kind as one line: everybody on it, within every member's wishes, in one class."""
    found = []
    for at, lines in enumerate(zip(*(_lines(each) for each in members), strict=True), start=1):
        people = tuple(
            trainee.model_copy(update={"enterprise_id": each.enterprise})
            for each, own in zip(members, lines, strict=True)
            for trainee in own.trainees
        )
        wished = [own.bands for own in lines if own.bands]
        bands = tuple(band for band in wished[0] if all(band in each for each in wished)) if wished else ()
        found.append(
            lines[0].model_copy(
                update={
                    "line": at,
                    "trainees": people,
                    "bands": bands,
                    "cohort_sizes": (len(people),) if taught(lines[0], programme) and people else (),
                    "earliest": max(own.earliest for own in lines),
                    "latest": min(own.latest for own in lines),
                    "release_cap_minutes": min(own.release_cap_minutes for own in lines),
                }
            )
        )
    return tuple(found)


def without(lines: Sequence[OrderLine], gone: frozenset[EnterpriseId]) -> tuple[OrderLine, ...]:
    """The joint lines without these enterprises' people; the class is so much smaller."""
    left = []
    for line in lines:
        people = tuple(each for each in line.trainees if each.enterprise_id not in gone)
        sizes = (len(people),) if line.cohort_sizes and people else ()
        left.append(line.model_copy(update={"trainees": people, "cohort_sizes": sizes}))
    return tuple(left)


def saving(members: Sequence[Small], trade: Trade) -> tuple[Teaching, Teaching]:
    """What the orders cost one by one, and as one class."""
    programme = trade.programme(members[0].order)
    apart = sum((teaching_of(each.order.lines, programme, trade.programmes) for each in members), Teaching())
    return apart, teaching_of(joint_lines(members, programme), programme, trade.programmes)


def _lines(one: Small) -> list[OrderLine]:
    return sorted(one.order.lines, key=lambda each: each.line)


def _same(own: OrderLine, line: OrderLine) -> bool:
    return (own.service, own.occupation, own.level, own.units) == (
        line.service, line.occupation, line.level, line.units,
    )  # fmt: skip
