"""Surveys as they are told over HTTP."""

from datetime import date

from pydantic import BaseModel

from contracts.order_intake import Need
from contracts.values import EnterpriseId, OrderId, OrderNumber, ProgrammeCode, SurveyId
from order_intake.orders.rules import Order
from order_intake.surveys.commands import Answered, CountedSurvey, OneRound


class NewSurveyView(BaseModel):
    """The round that was opened."""

    survey_id: SurveyId


class NewAnswerView(BaseModel):
    """The order that the answer became, if it did."""

    order_id: OrderId | None = None
    number: OrderNumber | None = None

    @classmethod
    def of(cls, order: Order | None) -> "NewAnswerView":
        """Of this order."""
        return cls(order_id=order.id, number=order.number) if order else cls()


class AnswerView(BaseModel):
    """What an enterprise said, and what became of it."""

    enterprise_id: EnterpriseId
    person_times: int
    needs: tuple[Need, ...]
    answered_on: date
    corrected_on: date | None
    order_id: OrderId | None
    order_number: OrderNumber | None
    order_state: str | None
    noted_by_union: bool
    """The union wrote it down: the enterprise cannot take it back."""
    known: str
    """Tells this answer from a later one of the same enterprise; a sheet of answers carries it."""

    @classmethod
    def of(cls, one: Answered) -> "AnswerView":
        """Of this answer."""
        return cls(
            enterprise_id=one.answer.enterprise_id,
            person_times=one.answer.person_times,
            needs=one.answer.needs,
            answered_on=one.answer.answered_on,
            corrected_on=one.answer.corrected_on,
            order_id=one.answer.order_id,
            order_number=one.order.number if one.order else None,
            order_state=one.order.state.value if one.order else None,
            noted_by_union=one.answer.noted_by_union,
            known=one.answer.mark,
        )


class OneSurveyView(BaseModel):
    """A round with all its answers."""

    survey: CountedSurvey
    answers: list[AnswerView]

    @classmethod
    def of(cls, one: OneRound) -> "OneSurveyView":
        """Of this round."""
        return cls(survey=one.survey, answers=[AnswerView.of(answer) for answer in one.answers])


class OwnSurveyView(BaseModel):
    """A round as an enterprise sees it: with its own answer, and nobody else's."""

    survey_id: SurveyId
    programme: ProgrammeCode
    round: int
    open: bool
    opened_on: date
    closes_on: date | None
    reminded: bool
    """The union reminded, and there is no answer yet."""
    answer: AnswerView | None

    @classmethod
    def of(cls, one: OneRound) -> "OwnSurveyView":
        """Of this round."""
        answer = AnswerView.of(one.answers[0]) if one.answers else None
        return cls(
            survey_id=one.survey.survey_id,
            programme=one.survey.programme,
            round=one.survey.round,
            open=one.survey.open,
            opened_on=one.survey.opened_on,
            closes_on=one.survey.closes_on,
            reminded=one.survey.reminded_on is not None and answer is None,
            answer=answer,
        )
