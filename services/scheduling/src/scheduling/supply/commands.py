"""The copy is kept by reactions, and read for every draft."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from contracts.instructor_dispatch import (
    AgreementSigned,
    AssignmentAccepted,
    AssignmentFact,
    AssignmentOffered,
    AssignmentSubstituted,
    AssignmentTaken,
    Away,
    PersonFact,
)
from contracts.values import CollegeId, PersonId
from scheduling.memory import Remembered
from scheduling.planner.world import Teacher
from scheduling.supply import store
from servicekit.db import Tx
from staffing.can import Agreement, Person
from staffing.diary import Fixed, Kind, Place
from staffing.rulebook import Rulebook


async def note_person(tx: Tx, told: PersonFact, *, retired: bool = False) -> None:
    """Somebody's whole new state."""
    await store.save_person(tx, told, retired=retired)


async def note_agreement(tx: Tx, told: AgreementSigned) -> None:
    """A college sends from now on."""
    await store.save_agreement(tx, told)


async def note_agreement_ended(tx: Tx, college_id: CollegeId, ended_on: date) -> None:
    """A college's running agreement ends early."""
    await store.end_agreement(tx, college_id, ended_on)


async def note_examination(tx: Tx, fact: AssignmentFact) -> None:
    """Who assesses a batch, or assists at a session, is not free to teach then."""
    match fact:
        case AssignmentOffered():
            if fact.person_id is not None:  # an open call binds nobody
                await store.save_examination(tx, fact.assignment_id, fact.person_id, fact.slot)
        case AssignmentAccepted() | AssignmentSubstituted():
            await store.sends(tx, fact.assignment_id, fact.person_id)
        case AssignmentTaken():
            pass  # the place stays the college's: whoever is named takes its time over
        case _:
            await store.drop_examination(tx, fact.assignment_id)


async def teachers(tx: Tx, book: Rulebook) -> tuple[Teacher, ...]:
    """Everybody who is sent, with own lessons, absences and examinations."""
    assesses = await store.examinations(tx)
    return tuple(_teacher(told, assesses.get(told.person_id, ()), book) for told in await store.people(tx))


async def teachers_kept(tx: Tx, book: Rulebook, kept: Remembered[Teacher]) -> tuple[Teacher, ...]:
    """The same; whose row and examinations are as before is the same object as before."""
    assesses = await store.examinations(tx)
    versions = {id_: f"{row} {assesses.get(id_)}" for id_, row in (await store.versions(tx)).items()}

    async def load(ids: list[PersonId]) -> Mapping[PersonId, Teacher]:
        told = await store.some(tx, ids)
        return {one.person_id: _teacher(one, assesses.get(one.person_id, ()), book) for one in told}

    found = await kept.read(versions, load)
    return tuple(found[id_] for id_ in versions if id_ in found)


def _teacher(told: PersonFact, assesses: Iterable[tuple[datetime, datetime]], book: Rulebook) -> Teacher:
    examinations = (Fixed(book.clock.span(*times), Kind.ABSENCE) for times in assesses)
    return Teacher(_person(told), (*(_fixed(away, book) for away in told.away), *examinations))


async def agreements(tx: Tx) -> Mapping[CollegeId, tuple[Agreement, ...]]:
    """The agreements of each college, oldest first: the one of its day counts for a session."""
    return {
        college_id: tuple(
            Agreement(row.valid_from, row.valid_until, row.sessions_total, row.sessions_week)
            for row in signed
        )
        for college_id, signed in (await store.agreements(tx)).items()
    }


def _person(told: PersonFact) -> Person:
    return Person(
        person_id=told.person_id,
        college_id=told.college_id,
        home=told.home,
        qualifications=told.qualifications,
        most_sessions_day=told.most_sessions_day,
        most_sessions_week=told.most_sessions_week,
        avoids=frozenset(told.avoids),
        fair_load=told.fair_load,
        prefers_divisions=frozenset(told.prefers_divisions),
        prefers_units=frozenset(told.prefers_units),
        most_evenings_week=told.most_evenings_week,
    )


def _fixed(away: Away, book: Rulebook) -> Fixed:
    """Own lessons have a place, and the drive to it counts; an absence has none."""
    span = book.clock.span(away.starts_at, away.ends_at)
    if away.division is None:
        return Fixed(span, Kind.ABSENCE)
    return Fixed(span, Kind.LESSON, Place(away.division))
