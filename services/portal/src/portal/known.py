"""What the portal was started with and never changes."""

from dataclasses import dataclass
from typing import cast

from contracts.programme import Programmes
from servicekit.db import Tx
from servicekit.neighbours import Neighbours


@dataclass(frozen=True)
class Known:
    """Programmes (names of occupations, levels, places, units) and the ways to the neighbours."""

    programmes: Programmes
    neighbours: Neighbours


def known(tx: Tx) -> Known:
    """What the service of this transaction was started with."""
    return cast(Known, tx.known)
