"""What a scan is exchanged for: a ticket of some minutes with which one worker says who they are, once. Pure."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from contracts.programme_delivery import ScanRules
from contracts.refusals import NotFound
from contracts.values import SessionId, WorkerId

DIGITS = re.compile(r"[0-9]{3}[0-9X]")


@dataclass(frozen=True)
class Ticket:
    """One scan. `worker_id` and `at` say who signed in with it, and when."""

    ticket_id: UUID
    session_id: SessionId
    made_at: datetime
    tries: int = 0
    worker_id: WorkerId | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Found:
    """Whom the digits name, or why nobody; the ticket as it is then."""

    ticket: Ticket
    worker_id: WorkerId | None = None
    reason: str | None = None
    figures: Mapping[str, int] = field(default_factory=dict)


def lasts(limits: ScanRules) -> timedelta:
    """How long a ticket is good."""
    return timedelta(minutes=limits.ticket_minutes)


def check_known(ticket: Ticket | None) -> Ticket:
    """`sign_in.ticket_unknown`."""
    if ticket is None:
        raise NotFound("sign_in.ticket_unknown")
    return ticket


def find(
    ticket: Ticket,
    digits: str,
    last_four: Mapping[WorkerId, str],
    *,
    wrong: int,
    at: datetime,
    limits: ScanRules,
) -> Found:
    """Who of the cohort it is, by the last four characters of the ID number; `wrong` = other tickets' wrong tries.

    A ticket that was used answers the same worker again and nobody else.
    """
    told = digits.upper()
    if not DIGITS.fullmatch(told):
        return Found(ticket, reason="sign_in.four_characters")
    named = [worker for worker, known in last_four.items() if hmac.compare_digest(known.upper(), told)]
    if ticket.worker_id is not None:
        again = ticket.worker_id in named
        return Found(ticket, ticket.worker_id) if again else Found(ticket, reason="sign_in.ticket_used")
    if over := _over(ticket, wrong, at, limits):
        return Found(ticket, reason=over)
    if named:
        alone = len(named) == 1
        return Found(ticket, named[0]) if alone else Found(ticket, reason="sign_in.several_alike")
    left = limits.tries - ticket.tries - 1
    tried = replace(ticket, tries=ticket.tries + 1)
    return Found(
        tried, reason="sign_in.not_on_roster" if left else "sign_in.tries_over", figures={"left": left}
    )


def _over(ticket: Ticket, wrong: int, at: datetime, limits: ScanRules) -> str | None:
    if at >= ticket.made_at + lasts(limits):
        return "sign_in.ticket_expired"
    return "sign_in.tries_over" if ticket.tries >= limits.tries or wrong >= limits.most_wrong else None
