"""What follows when an order in force is changed or ends: sessions freed, colleges told, money. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from portal.boards.sessions import SessionRow
from portal.desks.union.planned import yuan
from portal.web.names import Names

AHEAD = frozenset({"scheduled", "unplaced", "unstaffable"})
HELD = frozenset({"opened", "closed", "confirmed", "disputed"})


def follows(sessions: Sequence[SessionRow], cost: Decimal | None, names: Names, *, ends: bool) -> list[str]:
    """In words, the gravest first; `ends` = the order is cancelled, else its scheme is planned anew."""
    text = names.text
    ahead = [one for one in sessions if one.state in AHEAD]
    held = sum(one.state in HELD for one in sessions)
    firm = [one for one in ahead if one.person is not None]
    colleges = sorted({names.organisation(one.college) for one in firm if one.college})
    told = []
    if ahead:
        told.append(text("im.freed" if ends else "im.replanned", count=len(ahead)))
    if firm:
        told.append(text("im.people", count=len(firm)))
    if colleges:
        told.append(text("im.colleges", colleges=text.joined(colleges)))
    if held:
        told.append(text("im.held", count=held))
    if cost is not None:
        told.append(text("im.cost" if ends else "im.cost_anew", cost=yuan(cost)))
    return told or [text("im.nothing")]
