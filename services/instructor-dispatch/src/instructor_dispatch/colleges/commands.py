"""What is done about colleges. Other nouns read colleges through here."""

from collections.abc import Collection
from datetime import date

from contracts.instructor_dispatch import (
    AgreementEnded,
    AgreementSigned,
    CollegeChanged,
    CollegeFact,
    CollegeJoined,
)
from contracts.refusals import Refused
from contracts.values import CollegeId
from instructor_dispatch.colleges import rules, store
from instructor_dispatch.colleges.rules import College
from servicekit.db import Position, Tx
from servicekit.facts import record
from servicekit.identity import Actor
from staffing.diary import Place
from staffing.rulebook import Rulebook


async def join(tx: Tx, joined: CollegeJoined, *, by: Actor) -> None:
    """A college becomes a partner; told again, it is changed."""
    book: Rulebook = tx.known
    book.travel.minutes(Place(joined.division), Place(joined.division))  # a county that nobody can drive to
    known = await store.hold_if_there(tx, joined.college_id)
    fact: CollegeFact = joined if known is None else CollegeChanged.model_validate(joined.model_dump())
    after = rules.evolve(known, fact)
    if after == known:
        return
    await store.save(tx, after)
    await record(tx, fact, by=by)


async def sign_agreement(tx: Tx, signed: AgreementSigned, *, by: Actor) -> Position:
    """Federation and college agree on how much the college sends (签合作框架协议)."""
    college = await store.lock(tx, signed.college_id)
    fact = rules.sign(college, signed)
    await store.save(tx, rules.evolve(college, fact))
    return await record(tx, fact, by=by)


async def end_agreement(tx: Tx, college_id: CollegeId, on: date, *, by: Actor) -> None:
    """The agreement that holds on this day ends with it; what is promised stays promised."""
    college = await store.lock(tx, college_id)
    if college.agreement_on(on) is None:
        raise Refused("agreement.none", college_id=college_id, day=str(on))
    fact = AgreementEnded(college_id=college_id, ended_on=on)
    await store.save(tx, rules.evolve(college, fact))
    await record(tx, fact, by=by)


async def known(tx: Tx, college_id: CollegeId) -> College:
    """The college, held to the end of the transaction; `college.unknown`."""
    return await store.lock(tx, college_id)


async def colleges(tx: Tx, ids: Collection[CollegeId] | None = None) -> list[College]:
    """These colleges with their agreements, or all."""
    return await store.read(tx, ids)
