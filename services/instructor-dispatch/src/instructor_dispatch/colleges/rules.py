"""What a college is and what an agreement allows: plain Python, no database."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from contracts.base import Fact
from contracts.instructor_dispatch import AgreementEnded, AgreementSigned, CollegeFact
from contracts.refusals import Conflict, Invalid
from contracts.values import CollegeId, DivisionCode, OrganisationName, UnionId


@dataclass(frozen=True, slots=True)
class Agreement:
    """How much a college sends in a time. A day counts when `valid_from <= day <= valid_until`."""

    union_id: UnionId
    valid_from: date
    valid_until: date
    sessions_total: int
    sessions_week: int
    target: int

    def holds(self, day: date) -> bool:
        """Whether a session on this day is sent under it."""
        return self.valid_from <= day <= self.valid_until


@dataclass(frozen=True, slots=True)
class College:
    """A partner college with its agreements, oldest first."""

    college_id: CollegeId
    name: OrganisationName
    name_en: OrganisationName | None
    division: DivisionCode
    kind: str
    agreements: tuple[Agreement, ...] = ()

    def agreement_on(self, day: date) -> Agreement | None:
        """The agreement under which a session on this day is sent; none = the college may not send."""
        return next((each for each in self.agreements if each.holds(day)), None)


def sign(college: College, signed: AgreementSigned) -> AgreementSigned:
    """An agreement has a time of its own: two at once would leave open whose quota counts."""
    if signed.valid_until < signed.valid_from:
        raise Invalid("agreement.ends_before_it_begins", field="valid_until")
    for other in college.agreements:
        if other.valid_from <= signed.valid_until and signed.valid_from <= other.valid_until:
            raise Conflict(
                "agreement.overlaps", valid_from=str(other.valid_from), valid_until=str(other.valid_until)
            )
    return signed


def evolve(college: College | None, fact: Fact) -> College:
    """The college after the fact, for every fact said about a college."""
    match fact:
        case CollegeFact():
            agreements = college.agreements if college else ()
            return College(fact.college_id, fact.name, fact.name_en, fact.division, fact.kind, agreements)
        case AgreementSigned() if college:
            made = Agreement(
                fact.union_id,
                fact.valid_from,
                fact.valid_until,
                fact.sessions_total,
                fact.sessions_week,
                fact.target,
            )
            kept = [each for each in college.agreements if each.valid_from != fact.valid_from]
            return replace(college, agreements=tuple(sorted([*kept, made], key=lambda each: each.valid_from)))
        case AgreementEnded() if college:
            return replace(
                college, agreements=tuple(_ended(each, fact.ended_on) for each in college.agreements)
            )
    raise TypeError(f"{fact.type} says nothing about a college")


def _ended(agreement: Agreement, on: date) -> Agreement:
    return replace(agreement, valid_until=on) if agreement.holds(on) else agreement


def week_of(day: date) -> tuple[date, date]:
    """Monday of the day's week, and the Monday after."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=7)
