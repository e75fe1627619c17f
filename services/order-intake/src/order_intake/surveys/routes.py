"""Surveys over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, Field

from contracts.order_intake import Need
from contracts.values import (
    Code,
    EnterpriseId,
    OccupationCode,
    OrderId,
    OrderNumber,
    ProgrammeCode,
    ServiceLine,
    SurveyId,
)
from order_intake.surveys import commands
from servicekit.http import Request, Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(prefix="/surveys", tags=["surveys"])
Coordinator = Annotated[Actor, Depends(actor_with("union"))]
Answering = Annotated[Actor, Depends(actor_with("union", "enterprise"))]


class NewSurvey(Request):
    """A round to be opened."""

    programme: ProgrammeCode
    round: Annotated[int, Field(ge=1, le=100_000)]
    channel: Code


class NeedRequest(Request):
    """What an enterprise says it needs; `problem` is a code of the programme."""

    service: ServiceLine
    occupation: OccupationCode
    heads: Annotated[int, Field(ge=0, le=100_000)]
    problem: Code | None = None


class NewAnswer(Request):
    """An enterprise's answer. `person_times` counts the people spoken to."""

    enterprise_id: EnterpriseId
    person_times: Annotated[int, Field(ge=0, le=100_000)]
    needs: Annotated[tuple[NeedRequest, ...], Field(max_length=50)] = ()
    draft_order: bool = False


class NewSurveyView(BaseModel):
    """The round that was opened."""

    survey_id: SurveyId


class NewAnswerView(BaseModel):
    """The order that the answer became, if it did."""

    order_id: OrderId | None = None
    number: OrderNumber | None = None


class SurveyView(BaseModel):
    """A round with its answers counted."""

    survey_id: SurveyId
    programme: ProgrammeCode
    round: int
    channel: str
    open: bool
    opened_on: date
    enterprises: int
    person_times: int


@router.post("", status_code=201, responses=refusals("survey.round_known", "intake.programme_unknown"))
async def open_survey(asked: NewSurvey, tx: Transaction, by: Coordinator) -> NewSurveyView:
    """Open a round of asking."""
    survey_id = await commands.open_survey(tx, asked.programme, asked.round, asked.channel, by=by)
    return NewSurveyView(survey_id=survey_id)


@router.post(
    "/{survey_id}/answers",
    status_code=201,
    response_model_exclude_none=True,
    responses=refusals(
        "survey.unknown",
        "survey.closed",
        "survey.answered",
        "survey.occupation_unknown",
        "enterprise.unknown",
    ),
)
async def answer_survey(
    survey_id: SurveyId, asked: NewAnswer, tx: Transaction, by: Answering
) -> NewAnswerView:
    """An enterprise answers, or the union writes down what it heard; the needs can become a draft order."""
    order = await commands.take_answer(
        tx,
        survey_id,
        asked.enterprise_id,
        person_times=asked.person_times,
        needs=[Need(**dict(need)) for need in asked.needs],
        order_wanted=asked.draft_order,
        by=by,
    )
    return NewAnswerView(order_id=order.id, number=order.number) if order else NewAnswerView()


@router.post("/{survey_id}/close", status_code=204, responses=refusals("survey.unknown", "survey.closed"))
async def close_survey(survey_id: SurveyId, tx: Transaction, by: Coordinator) -> None:
    """The round is over."""
    await commands.close_survey(tx, survey_id, by=by)


@router.get("")
async def list_surveys(tx: Transaction, _: Coordinator) -> list[SurveyView]:
    """All rounds, with enterprises and person-times of contact."""
    return [SurveyView.model_validate(each, from_attributes=True) for each in await commands.list_surveys(tx)]
