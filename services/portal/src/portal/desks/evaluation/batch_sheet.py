"""The candidates of a batch as a sheet: who is eligible and why not, marks, result."""

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
