"""An iCalendar file as busy times. Only times are read out of it: no title, place or name leaves this module.

What repeats is unrolled by wall-clock time in the event's own zone, so that a lesson at nine stays at nine.
"""

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rruleset, rrulestr
from icalendar import Calendar

from contracts.refusals import Invalid
from contracts.values import Reason, because
from instructor_dispatch.instructors.weekly import Busy

MOST_CHARACTERS = 1_000_000
MOST_EVENTS = 500
MOST_TIMES = 3000
AHEAD = timedelta(days=400)
"""How far what repeats is unrolled."""
EARLIEST = 20
"""Years back in which something that repeats may have begun."""
EVENTS = {"VEVENT", "VFREEBUSY"}
COARSE = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
LINE = re.compile(r"[A-Za-z0-9-]+(;[^:]*)?:|[A-Za-z0-9-]+;.*:")


@dataclass(frozen=True, slots=True)
class PassedOver:
    """An event that takes no time, and why."""

    line: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says of somebody's time."""

    busy: tuple[Busy, ...]
    passed_over: tuple[PassedOver, ...]


@dataclass(frozen=True, slots=True)
class _Window:
    """What counts, and the zone of what names none."""

    starts: datetime
    ends: datetime
    zone: ZoneInfo


def read(text: str, *, now: datetime, zone: ZoneInfo) -> Read:
    """Busy times from now on; `Invalid` with the line for a file that cannot be read."""
    if len(text) > MOST_CHARACTERS:
        raise Invalid("calendar.too_large", field="ics", most=MOST_CHARACTERS)
    lines = _lines_of_events(text)
    if len(lines) > MOST_EVENTS:
        raise Invalid("calendar.too_many_events", field="ics", line=lines[MOST_EVENTS], most=MOST_EVENTS)
    try:
        calendar = Calendar.from_ical(text)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as broken:
        raise _broken(1) from broken
    window = _Window(now, now + AHEAD, zone)
    told: list[Any] = [each for each in calendar.walk() if each.name in EVENTS]  # in the order of the file
    moved = {
        (str(each.get("UID")), _instant(of.dt, zone))
        for each in told
        if hasattr(of := each.get("RECURRENCE-ID"), "dt")
    }
    busy: list[Busy] = []
    passed: list[PassedOver] = []
    for line, each in zip(lines, told, strict=True):
        try:
            found = list(_times(each, line, window, moved))
        except Invalid:
            raise
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as broken:
            raise _broken(line) from broken
        why = None if found else _why_none(each)
        if why is not None:
            passed.append(PassedOver(line, why))
        busy += found
        if len(busy) > MOST_TIMES:
            raise Invalid("calendar.too_many_times", field="ics", line=line, most=MOST_TIMES)
    return Read(tuple(busy), tuple(passed))


def _lines_of_events(text: str) -> list[int]:
    """The line on which each event begins; refuses what is no calendar, with the line."""
    open_: list[str] = []
    found: list[int] = []
    for number, name, value in _content(text):
        if not open_ and (name, value) != ("BEGIN", "VCALENDAR"):
            raise _broken(number)
        if name == "BEGIN":
            open_.append(value)
            if value in EVENTS:
                found.append(number)
        elif name == "END" and open_.pop() != value:
            raise _broken(number)
        if not open_:
            return found
    raise _broken(len(text.splitlines()) or 1)


def _content(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, name and value of what does not continue the line before."""
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if not line.strip() or line[0] in " \t":
            continue
        if not LINE.match(line):
            raise _broken(number)
        name, _, value = line.partition(":")
        yield number, name.upper(), value.strip().upper()


def _broken(line: int) -> Invalid:
    return Invalid("calendar.broken", field="ics", line=line)


def _why_none(event: Any) -> Reason:
    """Why an event takes no time."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return because("calendar.cancelled")
    if str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return because("calendar.transparent")
    return because("calendar.no_time_ahead")


def _times(event: Any, line: int, window: _Window, moved: set[tuple[str, datetime]]) -> Iterator[Busy]:
    """When the event keeps somebody busy, in the window."""
    if getattr(event, "errors", None):
        raise _broken(line)
    if event.name == "VFREEBUSY":
        yield from _of_free_busy(event, window)
        return
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    if str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return
    first = event["DTSTART"].dt
    length = _length(event, first)
    whole_days = not isinstance(first, datetime)
    zone: tzinfo = window.zone if whole_days or first.tzinfo is None else first.tzinfo
    uid = str(event.get("UID"))
    for starts in _starts(event, first, zone, line, window, length):
        begins = starts.replace(tzinfo=zone)
        if event.get("RECURRENCE-ID") is None and (uid, begins.astimezone(UTC)) in moved:
            continue  # told by an event of its own
        ends = (starts + length).replace(tzinfo=zone) if whole_days else begins.astimezone(UTC) + length
        busy = Busy(begins.astimezone(UTC), ends.astimezone(UTC))
        if busy.starts_at < busy.ends_at and window.starts < busy.ends_at and busy.starts_at < window.ends:
            yield busy


def _length(event: Any, first: date | datetime) -> timedelta:
    """By its end, its duration, or one day where it is told by days only."""
    if event.get("DTEND") is not None:
        end = event["DTEND"].dt
        if isinstance(end, datetime) != isinstance(first, datetime):
            raise ValueError("begins by the day and ends by the hour")
        length: timedelta = end - first
    elif event.get("DURATION") is not None:
        length = event["DURATION"].dt
    else:
        length = timedelta(0) if isinstance(first, datetime) else timedelta(days=1)
    if length < timedelta(0):
        raise ValueError("ends before it begins")
    return length


def _starts(
    event: Any, first: date | datetime, zone: tzinfo, line: int, window: _Window, length: timedelta
) -> Iterable[datetime]:
    """The wall-clock beginnings in the event's zone, what repeats unrolled."""
    start = _wall(first, zone)
    rules = _several(event.get("RRULE"))
    dates = [_wall(each, zone) for each in _dates(event.get("RDATE"))]
    if not rules and not dates:
        return [start]
    last = window.ends.astimezone(zone).replace(tzinfo=None)
    if start.year < window.starts.year - EARLIEST:
        raise Invalid("calendar.began_too_early", field="ics", line=line, most=EARLIEST)
    unrolled = rruleset()
    unrolled.rdate(start)
    for each in dates:
        unrolled.rdate(each)
    for rule in rules:
        unrolled.rrule(_rule(rule, start, last, zone, line))
    for off in _dates(event.get("EXDATE")):
        if isinstance(off, datetime) or not isinstance(first, datetime):
            unrolled.exdate(_wall(off, zone))
        else:  # a whole day is left out
            unrolled.exdate(datetime.combine(off, start.time()))
    since = window.starts.astimezone(zone).replace(tzinfo=None) - length - timedelta(days=1)
    return _at_most(unrolled.xafter(since, inc=True), last, line)


def _rule(rule: Any, start: datetime, last: datetime, zone: tzinfo, line: int) -> Any:
    """A rule that ends where the window does: one that never comes true would be looked for for ever."""
    if str(rule.get("FREQ", [""])[0]).upper() not in COARSE or int(rule.get("INTERVAL", [1])[0]) < 1:
        raise Invalid("calendar.rule_not_read", field="ics", line=line)
    until = [_wall(each, zone) for each in rule.get("UNTIL", [])]
    if until and not isinstance(rule["UNTIL"][0], datetime):
        until = [datetime.combine(each, time(23, 59, 59)) for each in until]
    parts = [part for part in rule.to_ical().decode().split(";") if not part.upper().startswith("UNTIL=")]
    parts.append(f"UNTIL={min([last, *until]):%Y%m%dT%H%M%S}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # COUNT and UNTIL together: whichever comes first
        return rrulestr(";".join(parts), dtstart=start)


def _at_most(starts: Iterable[datetime], last: datetime, line: int) -> list[datetime]:
    found: list[datetime] = []
    for each in starts:
        if each > last:
            break
        found.append(each)
        if len(found) > MOST_TIMES:
            raise Invalid("calendar.too_many_times", field="ics", line=line, most=MOST_TIMES)
    return found


def _of_free_busy(event: Any, window: _Window) -> Iterator[Busy]:
    for told in _several(event.get("FREEBUSY")):
        if str(told.params.get("FBTYPE", "BUSY")).upper() == "FREE":
            continue
        for period in told if isinstance(told, list) else [told]:
            starts = _instant(period.start, window.zone)
            ends = _instant(period.end, window.zone)
            if starts < ends and window.starts < ends and starts < window.ends:
                yield Busy(starts, ends)


def _several(told: Any) -> Sequence[Any]:
    if told is None:
        return []
    return told if isinstance(told, list) else [told]


def _dates(told: Any) -> list[date | datetime]:
    """Of RDATE or EXDATE, which may stand several times; of a period its beginning."""
    found = [each.dt for several in _several(told) for each in several.dts]
    return [each[0] if isinstance(each, tuple) else each for each in found]


def _wall(moment: date | datetime, zone: tzinfo) -> datetime:
    """Wall-clock time in the zone."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    return moment if moment.tzinfo is None else moment.astimezone(zone).replace(tzinfo=None)


def _instant(moment: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)).astimezone(UTC)
