"""What a service's own fact does to its tables, for every fact it says: how lost hours come back.

    evolution = Evolution("scheduling")
    evolution.on(SchemeDrafted, SchemeRevised)(schemes.drafted)      # async (tx, fact, cause)

An evolution writes what the command wrote beside the fact: rows, deadlines, what it drops; best by the same
function. `cause` is the fact itself, as others see it; `clock.now` is its time; nothing is said or asked of
anybody. `restoring` calls them in the order of the topic.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from contracts.base import Fact, all_facts
from servicekit.db import Cause, Position, Tx

Evolve = Callable[[Tx, Any, Cause], Awaitable[None]]


class Evolution:
    """The register of one service. Total: `check` refuses a service that says a fact it cannot fold."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.evolves: dict[str, Evolve] = {}
        self.without: dict[str, str] = {}
        """Facts that leave no trace in the tables, and why."""
        self.gone: dict[str, str] = {}
        """Tables and columns (`table.column`) that facts cannot bring back, and what that means to people."""

    def on(self, *facts: type[Fact]) -> Callable[[Evolve], None]:
        """Register what these facts do: `async (tx, fact, cause)`."""

        def register(evolve: Evolve) -> None:
            for fact in facts:
                self._check_new(fact)
                self.evolves[fact.type] = evolve

        return register

    def nothing_for(self, *facts: type[Fact], because: str) -> None:
        """These facts change no row."""
        for fact in facts:
            self._check_new(fact)
            self.without[fact.type] = because

    def cannot_bring_back(self, *places: str, because: str) -> None:
        """These tables or columns are as the backup has them: personal data, drafts, answers."""
        self.gone |= dict.fromkeys(places, because)

    def check(self) -> None:
        """`TypeError` when a fact of the service is missing here."""
        said = {fact.type for fact in all_facts() if fact.source == self.service}
        missing = said - self.evolves.keys() - self.without.keys()
        if missing:
            raise TypeError(f"{self.service} says {', '.join(sorted(missing))}, and has no evolution for it")

    async def fold(self, tx: Tx, fact: Fact, cause: Cause) -> None:
        """What the fact did, done again; the caller has set the transaction to the fact's time."""
        evolve = self.evolves.get(fact.type)
        if evolve is not None:
            await evolve(tx, fact, cause)

    def _check_new(self, fact: type[Fact]) -> None:
        if fact.source != self.service:
            raise ValueError(f"{fact.type} is {fact.source}'s")
        if fact.type in self.evolves or fact.type in self.without:
            raise ValueError(f"{fact.type} has two evolutions")


def position_of(cause: Cause) -> Position:
    """The fact as a deadline names it that was set with it."""
    return Position(cause.source, cause.subject, cause.sequence, cause.id)
