"""When an account may be made, and when a login has to wait."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from contracts.refusals import Invalid

MOST_FAILURES = 5
LOCKED = timedelta(minutes=15)
OF_AN_ORGANISATION = frozenset({"enterprise", "union", "college", "instructor", "assessor"})
ARE_SENT = frozenset({"instructor", "assessor"})


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
