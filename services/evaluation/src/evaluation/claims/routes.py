"""Addresses of claims."""

from collections.abc import Collection
from datetime import date
from typing import Annotated

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from contracts.programme_subsidy import subsidy_in
from contracts.programme_tables import Source
from contracts.values import (
    CertificateId,
    CertificateNumber,
    ClaimId,
    Code,
    EnterpriseId,
    Fen,
    LevelCode,
    OccupationCode,
    OrderId,
    OrderNumber,
    Reason,
    WorkerId,
)
from evaluation import directory
from evaluation.archive.zipped import ZIP
from evaluation.claims import commands
from evaluation.claims.missing import Who
from evaluation.claims.rules import Claim, ClaimState
from evaluation.claims.what_if import Line
from evaluation.known import known
from servicekit.clock import today
from servicekit.db import Tx
from servicekit.http import Request, Router, Transaction, refusals, without_key
from servicekit.identity import Actor, actor_with

router = Router(tags=["claims"])
Enterprise = Annotated[Actor, Depends(actor_with("enterprise"))]
Union = Annotated[Actor, Depends(actor_with("union"))]
Reader = Annotated[Actor, Depends(actor_with("union", "enterprise"))]
Looker = Annotated[Actor, Depends(actor_with("union", "administrator"))]
MOST = 2000
"""Certificates in one claim: as many people as a line has."""


class Chosen(Request):
    """For which certificates; null = for all that can be claimed."""

    certificates: Annotated[list[CertificateId], Field(min_length=1, max_length=MOST)] | None = None


class Paid(Request):
    """What came of a claim; less than was claimed needs its reason."""

    paid_fen: Fen
    reason: Reason | None = None


class RowView(BaseModel):
    """A certificate and what it brings; `against` = why it cannot be claimed today."""

    certificate_id: CertificateId
    worker_id: WorkerId
    name: str
    number: CertificateNumber
    occupation: OccupationCode
    level: LevelCode
    issued_on: date
    fen: Fen
    until: date | None
    against: Reason | None


class MissingView(BaseModel):
    """So many of something are missing, and who brings it; `by` = the day that is known for it."""

    what: Code
    count: int
    who: Who
    by: date | None


class ClaimView(BaseModel):
    """A claim."""

    claim_id: ClaimId
    enterprise_id: EnterpriseId
    certificates: int
    claimed: list[CertificateId]
    amounts: dict[CertificateId, Fen]
    """Of each of these, as it was filed: what it would bring today may be otherwise."""
    fallen: int
    """Of these, how many do not hold now: revoked or suspended since."""
    fen: Fen
    place: Code
    filed_on: date
    state: ClaimState
    paid_fen: Fen | None
    reason: Reason | None
    settled_on: date | None

    @classmethod
    def of(cls, claim: Claim, holding: Collection[CertificateId]) -> "ClaimView":
        """What is shown of it; `holding` = certificates that hold."""
        told = {
            name: getattr(claim, name)
            for name in cls.model_fields
            if name not in {"certificates", "claimed", "amounts", "fallen"}
        }
        fallen = sum(each.certificate_id not in holding for each in claim.certificates)
        return cls(
            certificates=len(claim.certificates),
            claimed=[each.certificate_id for each in claim.certificates],
            amounts={each.certificate_id: each.fen for each in claim.certificates},
            fallen=fallen,
            **told,
        )


class RuleView(BaseModel):
    """By which rule: of which place, since when, within how many months, and where it comes from."""

    place: Code
    since: date | None
    months: int | None
    source: Source


class StandView(BaseModel):
    """Where an order's claims stand."""

    order_id: OrderId
    number: OrderNumber
    enterprise_id: EnterpriseId
    rule: RuleView
    claimable: int
    fen: Fen
    """What can be claimed today."""
    until: date | None
    """First last day among what can be claimed."""
    days_left: int | None
    rows: list[RowView]
    claims: list[ClaimView]
    missing: list[MissingView]


class OtherRules(Request):
    """A whole `rules.yaml`, of which `subsidy` counts, or that block alone."""

    rules: Annotated[str, Field(max_length=200_000)]


class LineView(BaseModel):
    """An order's certificates of one level: what standing claims have for them, what they bring, and would bring."""

    order_id: OrderId
    number: OrderNumber
    enterprise_id: EnterpriseId
    level: LevelCode
    certificates: int
    claimed_fen: Fen
    fen: Fen
    other_fen: Fen
    difference: int

    @classmethod
    def of(cls, line: Line) -> "LineView":
        """As it is counted."""
        return cls(**{name: getattr(line, name) for name in cls.model_fields})


class WhatIfView(BaseModel):
    """By order and level, and all together."""

    lines: list[LineView]
    fen: Fen
    other_fen: Fen
    difference: int


class Filed(BaseModel):
    """The claim that was filed."""

    claim_id: ClaimId
    certificates: int
    fen: Fen


@router.get("/orders/{order_id}/claims", responses=refusals("order.unknown"))
async def read_claims(order_id: OrderId, tx: Transaction, by: Reader) -> StandView:
    """What can be claimed and until when, what was, and what is still missing, by whom: from the first day on."""
    stand = await commands.stand(tx, order_id, seen_by=by)
    day = await today(tx)
    names = await directory.names(tx, {row.certificate.worker_id for row in stand.rows})
    open_ = [row for row in stand.rows if row.claimable]
    holding = {row.certificate.certificate_id for row in stand.rows if row.certificate.valid}
    until = min((row.until for row in open_ if row.until), default=None)
    return StandView(
        order_id=order_id,
        number=stand.order.number,
        enterprise_id=stand.order.enterprise_id,
        rule=_rule(tx, day),
        claimable=len(open_),
        fen=sum(row.fen for row in open_),
        until=until,
        days_left=(until - day).days if until else None,
        rows=[
            RowView(
                certificate_id=row.certificate.certificate_id,
                worker_id=row.certificate.worker_id,
                name=names[row.certificate.worker_id],
                number=row.certificate.number,
                occupation=row.certificate.occupation,
                level=row.certificate.level,
                issued_on=row.certificate.issued_on,
                fen=row.fen,
                until=row.until,
                against=row.against,
            )
            for row in stand.rows
        ],
        claims=[ClaimView.of(each, holding) for each in stand.claims],
        missing=[
            MissingView(what=each.what, count=each.count, who=each.who, by=each.by) for each in stand.missing
        ],
    )


def _rule(tx: Tx, day: date) -> RuleView:
    rules = known(tx).programmes.rules.subsidy
    rule = rules.claiming(day)
    return RuleView(
        place=rules.place.value,
        since=rule.since if rule else None,
        months=rule.months if rule else None,
        source=rule.source if rule else rules.place.source,
    )


@router.post(
    "/orders/{order_id}/claims",
    status_code=201,
    responses=refusals(
        "order.unknown",
        "claim.not_of_this_order",
        "claim.nothing_to_claim",
        "claim.claimed",
        "claim.claimed_meanwhile",
        "claim.not_valid",
        "claim.no_amount",
        "claim.once",
        "claim.too_late",
    ),
)
async def file_claim(order_id: OrderId, given: Chosen, tx: Transaction, by: Enterprise) -> Filed:
    """Claim the subsidy for these certificates of one's own people, or for all that can be."""
    filed = await commands.file(tx, order_id, given.certificates, by=by)
    return Filed(claim_id=filed.claim_id, certificates=len(filed.certificates), fen=filed.fen)


@router.post(
    "/claims/{claim_id}/withdraw", status_code=204, responses=refusals("claim.unknown", "claim.not_filed")
)
async def withdraw_claim(claim_id: ClaimId, tx: Transaction, by: Enterprise) -> None:
    """Take a claim back before it is settled; its certificates can be claimed again."""
    await commands.withdraw(tx, claim_id, by=by)


@router.post(
    "/claims/{claim_id}/settle",
    status_code=204,
    responses=refusals(
        "claim.unknown",
        "claim.not_filed",
        "claim.paid_too_much",
        "claim.why_less",
        "claim.paid_whole",
        "claim.reason_unknown",
    ),
)
async def settle_claim(claim_id: ClaimId, given: Paid, tx: Transaction, by: Union) -> None:
    """Note what the labour bureau has paid; paid nothing, its certificates can be claimed again."""
    await commands.settle(tx, claim_id, given.paid_fen, given.reason, by=by)


@router.post("/claims/what-if", responses=refusals("claim.rules_wrong"))
@without_key  # a question, which changes nothing
async def what_if(given: OtherRules, tx: Transaction, _: Looker) -> WhatIfView:
    """What all certificates would bring by another rule file, by order and level, beside today's."""
    lines = [LineView.of(each) for each in await commands.what_if(tx, subsidy_in(given.rules))]
    return WhatIfView(
        lines=lines,
        fen=sum(each.fen for each in lines),
        other_fen=sum(each.other_fen for each in lines),
        difference=sum(each.difference for each in lines),
    )


@router.get(
    "/claims/{claim_id}/pack",
    response_class=Response,
    responses=refusals("claim.unknown") | {200: {"content": {ZIP: {}}}},
)
async def fetch_pack(claim_id: ClaimId, tx: Transaction, by: Reader) -> Response:
    """What goes to the labour bureau with the claim: a ZIP with a list of hashes, signed; `songjiao archive check`."""
    return (await commands.pack_of(tx, claim_id, seen_by=by)).answer()
