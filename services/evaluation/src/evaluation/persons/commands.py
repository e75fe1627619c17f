"""What evaluation holds of one person, and what becomes of the name once the person is erased."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from contracts.refusals import NotFound
from contracts.values import OrderId, WorkerId
from contracts.workers import WorkerErased
from evaluation import directory
from evaluation.directory import Worker
from evaluation.known import known
from evaluation.persons import rules, store
from evaluation.persons.rules import Needed
from evaluation.persons.store import Row
from servicekit.clock import today
from servicekit.db import Tx
from servicekit.identity import Actor
from servicekit.removals import note_removal, removals
from servicekit.timers import drop_deadline, set_deadline

NAME_ENDS = "directory.ends"
"""The last day on which the name of somebody erased is kept is over."""

OF_THE_UNION = frozenset({"findings", "evidence"})
"""What is asked about, and which papers somebody has shown it, is the union's."""


@dataclass(frozen=True)
class Held:
    """Everything that is held of a person, as far as somebody may see it."""

    known: Worker | None
    """The name and the evidence; none once it was dropped, or for files only."""
    kept_until: date | None
    """The person was erased, and files keep the name until this day; for an enterprise, files of its own orders."""
    needed: tuple[Needed, ...]
    """What the name would be kept for if the person were erased today; for an enterprise, by its own orders."""
    orders: Sequence[Row]
    parts: Mapping[str, Sequence[Row]]


async def held_of(tx: Tx, worker_id: WorkerId, *, by: Actor) -> Held:
    """What is held; an enterprise sees its own orders' part. `worker.unknown` where there is none."""
    whole = by.may("union")
    orders = await store.orders_of(tx, worker_id, None if whole else by.organisation or "")
    if not orders:
        raise NotFound("worker.unknown")
    seen = {each["order_id"] for each in orders}
    needed = await _needed(tx, worker_id, await today(tx), None if whole else seen)
    kept = await directory.kept_until(tx, worker_id)
    longest = needed[0].until if needed else None
    parts = {
        part: rows if whole else [row for row in rows if row["order_id"] in seen]
        for part, rows in (await store.parts_of(tx, worker_id)).items()
        if whole or part not in OF_THE_UNION
    }
    return Held(
        known=(await directory.known_workers(tx, [worker_id])).get(worker_id),
        kept_until=None if kept is None else kept[0] if whole else longest,
        needed=needed,
        orders=orders,
        parts=parts,
    )


async def erase(tx: Tx, fact: WorkerErased) -> None:
    """What describes the person is emptied at once, and no more is asked; the name goes with it, unless files have to
    name them.
    """
    await directory.note_erased(tx, fact.worker_id, fact.erased_on)
    await store.forget_said(tx, fact.worker_id)
    await drop_name(tx, fact)


async def drop_name(tx: Tx, fact: WorkerErased) -> None:
    """At once where nothing has to be kept; else it stays, for files only, until the last day that a rule says."""
    needed = await _needed(tx, fact.worker_id, fact.erased_on)
    if not needed:
        await directory.forget(tx, fact.worker_id)
        return
    longest = needed[0]
    if await directory.keep_until(tx, fact.worker_id, longest.until, longest.of):
        due = datetime.combine(longest.until + timedelta(days=1), time(), tx.zone)
        await set_deadline(tx, NAME_ENDS, key=fact.worker_id, subject=fact.worker_id, due=due)
    else:
        await drop_deadline(tx, NAME_ENDS, fact.worker_id)


async def forget_name(tx: Tx, worker_id: WorkerId) -> None:
    """Unless the person was listed again since: then the name is known for that."""
    kept = await directory.kept_until(tx, worker_id)
    if kept is not None and kept[0] < await today(tx):
        await directory.forget(tx, worker_id)
        await note_removal(tx, kept[1], 1)


@dataclass(frozen=True, slots=True)
class KeptNow:
    """Of a class of data: what was removed last, and what is removed next."""

    of: str
    removed_at: datetime | None
    removed: int
    next_due: datetime | None
    waiting: int


async def kept_now(tx: Tx) -> list[KeptNow]:
    """Names of people who were erased, by their class; photos; marks of phones that no look has dropped yet."""
    gone, waits = await removals(tx), await store.waiting(tx)
    personal = known(tx).programmes.rules.personal
    found = []
    for of in (*rules.NEEDS_NAME, "devices", "places"):
        last, (day, count) = gone.get(of), waits.get(of, (None, 0))
        if of in ("devices", "places") and day is not None:
            day = personal.last_day(of, day)
        due = datetime.combine(day + timedelta(days=1), time(), tx.zone) if day else None
        found.append(KeptNow(of, last.at if last else None, last.removed if last else 0, due, count))
    return found


async def _needed(
    tx: Tx, worker_id: WorkerId, day: date, orders: Collection[OrderId] | None = None
) -> tuple[Needed, ...]:
    last = await store.last_days(tx, worker_id, orders)
    return rules.needed(last, known(tx).programmes.rules.personal, day)
