"""Rows of certificates, and the counters of their numbers."""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Integer,
    String,
    Table,
    Uuid,
    any_,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.values import CertificateId, EvaluationId, OrderId, PartMark, Reason
from evaluation.certificates.rules import Certificate, Series, unknown
from evaluation.metadata import metadata
from servicekit.db import Tx
from servicekit.facts import hold_subject

PARTS = TypeAdapter(tuple[PartMark, ...])

certificate = Table(
    "certificate",
    metadata,
    Column("certificate_id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("evaluation_id", Uuid, nullable=False, index=True),
    Column("worker_id", Uuid, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("number", String(22), nullable=False, unique=True),
    Column("demo", Boolean, nullable=False),
    Column("check", String(14), nullable=False),
    Column("occupation", String(10), nullable=False),
    Column("level", String(12), nullable=False),
    Column("parts", JSONB, nullable=False),
    Column("issuer", String(120), nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("revoked_on", Date),
    Column("reason", JSONB),
)
series = Table(
    "certificate_series",
    metadata,
    Column("prefix", String(13), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("level", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)
ORDER_OF = select(certificate.c.order_id).where(certificate.c.certificate_id == bindparam("certificate_id"))
READ = select(certificate).where(certificate.c.certificate_id == bindparam("certificate_id"))
OF_EVALUATION = (
    select(certificate)
    .where(certificate.c.evaluation_id == bindparam("evaluation_id"))
    .order_by(certificate.c.number)
)
OF_ORDER = (
    select(certificate).where(certificate.c.order_id == bindparam("order_id")).order_by(certificate.c.number)
)
STANDING = select(certificate.c.worker_id, certificate.c.level).where(
    certificate.c.worker_id == any_(bindparam("workers", type_=ARRAY(Uuid))),
    certificate.c.occupation == bindparam("of"),
    certificate.c.revoked_on.is_(None),
)
ADD = insert(certificate)
REVOKE = (
    update(certificate)
    .where(certificate.c.certificate_id == bindparam("of_certificate"))
    .values(revoked_on=bindparam("on"), reason=bindparam("why"))
)
_draw = upsert(series)
DRAW = _draw.on_conflict_do_update(
    index_elements=["prefix", "year", "level"], set_={"last": series.c.last + _draw.excluded.last}
).returning(series.c.last)
GIVEN = _draw.on_conflict_do_update(
    index_elements=["prefix", "year", "level"],
    set_={"last": func.greatest(series.c.last, _draw.excluded.last)},
)


async def draw(tx: Tx, of: Series, count: int) -> int:
    """The first of so many serials that nobody else gets: the counter's row is held to the end."""
    last: int = await tx.scalar(
        DRAW, {"prefix": of.prefix, "year": of.year, "level": of.level, "last": count}
    )
    return last - count + 1


async def given(tx: Tx, of: Series, serial: int) -> None:
    """This serial is somebody's: counting goes on behind it."""
    await tx.execute(GIVEN, {"prefix": of.prefix, "year": of.year, "level": of.level, "last": serial})


async def add(tx: Tx, certificates: Sequence[Certificate]) -> None:
    """Write new certificates."""
    if certificates:
        await tx.execute(ADD, [_row(each) for each in certificates])


async def save_revoked(tx: Tx, state: Certificate) -> None:
    """Write that the certificate no longer holds."""
    why = state.reason.model_dump(mode="json") if state.reason else None
    await tx.execute(REVOKE, {"of_certificate": state.certificate_id, "on": state.revoked_on, "why": why})


async def lock(tx: Tx, certificate_id: CertificateId) -> Certificate:
    """The certificate, its order held to the end of the transaction; `certificate.unknown`."""
    order_id = await tx.scalar(ORDER_OF, {"certificate_id": certificate_id})
    if order_id is not None:
        await hold_subject(tx, order_id)
    return await read(tx, certificate_id)


async def read(tx: Tx, certificate_id: CertificateId) -> Certificate:
    """The certificate, not held; `certificate.unknown`."""
    row = (await tx.execute(READ, {"certificate_id": certificate_id})).one_or_none()
    if row is None:
        raise unknown(certificate_id)
    return _of_row(row)


async def of_evaluation(tx: Tx, evaluation_id: EvaluationId) -> list[Certificate]:
    """All certificates of an evaluation by number."""
    return [_of_row(row) for row in await tx.execute(OF_EVALUATION, {"evaluation_id": evaluation_id})]


async def of_order(tx: Tx, order_id: OrderId) -> list[Certificate]:
    """All certificates of an order by number."""
    return [_of_row(row) for row in await tx.execute(OF_ORDER, {"order_id": order_id})]


def _row(state: Certificate) -> dict[str, Any]:
    told = {c.name: getattr(state, c.name) for c in certificate.c}
    return told | {
        "parts": PARTS.dump_python(state.parts, mode="json"),
        "reason": state.reason.model_dump(mode="json") if state.reason else None,
    }


def _of_row(row: Any) -> Certificate:
    told = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public name for a row as a mapping
    told["parts"] = PARTS.validate_python(told["parts"])
    told["reason"] = Reason.model_validate(told["reason"]) if told["reason"] else None
    return Certificate(**told)
