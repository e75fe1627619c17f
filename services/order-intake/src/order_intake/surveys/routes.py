"""Surveys over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import Depends
from pydantic import Field

from contracts.order_intake import Need
from contracts.values import (
    Code,
    EnterpriseId,
    LevelCode,
    OccupationCode,
    ProgrammeCode,
    ServiceLine,
    ShiftPatternCode,
    SurveyId,
)
from order_intake.surveys import commands
from order_intake.surveys.commands import CountedSurvey, NewRound
from order_intake.surveys.rules import MOST_NEEDS
from order_intake.surveys.views import (
    NewAnswerView,
    NewSurveyView,
    OneSurveyView,
    OwnSurveyView,
)
from servicekit.http import Request, Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(prefix="/surveys", tags=["surveys"])
Coordinator = Annotated[Actor, Depends(actor_with("union"))]
Answering = Annotated[Actor, Depends(actor_with("union", "enterprise"))]
Clerk = Annotated[Actor, Depends(actor_with("enterprise"))]
NEEDS_REFUSED = (
    "survey.unknown",
    "survey.closed",
    "survey.over",
    "survey.not_asked",
    "survey.occupation_unknown",
    "survey.level_unknown",
    "survey.problem_unknown",
    "survey.shift_pattern_unknown",
    "enterprise.unknown",
)


class NewSurvey(Request):
    """A round to be opened; without `enterprises` every enterprise is asked, without `closes_on` until it is closed."""

    programme: ProgrammeCode
    round: Annotated[int, Field(ge=1, le=100_000)]
    channel: Code
    closes_on: date | None = None
    enterprises: Annotated[tuple[EnterpriseId, ...], Field(max_length=5000)] = ()


class NeedRequest(Request):
    """What an enterprise says it needs; `problem` is a code of the programme."""

    service: ServiceLine
    occupation: OccupationCode
    heads: Annotated[int, Field(ge=0, le=100_000)]
    problem: Code | None = None
    level: LevelCode | None = None
    shift_pattern: ShiftPatternCode | None = None

    def need(self) -> Need:
        """As the rules read it."""
        return Need(**dict(self))


Needs = Annotated[tuple[NeedRequest, ...], Field(max_length=MOST_NEEDS)]


class NewAnswer(Request):
    """An enterprise's answer. `person_times` counts the people spoken to."""

    enterprise_id: EnterpriseId
    person_times: Annotated[int, Field(ge=0, le=100_000)]
    needs: Needs = ()
    draft_order: bool = False


class CorrectedAnswer(Request):
    """An answer's whole needs as they are now."""

    needs: Needs = ()


@router.post(
    "",
    status_code=201,
    responses=refusals(
        "survey.round_known",
        "survey.channel_unknown",
        "survey.closes_in_the_past",
        "survey.enterprise_unknown",
        "intake.programme_unknown",
    ),
)
async def open_survey(asked: NewSurvey, tx: Transaction, by: Coordinator) -> NewSurveyView:
    """Open a round of asking."""
    return NewSurveyView(survey_id=await commands.open_survey(tx, NewRound(**dict(asked)), by=by))


@router.get("/mine")
async def list_own(tx: Transaction, by: Clerk) -> list[OwnSurveyView]:
    """Open rounds that ask one's own enterprise, and all that it answered, the newest first."""
    return [OwnSurveyView.of(each) for each in await commands.own_surveys(tx, by=by)]


@router.post(
    "/{survey_id}/answers",
    status_code=201,
    response_model_exclude_none=True,
    responses=refusals(*NEEDS_REFUSED, "survey.answered"),
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
        needs=[need.need() for need in asked.needs],
        order_wanted=asked.draft_order,
        by=by,
    )
    return NewAnswerView.of(order)


@router.put(
    "/{survey_id}/answers/{enterprise_id}",
    status_code=204,
    responses=refusals(*NEEDS_REFUSED, "survey.not_answered"),
)
async def correct_answer(
    survey_id: SurveyId, enterprise_id: EnterpriseId, asked: CorrectedAnswer, tx: Transaction, by: Answering
) -> None:
    """Other needs in place of those that were said; until the round takes no more answers."""
    needs = [need.need() for need in asked.needs]
    await commands.correct_answer(tx, survey_id, enterprise_id, needs, by=by)


@router.post(
    "/{survey_id}/answers/{enterprise_id}/withdraw",
    status_code=204,
    responses=refusals(
        "survey.unknown",
        "survey.closed",
        "survey.over",
        "survey.not_asked",
        "survey.not_answered",
        "survey.noted_by_union",
        "enterprise.unknown",
    ),
)
async def withdraw_answer(
    survey_id: SurveyId, enterprise_id: EnterpriseId, tx: Transaction, by: Clerk
) -> None:
    """Take one's own answer back while it could be corrected; the enterprise may answer again."""
    await commands.withdraw_answer(tx, survey_id, enterprise_id, by=by)


@router.post(
    "/{survey_id}/answers/{enterprise_id}/order",
    status_code=201,
    responses=refusals(
        "survey.unknown",
        "survey.not_answered",
        "survey.drafted",
        "survey.nothing_offered",
        "enterprise.unknown",
    ),
)
async def draft_from_answer(
    survey_id: SurveyId, enterprise_id: EnterpriseId, tx: Transaction, by: Answering
) -> NewAnswerView:
    """What the programme offers of an answer becomes a draft order on the enterprise's desk, once."""
    return NewAnswerView.of(await commands.draft_from_answer(tx, survey_id, enterprise_id, by=by))


@router.post(
    "/{survey_id}/remind",
    status_code=204,
    responses=refusals("survey.unknown", "survey.closed", "survey.all_answered", "survey.reminded_today"),
)
async def remind(survey_id: SurveyId, tx: Transaction, by: Coordinator) -> None:
    """Tell those who were asked by name and are silent once more."""
    await commands.remind(tx, survey_id, by=by)


@router.post("/{survey_id}/close", status_code=204, responses=refusals("survey.unknown", "survey.closed"))
async def close_survey(survey_id: SurveyId, tx: Transaction, by: Coordinator) -> None:
    """The round is over."""
    await commands.close_survey(tx, survey_id, by=by)


@router.get("")
async def list_surveys(tx: Transaction, _: Coordinator) -> list[CountedSurvey]:
    """All rounds, with enterprises and person-times of contact."""
    return await commands.list_surveys(tx)


@router.get("/{survey_id}", responses=refusals("survey.unknown"))
async def read_survey(survey_id: SurveyId, tx: Transaction, _: Coordinator) -> OneSurveyView:
    """A round with all its answers."""
    return OneSurveyView.of(await commands.read_survey(tx, survey_id))
