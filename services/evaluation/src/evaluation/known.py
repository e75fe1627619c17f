"""What the service was started with; every transaction carries it (`tx.known`)."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from contracts.programme import Programmes
from contracts.values import OccupationCode, WorkerId
from evaluation.neighbours import People
from evaluation.paper import Paper
from evaluation.pictures_kept import Photos
from evaluation.signing import Signer
from servicekit.db import Tx
from staffing.admission import Held
from staffing.calendar import Calendar
from staffing.rulebook import Rulebook

LevelsHeld = Callable[
    [Tx, Collection[WorkerId], OccupationCode], Awaitable[Mapping[WorkerId, Sequence[Held]]]
]


@dataclass(frozen=True)
class Known:
    """Programmes and rules, the calendar of working days, whom to ask for names, how certificates are printed
    and summed.
    """

    programmes: Programmes
    calendar: Calendar
    people: People
    paper: Paper
    check_of: Callable[[str], str]
    """Check sum of a certificate's number, which only this installation can make."""
    signer: Signer
    """Signs what the public takes along: badges, and the lists of which hold."""
    public_url: str
    """Where the public reaches the portal."""
    code_key: bytes
    """What the secrets of sign-in codes are made of: the same on every replica, and after a restore."""
    levels_held: LevelsHeld
    """What certificates of ours people hold: examinations ask, and lie below certificates."""
    sign: Callable[[str], str | None]
    """A signature of this service over a digest, as a JWS that its public key checks; none without a key."""
    printed_at_once: int
    """Certificates printed between two commits."""
    book: Rulebook
    """Roads, shifts and moments."""
    photos: Photos
    """Where photos of sessions lie."""


def known(tx: Tx) -> Known:
    """The same, with its type."""
    found = tx.known
    assert isinstance(found, Known)
    return found
