"""The roster of a claim with whole ID numbers: for the enterprise itself, for a purpose, each time on the record."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Form
from pydantic import BaseModel, RootModel
from starlette.responses import Response

from portal.desks.asking import EVALUATION, INTAKE
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.subsidy.pages import show_wrong
from portal.desks.subsidy.seen import ClaimSeen, RowSeen, StandSeen
from portal.desks.subsidy.shown import yuan
from portal.web.names import Names
from portal.web.sheets import Cell, Sheet, excel
from portal.web.viewer import NotForYou
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)


class FullSeen(BaseModel):
    """Somebody with the whole ID number."""

    worker_id: UUID
    name: str
    id_number: str


class AllSeen(RootModel[list[FullSeen]]):
    """All of them."""


@router.post("/orders/{order}/subsidy/{claim}/roster")
@without_key  # the form has a one-time key of its own
async def fetch_full_roster(
    at: Desk, order: UUID, claim: UUID, *, purpose: Annotated[str, Form(max_length=40)], key: Key
) -> Response:
    """A sheet with the people of the claim, for whoever claims."""
    at.only("enterprise")
    seen = await _seen(at, order)
    filed = next((each for each in seen.claims if each.claim_id == claim), None)
    if filed is None:
        raise NotForYou("error.not_found")
    if wrong := await at.once(key):
        return await show_wrong(at, str(order), wrong)
    rows = [each for each in seen.rows if each.certificate_id in filed.amounts and each.worker_id]
    body = {"purpose": purpose, "workers": sorted({str(each.worker_id) for each in rows})}
    found = await at.ask(INTAKE, f"/orders/{order}/people/full", AllSeen, body=body)
    if isinstance(found, Wrong):
        return await show_wrong(at, str(order), found)
    text, people = at.text, {each.worker_id: each for each in found.root}
    head = ["ct.name", "subsidy.id_number", "ct.certificate", "ct.what", "ct.issued", "subsidy.yuan"]
    lines = lines_of(filed, rows, people, await at.names())
    return excel(
        [Sheet(text("subsidy.full_roster"), [text(each) for each in head], lines)],
        text("subsidy.full_roster"),
    )


def lines_of(
    filed: ClaimSeen, rows: Sequence[RowSeen], people: Mapping[UUID, FullSeen], names: Names
) -> list[list[Cell]]:
    """A line for each certificate of the claim, with what was claimed for it and not what it would bring today."""
    return [
        [one.name, one.id_number, row.number, f"{names.occupation(row.occupation)} {names.level(row.level)}",
         row.issued_on.isoformat(), yuan(filed.amounts[row.certificate_id])]
        for row in rows
        if row.certificate_id in filed.amounts and row.worker_id and (one := people.get(row.worker_id))
    ]  # fmt: skip


async def _seen(at: AtDesk, order: UUID) -> StandSeen:
    found = await at.read(EVALUATION, f"/orders/{order}/claims", StandSeen)
    if not isinstance(found, StandSeen):
        raise NotForYou("error.away" if found == "away" else "error.not_found")
    return found
