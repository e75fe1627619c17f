"""What of a batch is taken home: its candidates as a sheet, and its archive."""

from urllib.parse import quote
from uuid import UUID

from starlette.responses import Response

from portal.desks.asking import EVALUATION
from portal.desks.at import Desk
from portal.desks.evaluation.seen import BatchSeen
from portal.desks.evaluation.shown import batch_page
from portal.web.sheets import Sheet, excel
from portal.web.viewer import NotForYou
from servicekit.clock import now
from servicekit.http import Router

router = Router(prefix="/evaluation", include_in_schema=False)
ARCHIVE_SECONDS = 30.0
"""Every certificate is printed anew: some 15 ms each, of hundreds."""


@router.get("/batches/{batch}/list.xlsx")
async def download_candidates(at: Desk, batch: UUID) -> Response:
    """What the page of the batch lists."""
    at.only("union")
    found = await at.read(EVALUATION, f"/batches/{batch}", BatchSeen)
    if found == "none":
        raise NotForYou("error.not_found")
    if not isinstance(found, BatchSeen):
        raise NotForYou("error.away")
    text, today = at.text, (await now(at.tx)).astimezone(at.text.zone).date()
    shown = batch_page(found, await at.names(), today)
    head = [text("certificates.name"), text("column.state"), *shown.parts, text("batch.why")]
    rows = [[row.name, row.result, *row.marks, text.joined(row.why)] for row in shown.rows]
    return excel([Sheet(text("batch.candidates"), head, rows)], f"{shown.title} {shown.when}")


@router.get("/batches/{batch}/archive.zip")
async def download_archive(at: Desk, batch: UUID) -> Response:
    """What the exam office keeps of the batch: five folders with a list of hashes, as it stands now."""
    at.only("union")
    made = await at.fetch(EVALUATION, f"/batches/{batch}/archive", seconds=ARCHIVE_SECONDS)
    if not isinstance(made, bytes):
        raise NotForYou("error.away" if made == "away" else "error.not_found")
    name = f"{at.text('batch.archive_file')} {batch}.zip"
    said = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(made, media_type="application/zip", headers={"content-disposition": said})
