"""The story of an order as an Excel file: every fact that the page tells, the oldest first."""

from starlette.responses import Response

from contracts.refusals import Invalid, NotFound
from portal.desks.at import Desk
from portal.desks.orders import card_of
from portal.desks.past import as_it_was
from portal.desks.union import story
from portal.desks.union.pages import At
from portal.web.sheets import Cell, Sheet, excel
from portal.web.viewer import NotForYou
from servicekit.http import Router

router = Router(include_in_schema=False)


@router.get("/orders/{order}/story/list.xlsx")
async def download_story(at: Desk, order: str, *, moment: At = "") -> Response:
    """As far as the viewer sees it; with `at` as it was told then."""
    tx, text, scope = at.tx, at.text, at.viewer.scope
    try:
        card = await card_of(tx, scope, order)
        past = await as_it_was(tx, scope, card, moment) if moment else None
    except (NotFound, Invalid):
        raise NotForYou("error.not_found") from None
    rows: list[list[Cell]] = [
        [fact.position, text.stamp(fact.at), fact.text, fact.who, fact.because.text if fact.because else None]
        for fact in await story.tell(tx, text, scope, card, past)
    ]
    head = [
        text("story.sheet.number"), text("story.sheet.at"), text("story.sheet.what"), text("story.sheet.who"),
        text("story.sheet.because"),
    ]  # fmt: skip
    return excel([Sheet(text("story.title"), head, rows)], f"{text('story.title')} {card.number}")
