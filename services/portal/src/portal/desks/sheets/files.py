"""The sheet as files: to be printed and signed, and to be filled in with Excel."""

from uuid import UUID

from starlette.responses import Response

from portal.desks.asking import EVALUATION
from portal.desks.at import Desk, Wrong
from portal.desks.sheets.read import listed, told
from portal.web.sheets import Cell, Sheet, excel
from portal.web.viewer import NotForYou
from servicekit.http import Router

router = Router(prefix="/sheets/{session}", include_in_schema=False)
COLUMNS = ("no", "name", "here", "came", "left")


@router.get("/list.pdf")
async def print_sheet(at: Desk, session: UUID) -> Response:
    """A4, with a code that leads back to where it is entered."""
    await listed(at, session)
    said = await told(at, session)
    body = {"unit": said.unit[:80], "lead": said.lead[:80]}
    made = await at.made(EVALUATION, f"/sessions/{session}/list/pdf", body)
    if isinstance(made, Wrong):
        raise NotForYou("error.not_found")
    return Response(
        made,
        media_type="application/pdf",
        headers={"content-disposition": 'inline; filename="sign-in-sheet.pdf"', "cache-control": "no-store"},
    )


@router.get("/list.xlsx")
async def download_sheet(at: Desk, session: UUID) -> Response:
    """The same list, to be filled in and sent back; the second sheet says of which session it is."""
    found = await listed(at, session)
    said, text = await told(at, session), at.text
    rows: list[list[Cell]] = [[each.no, each.name, "", "", ""] for each in found.lines]
    head = [text(f"signed.column.{name}") for name in COLUMNS]
    mark: list[list[Cell]] = [[text("signed.mark"), found.mark.upper()], [text("signed.unit"), said.unit]]
    return excel(
        [
            Sheet(text("signed.title"), head, rows, typed_as_text=True),
            Sheet(text("signed.mark"), [text("signed.session"), str(session)], mark),
        ],
        text("signed.title"),
    )
