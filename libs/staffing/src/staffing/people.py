"""Who may teach, who may assess. Answers are reasons against; none = yes."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from contracts.programme import Programmes
from contracts.programme_evaluation import BatchFigures
from contracts.refusals import Invalid
from contracts.values import (
    LevelCode,
    Needs,
    PersonId,
    Qualification,
    Reason,
    because,
)


class Ladder:
    """The levels by rank: apprentice 0, L5 1 … L1 5, special, chief."""

    def __init__(self, ranks: Mapping[LevelCode, int]) -> None:
        self._ranks = dict(ranks)

    @classmethod
    def of(cls, programmes: Programmes) -> "Ladder":
        """From `rules/levels.csv`."""
        return cls({level.id: level.rank for level in programmes.levels.values()})

    def rank(self, level: LevelCode) -> int:
        """`Invalid` for a level that the programme does not know."""
        try:
            return self._ranks[level]
        except KeyError:
            raise Invalid("level.unknown", level=level) from None

    def reaches(self, held: LevelCode, needed: LevelCode) -> bool:
        """Whether the held level is the needed one or above."""
        return self.rank(held) >= self.rank(needed)


def includes(other: Qualification, held: Qualification, ladder: Ladder) -> bool:
    """Whether one qualification is good for all that another is good for, and for longer: one level includes
    those below it, an assessor's card the teaching.
    """
    if other.occupation != held.occupation or not ladder.reaches(other.level, held.level):
        return False
    if held.assessor and not other.assessor:
        return False
    if held.valid_until is None:
        return other.valid_until is None and other != held
    return other.valid_until is None or other.valid_until > held.valid_until


def reasons_against_teaching(
    qualifications: Iterable[Qualification], needs: Needs, on: date, ladder: Ladder
) -> tuple[Reason, ...]:
    """Teaching needs the occupation at the needed level or above, valid on the day."""
    own = [q for q in qualifications if q.occupation == needs.occupation]
    if not own:
        return (because("qualification.missing", occupation=needs.occupation, level=needs.level),)
    high = [q for q in own if ladder.reaches(q.level, needs.level)]
    if not high:
        valid = [q for q in own if q.valid_until is None or q.valid_until >= on]
        best = max((q.level for q in valid or own), key=ladder.rank)
        too_low = because("qualification.too_low", held=best, level=needs.level)
        if valid:
            return (too_low,)
        return (
            too_low,
            because("qualification.expired", until=max(q.valid_until for q in own if q.valid_until)),
        )
    if not any(q.valid_until is None or q.valid_until >= on for q in high):
        last = max(q.valid_until for q in high if q.valid_until is not None)
        return (because("qualification.expired", until=last),)
    return ()


def reasons_against_assessing(
    person_id: PersonId,
    qualifications: Iterable[Qualification],
    needs: Needs,
    on: date,
    ladder: Ladder,
    *,
    taught_by: Collection[PersonId] = (),
) -> tuple[Reason, ...]:
    """An assessor holds an assessor's card for the occupation and level and has taught none of the candidates.

    `taught_by` is everybody who taught the candidates' cohorts: training and examination are separate.
    """
    reasons: tuple[Reason, ...] = ()
    if person_id in taught_by:
        reasons = (because("assessor.taught_cohort"),)
    cards = [q for q in qualifications if q.assessor]
    if not any(q.occupation == needs.occupation for q in cards):
        return (*reasons, because("assessor.no_card", occupation=needs.occupation))
    return reasons + reasons_against_teaching(cards, needs, on, ladder)


def assessors_for(candidates: int, figures: BatchFigures) -> tuple[int, int]:
    """How many assessors the practical needs, and in how many groups one after another it is then held."""
    together = figures.assessors * figures.candidates_per_assessor
    return figures.assessors, max(1, -(-candidates // together))
