"""What the union watches of dispatch as Excel files: offers, sessions without anybody, what became of an illness."""

from uuid import UUID

from starlette.responses import Response

from portal.desks.at import Desk
from portal.desks.college.asked import Offers, offers_asked
from portal.desks.watch.pages import Ids, gaps_now, outcomes_now
from portal.desks.watch.shown import offers_of
from portal.web.sheets import Sheet, excel
from portal.web.viewer import NotForYou
from servicekit.http import Router

router = Router(include_in_schema=False)
COLUMNS = ("number", "when", "what", "place", "college", "person", "load", "state", "until")


@router.get("/dispatch.xlsx")
async def dispatch_sheet(at: Desk) -> Response:
    """The offers that wait, and today's sessions that nobody can come to with what would help."""
    at.only("union")
    found = await offers_asked(at)
    if not isinstance(found, Offers):
        raise NotForYou("error.away")
    text = at.text
    until = {str(each.assignment_id): text.stamp(each.until) for each in found.offers}
    offers = [
        (o.number, o.when, o.what, o.place, o.college, o.person, o.load, o.state, until[o.id])
        for o in offers_of(found.offers, found.told)
    ]
    gaps = [
        (one.number, one.when, one.what, one.state, text.joined(one.unlocks)) for one in await gaps_now(at)
    ]
    titles = {name: text(f"watch.column.{name}") for name in COLUMNS}
    of_a_gap = [*(titles[name] for name in ("number", "when", "what", "state")), text("watch.sheet.unlocks")]
    title = text("watch.title")
    return excel(
        [
            Sheet(text("watch.waits"), list(titles.values()), offers),
            Sheet(text("watch.gaps"), of_a_gap, gaps),
        ],
        title,
    )


@router.get("/dispatch/ill/{person}/list.xlsx")
async def outcome_sheet(at: Desk, person: UUID, freed: Ids = "") -> Response:
    """What became of each session of somebody who fell ill."""
    at.only("union")
    who, outcomes = await outcomes_now(at, person, freed)
    text = at.text
    head = [text("watch.column.when"), text("watch.column.what"), text("watch.sheet.became")]
    title = text("watch.became")
    return excel([Sheet(title, head, [(one.when, one.what, one.said) for one in outcomes])], f"{title} {who}")
