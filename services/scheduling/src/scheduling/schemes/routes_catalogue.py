"""A changed catalogue looked at over HTTP: nothing is put in force, the checked file is handed back."""

import asyncio
from typing import Annotated

from fastapi import Depends, File, UploadFile
from pydantic import BaseModel

from contracts.programme import Unit
from contracts.sentences import sentences_of
from contracts.values import EnterpriseId, OrderId, OrderNumber, UnitCode
from scheduling.catalogue.checking import check_file
from scheduling.catalogue.rules import Checked, as_file
from scheduling.known import known
from scheduling.schemes.touched import Touched, touched_by
from servicekit.http import Router, Transaction, refusals, takes_up_to, without_key
from servicekit.identity import Actor, actor_with
from servicekit.sheets.reading import MOST_BYTES

router = Router(tags=["catalogue"])
Coordinator = Annotated[Actor, Depends(actor_with("union"))]
FORM_BYTES = 64 * 1024
"""What a multipart form adds to its file."""


class WrongView(BaseModel):
    """What is wrong; `row` as Excel counts, 0 where it is the whole."""

    row: int
    field: str
    sentences: dict[str, str]


class ChangedView(BaseModel):
    """A unit that would be different: old and new by field."""

    unit: UnitCode
    fields: dict[str, tuple[str, str]]


class TouchedView(BaseModel):
    """A scheme that nobody has confirmed and that teaches changed units: its next draft would be another."""

    order_id: OrderId
    number: OrderNumber
    enterprise_id: EnterpriseId
    enterprise_name: str
    state: str
    units: tuple[UnitCode, ...]


class CheckedView(BaseModel):
    """What a changed catalogue says. Nothing of it is kept."""

    units: int
    wrong: list[WrongView]
    added: list[Unit]
    changed: list[ChangedView]
    gone: list[Unit]
    touched: list[TouchedView]
    file: str
    """`catalogue.csv` as a service can be started with; empty while something is wrong."""

    @classmethod
    def of(cls, found: Checked, touched: list[Touched]) -> "CheckedView":
        """With the complaints in words."""
        return cls(
            units=len(found.units),
            wrong=[
                WrongView(
                    row=each.row, field=each.field, sentences=sentences_of(each.why.code, each.why.parameters)
                )
                for each in found.wrong
            ],
            added=list(found.added),
            changed=[ChangedView(unit=each.unit, fields=dict(each.fields)) for each in found.changed],
            gone=list(found.gone),
            touched=[TouchedView.model_validate(each, from_attributes=True) for each in touched],
            file="" if found.wrong else as_file(found.units),
        )


@router.post(
    "/catalogue/check",
    responses=refusals(
        "roster.file_empty", "roster.file_too_large", "roster.file_macros", "roster.file_locked",
        "roster.file_broken", "roster.file_kind", "roster.too_many_rows", "roster.too_many_cells",
        "catalogue.no_heading", "catalogue.no_rows",
    ),
)  # fmt: skip
@takes_up_to(MOST_BYTES + FORM_BYTES)
@without_key  # nothing is kept of it
async def check_catalogue(
    *,
    file: Annotated[
        UploadFile, File(description="The catalogue as exported and changed: .xlsx, .xls or .csv.")
    ],
    tx: Transaction,
    _: Coordinator,
) -> CheckedView:
    """Row by row what is wrong, else what would be different and which schemes it would touch; nothing is kept."""
    here, content = known(tx), await file.read()
    found = await asyncio.to_thread(check_file, file.filename or "", content, here.folder, here.programmes)
    return CheckedView.of(found, await touched_by(tx, found.touched))
