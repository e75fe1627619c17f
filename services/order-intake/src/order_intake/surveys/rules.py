"""Surveys: rounds of asking enterprises what they need. An answer can become a draft order in one step."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from contracts.order_intake import (
    Need,
    SurveyAnswered,
    SurveyClosed,
    SurveyCorrected,
    SurveyFact,
    SurveyOpened,
    SurveyReminded,
    SurveyWithdrawn,
)
from contracts.refusals import Conflict, Invalid, NotFound, Refused
from contracts.values import EnterpriseId, ProgrammeCode, SurveyId

MOST_NEEDS = 50
"""Most needs of one answer."""


@dataclass(frozen=True, slots=True)
class Survey:
    """One round, and who has answered it."""

    id: SurveyId
    programme: ProgrammeCode
    round: int
    channel: str
    open: bool = True
    answered: frozenset[EnterpriseId] = frozenset()
    noted: frozenset[EnterpriseId] = frozenset()
    """Of those, whose answer the union wrote down."""
    asked: tuple[EnterpriseId, ...] = ()
    """Who is asked; none = every enterprise."""
    closes_on: date | None = None
    reminded_on: date | None = None

    @property
    def silent(self) -> tuple[EnterpriseId, ...]:
        """Who is asked by name and has not answered."""
        return tuple(each for each in self.asked if each not in self.answered)

    def asks(self, enterprise_id: EnterpriseId) -> bool:
        """Whether this enterprise is asked."""
        return not self.asked or enterprise_id in self.asked


@dataclass(frozen=True, slots=True)
class Codes:
    """What a need can name, and by which ways a round asks: rule data, not code."""

    levels_of: Mapping[str, Collection[str]]
    """Levels by occupation."""
    problems: Collection[str]
    shift_patterns: Collection[str]
    channels: Collection[str]


def open_survey(
    wanted: SurveyOpened,
    codes: Codes,
    *,
    known: bool,
    enterprises: Collection[EnterpriseId] = (),
    today: date,
) -> SurveyOpened:
    """A round of a programme is opened once, for enterprises that are known, and not until yesterday."""
    if known:
        raise Conflict("survey.round_known", field="round", programme=wanted.programme, round=wanted.round)
    if wanted.channel not in codes.channels:
        raise Invalid("survey.channel_unknown", field="channel", channel=wanted.channel)
    if wanted.closes_on is not None and wanted.closes_on < today:
        raise Invalid("survey.closes_in_the_past", field="closes_on", closes_on=wanted.closes_on, today=today)
    for at, each in enumerate(wanted.enterprises):
        if each not in enterprises:
            raise Invalid("survey.enterprise_unknown", field=f"enterprises.{at}", enterprise_id=each)
    return wanted


def answer(
    survey: Survey,
    enterprise_id: EnterpriseId,
    codes: Codes,
    *,
    person_times: int,
    needs: Sequence[Need],
    today: date,
    by_union: bool,
) -> SurveyAnswered:
    """An enterprise answers an open round once; after the last day the union still notes what it heard."""
    _takes_answers(survey, enterprise_id, today, by_union=by_union)
    if enterprise_id in survey.answered:
        raise Conflict("survey.answered", enterprise_id=enterprise_id)
    check_needs(needs, codes)
    return SurveyAnswered(
        survey_id=survey.id,
        enterprise_id=enterprise_id,
        person_times=person_times,
        needs=tuple(needs),
        answered_on=today,
        noted_by_union=by_union,
    )


def correct(
    survey: Survey,
    enterprise_id: EnterpriseId,
    codes: Codes,
    *,
    needs: Sequence[Need],
    today: date,
    by_union: bool,
) -> SurveyCorrected:
    """An answer is mended until the round takes no more; a draft order that it became stays as it is."""
    _takes_answers(survey, enterprise_id, today, by_union=by_union)
    if enterprise_id not in survey.answered:
        raise NotFound("survey.not_answered", enterprise_id=enterprise_id)
    check_needs(needs, codes)
    return SurveyCorrected(
        survey_id=survey.id, enterprise_id=enterprise_id, needs=tuple(needs), corrected_on=today
    )


def withdraw(
    survey: Survey, enterprise_id: EnterpriseId, *, person_times: int, today: date
) -> SurveyWithdrawn:
    """An enterprise takes its answer back as long as it could correct it; an order that it became stays as it is.

    What the union noted is its count of a visit, a seminar or a form on paper, which there was:
    `survey.noted_by_union`.
    """
    _takes_answers(survey, enterprise_id, today, by_union=False)
    if enterprise_id not in survey.answered:
        raise NotFound("survey.not_answered", enterprise_id=enterprise_id)
    if enterprise_id in survey.noted:
        raise Refused("survey.noted_by_union")
    return SurveyWithdrawn(
        survey_id=survey.id, enterprise_id=enterprise_id, person_times=person_times, withdrawn_on=today
    )


def check_needs(needs: Sequence[Need], codes: Codes) -> None:
    """Every code of a need is one of the rule data."""
    for at, need in enumerate(needs):
        levels = codes.levels_of.get(need.occupation)
        if levels is None:
            raise Invalid(
                "survey.occupation_unknown", field=f"needs.{at}.occupation", occupation=need.occupation
            )
        if need.level is not None and need.level not in levels:
            raise Invalid(
                "survey.level_unknown",
                field=f"needs.{at}.level",
                occupation=need.occupation,
                level=need.level,
            )
        if need.problem is not None and need.problem not in codes.problems:
            raise Invalid("survey.problem_unknown", field=f"needs.{at}.problem", problem=need.problem)
        if need.shift_pattern is not None and need.shift_pattern not in codes.shift_patterns:
            raise Invalid(
                "survey.shift_pattern_unknown",
                field=f"needs.{at}.shift_pattern",
                shift_pattern=need.shift_pattern,
            )


def remind(survey: Survey, *, today: date) -> SurveyReminded:
    """Whoever was asked by name and is silent hears it once more, at most once a day."""
    if not survey.open:
        raise Refused("survey.closed")
    if not survey.silent:
        raise Refused("survey.all_answered")
    if survey.reminded_on == today:
        raise Refused("survey.reminded_today")
    return SurveyReminded(survey_id=survey.id, enterprises=survey.silent, reminded_on=today)


def to_order(
    survey: Survey,
    enterprise_id: EnterpriseId,
    needs: Sequence[Need],
    services: Collection[str],
    *,
    drafted: bool,
) -> tuple[Need, ...]:
    """Of an answer what can be ordered in the programme, once; after the round is over too."""
    if enterprise_id not in survey.answered:
        raise NotFound("survey.not_answered", enterprise_id=enterprise_id)
    if drafted:
        raise Conflict("survey.drafted")
    offered = tuple(need for need in needs if need.service in services)
    if not offered:
        raise Invalid("survey.nothing_offered")
    return offered


def close(survey: Survey, *, today: date) -> SurveyClosed:
    """The round is over, once."""
    if not survey.open:
        raise Refused("survey.closed")
    return SurveyClosed(survey_id=survey.id, closed_on=today)


def _takes_answers(survey: Survey, enterprise_id: EnterpriseId, today: date, *, by_union: bool) -> None:
    if not survey.open:
        raise Refused("survey.closed")
    if survey.closes_on is not None and today > survey.closes_on and not by_union:
        raise Refused("survey.over", closes_on=survey.closes_on)
    if not survey.asks(enterprise_id):
        raise Refused("survey.not_asked", enterprise_id=enterprise_id)


def begun(fact: SurveyOpened) -> Survey:
    """The round as it begins."""
    return Survey(
        fact.survey_id,
        fact.programme,
        fact.round,
        fact.channel,
        asked=fact.enterprises,
        closes_on=fact.closes_on,
    )


def evolve(survey: Survey, fact: SurveyFact) -> Survey:
    """The round after the fact, for every fact of a survey."""
    match fact:
        case SurveyOpened():
            return begun(fact)
        case SurveyAnswered():
            noted = survey.noted | {fact.enterprise_id} if fact.noted_by_union else survey.noted
            return replace(survey, answered=survey.answered | {fact.enterprise_id}, noted=noted)
        case SurveyCorrected():
            return survey
        case SurveyWithdrawn():
            gone = {fact.enterprise_id}
            return replace(survey, answered=survey.answered - gone, noted=survey.noted - gone)
        case SurveyReminded():
            return replace(survey, reminded_on=fact.reminded_on)
        case SurveyClosed():
            return replace(survey, open=False)
    raise TypeError(f"{fact.type} says nothing about a survey")
