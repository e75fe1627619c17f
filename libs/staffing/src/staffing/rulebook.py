"""All rules of the trade of one installation, made once from its programme folder."""

from dataclasses import dataclass, field
from datetime import date, time

from contracts.programme import Band, Programmes
from contracts.refusals import Invalid
from contracts.values import BandCode, CrewCode, ShiftPatternCode, Slot
from staffing.calendar import Calendar
from staffing.moments import Clockwork, Span, at
from staffing.people import Ladder
from staffing.shifts import CrewCalendar, CrewsRelease
from staffing.travel import Travel


@dataclass(frozen=True)
class Rulebook:
    """What the planner, dispatch and evaluation decide by."""

    programmes: Programmes
    calendar: Calendar
    ladder: Ladder
    travel: Travel
    clock: Clockwork
    day_open: int
    """Minute of the day before which nobody leaves home."""
    day_close: int
    """Minute of the day after which nobody is still on the way home."""
    _releases: dict[tuple[ShiftPatternCode, tuple[CrewCode, ...], date | None], CrewsRelease] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def of(cls, programmes: Programmes) -> "Rulebook":
        """From the loaded folder."""
        planning = programmes.rules.planning
        return cls(
            programmes=programmes,
            calendar=Calendar.of(programmes),
            ladder=Ladder.of(programmes),
            travel=Travel.of(programmes),
            clock=Clockwork(planning.zone),
            day_open=_minute(planning.day_open.value),
            day_close=_minute(planning.day_close.value),
        )

    def span(self, day: date, band: BandCode) -> Span:
        """A slot in local minutes; `Invalid` for a band that does not exist."""
        starts, ends = self._band(band).minutes
        return Span(at(day, starts), at(day, ends))

    def slot(self, day: date, band: BandCode) -> Slot:
        """A slot as facts carry it: the day, the band, and the instants in UTC."""
        span, clock = self.span(day, band), self.clock
        return Slot(
            day=day,
            band=band,
            starts_at=clock.instant(span.start),
            ends_at=clock.instant(span.end),
            zone=clock.zone,
        )

    def span_of(self, slot: Slot) -> Span:
        """A fact's slot in local minutes."""
        return self.clock.span(slot.starts_at, slot.ends_at)

    def crew(self, pattern: ShiftPatternCode, crew: CrewCode, anchor: date | None = None) -> CrewCalendar:
        """When a crew works and rests; `anchor` none = the installation's. `Invalid` for an unknown one."""
        if pattern not in self.programmes.shifts:
            raise Invalid("shift.pattern_unknown", pattern=pattern)
        planning = self.programmes.rules.planning
        return CrewCalendar(
            pattern=self.programmes.shifts[pattern],
            crew=crew,
            calendar=self.calendar,
            anchor=anchor or planning.shift_anchor.value,
            night_ends=_minute(planning.night_ends.value),
            night_rest=planning.night_rest_hours.value * 60,
        )

    def crews_release(
        self, pattern: ShiftPatternCode, crews: tuple[CrewCode, ...], anchor: date | None = None
    ) -> CrewsRelease:
        """What slots take from the crews of a cohort."""
        asked = pattern, crews, anchor
        if asked not in self._releases:
            self._releases[asked] = CrewsRelease(self.crew(pattern, crew, anchor) for crew in crews)
        return self._releases[asked]

    def _band(self, band: BandCode) -> Band:
        if band not in self.programmes.bands:
            raise Invalid("band.unknown", band=band)
        return self.programmes.bands[band]


def _minute(moment: time) -> int:
    """Of the day."""
    return moment.hour * 60 + moment.minute
