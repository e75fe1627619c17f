"""Rows of the programme folder's tables (CSV). Every row keeps where it comes from."""

from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from contracts.values import (
    BandCode,
    Code,
    Diploma,
    DivisionCode,
    LevelCode,
    Mark,
    Mode,
    OccupationCode,
    Part,
    ShiftPatternCode,
    Title,
    UnitCode,
)

Source = Literal["seed", "public fact", "approximate", "invented"]
Confidence = Literal["high", "medium", "low"]
T = TypeVar("T")
Listed = Annotated[
    tuple[T, ...], BeforeValidator(lambda cell: cell.split("|") if isinstance(cell, str) else cell)
]
"""Several values in one cell, with `|` between them."""
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
Share = Annotated[Decimal, Field(ge=0, le=1)]
Whole = Annotated[int, Field(ge=0)]
Yuan = Annotated[Decimal, Field(ge=0)]


class Entry(BaseModel):
    """A row or block of a file: unknown columns and keys are refused, nobody changes it after the start."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Wording(Entry):
    """What people read for a code."""

    zh: Words
    en: Words


class Sourced(Entry, Generic[T]):
    """A figure and where it comes from."""

    value: T
    source: Source
    confidence: Confidence | None = None
    note: Words | None = None


class Level(Entry):
    """A step of the ladder; `rank` orders them, `parts` are what an evaluation at it consists of."""

    id: LevelCode
    rank: Whole
    cert_level_code: Annotated[int, Field(ge=1, le=5)] | None = None
    name_zh: Words
    name_en: Words
    short_zh: Words
    previous: LevelCode | None = None
    apply_2023_rule: Words | None = None
    apply_2018_rule: Words | None = None
    parts: Listed[Part] = ()
    pass_mark: Mark | None = None
    assessment: Words
    source: Source
    confidence: Words

    @model_validator(mode="after")
    def _examined_levels_have_a_mark(self) -> "Level":
        if self.cert_level_code is not None and (self.pass_mark is None or not self.parts):
            raise ValueError("a level with a certificate code needs parts and a pass mark")
        return self


class Occupation(Entry):
    """An occupation of the 2022 dictionary."""

    code: OccupationCode
    name_zh: Words
    name_en: Words
    group_code: Words | None = None
    group_zh: Words | None = None
    green: bool
    digital: bool
    levels: Annotated[
        tuple[Whole, ...], BeforeValidator(lambda c: c.split(",") if isinstance(c, str) else c)
    ] = ()
    train_hours_by_level: Words | None = None
    industries: Listed[Words] = ()
    note: Words | None = None
    source: Source
    name_en_source: Words


class ShiftPattern(Entry):
    """Hours of each letter (`E=08:00-16:00|N=00:00-08:00`), the cycle of letters, the crews that share it."""

    id: ShiftPatternCode
    name_zh: Words
    name_en: Words
    hours: dict[str, tuple[tuple[int, int], ...]]
    """Letter -> spans in minutes of the day; an end at or before its start is on the next day."""
    cycle: Annotated[str, StringConstraints(pattern=r"^[A-Z-]{2,60}$")]
    crews: Annotated[int, Field(ge=1, le=26)]
    source: Source
    note: Words | None = None

    @model_validator(mode="before")
    @classmethod
    def _hours_in_minutes(cls, row: Any) -> Any:
        if not isinstance(row, dict) or not isinstance(row.get("hours"), str):
            return row
        return row | {"hours": dict(map(_letter, row["hours"].split("|")))}

    @model_validator(mode="after")
    def _cycle_fits(self) -> "ShiftPattern":
        if unknown := set(self.cycle) - set(self.hours) - {"-"}:
            raise ValueError(f"the cycle names {', '.join(sorted(unknown))}, which has no hours")
        if len(self.cycle) % self.crews:
            raise ValueError("the crews do not divide the cycle evenly")
        if self.crews == 1 and len(self.cycle) != 7:  # noqa: PLR2004  one crew works by the days of the week
            raise ValueError("a pattern of one crew has seven days, Monday first")
        return self


def _letter(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    letter, _, spans = text.partition("=")
    return letter, tuple(_span(span) for span in spans.split("+"))


def _span(text: str) -> tuple[int, int]:
    try:
        (h1, m1), (h2, m2) = (map(int, t.split(":")) for t in text.split("-"))
    except ValueError:
        raise ValueError(f"'{text}' is not like 08:00-16:00") from None
    if not (0 <= h1 < 24 and 0 <= h2 <= 24 and 0 <= m1 < 60 and 0 <= m2 < 60):  # noqa: PLR2004  hours and minutes
        raise ValueError(f"'{text}' is no time of the day")
    start, end = h1 * 60 + m1, h2 * 60 + m2
    return start, end if end > start else end + 1440


class Holiday(Entry):
    """A day off, or a weekend day worked instead."""

    date: date
    weekday: Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    kind: Literal["holiday", "makeup_workday"]
    name_zh: Words
    name_en: Words
    in_lieu: bool
    source: Source

    @model_validator(mode="after")
    def _weekday_is_right(self) -> "Holiday":
        if self.date.strftime("%a") != self.weekday:
            raise ValueError(f"{self.date} is a {self.date:%a}")
        return self


class Division(Entry):
    """A county-level division, current or historic, or the city and province above."""

    code: DivisionCode
    name_zh: Words
    name_en: Words
    pinyin: Words
    level: Literal["province", "prefecture", "county", "historic"]
    parent: DivisionCode | None = None
    valid_from: int | None = None
    valid_to: int | None = None
    lat: float | None = None
    lon: float | None = None
    postcode: Words | None = None
    source: Source
    coord_source: Source | None = None


class Distance(Entry):
    """Between two counties, the same in both directions; the key is `from-to`."""

    from_code: DivisionCode
    to_code: DivisionCode
    from_zh: Words
    to_zh: Words
    straight_km: float
    road_km: Whole
    drive_min: Annotated[int, Field(ge=1, le=1440)]
    source: Source


class Band(Entry):
    """A band of the day, the same every day."""

    code: BandCode
    name_zh: Words
    name_en: Words
    starts: time
    ends: time
    source: Source
    note: Words | None = None

    @model_validator(mode="after")
    def _within_a_day(self) -> "Band":
        if self.ends <= self.starts:
            raise ValueError("it ends before it starts")
        return self

    @property
    def minutes(self) -> tuple[int, int]:
        """Start and end in minutes of the day."""
        return self.starts.hour * 60 + self.starts.minute, self.ends.hour * 60 + self.ends.minute


class Term(Entry):
    """A word of the trade in both languages."""

    key: Words
    zh: Words
    en: Words
    meaning: Words | None = None
    source: Source


class Admission(Entry):
    """One route to an evaluation at a level. All that it names must be shown; any route admits.

    Years are in this or a related occupation, together: `years` in all, `years_holding` since the certificate of the
    level held, `title_years` since the title.
    """

    code: Code
    rule_set: Words
    level: LevelCode
    holds: LevelCode | None = None
    years: Whole
    years_holding: Whole
    title: Title | None = None
    title_years: Whole
    diploma: Listed[Diploma] = ()
    """Any of these, in this or a related trade."""
    apprenticeship: Annotated[bool, BeforeValidator(lambda cell: cell or False)] = False
    source: Source
    confidence: Confidence
    zh: Words
    en: Words
    note: Words | None = None

    @model_validator(mode="after")
    def _years_are_since_something(self) -> "Admission":
        if self.years_holding and self.holds is None:
            raise ValueError("years_holding counts since a level is held, and none is named")
        if self.title_years and self.title is None:
            raise ValueError("title_years counts since a title, and none is named")
        return self


class Starred(Entry):
    """A safety item of an occupation's practical (★): failing it fails the practical, whatever the mark."""

    code: Code
    occupation: OccupationCode
    zh: Words
    en: Words
    source: Source
    confidence: Confidence
    note: Words | None = None


class Unit(Entry):
    """A course unit: so many class-hours, cut into sessions of `session_hours` each."""

    code: UnitCode
    occupation: OccupationCode
    level: LevelCode
    name_zh: Words
    name_en: Words
    class_hours: Annotated[int, Field(ge=1, le=400)]
    session_hours: Annotated[int, Field(ge=1, le=8)]
    mode: Mode
    needs_occupation: OccupationCode
    needs_level: LevelCode
    """Least level of whoever teaches it."""
    assistants: Annotated[int, Field(ge=0, le=10)] = 0
    """How many assist whoever leads a session; they hold at least the level that is taught."""
    source: Source
    note: Words | None = None

    @model_validator(mode="after")
    def _whole_sessions(self) -> "Unit":
        if self.class_hours % self.session_hours:
            raise ValueError(f"{self.class_hours} class-hours are no whole number of sessions")
        return self

    @property
    def sessions(self) -> int:
        """How many sessions the unit takes."""
        return self.class_hours // self.session_hours
