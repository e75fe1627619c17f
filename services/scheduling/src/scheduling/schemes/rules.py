"""The life of a scheme: drafted, revised, approved, confirmed, declined, withdrawn; one order, one scheme.

Approval and confirmation both name version and hash. What is signed stays so in every version that says the same,
clause by clause (`signing`); another person is a proposal, and nobody signs it; what is in force stays so
with other pins. A scheme in force stays in force
while a newer version waits for its confirmation; only an amended or cancelled order withdraws it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from contracts.programme import Programme, Signatures
from contracts.refusals import Conflict, Refused
from contracts.scheduling import (
    FromRun,
    SchemeApproved,
    SchemeConfirmed,
    SchemeDeclined,
    SchemeDrafted,
    SchemeEscalated,
    SchemeFact,
    SchemeReminded,
    SchemeRevised,
    SchemeWithContent,
    SchemeWithdrawn,
    SessionScheduled,
)
from contracts.values import (
    ClauseToSign,
    Deputised,
    Hash,
    LineNumber,
    OrderId,
    OrderLine,
    OrganisationId,
    Reason,
    SessionId,
    Signer,
    Stage,
    UnionId,
)
from scheduling.planner.world import CohortPlan, Draft, Placed
from scheduling.schemes import signing
from scheduling.schemes.content import clauses, everything, fingerprint
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
    signed: signing.Signed = ()
    sign_by: datetime | None = None
    """When the time of whoever is asked to sign the newest version is over; none = nobody is."""
    reminded: bool = False
    escalated: bool = False

    @property
    def signer(self) -> Signer | None:
        """Whose signature the newest version waits for."""
        return {State.DRAFTED: Signer.UNION, State.APPROVED: Signer.ENTERPRISE}.get(self.state)


@dataclass(frozen=True)
class Named:
    """The version that somebody approves or confirms, as they saw it."""

    version: int
    hash: Hash


def to_sign(scheme: Scheme, draft: Draft, signatures: Signatures) -> tuple[ClauseToSign, ...]:
    """The clauses of a version, with who is asked for each."""
    found = signing.to_sign(clauses(draft), scheme.signed, signatures)
    if scheme.state is State.APPROVED and not scheme.signed and fingerprint(draft) == scheme.hash:
        # approved before clauses were signed one by one
        return tuple(
            each.model_copy(update={"signers": tuple(s for s in each.signers if s is not Signer.UNION)})
            for each in found
        )
    return found


def new_version(
    scheme: Scheme,
    draft: Draft,
    terms: signing.Terms,
    *,
    only_pins: bool = False,
    run: FromRun | None = None,
    adopted_at: datetime | None = None,
) -> SchemeDrafted | SchemeRevised:
    """A plan becomes the next version: the first is drafted, all later ones are revisions.

    `only_pins` = it is the version in force, but for its pins; `run` = what it was taken from. `adopted_at`: then,
    whoever is to sign has their whole time for it where theirs was over by that moment.
    """
    asked = to_sign(scheme, draft, terms.signatures)
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
        "clauses": asked,
        "sign_by": _time_for(scheme, signing.turn(asked), fingerprint(draft), terms, adopted_at),
        "pinned": tuple(p.session.session_id for p in draft.placed if p.pinned),
        "only_pins": only_pins,
        "run": run,
    }
    return SchemeRevised(**figures) if scheme.version else SchemeDrafted(**figures)


def _time_for(
    scheme: Scheme, signer: Signer, hash_: Hash, terms: signing.Terms, adopted_at: datetime | None
) -> datetime:
    """A side whose turn goes on has no more time than it had; the enterprise does, for something else."""
    goes_on = scheme.signer is signer and (signer is Signer.UNION or hash_ == scheme.hash)
    if not goes_on or scheme.sign_by is None:
        return terms.sign_by[signer]
    over = adopted_at is not None and scheme.sign_by <= adopted_at
    return terms.sign_by[signer] if over else scheme.sign_by


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


def approve(
    scheme: Scheme,
    asked: Sequence[ClauseToSign],
    terms: signing.Terms,
    *,
    first: date | None,
    today: date,
    deputy: Deputised | None = None,
) -> SchemeApproved:
    """The union approves a draft in which every session has its time, and that can still be held.

    It signs what is `asked` of it; `first` is the earliest day of what would be new or moved.
    """
    if scheme.state is not State.DRAFTED or scheme.hash is None:
        raise Refused("scheme.not_drafted", state=scheme.state)
    if scheme.unplaced:
        raise Refused("scheme.has_unplaced", sessions=scheme.unplaced)
    _check_ahead(first, today)
    return SchemeApproved(
        order_id=scheme.order_id,
        version=scheme.version,
        hash=scheme.hash,
        clauses=signing.asked_of(asked, Signer.UNION),
        sign_by=terms.sign_by[Signer.ENTERPRISE] if signing.asked_of(asked, Signer.ENTERPRISE) else None,
        deputy=deputy,
    )


def _check_ahead(first: date | None, today: date) -> None:
    if first is not None and first <= today:
        raise Refused("scheme.days_past", first=first.isoformat())


def confirm(
    scheme: Scheme,
    cohorts: Sequence[CohortPlan],
    asked: Sequence[ClauseToSign],
    *,
    scheduled: int,
    first: date | None,
    by_hand: Sequence[LineNumber] = (),
    today: date,
    deputy: Deputised | None = None,
) -> SchemeConfirmed:
    """The enterprise confirms what the union has approved, by signing what is `asked` of it.

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
        clauses=signing.asked_of(asked, Signer.ENTERPRISE),
        deputy=deputy,
    )


def closed_by_hand(lines: Sequence[OrderLine], programme: Programme) -> tuple[LineNumber, ...]:
    """The lines whose service has no stage in the programme: nobody here teaches or examines for them."""
    return tuple(line.line for line in lines if programme.services.get(line.service) is None)


def decline(
    scheme: Scheme, reasons: Sequence[Reason], *, version: int, by_enterprise: bool
) -> SchemeDeclined:
    """The union gives back a draft, or either side what is approved; the newest version, with its reasons."""
    allowed = {State.APPROVED} if by_enterprise else PROPOSES
    if scheme.state not in allowed:
        code = "scheme.not_approved" if by_enterprise else "scheme.not_drafted"
        raise Refused(code, state=scheme.state)
    if version != scheme.version:
        raise Conflict(
            "scheme.stale", yours=version, current=scheme.version, hash=scheme.hash, changed="version"
        )
    return SchemeDeclined(
        order_id=scheme.order_id,
        version=scheme.version,
        reason=reasons[0],
        reasons=tuple(reasons),
        signer=Signer.ENTERPRISE if by_enterprise else Signer.UNION,
    )


def remind(scheme: Scheme, to: OrganisationId) -> SchemeReminded | None:
    """Tell whoever is asked to sign that the time is nearly over; once, and nobody when it is signed meanwhile."""
    if scheme.signer is None or scheme.sign_by is None or scheme.reminded:
        return None
    return SchemeReminded(
        order_id=scheme.order_id, version=scheme.version, signer=scheme.signer, to=to, sign_by=scheme.sign_by
    )


def escalate(scheme: Scheme, to: UnionId) -> SchemeEscalated | None:
    """Tell somebody above that a side has let its time pass."""
    if scheme.signer is None or scheme.sign_by is None or scheme.escalated:
        return None
    return SchemeEscalated(
        order_id=scheme.order_id, version=scheme.version, signer=scheme.signer, to=to, sign_by=scheme.sign_by
    )


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
        people=len(cohort.workers),
    )


def evolve(scheme: Scheme, fact: SchemeFact) -> Scheme:
    """The scheme after the fact, for every fact of a scheme. Nothing else changes it."""
    match fact:
        case SchemeWithContent():
            return _with_content(scheme, fact)
        case SchemeApproved():
            signed = signing.with_signed(scheme.signed, Signer.UNION, fact.clauses or (), fact.version)
            return replace(_waiting(scheme, fact.sign_by), state=State.APPROVED, signed=signed)
        case SchemeConfirmed():
            signed = signing.with_signed(scheme.signed, Signer.ENTERPRISE, fact.clauses or (), fact.version)
            return replace(
                _waiting(scheme, None), state=State.CONFIRMED, in_force=fact.version,
                signed=signing.only_last(signed),
            )  # fmt: skip
        case SchemeDeclined():
            if fact.version > scheme.version:
                scheme = replace(scheme, version=fact.version, hash=None, stages=(), unplaced=0)
            signed = signing.until(scheme.signed, scheme.in_force)
            return replace(_waiting(scheme, None), state=State.DECLINED, reason=fact.reason, signed=signed)
        case SchemeReminded() | SchemeEscalated():
            late = isinstance(fact, SchemeEscalated)
            return replace(scheme, reminded=scheme.reminded or not late, escalated=scheme.escalated or late)
        case SchemeWithdrawn():
            return replace(
                _waiting(scheme, None), state=State.WITHDRAWN, in_force=None, reason=fact.reason, signed=()
            )
    raise TypeError(f"{fact.type} says nothing about a scheme")


def _waiting(scheme: Scheme, sign_by: datetime | None) -> Scheme:
    """Somebody has until then to sign; whoever was reminded of just that is not reminded again."""
    if sign_by is not None and sign_by == scheme.sign_by:
        return scheme
    return replace(scheme, sign_by=sign_by, reminded=False, escalated=False)


def _with_content(scheme: Scheme, fact: SchemeWithContent) -> Scheme:
    if fact.only_pins and scheme.state is State.CONFIRMED:
        return replace(scheme, version=fact.version, in_force=fact.version)
    return replace(
        _waiting(scheme, fact.sign_by),
        state=_desk(scheme, fact),
        version=fact.version,
        hash=fact.hash,
        stages=fact.stages,
        unplaced=fact.unplaced,
        reason=None,
    )


def _desk(scheme: Scheme, fact: SchemeWithContent) -> State:
    """On whose desk a new version lies."""
    if fact.clauses is None:  # said before clauses were signed one by one
        same = scheme.state is State.APPROVED and fact.hash == scheme.hash
        return State.APPROVED if same else State.DRAFTED
    return State.DRAFTED if signing.turn(fact.clauses) is Signer.UNION else State.APPROVED
