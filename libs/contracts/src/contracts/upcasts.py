"""Old version of a fact -> next version, one pure function each. Facts on disk are never rewritten."""

from collections.abc import Callable
from typing import Any

Data = dict[str, Any]
UPCASTS: dict[str, tuple[str, Callable[[Data], Data]]] = {}
"""Old type -> (next type, function). A step leads one version up; steps are followed to the end."""


def _of_a_line(data: Data) -> Data:
    """A session that was said before sessions named their line: the first, for what its instructor must be able to."""
    if "line" in data:
        return data
    needs = data["needs"]
    return {"line": 1, "occupation": needs["occupation"], "level": needs["level"], **data}


MENDED: dict[str, Callable[[Data], Data]] = {
    "session.scheduled.v1": _of_a_line,
    "session.moved.v1": _of_a_line,
}
"""What an early fact of a version lacks, from when a version could still change (before 0.1.0)."""


def to_newest(type_: str, data: Data) -> tuple[str, Data]:
    """Follow the steps from this version to the newest known one."""
    while True:
        if type_ in MENDED:
            data = MENDED[type_](data)
        if type_ not in UPCASTS:
            return type_, data
        type_, step = UPCASTS[type_]
        data = step(data)


def newest_of(type_: str) -> str:
    """The newest known version of this type."""
    while type_ in UPCASTS:
        type_ = UPCASTS[type_][0]
    return type_
