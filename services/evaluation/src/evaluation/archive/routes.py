"""The address of a batch's archive."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Response

from contracts.values import BatchId
from evaluation.archive import commands
from servicekit.http import Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(tags=["batches"])
Union = Annotated[Actor, Depends(actor_with("union"))]
ZIP = "application/zip"


@router.get(
    "/batches/{batch_id}/archive",
    response_class=Response,
    responses=refusals("batch.unknown") | {200: {"content": {ZIP: {}}}},
)
async def fetch_archive(batch_id: BatchId, tx: Transaction, by: Union) -> Response:
    """The batch's archive as it stands: five folders, a list of hashes, signed; `songjiao archive check` reads it."""
    made = await commands.archive_of(tx, batch_id, seen_by=by)
    return Response(
        made.content,
        media_type=ZIP,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(made.name)}"},
    )
