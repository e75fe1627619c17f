"""The evaluation that a scheme plans, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel

from portal.desks.signed import ReasonSeen
from portal.web.names import Names


class EvaluationSeen(BaseModel):
    """What is planned for a line that asks for an evaluation."""

    occupation: str
    level: str
    parts: list[str]
    candidates: int
    assessors: int
    groups: int
    earliest: date
    latest: date
    division: str
    assessors_free: int
    reasons: list[ReasonSeen]


@dataclass(frozen=True)
class EvaluationRow:
    """What, when and where, and whether enough assessors can be found."""

    what: str
    when: str
    assessors: tuple[str, ...]
    short: bool
    """Something stands against it."""


def examined_only(
    evaluation: Sequence[object], cohorts: Sequence[object], sessions: Sequence[object]
) -> bool:
    """Nobody is taught by this scheme: there are no sessions, and none will come.

    A competition or an apprenticeship has no sessions either, and no evaluation.
    """
    return bool(evaluation) and not cohorts and not sessions


def evaluation_rows(planned: list[EvaluationSeen], names: Names) -> tuple[EvaluationRow, ...]:
    """A row for each."""
    return tuple(_row(one, names) for one in planned)


def _row(one: EvaluationSeen, names: Names) -> EvaluationRow:
    text = names.text
    parts = text("list.separator").join(text.or_code("part", part) for part in one.parts) or "—"
    enough = text("examined.enough", free=one.assessors_free)
    return EvaluationRow(
        what=text(
            "examined.what", occupation=names.occupation(one.occupation), level=names.level(one.level), parts=parts,
            candidates=one.candidates, assessors=one.assessors, groups=one.groups,
        ),
        when=text(
            "examined.when", days=text.days(one.earliest, one.latest),
            division=names.division(one.division),
        ),
        assessors=tuple(names.reason(each.code, each.figures) for each in one.reasons) or (enough,),
        short=bool(one.reasons),
    )  # fmt: skip
