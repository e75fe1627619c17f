"""What the portal was started with and never changes."""

from dataclasses import dataclass, field
from typing import cast

from contracts.programme import Programmes
from portal.accounts.passwords import Passwords
from portal.mailing import Mailing
from servicekit.db import Tx
from servicekit.neighbours import Neighbours


@dataclass(frozen=True)
class Known:
    """Programmes (names of occupations, levels, places, units) the ways to the neighbours, and how
    passwords are kept.
    """

    programmes: Programmes
    neighbours: Neighbours
    passwords: Passwords = field(default_factory=Passwords)
    mailing: Mailing | None = None
    """None = mails are listed, and none leaves."""


def known(tx: Tx) -> Known:
    """What the service of this transaction was started with."""
    return cast(Known, tx.known)
