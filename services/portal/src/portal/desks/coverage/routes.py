"""The page of an order's proof, and the same as JSON for programs."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from contracts.refusals import NotFound
from portal.desks.coverage.clauses import Coverage
from portal.desks.coverage.read import read_coverage
from portal.desks.coverage.shown import parts_view, proof_view
from portal.desks.frame import frame
from portal.desks.union.data import scope_of
from portal.web.names import names_for
from portal.web.pages import page
from portal.web.viewer import Language, Looking, NotForYou, keep_language
from servicekit.http import Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(tags=["read model"])
Reader = Annotated[Actor, Depends(actor_with("union", "administrator", "enterprise"))]


@router.get("/orders/{order}/coverage.json", responses=refusals("order.unknown"))
async def read(order: str, tx: Transaction, by: Reader) -> Coverage:
    """Every clause of what was agreed (by id or number of the order): delivered, in part, ahead, or not and why."""
    found = await read_coverage(tx, scope_of(by), order)
    parts = {enterprise: part.totals for enterprise, part in found.parts}
    return found.proof.model_copy(update={"by_enterprise": parts})


@router.get("/orders/{order}/coverage", include_in_schema=False)
async def show(
    request: Request, order: str, tx: Transaction, viewer: Looking, lang: Language = None
) -> Response:
    """The proof as a page, for those who see the order whole."""
    try:
        found = await read_coverage(tx, viewer.scope, order)
    except NotFound:
        raise NotForYou("error.not_found") from None
    names = await names_for(tx, viewer.text)
    response = page(
        request, "coverage.html", viewer.text, card=found.card, proof=proof_view(found.proof, names),
        parts=parts_view(found.proof.totals, found.parts, names),
        enterprise=names.organisation(found.card.enterprise_id, found.card.enterprise_name),
        **await frame(request, tx, viewer),
    )  # fmt: skip
    keep_language(request, response, lang)
    return response
