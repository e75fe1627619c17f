"""Names and evidence of workers, encrypted, filled ahead by a job; no read model and in no fact.

A worker who is not in it shows as their number, and cannot be admitted to an evaluation yet.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Column, Date, Integer, String, Table, Uuid, any_, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.programme_personal import KeptClass
from contracts.values import OrderId, WorkerId
from evaluation.known import known
from evaluation.metadata import metadata
from evaluation.neighbours import People, Worker
from evaluation.orders import commands as orders
from servicekit.db import EncryptedText, Tx
from servicekit.removals import removal_table
from servicekit.timers import Due, Job

FILL = "directory.fill"
PURPOSE = "evaluation"

directory = Table(
    "directory",
    metadata,
    Column("worker_id", Uuid, primary_key=True),
    Column("name", EncryptedText("directory.name"), nullable=False),
    Column("id_masked", EncryptedText("directory.id_masked"), nullable=False),
    Column("last_four", EncryptedText("directory.last_four"), nullable=False),
    Column("birth_date", EncryptedText("directory.birth_date")),
    Column("years_in_trade", Integer, nullable=False),
    Column("holds_level", String(12)),
    Column("drop_on", Date),
    Column("kept_by", String(12)),
)
"""`drop_on`: the person was erased, and the name is kept until this day for the class of data in `kept_by` alone."""
removal = removal_table(metadata)
erased = Table(
    "erased",
    metadata,
    Column("worker_id", Uuid, primary_key=True),
    Column("erased_on", Date, nullable=False),
)
"""Of whom nothing more is asked about what was before this day; their number and a day say no more."""
KEPT = select(directory).where(directory.c.worker_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
READ = KEPT.where(directory.c.drop_on.is_(None))
_noted = upsert(erased)
NOTE_ERASED = _noted.on_conflict_do_update(
    index_elements=["worker_id"], set_={"erased_on": _noted.excluded["erased_on"]}
)
ERASED_SINCE = select(erased.c.worker_id).where(
    erased.c.worker_id == any_(bindparam("ids", type_=ARRAY(Uuid))), erased.c.erased_on >= bindparam("day")
)
FORGET = delete(directory).where(directory.c.worker_id == bindparam("of_worker"))
KEEP_UNTIL = (
    update(directory)
    .where(directory.c.worker_id == bindparam("of_worker"))
    .values(drop_on=bindparam("until"), kept_by=bindparam("of_class"))
    .returning(directory.c.worker_id)
)
_save = upsert(directory)
SAVE = _save.on_conflict_do_update(
    index_elements=["worker_id"],
    set_={c.name: _save.excluded[c.name] for c in directory.c if c.name != "worker_id"},
)


async def known_workers(tx: Tx, ids: Iterable[WorkerId]) -> dict[WorkerId, Worker]:
    """Those of them that are known here; whoever was erased is not."""
    rows = await tx.execute(READ, {"ids": list(ids)})
    return {row.worker_id: _worker(row) for row in rows}


async def kept_workers(tx: Tx, ids: Iterable[WorkerId]) -> dict[WorkerId, Worker]:
    """The same for files that have to name who it was: whoever was erased is in them as long as they are kept."""
    rows = await tx.execute(KEPT, {"ids": list(ids)})
    return {row.worker_id: _worker(row) for row in rows}


async def kept_until(tx: Tx, worker: WorkerId) -> tuple[date, KeptClass] | None:
    """Until when the name of somebody erased is kept, and as which data; nothing of anybody else."""
    rows = (await tx.execute(KEPT, {"ids": [worker]})).all()
    return (rows[0].drop_on, rows[0].kept_by) if rows and rows[0].drop_on else None


async def keep_until(tx: Tx, worker: WorkerId, until: date, of: KeptClass) -> bool:
    """The name is for files only from now on, and until this day; whether it is known at all."""
    changed = await tx.execute(KEEP_UNTIL, {"of_worker": worker, "until": until, "of_class": of})
    return bool(changed.all())


async def note_erased(tx: Tx, worker: WorkerId, day: date) -> None:
    """The last time counts."""
    await tx.execute(NOTE_ERASED, {"worker_id": worker, "erased_on": day})


async def erased_since(tx: Tx, workers: Collection[WorkerId], day: date) -> set[WorkerId]:
    """Who of these was erased on this day or later."""
    found = await tx.execute(ERASED_SINCE, {"ids": list(workers), "day": day})
    return set(found.scalars())


async def forget(tx: Tx, worker: WorkerId) -> None:
    """Nothing is known of the person any more: they show as their number."""
    await tx.execute(FORGET, {"of_worker": worker})


async def names(tx: Tx, ids: Iterable[WorkerId]) -> dict[WorkerId, str]:
    """A name for everybody: whoever is unknown shows as their number."""
    wanted = list(ids)
    found = await known_workers(tx, wanted)
    return {one: found[one].name if one in found else number_of(one) for one in wanted}


def number_of(worker_id: WorkerId) -> str:
    """What stands where a name is not known: the first part of the worker's id."""
    return f"#{str(worker_id)[:8]}"


async def save(tx: Tx, workers: Sequence[Worker]) -> None:
    """Keep what order-intake has told; told again, the newer holds."""
    if workers:
        rows = [
            {
                "worker_id": each.worker_id,
                "name": each.name,
                "id_masked": each.id_masked,
                "last_four": each.last_four,
                "birth_date": each.birth_date.isoformat() if each.birth_date else None,
                "years_in_trade": each.years_in_trade,
                "holds_level": each.holds_level,
            }
            for each in sorted(workers, key=lambda each: each.worker_id)
        ]
        await tx.execute(SAVE, rows)


@dataclass(frozen=True)
class Unknown:
    """Whom to ask about, and the way to ask."""

    order_id: OrderId
    workers: tuple[WorkerId, ...]
    people: People


class FillDirectory(Job[Unknown, list[Worker]]):
    """Ask order-intake who an order's workers are. Fails while it does not answer, and tries again."""

    async def read(self, tx: Tx, due: Due) -> Unknown:
        """All workers of the order, known ones too: years and level held may be newer now."""
        order = await orders.known(tx, OrderId(due.subject))
        return Unknown(order.order_id, order.workers, known(tx).people)

    async def compute(self, given: Unknown) -> list[Worker]:
        """The question, in bulk."""
        return await given.people.ask(given.order_id, given.workers, PURPOSE)

    async def save(self, tx: Tx, due: Due, output: list[Worker]) -> None:  # noqa: ARG002  the base's form
        """Keep the answers."""
        await save(tx, output)


def _worker(row: object) -> Worker:
    told = dict(row._mapping)  # type: ignore[attr-defined]  # noqa: SLF001  a row as a mapping
    told["birth_date"] = date.fromisoformat(told["birth_date"]) if told["birth_date"] else None
    return Worker(**told)


__all__ = [
    "FILL", "FillDirectory", "Worker", "forget", "keep_until", "kept_until", "kept_workers", "known_workers", "names",
    "number_of", "save",
]  # fmt: skip
