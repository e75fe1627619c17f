"""What was typed on the page of marks: read whole before anything is sent. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from portal.desks.assessor.seen import BatchSeen, CandidateSeen

MARK = re.compile(r"(100(\.0)?|[0-9]{1,2}(\.[0-9])?)")
FIRST, SECOND = "first", "second"


@dataclass(frozen=True)
class Fault:
    """What cannot be taken: key of the sentence, whose mark, what was typed, in which field."""

    key: str
    name: str = ""
    part: str = ""
    value: str = ""
    field: str = ""


@dataclass(frozen=True)
class Typed:
    """Marks by way (first or second entry) and part; `kept` is every field as it was typed."""

    marks: Mapping[tuple[str, str], list[dict[str, str | None]]] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)


def read(batch: BatchSeen, form: Mapping[str, str]) -> Typed:
    """All marks, or every fault: 0 to 100 in tenths, plain digits; absent is ticked, never written."""
    kept = {name: value.strip() for name, value in form.items() if name.startswith(("mark-", "absent-"))}
    people = {str(each.evaluation_id): each for each in batch.admitted_ones}
    marks: dict[tuple[str, str], list[dict[str, str | None]]] = {}
    faults: list[Fault] = []
    for name, value in kept.items():
        kind, part, evaluation = (*name.split("-", 2), "", "")[:3]
        candidate = people.get(evaluation if kind == "mark" else name.removeprefix("absent-"))
        if candidate is None or (kind == "mark" and part not in batch.parts):
            faults.append(Fault("marks.stranger", value=value))
            continue
        if kind == "mark" and value:
            fault = _fault(candidate, part, value, absent=bool(kept.get(f"absent-{evaluation}")))
            faults += [fault] if fault else []
            _add(marks, candidate, part, str(Decimal(value)) if not fault else None)
        if kind == "absent" and value:
            for each in batch.parts:
                _add(marks, candidate, each, None)
    return Typed({} if faults else marks, tuple(faults), kept)


def _fault(candidate: CandidateSeen, part: str, value: str, *, absent: bool) -> Fault | None:
    at = f"mark-{part}-{candidate.evaluation_id}"
    if absent:
        return Fault("marks.absent_with_mark", candidate.name, part, value, at)
    if not MARK.fullmatch(value):
        return Fault("marks.no_mark", candidate.name, part, value, at)
    return None


def _add(
    marks: dict[tuple[str, str], list[dict[str, str | None]]],
    candidate: CandidateSeen,
    part: str,
    mark: str | None,
) -> None:
    """What stands already, or waits for somebody else, is not sent again."""
    way = {"second": SECOND, "first": FIRST, "differs": FIRST}.get(candidate.stands(part))
    if way:
        marks.setdefault((way, part), []).append(
            {"evaluation_id": str(candidate.evaluation_id), "mark": mark}
        )
