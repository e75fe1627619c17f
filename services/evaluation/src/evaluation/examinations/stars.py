"""Safety items (★) of a practical on its sheet: failing one fails the part. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from contracts.refusals import Invalid
from contracts.values import Code, EvaluationId, Part

MarkOrAbsent = Decimal | None


@dataclass(frozen=True)
class Stars:
    """Safety items of a practical: which its sheet has, and whom somebody has seen fail which."""

    items: frozenset[Code]
    failed: Mapping[EvaluationId, Collection[Code]]

    def of(self, evaluation_id: EvaluationId) -> tuple[Code, ...]:
        """What this candidate has failed, in one order."""
        return tuple(sorted(set(self.failed.get(evaluation_id, ()))))

    def check(self, part: Part, marks: Mapping[EvaluationId, MarkOrAbsent]) -> None:
        """They are of the practical's sheet, and nobody fails one without being there."""
        for evaluation_id in self.failed:
            strange = sorted(set(self.of(evaluation_id)) - self.items)
            if strange or (self.of(evaluation_id) and part is not Part.PRACTICAL):
                raise Invalid(
                    "marks.no_such_item", field="body.marks", item=(strange or [*self.of(evaluation_id)])[0]
                )
            if self.of(evaluation_id) and marks.get(evaluation_id) is None:
                raise Invalid("marks.absent_failed", field="body.marks", evaluation_id=evaluation_id)


NO_STARS = Stars(frozenset(), {})
