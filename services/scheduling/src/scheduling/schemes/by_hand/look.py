"""What a change breaks and what follows from it, before anybody has done it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from contracts.values import ClauseToSign, Signer, because
from scheduling.planner import within_tolerance
from scheduling.planner.against import Against, against_person, against_slot
from scheduling.planner.ledger import Ledger
from scheduling.planner.world import Draft, Placed
from scheduling.schemes import signing
from scheduling.schemes.by_hand.change import Change
from scheduling.schemes.by_hand.desk import Desk
from scheduling.schemes.by_hand.diff import Diff, Step, points, with_diff
from scheduling.schemes.by_hand.worked_out import Break, worked_out
from scheduling.schemes.rules import State


class Effect(StrEnum):
    """What becomes of the scheme."""

    NOTHING = "nothing"
    """Nothing is different."""
    TO_SIGN = "to_sign"
    """A new version on the desk, which the union is asked to sign first."""
    STAYS_SIGNED = "stays_signed"
    """A new version of which the union has signed all that it signs: only the enterprise is asked."""
    TOLD = "told"
    """In force, and inside what the enterprise allowed beforehand: everybody is told at once."""
    PROPOSED = "proposed"
    """In force, and outside of it: a new version that waits for those who are asked, the old one stands until then."""


VERSIONS = frozenset({Effect.TO_SIGN, Effect.STAYS_SIGNED, Effect.PROPOSED})
"""A new version is made, and somebody is asked to sign."""


@dataclass(frozen=True)
class Follows:
    """What else a change means."""

    effect: Effect
    points: int
    """2 a moved time, 1 another person, 3 dropped."""
    cost: Decimal
    """Yuan more (less, below nought)."""
    subsidy: Decimal
    """Yuan more."""
    release: int
    """Working time lost more, minutes times people."""
    clauses: tuple[str, ...]
    """Which of `content`, `times`, `places`, `needs`, `cost` somebody is asked to sign; none without a version."""
    offers: int
    """People who are asked and are asked no more."""
    promises: int
    """People who have promised to come and are let go."""


@dataclass(frozen=True)
class Looked:
    """The answer; without breaks it can be done."""

    diff: Diff
    breaks: tuple[Break, ...]
    follows: Follows
    plan: Draft
    """As it would be, reckoned."""


def look(desk: Desk, changes: Sequence[Change]) -> Looked:
    """Without doing it. `NotFound` for a session, cohort or unit that there is not."""
    diff, against = worked_out(desk, changes)
    return weigh(desk, diff, against)


def weigh(desk: Desk, diff: Diff, against: tuple[Break, ...] = ()) -> Looked:
    """The same for what was worked out already."""
    plan = desk.reckoned(with_diff(desk.draft, diff))
    return Looked(diff, (*against, *breaks(desk, diff)), _follows(desk, diff, plan), plan)


def look_unless_it_breaks(desk: Desk, changes: Sequence[Change]) -> Diff | None:
    """What they make of the plan; nothing where that is nothing, or breaks a rule. What follows is not asked."""
    diff, against = worked_out(desk, changes, explained=False)
    return None if not diff or against or breaks(desk, diff) else diff


def breaks(desk: Desk, diff: Diff) -> tuple[Break, ...]:
    """Every rule that the plan would break where it is changed, by the rules of planner and dispatch."""
    if not diff:
        return ()
    ledger = desk.after(diff)
    found = [
        Break(step.session_id, a.reason, a.others) for step in diff for a in _of_step(desk, step, ledger)
    ]
    if len(desk.lines) and not _lines_left(desk, diff):
        found.append(Break(diff[0].session_id, because("session.last_of_order")))
    return tuple(found)


def _lines_left(desk: Desk, diff: Diff) -> int:
    return (
        len(desk.lines) + sum(step.before is None for step in diff) - sum(step.after is None for step in diff)
    )


def _of_step(desk: Desk, step: Step, ledger: Ledger) -> Iterator[Against]:
    line, before = step.line, step.before
    if before is not None and before.held:
        yield Against(because("session.held", position=before.session.position))
    if step.after is None:
        return
    placed = line.placed
    if placed is None:
        return
    if (step.moves or line.pinned) and placed.day <= desk.today:
        yield Against(because("slot.day_past", day=placed.day))
    if placed.band not in placed.session.bands:
        yield Against(because("slot.band_too_short", band=placed.band))
        return
    ledger.remove(placed)
    yield from against_slot(placed.session, ledger, desk.pace, day=placed.day, band=placed.band)
    yield from _person(desk, step, placed, ledger)
    ledger.add(placed)


def _person(desk: Desk, step: Step, placed: Placed, ledger: Ledger) -> Iterator[Against]:
    before = step.before
    stays = before is not None and not step.moves and before.person_id == placed.person_id
    if desk.in_force and before is not None and not step.moves:
        if not stays:  # who comes to a session that stands is for dispatch to decide
            yield Against(because("session.staffed_by_dispatch", position=placed.session.position))
        return
    if placed.person_id is None:
        if not stays:
            yield Against(because("slot.nobody_can_come", slots=1))
        return
    teacher = ledger.teachers.get(placed.person_id)
    if teacher is None:
        yield Against(because("person.unknown", id=placed.person_id))
        return
    yield from against_person(placed.session, ledger, teacher, day=placed.day, band=placed.band)


def _follows(desk: Desk, diff: Diff, plan: Draft) -> Follows:
    was, now = desk.draft.cost, plan.cost
    asked = desk.to_sign(plan)
    effect = _effect(desk, diff, asked)
    gone = {
        step.session_id for step in diff if step.before is not None and (step.after is None or step.moves)
    }
    return Follows(
        effect=effect,
        points=points(diff),
        cost=now.total - was.total,
        subsidy=now.subsidy_expected - was.subsidy_expected,
        release=now.release_minutes - was.release_minutes,
        clauses=tuple(one.clause.value for one in asked if one.signers) if effect in VERSIONS else (),
        offers=len(gone & desk.asked),
        promises=len(gone & desk.firm),
    )


def _effect(desk: Desk, diff: Diff, asked: tuple[ClauseToSign, ...]) -> Effect:
    if not diff:
        return Effect.TO_SIGN if desk.state is State.DECLINED else Effect.NOTHING
    if not desk.in_force:
        return Effect.TO_SIGN if signing.turn(asked) is Signer.UNION else Effect.STAYS_SIGNED
    if all(_may_be_told(desk, step) for step in diff):
        return Effect.TOLD
    return Effect.PROPOSED


def _may_be_told(desk: Desk, step: Step) -> bool:
    """Whether the enterprise allowed it beforehand; what was missed is past, and any later time is to be agreed."""
    if step.after is None or step.before is None:
        return step.before is not None  # a session less is told, one more is agreed
    if not step.moves:
        return True
    old, new = step.before.placed, step.after.placed
    if old is None or new is None or step.session_id in desk.missed:
        return False
    cohort = desk.ledger.cohorts[new.session.cohort_id]
    return within_tolerance(new, old, cohort, desk.programme, desk.today)
