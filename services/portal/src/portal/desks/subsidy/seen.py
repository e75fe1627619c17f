"""What evaluation tells of the claims of an order. Money in fen."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from portal.desks.signed import ReasonSeen


class RowSeen(BaseModel):
    """A certificate; `against` = why it cannot be claimed today."""

    certificate_id: UUID
    worker_id: UUID | None = None
    name: str
    number: str
    occupation: str
    level: str
    issued_on: date
    fen: int
    until: date | None
    against: ReasonSeen | None


class MissingSeen(BaseModel):
    """So many of something, and who brings it."""

    what: str
    count: int
    who: str
    by: date | None


class ClaimSeen(BaseModel):
    """What was claimed."""

    claim_id: UUID
    enterprise_id: str
    certificates: int
    amounts: dict[UUID, int] = {}
    """Fen of each certificate of it, as it was filed."""
    fallen: int
    fen: int
    filed_on: date
    state: str
    paid_fen: int | None
    reason: ReasonSeen | None
    settled_on: date | None


class RuleSeen(BaseModel):
    """By which rule; none of it where the rule data name no deadline."""

    place: str
    since: date | None
    months: int | None
    source: str


class StandSeen(BaseModel):
    """Where an order's claims stand."""

    order_id: UUID
    rule: RuleSeen
    claimable: int
    fen: int
    until: date | None
    days_left: int | None
    rows: list[RowSeen]
    claims: list[ClaimSeen]
    missing: list[MissingSeen]

    @property
    def waiting(self) -> int:
        """Fen of claims that nobody has answered."""
        return sum(each.fen for each in self.claims if each.state == "filed")

    @property
    def paid(self) -> int:
        """Fen that were paid."""
        return sum(each.paid_fen or 0 for each in self.claims)
