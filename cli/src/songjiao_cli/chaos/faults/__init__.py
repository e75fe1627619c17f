"""What breaks. Each fault is one function that does its harm, undoes it, says what it saw and whether it struck."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from songjiao_cli.chaos.siege import Siege

Strike = Callable[[Siege], Awaitable[bool]]
"""Whether the harm was done: a fault that waited in vain for its moment has shown nothing."""


@dataclass(frozen=True)
class Fault:
    """A kind of harm. `quick`: over within seconds, fit for the short proof."""

    name: str
    strike: Strike
    row: int
    """Its row in the list of chaos tests (docs/proof/chaos.md)."""
    quick: bool = False


ALL: dict[str, Fault] = {}


def fault(name: str, *, row: int, quick: bool = False) -> Callable[[Strike], Strike]:
    """Register a kind of harm."""

    def register(strike: Strike) -> Strike:
        ALL[name] = Fault(name, strike, row, quick)
        return strike

    return register
