"""Rows of runs."""

from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.refusals import NotFound
from scheduling.federation.rules import Kind, Run
from scheduling.federation.tables import plan_run
from servicekit.db import Tx
from servicekit.facts import hold_subject

MOST = 100
READ = select(plan_run).where(
    plan_run.c.run_id == bindparam("run_id"), plan_run.c.kind == bindparam("of_kind")
)
LIST = (
    select(plan_run.c.content)
    .where(plan_run.c.kind == bindparam("of_kind"))
    .order_by(plan_run.c.asked_at.desc(), plan_run.c.run_id.desc())
    .limit(MOST)
)
_save = upsert(plan_run)
SAVE = _save.on_conflict_do_update(
    index_elements=["run_id"],
    set_={
        "state": _save.excluded.state,
        "content": _save.excluded.content,
        "row_version": plan_run.c.row_version + 1,
    },
)
RUN = TypeAdapter(Run)


async def add(tx: Tx, run: Run) -> None:
    """Keep a new run."""
    await save(tx, run)


async def save(tx: Tx, run: Run) -> None:
    """Write the run as it is now."""
    await tx.execute(
        SAVE,
        {
            "run_id": run.run_id,
            "kind": run.kind.value,
            "state": run.state.value,
            "asked_at": run.asked_at,
            "row_version": 1,
            "content": RUN.dump_python(run, mode="json"),
        },
    )


async def lock(tx: Tx, kind: Kind, run_id: UUID, *others: object) -> tuple[Run, int]:
    """The run with its row's version, held to the end with these subjects; `run.unknown`."""
    await hold_subject(tx, run_id, *others)
    return await read(tx, kind, run_id)


async def read(tx: Tx, kind: Kind, run_id: UUID) -> tuple[Run, int]:
    """The same, not held."""
    row = (await tx.execute(READ, {"run_id": run_id, "of_kind": kind.value})).one_or_none()
    if row is None:
        raise NotFound("run.unknown", run_id=str(run_id))
    return RUN.validate_python(row.content), row.row_version


async def listed(tx: Tx, kind: Kind) -> list[Run]:
    """The newest first, at most a hundred."""
    rows = (await tx.execute(LIST, {"of_kind": kind.value})).all()
    return [RUN.validate_python(row.content) for row in rows]
