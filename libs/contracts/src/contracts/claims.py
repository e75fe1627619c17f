"""What evaluation says about the claims of subsidies. Key on `songjiao.orders`: the order. Money in fen (分)."""

from datetime import date
from typing import Annotated

from pydantic import Field

from contracts.base import Value
from contracts.evaluation import EvaluationFact
from contracts.values import (
    CertificateId,
    ClaimId,
    Code,
    Count,
    EnterpriseId,
    Fen,
    LevelCode,
    OccupationCode,
    Reason,
    WorkerId,
)


class ClaimedCertificate(Value):
    """A certificate in a claim, and what it brings. Once for each worker, occupation and level."""

    certificate_id: CertificateId
    worker_id: WorkerId
    occupation: OccupationCode
    level: LevelCode
    fen: Fen


class ClaimFact(EvaluationFact):
    """Said about one claim."""

    claim_id: ClaimId


class ClaimFiled(ClaimFact):
    """An enterprise claims the subsidy for certificates of an order, by the amounts in force on the day."""

    type = "claim.filed.v1"
    enterprise_id: EnterpriseId
    certificates: Annotated[tuple[ClaimedCertificate, ...], Field(min_length=1)]
    fen: Fen
    """Sum over the certificates."""
    place: Code
    """Whose notice names the amounts."""
    filed_on: date


class ClaimWithdrawn(ClaimFact):
    """The claim is taken back before it was settled: its certificates can be claimed again."""

    type = "claim.withdrawn.v1"
    certificates: Count


class ClaimSettled(ClaimFact):
    """The labour bureau has paid the claim, wholly, in part, or not at all (0, with the reason)."""

    type = "claim.settled.v1"
    paid_fen: Fen
    reason: Reason | None = None
    settled_on: date
