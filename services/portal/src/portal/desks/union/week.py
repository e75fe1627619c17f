"""A week of a scheme as a table: who teaches what on which day, and which crew is off. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from portal.desks.signed import SessionSeen
from portal.desks.union.changed import DifferingSeen, LineSeen
from portal.web.names import Names

DAYS = 7
HUES = 4
"""So many colours of cohorts; from the fifth cohort on they come again, with a stripe."""
OFF = "-"
Hours = Mapping[date, Sequence[tuple[str, str]]]
"""Of each day: the crews with the letter of their shift."""


class WeekSession(SessionSeen):
    """A session as the timetable needs it."""

    session_id: UUID
    division: str
    pinned: bool = False


@dataclass(frozen=True)
class Loaded:
    """How much somebody has this year against a fair load (0 = not set), and who sends them."""

    college: str
    sessions: int
    fair_load: int


@dataclass(frozen=True)
class Block:
    """A session in its cell; `gone` = only where it was before."""

    id: str
    url: str
    time: str
    cohort: str
    hue: str
    unit: str
    place: str
    change: str = ""
    pinned: bool = False
    selected: bool = False
    gone: bool = False


@dataclass(frozen=True)
class Row:
    """Somebody's week."""

    person: str
    college: str
    load: str
    percent: int
    """Of a fair load; 0 = none is set."""
    cells: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True)
class Shift:
    """A crew's shift of a day."""

    crew: str
    shift: str
    off: bool


@dataclass(frozen=True)
class DayHead:
    """A day as the head of its column."""

    date: str
    """With its month where that is not to be read from the column before."""
    weekday: str
    name: str
    today: bool
    free: bool
    """Nothing is held: its column may be narrow."""
    crews: tuple[Shift, ...]


@dataclass(frozen=True)
class Week:
    """What the table shows."""

    monday: date
    title: str
    position: str
    before: str
    """Address of the week before; empty at the first. Likewise `after`."""
    after: str
    days: tuple[DayHead, ...]
    rows: tuple[Row, ...]
    unplaced: tuple[Block, ...]
    cohorts: tuple[tuple[str, str], ...]
    """Name and colour of each."""
    changed: int
    """Sessions that are another than in the version before."""
    others: int
    only_changed: bool


@dataclass(frozen=True)
class Asked:
    """Which week is looked at, which session, and whether only what changed."""

    base: str
    """Address of the page."""
    monday: date | None = None
    session: UUID | None = None
    only_changed: bool = False

    def address(self, monday: date | None = None, session: object = None, only: bool | None = None) -> str:  # noqa: FBT001
        """Of another week or session."""
        only = self.only_changed if only is None else only
        given = {
            "week": monday.isoformat() if monday else "",
            "session": str(session or ""),
            "only": "changed" * only,
        }
        query = "&".join(f"{name}={value}" for name, value in given.items() if value)
        return f"{self.base}?{query}#tt" if query else f"{self.base}#tt"


Key = tuple[str, int]
"""A session by cohort and position: of two versions it is the same."""


def week_of(
    sessions: Sequence[WeekSession],
    differing: Sequence[DifferingSeen],
    loads: Mapping[UUID, Loaded],
    hours: Hours,
    names: Names,
    asked: Asked,
    today: date,
) -> Week | None:
    """The week of the session that is chosen; else the one asked for, that of the first change, of today.

    None without sessions; where none has a time, they stand beside an empty week.
    """
    changes = {(one.cohort, one.position): one for one in differing}
    placed = [one for one in sessions if one.day]
    if not sessions and not differing:
        return None
    mondays = sorted({_monday(day) for day in _days(placed, differing)}) or [_monday(today)]
    first, last = mondays[0], mondays[-1]
    monday = min(max(_wanted(placed, changes, asked, today), first), last)
    blocks = _Blocks(names, asked, changes, _hues(sessions), monday)
    rows = _rows(placed, differing, loads, blocks, monday, only=asked.only_changed)
    text = names.text
    weeks = (last - monday).days // DAYS
    held = {at for row in rows for at, cell in enumerate(row.cells) if cell}
    return Week(
        monday=monday,
        title=text("week.title", first=text.day(monday), last=text.day(monday + timedelta(days=DAYS - 1))),
        position=text(
            "week.position", n=(monday - first).days // DAYS + 1, of=(last - first).days // DAYS + 1
        ),
        before=asked.address(monday - timedelta(days=DAYS)) if monday > first else "",
        after=asked.address(monday + timedelta(days=DAYS)) if weeks else "",
        days=tuple(
            _head(monday + timedelta(days=at), hours, names, today, free=at not in held) for at in range(DAYS)
        ),
        rows=rows,
        unplaced=tuple(blocks.of(one) for one in sessions if one.day is None),
        cohorts=tuple((text("then.cohort", letter=letter), hue) for letter, hue in blocks.hues.items()),
        changed=len(changes),
        others=len({_key(one) for one in sessions} - changes.keys()),
        only_changed=asked.only_changed,
    )


def _wanted(
    placed: Sequence[WeekSession], changes: Mapping[Key, DifferingSeen], asked: Asked, today: date
) -> date:
    chosen = [one.day for one in placed if one.session_id == asked.session]
    changed = [one.day for one in placed if _key(one) in changes]
    days = [day for day in (*chosen, asked.monday, *sorted(day for day in changed if day)) if day]
    return _monday(days[0] if days else today)


@dataclass(frozen=True)
class _Blocks:
    """Makes blocks of sessions."""

    names: Names
    asked: Asked
    changes: Mapping[Key, DifferingSeen]
    hues: Mapping[str, str]
    monday: date

    def of(self, one: WeekSession) -> Block:
        text, change = self.names.text, self.changes.get(_key(one))
        return Block(
            id=str(one.session_id),
            url=self.asked.address(self.monday, one.session_id),
            time=hours_of(one.band, self.names),
            cohort=text("then.cohort", letter=one.cohort),
            hue=self.hues[one.cohort],
            unit=self.names.unit(one.unit),
            place=self.names.division(one.division),
            change=change_word(change, self.names) if change else "",
            pinned=one.pinned,
            selected=one.session_id == self.asked.session,
        )

    def before(self, one: DifferingSeen, line: LineSeen) -> Block:
        text = self.names.text
        return Block(
            id=f"was-{one.cohort}-{one.position}",
            url="",
            time=hours_of(line.band, self.names),
            cohort=text("then.cohort", letter=one.cohort),
            hue=self.hues.get(one.cohort, "h1"),
            unit=self.names.unit(line.unit),
            place=text("week.was"),
            gone=True,
        )


def change_word(change: DifferingSeen, names: Names) -> str:
    """What became of it, in a word that fits a block."""
    told = next((way for way in ("added", "time", "person", "unit") if way in change.ways), "other")
    return names.text(f"week.change.{told}")


def hours_of(band: str | None, names: Names) -> str:
    """08:30–11:45, of a band of the day."""
    row = names.programmes.bands.get(band or "")
    return f"{row.starts:%H:%M}–{row.ends:%H:%M}" if row else band or ""


def _rows(
    placed: Sequence[WeekSession],
    differing: Sequence[DifferingSeen],
    loads: Mapping[UUID, Loaded],
    blocks: _Blocks,
    monday: date,
    *,
    only: bool,
) -> tuple[Row, ...]:
    cells: dict[UUID | None, list[list[Block]]] = {}

    def put(person: UUID | None, day: date | None, block: Block) -> None:
        at = (day - monday).days if day else -1
        if 0 <= at < DAYS:
            cells.setdefault(person, [[] for _ in range(DAYS)])[at].append(block)

    for one in sorted(placed, key=lambda one: (one.day or monday, hours_of(one.band, blocks.names))):
        if not only or _key(one) in blocks.changes:
            put(one.person_id, one.day, blocks.of(one))
    for change in differing:
        if change.one and {"time", "dropped", "person"} & set(change.ways):
            put(change.one.person_id, change.one.day, blocks.before(change, change.one))
    rows = [_row(person, found, loads, blocks.names) for person, found in cells.items()]
    return tuple(sorted(rows, key=lambda row: (row.college, row.person)))


def _row(person: UUID | None, cells: list[list[Block]], loads: Mapping[UUID, Loaded], names: Names) -> Row:
    load = loads.get(person) if person else None
    told, percent = "", 0
    if load:
        key = "week.load" if load.fair_load else "week.load_alone"
        told = names.text(key, count=load.sessions, fair=load.fair_load)
        percent = min(100, 100 * load.sessions // load.fair_load) if load.fair_load else 0
    return Row(
        person=names.person(person),
        college=names.organisation(load.college) if load else "",
        load=told,
        percent=percent,
        cells=tuple(map(tuple, cells)),
    )


def _head(day: date, hours: Hours, names: Names, today: date, *, free: bool) -> DayHead:
    text = names.text
    dated = text("week.date", day=day.day, month=text(f"month.{day.month}"))
    return DayHead(
        date=dated if day.day == 1 or not day.weekday() else str(day.day),
        weekday=text(f"weekday.{day.isoweekday()}"),
        name=text.day(day),
        today=day == today,
        free=free,
        crews=tuple(
            Shift(crew, text.or_code("shift", "off" if letter == OFF else letter.lower()), letter == OFF)
            for crew, letter in hours.get(day, ())
        ),
    )


def _hues(sessions: Iterable[WeekSession]) -> dict[str, str]:
    letters = sorted({one.cohort for one in sessions})
    return {
        letter: f"h{at % HUES + 1}" + (" again" if at >= HUES else "") for at, letter in enumerate(letters)
    }


def _days(placed: Iterable[WeekSession], differing: Iterable[DifferingSeen]) -> list[date]:
    found = [one.day for one in placed] + [one.one.day for one in differing if one.one]
    return [day for day in found if day]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _key(one: WeekSession) -> Key:
    return one.cohort, one.position
