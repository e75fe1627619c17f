"""Addresses of all certificates of an order on paper: asked for, looked after, fetched as one file."""

import re
from collections.abc import AsyncIterator, Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel

from contracts.values import BatchId, CertificateNumber, OrderId
from evaluation.archive.zipped import ZIP
from evaluation.known import known
from evaluation.orders import commands as orders
from evaluation.printing import commands
from evaluation.printing.commands import Paper
from evaluation.printing.register import register
from evaluation.printing.store import Run
from evaluation.printing.streamed import length, stream
from servicekit.db import Transactions
from servicekit.http import Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(tags=["certificates"])
Reader = Annotated[Actor, Depends(actor_with("union", "enterprise"))]
SENT_TOGETHER = 40
"""Papers read from the database at once while they are sent."""
NOT_IN_A_NAME = re.compile(r'[\x00-\x1f\\/:*?"<>|]')


class Unprinted(BaseModel):
    """A certificate with characters that no font has."""

    number: CertificateNumber
    characters: str


class PrintingView(BaseModel):
    """How far the printing of an order's certificates is; without `asked_at` nobody has asked for it lately."""

    asked_at: AwareDatetime | None = None
    total: int = 0
    done: int = 0
    ended_at: AwareDatetime | None = None
    unprintable: list[Unprinted] = []

    @classmethod
    def of(cls, run: Run | None) -> "PrintingView":
        """What is shown of it."""
        if run is None:
            return cls()
        lacking = [Unprinted(number=number, characters=lacks) for number, lacks in run.unprintable]
        told = {name: getattr(run, name) for name in ("asked_at", "total", "done", "ended_at")}
        return cls(**told, unprintable=lacking)


@router.post(
    "/orders/{order_id}/printing", status_code=202, responses=refusals("order.unknown", "printing.nothing")
)
async def print_all(order_id: OrderId, tx: Transaction, by: Reader) -> PrintingView:
    """Print all certificates of the order that hold, by a job; what is printed already stays."""
    return PrintingView.of(await commands.ask(tx, order_id, by=by))


@router.get("/orders/{order_id}/printing", responses=refusals("order.unknown"))
async def read_printing(order_id: OrderId, tx: Transaction, by: Reader) -> PrintingView:
    """How far it is."""
    return PrintingView.of(await commands.progress_of(tx, order_id, seen_by=by))


@router.get(
    "/orders/{order_id}/certificates.zip",
    response_class=Response,
    responses=refusals("order.unknown", "batch.unknown", "printing.nothing", "printing.not_done")
    | {200: {"content": {ZIP: {}}}},
)
async def fetch_all(
    order_id: OrderId,
    tx: Transaction,
    by: Reader,
    request: Request,
    batch_id: Annotated[BatchId | None, Query()] = None,
) -> Response:
    """Every certificate that holds, of the order or of one batch: PDF, badge and one register; sent as it is read."""
    papers, without = await commands.papers_of(tx, order_id, batch_id, seen_by=by)
    order = await orders.known(tx, order_id)
    sheet = register(papers, without, known(tx).programmes, known(tx).public_url)
    files = [(REGISTER, len(sheet)), *(each for paper in papers for each in _files(paper))]
    name = f"{order.number} {'批次证书' if batch_id else '证书'}.zip"
    return StreamingResponse(
        stream(_contents(request.app.state.transactions, sheet, papers)),
        media_type=ZIP,
        headers={
            "Content-Length": str(length(files)),
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        },
    )


REGISTER = "证书登记.xlsx"


def _files(paper: Paper) -> tuple[tuple[str, int], tuple[str, int]]:
    pdf, badge = _names(paper)
    return (pdf, paper.pdf_bytes), (badge, paper.badge_bytes)


def _names(paper: Paper) -> tuple[str, str]:
    number = paper.certificate.number
    return f"{number} {NOT_IN_A_NAME.sub('_', paper.holder)}.pdf", f"badges/{number}.jwt"


async def _contents(
    transactions: Transactions, sheet: bytes, papers: Sequence[Paper]
) -> AsyncIterator[tuple[str, bytes]]:
    """A short transaction for each few: nobody's network holds a row."""
    yield REGISTER, sheet
    for at in range(0, len(papers), SENT_TOGETHER):
        some = papers[at : at + SENT_TOGETHER]
        async with transactions.begin() as tx:
            found = await commands.contents_of(tx, some)
        for each in some:
            pdf, badge = found[each.certificate.certificate_id]
            for name, content in zip(_names(each), (pdf, badge.encode()), strict=True):
                yield name, content
