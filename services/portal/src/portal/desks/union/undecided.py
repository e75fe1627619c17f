"""Which sessions of a scheme wait for the coordinator's hand, and why: they stand first. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal
from uuid import UUID

from portal.boards.cards import Lesson
from portal.desks.signed import ReasonSeen, SessionSeen
from portal.desks.union.stands import StandingSeen
from portal.web.names import Names

Why = Literal["missed", "unplaced", "unstaffable"]
"""Nobody opened it; no time was found; nobody can come at its time."""
Undecided = Mapping[UUID, tuple[Why, Sequence[ReasonSeen]]]
FIRST: tuple[Why, ...] = ("missed", "unplaced", "unstaffable")


def undecided(
    lines: Iterable[SessionSeen], on_the_card: Mapping[str, Lesson], stands: Iterable[StandingSeen]
) -> Undecided:
    """By session what it waits for, with the reasons that scheduling has told; the most pressing first.

    A line without a day was never placed; of the others the order's card says what became of them.
    """
    told = {row.session_id: row.reasons for row in stands}
    found: dict[UUID, tuple[Why, Sequence[ReasonSeen]]] = {}
    for line in lines:
        if line.session_id is None:
            continue
        if line.day is None:
            found[line.session_id] = ("unplaced", line.reasons)
            continue
        lesson = on_the_card.get(str(line.session_id))
        why = next((each for each in FIRST if lesson is not None and lesson.state == each), None)
        if why is not None:
            found[line.session_id] = (why, told.get(line.session_id, ()))
    return dict(sorted(found.items(), key=lambda each: FIRST.index(each[1][0])))


def in_words(why: Why, reasons: Iterable[ReasonSeen], names: Names) -> tuple[str, str]:
    """The short word for it, and what was tried or stood against it; empty where nothing was told."""
    said = names.text.joined([names.reason(each.code, each.figures) for each in reasons])
    return names.state(why), said
