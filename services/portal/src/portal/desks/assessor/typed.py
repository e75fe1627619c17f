"""What was typed on the page of marks: read whole before anything is sent. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal.desks.assessor.seen import BatchSeen, CandidateSeen
from portal.web.text import Text

MARK = re.compile(r"(100(\.0)?|[0-9]{1,2}(\.[0-9])?)")
OneMark = dict[str, Any]
"""As evaluation takes it: `evaluation_id`, `mark`, and of the practical the safety items that were `failed`."""
PRACTICAL = "practical"
FIRST, SECOND = "first", "second"
WAYS: Mapping[str, str] = {"second": SECOND, "first": FIRST, "differs": FIRST}
"""Where a part stands that the viewer is asked for, and which entry it would be."""


def is_mark(value: str) -> bool:
    """0 to 100 in tenths, in plain digits: what was typed is what is stored."""
    return MARK.fullmatch(value) is not None


@dataclass(frozen=True)
class Fault:
    """What cannot be taken: key of the sentence, whose mark, what was typed, in which field."""

    key: str
    name: str = ""
    part: str = ""
    value: str = ""
    field: str = ""

    def figures(self, text: Text) -> dict[str, str]:
        """What its sentence names."""
        return {"name": self.name, "value": self.value[:20], "part": text.or_code("part", self.part)}


@dataclass(frozen=True)
class Typed:
    """Marks by way (first or second entry) and part; `kept` is every field as it was typed."""

    marks: Mapping[tuple[str, str], list[OneMark]] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)


def read(batch: BatchSeen, form: Mapping[str, str]) -> Typed:
    """All marks, or every fault: 0 to 100 in tenths; a tick says absent from every part that has no mark."""
    starts = ("mark-", "absent-", "star-")
    kept = {name: value.strip() for name, value in form.items() if name.startswith(starts)}
    people = {str(each.evaluation_id): each for each in batch.admitted_ones}
    marks: dict[tuple[str, str], list[OneMark]] = {}
    stars, faults = _stars(batch, people, kept)
    for name, value in kept.items():
        if name.startswith("star-"):
            continue
        kind, part, evaluation = (*name.split("-", 2), "", "")[:3]
        candidate = people.get(evaluation if kind == "mark" else name.removeprefix("absent-"))
        if candidate is None or (kind == "mark" and part not in batch.parts):
            faults.append(Fault("marks.stranger", value=value))
        elif kind == "mark" and value and not is_mark(value):
            faults.append(Fault("marks.no_mark", candidate.name, part, value, name))
        elif kind == "mark" and value:
            given = str(Decimal(value))
            _add(marks, candidate, part, given, stars.get(evaluation) if part == PRACTICAL else None)
        elif kind == "absent" and value:
            asked = [each for each in batch.parts if candidate.stands(each) in WAYS]
            missed = [each for each in asked if not kept.get(f"mark-{each}-{candidate.evaluation_id}")]
            if asked and not missed:
                faults.append(_both(candidate, asked[0], kept))
            for each in missed:
                _add(marks, candidate, each, None)
    return Typed({} if faults else marks, tuple(faults), kept)


def _both(candidate: CandidateSeen, part: str, kept: Mapping[str, str]) -> Fault:
    """Absent is ticked, and no part is without a mark."""
    at = f"mark-{part}-{candidate.evaluation_id}"
    return Fault("marks.absent_with_mark", candidate.name, part, kept[at], at)


def _stars(
    batch: BatchSeen, people: Mapping[str, CandidateSeen], kept: Mapping[str, str]
) -> tuple[dict[str, list[str]], list[Fault]]:
    """Whom somebody has seen fail which safety item: with a mark of the practical beside it, and of this batch."""
    found: dict[str, list[str]] = {}
    faults: list[Fault] = []
    items = {each.code for each in batch.starred}
    for name in (each for each, value in kept.items() if each.startswith("star-") and value):
        evaluation, _, item = name.removeprefix("star-").partition("_")
        candidate = people.get(evaluation)
        mark = kept.get(f"mark-{PRACTICAL}-{evaluation}", "")
        if candidate is None or item not in items:
            faults.append(Fault("marks.stranger", value=item))
        elif not mark:
            faults.append(Fault("marks.star_alone", candidate.name, PRACTICAL, item, name))
        else:
            found.setdefault(evaluation, []).append(item)
    return found, faults


def _add(
    marks: dict[tuple[str, str], list[OneMark]],
    candidate: CandidateSeen,
    part: str,
    mark: str | None,
    failed: list[str] | None = None,
) -> None:
    """What stands already, or waits for somebody else, is not sent again."""
    way = WAYS.get(candidate.stands(part))
    if way:
        one: OneMark = {"evaluation_id": str(candidate.evaluation_id), "mark": mark}
        marks.setdefault((way, part), []).append(one | ({"failed": failed} if failed else {}))
