"""Several ways to cut an order into cohorts: which are worth a try, and which of their plans is the best."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from contracts.programme import Programme
from contracts.refusals import Invalid
from contracts.values import Reason, because
from scheduling.planner.cohorts import cut
from scheduling.planner.world import CohortPlan, Cuts, Draft, OrderToPlan, TriedCut
from staffing.classes import CutName

Cohorts = tuple[CohortPlan, ...]


def worth_trying(order: OrderToPlan, programme: Programme) -> dict[CutName, Cohorts]:
    """Every crew by itself, and whatever needs fewer cohorts than the cuts before it.

    Crews are put together for nothing else: they have other shifts, and a session then takes somebody's working time.
    `Invalid` when every cut has more cohorts than there are names.
    """
    found: dict[CutName, Cohorts] = {}
    refused: Invalid | None = None
    for name in CutName:
        try:
            cohorts = cut(order, programme, name)
        except Invalid as too_many:
            refused = too_many
            continue
        if not found or len(cohorts) < min(map(len, found.values())):
            found[name] = cohorts
    if not found and refused is not None:
        raise refused
    return found


def compared(drafts: Mapping[CutName, Draft]) -> tuple[CutName, Cuts]:
    """The cut whose plan is the best, the first among equals; with the figures of all and what decided.

    As a draft is judged: least without a time, then the earliest end. Plans of other cuts have other sessions, so the
    days before the last cannot be compared; then the working time lost, and then the number of sessions.
    """
    best = min(drafts, key=lambda name: _judged(drafts[name]))
    others = [_judged(draft) for name, draft in drafts.items() if name is not best]
    tried = tuple(_figures(name, draft, taken=name is best) for name, draft in drafts.items())
    return best, Cuts(tried, _why(_judged(drafts[best]), min(others, default=None)))


def _judged(draft: Draft) -> tuple[Any, ...]:
    last = max((placed.day for placed in draft.placed), default=date.min)
    return len(draft.unplaced), last, draft.cost.release_minutes, len(draft.placed)


def _why(best: tuple[Any, ...], next_: tuple[Any, ...] | None) -> Reason:
    """What the best has ahead of the next."""
    if next_ is None:
        return because("cut.only")
    unplaced, last, release, sessions = best
    if unplaced < next_[0]:
        return because("cut.fewest_unplaced", sessions=unplaced, others=next_[0])
    if last < next_[1]:
        return because("cut.ends_first", day=last, others=next_[1])
    if release < next_[2]:
        return because("cut.least_release", minutes=release, others=next_[2])
    if sessions < next_[3]:
        return because("cut.fewest_sessions", sessions=sessions, others=next_[3])
    return because("cut.first_of_equals")


def _figures(name: CutName, draft: Draft, *, taken: bool) -> TriedCut:
    return TriedCut(
        name=name,
        cohorts=len(draft.cohorts),
        sessions=len(draft.placed) + len(draft.unplaced),
        unplaced=len(draft.unplaced),
        last=max((placed.day for placed in draft.placed), default=None),
        release_minutes=draft.cost.release_minutes,
        cost=draft.cost.total,
        taken=taken,
    )
