"""Figures of examinations (`evaluation` in `rules/rules.yaml`): who is admitted, what a batch needs, what follows it.

Those that differ from place to place and change with the years begin on a day; a row of an occupation counts before
one of all, whenever it began.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Protocol, TypeVar

from pydantic import Field, model_validator

from contracts.programme_certificates import NumberRules
from contracts.programme_dated import begun, check_each_once
from contracts.programme_tables import Confidence, Entry, Share, Source, Sourced, Whole, Words
from contracts.values import OccupationCode

Positive = Annotated[int, Field(ge=1)]


class DatedRow(Entry):
    """From a day on, with where it comes from."""

    since: date
    source: Source
    confidence: Confidence | None = None
    note: Words | None = None


class Attendance(DatedRow):
    """The share of the training that admits to the examination, of all occupations or of one."""

    occupation: OccupationCode | None = None
    share: Share


class BatchFigures(DatedRow):
    """What a batch needs, of all occupations or of one."""

    occupation: OccupationCode | None = None
    assessors: Positive
    """In the practical, at least; an odd number."""
    candidates_per_assessor: Positive
    review_panel: Positive
    """Of a level with a review, at least; an odd number."""
    candidates_per_invigilator: Positive
    invigilators_a_room: Positive
    theory_minutes: Positive
    """At least."""
    review_minutes: Positive
    """Of one candidate, at least."""

    @model_validator(mode="after")
    def _odd(self) -> "BatchFigures":
        if not (self.assessors % 2 and self.review_panel % 2):
            raise ValueError("assessors and the review panel are odd numbers, so that they can decide")
        return self


class MarksApart(DatedRow):
    """How far the marks of two people may be apart before somebody is to look why."""

    points: Annotated[Decimal, Field(ge=0, le=100)]


class Afterwards(DatedRow):
    """What follows a posted result."""

    objection_working_days: Positive
    """From an objection to its answer."""
    retake_months: Whole
    """So long only what was failed is taken again; 0 = always everything."""


class OfAnOccupation(Protocol):
    """A dated row that may be of one occupation."""

    @property
    def since(self) -> date:
        """Its first day."""

    @property
    def occupation(self) -> OccupationCode | None:
        """None = of all."""


R = TypeVar("R", bound=OfAnOccupation)
Dated = Annotated[tuple[R, ...], Field(min_length=1)]


def _of(rows: Sequence[R], occupation: OccupationCode, day: date) -> R:
    """The occupation's own row that has begun, then the one of all; before any began the first of all."""
    everybody = [each for each in rows if each.occupation is None]
    own = begun([each for each in rows if each.occupation == occupation], day)
    return own or begun(everybody, day) or min(everybody, key=lambda each: each.since)


def _check(rows: Sequence[R]) -> None:
    for occupation in {each.occupation for each in rows}:
        check_each_once([each for each in rows if each.occupation == occupation])
    if all(each.occupation is not None for each in rows):
        raise ValueError("no row is of all occupations")


class EvaluationRules(Entry):
    """Who is admitted, what a batch needs, how long results are posted. Parts and pass marks stand in `levels.csv`."""

    min_age: Sourced[Whole]
    attendance: Dated[Attendance]
    posting_working_days: Sourced[Whole]
    batch: Dated[BatchFigures]
    marks_apart: Annotated[tuple[MarksApart, ...], Field(min_length=1)]
    afterwards: Annotated[tuple[Afterwards, ...], Field(min_length=1)]
    certificate_number_regex: Sourced[Words]
    numbers: Annotated[tuple[NumberRules, ...], Field(min_length=1)]
    admission_rule_set: Sourced[Words]
    admission_rule_set_by_occupation: Mapping[OccupationCode, Sourced[Words]]

    @model_validator(mode="after")
    def _each_once(self) -> "EvaluationRules":
        _check(self.attendance)
        _check(self.batch)
        check_each_once(self.marks_apart)
        check_each_once(self.afterwards)
        check_each_once(self.numbers)
        return self

    def rule_set(self, occupation: OccupationCode) -> str:
        """Each standard keeps the admission rules of its year."""
        own = self.admission_rule_set_by_occupation.get(occupation)
        return own.value if own else self.admission_rule_set.value

    def numbering(self, day: date) -> NumberRules:
        """The figures of this day; before any began those that were first."""
        return begun(self.numbers, day) or min(self.numbers, key=lambda each: each.since)

    def attending(self, occupation: OccupationCode, day: date) -> Attendance:
        """How much of the training is asked for on this day."""
        return _of(self.attendance, occupation, day)

    def figures(self, occupation: OccupationCode, day: date) -> BatchFigures:
        """What a batch of this day needs."""
        return _of(self.batch, occupation, day)

    def apart(self, day: date) -> Decimal:
        """From more points than these on, somebody looks why two marks differ."""
        return (begun(self.marks_apart, day) or min(self.marks_apart, key=lambda each: each.since)).points

    def after(self, day: date) -> Afterwards:
        """What follows a result that is posted on this day."""
        return begun(self.afterwards, day) or min(self.afterwards, key=lambda each: each.since)
