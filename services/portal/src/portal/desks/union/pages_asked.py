"""The page of one line of a scheme: which one it is, why so, why not otherwise, what would help."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from starlette.responses import Response

from portal.accounts.routes import token_for
from portal.desks.asking import SCHEDULING
from portal.desks.at import AtDesk, Desk
from portal.desks.union import asked
from portal.desks.union.pages import READ_SECONDS, of_the_union
from portal.desks.union.stands import StandingSeen
from portal.desks.union.timetable import WeekSeen, standing, timetabled
from portal.desks.union.week import hours_of
from portal.web.viewer import ASK, NotForYou
from servicekit.clock import today
from servicekit.http import Router

router = Router(include_in_schema=False)
Day = Annotated[str, ASK(description="2026-09-15, or nothing.")]
Band = Annotated[str, ASK(description="One of the programmes' bands, or nothing.")]
Whom = Annotated[str, ASK(description="Words of a name or a rule, or nothing.")]


@dataclass(frozen=True)
class About:
    """The session that is asked about, in words."""

    what: str
    when: str
    cohort: str


@router.get("/orders/{order}/scheme/sessions/{session}")
async def show_asked(
    at: Desk, order: str, session: str, *, day: Day = "", band: Band = "", whom: Whom = ""
) -> Response:
    """What scheduling answers about the line, at its own time or at another one."""
    card = await of_the_union(at.tx, at.viewer, order)
    token = token_for(at.request, at.viewer.account, READ_SECONDS)
    wish, of = asked.Wish(_day(day), band[:12] or None, whom[:80].strip()), _id(session)
    scheme = await at.read(SCHEDULING, f"/orders/{card.order_id}/scheme", WeekSeen)
    about, past = None, False
    if isinstance(scheme, WeekSeen):
        stands = await timetabled(at, card.order_id, scheme)
        about = await _about(at, of, standing(scheme, stands))
        past = is_past(of, stands or (), await today(at.tx))
    shown = await asked.asked_page(
        at.tx, at.text, at.viewer.scope, card.order_id, of, wish, token=token, past=past
    )
    return await at.page(
        "asked.html", card=card, asked=shown, wish=wish, about=about,
        enterprise=(await at.names()).organisation(card.enterprise_id, card.enterprise_name),
    )  # fmt: skip


def is_past(session: UUID, stands: Sequence[StandingSeen], day: date) -> bool:
    """Whether its day has gone by for good: nobody held a missed one, and a draft's is still to be planned."""
    return any(row.session_id == session and row.slot.day < day and row.state != "missed" for row in stands)


async def _about(at: AtDesk, session: UUID, scheme: WeekSeen) -> About | None:
    one = next((one for one in scheme.sessions if one.session_id == session), None)
    if one is None:
        return None
    names = await at.names()
    text = names.text
    return About(
        what=names.unit(one.unit),
        when=f"{text.day(one.day)} {names.band(one.band or '')} {hours_of(one.band, names)}"
        if one.day
        else text("session_state.unplaced"),
        cohort=text("hand.session", cohort=one.cohort, position=one.position),
    )


def _id(session: str) -> UUID:
    try:
        return UUID(session)
    except ValueError:
        raise NotForYou("error.not_found") from None


def _day(day: str) -> date | None:
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None
