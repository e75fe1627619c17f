"""The union's page of an order's certificates: how each stands, and what is done about one, after a preview."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Form, Query
from starlette.responses import RedirectResponse, Response

from portal.desks.asking import EVALUATION, missing
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.evaluation import standing
from portal.desks.evaluation.seen import CertificateSeen
from portal.desks.evaluation.standing import Act
from portal.desks.union.pages import of_the_union
from portal.web.names import Names
from portal.web.sheets import Cell, Sheet, excel
from servicekit.http import Router, without_key

router = Router(prefix="/evaluation/orders/{order}/certificates", include_in_schema=False)


@router.get("")
async def show_certificates(
    at: Desk, order: str, *, of: Annotated[str, Query(max_length=36)] = "", act: Act = "one"
) -> Response:
    """All of the order; with `of` what the act would do to that one."""
    return await _page(at, order, of, act)


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
        [one.number, one.name, _what(one, names), one.issued_on, standing.state_of(one, found, names)]
        for one in found
    ]
    return excel(
        [Sheet(text("certificates.title"), head, rows)], f"{card.number} {text('certificates.title')}"
    )


@router.post("")
@without_key  # the form has a one-time key of its own
async def do(
    at: Desk, order: str, *, certificate: Annotated[UUID, Form()], act: Annotated[Act, Form()],
    cause: Annotated[str, Form(max_length=60)], key: Key,
) -> Response:  # fmt: skip
    """What was shown is done."""
    card = await of_the_union(at.tx, at.viewer, order)
    found = await at.read_list(EVALUATION, f"/certificates?order_id={card.order_id}", CertificateSeen)
    if isinstance(found, str):
        return await _page(at, order, "", act, Wrong(missing(found, at.text), 409))
    one = next((each for each in found if each.certificate_id == certificate), None)
    if one is None:
        return await _page(at, order, "", act, Wrong(missing("none", at.text), 409))
    path = standing.PATHS[act].format(certificate=certificate, evaluation=one.evaluation_id)
    if wrong := await at.act(key, EVALUATION, path, {"reason": {"code": f"certificate.{cause}"}}):
        return await _page(at, order, str(certificate), act, wrong)
    return RedirectResponse(f"/evaluation/orders/{card.order_id}/certificates", 303)


async def _page(at: AtDesk, order: str, chosen: str, act: Act, wrong: Wrong | None = None) -> Response:
    card = await of_the_union(at.tx, at.viewer, order)
    names = await at.names()
    found = await at.read_list(EVALUATION, f"/certificates?order_id={card.order_id}", CertificateSeen)
    told = [] if isinstance(found, str) else found
    one = next((each for each in told if str(each.certificate_id) == chosen and each.stands), None)
    return await at.page(
        "evaluation_certificates.html", wrong=wrong, card=card, act=act, one=one,
        goes=standing.taken(one, act, told) if one else [], acts=standing.acts_for(one) if one else (),
        sisters=standing.sisters(one, told) if one else [],
        missing=missing(found, at.text) if isinstance(found, str) else "",
        enterprise=names.organisation(card.enterprise_id, card.enterprise_name),
        rows=[
            (each, _what(each, names), standing.state_of(each, told, names), standing.COLOURS[standing.kind_of(each)])
            for each in told
        ],
        causes=_causes(card.programme, act, names), taking=_taking(card.programme, names) if act == "one" else "",
    )  # fmt: skip


def _what(one: CertificateSeen, names: Names) -> str:
    return f"{names.occupation(one.occupation)} {names.level_whole(one.level)}"


def _causes(programme: str, act: Act, names: Names) -> Mapping[str, str]:
    """Those of the programme for this act, in words."""
    found = names.programmes.programmes.get(programme)
    codes = standing.causes_of(act, found.revocation_causes) if found else ()
    return {code: names.reason(f"certificate.{code}", {}) for code in codes}


def _taking(programme: str, names: Names) -> str:
    """The causes for which the sisters go too."""
    found = names.programmes.programmes.get(programme)
    codes = found.revocation_causes.takes_sister if found else ()
    return " · ".join(names.reason(f"certificate.{code}", {}) for code in codes)
