"""The union's page of another rule file: what certificates would bring by it, beside today's. Nothing is changed."""

from uuid import UUID

from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.responses import Response

from portal.desks.asking import EVALUATION
from portal.desks.at import AtDesk, Desk, Wrong
from portal.desks.subsidy.shown import yuan
from servicekit.http import Router, without_key

router = Router(prefix="/subsidies", include_in_schema=False)
MOST_BYTES = 200_000


class LineSeen(BaseModel):
    """An order's certificates of one level, in fen."""

    order_id: UUID
    number: str
    enterprise_id: str
    level: str
    certificates: int
    claimed_fen: int
    fen: int
    other_fen: int
    difference: int


class WhatIfSeen(BaseModel):
    """By order and level, and all together."""

    lines: list[LineSeen]
    fen: int
    other_fen: int
    difference: int


@router.get("/what-if")
async def show_form(at: Desk) -> Response:
    """Where the file is chosen."""
    at.only("union")
    return await _page(at)


@router.post("/what-if")
@without_key  # a question, which changes nothing
async def compare_rules(at: Desk) -> Response:
    """What it would bring."""
    at.only("union")
    form = await at.request.form()
    if wrong := await at.once(str(form.get("key", ""))):
        return await _page(at, wrong)
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return await _page(at, Wrong(at.text("survey.no_file"), 422))
    try:
        rules = (await file.read(MOST_BYTES + 1)).decode()
    except UnicodeDecodeError:
        rules = ""
    if not rules or len(rules) > MOST_BYTES:
        return await _page(at, Wrong(at.text("subsidy.no_rules"), 422))
    found = await at.ask(EVALUATION, "/claims/what-if", WhatIfSeen, body={"rules": rules})
    if isinstance(found, Wrong):
        return await _page(at, found)
    return await _page(at, found=found, file=file.filename[:100])


async def _page(
    at: AtDesk, wrong: Wrong | None = None, found: WhatIfSeen | None = None, file: str = ""
) -> Response:
    names = await at.names()
    rows = [
        (str(one.order_id), one.number, names.organisation(one.enterprise_id), names.level(one.level),
         one.certificates, *map(signed, (one.claimed_fen, one.fen, one.other_fen, one.difference)))
        for one in (found.lines if found else ())
    ]  # fmt: skip
    whole = tuple(map(signed, (found.fen, found.other_fen, found.difference))) if found else ()
    return await at.page(
        "subsidy_what_if.html", wrong=wrong, rows=rows, whole=whole, file=file, lies="/subsidies/what-if"
    )


def signed(fen: int) -> str:
    """Yuan, with a sign where it is less."""
    return f"−{yuan(-fen)}" if fen < 0 else yuan(fen)
