"""For how long the name of somebody is needed after they were erased.

A law asks for keeping the files of subsidised training and of evaluations (programme data, `personal.kept`, each
with its source): article 47 of the personal information protection law ends there, and so does erasure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from contracts.programme_personal import KeptClass, PersonalRules

NEEDS_NAME: tuple[KeptClass, ...] = ("training", "certificates")
"""Classes that evaluation keeps a name for."""


@dataclass(frozen=True)
class Needed:
    """What a name is still needed for: the class of data, from which day it is reckoned, the last day of it."""

    of: KeptClass
    since: date
    until: date


def needed(last: Mapping[KeptClass, date], rules: PersonalRules, today: date) -> tuple[Needed, ...]:
    """What the name is needed for today, the longest first; `last` = the newest day of each class that there is."""
    found = [Needed(of, day, rules.last_day(of, day)) for of, day in last.items() if of in NEEDS_NAME]
    return tuple(
        sorted((each for each in found if each.until >= today), key=lambda each: each.until, reverse=True)
    )
