"""An order as it was at a moment: the pure folds over its stored facts up to then; nothing is written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.base import Fact, fact_of
from contracts.refusals import Invalid
from contracts.upcasts import to_newest
from portal.boards import offers, progress, schemes, sessions, story
from portal.boards.cards import OrderCard
from portal.boards.offers import OfferRow
from portal.boards.own import own_part
from portal.boards.schemes import SchemeVersion
from portal.boards.sessions import SessionRow
from portal.boards.story import Told
from portal.desks.orders import NOTHING, Story, own_of, story_of
from portal.scope import Scope
from servicekit.asked import FIRST_YEAR, LAST_YEAR
from servicekit.clock import now
from servicekit.db import Cause, Tx

MINUTE = len("2026-05-06T15:02")
SECONDS = re.compile(r"[T ]\d\d:?\d\d:?\d\d")


@dataclass(frozen=True)
class Past:
    """What of an order somebody may see, as it was."""

    at: datetime
    """The last instant that counts."""
    card: OrderCard
    story: Story
    sessions: Sequence[SessionRow]
    offers: Sequence[OfferRow]
    schemes: Sequence[SchemeVersion]
    """Only for those who see the order whole."""


def moment_of(asked: str, zone: ZoneInfo, present: datetime) -> datetime:
    """The last instant of the minute (or second) that is meant, local unless it names an offset.

    `story.moment_wrong`, `story.moment_ahead`.
    """
    asked = asked.strip()
    try:
        at = datetime.fromisoformat(asked)
    except ValueError:
        raise Invalid("story.moment_wrong", field="at", at=asked) from None
    if len(asked) < MINUTE or not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise Invalid("story.moment_wrong", field="at", at=asked)
    at = at.replace(tzinfo=at.tzinfo or zone)
    if at > present:
        raise Invalid("story.moment_ahead", field="at", at=asked)
    meant = timedelta(seconds=1) if at.second or SECONDS.search(asked) else timedelta(minutes=1)
    return at if at.microsecond else at + meant - timedelta(microseconds=1)


async def as_it_was(tx: Tx, scope: Scope, card: OrderCard, asked: str) -> Past:
    """The order, read in this scope now, as it was; `story.moment_before` when nothing of it was said yet."""
    at = moment_of(asked, tx.zone, await now(tx))
    read = await story_of(tx, scope, card)
    facts = [fact for fact in read.facts if fact.at <= at]
    if not facts:
        first = min((fact.at for fact in read.facts), default=at).astimezone(tx.zone)
        raise Invalid("story.moment_before", field="at", first=f"{first:%Y-%m-%d %H:%M}")
    said = [fact for fact in await story.of_subject(tx, card.order_id) if fact.at <= at]
    known = facts_of(said)
    then = progress.board.folded(known)[card.order_id]
    rows = list(sessions.board.folded(known).values())
    asked_of = list(offers.board.folded(known).values())
    versions = schemes.that_count(schemes.versions_of(known))
    if not scope.sees_whole(card.enterprise_id):
        own = (await own_of(tx, scope, [card.order_id])).get(card.order_id, NOTHING)
        then = own_part(then, own)
        rows = [row for row in rows if str(row.session_id) in own.sessions]
        asked_of = [offer for offer in asked_of if str(offer.assignment_id) in own.offers]
        versions = []
    return Past(
        at, then, Story(facts, read.elsewhere, read.hidden, read.apart),
        sorted(rows, key=lambda row: (row.starts_at is None, row.starts_at, str(row.session_id))), asked_of, versions,
    )  # fmt: skip


def facts_of(said: Sequence[Told]) -> list[tuple[Fact, Cause]]:
    """The facts that this code knows, as they were folded when they came."""
    known = []
    for fact in said:
        type_, data = to_newest(fact.type, fact.data)
        model = fact_of(type_)
        if model is not None:
            cause = Cause(fact.id, fact.source, fact.type, fact.subject, fact.sequence, fact.at, fact.actor)
            known.append((model.model_validate(data), cause))
    return known
