"""A long story told shortly: of many facts of one kind on a day or in a row the newest stands for all. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from portal.desks.union.story import Sentence

FEW = 3
"""So many of a kind stand each by itself."""


@dataclass(frozen=True)
class Folded:
    """A sentence, and the earlier ones of its kind that stand under it."""

    newest: Sentence
    rest: tuple[Sentence, ...] = ()

    @property
    def all(self) -> tuple[Sentence, ...]:
        """Everything that it stands for, the newest first."""
        return (self.newest, *self.rest)


def folded(told: Iterable[Sentence], zone: ZoneInfo) -> list[Folded]:
    """The sentences, newest first as they are given, each once."""
    days = groupby(told, key=lambda one: one.at.astimezone(zone).date())
    lines = [line for _, day in days for line in _of_a_day(list(day))]
    return [
        line for _, run in groupby(lines, key=lambda line: line.newest.type) for line in _in_a_row(list(run))
    ]


def _of_a_day(day: Sequence[Sentence]) -> list[Folded]:
    """Those of a kind that are many stand where the newest of them does."""
    many = {type_ for type_, count in Counter(one.type for one in day).items() if count > FEW}
    kinds: dict[object, list[Sentence]] = {}
    for one in day:
        kinds.setdefault(one.type if one.type in many else one.id, []).append(one)
    return [Folded(newest, tuple(rest)) for newest, *rest in kinds.values()]


def _in_a_row(run: Sequence[Folded]) -> Sequence[Folded]:
    """Lines of one kind with nothing else between them are one line, if they are many."""
    newest, *rest = (one for line in run for one in line.all)
    return [Folded(newest, tuple(rest))] if len(rest) >= FEW else run
