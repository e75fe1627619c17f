"""Rows of findings."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.types import Uuid

from contracts.findings import FindingId
from contracts.refusals import NotFound
from contracts.values import OrderId, Reason
from evaluation.findings.checks import Finding, Kind
from evaluation.findings.rules import Case, State
from evaluation.findings.tables import finding, finding_note
from servicekit.db import Tx
from servicekit.facts import hold_subject

NEWEST = (finding.c.found_at.desc(), finding.c.finding_id)
ORDER_OF = select(finding.c.order_id).where(finding.c.finding_id == bindparam("finding_id"))
READ = select(finding).where(finding.c.finding_id == bindparam("finding_id"))
ADD = upsert(finding).on_conflict_do_nothing(index_elements=["finding_id"]).returning(finding.c.finding_id)
_save = upsert(finding)
CHANGED = (
    "state",
    "asked",
    "answer",
    "answered_by",
    "answered_at",
    "ended",
    "closed_by",
    "closed_at",
    "version",
)
SAVE = _save.on_conflict_do_update(
    index_elements=["finding_id"], set_={name: _save.excluded[name] for name in CHANGED}
)
ABOUT = select(finding).where(
    or_(
        finding.c.sessions.overlap(bindparam("sessions", type_=ARRAY(Uuid))),
        finding.c.batch_id == bindparam("batch_id", type_=Uuid),
    )
)
_note = upsert(finding_note)
NOTE = _note.on_conflict_do_update(index_elements=["finding_id"], set_={"text": _note.excluded["text"]})
FORGET_NOTE = delete(finding_note).where(finding_note.c.finding_id == bindparam("finding_id"))
NOTE_OF = select(finding_note.c.text).where(finding_note.c.finding_id == bindparam("finding_id"))


async def lock(tx: Tx, finding_id: FindingId) -> Case:
    """The finding, its order held to the end of the transaction; `finding.unknown`."""
    order_id = await tx.scalar(ORDER_OF, {"finding_id": finding_id})
    if order_id is not None:
        await hold_subject(tx, order_id)
    return await read(tx, finding_id)


async def read(tx: Tx, finding_id: FindingId) -> Case:
    """The finding, not held; `finding.unknown`."""
    row = (await tx.execute(READ, {"finding_id": finding_id})).one_or_none()
    if row is None:
        raise NotFound("finding.unknown", finding_id=finding_id)
    return _case(row)


async def about(tx: Tx, findings: Sequence[Finding]) -> list[Finding]:
    """What is told already of any of these sessions and batches."""
    sessions = sorted({one for each in findings for one in each.sessions})
    batch = next((each.batch_id for each in findings if each.batch_id), None)
    rows = await tx.execute(ABOUT, {"sessions": sessions, "batch_id": batch})
    return [_case(row).finding for row in rows]


async def listed(tx: Tx, state: State | None, kind: Kind | None, order_id: OrderId | None) -> list[Case]:
    """All that fit, the newest first."""
    wanted = select(finding).order_by(*NEWEST)
    for column, value in ((finding.c.state, state), (finding.c.kind, kind), (finding.c.order_id, order_id)):
        if value is not None:
            wanted = wanted.where(column == value)
    return [_case(row) for row in await tx.execute(wanted)]


async def add(tx: Tx, case: Case) -> bool:
    """Keep a new finding; false when it is known."""
    return await tx.scalar(ADD, _row(case)) is not None


async def save(tx: Tx, case: Case) -> None:
    """Write it as it is now."""
    await tx.execute(SAVE, _row(case))


async def save_note(tx: Tx, finding_id: FindingId, text: str) -> None:
    """Keep the words of the answer, encrypted."""
    await tx.execute(NOTE, {"finding_id": finding_id, "text": text})


async def forget_note(tx: Tx, finding_id: FindingId) -> None:
    """The words of the answer are gone; the finding is the same."""
    await tx.execute(FORGET_NOTE, {"finding_id": finding_id})


async def note_of(tx: Tx, finding_id: FindingId) -> str | None:
    """The words of the answer, if there are any."""
    text: str | None = await tx.scalar(NOTE_OF, {"finding_id": finding_id})
    return text


def _row(case: Case) -> dict[str, Any]:
    told = {name: getattr(case, name) for name in CHANGED} | {"found_at": case.found_at}
    of = case.finding
    return told | {
        "finding_id": of.finding_id,
        "order_id": of.order_id,
        "kind": of.kind,
        "reason": of.reason.model_dump(mode="json"),
        "sessions": list(of.sessions),
        "batch_id": of.batch_id,
        "workers": list(of.workers),
        "people": list(of.people),
        "answer": case.answer and case.answer.model_dump(mode="json"),
        "ended": case.ended and case.ended.model_dump(mode="json"),
    }


def _case(row: Any) -> Case:
    return Case(
        finding=Finding(
            kind=Kind(row.kind),
            order_id=row.order_id,
            reason=Reason.model_validate(row.reason),
            sessions=tuple(row.sessions),
            batch_id=row.batch_id,
            workers=tuple(row.workers),
            people=tuple(row.people),
        ),
        found_at=row.found_at,
        state=State(row.state),
        asked=row.asked,
        answer=Reason.model_validate(row.answer) if row.answer else None,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        ended=Reason.model_validate(row.ended) if row.ended else None,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
        version=row.version,
    )
