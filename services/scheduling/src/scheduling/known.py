"""What the service was started with and never changes: the programme folder, read once."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from contracts.programme import Programme, Programmes, load
from contracts.values import ProgrammeCode
from scheduling.memory import Memory
from servicekit.db import Tx
from staffing.rulebook import Rulebook


@dataclass(frozen=True)
class Known:
    """Programmes and rules. The folder goes with every computation: a process of its own reads it again."""

    folder: Path
    programmes: Programmes
    book: Rulebook
    memory: Memory = field(default_factory=Memory, compare=False)
    """What was read of the rows; the rest never changes."""

    @classmethod
    def of(cls, folder: Path) -> "Known":
        """From the folder; a wrong file is told with its line."""
        programmes = load(folder)
        return cls(folder, programmes, Rulebook.of(programmes))

    def programme(self, code: ProgrammeCode) -> Programme:
        """The programme an order was placed under."""
        return self.programmes.programmes[code]


def known(tx: Tx) -> Known:
    """What the service of this transaction was started with."""
    return cast(Known, tx.known)
