"""The life of a scheme: drafted, revised, approved, confirmed, declined, withdrawn; one order, one scheme.

Approval and confirmation both name version and hash. What is approved stays so in a version with the same hash:
another person is a proposal, and nobody signs it. A scheme in force stays in force while a newer version waits for
its confirmation; only an amended or cancelled order withdraws it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from contracts.programme import Programme
from contracts.refusals import Conflict, Refused
from contracts.scheduling import (
    SchemeApproved,
    SchemeConfirmed,
    SchemeDeclined,
    SchemeDrafted,
    SchemeFact,
    SchemeRevised,
    SchemeWithContent,
    SchemeWithdrawn,
    SessionScheduled,
)
from contracts.values import Hash, LineNumber, OrderId, OrderLine, Reason, SessionId, Stage
from scheduling.planner.world import CohortPlan, Draft, Placed
from scheduling.schemes.content import everything, fingerprint
from staffing.rulebook import Rulebook

CENT = Decimal("0.01")


class State(StrEnum):
    """Where the newest version stands."""

    PLANNING = "planning"
    """The order is accepted, the first draft is being made."""
    DRAFTED = "drafted"
    APPROVED = "approved"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({State.DRAFTED, State.APPROVED, State.DECLINED})
"""A version lies on somebody's desk and can be tailored or planned again."""
PROPOSES = frozenset({State.DRAFTED, State.APPROVED})
"""Its times and people are spoken for, as far as other drafts are concerned."""


@dataclass(frozen=True)
class Scheme:
    """The scheme of an order; `version` 0 = there is none yet."""

    order_id: OrderId
    state: State = State.PLANNING
    version: int = 0
    hash: Hash | None = None
    stages: tuple[Stage, ...] = ()
    unplaced: int = 0
    in_force: int | None = None
    """The version whose sessions stand on the timetable."""
    reason: Reason | None = None
    """Why it was declined or withdrawn."""


@dataclass(frozen=True)
class Named:
    """The version that somebody approves or confirms, as they saw it."""

    version: int
    hash: Hash


def new_version(scheme: Scheme, draft: Draft) -> SchemeDrafted | SchemeRevised:
    """A plan becomes the next version: the first is drafted, all later ones are revisions."""
    figures: dict[str, Any] = {
        "order_id": scheme.order_id,
        "version": scheme.version + 1,
        "hash": fingerprint(draft),
        "cohorts": len(draft.cohorts),
        "sessions": len(everything(draft)),
        "unplaced": len(draft.unplaced),
        "class_hours": draft.cost.class_hours,
        "cost": draft.cost.total.quantize(CENT),
        "subsidy_expected": draft.cost.subsidy_expected.quantize(CENT),
        "release_minutes": draft.cost.release_minutes,
        "stages": draft.stages,
    }
    return SchemeRevised(**figures) if scheme.version else SchemeDrafted(**figures)


def cannot_be_planned(scheme: Scheme, reason: Reason) -> SchemeDeclined:
    """The planner gives the order back: as it is, no scheme can be made for it."""
    return SchemeDeclined(order_id=scheme.order_id, version=scheme.version + 1, reason=reason)


def check_named(scheme: Scheme, named: Named, changed: Collection[str]) -> None:
    """Nobody signs what they have not seen: another version or content meanwhile is refused, with what differs."""
    if named.version != scheme.version:
        raise Conflict(
            "scheme.stale",
            yours=named.version,
            current=scheme.version,
            hash=scheme.hash,
            changed=", ".join(changed) or "version",
        )
    if named.hash != scheme.hash:
        raise Conflict("scheme.another_content", field="body.hash", current=scheme.version, hash=scheme.hash)


def approve(scheme: Scheme, *, first: date | None, today: date) -> SchemeApproved:
    """The union approves a draft in which every session has its time, and that can still be held.

    `first` is the earliest day of what would be new or moved.
    """
    if scheme.state is not State.DRAFTED or scheme.hash is None:
        raise Refused("scheme.not_drafted", state=scheme.state)
    if scheme.unplaced:
        raise Refused("scheme.has_unplaced", sessions=scheme.unplaced)
    _check_ahead(first, today)
    return SchemeApproved(order_id=scheme.order_id, version=scheme.version, hash=scheme.hash)


def _check_ahead(first: date | None, today: date) -> None:
    if first is not None and first <= today:
        raise Refused("scheme.days_past", first=first.isoformat())


def confirm(
    scheme: Scheme,
    cohorts: Sequence[CohortPlan],
    *,
    scheduled: int,
    first: date | None,
    by_hand: Sequence[LineNumber] = (),
    today: date,
) -> SchemeConfirmed:
    """The enterprise confirms what the union has approved.

    `scheduled` sessions are new on the timetable; `first` is the earliest day of what is new or moved; no stage
    ends the lines `by_hand`.
    """
    if scheme.state is not State.APPROVED or scheme.hash is None:
        raise Refused("scheme.not_approved", state=scheme.state)
    _check_ahead(first, today)
    return SchemeConfirmed(
        order_id=scheme.order_id,
        version=scheme.version,
        hash=scheme.hash,
        stages=scheme.stages,
        cohorts=tuple(cohort.fact() for cohort in cohorts),
        sessions=scheduled,
        by_hand=tuple(by_hand),
    )


def closed_by_hand(lines: Sequence[OrderLine], programme: Programme) -> tuple[LineNumber, ...]:
    """The lines whose service has no stage in the programme: nobody here teaches or examines for them."""
    return tuple(line.line for line in lines if programme.services.get(line.service) is None)


def decline(scheme: Scheme, reason: Reason, *, version: int, by_enterprise: bool) -> SchemeDeclined:
    """The union gives back a draft, or either side what is approved; the newest version, with a reason."""
    allowed = {State.APPROVED} if by_enterprise else PROPOSES
    if scheme.state not in allowed:
        code = "scheme.not_approved" if by_enterprise else "scheme.not_drafted"
        raise Refused(code, state=scheme.state)
    if version != scheme.version:
        raise Conflict(
            "scheme.stale", yours=version, current=scheme.version, hash=scheme.hash, changed="version"
        )
    return SchemeDeclined(order_id=scheme.order_id, version=scheme.version, reason=reason)


def withdraw(scheme: Scheme, reason: Reason) -> SchemeWithdrawn | None:
    """The scheme no longer holds; nothing is said of one that never was, or is withdrawn already."""
    if scheme.version == 0 or scheme.state is State.WITHDRAWN:
        return None
    return SchemeWithdrawn(order_id=scheme.order_id, version=scheme.version, reason=reason)


def check_open(scheme: Scheme) -> None:
    """Only what lies on a desk is planned again or tailored."""
    if scheme.state not in OPEN:
        raise Refused("scheme.not_open", state=scheme.state)


def sessions_to_schedule(
    draft: Draft, lines: Sequence[OrderLine], book: Rulebook, *, known: Collection[SessionId] = ()
) -> tuple[SessionScheduled, ...]:
    """The draft's sessions that are not on the timetable yet, in order of time."""
    of_line: Mapping[int, OrderLine] = {line.line: line for line in lines}
    cohorts = {cohort.cohort_id: cohort for cohort in draft.cohorts}
    new = (p for p in draft.placed if p.session.session_id not in known)
    facts = [
        _scheduled(
            placed, cohorts[placed.session.cohort_id], of_line[cohorts[placed.session.cohort_id].line], book
        )
        for placed in new
    ]
    return tuple(sorted(facts, key=lambda fact: (fact.slot.starts_at, fact.session_id)))


def _scheduled(placed: Placed, cohort: CohortPlan, line: OrderLine, book: Rulebook) -> SessionScheduled:
    session = placed.session
    return SessionScheduled(
        order_id=cohort.order_id,
        session_id=session.session_id,
        cohort_id=session.cohort_id,
        line=cohort.line,
        occupation=line.occupation,
        level=line.level,
        position=session.position,
        unit=session.unit,
        mode=session.mode,
        class_hours=session.class_hours,
        needs=session.needs,
        enterprise_id=session.enterprise_id,
        division=session.division,
        slot=book.slot(placed.day, placed.band),
        proposed=placed.person_id,
        reasons=placed.reasons,
    )


def evolve(scheme: Scheme, fact: SchemeFact) -> Scheme:
    """The scheme after the fact, for every fact of a scheme. Nothing else changes it."""
    match fact:
        case SchemeWithContent():
            signed = scheme.state is State.APPROVED and fact.hash == scheme.hash
            return replace(
                scheme,
                state=State.APPROVED if signed else State.DRAFTED,
                version=fact.version,
                hash=fact.hash,
                stages=fact.stages,
                unplaced=fact.unplaced,
                reason=None,
            )
        case SchemeApproved():
            return replace(scheme, state=State.APPROVED)
        case SchemeConfirmed():
            return replace(scheme, state=State.CONFIRMED, in_force=fact.version)
        case SchemeDeclined() if fact.version > scheme.version:
            return replace(
                scheme, state=State.DECLINED, version=fact.version, hash=None, stages=(), unplaced=0,
                reason=fact.reason,
            )  # fmt: skip
        case SchemeDeclined():
            return replace(scheme, state=State.DECLINED, reason=fact.reason)
        case SchemeWithdrawn():
            return replace(scheme, state=State.WITHDRAWN, in_force=None, reason=fact.reason)
    raise TypeError(f"{fact.type} says nothing about a scheme")
