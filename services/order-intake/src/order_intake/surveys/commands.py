"""What is done with surveys."""

from collections.abc import Sequence

from contracts.order_intake import Need, SurveyOpened
from contracts.values import EnterpriseId, ProgrammeCode, SurveyId
from order_intake.enterprises.commands import read_enterprise
from order_intake.known import known
from order_intake.orders.commands import Wanted, draft_order
from order_intake.orders.lines import DraftLine
from order_intake.orders.rules import Order
from order_intake.surveys import rules, store
from servicekit.clock import today
from servicekit.db import Tx
from servicekit.facts import record
from servicekit.identity import Actor
from servicekit.ids import new_id

Counted = store.Counted


async def open_survey(tx: Tx, programme: ProgrammeCode, round_: int, channel: str, *, by: Actor) -> SurveyId:
    """A round begins."""
    known(tx).programme(programme)
    wanted = SurveyOpened(
        survey_id=new_id(),
        programme=programme,
        round=round_,
        channel=channel,
        opened_on=await today(tx),
    )
    opened = rules.open_survey(wanted, known=await store.hold_round(tx, wanted))
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
        person_times=person_times,
        needs=needs,
        occupations=frozenset(known(tx).programmes.occupations),
        today=await today(tx),
    )
    order = None
    if order_wanted:
        offered = known(tx).programme(survey.programme).services
        lines = tuple(
            DraftLine(line=at, service=need.service, occupation=need.occupation, heads=need.heads)
            for at, need in enumerate((need for need in needs if need.service in offered), start=1)
        )
        wanted = Wanted(survey.programme, lines, survey_id=survey_id)
        order = await draft_order(tx, enterprise_id, wanted, order_id=order_id)
    await store.add_answer(tx, answered, order.id if order else None)
    await record(tx, answered, by=by)
    return order


async def close_survey(tx: Tx, survey_id: SurveyId, *, by: Actor) -> None:
    """The round is over."""
    closed = rules.close(await store.lock(tx, survey_id), today=await today(tx))
    await store.close(tx, survey_id)
    await record(tx, closed, by=by)


async def list_surveys(tx: Tx) -> list[Counted]:
    """All rounds, with enterprises and person-times (人次) of contact."""
    return await store.counted(tx)
