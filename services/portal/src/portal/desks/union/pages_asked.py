"""The page of one line of a scheme: why so, why not otherwise, what would help."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from portal.accounts.routes import token_for
from portal.desks.frame import frame
from portal.desks.union import asked
from portal.desks.union.pages import READ_SECONDS, of_the_union
from portal.web.names import names_for
from portal.web.pages import page
from portal.web.viewer import ASK, Language, Looking, NotForYou, keep_language
from servicekit.http import Router, Transaction

router = Router(include_in_schema=False)
Day = Annotated[str, ASK(description="2026-09-15, or nothing.")]
Band = Annotated[str, ASK(description="One of the programmes' bands, or nothing.")]
Whom = Annotated[str, ASK(description="Words of a name or a rule, or nothing.")]


@router.get("/orders/{order}/scheme/sessions/{session}")
async def show_asked(
    request: Request,
    order: str,
    session: str,
    tx: Transaction,
    viewer: Looking,
    *,
    day: Day = "",
    band: Band = "",
    whom: Whom = "",
    lang: Language = None,
) -> Response:
    """What scheduling answers about the line, at its own time or at another one."""
    card = await of_the_union(tx, viewer, order)
    token = token_for(request, viewer.account, READ_SECONDS)
    wish = asked.Wish(_day(day), band[:12] or None, whom[:80].strip())
    shown = await asked.asked_page(
        tx, viewer.text, viewer.scope, card.order_id, _id(session), wish, token=token
    )
    names = await names_for(tx, viewer.text)
    response = page(
        request, "asked.html", viewer.text, card=card, asked=shown, wish=wish,
        enterprise=names.organisation(card.enterprise_id, card.enterprise_name),
        **await frame(request, tx, viewer),
    )  # fmt: skip
    keep_language(request, response, lang)
    return response


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
