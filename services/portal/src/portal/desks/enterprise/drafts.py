"""The enterprise's drafts: all of them on a page, each to be gone on with or deleted."""

from starlette.responses import Response

from portal.desks.asking import INTAKE, Missing, missing
from portal.desks.at import AtDesk, Desk, Wrong
from portal.desks.enterprise.asked import OrderSeen
from servicekit.http import Router

router = Router(include_in_schema=False)
AT_ONCE = 100


@router.get("/orders/drafts")
async def show_drafts(at: Desk) -> Response:
    """What was begun and never submitted, the newest first."""
    at.only("enterprise")
    found, names = await drafts_of(at), await at.names()
    drafts = found if isinstance(found, list) else []
    rows = [
        (
            one,
            at.text.joined(dict.fromkeys(names.occupation(line.occupation) for line in one.lines)),
            sum(line.people for line in one.lines),
        )
        for one in drafts
    ]
    return await at.page(
        "enterprise_drafts.html", rows=rows, gone=at.request.query_params.get("gone", "")[:20],
        wrong=None if isinstance(found, list) else Wrong(missing(found, at.text), 409),
    )  # fmt: skip


async def drafts_of(at: AtDesk) -> list[OrderSeen] | Missing:
    """Every draft of the enterprise, the newest first; or why there is nothing to show."""
    drafts: list[OrderSeen] = []
    while True:
        before = f"&before={drafts[-1].order_id}" if drafts else ""
        path = f"/orders?state=draft&limit={AT_ONCE}{before}"
        found = await at.read_list(INTAKE, path, OrderSeen)
        if not isinstance(found, list):
            return found
        drafts += found
        if len(found) < AT_ONCE:
            return drafts
