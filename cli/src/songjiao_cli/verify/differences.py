"""Where two reports differ, in words."""

from typing import Any


def differences(one: Any, other: Any, at: str = "") -> list[str]:
    """A line for every figure that is not the same in both; empty when all are."""
    if isinstance(one, dict) and isinstance(other, dict):
        lines = []
        for key in sorted(set(one) | set(other)):
            lines += differences(one.get(key), other.get(key), f"{at}.{key}" if at else str(key))
        return lines
    return [] if one == other else [f"{at}: the report says {one}, the facts say {other}"]
