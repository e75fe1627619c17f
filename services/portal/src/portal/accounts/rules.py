"""When an account may be made, and when a login has to wait."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from contracts.refusals import Invalid

MOST_FAILURES = 5
LOCKED = timedelta(minutes=15)
OF_AN_ORGANISATION = frozenset({"enterprise", "union", "college", "instructor", "assessor"})
ARE_SENT = frozenset({"instructor", "assessor"})
USERNAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$"
LEAST_LETTERS, MOST_LETTERS = 10, 256
"""Of a password: long rather than odd."""


def check_account(roles: Iterable[str], organisation: str | None, person: UUID | None) -> None:
    """Every role but the administrator's is tied to an organisation; who is sent, to their person id."""
    wanted = set(roles)
    if wanted & OF_AN_ORGANISATION and organisation is None:
        raise Invalid("account.organisation_missing", field="organisation")
    if wanted & ARE_SENT and person is None:
        raise Invalid("account.person_missing", field="person_id")


def locked_until(failures: int, last_at: datetime, now: datetime) -> datetime | None:
    """Until when no password is looked at, after too many wrong ones in a row."""
    until = last_at + LOCKED
    return until if failures >= MOST_FAILURES and now < until else None


def check_password(password: str, username: str) -> None:
    """Long enough, and not the user name."""
    if not LEAST_LETTERS <= len(password) <= MOST_LETTERS:
        raise Invalid("account.password_length", field="password", least=LEAST_LETTERS, most=MOST_LETTERS)
    if username.lower() in password.lower() and len(password) < len(username) + LEAST_LETTERS // 2:
        raise Invalid("account.password_name", field="password")


def check_username(username: str) -> None:
    """Letters, digits and a few signs, as they can be typed everywhere."""
    if not re.fullmatch(USERNAME, username):
        raise Invalid("account.username_wrong", field="username")
