"""How one certificate came about, for the enterprise and the union, and the same as JSON for `songjiao history`."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy import bindparam, select
from starlette.responses import Response

from contracts.refusals import NotFound
from portal.boards import story as told
from portal.boards.cards import OrderCard
from portal.boards.outcomes import certificate_row
from portal.boards.story import Told
from portal.desks.at import Desk
from portal.desks.orders import card_of, story_of
from portal.desks.union import story
from portal.desks.union.data import StoryView, scope_of, view_of
from portal.desks.union.story import Sentence
from portal.desks.union.way_back import asked_by, orders_before, way_back
from portal.scope import Scope
from portal.web.text import Text
from portal.web.viewer import NotForYou
from servicekit.db import Tx
from servicekit.http import Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(include_in_schema=False)
data_router = Router(tags=["read model"])
OF_NUMBER = select(certificate_row.c.certificate_id, certificate_row.c.order_id).where(
    certificate_row.c.number == bindparam("number")
)
ROLES = ("enterprise", "union")
Reader = Annotated[Actor, Depends(actor_with("union", "administrator", "enterprise"))]


@router.get("/certificates/{number}/way")
async def show_way(at: Desk, number: str) -> Response:
    """From the certificate back to the survey answer: what it stands on, and nothing else."""
    at.only(*ROLES)
    try:
        card, sentences = await _way(at.tx, at.text, at.viewer.scope, number)
    except NotFound:
        raise NotForYou("error.not_found") from None
    return await at.page(
        "certificate_way.html",
        card=card,
        number=number,
        facts=list(reversed(sentences)),
        total=len(sentences),
    )


@data_router.get(
    "/certificates/{number}/way.json", responses=refusals("certificate.unknown", "order.unknown")
)
async def read_way(
    number: str, tx: Transaction, by: Reader, lang: Annotated[Literal["zh", "en"], Query()] = "zh"
) -> StoryView:
    """Every fact that a certificate stands on, oldest first: survey, order, who taught, who marked."""
    card, sentences = await _way(tx, Text(lang, tx.zone), scope_of(by), number)
    return StoryView(
        title=f"{number} · {card.number} {card.enterprise_name}",
        order_id=card.order_id,
        number=card.number,
        facts=[view_of(sentence, tx.zone) for sentence in sentences],
    )


async def _way(tx: Tx, text: Text, scope: Scope, number: str) -> tuple[OrderCard, list[Sentence]]:
    row = (await tx.execute(OF_NUMBER, {"number": number})).one_or_none()
    if row is None:
        raise NotFound("certificate.unknown", certificate_id=number)
    card = await card_of(tx, scope, str(row.order_id))
    read = await story_of(tx, scope, card)
    before = await _before(tx, scope, read.facts, row.certificate_id)
    facts = way_back([*before, *read.facts], row.certificate_id)
    if not facts:  # of a joint order: another enterprise's
        raise NotFound("certificate.unknown", certificate_id=number)
    return card, await story.tell_of(tx, text, scope, card, replace(read, facts=facts))


async def _before(tx: Tx, scope: Scope, facts: Sequence[Told], certificate_id: UUID) -> list[Told]:
    """What led to the order: its own enterprise's order where it is a joint one, and the answer of the survey."""
    holder = next(
        (str(one.data["worker_id"]) for one in facts if one.data.get("certificate_id") == str(certificate_id)
         and "worker_id" in one.data), "",
    )  # fmt: skip
    orders = await told.of_type(tx, orders_before(facts), "order.submitted.v1")
    own = [one for one in asked_by(orders, holder) if scope.everything or scope.owns(one.data)]
    asked = [*own, *(one for one in facts if one.type == "order.submitted.v1")]
    surveys = {
        (str(one.data["survey_id"]), one.data["enterprise_id"]) for one in asked if one.data.get("survey_id")
    }
    opened = await told.of_type(tx, [survey for survey, _ in surveys], "survey.opened.v1")
    answered = await told.of_type(tx, [survey for survey, _ in surveys], "survey.answered.v1")
    answers = [one for one in answered if (one.subject, one.data["enterprise_id"]) in surveys]
    return sorted([*opened, *answers, *own], key=lambda one: one.arrived)
