"""Addresses of answers: for the portal's pages behind a link, for the enterprise's clerk, for the union."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import Depends
from pydantic import Field

from contracts.aftercare import Months
from contracts.masking import masked_name
from contracts.values import (
    Code,
    EnterpriseId,
    OrderId,
    WorkerId,
)
from evaluation import directory
from evaluation.aftercare import commands
from evaluation.aftercare.rules import Followup
from evaluation.aftercare.views import (
    AskedView,
    FollowupsView,
    FollowupView,
    RoundView,
    ToldView,
    questions_view,
    round_view,
    told_view,
)
from servicekit.clock import today
from servicekit.http import Request, Router, Transaction, refusals, without_key
from servicekit.identity import Actor, actor_with

router = Router(tags=["aftercare"])
Portal = Annotated[Actor, Depends(actor_with("service"))]
Enterprise = Annotated[Actor, Depends(actor_with("enterprise"))]
Union = Annotated[Actor, Depends(actor_with("union"))]
Reader = Annotated[Actor, Depends(actor_with("union", "enterprise"))]
Text = Annotated[str, Field(max_length=200)]
Answers = Annotated[Mapping[Code, Code], Field(max_length=20)]
MOST = 2000


class Looked(Request):
    """A link as it stood in the address."""

    link: Text


class AnswersGiven(Request):
    """What somebody answers by a link; a score is told as its figure."""

    link: Text
    answers: Answers
    text: Annotated[str, Field(max_length=1000)] | None = None


class OneAnswer(Request):
    """How one worker fares."""

    worker_id: WorkerId
    answers: Answers


class AnswersOfAll(Request):
    """How some of the enterprise's workers fare: all are taken, or none."""

    people: Annotated[list[OneAnswer], Field(min_length=1, max_length=MOST)]


class Reminded(Request):
    """Whom."""

    enterprise_id: EnterpriseId


@router.post("/answers/look", responses=refusals("aftercare.link_unknown", "followup.unknown"))
@without_key  # a question, which changes nothing
async def look(given: Looked, tx: Transaction, _: Portal) -> AskedView:
    """What a link asks of whom."""
    asked = await commands.look(tx, given.link)
    name = (await directory.names(tx, [asked.link.worker_id]))[asked.link.worker_id]
    return AskedView.of(asked, masked_name(name) if asked.link.kind == "later" else name)


@router.post(
    "/answers",
    status_code=204,
    responses=refusals(
        "aftercare.link_unknown", "aftercare.answer_unknown", "aftercare.question_unknown", "followup.unknown",
        "followup.answered_already", "followup.erased", "satisfaction.not_asked", "satisfaction.not_yet",
        "satisfaction.not_present", "satisfaction.given_already", "satisfaction.too_late",
    ),
)  # fmt: skip
@without_key  # a link answers once
async def answer_by_link(given: AnswersGiven, tx: Transaction, by: Portal) -> None:
    """Whoever has the link answers."""
    await commands.answer_by_link(tx, given.link, given.answers, (given.text or "").strip() or None, by=by)


@router.get("/satisfaction")
async def read_satisfaction(tx: Transaction, _: Portal, order_id: OrderId | None = None) -> list[ToldView]:
    """Sums by session, for the portal, which shows none of too few answers."""
    return [
        await told_view(tx, each)
        for each in await commands.satisfaction(tx, [order_id] if order_id else None)
    ]


@router.get("/orders/{order_id}/satisfaction-words", responses=refusals("order.unknown"))
async def read_words(order_id: OrderId, tx: Transaction, by: Union) -> list[str]:
    """What people wrote about the order's sessions."""
    return await commands.words_about(tx, order_id, seen_by=by)


@router.get("/followups")
async def list_followups(
    tx: Transaction, by: Reader, first: date | None = None, last: date | None = None
) -> list[RoundView]:
    """Every round that was due in these days, with its response; the union all, an enterprise its own people's."""
    day = await today(tx)
    found: dict[tuple[OrderId, int, EnterpriseId], list[Followup]] = {}
    for row in await commands.rounds(tx, first, last, seen_by=by):
        found.setdefault((row.order_id, row.months, row.enterprise_id), []).append(row)
    return [await round_view(tx, rows, day) for rows in found.values()]


@router.get("/orders/{order_id}/followups", responses=refusals("order.unknown"))
async def read_followups(order_id: OrderId, tx: Transaction, by: Reader) -> FollowupsView:
    """Everybody of the order who was asked, by months."""
    order, rows = await commands.asked_of(tx, order_id, seen_by=by)
    names = await directory.names(tx, {each.worker_id for each in rows})
    asked, day = await commands.questions_of(tx, order_id), await today(tx)
    return FollowupsView(
        order_id=order_id,
        number=order.number,
        questions=questions_view(asked.questions) if asked else [],
        people=[
            FollowupView(
                worker_id=each.worker_id, name=names[each.worker_id], enterprise_id=each.enterprise_id,
                months=each.months, due_on=each.due_on, answers_by=each.answers_by, answers=each.answers,
                answered_by=each.answered_by, answered_on=each.answered_on, overdue=each.overdue(day),
                link=commands.link_for(tx, each),
            )
            for each in rows
        ],
    )  # fmt: skip


@router.post(
    "/orders/{order_id}/followups/{months}",
    responses=refusals(
        "order.unknown", "followup.unknown", "followup.not_asked", "followup.answered_already", "followup.erased",
        "aftercare.answer_unknown", "aftercare.question_unknown",
    ),
)  # fmt: skip
async def answer_followups(
    order_id: OrderId, months: Months, given: AnswersOfAll, tx: Transaction, by: Enterprise
) -> int:
    """The clerk answers for some of the enterprise's people; how many answers are new."""
    told = {each.worker_id: each.answers for each in given.people}
    return await commands.answer_for(tx, order_id, months, told, by=by)


@router.post(
    "/orders/{order_id}/followups/{months}/remind",
    responses=refusals("order.unknown", "followup.nothing_waits", "followup.reminded_today"),
)
async def remind_followups(
    order_id: OrderId, months: Months, given: Reminded, tx: Transaction, by: Union
) -> int:
    """The union reminds an enterprise; of how many answers."""
    return (await commands.remind(tx, order_id, months, given.enterprise_id, by=by)).waiting
