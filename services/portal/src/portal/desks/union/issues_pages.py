"""The union's page of what goes wrong (U2)."""

from starlette.responses import Response

from portal.desks.at import AtDesk, Desk
from portal.desks.orders import cards_open, sessions_between
from portal.desks.union.issues import Issue, issues_of
from portal.desks.union.pages import stuck_for
from portal.desks.union.shown import as_on
from portal.web.sheets import Sheet, excel
from servicekit.clock import now
from servicekit.http import Router

router = Router(prefix="/issues", include_in_schema=False)
COLUMNS = ("issue.kind", "column.number", "column.enterprise", "column.wait", "issue.owner", "issue.age")
MOST = 200
"""Rows on the page, the most pressing; the sheet has all."""


@router.get("")
async def show_issues(at: Desk) -> Response:
    """One list, what is stuck and overdue first."""
    return await at.page(
        "issues.html", issues=await _issues(at), most=MOST, as_of=at.text.clock(await now(at.tx))
    )


@router.get("/part")
async def show_issues_part(at: Desk) -> Response:
    """The changing part, for a page that is open."""
    return at.part(
        "issues_part.html", issues=await _issues(at), most=MOST, as_of=at.text.clock(await now(at.tx))
    )


@router.get("/list.xlsx")
async def download_issues(at: Desk) -> Response:
    """The same as a sheet."""
    rows = [[i.title, i.number, i.enterprise, i.what, i.owner, i.age] for i in await _issues(at)]
    return excel(
        [Sheet(at.text("issue.title"), [at.text(key) for key in COLUMNS], rows)], at.text("issue.title")
    )


async def _issues(at: AtDesk) -> list[Issue]:
    at.only("union", "administrator")
    moment, names, scope = await now(at.tx), await at.names(), at.viewer.scope
    today = moment.astimezone(at.text.zone).date()
    cards = [as_on(card, names, moment) for card in await cards_open(at.tx, scope)]
    sessions = await sessions_between(at.tx, scope, today, today)
    acts = "union" in at.viewer.account.roles
    return issues_of(cards, sessions, stuck_for(at.request, at.viewer), names, moment, acts=acts)
