"""The union's page of an order's certificates: which hold, and revoking with its cause after a preview."""

from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Form, Query
from starlette.responses import RedirectResponse, Response

from portal.desks.asking import EVALUATION, missing
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.evaluation.seen import CertificateSeen
from portal.desks.union.pages import of_the_union
from portal.web.names import Names
from portal.web.sheets import Cell, Sheet, excel
from servicekit.http import Router, without_key

router = Router(prefix="/evaluation/orders/{order}/certificates", include_in_schema=False)
How = Literal["one", "all"]
"""The issuer's own cause takes one certificate, a void result all of the evaluation."""


@router.get("")
async def show_certificates(
    at: Desk, order: str, *, revoke: Annotated[str, Query(max_length=36)] = "", how: How = "one"
) -> Response:
    """All of the order; with `revoke` which would go."""
    return await _page(at, order, revoke, how)


@router.get("/list.xlsx")
async def download_certificates(at: Desk, order: str) -> Response:
    """The same as a sheet."""
    card = await of_the_union(at.tx, at.viewer, order)
    found = await at.read_list(EVALUATION, f"/certificates?order_id={card.order_id}", CertificateSeen)
    if isinstance(found, str):
        return await _page(at, order, "", "one", Wrong(missing(found, at.text), 409))
    names, text = await at.names(), at.text
    head = [
        text(key)
        for key in (
            "certificates.number",
            "certificates.name",
            "column.what",
            "certificates.issued",
            "column.state",
        )
    ]
    rows: list[list[Cell]] = [
        [one.number, one.name, _what(one, names), one.issued_on, _state(one, names)] for one in found
    ]
    return excel(
        [Sheet(text("certificates.title"), head, rows)], f"{card.number} {text('certificates.title')}"
    )


@router.post("")
@without_key  # the form has a one-time key of its own
async def revoke(
    at: Desk, order: str, *, certificate: Annotated[UUID, Form()], how: Annotated[How, Form()],
    cause: Annotated[str, Form(max_length=60)], key: Key,
) -> Response:  # fmt: skip
    """They hold no longer."""
    card = await of_the_union(at.tx, at.viewer, order)
    found = await at.read_list(EVALUATION, f"/certificates?order_id={card.order_id}", CertificateSeen)
    if isinstance(found, str):
        return await _page(at, order, "", how, Wrong(missing(found, at.text), 409))
    one = next((each for each in found if each.certificate_id == certificate), None)
    if one is None:
        return await _page(at, order, "", how, Wrong(missing("none", at.text), 409))
    path = f"/certificates/{certificate}/revoke" if how == "one" else f"/evaluations/{one.evaluation_id}/void"
    if wrong := await at.act(key, EVALUATION, path, {"reason": {"code": f"certificate.{cause}"}}):
        return await _page(at, order, str(certificate), how, wrong)
    return RedirectResponse(f"/evaluation/orders/{card.order_id}/certificates", 303)


async def _page(at: AtDesk, order: str, chosen: str, how: How, wrong: Wrong | None = None) -> Response:
    card = await of_the_union(at.tx, at.viewer, order)
    names = await at.names()
    found = await at.read_list(EVALUATION, f"/certificates?order_id={card.order_id}", CertificateSeen)
    told = [] if isinstance(found, str) else found
    one = next((each for each in told if str(each.certificate_id) == chosen and each.valid), None)
    goes = [
        each
        for each in told
        if one and each.valid and (each is one or (how == "all" and each.evaluation_id == one.evaluation_id))
    ]
    return await at.page(
        "evaluation_certificates.html", wrong=wrong, card=card, how=how, one=one, goes=goes,
        missing=missing(found, at.text) if isinstance(found, str) else "",
        enterprise=names.organisation(card.enterprise_id, card.enterprise_name),
        rows=[(each, _what(each, names), _state(each, names)) for each in told],
        causes=_causes(card.programme, how, names),
    )  # fmt: skip


def _what(one: CertificateSeen, names: Names) -> str:
    return f"{names.occupation(one.occupation)} {names.level_whole(one.level)}"


def _state(one: CertificateSeen, names: Names) -> str:
    if one.valid or one.revoked_on is None:
        return names.text("certificates.valid")
    why = names.reason(one.reason.code, one.reason.figures) if one.reason else "—"
    return names.text("certificates.revoked", day=names.text.day(one.revoked_on), why=why)


def _causes(programme: str, how: How, names: Names) -> Mapping[str, str]:
    """Those of the programme for one certificate, or for all of an evaluation."""
    found = names.programmes.programmes.get(programme)
    if found is None:
        return {}
    causes = found.revocation_causes
    codes = causes.issuers_own if how == "one" else causes.void_result
    return {code: names.reason(f"certificate.{code}", {}) for code in codes}
