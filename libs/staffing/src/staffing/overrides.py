"""A rule put aside on purpose by the coordinator: which rules can be, for whom, and until when. Pure.

Nobody is ever in two places: what overlaps, and a drive that does not fit, can be put aside by nobody.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from contracts.values import PersonId, Reason, ReasonCode, Role
from staffing.people import Ladder

CLOSED_DAY = "slot.closed_day"
TOO_LOW = "qualification.too_low"


class Names(StrEnum):
    """What an override of a rule must name at least."""

    PERSON = "person"
    """The rule protects somebody: it is put aside for that person only."""
    DUTY = "duty"
    """The rule is about the time of one session or batch."""
    EITHER = "either"


WAIVABLE: Mapping[ReasonCode, Names] = {
    CLOSED_DAY: Names.DUTY,
    "load.day": Names.PERSON,
    "load.week": Names.PERSON,
    "home.leaves_too_early": Names.PERSON,
    "home.back_too_late": Names.PERSON,
    TOO_LOW: Names.PERSON,
    "college.quota_week": Names.EITHER,
    "college.quota_total": Names.EITHER,
}
"""Rules that can be put aside."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """An override in force, as far as the rules need it. What it does not name it holds for all of."""

    rule: ReasonCode
    valid_until: date
    """Last day of the sessions for which it holds."""
    duty_id: UUID | None = None
    person_id: PersonId | None = None

    def holds(self, duty_id: UUID, day: date, person_id: PersonId | None) -> bool:
        """Whether it is about this session or batch on this day, with this person (none = whoever comes)."""
        return (
            day <= self.valid_until
            and self.duty_id in (None, duty_id)
            and (self.person_id is None or self.person_id == person_id)
        )


def waived(
    waivers: Iterable[Waiver], duty_id: UUID, day: date, person_id: PersonId | None
) -> frozenset[ReasonCode]:
    """The rules that are put aside for this session or batch, on its day, with this person."""
    return frozenset(each.rule for each in waivers if each.holds(duty_id, day, person_id))


def puts_aside(rules: frozenset[ReasonCode], reason: Reason, role: Role, ladder: Ladder) -> bool:
    """Whether the reason no longer counts. A level may be lower by one rung, and an assessor's never."""
    if reason.code not in rules or reason.code not in WAIVABLE:
        return False
    if reason.code != TOO_LOW:
        return True
    held, needed = str(reason.figures["held"]), str(reason.figures["level"])
    return role is not Role.ASSESSOR and ladder.rank(held) + 1 >= ladder.rank(needed)
