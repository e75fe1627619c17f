"""What is done about answers: how a session was, by a link; how people fare later, by the clerk or by a link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from contracts.aftercare import FollowupAnswered, FollowupDue, FollowupReminded
from contracts.programme_aftercare import FollowupRules, SatisfactionRules
from contracts.refusals import Invalid, Refused
from contracts.values import EnterpriseId, OrderId, SessionId, WorkerId
from evaluation import directory, links
from evaluation.aftercare import rules, store
from evaluation.aftercare.rules import Followup
from evaluation.certificates import commands as certificates
from evaluation.delivery import commands as delivery
from evaluation.delivery.session import HELD, Session
from evaluation.known import known
from evaluation.links import Link
from evaluation.orders import commands as orders
from evaluation.orders.commands import Order
from servicekit.clock import now, today
from servicekit.db import Cause, Tx
from servicekit.facts import hold_subject, record
from servicekit.identity import Actor
from servicekit.timers import drop_deadline, set_deadline

MONTHS_OVER = "aftercare.months_over"
"""So many months after an order's end: people are asked how they fare."""
WORDS_END = "aftercare.words_end"
"""The time for which somebody's own words about a session are kept is over."""


@dataclass(frozen=True)
class Asked:
    """What a link asks, of whom; `against` = why it cannot be answered now."""

    link: Link
    satisfaction: SatisfactionRules | None = None
    followup: FollowupRules | None = None
    session: Session | None = None
    answered: Mapping[str, str] | None = None
    against: Refused | None = None


@dataclass(frozen=True)
class Told:
    """What was answered about a session: how many were there, how many answered, and the sum of each question."""

    session: Session
    answers: int
    sums: Mapping[str, int]


async def look(tx: Tx, text: str) -> Asked:
    """What the link asks; `aftercare.link_unknown`."""
    link = links.read(known(tx).code_key, text)
    if link.kind == "later":
        row = await store.one(tx, link.about, link.months, link.worker_id)
        asked_later = await _followup(tx, link.about)
        if await _is_erased(tx, row):
            return Asked(link, followup=asked_later, against=Refused("followup.erased"))
        if row.answers is not None and await today(tx) > row.answers_by:
            told = Refused("followup.answered_already", until=row.answers_by)
            return Asked(
                link, followup=asked_later, against=told
            )  # an old address tells nobody what was answered
        return Asked(link, followup=asked_later, answered=row.answers)
    session = await delivery.session_of(tx, link.about)
    asked = await _satisfaction(tx, session.order_id)
    try:
        await _may_give(tx, link, session, asked)
    except Refused as refused:
        return Asked(link, asked, session=session, against=refused)
    return Asked(link, asked, session=session)


async def answer_by_link(
    tx: Tx, text: str, answers: Mapping[str, str], words: str | None, *, by: Actor
) -> None:
    """Whoever the link names answers."""
    link = links.read(known(tx).code_key, text)
    if link.kind == "later":
        await hold_subject(tx, link.about)
        row = await store.one(tx, link.about, link.months, link.worker_id)
        await _answer(tx, row, answers, "worker", by)
        return
    session = await delivery.session_of(tx, link.about)
    await hold_subject(tx, session.order_id)
    session = await delivery.session_of(tx, link.about)
    asked = await _may_give(tx, link, session, await _satisfaction(tx, session.order_id))
    id_ = links.answer_id(known(tx).code_key, link.about, link.worker_id)
    fact = rules.give(session, id_, answers, asked, await today(tx))
    await store.add(tx, fact)
    if words:
        await store.keep_words(tx, id_, session.order_id, words)
        end = known(tx).programmes.rules.words.end(await now(tx), tx.zone)
        await set_deadline(tx, WORDS_END, key=id_, subject=session.order_id, due=end)
    await record(tx, fact, by=by)


async def forget_words(tx: Tx, answer_id: UUID) -> None:
    """Their time is over."""
    await store.forget_words(tx, answer_id)


async def satisfaction(tx: Tx, order_ids: Sequence[OrderId] | None = None) -> list[Told]:
    """Every session that was held, with what was answered by those who stand as present now."""
    sessions = await delivery.held_by_order(tx, order_ids)
    key = known(tx).code_key
    theirs = {
        links.answer_id(key, each.session_id, worker): each.session_id
        for each in sessions
        for worker in each.workers
    }
    given: dict[SessionId, list[Mapping[str, int]]] = {}
    for one in await store.answers_of(tx, [each.session_id for each in sessions]):
        if one.answer_id in theirs:
            given.setdefault(one.session_id, []).append(one.scores)
    return [_told(each, given.get(each.session_id, [])) for each in sessions]


async def words_about(tx: Tx, order_id: OrderId, *, seen_by: Actor) -> list[str]:
    """What people wrote about an order's sessions; nothing of so few that it could be told who."""
    await orders.known(tx, order_id, seen_by=seen_by)
    asked = await _satisfaction(tx, order_id)
    told = sum(each.answers for each in await satisfaction(tx, [order_id]))
    return await store.words_of(tx, order_id) if asked and told >= asked.least.value else []


async def plan(tx: Tx, order_id: OrderId, ended_on: date) -> None:
    """The order is at its end: people are asked so many months later. A joint order asks for its members' people."""
    order = await orders.find(tx, order_id)
    taught_itself = order is not None and not order.cancelled
    asked = await _followup(tx, order_id) if taught_itself else None
    for months in asked.months.value if asked else ():
        if await store.is_due(tx, order_id, months):
            continue
        day = rules.months_after(ended_on, months)
        await set_deadline(
            tx, MONTHS_OVER, key=f"{order_id}/{months}", subject=order_id,
            due=datetime.combine(day, time(), tx.zone), data={"months": months, "due_on": day.isoformat()},
        )  # fmt: skip


async def ask_now(tx: Tx, order_id: OrderId, months: int, due_on: date, *, because: Cause | None) -> None:
    """The months are over: everybody who was taught or certified is asked."""
    order, asked = await orders.known(tx, order_id), await _followup(tx, order_id)
    if asked is None or await store.is_due(tx, order_id, months):
        return
    fact = rules.due(order_id, months, await _people(tx, order, rules.ended(due_on, months)), asked, due_on)
    if fact is not None:
        await keep_due(tx, fact)
        await record(tx, fact, because=because)


async def keep_due(tx: Tx, fact: FollowupDue) -> None:
    """A row for each who is asked; the deadline is past."""
    await store.add_due(tx, fact)
    await drop_deadline(tx, MONTHS_OVER, f"{fact.order_id}/{fact.months}")


async def rounds(tx: Tx, first: date | None, last: date | None, *, seen_by: Actor) -> list[Followup]:
    """All that was asked in these days: the union sees everything, an enterprise its own people's."""
    own = None if seen_by.may("union") else seen_by.organisation
    return list(await store.between(tx, first, last, own))


async def asked_of(tx: Tx, order_id: OrderId, *, seen_by: Actor) -> tuple[Order, list[Followup]]:
    """Everybody of an order who was asked; an enterprise sees its own people. `order.unknown`."""
    order = await orders.known(tx, order_id, seen_by=seen_by)
    return order, _own(await store.of_order(tx, order_id), seen_by)


async def answer_for(
    tx: Tx, order_id: OrderId, months: int, answers: Mapping[WorkerId, Mapping[str, str]], *, by: Actor
) -> int:
    """The clerk answers for the enterprise's own people, all or none; how many answers are new."""
    await orders.held(tx, order_id, seen_by=by)
    rows = {each.worker_id: each for each in _own(await store.of_round(tx, order_id, months), by)}
    if not rows:
        raise store.unknown()
    said = 0
    for worker, told in answers.items():
        if worker not in rows:
            raise Invalid("followup.not_asked", field="body.people", worker_id=worker)
        said += await _answer(tx, rows[worker], told, "enterprise", by)
    return said


async def remind(
    tx: Tx, order_id: OrderId, months: int, enterprise_id: EnterpriseId, *, by: Actor
) -> FollowupReminded:
    """The union reminds an enterprise."""
    await orders.held(tx, order_id, seen_by=by)
    fact = rules.remind(await store.of_round(tx, order_id, months), enterprise_id, await today(tx))
    await store.remind(tx, fact)
    await record(tx, fact, by=by)
    return fact


def link_for(tx: Tx, row: Followup) -> str:
    """By which the worker answers without a login; the clerk hands it out."""
    return links.made(known(tx).code_key, Link("later", row.order_id, row.worker_id, row.months))


async def questions_of(tx: Tx, order_id: OrderId) -> FollowupRules | None:
    """What the order's programme asks later."""
    return await _followup(tx, order_id)


def least_of(tx: Tx, programme: str) -> int:
    """Of fewer answers nothing is shown."""
    asked = known(tx).programmes.programmes[programme].satisfaction
    return asked.least.value if asked else 1


async def _answer(tx: Tx, row: Followup, answers: Mapping[str, str], who: rules.By, by: Actor) -> bool:
    asked = await _followup(tx, row.order_id)
    if asked is None:
        raise store.unknown()
    if await _is_erased(tx, row):
        raise Refused("followup.erased")
    fact: FollowupAnswered | None = rules.answer(row, answers, asked, by=who, today=await today(tx))
    if fact is None:
        return False
    await store.answer(tx, fact)
    await record(tx, fact, by=by)
    return True


async def _may_give(
    tx: Tx, link: Link, session: Session, asked: SatisfactionRules | None
) -> SatisfactionRules:
    id_ = links.answer_id(known(tx).code_key, link.about, link.worker_id)
    given = await store.is_given(tx, id_)
    return rules.may_give(session, link.worker_id, asked, given=given, at=await now(tx))


async def _people(tx: Tx, order: Order, ended_on: date) -> list[tuple[WorkerId, EnterpriseId]]:
    """Whoever was erased since the order ended is asked nothing."""
    sessions, _ = await delivery.taught_to(tx, order.order_id)
    taught = {worker for each in sessions if each.state in HELD for worker in each.workers}
    whose = {t.worker_id: t.enterprise_id for line in order.lines for t in line.trainees}
    all_ = taught | await certificates.holders_of(tx, order.order_id)
    asked = all_ - await directory.erased_since(tx, all_, ended_on)
    return [(each, whose.get(each) or order.enterprise_id) for each in sorted(asked)]


async def _satisfaction(tx: Tx, order_id: OrderId) -> SatisfactionRules | None:
    return known(tx).programmes.programmes[(await orders.known(tx, order_id)).programme].satisfaction


async def _followup(tx: Tx, order_id: OrderId) -> FollowupRules | None:
    return known(tx).programmes.programmes[(await orders.known(tx, order_id)).programme].followup


async def _is_erased(tx: Tx, row: Followup) -> bool:
    return bool(await directory.erased_since(tx, [row.worker_id], rules.ended(row.due_on, row.months)))


def _own(rows: Sequence[Followup], by: Actor) -> list[Followup]:
    return [each for each in rows if by.may("union") or each.enterprise_id == by.organisation]


def _told(session: Session, scores: Sequence[Mapping[str, int]]) -> Told:
    questions = dict.fromkeys(question for each in scores for question in each)
    return Told(session, len(scores), {one: sum(each.get(one, 0) for each in scores) for one in questions})
