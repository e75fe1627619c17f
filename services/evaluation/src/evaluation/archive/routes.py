"""The address of a batch's archive."""

from typing import Annotated

from fastapi import Depends, Response

from contracts.values import BatchId
from evaluation.archive import commands
from evaluation.archive.zipped import ZIP
from servicekit.http import Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(tags=["batches"])
Union = Annotated[Actor, Depends(actor_with("union"))]


@router.get(
    "/batches/{batch_id}/archive",
    response_class=Response,
    responses=refusals("batch.unknown") | {200: {"content": {ZIP: {}}}},
)
async def fetch_archive(batch_id: BatchId, tx: Transaction, by: Union) -> Response:
    """The batch's archive as it stands: five folders, a list of hashes, signed; `songjiao archive check` reads it."""
    return (await commands.archive_of(tx, batch_id, seen_by=by)).answer()
