"""How much a bench does."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """How much of everything; a test takes little."""

    runs: int = 5
    facts: int = 50_000
    commands: int = 8_000
    seconds: float = 20.0
    folded: int = 100_000
    stored: int = 2_000_000
    subjects: int = 2_000
    writers: int = 16
    rate: float = 200.0
