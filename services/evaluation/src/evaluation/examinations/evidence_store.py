"""Rows of the papers that were seen; what they say is encrypted."""

from collections.abc import Collection

from sqlalchemy import Column, Date, Index, String, Table, Uuid, any_, bindparam, insert, select
from sqlalchemy.dialects.postgresql import ARRAY

from contracts.values import OccupationCode, WorkerId
from evaluation.examinations.evidence import Evidence, Paper, Told
from evaluation.metadata import metadata
from servicekit.db import EncryptedText, Tx, UtcTime

evidence = Table(
    "evidence",
    metadata,
    Column("evidence_id", Uuid, primary_key=True),
    Column("worker_id", Uuid, nullable=False),
    Column("occupation", String(10), nullable=False),
    Column("told", EncryptedText("evidence.told"), nullable=False),
    Column("paper", String(12), nullable=False),
    Column("seen_on", Date, nullable=False),
    Column("noted_by", String(80), nullable=False),
    Column("noted_at", UtcTime, nullable=False),
    Index("evidence_worker_id_occupation_ix", "worker_id", "occupation"),
)
READ = (
    select(evidence)
    .where(
        evidence.c.worker_id == any_(bindparam("workers", type_=ARRAY(Uuid))),
        evidence.c.occupation == bindparam("of"),
    )
    .order_by(evidence.c.noted_at, evidence.c.evidence_id)
)
ADD = insert(evidence)


async def add(tx: Tx, one: Evidence) -> None:
    """Keep what was seen."""
    told = {c.name: getattr(one, c.name) for c in evidence.c}
    await tx.execute(ADD, told | {"told": one.told.model_dump_json(exclude_none=True)})


async def of_workers(
    tx: Tx, workers: Collection[WorkerId], occupation: OccupationCode
) -> dict[WorkerId, list[Evidence]]:
    """What was seen of these workers for the occupation, in the order in which it was noted."""
    found: dict[WorkerId, list[Evidence]] = {}
    for row in await tx.execute(READ, {"workers": list(workers), "of": occupation}):
        told = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public name for a row as a mapping
        told["told"], told["paper"] = Told.model_validate_json(row.told), Paper(row.paper)
        found.setdefault(row.worker_id, []).append(Evidence(**told))
    return found
