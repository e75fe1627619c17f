"""Resident ID numbers (居民身份证号码): checked by length, date and check character, nothing else.

The region is the one of the first issue and need not exist any more (Sanming's 3504 codes began in 1983,
and people were born before), so an unknown one is only told, never refused; common validators refuse such
numbers.
"""

import hmac
from datetime import date
from uuid import UUID

from contracts.values import Reason, WorkerId, because

LENGTH = 18
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
OLD_LENGTH = 15
LEAST_AGE = 16
"""Labour law: nobody younger works."""
MOST_AGE = 100
PROVINCES = frozenset(
    {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71}
    | {81, 82, 83}
)
"""First two digits: provinces, and residents of Hong Kong, Macao and Taiwan; foreigners' begin with 9."""


def check_character(first: str) -> str:
    """The 18th character of the first seventeen."""
    return CHECKS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first, strict=True)) % 11]


def birth_date(number: str) -> date | None:
    """The day of birth that the number states, if there is such a day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def wrong(number: str, *, today: date) -> Reason | None:
    """Why this cannot be a worker's ID number; `None` when it can."""
    return _wrong_form(number) or _wrong_content(number, today)


def _wrong_form(number: str) -> Reason | None:
    if len(number) == OLD_LENGTH and number.isascii() and number.isdecimal():
        return because("roster.id_old_form")
    if len(number) != LENGTH:
        return because("roster.id_length", length=len(number))
    if not (number[:17].isascii() and number[:17].isdecimal() and number[17] in "0123456789X"):
        return because("roster.id_characters")
    return None


def _wrong_content(number: str, today: date) -> Reason | None:
    born = birth_date(number)
    if born is None or born > today:
        return because("roster.id_birth_date")
    if check_character(number[:17]) != number[17]:
        return because("roster.id_check")
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if not LEAST_AGE <= age <= MOST_AGE:
        return because("roster.age", age=age, least=LEAST_AGE, most=MOST_AGE)
    return None


def strange_region(number: str) -> bool:
    """Whether the first two digits name no province that ever gave out numbers: worth a look, no refusal."""
    return number[0] != "9" and int(number[:2]) not in PROVINCES


def masked(number: str) -> str:
    """All a screen shows of an ID number: its last four characters."""
    return "*" * max(len(number) - 4, 0) + number[-4:]


def worker_id(number: str, key: bytes) -> WorkerId:
    """The worker, the same in every order: a keyed blind index of the ID number, as a UUID of version 8.

    Without the key nobody can try numbers against it. The key must never change.
    """
    value = int.from_bytes(hmac.digest(key, f"worker\0{number}".encode(), "sha256")[:16], "big")
    value = value & ~(0xF << 76) | (8 << 76)
    value = value & ~(0x3 << 62) | (2 << 62)
    return UUID(int=value)
