"""What the service was started with; every transaction carries it (`tx.known`)."""

from collections.abc import Callable
from dataclasses import dataclass

from contracts.programme import Programmes
from evaluation.neighbours import People
from evaluation.paper import Paper
from servicekit.db import Tx
from staffing.calendar import Calendar


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


def known(tx: Tx) -> Known:
    """The same, with its type."""
    found = tx.known
    assert isinstance(found, Known)
    return found
