"""Rows of surveys and their answers."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    Row,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from contracts.order_intake import (
    Need,
    SurveyAnswered,
    SurveyCorrected,
    SurveyOpened,
    SurveyReminded,
    SurveyWithdrawn,
)
from contracts.refusals import NotFound
from contracts.values import EnterpriseId, OrderId, SurveyId
from order_intake.metadata import metadata
from order_intake.surveys.rules import Survey
from servicekit.db import Tx
from servicekit.facts import hold_subject

survey = Table(
    "survey",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("programme", String, nullable=False),
    Column("round", Integer, nullable=False),
    Column("channel", String, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("asked", JSON, nullable=False),
    Column("closes_on", Date),
    Column("reminded_on", Date),
    UniqueConstraint("programme", "round"),
)
survey_answer = Table(
    "survey_answer",
    metadata,
    Column("survey_id", Uuid, ForeignKey("survey.id"), primary_key=True),
    Column("enterprise_id", String, ForeignKey("enterprise.enterprise_id"), primary_key=True),
    Column("person_times", Integer, nullable=False),
    Column("needs", JSON, nullable=False),
    Column("answered_on", Date, nullable=False),
    Column("corrected_on", Date),
    Column("order_id", Uuid),
    Column("noted_by_union", Boolean, nullable=False),
)
OF_ANSWER = (
    survey_answer.c.survey_id == bindparam("of_survey"),
    survey_answer.c.enterprise_id == bindparam("of_enterprise"),
)
READ = select(survey).where(survey.c.id == bindparam("survey_id"))
ANSWERED = select(survey_answer.c.enterprise_id, survey_answer.c.noted_by_union).where(
    survey_answer.c.survey_id == bindparam("survey_id")
)
ANSWERS = (
    select(survey_answer)
    .where(
        survey_answer.c.survey_id == bindparam("survey_id"),
        or_(
            bindparam("of", type_=String).is_(None),
            survey_answer.c.enterprise_id == bindparam("of", type_=String),
        ),
    )
    .order_by(survey_answer.c.enterprise_id)
)
KNOWN = select(survey.c.id).where(
    survey.c.programme == bindparam("programme"), survey.c.round == bindparam("round")
)
COUNTED = (
    select(
        survey,
        func.count(survey_answer.c.enterprise_id).label("enterprises"),
        func.coalesce(func.sum(survey_answer.c.person_times), 0).label("person_times"),
        func.count(survey_answer.c.order_id).label("drafted"),
    )
    .outerjoin(survey_answer)
    .group_by(survey.c.id)
)
LIST = COUNTED.order_by(survey.c.programme, survey.c.round)
ONE = COUNTED.where(survey.c.id == bindparam("survey_id"))
ADD = insert(survey)
ANSWER = insert(survey_answer)
CORRECT = update(survey_answer).where(*OF_ANSWER)
WITHDRAW = delete(survey_answer).where(*OF_ANSWER)
GONE = update(survey_answer).where(survey_answer.c.order_id == bindparam("gone")).values(order_id=None)
CLOSE = update(survey).where(survey.c.id == bindparam("survey_id")).values(open=False)
REMIND = update(survey).where(survey.c.id == bindparam("of_survey"))
NEEDS = TypeAdapter(tuple[Need, ...])


@dataclass(frozen=True, slots=True)
class CountedSurvey:
    """A round with its answers counted."""

    survey_id: SurveyId
    programme: str
    round: int
    channel: str
    open: bool
    opened_on: date
    closes_on: date | None
    """Last day on which enterprises answer themselves."""
    reminded_on: date | None
    asked: tuple[EnterpriseId, ...]
    """Who is asked; none = every enterprise."""
    enterprises: int
    """Who has answered."""
    person_times: int
    drafted: int
    """Answers that became a draft order."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an enterprise said."""

    enterprise_id: EnterpriseId
    person_times: int
    needs: tuple[Need, ...]
    answered_on: date
    corrected_on: date | None
    order_id: OrderId | None
    noted_by_union: bool

    @property
    def mark(self) -> str:
        """Tells this answer from one that was said or corrected later."""
        said = [self.corrected_on, *(need.model_dump(mode="json") for need in self.needs)]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


async def hold_round(tx: Tx, fact: SurveyOpened) -> bool:
    """Whether this round is known; nobody else can open it meanwhile."""
    await hold_subject(tx, fact.survey_id, f"survey-round/{fact.programme}/{fact.round}")
    asked = {"programme": fact.programme, "round": fact.round}
    return await tx.scalar(KNOWN, asked) is not None


async def lock(tx: Tx, survey_id: SurveyId, *with_it: object) -> Survey:
    """The survey, held to the end of the transaction, with other subjects that the command will speak of."""
    await hold_subject(tx, survey_id, *with_it)
    return await read(tx, survey_id)


async def read(tx: Tx, survey_id: SurveyId) -> Survey:
    """The survey; `survey.unknown`."""
    row = (await tx.execute(READ, {"survey_id": survey_id})).one_or_none()
    if row is None:
        raise NotFound("survey.unknown", survey_id=survey_id)
    answered = (await tx.execute(ANSWERED, {"survey_id": survey_id})).all()
    return Survey(
        row.id,
        row.programme,
        row.round,
        row.channel,
        row.open,
        frozenset(each.enterprise_id for each in answered),
        frozenset(each.enterprise_id for each in answered if each.noted_by_union),
        tuple(row.asked),
        row.closes_on,
        row.reminded_on,
    )


async def answers(tx: Tx, survey_id: SurveyId, *, of: EnterpriseId | None = None) -> list[Answer]:
    """The answers of a round by enterprise; one enterprise's only."""
    return [_answer(row) for row in await tx.execute(ANSWERS, {"survey_id": survey_id, "of": of})]


async def add(tx: Tx, fact: SurveyOpened) -> None:
    """A new round."""
    values: dict[str, Any] = {
        "id": fact.survey_id,
        "programme": fact.programme,
        "round": fact.round,
        "channel": fact.channel,
        "open": True,
        "opened_on": fact.opened_on,
        "asked": list(fact.enterprises),
        "closes_on": fact.closes_on,
        "reminded_on": None,
    }
    await tx.execute(ADD, values)


async def add_answer(tx: Tx, fact: SurveyAnswered, order_id: OrderId | None) -> None:
    """An enterprise's answer, and the order it became."""
    await tx.execute(
        ANSWER,
        {
            "survey_id": fact.survey_id,
            "enterprise_id": fact.enterprise_id,
            "person_times": fact.person_times,
            "needs": _stored(fact.needs),
            "answered_on": fact.answered_on,
            "corrected_on": None,
            "order_id": order_id,
            "noted_by_union": fact.noted_by_union,
        },
    )


async def correct(tx: Tx, fact: SurveyCorrected) -> None:
    """The needs as they are now."""
    changed = {"needs": _stored(fact.needs), "corrected_on": fact.corrected_on}
    await _change_answer(tx, fact.survey_id, fact.enterprise_id, changed)


async def withdraw(tx: Tx, fact: SurveyWithdrawn) -> None:
    """The answer is none any more."""
    await tx.execute(WITHDRAW, {"of_survey": fact.survey_id, "of_enterprise": fact.enterprise_id})


async def became(tx: Tx, survey_id: SurveyId, enterprise_id: EnterpriseId, order_id: OrderId) -> None:
    """The answer became this order."""
    await _change_answer(tx, survey_id, enterprise_id, {"order_id": order_id})


async def order_gone(tx: Tx, order_id: OrderId) -> None:
    """The draft that an answer became is deleted: the answer can become another."""
    await tx.execute(GONE, {"gone": order_id})


async def remind(tx: Tx, fact: SurveyReminded) -> None:
    """The day of the last reminder."""
    await tx.execute(
        REMIND.values(reminded_on=bindparam("day")), {"of_survey": fact.survey_id, "day": fact.reminded_on}
    )


async def close(tx: Tx, survey_id: SurveyId) -> None:
    """The round takes no more answers."""
    await tx.execute(CLOSE, {"survey_id": survey_id})


async def counted(tx: Tx) -> list[CountedSurvey]:
    """All rounds with their answers counted."""
    return [_counted(row) for row in await tx.execute(LIST)]


async def counted_one(tx: Tx, survey_id: SurveyId) -> CountedSurvey:
    """The round with its answers counted; `survey.unknown`."""
    row = (await tx.execute(ONE, {"survey_id": survey_id})).one_or_none()
    if row is None:
        raise NotFound("survey.unknown", survey_id=survey_id)
    return _counted(row)


async def _change_answer(
    tx: Tx, survey_id: SurveyId, enterprise_id: EnterpriseId, changed: dict[str, Any]
) -> None:
    await tx.execute(CORRECT.values(**changed), {"of_survey": survey_id, "of_enterprise": enterprise_id})


def _stored(needs: Iterable[Need]) -> Any:
    return NEEDS.dump_python(tuple(needs), mode="json")


def _answer(row: Row[Any]) -> Answer:
    return Answer(
        row.enterprise_id,
        row.person_times,
        NEEDS.validate_python(row.needs),
        row.answered_on,
        row.corrected_on,
        row.order_id,
        row.noted_by_union,
    )


def _counted(row: Row[Any]) -> CountedSurvey:
    return CountedSurvey(
        row.id,
        row.programme,
        row.round,
        row.channel,
        row.open,
        row.opened_on,
        row.closes_on,
        row.reminded_on,
        tuple(row.asked),
        row.enterprises,
        int(row.person_times),
        row.drafted,
    )
