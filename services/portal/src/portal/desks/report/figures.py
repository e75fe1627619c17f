"""The report's figures in words: the tables of every cut, each figure with the way to the rows behind it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from portal.desks.report.counted import CUTS, Counted, Sums, cut, sums
from portal.desks.report.period import Period
from portal.web.names import Names
from portal.web.text import Text

BEHIND = {
    "sessions": "sessions", "planned": "planned", "special": "specials", "person_times": "sessions",
    "heads": "heads", "class_hours": "sessions", "cost": "sessions", "certificates": "certificates",
    "subsidy": "certificates",
}  # fmt: skip
"""Each figure, and which rows stand behind it."""
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class FigureView:
    """A figure, and where its rows are."""

    code: str
    value: int | Decimal
    text: str
    url: str


@dataclass(frozen=True)
class PartRow:
    """A line of a cut; `share` of the person-times of its largest, in percent."""

    code: str
    name: str
    share: int
    figures: tuple[FigureView, ...]


@dataclass(frozen=True)
class Part:
    """A cut."""

    code: str
    title: str
    rows: tuple[PartRow, ...]


def whole_of(counted: Counted, period: Period) -> tuple[FigureView, ...]:
    """The figures of everything."""
    return _figures(sums(counted), period, "", "")


def parts_of(counted: Counted, period: Period, names: Names) -> list[Part]:
    """Every cut."""
    return [_part(name, counted, period, names) for name in CUTS]


def query_of(period: Period, **more: str) -> str:
    """The period in an address; nothing for everything."""
    days = {"first": period.first, "last": period.last}
    return urlencode(more | {name: day.isoformat() for name, day in days.items() if day})


def said(value: int | Decimal) -> str:
    """1,234; yuan with their cents only where there are any."""
    if isinstance(value, int) or value == value.to_integral_value():
        return f"{int(value):,}"
    return f"{value:,.2f}"


def month_of(code: str, text: Text) -> str:
    """2026-05 as people say it; whatever else was asked for as it is."""
    if not MONTH.fullmatch(code):
        return code
    year, month = code.split("-")
    return text("report.month_of", year=year, month=text(f"month.{int(month)}"))


def called(names: Names) -> dict[str, Callable[[str], str]]:
    """The name of a part, by its cut."""

    def programme(code: str) -> str:
        row = names.programmes.programmes.get(code)
        return (row.name_en if names.text.language == "en" else row.name_zh) if row else code or "—"

    return {
        "county": names.division, "trade": names.occupation, "level": names.level_whole, "programme": programme,
        "month": lambda code: month_of(code, names.text), "college": names.organisation,
        "enterprise": names.organisation,
    }  # fmt: skip


def _part(name: str, counted: Counted, period: Period, names: Names) -> Part:
    found = {code: sums(part) for code, part in cut(name, counted).items()}
    most = max((one.person_times for one in found.values()), default=0)
    rows = (
        PartRow(
            code,
            called(names)[name](code),
            100 * one.person_times // most if most else 0,
            _figures(one, period, name, code),
        )
        for code, one in found.items()
    )
    return Part(name, names.text(f"report.{name}"), tuple(rows))


def _figures(found: Sums, period: Period, by: str, of: str) -> tuple[FigureView, ...]:
    part = {"by": by, "of": of} if by else {}

    def view(code: str) -> FigureView:
        value: int | Decimal = getattr(found, code)
        url = f"/report/rows?{query_of(period, what=BEHIND[code], **part)}"
        return FigureView(code, value, said(value), url)

    return tuple(map(view, BEHIND))
