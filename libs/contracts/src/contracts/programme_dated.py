"""Figures that each begin on a day: a new one is a new row, and what began last before a day counts on it."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypeVar


class Dated(Protocol):
    """A row that holds from a day on."""

    @property
    def since(self) -> date:
        """Its first day."""


D = TypeVar("D", bound=Dated)


def check_each_once(rows: Sequence[Dated]) -> None:
    """`ValueError` when two begin on one day: nobody could say which counts."""
    if len({each.since for each in rows}) < len(rows):
        raise ValueError("two figures begin on the same day")


def begun(rows: Sequence[D], day: date) -> D | None:
    """The row that counts on this day; nothing before the first begins."""
    return max((each for each in rows if each.since <= day), key=lambda each: each.since, default=None)
