"""Rows of certificates, and the counters of their numbers."""

from collections.abc import Collection, Sequence
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
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.values import CertificateId, EvaluationId, OrderId, PartMark, Reason, WorkerId
from evaluation.certificates.rules import DIGITS, LAST_SERIAL, Certificate, Series, unknown
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
    Column("check_code", String(32)),
    Column("suspended_on", Date),
    Column("replaces", Uuid),
    Column("replaced_by", Uuid),
    Column("valid_until", Date),
    Column("renews", Uuid),
    Column("issuer_key", String(16), nullable=False, index=True),
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
BY_NUMBER = select(certificate).where(certificate.c.number == bindparam("number"))
NAME_OF_ISSUER = select(certificate.c.issuer).where(certificate.c.issuer_key == bindparam("issuer")).limit(1)
OF_SERIES = select(certificate.c.number, certificate.c.revoked_on, certificate.c.suspended_on).where(
    certificate.c.issuer_key == bindparam("issuer"),
    certificate.c.number.between(bindparam("first"), bindparam("last")),
)
OF_EVALUATION = (
    select(certificate)
    .where(certificate.c.evaluation_id == bindparam("evaluation_id"))
    .order_by(certificate.c.number)
)
OF_ORDER = (
    select(certificate).where(certificate.c.order_id == bindparam("order_id")).order_by(certificate.c.number)
)
PAGE_OF = (
    select(certificate)
    .where(certificate.c.order_id == bindparam("order_id"), certificate.c.number > bindparam("after"))
    .order_by(certificate.c.number)
    .limit(bindparam("most"))
)
STANDING = select(certificate.c.worker_id, certificate.c.level, certificate.c.issued_on).where(
    certificate.c.worker_id == any_(bindparam("workers", type_=ARRAY(Uuid))),
    certificate.c.occupation == bindparam("of"),
    certificate.c.revoked_on.is_(None),
    or_(certificate.c.valid_until.is_(None), certificate.c.valid_until >= bindparam("beyond")),
)
ENDING = (
    select(certificate)
    .where(
        certificate.c.worker_id == any_(bindparam("workers", type_=ARRAY(Uuid))),
        certificate.c.occupation == bindparam("of"),
        certificate.c.level == bindparam("at"),
        certificate.c.revoked_on.is_(None),
        certificate.c.valid_until.is_not(None),
    )
    .order_by(certificate.c.issued_on, certificate.c.number)
)
RENEWED = select(certificate.c.certificate_id).where(certificate.c.renews == bindparam("of")).limit(1)
NUMBERS_BETWEEN = select(certificate.c.number).where(
    certificate.c.number.between(bindparam("first"), bindparam("last"))
)
ADD = insert(certificate)
SAVE = (
    update(certificate)
    .where(certificate.c.certificate_id == bindparam("of_certificate"))
    .values(
        revoked_on=bindparam("revoked"),
        suspended_on=bindparam("suspended"),
        reason=bindparam("why"),
        replaced_by=bindparam("by"),
    )
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


async def save(tx: Tx, state: Certificate) -> None:
    """Write whether the certificate holds, why, and what came in its place."""
    why = state.reason.model_dump(mode="json") if state.reason else None
    await tx.execute(
        SAVE,
        {
            "of_certificate": state.certificate_id, "revoked": state.revoked_on, "suspended": state.suspended_on,
            "why": why, "by": state.replaced_by,
        },
    )  # fmt: skip


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


async def by_number(tx: Tx, number: str) -> Certificate | None:
    """The certificate with this number, if there is one."""
    row = (await tx.execute(BY_NUMBER, {"number": number})).one_or_none()
    return _of_row(row) if row else None


async def name_of_issuer(tx: Tx, issuer: str) -> str | None:
    """Who issues under this key, if anybody does."""
    name: str | None = await tx.scalar(NAME_OF_ISSUER, {"issuer": issuer})
    return name


async def serials_between(tx: Tx, first: str, last: str) -> set[int]:
    """The serials that certificates have between these numbers, whoever they are of."""
    return {
        int(each.number[-DIGITS:])
        for each in await tx.execute(NUMBERS_BETWEEN, {"first": first, "last": last})
    }


async def ending(
    tx: Tx, workers: Collection[WorkerId], occupation: str, level: str
) -> dict[tuple[WorkerId, str], Certificate]:
    """Of these people the newest certificate of each kind, for this, that has an end and was not revoked."""
    rows = await tx.execute(ENDING, {"workers": list(workers), "of": occupation, "at": level})
    found = [_of_row(row) for row in rows]
    return {(each.worker_id, each.kind): each for each in found}


async def is_renewed(tx: Tx, certificate_id: CertificateId) -> bool:
    """Another follows it."""
    return await tx.scalar(RENEWED, {"of": certificate_id}) is not None


async def standing_of(tx: Tx, issuer: str, series: str) -> list[tuple[str, bool, bool]]:
    """Of an issuer's certificates of a series: number, whether it is revoked, whether suspended."""
    of = {"issuer": issuer, "first": f"{series}{0:0{DIGITS}d}", "last": f"{series}{LAST_SERIAL}"}
    rows = await tx.execute(OF_SERIES, of)
    return [(row.number, row.revoked_on is not None, row.suspended_on is not None) for row in rows]


async def of_evaluation(tx: Tx, evaluation_id: EvaluationId) -> list[Certificate]:
    """All certificates of an evaluation by number."""
    return [_of_row(row) for row in await tx.execute(OF_EVALUATION, {"evaluation_id": evaluation_id})]


async def of_order(tx: Tx, order_id: OrderId) -> list[Certificate]:
    """All certificates of an order by number."""
    return [_of_row(row) for row in await tx.execute(OF_ORDER, {"order_id": order_id})]


async def page_of(tx: Tx, order_id: OrderId, after: str, most: int) -> list[Certificate]:
    """So many certificates of an order behind this number, by number."""
    asked = {"order_id": order_id, "after": after, "most": most}
    return [_of_row(row) for row in await tx.execute(PAGE_OF, asked)]


async def every(tx: Tx) -> list[Certificate]:
    """All certificates by number."""
    return [_of_row(row) for row in await tx.execute(select(certificate).order_by(certificate.c.number))]


def _row(state: Certificate) -> dict[str, Any]:
    told = {c.name: getattr(state, c.name) for c in certificate.c}
    return told | {
        "parts": PARTS.dump_python(state.parts, mode="json"),
        "reason": state.reason.model_dump(mode="json") if state.reason else None,
    }


def _of_row(row: Any) -> Certificate:
    told = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public name for a row as a mapping
    del told["issuer_key"]
    told["parts"] = PARTS.validate_python(told["parts"])
    told["reason"] = Reason.model_validate(told["reason"]) if told["reason"] else None
    return Certificate(**told)
