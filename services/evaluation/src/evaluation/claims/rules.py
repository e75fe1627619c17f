"""What can be claimed for a certificate, and what becomes of a claim. Pure; money in fen, local days."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from contracts.claims import ClaimedCertificate, ClaimFact, ClaimFiled, ClaimSettled, ClaimWithdrawn
from contracts.programme import Programmes
from contracts.programme_subsidy import YearlyRules
from contracts.refusals import Invalid, Refused
from contracts.values import (
    CertificateId,
    ClaimId,
    Code,
    EnterpriseId,
    LevelCode,
    OccupationCode,
    OrderId,
    Reason,
    WorkerId,
    because,
)
from evaluation.certificates.rules import OF_ENTERPRISE, Certificate
from staffing.subsidies import FEN, certificate_allowance, claimed_until, in_a_year

Once = tuple[WorkerId, OccupationCode, LevelCode]
"""For which the subsidy is paid once."""


class ClaimState(StrEnum):
    """Where a claim stands."""

    FILED = "filed"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Claim:
    """What one enterprise has claimed for certificates of one order."""

    claim_id: ClaimId
    order_id: OrderId
    enterprise_id: EnterpriseId
    certificates: tuple[ClaimedCertificate, ...]
    fen: int
    place: Code
    filed_on: date
    state: ClaimState = ClaimState.FILED
    paid_fen: int | None = None
    reason: Reason | None = None
    settled_on: date | None = None

    @property
    def stands(self) -> bool:
        """Its certificates cannot be claimed again: it waits, or something was paid for it."""
        return self.state is ClaimState.FILED or (self.state is ClaimState.SETTLED and bool(self.paid_fen))


@dataclass(frozen=True)
class Row:
    """A certificate as far as a claim asks: what it brings and until when; `against` = why not (none = it can be)."""

    certificate: Certificate
    fen: int
    until: date | None
    """Last day; none where no rule that is known names one."""
    against: Reason | None

    @property
    def claimable(self) -> bool:
        """It can be claimed today."""
        return self.against is None


def once(certificate: Certificate) -> Once:
    """For what it is paid once: this person, occupation and level."""
    return certificate.worker_id, certificate.occupation, certificate.level


def rows(
    certificates: Sequence[Certificate],
    claimed: Mapping[Once, CertificateId],
    programmes: Programmes,
    *,
    today: date,
    this_year: Mapping[WorkerId, Sequence[int]] | None = None,
) -> list[Row]:
    """Every certificate with what it brings, its last day by the rule of its first day, and what stands against
    claiming it today.

    `claimed` = what a standing claim has, of any order; `this_year` = fen that standing claims of the year have for
    each person, where a rule limits a year. Issued anew, a certificate keeps the last day of the first.
    """
    by_id = {each.certificate_id: each for each in certificates}
    found = [_row(each, each.first_issued(by_id), claimed, programmes, today) for each in certificates]
    rule = programmes.rules.subsidy.a_year(today)
    return found if rule is None else _in_a_year(found, rule, this_year or {})


def _in_a_year(
    found: Sequence[Row], rule: YearlyRules, this_year: Mapping[WorkerId, Sequence[int]]
) -> list[Row]:
    """Of one person no more than the rule lets a calendar year bring, by the day on which it is claimed."""
    open_: dict[WorkerId, list[int]] = {}
    for at, row in enumerate(found):
        if row.claimable:
            open_.setdefault(row.certificate.worker_id, []).append(at)
    after = list(found)
    for worker, places in open_.items():
        first = {once(found[at].certificate): at for at in reversed(places)}
        each_once = sorted(first.values())
        paid = in_a_year([found[at].fen for at in each_once], rule, this_year.get(worker, ()))
        for at, fen in zip(each_once, paid, strict=True):
            why = because("claim.year_full" if rule.most_yuan is not None else "claim.year_highest")
            after[at] = replace(found[at], fen=fen, against=None if fen else why)
    return after


def _row(
    certificate: Certificate,
    first_issued: date,
    claimed: Mapping[Once, CertificateId],
    programmes: Programmes,
    today: date,
) -> Row:
    allowance = None
    if certificate.kind != OF_ENTERPRISE:  # the enterprise's own certificate is no skill level
        allowance = certificate_allowance(certificate.level, programmes)
    until = claimed_until(first_issued, programmes)
    return Row(
        certificate=certificate,
        fen=int(allowance.yuan * FEN) if allowance else 0,
        until=until if allowance else None,
        against=_against(certificate, claimed, has_amount=allowance is not None, until=until, today=today),
    )


def _against(
    certificate: Certificate,
    claimed: Mapping[Once, CertificateId],
    *,
    has_amount: bool,
    until: date | None,
    today: date,
) -> Reason | None:
    taken = claimed.get(once(certificate))
    if not certificate.valid:  # said first: a claim may have been filed for it before
        return because("claim.not_valid")
    if taken == certificate.certificate_id:
        return because("claim.claimed")
    if not has_amount:
        return because("claim.no_amount")
    if taken is not None:
        return because("claim.once", level=certificate.level)
    if until is not None and today > until:
        return because("claim.too_late", until=until)
    return None


def file(
    chosen: Collection[CertificateId] | None,
    known: Sequence[Row],
    *,
    claim_id: ClaimId,
    order_id: OrderId,
    enterprise_id: EnterpriseId,
    place: Code,
    today: date,
) -> ClaimFiled:
    """The claim for these certificates (none named = all that can be); one that cannot be is refused by its reason."""
    by_id = {row.certificate.certificate_id: row for row in known}
    if chosen is not None:
        for each in chosen:
            row = by_id.get(each)
            if row is None:
                raise Invalid("claim.not_of_this_order", field="body.certificates", certificate_id=each)
            if row.against is not None:
                raise Refused(row.against.code, **dict[str, Any](row.against.figures))
    taken = _each_once([row for row in known if row.claimable], chosen)
    if not taken:
        raise Refused("claim.nothing_to_claim")
    certificates = tuple(
        ClaimedCertificate(
            certificate_id=row.certificate.certificate_id,
            worker_id=row.certificate.worker_id,
            occupation=row.certificate.occupation,
            level=row.certificate.level,
            fen=row.fen,
        )
        for row in taken
    )
    return ClaimFiled(
        order_id=order_id,
        claim_id=claim_id,
        enterprise_id=enterprise_id,
        certificates=certificates,
        fen=sum(each.fen for each in certificates),
        place=place,
        filed_on=today,
    )


def _each_once(claimable: Sequence[Row], chosen: Collection[CertificateId] | None) -> list[Row]:
    """Of two certificates of one person for the same, the first: the second is paid for nowhere."""
    found: dict[Once, Row] = {}
    for row in claimable:
        if chosen is None or row.certificate.certificate_id in chosen:
            found.setdefault(once(row.certificate), row)
    return list(found.values())


def withdraw(claim: Claim) -> ClaimWithdrawn:
    """Taken back before it is settled."""
    _check_filed(claim)
    return ClaimWithdrawn(
        order_id=claim.order_id, claim_id=claim.claim_id, certificates=len(claim.certificates)
    )


def settle(
    claim: Claim, paid_fen: int, reason: Reason | None, allowed: Collection[str], *, today: date
) -> ClaimSettled:
    """What came of it: less than was claimed needs its reason, one of the programme's."""
    _check_filed(claim)
    if reason is not None and reason.code not in allowed:
        raise Invalid(
            "claim.reason_unknown", field="body.reason.code", reason=reason.code, allowed=", ".join(allowed)
        )
    if paid_fen > claim.fen:
        raise Invalid(
            "claim.paid_too_much", field="body.paid_fen", paid=yuan(paid_fen), claimed=yuan(claim.fen)
        )
    if paid_fen == claim.fen and reason is not None:
        raise Invalid("claim.paid_whole", field="body.reason", claimed=yuan(claim.fen))
    if paid_fen < claim.fen and reason is None:
        raise Invalid("claim.why_less", field="body.reason", paid=yuan(paid_fen), claimed=yuan(claim.fen))
    return ClaimSettled(
        order_id=claim.order_id, claim_id=claim.claim_id, paid_fen=paid_fen, reason=reason, settled_on=today
    )


def _check_filed(claim: Claim) -> None:
    if claim.state is not ClaimState.FILED:
        raise Refused("claim.not_filed", state=claim.state)


def yuan(fen: int) -> str:
    """Yuan with two places, exact."""
    return f"{fen // FEN}.{fen % FEN:02d}"


def evolve(claim: Claim | None, fact: ClaimFact) -> Claim:
    """The claim after a fact about it. Nothing else changes it."""
    if isinstance(fact, ClaimFiled):
        return Claim(
            claim_id=fact.claim_id,
            order_id=fact.order_id,
            enterprise_id=fact.enterprise_id,
            certificates=fact.certificates,
            fen=fact.fen,
            place=fact.place,
            filed_on=fact.filed_on,
        )
    if claim is None:
        raise TypeError(f"{fact.type} before the claim was filed")
    match fact:
        case ClaimWithdrawn():
            return replace(claim, state=ClaimState.WITHDRAWN)
        case ClaimSettled():
            return replace(
                claim,
                state=ClaimState.SETTLED,
                paid_fen=fact.paid_fen,
                reason=fact.reason,
                settled_on=fact.settled_on,
            )
    raise TypeError(f"{fact.type} says nothing about a claim")
