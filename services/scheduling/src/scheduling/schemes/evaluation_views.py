"""The evaluation of a version as it is shown: what is agreed, and whether enough assessors can be found today."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date

from pydantic import BaseModel

from contracts.values import (
    DivisionCode,
    EnterpriseId,
    LevelCode,
    Needs,
    OccupationCode,
    Part,
    PersonId,
    Reason,
    because,
)
from scheduling.known import known
from scheduling.planner.world import Draft, EvaluationPlan, Teacher
from scheduling.schemes.store import Version
from scheduling.supply import commands as supply
from servicekit.db import Tx
from staffing.people import Ladder, reasons_against_assessing


class EvaluationView(BaseModel):
    """What is planned for a line that asks for an evaluation."""

    line: int
    occupation: OccupationCode
    level: LevelCode
    parts: tuple[Part, ...]
    """None: nobody is examined at this level."""
    candidates: int
    assessors: int
    """How many the practical needs."""
    groups: int
    """One after another, as many as so few assessors can see."""
    earliest: date
    latest: date
    division: DivisionCode
    enterprise_id: EnterpriseId
    assessors_free: int
    """Who holds the card on the earliest day and teaches none of the candidates; not agreed, as it stands today."""
    reasons: tuple[Reason, ...]
    """What stands against it; none = nothing does."""


async def evaluations_of(tx: Tx, version: Version | None) -> tuple[EvaluationView, ...]:
    """Of this version; none of one that was made before evaluations were planned."""
    if version is None or not version.draft.evaluation:
        return ()
    book = known(tx).book
    teachers = await supply.teachers(tx, book)
    return tuple(view_of(plan, version.draft, teachers, book.ladder) for plan in version.draft.evaluation)


def view_of(
    plan: EvaluationPlan, draft: Draft, teachers: Sequence[Teacher], ladder: Ladder
) -> EvaluationView:
    """The plan, with whoever could assess it."""
    free, barred = _assessors(plan, taught_by(plan, draft), teachers, ladder)
    reasons: list[Reason] = []
    if not plan.parts:
        reasons.append(because("evaluation.level_not_examined", level=plan.level))
    elif free < plan.assessors:
        reasons.append(because("evaluation.too_few_assessors", free=free, needed=plan.assessors))
        reasons += [
            because("others.barred", rule=rule, people=count) for rule, count in sorted(barred.items())
        ]
    return EvaluationView(
        line=plan.line,
        occupation=plan.occupation,
        level=plan.level,
        parts=plan.parts,
        candidates=plan.candidates,
        assessors=plan.assessors,
        groups=plan.groups,
        earliest=plan.earliest,
        latest=plan.latest,
        division=plan.division,
        enterprise_id=plan.enterprise_id,
        assessors_free=free,
        reasons=tuple(reasons),
    )


def taught_by(plan: EvaluationPlan, draft: Draft) -> frozenset[PersonId]:
    """Whoever is proposed to teach sessions of the plan's own occupation: training and examination are separate."""
    return frozenset(
        placed.person_id
        for placed in draft.placed
        if placed.person_id is not None and placed.session.needs.occupation == plan.occupation
    )


def _assessors(
    plan: EvaluationPlan, taught: Collection[PersonId], teachers: Sequence[Teacher], ladder: Ladder
) -> tuple[int, Counter[str]]:
    """How many may assess, and how many of the card's holders each rule bars."""
    needs, free, barred = Needs(occupation=plan.occupation, level=plan.level), 0, Counter[str]()
    for teacher in teachers:
        person = teacher.person
        against = reasons_against_assessing(
            person.person_id, person.qualifications, needs, plan.earliest, ladder, taught_by=taught
        )
        free += not against
        if against and not any(reason.code == "assessor.no_card" for reason in against):
            barred[against[0].code] += 1
    return free, barred
