"""The board "whose turn" (U1): lanes by who has the ball, a table that sorts, a map; the same as a sheet."""

from typing import Annotated, Literal

from fastapi import Depends
from fastapi import Query as QueryField
from starlette.responses import Response

from portal.desks.at import Desk
from portal.desks.frame import frame
from portal.desks.union.board import board_of
from portal.desks.union.board_asked import MOST_ROWS, Asked
from portal.desks.union.board_table import board_sheets
from portal.web.pages import page
from portal.web.sheets import excel
from portal.web.usual import usual
from portal.web.viewer import ASK, keep_language
from servicekit.http import Router

router = Router(prefix="/board", include_in_schema=False)
View = Annotated[Literal["cards", "table", "map"], usual("cards")]
Query = Annotated[str, ASK(description="Order number, enterprise, training or place.")]
Sort = Annotated[str, ASK(description="A column of the table, with a minus before it from the end.")]
Town = Annotated[str, ASK(description="Code of a county: its orders under way.")]
Rows = Annotated[int, QueryField(ge=1, le=1_000_000, description="Rows of the table."), usual(MOST_ROWS)]


async def _asked(
    view: View = "cards", q: Query = "", sort: Sort = "", town: Town = "", rows: Rows = MOST_ROWS
) -> Asked:
    return Asked(view, q, sort, town, rows)


Wanted = Annotated[Asked, Depends(_asked)]


@router.get("")
async def show_board(at: Desk, asked: Wanted) -> Response:
    """Whose turn is it: lanes by who has the ball, five numbers on top."""
    given = await board_of(at.request, at.tx, at.viewer, asked)
    around = await frame(at.request, at.tx, at.viewer, given)
    response = page(at.request, "board.html", at.text, **given, **around)
    keep_language(at.request, response, at.language)
    return response


@router.get("/part")
async def show_board_part(at: Desk, asked: Wanted) -> Response:
    """The changing part of the board, for a page that is open."""
    given = await board_of(at.request, at.tx, at.viewer, asked) | {"part": True}
    return page(at.request, "board_part.html", at.text, **given)


@router.get("/list.xlsx")
async def download_board(at: Desk, asked: Wanted) -> Response:
    """The table with the same search and order, and what has ended."""
    given = await board_of(at.request, at.tx, at.viewer, asked)
    sheets = board_sheets([one.view for one in given["cards"]], given["ended"], at.text)
    return excel(sheets, at.text("board.title"))
