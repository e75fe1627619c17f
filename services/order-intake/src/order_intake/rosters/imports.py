"""An import looked at before it is taken: nothing is kept until it is, and a whole import can be taken back."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from contracts.refusals import NotFound
from contracts.values import OrderId
from order_intake.orders import before
from order_intake.orders import commands as orders
from order_intake.orders.rules import Order, check_editable
from order_intake.rosters import rules, store
from order_intake.rosters.commands import (
    RosterFile,
    against_orders,
    open_line,
    put_on_line,
    set_people,
)
from order_intake.rosters.rules import Named, Person, Reading, Row
from order_intake.rosters.sheet import Found, find_roster
from servicekit.db import Tx
from servicekit.facts import hold_subject
from servicekit.identity import Actor

PEOPLE = TypeAdapter(list[Person])


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in a file, and what would become of each row."""

    found: Found
    rows: Sequence[Row]


async def look_at_file(
    tx: Tx, order_id: OrderId, line: int, file: RosterFile, columns: Mapping[str, int] | None, *, by: Actor
) -> Looked:
    """The file's columns, and what would become of each of its rows."""
    order, reading = await open_line(tx, order_id, line, by=by)
    looked = await asyncio.to_thread(_read, file, columns, reading)
    return Looked(looked.found, await against_orders(tx, order, line, looked.rows))


async def look_at_rows(
    tx: Tx, order_id: OrderId, line: int, rows: Sequence[Named], *, by: Actor
) -> list[Row]:
    """What would become of these rows, some of them mended by hand."""
    order, reading = await open_line(tx, order_id, line, by=by)
    judged = await asyncio.to_thread(rules.judge, rows, reading)
    return await against_orders(tx, order, line, judged)


async def take_rows(
    tx: Tx, order_id: OrderId, line: int, rows: Sequence[Named], change: orders.Change
) -> list[Row]:
    """The people of the good rows stand on the line; who stood there before is kept for an undo."""
    order, reading = await open_line(tx, order_id, line, by=change.by)
    judged = await asyncio.to_thread(rules.judge, rows, reading)
    await hold_subject(tx, order_id)
    standing = await _people_of(tx, order, line)
    taken = await put_on_line(tx, order, line, judged, change)
    if any(row.person is not None for row in taken):
        await before.keep(tx, order_id, line, PEOPLE.dump_json(standing).decode())
    return taken


async def undo_import(tx: Tx, order_id: OrderId, line: int, change: orders.Change) -> int:
    """Who stood on the line before the last import stands there again; how many."""
    await hold_subject(tx, order_id)
    order = (await orders.read_order(tx, order_id, by=change.by)).order
    check_editable(order)
    orders.line_of(order, line)
    told = await before.take_back(tx, order_id, line)
    if told is None:
        raise NotFound("roster.nothing_to_undo", field="line", line=line)
    people = PEOPLE.validate_json(told)
    await set_people(tx, order_id, line, people, change)
    return len(people)


def _read(file: RosterFile, columns: Mapping[str, int] | None, reading: Reading) -> Looked:
    found = find_roster(file.name, file.content, columns)
    return Looked(found, rules.judge(found.rows, reading))


async def _people_of(tx: Tx, order: Order, line: int) -> list[Person]:
    trainees = orders.line_of((await orders.read_orders(tx, [order.id]))[0], line).trainees
    kept = await store.of_order(tx, order.id) if trainees else {}
    people = []
    for trainee in trainees:
        each = kept.get(trainee.worker_id)
        if each is not None:
            people.append(
                Person(
                    each.worker_id, trainee.crew, each.name, each.id_number, each.birth_date,
                    each.years_in_trade, each.holds_level,
                )
            )  # fmt: skip
    return people
