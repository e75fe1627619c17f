"""What is told of answers: what a link asks, how sessions were, who is asked later."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import BaseModel

from contracts.programme_aftercare import Question
from contracts.programme_tables import Wording
from contracts.sentences import sentences_of
from contracts.values import (
    Code,
    DivisionCode,
    EnterpriseId,
    LevelCode,
    OccupationCode,
    OrderId,
    OrderNumber,
    ProgrammeCode,
    SessionId,
    Slot,
    WorkerId,
)
from evaluation.aftercare import commands
from evaluation.aftercare.commands import Asked, Told
from evaluation.aftercare.rules import SCORES, Followup
from evaluation.orders import commands as orders
from servicekit.db import Tx
from staffing.counting import person_times


class ChoiceView(BaseModel):
    """An answer to choose."""

    code: str
    words: Wording | None = None


class QuestionView(BaseModel):
    """A question with its choices."""

    code: Code
    words: Wording
    choices: list[ChoiceView]


class AskedView(BaseModel):
    """What a link asks: how a session was, or how somebody fares; `reason` = why it cannot be answered now."""

    kind: Literal["session", "later"]
    name: str
    questions: list[QuestionView]
    answered: Mapping[str, str] | None = None
    occupation: OccupationCode | None = None
    enterprise_id: EnterpriseId | None = None
    slot: Slot | None = None
    months: int | None = None
    reason: str | None = None
    sentences: Mapping[str, str] = {}

    @classmethod
    def of(cls, asked: Asked, name: str) -> "AskedView":
        """What somebody sees who has the link."""
        session, against = asked.session, asked.against
        return cls(
            kind=asked.link.kind,
            name=name,
            questions=_questions(asked),
            answered=asked.answered,
            occupation=session.occupation if session else None,
            enterprise_id=session.enterprise_id if session else None,
            slot=session.slot if session else None,
            months=asked.link.months or None,
            reason=against.code if against else None,
            sentences=sentences_of(against.code, against.parameters) if against else {},
        )


class ToldView(BaseModel):
    """A session, how many were there and have answered, and the sum of each question's scores."""

    session_id: SessionId
    order_id: OrderId
    programme: ProgrammeCode
    number: OrderNumber
    enterprise_id: EnterpriseId
    division: DivisionCode
    occupation: OccupationCode
    level: LevelCode
    day: date
    present: int
    answers: int
    sums: Mapping[str, int]
    least: int
    """Of fewer answers nothing is shown, of a session or of several together."""


class RoundView(BaseModel):
    """An order's people of one enterprise, so many months later: how many are asked and have answered."""

    order_id: OrderId
    number: OrderNumber
    programme: ProgrammeCode
    enterprise_id: EnterpriseId
    months: int
    due_on: date
    answers_by: date
    due: int
    answered: int
    overdue: int
    reminded_on: date | None
    answers: Mapping[str, Mapping[str, int]]
    """How often each answer was given, by question."""


class FollowupView(BaseModel):
    """One worker who is asked."""

    worker_id: WorkerId
    name: str
    enterprise_id: EnterpriseId
    months: int
    due_on: date
    answers_by: date
    answers: Mapping[str, str] | None
    answered_by: str | None
    answered_on: date | None
    overdue: bool
    link: str


class FollowupsView(BaseModel):
    """An order's people and questions."""

    order_id: OrderId
    number: OrderNumber
    questions: list[QuestionView]
    people: list[FollowupView]


async def told_view(tx: Tx, told: Told) -> ToldView:
    session = told.session
    order = await orders.known(tx, session.order_id)
    return ToldView(
        session_id=session.session_id, order_id=session.order_id, programme=order.programme, number=order.number,
        enterprise_id=session.enterprise_id, division=session.division, occupation=session.occupation,
        level=session.level, day=session.slot.day, present=person_times(session), answers=told.answers,
        sums=told.sums, least=commands.least_of(tx, order.programme),
    )  # fmt: skip


async def round_view(tx: Tx, rows: list[Followup], day: date) -> RoundView:
    first = rows[0]
    order = await orders.known(tx, first.order_id)
    counted: dict[str, dict[str, int]] = {}
    for each in rows:
        for question, answer in (each.answers or {}).items():
            of = counted.setdefault(question, {})
            of[answer] = of.get(answer, 0) + 1
    return RoundView(
        order_id=first.order_id, number=order.number, programme=order.programme,
        enterprise_id=first.enterprise_id, months=first.months, due_on=first.due_on, answers_by=first.answers_by,
        due=len(rows), answered=sum(each.answers is not None for each in rows),
        overdue=sum(each.overdue(day) for each in rows),
        reminded_on=max((each.reminded_on for each in rows if each.reminded_on), default=None), answers=counted,
    )  # fmt: skip


def _questions(asked: Asked) -> list[QuestionView]:
    if asked.followup:
        return questions_view(asked.followup.questions)
    told = asked.satisfaction.questions if asked.satisfaction else {}
    scores = [ChoiceView(code=each) for each in SCORES]
    return [QuestionView(code=code, words=words, choices=scores) for code, words in told.items()]


def questions_view(questions: Mapping[str, Question]) -> list[QuestionView]:
    return [
        QuestionView(
            code=code,
            words=Wording(zh=one.zh, en=one.en),
            choices=[ChoiceView(code=answer, words=words) for answer, words in one.answers.items()],
        )
        for code, one in questions.items()
    ]
