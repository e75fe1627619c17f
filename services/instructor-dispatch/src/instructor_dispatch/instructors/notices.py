"""Of which qualifications it was said that they end, and when somebody is looked at again for it."""

from sqlalchemy import Boolean, Column, Date, String, Table, Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from contracts.instructor_dispatch import QualificationExpired, QualificationFact
from contracts.values import PersonId, Qualification
from instructor_dispatch.instructors import ending
from instructor_dispatch.instructors.ending import Said, Terms
from instructor_dispatch.instructors.rules import Person
from instructor_dispatch.metadata import metadata
from servicekit.clock import now, today
from servicekit.db import Cause, Position, Tx
from servicekit.timers import drop_deadline, set_deadline
from staffing.moments import at
from staffing.rulebook import Rulebook

ENDS = "person.qualifications"

notice = Table(
    "qualification_notice",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("occupation", String(10), primary_key=True),
    Column("level", String(12), primary_key=True),
    Column("assessor", Boolean, primary_key=True),
    Column("valid_until", Date, primary_key=True),
    Column("over", Boolean, primary_key=True),
)
ADD = insert(notice).on_conflict_do_nothing()
OF_PERSON = select(notice).where(notice.c.person_id == bindparam("person_id"))


async def said_of(tx: Tx, person_id: PersonId) -> list[Said]:
    """What was said of the person's qualifications."""
    rows = (await tx.execute(OF_PERSON, {"person_id": person_id})).all()
    return [
        (
            Qualification(
                occupation=row.occupation, level=row.level, assessor=row.assessor, valid_until=row.valid_until
            ),
            row.over,
        )
        for row in rows
    ]


async def keep(tx: Tx, fact: QualificationFact) -> None:
    """It was said, and is not said again."""
    row = fact.held.model_dump() | {
        "person_id": fact.person_id,
        "over": isinstance(fact, QualificationExpired),
    }
    await tx.execute(ADD, row)


async def look_when_something_ends(tx: Tx, person: Person, *, because: Cause | Position | None) -> None:
    """The person, who is held, is looked at again when a qualification needs it; if none does, no more."""
    book: Rulebook = tx.known
    said = await said_of(tx, person.person_id)
    day = await today(tx)
    due = ending.look_again_on(person, said, day, Terms.of(book), book.ladder)
    if due is None:
        await drop_deadline(tx, ENDS, person.person_id)
        return
    moment = await now(tx) if due <= day else book.clock.instant(at(due))
    await set_deadline(tx, ENDS, key=person.person_id, subject=person.person_id, due=moment, because=because)
