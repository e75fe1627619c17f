"""What was typed in the form of an order, and what is missing in it. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.programme import Programmes
from portal.desks.enterprise.asked import LineSeen
from portal.web.text import Text

CODE = re.compile(r"\d-\d{2}-\d{2}-\d{2}")
SIZES = re.compile(r"[,，、;；\s]+")
NAMED = re.compile(r"l(\d{1,2})\.service")
MOST_LINES, LONGEST = 99, 2000
"""Lines of an order, and characters of a field: no fewer than order-intake takes, or an edit would lose the rest."""


@dataclass(frozen=True)
class TypedLine:
    """A line as it stands in the form; every field is what was typed."""

    line: int
    service: str = ""
    occupation: str = ""
    level: str = ""
    heads: str = ""
    earliest: str = ""
    latest: str = ""
    bands: tuple[str, ...] = ()
    units: str = ""
    sizes: str = ""
    cap: str = ""
    people: int = 0
    """On its roster, which no form changes."""


@dataclass(frozen=True)
class Missing:
    """What stands against submitting: the field to go to, and why in words."""

    field: str
    text: str


def lines_of(form: Mapping[str, str], bands: Mapping[int, tuple[str, ...]]) -> tuple[TypedLine, ...]:
    """The lines of a form by their number; `bands` are its check boxes."""
    numbers = sorted({int(found[1]) for name in form if (found := NAMED.fullmatch(name))})[:MOST_LINES]

    def told(number: int, name: str) -> str:
        return str(form.get(f"l{number}.{name}", "")).strip()[:LONGEST]

    return tuple(
        TypedLine(
            number, told(number, "service"), told(number, "occupation"), told(number, "level"), told(number, "heads"),
            told(number, "earliest"), told(number, "latest"), bands.get(number, ()),
            told(number, "units"), told(number, "sizes"), told(number, "cap"),
            people=int(told(number, "people")) if told(number, "people").isdecimal() else 0,
        )
        for number in numbers
    )  # fmt: skip


def typed(lines: Iterable[LineSeen], programmes: Programmes, *, english: bool) -> tuple[TypedLine, ...]:
    """Lines that order-intake keeps, as the form shows them."""
    return tuple(
        TypedLine(
            line=one.line,
            service=one.service,
            occupation=occupation_option(one.occupation, programmes, english=english),
            level=one.level or "",
            heads=str(one.heads or ""),
            earliest=one.earliest.isoformat() if one.earliest else "",
            latest=one.latest.isoformat() if one.latest else "",
            bands=tuple(one.bands),
            units=",".join(one.units),
            sizes=",".join(map(str, one.cohort_sizes)),
            cap=str(one.release_cap_minutes or ""),
            people=one.people,
        )
        for one in lines
    )


def occupation_option(code: str, programmes: Programmes, *, english: bool) -> str:
    """An occupation as it is offered: its name and its code."""
    row = programmes.occupations.get(code)
    return code if row is None else f"{row.name_en if english else row.name_zh} {code}"


def occupation_code(words: str, programmes: Programmes) -> str | None:
    """The occupation that is meant: by its code, its name, or the only name that has these words in it."""
    if found := CODE.search(words):
        return found[0]
    wanted = words.strip().lower()
    if not wanted:
        return None
    names = {code: (row.name_zh.lower(), row.name_en.lower()) for code, row in programmes.occupations.items()}
    same = [code for code, told in names.items() if wanted in told]
    alike = same or [code for code, told in names.items() if any(wanted in name for name in told)]
    return alike[0] if len(alike) == 1 else None


def missing(lines: Sequence[TypedLine], programmes: Programmes, text: Text, today: date) -> list[Missing]:
    """All that stands against submitting it, in the order of the form: each with the field where it is mended."""
    found = [] if lines else [Missing("add", text("of.no_lines"))]
    for one in lines:
        at = text("of.line", n=one.line)
        say = [
            Missing(f"l{one.line}-{field}", f"{at}{text(key)}")
            for field, key in _wanting(one, programmes, today)
        ]
        found += say
    return found


def _wanting(one: TypedLine, programmes: Programmes, today: date) -> list[tuple[str, str]]:
    wrong: list[tuple[str, str]] = []
    if occupation_code(one.occupation, programmes) not in programmes.occupations:
        wrong.append(("occupation", "of.wants_occupation" if not one.occupation else "of.occupation_unclear"))
    if not one.level:
        wrong.append(("level", "of.wants_level"))
    wrong += _no_numbers(one)
    earliest, latest = day_of(one.earliest), day_of(one.latest)
    if earliest is None:
        wrong.append(("earliest", "of.wants_earliest"))
    if latest is None:
        wrong.append(("latest", "of.wants_latest"))
    elif earliest is not None and latest < earliest:
        wrong.append(("latest", "of.dates_reversed"))
    elif latest < today:
        wrong.append(("latest", "of.dates_past"))
    if not one.people:
        wrong.append(("roster", "of.wants_roster"))
    return wrong


def no_numbers(lines: Iterable[TypedLine], text: Text) -> list[Missing]:
    """Fields of numbers with something else in them: a draft is kept without what stands there."""
    return [
        Missing(f"l{one.line}-{field}", f"{text('of.line', n=one.line)}{text(key)}")
        for one in lines
        for field, key in _no_numbers(one)
    ]


def _no_numbers(one: TypedLine) -> list[tuple[str, str]]:
    wrong = []
    if one.heads and not _counts(one.heads):
        wrong.append(("heads", "of.heads_unclear"))
    if not all(_counts(part) for part in SIZES.split(one.sizes) if part):
        wrong.append(("sizes", "of.sizes_unclear"))
    return wrong


def _counts(words: str) -> bool:
    return words.isdecimal() and int(words) > 0


def day_of(words: str) -> date | None:
    """A day as a date field sends it."""
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def body_of(one: TypedLine, programmes: Programmes) -> dict[str, Any]:
    """The line as order-intake takes it; what was left empty is left out."""
    numbers = [part for part in SIZES.split(one.sizes) if _counts(part)]
    told: dict[str, Any] = {
        "line": one.line,
        "service": one.service,
        "occupation": occupation_code(one.occupation, programmes) or one.occupation,
        "level": one.level or None,
        "heads": int(one.heads) if _counts(one.heads) else None,
        "earliest": one.earliest or None,
        "latest": one.latest or None,
        "bands": list(one.bands),
        "units": [unit for unit in one.units.split(",") if unit],
        "cohort_sizes": [int(part) for part in numbers],
        "release_cap_minutes": int(one.cap) if one.cap.isdecimal() else 0,
    }
    return {name: value for name, value in told.items() if value is not None}


def sendable(lines: Iterable[TypedLine], programmes: Programmes) -> list[TypedLine]:
    """Lines that can be kept as a draft already: their occupation is known."""
    return [one for one in lines if occupation_code(one.occupation, programmes) in programmes.occupations]


def would_be_lost(lines: Iterable[TypedLine], programmes: Programmes) -> list[TypedLine]:
    """Lines with a roster that cannot be kept as typed: kept without them, the order would lose their people."""
    lines = list(lines)
    clear = sendable(lines, programmes)
    return [one for one in lines if one.people and one not in clear]
