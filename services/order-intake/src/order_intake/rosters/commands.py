"""What is done with rosters: read a file, take its people, name them to whoever may know."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from contracts.order_intake import RosterDisclosed, RosterRevealed
from contracts.refusals import Invalid, NotFound, Refused
from contracts.values import OrderId, Reason, Trainee, WorkerId
from order_intake.known import known
from order_intake.orders import before
from order_intake.orders import commands as orders
from order_intake.orders.lines import MOST_TRAINEES
from order_intake.orders.rules import OPEN, Order, State, check_editable
from order_intake.rosters import rules, store
from order_intake.rosters.person_rules import are_theirs
from order_intake.rosters.rules import Elsewhere, Person, Reading, Row
from order_intake.surveys.commands import forget_draft
from servicekit.clock import now, today
from servicekit.db import Tx
from servicekit.facts import hold_subject, record, record_all
from servicekit.identity import Actor
from servicekit.sheets.reading import TITLE_ROWS, read_sheets

Kept = store.Kept


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A file as it was sent."""

    name: str
    content: bytes


def read_file(file: RosterFile, reading: Reading) -> list[Row]:
    """The rows of the first sheet with a heading; `Invalid` when the file is no roster."""
    for sheet in read_sheets(file.name, file.content):
        found = rules.find_heading(sheet.rows, TITLE_ROWS)
        if found:
            at, columns = found
            return rules.read_rows(sheet.rows[at + 1 :], sheet.first + at + 1, columns, reading)
    raise Invalid("roster.no_heading", field="file", within=TITLE_ROWS)


async def take_roster(
    tx: Tx, order_id: OrderId, line: int, file: RosterFile, change: orders.Change, *, take: bool
) -> list[Row]:
    """What becomes of each row; with `take` the good ones stand on the line now, instead of any before."""
    order, reading = await open_line(tx, order_id, line, by=change.by)
    # outside the order's lock and the event loop: reading 10,000 rows takes its time
    rows = await asyncio.to_thread(read_file, file, reading)
    if not take:
        return await against_orders(tx, order, line, rows)
    rows = await put_on_line(tx, order, line, rows, change)
    if any(row.person is not None for row in rows):
        await before.forget_line(tx, order_id, line)
    return rows


async def open_line(tx: Tx, order_id: OrderId, line: int, *, by: Actor) -> tuple[Order, Reading]:
    """An order whose desk is open, with such a line, and what its rows are read against."""
    order = (await orders.read_order(tx, order_id, by=by)).order
    check_editable(order)
    orders.line_of(order, line)
    data, crews = known(tx), await orders.crews_of(tx, order)
    return order, Reading(crews, data.level_names(), data.index_key, await today(tx))


async def put_on_line(
    tx: Tx, order: Order, line: int, rows: Sequence[Row], change: orders.Change
) -> list[Row]:
    """The people of the good rows stand on the line now, instead of any before; what becomes of each row."""
    await hold_subject(tx, order.id)
    rows = await against_orders(tx, order, line, rows)
    people = [row.person for row in rows if row.person is not None]
    if len(people) > MOST_TRAINEES:
        raise Invalid(
            "order.too_many_trainees", field="file", line=line, heads=len(people), most=MOST_TRAINEES
        )
    if people:
        await set_people(tx, order.id, line, people, change)
    return rows


async def set_people(
    tx: Tx, order_id: OrderId, line: int, people: Sequence[Person], change: orders.Change
) -> None:
    """These people stand on the line, and nobody is known to the order who stands on none of its lines."""
    trainees = [Trainee(worker_id=each.worker_id, crew=each.crew) for each in people]
    placed = await orders.place_people(tx, order_id, line, trainees, change)
    await store.put(tx, order_id, people)
    await store.drop_all_but(tx, order_id, _standing(placed.order))


async def against_orders(tx: Tx, order: Order, line: int, rows: Sequence[Row]) -> list[Row]:
    """The rows, double where somebody is to learn the same in another open order already."""
    return rules.against_others(rows, await _elsewhere(tx, order, line, rows))


async def copy_roster(tx: Tx, order_id: OrderId, line: int, other: int, change: orders.Change) -> int:
    """The people of another line of the same order stand on this line too; how many."""
    await hold_subject(tx, order_id)
    stored = await orders.read_order(tx, order_id, by=change.by)
    people = orders.line_of(stored.order, other).trainees
    if not people:
        raise Invalid("order.no_trainees", field="other", line=other)
    await orders.place_people(tx, order_id, line, people, change)
    await before.forget_line(tx, order_id, line)
    return len(people)


async def copy_people(tx: Tx, order_id: OrderId, other: OrderId, workers: Collection[WorkerId]) -> None:
    """These people of the order are known by name to the other order, too."""
    await store.copy_people(tx, order_id, other, workers)


async def forget_all_but(tx: Tx, order_id: OrderId, staying: Collection[WorkerId]) -> None:
    """Nobody but these is known by name to the order any more."""
    await store.drop_all_but(tx, order_id, staying)


async def discard_order(tx: Tx, order_id: OrderId, change: orders.Change) -> None:
    """A draft that nobody was asked for is gone, and its people with it; nobody is told."""
    await orders.check_discardable(tx, order_id, change)
    await before.forget(tx, order_id)
    await store.drop_all_but(tx, order_id, ())
    await forget_draft(tx, order_id)
    await orders.discard(tx, order_id)


async def read_people(tx: Tx, order_id: OrderId, *, by: Actor) -> tuple[Order, dict[WorkerId, Kept]]:
    """An order and its people, for whoever may see the order."""
    stored = await orders.read_order(tx, order_id, by=by)
    return stored.order, await store.of_order(tx, order_id)


async def disclose_people(
    tx: Tx, workers: Sequence[WorkerId], *, purpose: str, order_id: OrderId | None, by: Actor
) -> list[Kept]:
    """Names for whoever may know them; said once per order and receiver for people new to the receiver.

    A worker known to several orders is named as in `order_id`, or else as in the newest order.
    """
    kept = await store.of_workers(tx, workers)
    if order_id is not None:
        kept = [each for each in kept if each.order_id == order_id]
    # an order asked for is known also where the names of its people were lost
    ids = sorted({each.order_id for each in kept}) if order_id is None else [order_id]
    said = {order.id: order for order in await orders.read_orders(tx, ids) if order.lines}
    if order_id is not None and order_id not in said:
        raise NotFound("order.unknown", field="order_id", order_id=order_id)
    chosen: dict[WorkerId, Kept] = {}
    for each in kept:  # newest order first
        if each.order_id in said:
            chosen.setdefault(each.worker_id, each)
    by_order: dict[OrderId, list[WorkerId]] = {}
    for each in chosen.values():
        by_order.setdefault(each.order_id, []).append(each.worker_id)
    await hold_subject(tx, *by_order)
    facts: list[RosterDisclosed] = []
    moment = await now(tx)
    for order, disclosed in sorted(by_order.items()):
        new = await store.disclose(tx, order, by.user, disclosed, purpose=purpose, at=moment)
        if new:
            facts.append(RosterDisclosed(order_id=order, receiver=by.user, purpose=purpose, people=new))
    await record_all(tx, facts, by=by)
    return [chosen[worker] for worker in dict.fromkeys(workers) if worker in chosen]


async def reveal_id_number(
    tx: Tx, order_id: OrderId, worker_id: WorkerId, reason: Reason, *, by: Actor
) -> str:
    """The whole ID number of somebody of a submitted order; that it was looked at, by whom and what for is a fact."""
    await hold_subject(tx, order_id)
    order, people = await read_people(tx, order_id, by=by)
    if not order.lines:
        raise Refused("roster.not_asked_for")
    own = _own(order, by)
    if worker_id not in own & set(people):
        raise NotFound("roster.person_unknown", worker_id=worker_id)
    allowed = known(tx).programmes.programmes[order.programme].reveal_reasons
    if reason.code not in allowed:
        raise Invalid(
            "roster.reveal_reason_unknown",
            field="body.reason.code",
            reason=reason.code,
            allowed=", ".join(allowed),
        )
    await record(tx, RosterRevealed(order_id=order_id, worker_id=worker_id, reason=reason), by=by)
    return people[worker_id].id_number


async def disclose_in_full(
    tx: Tx, order_id: OrderId, workers: Sequence[WorkerId], *, purpose: str, by: Actor
) -> list[Kept]:
    """The enterprise's own people with whole ID numbers, for a purpose that its programme names; each time a fact."""
    await hold_subject(tx, order_id)
    order, people = await read_people(tx, order_id, by=by)
    allowed = known(tx).programme(order.programme).full_roster_purposes
    if purpose not in allowed:
        raise Invalid(
            "roster.purpose_unknown", field="body.purpose", purpose=purpose, allowed=", ".join(allowed)
        )
    theirs = _own(order, by)
    if strangers := [each for each in workers if each not in theirs]:
        raise Invalid("roster.not_on_it", field="body.workers", worker_id=strangers[0])
    found = [people[each] for each in dict.fromkeys(workers) if each in people]
    if found:
        ids = [each.worker_id for each in found]
        await store.disclose(tx, order_id, by.user, ids, purpose=purpose, at=await now(tx))
        await record_all(
            tx,
            [RosterDisclosed(order_id=order_id, receiver=by.user, purpose=purpose, people=len(found))],
            by=by,
        )
    return found


def _own(order: Order, by: Actor) -> set[WorkerId]:
    """Whom somebody may have the numbers of."""
    return {each.worker_id for line in order.lines for each in line.trainees if are_theirs(order, each, by)}


def _standing(order: Order) -> set[WorkerId]:
    asked = (trainee.worker_id for line in order.lines for trainee in line.trainees)
    drafted = (trainee.worker_id for line in order.draft for trainee in line.trainees)
    return {*asked, *drafted}


async def _elsewhere(tx: Tx, order: Order, line: int, rows: Sequence[Row]) -> list[Elsewhere]:
    """Other open orders that ask for the same for some of these people."""
    wanted = orders.line_of(order, line)
    workers = [row.person.worker_id for row in rows if row.person is not None]
    candidates = await store.elsewhere(tx, workers, order.id)
    found: list[Elsewhere] = []
    for other in await orders.read_orders(tx, candidates):
        if other.members:
            continue  # its people stand on their own enterprises' orders, which are looked at
        own = other.enterprise_id == order.enterprise_id
        if other.state not in OPEN or (other.state is State.DRAFT and not own):
            continue
        same = {
            trainee.worker_id
            for each in other.draft
            if (each.service, each.occupation, each.level)
            == (wanted.service, wanted.occupation, wanted.level)
            for trainee in each.trainees
        }
        if same:
            found.append(Elsewhere(same, other.number if own else None))
    return found
