"""A week of a college's people as an Excel file: a row for each of our sessions, own lessons and times away."""

from datetime import timedelta

from starlette.responses import Response

from portal.desks.at import Desk
from portal.desks.college.week_pages import Week, week_asked
from portal.web.sheets import Cell, Sheet, excel
from portal.web.viewer import NotForYou
from servicekit.http import Router

router = Router(include_in_schema=False)
COLUMNS = ("name", "day", "hours", "what", "where", "state")


@router.get("/timetable.xlsx")
async def download_week(at: Desk, week: Week = None) -> Response:
    """The week that the page shows; whoever has nothing in it has a row with their name."""
    at.only("college")
    monday, people = await week_asked(at, week)
    if isinstance(people, str):
        raise NotForYou("error.away")
    text = at.text
    rows: list[list[Cell]] = []
    for one in people:
        theirs: list[list[Cell]] = [
            [one.name, monday + timedelta(days=n), block.hours, block.what, block.where, block.state]
            for n, day in enumerate(one.days)
            for block in day.blocks
        ]
        rows += theirs or [[one.name, None, None, None, None, None]]
    title = text("rota.title")
    head = [text(f"rota.sheet.{column}") for column in COLUMNS]
    return excel([Sheet(title, head, rows)], f"{title} {monday:%Y-%m-%d}")
