"""What else could be done where a change breaks a rule: at most three ways that keep every rule, the cheapest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.values import BandCode, PersonId, SessionId
from scheduling.planner.against import against_person, against_slot
from scheduling.planner.choice import Search
from scheduling.planner.ledger import Ledger
from scheduling.planner.world import Placed
from scheduling.schemes.by_hand.change import MOST, Change, ChangeUnit, Drop, Move, SwapTimes, Unpin
from scheduling.schemes.by_hand.desk import Desk
from scheduling.schemes.by_hand.diff import Diff, Line, points
from scheduling.schemes.by_hand.look import Looked, look, look_unless_it_breaks

Time = tuple[date | None, BandCode | None]
OFFERED = 3
REACH = 21
"""Days before and after within which another time is sought."""
ASKED = 24
"""Open slots at most for which somebody is sought."""


@dataclass(frozen=True)
class Repair:
    """Other changes instead, and what they give."""

    changes: tuple[Change, ...]
    looked: Looked

    @property
    def points(self) -> int:
        """Its number of changes."""
        return self.looked.follows.points


def repairs(desk: Desk, changes: Sequence[Change], looked: Looked) -> tuple[Repair, ...]:
    """Best first: fewest change points, then what was nearest to the wish. Each was looked at and keeps every rule.

    What follows, and why whoever comes comes, is only asked of those that are offered.
    """
    if not looked.breaks:
        return ()
    found: dict[object, tuple[tuple[Change, ...], Diff]] = {}
    for candidate in _candidates(desk, changes, looked):
        if len(candidate) <= MOST and (diff := look_unless_it_breaks(desk, candidate)) is not None:
            found.setdefault(_as_made(diff), (candidate, diff))
    best = sorted(found.values(), key=lambda each: points(each[1]))[:OFFERED]
    return tuple(Repair(candidate, look(desk, candidate)) for candidate, _ in best)


def _as_made(diff: Diff) -> object:
    """What two ways to the same plan have in common."""
    return frozenset(
        (s.session_id, s.after and (s.after.time, s.after.person_id, s.after.pinned)) for s in diff
    )


def _candidates(desk: Desk, changes: Sequence[Change], looked: Looked) -> Iterator[tuple[Change, ...]]:
    """In the order of nearness to the wish."""
    broken = list(dict.fromkeys(each.session_id for each in looked.breaks))
    changed = {each.session_id for each in looked.diff}  # where they would stand is what is asked
    in_the_way = [
        id_
        for id_ in dict.fromkeys(other for each in looked.breaks for other in each.others)
        if id_ in desk.lines and id_ not in broken and id_ not in changed and _free(desk.lines[id_])
    ]
    let_go = [Unpin(do="unpin", session_id=id_) for id_ in _pinned(looked)]
    if let_go:
        yield (*let_go, *changes)
    for id_ in broken:
        yield from _elsewhere(desk, changes, looked, id_)
    yield from _aside(desk, changes, looked, in_the_way)
    if len(broken) == 1:
        for other in in_the_way:
            yield from _exchanged(desk, changes, broken[0], other)


def _free(line: Line) -> bool:
    return not line.held and not line.pinned


def _pinned(looked: Looked) -> list[SessionId]:
    return [each.session_id for each in looked.breaks if each.reason.code == "session.pinned"]


def _elsewhere(
    desk: Desk, changes: Sequence[Change], looked: Looked, id_: SessionId
) -> Iterator[tuple[Change, ...]]:
    """Somebody else at that time; the nearest other time with the same person, and with anybody."""
    line = next((step.after for step in looked.diff if step.session_id == id_), None)
    if line is None or line.held:
        return
    ledger = desk.after(looked.diff)
    if (placed := line.placed) is not None:
        ledger.remove(placed)
    day, band = line.time
    if day is None or band is None:
        return
    was = desk.lines.get(id_, line).time
    not_at = None if line.time == was else was  # to leave it where it is mends nothing
    for there in _near(desk, ledger, line, day, band, not_at=not_at):
        yield _with_move(changes, there)


def _near(
    desk: Desk, ledger: Ledger, line: Line, day: date, band: BandCode, *, not_at: Time | None
) -> Iterator[Placed]:
    session, search = line.session, Search(ledger, line.session, desk.pace)
    same: PersonId | None = line.person_id
    teacher = ledger.teachers.get(same) if same else None
    anybody, asked = False, 0
    for slot_day, slot_band in _slots(desk, line, day, band):
        if (slot_day, slot_band) == not_at or any(
            against_slot(session, ledger, desk.pace, day=slot_day, band=slot_band)
        ):
            continue
        if teacher is not None and not any(
            against_person(session, ledger, teacher, day=slot_day, band=slot_band)
        ):
            yield Placed(session, slot_day, slot_band, same)
            return
        if anybody or asked >= ASKED:
            continue
        asked += 1
        found = search.best_at(slot_day, slot_band)
        if found is not None:
            yield Placed(session, slot_day, slot_band, found.person.person_id)
            anybody = (slot_day, slot_band) != (day, band)
            if anybody and teacher is None:
                return


def _slots(desk: Desk, line: Line, day: date, band: BandCode) -> Iterator[tuple[date, BandCode]]:
    """The wished slot, the other bands of its day, then day by day away from it."""
    bands = sorted(line.session.bands, key=lambda each: each != band)
    for distance in range(REACH + 1):
        for sign in (1, -1) if distance else (1,):
            there = day + timedelta(days=sign * distance)
            if there > desk.today:
                yield from ((there, each) for each in bands)


def _with_move(changes: Sequence[Change], there: Placed) -> tuple[Change, ...]:
    """The changes with this session there in the end."""
    id_ = there.session.session_id
    kept = tuple(c for c in changes if not (isinstance(c, Move) and c.session_id == id_))
    move = Move(session_id=id_, day=there.day, band=there.band, person_id=there.person_id)
    made = [
        n
        for n, c in enumerate(kept)
        if isinstance(c, SwapTimes | ChangeUnit) or c.do in {"swap_people", "add"}
    ]
    after = max(made, default=-1) + 1
    return (*kept[:after], move, *kept[after:])


def _aside(
    desk: Desk, changes: Sequence[Change], looked: Looked, in_the_way: Sequence[SessionId]
) -> Iterator[tuple[Change, ...]]:
    """What stands in the way makes room: all of it, each at the nearest other time."""
    if not in_the_way or len(changes) + len(in_the_way) > MOST:
        return
    ledger = desk.after(looked.diff)
    moved: tuple[Change, ...] = tuple(changes)
    for id_ in in_the_way:
        line = desk.lines[id_]
        placed = line.placed
        if placed is None:
            return
        ledger.remove(placed)
        there = next(_near(desk, ledger, line, placed.day, placed.band, not_at=line.time), None)
        if there is None:
            return
        ledger.add(there)
        moved = (*moved, Move(session_id=id_, day=there.day, band=there.band, person_id=there.person_id))
    yield moved


def _exchanged(
    desk: Desk, changes: Sequence[Change], id_: SessionId, other: SessionId
) -> Iterator[tuple[Change, ...]]:
    """The two change places, or the other is taught by whoever comes free; both only where one move is asked."""
    mine, theirs = desk.lines.get(id_), desk.lines[other]
    if mine is None or theirs.day is None or theirs.band is None or len(changes) != 1:
        return
    change = changes[0]
    if isinstance(change, Drop):
        return
    yield (SwapTimes(do="swap_times", session_id=id_, other_id=other),)
    free = mine.person_id
    if isinstance(change, Move) and free is not None and theirs.person_id is not None:
        yield change, Move(session_id=other, day=theirs.day, band=theirs.band, person_id=free)
