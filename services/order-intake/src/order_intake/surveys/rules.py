"""Surveys: rounds of asking enterprises what they need. An answer can become a draft order in one step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from contracts.order_intake import Need, SurveyAnswered, SurveyClosed, SurveyFact, SurveyOpened
from contracts.refusals import Conflict, Invalid, Refused
from contracts.values import EnterpriseId, ProgrammeCode, SurveyId


@dataclass(frozen=True, slots=True)
class Survey:
    """One round, and who has answered it."""

    id: SurveyId
    programme: ProgrammeCode
    round: int
    channel: str
    open: bool = True
    answered: frozenset[EnterpriseId] = frozenset()


def open_survey(wanted: SurveyOpened, *, known: bool) -> SurveyOpened:
    """A round of a programme is opened once."""
    if known:
        raise Conflict("survey.round_known", field="round", programme=wanted.programme, round=wanted.round)
    return wanted


def answer(
    survey: Survey,
    enterprise_id: EnterpriseId,
    *,
    person_times: int,
    needs: Sequence[Need],
    occupations: Sequence[str] | frozenset[str],
    today: date,
) -> SurveyAnswered:
    """An enterprise answers an open round once."""
    if not survey.open:
        raise Refused("survey.closed")
    if enterprise_id in survey.answered:
        raise Conflict("survey.answered", enterprise_id=enterprise_id)
    for at, need in enumerate(needs):
        if need.occupation not in occupations:
            raise Invalid(
                "survey.occupation_unknown", field=f"needs.{at}.occupation", occupation=need.occupation
            )
    return SurveyAnswered(
        survey_id=survey.id,
        enterprise_id=enterprise_id,
        person_times=person_times,
        needs=tuple(needs),
        answered_on=today,
    )


def close(survey: Survey, *, today: date) -> SurveyClosed:
    """The round is over, once."""
    if not survey.open:
        raise Refused("survey.closed")
    return SurveyClosed(survey_id=survey.id, closed_on=today)


def begun(fact: SurveyOpened) -> Survey:
    """The round as it begins."""
    return Survey(fact.survey_id, fact.programme, fact.round, fact.channel)


def evolve(survey: Survey, fact: SurveyFact) -> Survey:
    """The round after the fact, for every fact of a survey."""
    match fact:
        case SurveyOpened():
            return begun(fact)
        case SurveyAnswered():
            return replace(survey, answered=survey.answered | {fact.enterprise_id})
        case SurveyClosed():
            return replace(survey, open=False)
    raise TypeError(f"{fact.type} says nothing about a survey")
