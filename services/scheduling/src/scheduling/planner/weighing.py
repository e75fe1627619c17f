"""What speaks for a person beside another: the components by which one is chosen, and their differences in words."""

from datetime import date
from typing import NamedTuple

from contracts.values import BandCode, Reason, because
from scheduling.planner.ledger import Ledger
from scheduling.planner.world import Session, Teacher
from staffing.wishes import EVENING, unmet


class Weighed(NamedTuple):
    """A person who can come. Every component is better when it is smaller."""

    leaves_unit: int
    """1 = somebody else, or nobody, has taught this unit to this cohort."""
    avoids: int
    """Wishes of the person that it goes against."""
    assessor: int
    """1 = could assess this trade, and may not assess whom he has taught."""
    driving: int
    """Minutes from home and back home."""
    unfair: int
    """Sessions beyond the fair share of the season."""
    added: int
    """Minutes of driving that it adds to the day as it is."""

    def rank(self, weight_unfair: int, *, by_drive: bool) -> tuple[int, ...]:
        """Stays with the unit; goes against few wishes; is not needed as assessor; drives little, has a fair load.

        Where travel comes first, the driving added does.
        """
        cost = self.driving + weight_unfair * self.unfair
        return (self.added if by_drive else 0, self.leaves_unit, self.avoids, self.assessor, cost)


def weigh(
    ledger: Ledger, session: Session, day: date, band: BandCode, teacher: Teacher, *, added: bool = True
) -> Weighed:
    """The person at that time, the session itself not in the ledger. `added` = 0 unless it is asked for: it is dear."""
    person = teacher.person
    evenings = ledger.evenings_in_week(person.person_id, day) if band == EVENING else 0
    return Weighed(
        leaves_unit=int(not ledger.taught_unit(session, person.person_id)),
        avoids=len(unmet(person, band, session.place, session.unit, evenings)),
        assessor=int(
            any(q.assessor and q.occupation == session.needs.occupation for q in person.qualifications)
        ),
        driving=2 * ledger.drive(session, teacher),
        unfair=max(0, ledger.sessions_of(person.person_id, day) + 1 - person.fair_load),
        added=ledger.added_drive(session, ledger.book.span(day, band), teacher) if added else 0,
    )


def difference(one: Weighed, chosen: Weighed) -> Weighed:
    """By how much one is more than the chosen, component by component."""
    return Weighed(*(a - b for a, b in zip(one, chosen, strict=True)))


def in_words(more: Weighed, *, changes: int) -> tuple[Reason, ...]:
    """A difference as reasons: what would be worse, what would be better; `changes` are points of change."""
    said: list[Reason] = []
    if more.leaves_unit:
        said.append(because("beside.leaves_unit" if more.leaves_unit > 0 else "beside.keeps_unit"))
    if more.avoids:
        said.append(because("beside.avoids_band" if more.avoids > 0 else "beside.likes_band"))
    if more.assessor:
        said.append(because("beside.assessor" if more.assessor > 0 else "beside.no_assessor"))
    if more.added:
        code = "beside.more_driving" if more.added > 0 else "beside.less_driving"
        said.append(because(code, minutes=abs(more.added)))
    elif more.driving:
        code = "beside.farther" if more.driving > 0 else "beside.nearer"
        said.append(because(code, minutes=abs(more.driving)))
    if more.unfair:
        code = "beside.less_fair" if more.unfair > 0 else "beside.fairer"
        said.append(because(code, sessions=abs(more.unfair)))
    if changes:
        said.append(because("beside.changes", points=changes))
    return tuple(said) or (because("beside.equal"),)
