"""The exchange format `training-plan-instance/1`, read and checked: what is wrong is told with its place.

Minutes count from the start of the horizon, a Monday at 00:00 local time; intervals are `[start, end)`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

FORMAT = "training-plan-instance/1"
Count = Annotated[int, Field(ge=0, le=10_000_000)]
Minute = Annotated[int, Field(ge=-10_000_000, le=10_000_000)]


class WrongInstance(ValueError):  # noqa: N818  said to a person
    """The file cannot be planned; the message says what is wrong, and where."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class Band(_Part):
    """Minutes of the day."""

    start: Count
    end: Count


class Weights(_Part):
    """Inside the fourth tier, beside one minute of driving."""

    unfairness: Count
    lateness: Count


class College(_Part):
    """An agreement: most sessions in the horizon and in a week, and the fair number."""

    id: str
    cap_total: Count
    cap_week: Count
    target: Count


class Instructor(_Part):
    """Who can be sent. `busy`: start, end and the site, or none when away."""

    id: str
    college: str
    home: Count
    skills: dict[str, int]
    busy: list[tuple[Minute, Minute, Count | None]]
    max_day_sessions: Count
    max_week_sessions: Count
    avoid_bands: list[str]
    fair_load: Count


class Enterprise(_Part):
    """`rooms`: how many sessions it can host at once."""

    id: str
    site: Count
    rooms: Count


class Crew(_Part):
    """When it works, and when it must never be called."""

    id: str
    work: list[tuple[Minute, Minute]]
    rest: list[tuple[Minute, Minute]]


class Cohort(_Part):
    """`release_cap`: most minutes on shift that all its sessions may use."""

    id: str
    enterprise: str
    crew: str
    sessions: list[str]
    earliest_day: Count
    due_day: Count
    release_cap: Count
    max_week_sessions: Count
    preferred_bands: list[str]


class Session(_Part):
    """One session of a unit."""

    id: str
    cohort: str
    seq: int
    unit: str
    mode: Literal["onsite", "online"]
    qualification: str
    min_level: int
    bands: list[str] = Field(min_length=1)


class InForce(_Part):
    """A line of the plan in force."""

    session: str
    day: Count
    band: str
    instructor: str
    pinned: bool = False


class Instance(_Part):
    """Everything that is to be planned at once."""

    format: Literal["training-plan-instance/1"]
    name: str
    days: Annotated[int, Field(ge=1, le=3_660)]
    closed_days: list[int]
    bands: dict[str, Band] = Field(min_length=1)
    buffer: Count
    day_open: Count
    day_close: Count
    weights: Weights
    travel: list[list[Count]]
    colleges: list[College]
    instructors: list[Instructor] = Field(min_length=1)
    enterprises: list[Enterprise]
    crews: list[Crew]
    cohorts: list[Cohort] = Field(min_length=1)
    sessions: list[Session] = Field(min_length=1)
    plan: list[InForce] = []
    forbidden: list[tuple[str, str]] = []


def read(file: Path) -> Instance:
    """The instance in this file; `WrongInstance` says what is wrong in it."""
    try:
        return checked(Instance.model_validate_json(file.read_bytes()))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise WrongInstance(f"{file}: {where or 'the file'}: {first['msg']}") from None
    except WrongInstance as error:
        raise WrongInstance(f"{file}: {error}") from None


def checked(given: Instance) -> Instance:
    """The same, when everything that it names is there and its tables fit together."""
    _once("college", (c.id for c in given.colleges))
    _once("instructor", (i.id for i in given.instructors))
    _once("enterprise", (e.id for e in given.enterprises))
    _once("crew", (c.id for c in given.crews))
    _once("cohort", (c.id for c in given.cohorts))
    _once("session", (s.id for s in given.sessions))
    _times(given)
    _travel(given)
    _people(given)
    _places(given)
    _cohorts(given)
    _plan(given)
    return given


def _once(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for each in ids:
        if each in seen:
            raise WrongInstance(f"{what} {each} stands there twice")
        seen.add(each)


def _known(what: str, name: str, of: Iterable[str], by: str) -> None:
    if name not in of:
        raise WrongInstance(f"{by}: {what} {name} is not in the file")


def _times(given: Instance) -> None:
    for name, band in given.bands.items():
        if not band.start < band.end <= 1440:  # noqa: PLR2004  minutes of a day
            raise WrongInstance(f"band {name}: {band.start} to {band.end} is no time of one day")


def _travel(given: Instance) -> None:
    table, count = given.travel, len(given.travel)
    for a, row in enumerate(table):
        if len(row) != count:
            raise WrongInstance(f"travel: row {a} has {len(row)} entries, there are {count} sites")
        if row[a]:
            raise WrongInstance(f"travel: from site {a} to itself takes {row[a]} minutes")
    for a in range(count):
        for b in range(a):
            if table[a][b] != table[b][a]:
                raise WrongInstance(
                    f"travel: {a} to {b} takes {table[a][b]} minutes, and {table[b][a]} the other way round"
                )


def _people(given: Instance) -> None:
    colleges, sites = {c.id for c in given.colleges}, len(given.travel)
    for each in given.instructors:
        _known("college", each.college, colleges, f"instructor {each.id}")
        for start, end, site in each.busy:
            if start >= end or (site is not None and not 0 <= site < sites):
                raise WrongInstance(f"instructor {each.id}: busy {start} to {end} at {site}")
        if each.home >= sites:
            raise WrongInstance(f"instructor {each.id}: home {each.home} is no site")
        for band in each.avoid_bands:
            _known("band", band, given.bands, f"instructor {each.id}")


def _places(given: Instance) -> None:
    at: dict[int, str] = {}
    for one in given.enterprises:
        if one.site >= len(given.travel):
            raise WrongInstance(f"enterprise {one.id}: {one.site} is no site")
        if one.site in at:
            raise WrongInstance(f"enterprises {at[one.site]} and {one.id} are at one site: rooms go by site")
        at[one.site] = one.id
    for crew in given.crews:
        for start, end in (*crew.work, *crew.rest):
            if start >= end:
                raise WrongInstance(f"crew {crew.id}: {start} to {end} is no time")


def _cohorts(given: Instance) -> None:
    crews, enterprises = {c.id for c in given.crews}, {e.id for e in given.enterprises}
    sessions = {s.id: s for s in given.sessions}
    belongs: set[str] = set()
    for cohort in given.cohorts:
        by = f"cohort {cohort.id}"
        _known("crew", cohort.crew, crews, by)
        _known("enterprise", cohort.enterprise, enterprises, by)
        for band in cohort.preferred_bands:
            _known("band", band, given.bands, by)
        for name in cohort.sessions:
            _known("session", name, sessions, by)
            if sessions[name].cohort != cohort.id or name in belongs:
                raise WrongInstance(f"{by}: session {name} belongs to {sessions[name].cohort}")
            belongs.add(name)
    for session in given.sessions:
        if session.id not in belongs:
            raise WrongInstance(f"session {session.id}: no cohort has it")
        for band in session.bands:
            _known("band", band, given.bands, f"session {session.id}")


def _plan(given: Instance) -> None:
    sessions, people = {s.id for s in given.sessions}, {i.id for i in given.instructors}
    _once("plan: session", (line.session for line in given.plan))
    for line in given.plan:
        by = f"plan, {line.session}"
        _known("session", line.session, sessions, by)
        _known("instructor", line.instructor, people, by)
        _known("band", line.band, given.bands, by)
        if line.day >= given.days:
            raise WrongInstance(f"{by}: day {line.day} is after the horizon of {given.days} days")
    for name, person in given.forbidden:
        _known("session", name, sessions, "forbidden")
        _known("instructor", person, people, "forbidden")
