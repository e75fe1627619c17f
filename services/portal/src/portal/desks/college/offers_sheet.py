"""The college's offers and promises as an Excel file."""

from typing import Annotated, Literal

from starlette.responses import Response

from portal.desks.at import Desk
from portal.desks.college.asked import Offers, offers_asked
from portal.desks.college.offers import what_of
from portal.web.sheets import Sheet, excel
from portal.web.usual import usual
from portal.web.viewer import NotForYou
from servicekit.http import Router

router = Router(include_in_schema=False)
COLUMNS = (
    "number",
    "enterprise",
    "what",
    "day",
    "starts",
    "ends",
    "place",
    "role",
    "person",
    "state",
    "until",
)


@router.get("/offers.xlsx")
async def offers_sheet(
    at: Desk, view: Annotated[Literal["open", "firm"], usual("open")] = "open"
) -> Response:
    """The same rows as on the page, and of promises also those that have begun."""
    at.only("college")
    found = await offers_asked(at, view)
    if not isinstance(found, Offers):
        raise NotForYou("error.away")
    told, text = found.told, at.text
    names = told.names
    rows = []
    for each in found.offers:
        card = told.cards.get(each.order_id)
        enterprise = names.organisation(each.enterprise_id, card.enterprise_name if card else None)
        rows.append((
            card.number if card else "", enterprise, what_of(each, told), each.slot.day,
            text.clock(each.slot.starts_at), text.clock(each.slot.ends_at),
            names.division(each.division) if each.division else text("offers.online"),
            text(f"role.{each.role}"), names.person(each.person_id) if each.person_id else "",
            text.or_code("offer_state", "accepted" if each.state == "firm" else each.state),
            "" if each.state == "firm" else text.stamp(each.until),
        ))  # fmt: skip
    title = text(f"offers.view_{view}")
    return excel([Sheet(title, [text(f"offers.column.{one}") for one in COLUMNS], rows)], title)
