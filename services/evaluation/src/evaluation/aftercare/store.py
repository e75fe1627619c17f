"""Rows of answers: how sessions were, and how people fare later."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.aftercare import FollowupAnswered, FollowupDue, FollowupReminded, SatisfactionGiven
from contracts.refusals import NotFound
from contracts.values import EnterpriseId, OrderId, SessionId, WorkerId
from evaluation.aftercare.rules import Followup
from evaluation.aftercare.tables import followup, satisfaction, satisfaction_words
from servicekit.db import Tx

GIVEN = select(satisfaction.c.answer_id).where(satisfaction.c.answer_id == bindparam("answer_id"))
ADD = upsert(satisfaction).on_conflict_do_nothing()
ANSWERS = select(satisfaction.c.answer_id, satisfaction.c.session_id, satisfaction.c.scores)
_words = upsert(satisfaction_words)
KEEP_WORDS = _words.on_conflict_do_update(
    index_elements=["answer_id"], set_={"text": _words.excluded["text"]}
)
FORGET_WORDS = delete(satisfaction_words).where(satisfaction_words.c.answer_id == bindparam("of_answer"))
WORDS = (
    select(satisfaction_words.c.text)
    .where(satisfaction_words.c.order_id == bindparam("order_id"))
    .order_by(satisfaction_words.c.answer_id)
)
ADD_DUE = upsert(followup).on_conflict_do_nothing()
_of_round = (followup.c.order_id == bindparam("of_order")) & (followup.c.months == bindparam("of_months"))
OF_ROUND = select(followup).where(_of_round).order_by(followup.c.worker_id)
OF_ORDER = (
    select(followup)
    .where(followup.c.order_id == bindparam("order_id"))
    .order_by(followup.c.months, followup.c.worker_id)
)
IS_DUE = select(func.count()).select_from(followup).where(_of_round)
ANSWER = (
    update(followup)
    .where(_of_round, followup.c.worker_id == bindparam("of_worker"))
    .values(answers=bindparam("told"), answered_by=bindparam("by_whom"), answered_on=bindparam("told_on"))
)
REMIND = (
    update(followup)
    .where(_of_round, followup.c.enterprise_id == bindparam("of_enterprise"), followup.c.answers.is_(None))
    .values(reminded_on=bindparam("told_on"))
)


@dataclass(frozen=True)
class Given:
    """An answer about a session."""

    answer_id: UUID
    session_id: SessionId
    scores: dict[str, int]


async def is_given(tx: Tx, answer_id: UUID) -> bool:
    """Whether this person has answered."""
    return await tx.scalar(GIVEN, {"answer_id": answer_id}) is not None


async def add(tx: Tx, fact: SatisfactionGiven) -> None:
    """Keep an answer; told again it is there."""
    told = {each.question: each.score for each in fact.scores}
    row = fact.model_dump(include={"answer_id", "session_id", "order_id", "given_on"})
    await tx.execute(ADD, row | {"scores": told})


async def answers_of(tx: Tx, sessions: Collection[SessionId]) -> list[Given]:
    """All answers about these sessions."""
    wanted = ANSWERS.where(satisfaction.c.session_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    rows = await tx.execute(wanted, {"ids": list(sessions)})
    return [Given(row.answer_id, row.session_id, row.scores) for row in rows]


async def keep_words(tx: Tx, answer_id: UUID, order_id: OrderId, text: str) -> None:
    """Own words, encrypted."""
    await tx.execute(KEEP_WORDS, {"answer_id": answer_id, "order_id": order_id, "text": text})


async def forget_words(tx: Tx, answer_id: UUID) -> None:
    """They are gone; the figures stay."""
    await tx.execute(FORGET_WORDS, {"of_answer": answer_id})


async def words_of(tx: Tx, order_id: OrderId) -> list[str]:
    """What was written about the order's sessions; in no order that tells when."""
    return [row.text for row in await tx.execute(WORDS, {"order_id": order_id})]


async def is_due(tx: Tx, order_id: OrderId, months: int) -> bool:
    """Whether this was asked already."""
    return bool(await tx.scalar(IS_DUE, {"of_order": order_id, "of_months": months}))


async def add_due(tx: Tx, fact: FollowupDue) -> None:
    """A row for each person."""
    of_all = {
        "order_id": fact.order_id,
        "months": fact.months,
        "due_on": fact.due_on,
        "answers_by": fact.answers_by,
    }
    await tx.execute(ADD_DUE, [each.model_dump() | of_all for each in fact.people])


async def one(tx: Tx, order_id: OrderId, months: int, worker_id: WorkerId) -> Followup:
    """What is asked of this person; `followup.unknown`."""
    found = next((each for each in await of_round(tx, order_id, months) if each.worker_id == worker_id), None)
    if found is None:
        raise unknown()
    return found


def unknown() -> NotFound:
    """Nobody was asked that, or not whoever this is."""
    return NotFound("followup.unknown")


async def of_round(tx: Tx, order_id: OrderId, months: int) -> list[Followup]:
    """Everybody who was asked at these months."""
    rows = await tx.execute(OF_ROUND, {"of_order": order_id, "of_months": months})
    return [Followup(**row._mapping) for row in rows]  # noqa: SLF001  a row as a mapping


async def of_order(tx: Tx, order_id: OrderId) -> list[Followup]:
    """Everybody who was asked, by months."""
    rows = await tx.execute(OF_ORDER, {"order_id": order_id})
    return [Followup(**row._mapping) for row in rows]  # noqa: SLF001


async def between(
    tx: Tx, first: date | None, last: date | None, enterprise_id: EnterpriseId | None
) -> Sequence[Followup]:
    """All that were due in these days, of everybody or of one enterprise."""
    wanted = select(followup).order_by(followup.c.due_on, followup.c.order_id, followup.c.worker_id)
    if first:
        wanted = wanted.where(followup.c.due_on >= first)
    if last:
        wanted = wanted.where(followup.c.due_on <= last)
    if enterprise_id is not None:
        wanted = wanted.where(followup.c.enterprise_id == enterprise_id)
    return [Followup(**row._mapping) for row in await tx.execute(wanted)]  # noqa: SLF001


async def answer(tx: Tx, fact: FollowupAnswered) -> None:
    """Keep what was answered; the last counts."""
    given = {
        "of_order": fact.order_id, "of_months": fact.months, "of_worker": fact.worker_id, "by_whom": fact.by,
        "told": {each.question: each.answer for each in fact.answers}, "told_on": fact.answered_on,
    }  # fmt: skip
    await tx.execute(ANSWER, given)


async def remind(tx: Tx, fact: FollowupReminded) -> None:
    """Those who have not answered were reminded on this day."""
    given = {
        "of_order": fact.order_id, "of_months": fact.months, "of_enterprise": fact.enterprise_id,
        "told_on": fact.reminded_on,
    }  # fmt: skip
    await tx.execute(REMIND, given)
