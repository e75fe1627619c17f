"""Everybody at one time: who can come, then the others by the rule that bars them, the nearest first. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.web.names import Names


@dataclass(frozen=True)
class RowView:
    """A person, a slot or a way out, and what is said of it."""

    title: str
    said: tuple[str, ...]
    good: bool
    """Can come, can be held then."""


@dataclass(frozen=True)
class GroupView:
    """People whom the same rule bars first, or those who can come."""

    title: str
    rows: tuple[RowView, ...]
    open: bool
    """Shown at once: those who can come, or the nearest where nobody can; everything that was searched for."""


def grouped(people: Iterable[tuple[str, RowView]], names: Names, query: str) -> tuple[GroupView, ...]:
    """Of everybody whose name or rule has these words in it. Each comes with the code of the first rule against them,
    nothing = they can come; whoever comes first in these is nearest to it.
    """
    words = query.casefold().split()
    groups: dict[str, list[RowView]] = {}
    for code, row in people:
        told = " ".join((row.title, *row.said)).casefold()
        if all(word in told for word in words):
            groups.setdefault(code, []).append(row)
    return tuple(
        GroupView(_title(code, len(rows), names), tuple(rows), open=bool(words) or n == 0)
        for n, (code, rows) in enumerate(groups.items())
    )


def _title(code: str, count: int, names: Names) -> str:
    if not code:
        return names.text("asked.can_come", count=count)
    return names.text("asked.barred", rule=names.text.reason(code, {}), count=count)
