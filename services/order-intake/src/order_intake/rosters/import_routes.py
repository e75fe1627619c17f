"""Imports of rosters over HTTP: what was found is shown to who sent it, and kept by nobody until it is taken."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, File, Path, Query, Response, UploadFile
from pydantic import BaseModel, Field

from contracts.values import OrderId
from order_intake.orders.commands import Change
from order_intake.rosters import imports
from order_intake.rosters.commands import RosterFile
from order_intake.rosters.imports import Looked
from order_intake.rosters.routes import FILE, FORM_BYTES, CopiedView, RosterView, RowView
from order_intake.rosters.rules import MOST_ROWS, Named, Row
from order_intake.rosters.sheet import chosen_columns
from servicekit.http import IfMatch, Request, Router, Transaction, refusals, takes_up_to, without_key
from servicekit.identity import Actor, actor_with
from servicekit.sheets.reading import MOST_BYTES

router = Router(prefix="/orders/{order_id}/lines/{line}/roster", tags=["rosters"])
Clerk = Annotated[Actor, Depends(actor_with("enterprise"))]
Line = Annotated[int, Path(ge=1, le=99)]
Cell = Annotated[str, Field(max_length=500)] | int | float | None
ROWS_BYTES = 4 * 1024 * 1024
"""10,000 rows as JSON, with room."""
ROWS = ("roster.no_rows", "order.unknown", "order.line_unknown", "order.not_editable")


class CellsRequest(BaseModel):
    """A row's cells as the file has them, or as they were mended by hand; a number stays a number."""

    name: Cell = None
    id_number: Cell = None
    crew: Cell = None
    years: Cell = None
    level: Cell = None


class RowRequest(Request):
    """A row to be judged or taken; `row` as Excel counts."""

    row: Annotated[int, Field(ge=1, le=2_000_000)]
    cells: CellsRequest

    def named(self) -> Named:
        """As the rules read it."""
        return self.row, self.cells.model_dump(exclude_unset=True)


class RowsRequest(Request):
    """Rows of a roster."""

    rows: Annotated[tuple[RowRequest, ...], Field(max_length=MOST_ROWS)]


class ColumnView(BaseModel):
    """A column of the file, counted from 0, with some of its cells and what it was taken for."""

    at: int
    heading: str
    samples: tuple[str, ...]
    field: str | None


class FoundRowView(RowView):
    """A row, what would become of it, and its cells: for who sent them."""

    cells: CellsRequest
    hidden: bool


class SheetView(BaseModel):
    """What was found in a file. Nothing of it is kept."""

    sheet: str
    heading: int | None
    """The heading's row as Excel counts."""
    columns: list[ColumnView]
    rows: list[FoundRowView]
    taken: int
    """Rows that would be taken, mended ones too."""
    refused: int

    @classmethod
    def of(cls, looked: Looked) -> "SheetView":
        """With the rows' cells, which the one who sent the file has anyway."""
        found = looked.found
        cells = dict(found.rows)
        return cls(
            sheet=found.sheet,
            heading=found.heading,
            columns=[ColumnView.model_validate(each, from_attributes=True) for each in found.columns],
            rows=[
                FoundRowView(
                    **dict(RowView.of(row)),
                    cells=CellsRequest.model_validate(cells[row.row]),
                    hidden=row.row in found.hidden,
                )
                for row in looked.rows
            ],
            **_counts(looked.rows),
        )  # fmt: skip


def _counts(rows: Sequence[Row]) -> dict[str, int]:
    taken = sum(row.person is not None for row in rows)
    return {"taken": taken, "refused": len(rows) - taken}


def _told(rows: list[Row]) -> RosterView:
    return RosterView(rows=[RowView.of(row) for row in rows], **_counts(rows))


@router.post("/sheet", responses=refusals(*FILE, "roster.columns_wrong"))
@takes_up_to(MOST_BYTES + FORM_BYTES)
@without_key  # nothing is kept of it, the answer least of all: it holds names
async def look_at_file(
    order_id: OrderId,
    *,
    line: Line,
    file: Annotated[UploadFile, File(description="A table of people: .xlsx, .xls or .csv.")],
    tx: Transaction,
    by: Clerk,
    response: Response,
    columns: Annotated[
        str | None, Query(max_length=200, description="Columns by field, from 0: `name:0,id_number:3`.")
    ] = None,
) -> SheetView:
    """What a file holds, and what would become of each row; nothing is kept."""
    response.headers["Cache-Control"] = "no-store"
    sent = RosterFile(file.filename or "", await file.read())
    chosen = chosen_columns(columns)
    return SheetView.of(await imports.look_at_file(tx, order_id, line, sent, chosen, by=by))


@router.post("/look", responses=refusals(*ROWS))
@takes_up_to(ROWS_BYTES)
@without_key  # nothing is kept of it
async def look_at_rows(
    order_id: OrderId, *, line: Line, asked: RowsRequest, tx: Transaction, by: Clerk
) -> RosterView:
    """What would become of these rows; nothing is kept."""
    rows = [each.named() for each in asked.rows]
    return _told(await imports.look_at_rows(tx, order_id, line, rows, by=by))


@router.post("/take", responses=refusals(*ROWS, "order.too_many_trainees"))
@takes_up_to(ROWS_BYTES)
async def take_rows(
    order_id: OrderId,
    *,
    line: Line,
    asked: RowsRequest,
    tx: Transaction,
    by: Clerk,
    if_match: IfMatch = None,
) -> RosterView:
    """The people of the good rows stand on the line now, instead of any before; the others are told why not."""
    rows = [each.named() for each in asked.rows]
    return _told(await imports.take_rows(tx, order_id, line, rows, Change(by, if_match)))


@router.post(
    "/undo",
    responses=refusals("order.unknown", "order.line_unknown", "order.not_editable", "roster.nothing_to_undo"),
)
async def undo_import(
    order_id: OrderId, *, line: Line, tx: Transaction, by: Clerk, if_match: IfMatch = None
) -> CopiedView:
    """Take back the last import as a whole: who stood on the line before stands there again."""
    return CopiedView(taken=await imports.undo_import(tx, order_id, line, Change(by, if_match)))
