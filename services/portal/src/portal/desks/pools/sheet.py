"""Small orders that could be one class as sheets: the classes with what they save, their members, who stays alone."""

from starlette.responses import Response

from portal.desks.asking import INTAKE
from portal.desks.at import Desk
from portal.desks.pools.asked import ProposalsSeen
from portal.web.sheets import Cell, Sheet, excel
from portal.web.viewer import NotForYou
from servicekit.http import Router

router = Router(include_in_schema=False)


@router.get("/pools.xlsx")
async def download_proposals(at: Desk) -> Response:
    """What the page lists."""
    at.only("union")
    found = await at.read(INTAKE, "/pools/proposals", ProposalsSeen)
    if not isinstance(found, ProposalsSeen):
        raise NotForYou("error.away")
    text, names = at.text, await at.names()
    members: list[list[Cell]] = [
        [
            number, one.number, names.organisation(one.enterprise_id, one.enterprise_name), one.heads,
            text("pool.host") if one.enterprise_id == proposal.host else "", one.minutes,
        ]
        for number, proposal in enumerate(found.proposals, 1)
        for one in proposal.members
    ]  # fmt: skip
    saved: list[list[Cell]] = [
        [
            number, sum(one.heads for one in proposal.members), proposal.saved.sessions, proposal.saved.class_hours,
            float(proposal.saved.total), proposal.drives_saved,
        ]
        for number, proposal in enumerate(found.proposals, 1)
    ]  # fmt: skip
    alone: list[list[Cell]] = [
        [
            one.number, names.organisation(one.enterprise_id, one.enterprise_name),
            names.reason(one.reason.code, one.reason.figures),
        ]
        for one in found.alone
    ]  # fmt: skip
    which, heads = text("pool.class"), text("coverage.persons")
    saves = [text("pool.sessions"), text("pool.class_hours"), text("pool.cost"), text("pool.drives_saved")]
    order = [text("column.number"), text("column.enterprise")]
    sheets = [
        Sheet(text("pool.saved"), [which, heads, *saves], saved),
        Sheet(
            text("pool.members"),
            [which, *order, heads, text("pool.host"), text("pool.travel_minutes")],
            members,
        ),
        Sheet(text("pool.alone"), [*order, text("coverage.why")], alone),
    ]
    return excel(sheets, text("pool.title"))
