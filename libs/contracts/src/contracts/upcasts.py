"""Old version of a fact -> next version, one pure function each. Facts on disk are never rewritten."""

from collections.abc import Callable
from typing import Any

Data = dict[str, Any]
UPCASTS: dict[str, tuple[str, Callable[[Data], Data]]] = {}
"""Old type -> (next type, function). A step leads one version up; steps are followed to the end."""


def to_newest(type_: str, data: Data) -> tuple[str, Data]:
    """Follow the steps from this version to the newest known one."""
    while type_ in UPCASTS:
        type_, step = UPCASTS[type_]
        data = step(data)
    return type_, data


def newest_of(type_: str) -> str:
    """The newest known version of this type."""
    while type_ in UPCASTS:
        type_ = UPCASTS[type_][0]
    return type_
