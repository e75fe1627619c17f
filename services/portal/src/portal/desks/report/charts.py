"""The charts of the report: which figures of which cut they draw. Their tables are drawn on the server."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.desks.report.figures import FigureView, Part
from portal.web.text import Text


@dataclass(frozen=True)
class ChartRow:
    """A line: its figures, and each one's share of the greatest line, in percent."""

    name: str
    figures: tuple[FigureView, ...]
    shares: tuple[int, ...]


@dataclass(frozen=True)
class Chart:
    """A chart with the table that says the same. `lying`: the bars lie, because their names are long."""

    code: str
    title: str
    lying: bool
    heads: tuple[str, ...]
    """The names of its figures, with their unit."""
    rows: tuple[ChartRow, ...]
    """None if there is nothing to be drawn: then the chart says what is missing."""


CHARTS = (
    ("month", ("sessions", "planned"), False),
    ("trade", ("heads",), True),
    ("level", ("heads",), True),
    ("county", ("class_hours",), True),
)
"""By cut: what is drawn of it, and whether the bars lie."""


def charts_of(parts: Iterable[Part], text: Text) -> list[Chart]:
    """All of them, with or without something to be drawn."""
    by_cut = {part.code: part for part in parts}
    return [_chart(by_cut[cut], figures, text, lying=lying) for cut, figures, lying in CHARTS]


def _chart(part: Part, codes: Sequence[str], text: Text, *, lying: bool) -> Chart:
    of = [[one for one in row.figures if one.code in codes] for row in part.rows]
    most = max((sum(one.value for one in figures) for figures in of), default=0)
    return Chart(
        code=part.code,
        title=text(f"report.chart.{part.code}"),
        lying=lying,
        heads=tuple(text(f"report.unit.{code}") for code in codes),
        rows=tuple(
            ChartRow(
                row.name,
                tuple(figures),
                tuple(int(100 * one.value / most) for one in figures),
            )
            for row, figures in zip(part.rows, of, strict=True)
            if most
        ),
    )
