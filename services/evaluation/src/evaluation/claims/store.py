"""Rows of claims, and for what a standing one is paid: one row for each person, occupation and level."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    Date,
    Integer,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    any_,
    bindparam,
    delete,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.claims import ClaimedCertificate
from contracts.refusals import NotFound
from contracts.values import CertificateId, ClaimId, OrderId, Reason, WorkerId
from evaluation.claims.rules import Claim, ClaimState, Once
from evaluation.metadata import metadata
from servicekit.db import Tx
from servicekit.facts import hold_subject

CERTIFICATES = TypeAdapter(tuple[ClaimedCertificate, ...])

claim = Table(
    "claim",
    metadata,
    Column("claim_id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("enterprise_id", String(40), nullable=False, index=True),
    Column("certificates", JSONB, nullable=False),
    Column("fen", Integer, nullable=False),
    Column("place", String(64), nullable=False),
    Column("filed_on", Date, nullable=False),
    Column("state", String(9), nullable=False),
    Column("paid_fen", Integer),
    Column("reason", JSONB),
    Column("settled_on", Date),
)
claimed = Table(
    "claimed",
    metadata,
    Column("certificate_id", Uuid, primary_key=True),
    Column("claim_id", Uuid, nullable=False, index=True),
    Column("worker_id", Uuid, nullable=False),
    Column("occupation", String(10), nullable=False),
    Column("level", String(12), nullable=False),
    UniqueConstraint("worker_id", "occupation", "level"),
)
"""Of claims that stand. The constraint decides between two that are filed at the same moment."""
ORDER_OF = select(claim.c.order_id).where(claim.c.claim_id == bindparam("claim_id"))
READ = select(claim).where(claim.c.claim_id == bindparam("claim_id"))
OF_ORDER = (
    select(claim)
    .where(claim.c.order_id == bindparam("order_id"))
    .order_by(claim.c.filed_on, claim.c.claim_id)
)
OF_WORKERS = select(claimed).where(claimed.c.worker_id == any_(bindparam("workers", type_=ARRAY(Uuid))))
ALL = select(claim).order_by(claim.c.filed_on, claim.c.claim_id)
OF_YEAR = (
    select(claim.c.certificates, claimed.c.certificate_id)
    .join(claimed, claimed.c.claim_id == claim.c.claim_id)
    .where(
        claimed.c.worker_id == any_(bindparam("workers", type_=ARRAY(Uuid))),
        claim.c.filed_on.between(bindparam("first", type_=Date), bindparam("last", type_=Date)),
    )
)
_save = upsert(claim)
SAVE = _save.on_conflict_do_update(
    index_elements=["claim_id"],
    set_={c.name: _save.excluded[c.name] for c in claim.c if c.name != "claim_id"},
)
TAKE = upsert(claimed).on_conflict_do_nothing()
HELD = select(claimed.c.certificate_id).where(claimed.c.claim_id == bindparam("claim_id"))
LET_GO = delete(claimed).where(claimed.c.claim_id == bindparam("claim_id"))


async def lock(tx: Tx, claim_id: ClaimId) -> Claim:
    """The claim, its order held to the end of the transaction; `claim.unknown`."""
    order_id = await tx.scalar(ORDER_OF, {"claim_id": claim_id})
    if order_id is None:
        raise unknown(claim_id)
    await hold_subject(tx, order_id)
    return await read(tx, claim_id)


async def read(tx: Tx, claim_id: ClaimId) -> Claim:
    """The claim; `claim.unknown`."""
    row = (await tx.execute(READ, {"claim_id": claim_id})).one_or_none()
    if row is None:
        raise unknown(claim_id)
    return _of_row(row)


def unknown(claim_id: UUID) -> NotFound:
    """There is none, or not for the one who asks."""
    return NotFound("claim.unknown", claim_id=claim_id)


async def of_order(tx: Tx, order_id: OrderId) -> list[Claim]:
    """All claims of an order, as they were filed."""
    return [_of_row(row) for row in await tx.execute(OF_ORDER, {"order_id": order_id})]


async def claimed_for(tx: Tx, workers: Collection[WorkerId]) -> dict[Once, CertificateId]:
    """What standing claims have for these people."""
    rows = await tx.execute(OF_WORKERS, {"workers": list(workers)})
    return {(row.worker_id, row.occupation, row.level): row.certificate_id for row in rows}


async def claimed_in(tx: Tx, workers: Collection[WorkerId], year: int) -> dict[WorkerId, list[int]]:
    """Fen that standing claims filed in this year have for these people, certificate by certificate."""
    found: dict[WorkerId, list[int]] = {}
    rows = await tx.execute(
        OF_YEAR, {"workers": list(workers), "first": date(year, 1, 1), "last": date(year, 12, 31)}
    )
    for row in rows:
        for each in CERTIFICATES.validate_python(row.certificates):
            if each.certificate_id == row.certificate_id:
                found.setdefault(each.worker_id, []).append(each.fen)
    return found


async def all_standing(tx: Tx) -> list[Claim]:
    """Every claim that waits or was paid."""
    return [each for row in await tx.execute(ALL) if (each := _of_row(row)).stands]


async def save(tx: Tx, state: Claim) -> Sequence[CertificateId]:
    """The claim as it is now, and for what it is paid: which of its certificates it has."""
    await tx.execute(SAVE, _row(state))
    if not state.stands:
        await tx.execute(LET_GO, {"claim_id": state.claim_id})
        return ()
    taken = [
        {
            "certificate_id": each.certificate_id,
            "claim_id": state.claim_id,
            "worker_id": each.worker_id,
            "occupation": each.occupation,
            "level": each.level,
        }
        for each in sorted(state.certificates, key=lambda each: (each.worker_id, each.occupation, each.level))
    ]
    await tx.execute(TAKE, taken)
    return [row.certificate_id for row in await tx.execute(HELD, {"claim_id": state.claim_id})]


def _row(state: Claim) -> dict[str, Any]:
    told = {c.name: getattr(state, c.name) for c in claim.c}
    return told | {
        "certificates": CERTIFICATES.dump_python(state.certificates, mode="json"),
        "reason": state.reason.model_dump(mode="json") if state.reason else None,
    }


def _of_row(row: Any) -> Claim:
    told = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public name for a row as a mapping
    told["certificates"] = CERTIFICATES.validate_python(told["certificates"])
    told["state"] = ClaimState(told["state"])
    told["reason"] = Reason.model_validate(told["reason"]) if told["reason"] else None
    return Claim(**told)
