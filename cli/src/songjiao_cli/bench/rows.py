"""What a bench says: a row a figure, with what it is measured against and whether it is enough."""

from dataclasses import dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Row:
    """One figure. `runs` are the single values behind the medians, `beside` the baseline's."""

    figure: str
    unit: str
    value: float | None
    baseline: float | None = None
    ratio: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    runs: tuple[float, ...] = ()
    beside: tuple[float, ...] = ()
    why: str = ""
    """Why it was not measured."""
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the bound holds: of the ratio where there is one, else of the value."""
        judged = self.value if self.ratio is None else self.ratio
        if judged is None:
            return False
        if self.at_most is not None:
            return judged <= self.at_most
        return self.at_least is None or judged >= self.at_least

    def told(self) -> dict[str, Any]:
        """As `--json` has it."""
        bound = "at_most" if self.at_most is not None else "at_least"
        row: dict[str, Any] = {
            "figure": self.figure,
            "value": _short(self.value),
            "unit": self.unit,
            "baseline": _short(self.baseline),
            "ratio": _short(self.ratio),
            bound: getattr(self, bound),
            "ok": self.ok,
        }
        if self.why:
            row["why"] = self.why
        if self.runs:
            row["runs"] = [_short(each) for each in self.runs]
        if self.beside:
            row["baseline_runs"] = [_short(each) for each in self.beside]
        return row


def paired(figure: str, unit: str, runs: list[tuple[float, float]], *, at_least: float) -> Row:
    """The medians of both, and the median of each pair's ratio: what disturbed a run disturbed both halves."""
    ours, beside = tuple(one for one, _ in runs), tuple(other for _, other in runs)
    ratio = median(one / other for one, other in runs)
    return Row(figure, unit, median(ours), median(beside), ratio, at_least=at_least, runs=ours, beside=beside)


def alone(
    figure: str, unit: str, runs: list[float], *, at_least: float | None = None, at_most: float | None = None
) -> Row:
    """A figure with nothing beside it."""
    return Row(figure, unit, median(runs), at_least=at_least, at_most=at_most, runs=tuple(runs))


def not_run(
    figure: str, unit: str, why: str, *, at_least: float | None = None, at_most: float | None = None
) -> Row:
    """Not measured, hence not ok."""
    return Row(figure, unit, None, at_least=at_least, at_most=at_most, why=why)


def _short(value: float | None) -> float | None:
    """Four figures say enough."""
    return None if value is None else float(f"{value:.4g}")
