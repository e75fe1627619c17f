"""Between several who answered an open call: who is furthest below a fair share comes, not who clicked first. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from contracts.values import AssignmentId, Reason, because

Share = Fraction | None
"""Load against what is fair, 1 = exactly; none = no share is agreed."""


@dataclass(frozen=True, slots=True)
class Volunteer:
    """An answer to the call, with the load of who gave it, this one counted where sessions are."""

    assignment_id: AssignmentId
    college: Share
    """Sessions of the college's agreement against its target."""
    person: Share
    """Sessions of the person's season against a fair load."""
    answered_at: datetime

    @property
    def order(self) -> tuple[tuple[bool, Fraction], tuple[bool, Fraction], datetime, str]:
        """Smaller comes first: no share comes after every share; the id only makes it certain."""
        return _last(self.college), _last(self.person), self.answered_at, str(self.assignment_id)


@dataclass(frozen=True, slots=True)
class Decision:
    """Who comes, with the reason; and who does not, with theirs."""

    chosen: tuple[tuple[AssignmentId, Reason], ...]
    others: tuple[tuple[AssignmentId, Reason], ...]


def share(held: int, fair: int) -> Share:
    """What somebody has against what is fair."""
    return Fraction(held, fair) if fair else None


def decide(volunteers: Iterable[Volunteer], places: int) -> Decision:
    """The least loaded as many as there are places; whoever loses is told against whom of them, and by what."""
    ranked = sorted(volunteers, key=lambda each: each.order)
    chosen, others = ranked[: max(places, 0)], ranked[max(places, 0) :]
    return Decision(
        tuple((each.assignment_id, _chosen(each, ranked)) for each in chosen),
        tuple((each.assignment_id, _lost(each, chosen)) for each in others),
    )


def _chosen(one: Volunteer, of: Sequence[Volunteer]) -> Reason:
    return because("call.chosen", answers=len(of), **_percent(share=one.college))


def _lost(one: Volunteer, chosen: Sequence[Volunteer]) -> Reason:
    if not chosen:
        return because("call.taken")
    last = chosen[-1]
    if _last(one.college) != _last(last.college):
        return because("call.fairer", **_percent(share=one.college, chosen=last.college))
    if _last(one.person) != _last(last.person):
        return because("call.fairer_person", **_percent(share=one.person, chosen=last.person))
    return because("call.earlier", **_percent(share=one.college))


def _last(value: Share) -> tuple[bool, Fraction]:
    return value is None, value or Fraction(0)


def _percent(**shares: Share) -> dict[str, int]:
    """What is told; a share that is not agreed has no figure."""
    return {name: round(100 * value) for name, value in shares.items() if value is not None}
