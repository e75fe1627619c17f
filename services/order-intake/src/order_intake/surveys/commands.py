"""What is done with surveys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from contracts.order_intake import Need, SurveyOpened
from contracts.values import EnterpriseId, OrderId, ProgrammeCode, SurveyId
from order_intake.enterprises.commands import list_enterprises, read_enterprise
from order_intake.known import known, organisation_of
from order_intake.orders.commands import Wanted, draft_order, read_orders
from order_intake.orders.lines import DraftLine
from order_intake.orders.rules import Order
from order_intake.surveys import rules, store
from servicekit.clock import today
from servicekit.db import Tx
from servicekit.facts import record
from servicekit.identity import Actor
from servicekit.ids import new_id

CountedSurvey = store.CountedSurvey


@dataclass(frozen=True, slots=True)
class NewRound:
    """A round that the union wants to open."""

    programme: ProgrammeCode
    round: int
    channel: str
    closes_on: date | None = None
    enterprises: tuple[EnterpriseId, ...] = ()
    """Who is asked; none = every enterprise."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, and the order that it became."""

    answer: store.Answer
    order: Order | None


@dataclass(frozen=True, slots=True)
class OneRound:
    """A round with its answers."""

    survey: CountedSurvey
    answers: Sequence[Answered]


async def open_survey(tx: Tx, asked: NewRound, *, by: Actor) -> SurveyId:
    """A round begins."""
    wanted = SurveyOpened(
        survey_id=new_id(),
        programme=asked.programme,
        round=asked.round,
        channel=asked.channel,
        opened_on=await today(tx),
        closes_on=asked.closes_on,
        enterprises=tuple(dict.fromkeys(asked.enterprises)),
    )
    enterprises = await list_enterprises(tx, by=by) if asked.enterprises else []
    opened = rules.open_survey(
        wanted,
        codes_of(tx, asked.programme),
        known=await store.hold_round(tx, wanted),
        enterprises=frozenset(each.enterprise_id for each in enterprises),
        today=await today(tx),
    )
    await store.add(tx, opened)
    await record(tx, opened, by=by)
    return opened.survey_id


async def take_answer(
    tx: Tx,
    survey_id: SurveyId,
    enterprise_id: EnterpriseId,
    *,
    person_times: int,
    needs: Sequence[Need],
    order_wanted: bool,
    by: Actor,
) -> Order | None:
    """An enterprise's answer; with `order_wanted` what the programme offers of its needs lies
    on its desk as a draft order at once.
    """
    order_id = new_id()
    survey = await store.lock(tx, survey_id, *([order_id] if order_wanted else []))
    await read_enterprise(tx, enterprise_id, by=by)
    answered = rules.answer(
        survey,
        enterprise_id,
        codes_of(tx, survey.programme),
        person_times=person_times,
        needs=needs,
        today=await today(tx),
        by_union=by.may("union"),
    )
    order = None
    if order_wanted:
        offered = known(tx).programme(survey.programme).services
        order = await _draft(tx, survey, enterprise_id, [n for n in needs if n.service in offered], order_id)
    await store.add_answer(tx, answered, order.id if order else None)
    await record(tx, answered, by=by)
    return order


async def correct_answer(
    tx: Tx, survey_id: SurveyId, enterprise_id: EnterpriseId, needs: Sequence[Need], *, by: Actor
) -> None:
    """The whole answer as it is now."""
    survey = await store.lock(tx, survey_id)
    await read_enterprise(tx, enterprise_id, by=by)
    corrected = rules.correct(
        survey,
        enterprise_id,
        codes_of(tx, survey.programme),
        needs=needs,
        today=await today(tx),
        by_union=by.may("union"),
    )
    await store.correct(tx, corrected)
    await record(tx, corrected, by=by)


async def withdraw_answer(tx: Tx, survey_id: SurveyId, enterprise_id: EnterpriseId, *, by: Actor) -> None:
    """An enterprise takes its answer back; what it became stays."""
    survey = await store.lock(tx, survey_id)
    await read_enterprise(tx, enterprise_id, by=by)
    answer = next(iter(await store.answers(tx, survey_id, of=enterprise_id)), None)
    told = answer.person_times if answer else 0
    withdrawn = rules.withdraw(survey, enterprise_id, person_times=told, today=await today(tx))
    await store.withdraw(tx, withdrawn)
    await record(tx, withdrawn, by=by)


async def draft_from_answer(tx: Tx, survey_id: SurveyId, enterprise_id: EnterpriseId, *, by: Actor) -> Order:
    """What the programme offers of an answer lies on the desk as a draft order. No fact follows from it."""
    order_id = new_id()
    survey = await store.lock(tx, survey_id, order_id)
    await read_enterprise(tx, enterprise_id, by=by)
    answer = next(iter(await store.answers(tx, survey_id, of=enterprise_id)), None)
    wanted = rules.to_order(
        survey,
        enterprise_id,
        answer.needs if answer else (),
        known(tx).programme(survey.programme).services,
        drafted=bool(answer and answer.order_id),
    )
    order = await _draft(tx, survey, enterprise_id, wanted, order_id)
    await store.became(tx, survey_id, enterprise_id, order.id)
    return order


async def forget_draft(tx: Tx, order_id: OrderId) -> None:
    """This draft is deleted; the answer that it came from, if any, can become another."""
    await store.order_gone(tx, order_id)


async def remind(tx: Tx, survey_id: SurveyId, *, by: Actor) -> None:
    """Who was asked by name and is silent hears it once more."""
    reminded = rules.remind(await store.lock(tx, survey_id), today=await today(tx))
    await store.remind(tx, reminded)
    await record(tx, reminded, by=by)


async def close_survey(tx: Tx, survey_id: SurveyId, *, by: Actor) -> None:
    """The round is over."""
    closed = rules.close(await store.lock(tx, survey_id), today=await today(tx))
    await store.close(tx, survey_id)
    await record(tx, closed, by=by)


async def list_surveys(tx: Tx) -> list[CountedSurvey]:
    """All rounds, with enterprises and person-times (人次) of contact."""
    return await store.counted(tx)


async def read_survey(tx: Tx, survey_id: SurveyId) -> OneRound:
    """A round with all its answers."""
    survey = await store.counted_one(tx, survey_id)
    return OneRound(survey, await _with_orders(tx, await store.answers(tx, survey_id)))


async def own_surveys(tx: Tx, *, by: Actor) -> list[OneRound]:
    """Rounds that ask the enterprise of `by` and are open, and all that it answered; the newest first."""
    enterprise_id = organisation_of(by)
    rounds = []
    for survey in sorted(await store.counted(tx), key=lambda each: each.opened_on, reverse=True):
        answers = await store.answers(tx, survey.survey_id, of=enterprise_id)
        asks = survey.open and (not survey.asked or enterprise_id in survey.asked)
        if answers or asks:
            rounds.append(OneRound(survey, await _with_orders(tx, answers)))
    return rounds


def codes_of(tx: Tx, programme: ProgrammeCode) -> rules.Codes:
    """What a need of this programme can name; `intake.programme_unknown`."""
    here = known(tx)
    found = here.programme(programme)
    return rules.Codes(
        levels_of=here.levels_of(programme),
        problems=frozenset(found.survey_problems),
        shift_patterns=frozenset(here.programmes.shifts),
        channels=frozenset(found.survey_channels),
    )


async def _draft(
    tx: Tx, survey: rules.Survey, enterprise_id: EnterpriseId, needs: Sequence[Need], order_id: OrderId
) -> Order:
    lines = tuple(
        DraftLine(line=at, service=n.service, occupation=n.occupation, level=n.level, heads=n.heads)
        for at, n in enumerate(needs, start=1)
    )
    wanted = Wanted(survey.programme, lines, survey_id=survey.id)
    return await draft_order(tx, enterprise_id, wanted, order_id=order_id)


async def _with_orders(tx: Tx, answers: Sequence[store.Answer]) -> list[Answered]:
    ids = [each.order_id for each in answers if each.order_id]
    orders = {order.id: order for order in await read_orders(tx, ids)} if ids else {}
    return [Answered(each, orders.get(each.order_id) if each.order_id else None) for each in answers]
