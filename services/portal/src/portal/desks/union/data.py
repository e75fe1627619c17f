"""The same as the pages show, as JSON, for programs: with a token, within its scope."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Request
from pydantic import BaseModel

from contracts.values import OrderId
from portal.desks.orders import all_cards, card_of
from portal.desks.past import as_it_was
from portal.desks.union import story
from portal.desks.union.shown import as_on
from portal.desks.union.then import ThenView, then_view
from portal.report import report
from portal.scope import Scope
from portal.web.names import names_for
from portal.web.text import Text
from servicekit.clock import now
from servicekit.http import Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(tags=["read model"])
Reader = Annotated[Actor, Depends(actor_with("union", "administrator", "enterprise", "college"))]
Reporter = Annotated[Actor, Depends(actor_with("union", "administrator"))]


class OrderView(BaseModel):
    """Where an order stands."""

    order_id: OrderId
    number: str
    enterprise_id: str
    enterprise_name: str
    state: str
    stage: int
    """1 to 7."""
    waits_for: str
    wait: str
    figures: dict[str, int | str]
    since: datetime | None
    deadline: datetime | None
    version: int


class FactView(BaseModel):
    """A fact as a sentence."""

    id: UUID
    position: int
    type: str
    time: str
    """Local time with its offset."""
    text: str
    who: str
    because: str | None
    cause: UUID | None
    """The fact that led to it, when it is part of this story."""


class StoryView(BaseModel):
    """The story of an order, oldest first. With `at`: up to then, and where the order stood."""

    title: str
    order_id: OrderId
    number: str
    facts: list[FactView]
    then: ThenView | None = None


def scope_of(by: Actor) -> Scope:
    """What a token may see: the same as its owner in a browser."""
    return Scope.of(by.roles, by.organisation, by.person)


@router.get("/report.json")
async def read_report(tx: Transaction, by: Reporter) -> dict[str, Any]:
    """The city's report: heads, person-times, sessions, class-hours and what else a season has."""
    return await report(tx, scope_of(by))


@router.get("/orders.json")
async def list_orders(tx: Transaction, by: Reader) -> list[OrderView]:
    """Every order in scope as it stands now, by number."""
    scope = scope_of(by)
    cards = await all_cards(tx, scope)
    names, at = await names_for(tx, Text("zh", tx.zone), scope), await now(tx)
    return [OrderView.model_validate(as_on(card, names, at), from_attributes=True) for card in cards]


@router.get(
    "/orders/{order}/story.json",
    responses=refusals("order.unknown", "story.moment_wrong", "story.moment_ahead", "story.moment_before"),
)
async def read_story(
    order: str,
    tx: Transaction,
    by: Reader,
    request: Request,
    *,
    lang: Annotated[Literal["zh", "en"], Query()] = "zh",
    at: Annotated[str, Query(max_length=40, description="As it was then: 2026-05-06T15:02, local.")] = "",
) -> StoryView:
    """Every fact of an order (by id or number): who, when, because of what."""
    scope, text = scope_of(by), Text(lang, tx.zone)
    card = await card_of(tx, scope, order)
    past = await as_it_was(tx, scope, card, at) if at else None
    told = await story.tell(tx, text, scope, card, past)
    token = request.headers["authorization"].partition(" ")[2].strip()
    return StoryView(
        title=f"{card.number} {card.enterprise_name}",
        order_id=card.order_id,
        number=card.number,
        facts=[view_of(sentence, tx.zone) for sentence in told],
        then=await then_view(tx, text, scope, past, token, "") if past else None,
    )


def view_of(sentence: story.Sentence, zone: ZoneInfo) -> FactView:
    """A sentence for programs."""
    because = sentence.because
    return FactView(
        id=sentence.id,
        position=sentence.position,
        type=sentence.type,
        time=sentence.at.astimezone(zone).isoformat(timespec="seconds"),
        text=sentence.text,
        who=sentence.who,
        because=because.text if because else None,
        cause=because.here if because else None,
    )
