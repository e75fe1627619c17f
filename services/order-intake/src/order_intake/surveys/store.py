"""Rows of surveys and their answers."""

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
    String,
    Table,
    UniqueConstraint,
    Uuid,
    bindparam,
    func,
    insert,
    select,
    update,
)

from contracts.order_intake import Need, SurveyAnswered, SurveyOpened
from contracts.refusals import NotFound
from contracts.values import OrderId, SurveyId
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
    Column("order_id", Uuid),
)
READ = select(survey).where(survey.c.id == bindparam("survey_id"))
ANSWERED = select(survey_answer.c.enterprise_id).where(survey_answer.c.survey_id == bindparam("survey_id"))
KNOWN = select(survey.c.id).where(
    survey.c.programme == bindparam("programme"), survey.c.round == bindparam("round")
)
LIST = (
    select(
        survey,
        func.count(survey_answer.c.enterprise_id).label("enterprises"),
        func.coalesce(func.sum(survey_answer.c.person_times), 0).label("person_times"),
    )
    .outerjoin(survey_answer)
    .group_by(survey.c.id)
    .order_by(survey.c.programme, survey.c.round)
)
ADD = insert(survey)
ANSWER = insert(survey_answer)
CLOSE = update(survey).where(survey.c.id == bindparam("survey_id")).values(open=False)
NEEDS = TypeAdapter(tuple[Need, ...])


@dataclass(frozen=True, slots=True)
class Counted:
    """A round with its answers counted."""

    survey_id: SurveyId
    programme: str
    round: int
    channel: str
    open: bool
    opened_on: date
    enterprises: int
    person_times: int


async def hold_round(tx: Tx, fact: SurveyOpened) -> bool:
    """Whether this round is known; nobody else can open it meanwhile."""
    await hold_subject(tx, fact.survey_id, f"survey-round/{fact.programme}/{fact.round}")
    asked = {"programme": fact.programme, "round": fact.round}
    return await tx.scalar(KNOWN, asked) is not None


async def lock(tx: Tx, survey_id: SurveyId, *with_it: object) -> Survey:
    """The survey, held to the end of the transaction, with other subjects that the command will speak of."""
    await hold_subject(tx, survey_id, *with_it)
    row = (await tx.execute(READ, {"survey_id": survey_id})).one_or_none()
    if row is None:
        raise NotFound("survey.unknown", survey_id=survey_id)
    answered = (await tx.execute(ANSWERED, {"survey_id": survey_id})).scalars()
    return Survey(row.id, row.programme, row.round, row.channel, row.open, frozenset(answered))


async def add(tx: Tx, fact: SurveyOpened) -> None:
    """A new round."""
    values: dict[str, Any] = {
        "id": fact.survey_id,
        "programme": fact.programme,
        "round": fact.round,
        "channel": fact.channel,
        "open": True,
        "opened_on": fact.opened_on,
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
            "needs": NEEDS.dump_python(fact.needs, mode="json"),
            "answered_on": fact.answered_on,
            "order_id": order_id,
        },
    )


async def close(tx: Tx, survey_id: SurveyId) -> None:
    """The round takes no more answers."""
    await tx.execute(CLOSE, {"survey_id": survey_id})


async def counted(tx: Tx) -> list[Counted]:
    """All rounds with their answers counted."""
    rows = await tx.execute(LIST)
    return [
        Counted(
            r.id, r.programme, r.round, r.channel, r.open, r.opened_on, r.enterprises, int(r.person_times)
        )
        for r in rows
    ]
