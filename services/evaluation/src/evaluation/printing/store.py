"""Rows of runs and of papers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import any_, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.types import Uuid

from contracts.values import CertificateId, OrderId
from evaluation.printing.press import Printed
from evaluation.printing.tables import print_run, printed_certificate
from servicekit.columns import CIPHER_BYTES
from servicekit.db import Tx

IDS = bindparam("ids", type_=ARRAY(Uuid))
READ = select(print_run).where(print_run.c.order_id == bindparam("of_order"))
LOCK = READ.with_for_update()
_begin = upsert(print_run)
BEGIN = _begin.on_conflict_do_update(
    index_elements=["order_id"],
    set_={c.name: _begin.excluded[c.name] for c in print_run.c if c.name != "order_id"},
)
ADVANCE = (
    update(print_run)
    .where(print_run.c.order_id == bindparam("of_order"))
    .values(
        done=bindparam("so_many"),
        after=bindparam("behind"),
        unprintable=bindparam("cannot"),
        ended_at=bindparam("ended"),
    )
)
KEPT = select(
    printed_certificate.c.certificate_id,
    printed_certificate.c.digest,
    (func.octet_length(printed_certificate.c.pdf) - CIPHER_BYTES).label("pdf_bytes"),
    func.octet_length(printed_certificate.c.badge).label("badge_bytes"),
).where(printed_certificate.c.certificate_id == any_(IDS))
PAPERS = select(printed_certificate).where(printed_certificate.c.certificate_id == any_(IDS))
_keep = upsert(printed_certificate)
KEEP = _keep.on_conflict_do_update(
    index_elements=["certificate_id"],
    set_={name: _keep.excluded[name] for name in ("digest", "pdf", "badge", "printed_at")},
)
FORGET_RUN = delete(print_run).where(print_run.c.order_id == bindparam("of_order"))
FORGET_PAPERS = delete(printed_certificate).where(printed_certificate.c.order_id == bindparam("of_order"))


@dataclass(frozen=True)
class Run:
    """How far the printing of an order is: behind which number it goes on, and what no font can show."""

    order_id: OrderId
    run_id: UUID
    asked_at: datetime
    total: int
    done: int
    after: str
    unprintable: Sequence[Sequence[str]]
    """Number and characters."""
    ended_at: datetime | None


@dataclass(frozen=True)
class Kept:
    """A paper that was printed: of which content, and how long its files are."""

    digest: str
    pdf_bytes: int
    badge_bytes: int


async def find(tx: Tx, order_id: OrderId) -> Run | None:
    """The order's last run, if it was not forgotten."""
    row = (await tx.execute(READ, {"of_order": order_id})).one_or_none()
    return Run(**row._mapping) if row else None  # noqa: SLF001  a row as a mapping


async def lock(tx: Tx, order_id: OrderId) -> Run | None:
    """The same, held to the end of the transaction."""
    row = (await tx.execute(LOCK, {"of_order": order_id})).one_or_none()
    return Run(**row._mapping) if row else None  # noqa: SLF001


async def begin(tx: Tx, run: Run) -> None:
    """A new run takes the place of the one before; papers stay."""
    await tx.execute(BEGIN, asdict(run))


async def advance(tx: Tx, run: Run) -> None:
    """Write how far it is."""
    await tx.execute(
        ADVANCE,
        {
            "of_order": run.order_id, "so_many": run.done, "behind": run.after,
            "cannot": [list(each) for each in run.unprintable], "ended": run.ended_at,
        },
    )  # fmt: skip


async def keep(tx: Tx, order_id: OrderId, printed: Sequence[Printed], at: datetime) -> None:
    """Keep papers; printed anew, the newer one."""
    if printed:
        await tx.execute(KEEP, [asdict(each) | {"order_id": order_id, "printed_at": at} for each in printed])


async def kept(tx: Tx, ids: Collection[CertificateId]) -> Mapping[CertificateId, Kept]:
    """Which of these are printed."""
    rows = await tx.execute(KEPT, {"ids": list(ids)})
    return {row.certificate_id: Kept(row.digest, row.pdf_bytes, row.badge_bytes) for row in rows}


async def papers(tx: Tx, ids: Collection[CertificateId]) -> Mapping[CertificateId, tuple[bytes, str]]:
    """Paper and badge of each that is printed."""
    rows = await tx.execute(PAPERS, {"ids": list(ids)})
    return {row.certificate_id: (row.pdf, row.badge) for row in rows}


async def forget(tx: Tx, order_id: OrderId) -> None:
    """Neither run nor papers: printed again they are the same bytes."""
    await tx.execute(FORGET_RUN, {"of_order": order_id})
    await tx.execute(FORGET_PAPERS, {"of_order": order_id})
