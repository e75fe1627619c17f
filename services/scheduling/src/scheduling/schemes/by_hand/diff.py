"""What changes make of a plan: from, to, per session. The inverse takes it back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from contracts.values import BandCode, PersonId, Reason, SessionId
from scheduling.planner.change_points import change_points
from scheduling.planner.world import Draft, Placed, Session, Unplaced


@dataclass(frozen=True)
class Line:
    """A session as the plan has it; without a day it has no time."""

    session: Session
    day: date | None = None
    band: BandCode | None = None
    person_id: PersonId | None = None
    reasons: tuple[Reason, ...] = ()
    held: bool = False
    pinned: bool = False

    @property
    def time(self) -> tuple[date | None, BandCode | None]:
        """Day and band."""
        return self.day, self.band

    @property
    def placed(self) -> Placed | None:
        """As the planner sees it; nothing without a time."""
        if self.day is None or self.band is None:
            return None
        return Placed(
            self.session,
            self.day,
            self.band,
            self.person_id,
            self.reasons,
            held=self.held,
            pinned=self.pinned,
        )

    @classmethod
    def of(cls, planned: Placed | Unplaced) -> "Line":
        """With its time, or without."""
        if isinstance(planned, Unplaced):
            return cls(planned.session, reasons=planned.tried)
        return cls(
            planned.session, planned.day, planned.band, planned.person_id, planned.reasons, planned.held,
            planned.pinned,
        )  # fmt: skip

    def says(self) -> tuple[object, ...]:
        """All but the reasons: two lines that say the same are no change."""
        return self.session, self.time, self.person_id, self.pinned


@dataclass(frozen=True)
class Step:
    """One session before and after; nothing before = added, nothing after = dropped."""

    before: Line | None
    after: Line | None

    @property
    def line(self) -> Line:
        """The newer of the two."""
        found = self.after or self.before
        assert found is not None  # one of the two
        return found

    @property
    def session_id(self) -> SessionId:
        """Which session."""
        return self.line.session.session_id

    @property
    def moves(self) -> bool:
        """Whether there is a session afterwards whose time is not the one before."""
        return self.after is not None and (self.before is None or self.before.time != self.after.time)

    @property
    def points(self) -> int:
        """How much it changes for people who have planned with it."""
        return change_points(*(line.placed if line else None for line in (self.after, self.before)))


Diff = tuple[Step, ...]


def inverse(diff: Diff) -> Diff:
    """What takes it back."""
    return tuple(Step(step.after, step.before) for step in reversed(diff))


def points(diff: Diff) -> int:
    """How much it changes for people who have planned with it."""
    return sum(step.points for step in diff)


def lines_of(draft: Draft) -> dict[SessionId, Line]:
    """Its sessions, by id."""
    planned: Iterable[Placed | Unplaced] = (*draft.placed, *draft.unplaced)
    return {each.session.session_id: Line.of(each) for each in planned}


def diff_of(before: Mapping[SessionId, Line], after: Mapping[SessionId, Line]) -> Diff:
    """Every session that is not the same in both."""
    steps = (Step(before.get(id_), after.get(id_)) for id_ in dict.fromkeys((*before, *after)))
    return tuple(step for step in steps if differs(step))


def differs(step: Step) -> bool:
    """Whether anything but the reasons is another."""
    return step.before is None or step.after is None or step.before.says() != step.after.says()


def with_diff(draft: Draft, diff: Diff) -> Draft:
    """The draft after it; cost and release are reckoned by `content.reckoned`."""
    lines = lines_of(draft)
    for step in diff:
        if step.after is None:
            lines.pop(step.session_id, None)
        else:
            lines[step.session_id] = step.after
    letters = {cohort.cohort_id: cohort.letter for cohort in draft.cohorts}
    ordered = sorted(
        lines.values(), key=lambda line: (letters[line.session.cohort_id], line.session.position)
    )
    return replace(
        draft,
        placed=tuple(placed for line in ordered if (placed := line.placed) is not None),
        unplaced=tuple(Unplaced(line.session, line.reasons) for line in ordered if line.placed is None),
    )
