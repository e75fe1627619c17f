"""What is asked and answered about evidence of eligibility, as JSON."""

from datetime import date

from pydantic import BaseModel

from contracts.values import Code, Reason
from evaluation.examinations.evidence import Evidence, Paper, Told
from servicekit.http import Request
from staffing.admission import RouteAnswer, Supplier


class EvidenceNoted(Request):
    """A paper that somebody of the union has seen about a candidate."""

    told: Told
    paper: Paper
    seen_on: date


class AskedAgain(BaseModel):
    """What came of it."""

    admitted: bool


class LackView(BaseModel):
    """What a route asks for and is not shown, and who can show it."""

    reason: Reason
    supplied_by: Supplier


class RouteView(BaseModel):
    """A route of the standard: its sentence, where that comes from, and what is missing for it."""

    code: Code
    rule_set: str
    zh: str
    en: str
    source: str
    confidence: str
    lacks: list[LackView]

    @classmethod
    def of(cls, answer: RouteAnswer) -> "RouteView":
        """As the rules have answered."""
        return cls(
            **answer.route.model_dump(include={"code", "rule_set", "zh", "en", "source", "confidence"}),
            lacks=[LackView(reason=each.reason, supplied_by=each.supplied_by) for each in answer.lacks],
        )


class EvidenceView(BaseModel):
    """A paper that was seen."""

    told: Told
    paper: Paper
    seen_on: date
    noted_by: str

    @classmethod
    def of(cls, one: Evidence) -> "EvidenceView":
        """As it was noted."""
        return cls(told=one.told, paper=one.paper, seen_on=one.seen_on, noted_by=one.noted_by)
