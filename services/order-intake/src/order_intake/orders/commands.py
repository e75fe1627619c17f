"""What is done with orders. Every command: hold the order, let the rules decide, save, record."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from contracts.order_intake import OrderFact
from contracts.refusals import NotFound
from contracts.values import (
    EnterpriseId,
    LineNumber,
    OrderId,
    ProgrammeCode,
    Reason,
    SurveyId,
    Trainee,
    UnionId,
)
from order_intake.enterprises.commands import read_enterprise, scope_of
from order_intake.known import known
from order_intake.orders import before, ended, rules, store
from order_intake.orders.lines import DraftLine, Offered, check_drafted, with_trainees_of
from order_intake.orders.rules import Order, Site, State
from servicekit.clock import now, today
from servicekit.db import Tx
from servicekit.facts import hold_subject, record, record_all
from servicekit.http import check_version
from servicekit.identity import Actor
from servicekit.ids import new_id
from servicekit.timers import set_deadline

Stored = store.Stored
NOTE_ENDS = "note.ends"
"""The time for which the union's words about an order are kept is over."""


class Change(NamedTuple):
    """Who changes an order, for which version, and the free words they leave with it."""

    by: Actor
    if_match: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an enterprise lays on its desk."""

    programme: ProgrammeCode
    lines: tuple[DraftLine, ...]
    special_session: bool = False
    survey_id: SurveyId | None = None


async def draft_order(
    tx: Tx, enterprise_id: EnterpriseId, wanted: Wanted, *, order_id: OrderId | None = None
) -> Order:
    """A new order on the enterprise's desk, with its number. Nobody is told until it is submitted."""
    order_id = order_id or new_id()
    await hold_subject(tx, order_id)
    await read_enterprise(tx, enterprise_id, by=None)
    check_drafted(wanted.lines, _offered(tx, wanted.programme))
    order = Order(
        id=order_id,
        number=await store.draw_number(tx, (await today(tx)).year),
        enterprise_id=enterprise_id,
        programme=wanted.programme,
        special_session=wanted.special_session,
        survey_id=wanted.survey_id,
        draft=wanted.lines,
    )
    await store.add(tx, Stored(order, 1, rules.Progress(), None, await now(tx)))
    return order


async def edit_order(
    tx: Tx,
    order_id: OrderId,
    lines: Sequence[DraftLine],
    change: Change,
    *,
    special_session: bool | None = None,
) -> int:
    """Other lines on the desk; people of a line that keeps its number stay. No fact follows from it."""
    stored = await _open_desk(tx, order_id, change)
    check_drafted(lines, _offered(tx, stored.order.programme))
    order = replace(stored.order, draft=with_trainees_of(lines, stored.order.draft))
    await before.forget_all_but(tx, order_id, (line.line for line in lines))
    if special_session is not None and order.state in rules.ON_THE_DESK:
        order = replace(order, special_session=special_session)
    return await _save(tx, stored, order)


async def place_people(
    tx: Tx, order_id: OrderId, line: int, people: Sequence[Trainee], change: Change
) -> Stored:
    """These people stand on this line of the desk now, instead of any before."""
    stored = await _open_desk(tx, order_id, change)
    line_of(stored.order, line)
    draft = tuple(
        each.model_copy(update={"trainees": tuple(people)}) if each.line == line else each
        for each in stored.order.draft
    )
    order = replace(stored.order, draft=draft)
    version = await _save(tx, stored, order)
    return replace(stored, order=order, version=version)


async def check_discardable(tx: Tx, order_id: OrderId, change: Change) -> None:
    """`order.not_discardable` unless it is a draft that was never asked for."""
    rules.check_discardable((await _lock(tx, order_id, change)).order)


async def discard(tx: Tx, order_id: OrderId) -> None:
    """The row of a draft goes; its number is not given again."""
    await store.discard(tx, order_id)


async def submit_order(tx: Tx, order_id: OrderId, change: Change) -> int:
    """The enterprise asks (企业点单)."""
    stored = await _lock(tx, order_id, change)
    site = await _site(tx, stored.order.enterprise_id)
    offered = _offered(tx, stored.order.programme, known(tx).crews(site.shift_pattern))
    return await _say(tx, stored, rules.submit(stored.order, site, offered, today=await today(tx)), change)


async def accept_order(tx: Tx, order_id: OrderId, change: Change, *, union_id: UnionId) -> int:
    """The coordinator takes a submitted order (接单)."""
    stored = await _lock(tx, order_id, change)
    accepted = rules.accept(stored.order, union_id=union_id, today=await today(tx))
    return await _say(tx, stored, accepted, change)


async def return_order(tx: Tx, order_id: OrderId, reasons: Sequence[Reason], change: Change) -> int:
    """The coordinator gives a submitted order back to be mended."""
    stored = await _lock(tx, order_id, change)
    return await _say(tx, stored, rules.give_back(stored.order, reasons), change)


async def reject_order(tx: Tx, order_id: OrderId, reasons: Sequence[Reason], change: Change) -> int:
    """The coordinator does not take a submitted order."""
    stored = await _lock(tx, order_id, change)
    return await _say(tx, stored, rules.reject(stored.order, reasons), change)


async def withdraw_order(tx: Tx, order_id: OrderId, change: Change) -> int:
    """The enterprise takes back what was not accepted yet."""
    stored = await _lock(tx, order_id, change)
    return await _say(tx, stored, rules.withdraw(stored.order), change)


async def amend_order(tx: Tx, order_id: OrderId, lines: Sequence[DraftLine] | None, change: Change) -> int:
    """An accepted order is different from now on: these lines, or the desk as it lies."""
    stored = await _lock(tx, order_id, change)
    order = stored.order
    if lines is not None:
        order = replace(order, draft=with_trainees_of(lines, order.draft))
    # without a site the order was never submitted: the rule refuses before it looks at crews
    crews = known(tx).crews(order.site.shift_pattern) if order.site else ()
    offered = _offered(tx, order.programme, crews)
    amended = rules.amend(order, offered, today=await today(tx))
    return await _say(tx, replace(stored, order=order), amended, change)


async def cancel_order(tx: Tx, order_id: OrderId, reason: Reason, change: Change) -> int:
    """An accepted order ends before it is fulfilled."""
    stored = await _lock(tx, order_id, change)
    return await _say(tx, stored, rules.cancel(stored.order, reason, today=await today(tx)), change)


async def close_line(tx: Tx, order_id: OrderId, line: LineNumber, heads: int, change: Change) -> int:
    """The union closes a line that no stage ends; the last thing that was left to do fulfils the order."""
    stored = await _lock(tx, order_id, change)
    day = await today(tx)
    closed = rules.close_line(stored.order, stored.progress, line, heads=heads, today=day)
    moment = await now(tx)
    stored = store.after(_noted(stored, change), closed, at=moment)
    fulfilled = rules.fulfil(stored.order, stored.progress, today=day)
    if fulfilled:
        stored = store.after(stored, fulfilled, at=moment)
    await ended.save(tx, stored)
    await record_all(tx, [closed, *([fulfilled] if fulfilled else [])], by=change.by)
    return stored.version


async def read_order(tx: Tx, order_id: OrderId, *, by: Actor) -> Stored:
    """The order, if this actor may see it."""
    return await store.read(tx, order_id, of=scope_of(by))


async def list_orders(
    tx: Tx, *, by: Actor, state: State | None = None, before: OrderId | None = None, most: int = 100
) -> list[Stored]:
    """Orders this actor may see, newest first."""
    return await store.newest(tx, of=scope_of(by), state=state, before=before, most=most)


async def read_orders(tx: Tx, ids: Iterable[OrderId]) -> list[Order]:
    """These orders, whoever asks: for rules that look across orders, never for an answer."""
    return [stored.order for stored in await store.read_some(tx, ids)]


async def read_stored(tx: Tx, ids: Iterable[OrderId]) -> list[Stored]:
    """The same, with when each changed last."""
    return await store.read_some(tx, ids)


def line_of(order: Order, line: int) -> DraftLine:
    """The line on the desk; `order.line_unknown`."""
    for each in order.draft:
        if each.line == line:
            return each
    raise NotFound("order.line_unknown", field="line", line=line)


async def crews_of(tx: Tx, order: Order) -> tuple[str, ...]:
    """The crews of the works: as submitted once it is, else the enterprise's now."""
    return known(tx).crews((order.site or await _site(tx, order.enterprise_id)).shift_pattern)


def _offered(tx: Tx, programme: ProgrammeCode, crews: Collection[str] = ()) -> Offered:
    here = known(tx)
    found, data = here.programme(programme), here.programmes
    return Offered(
        services=frozenset(found.services),
        levels_of=here.levels_of(programme),
        bands=frozenset(data.bands),
        units=frozenset(data.units) if data.units else None,
        crews=crews,
    )


async def _site(tx: Tx, enterprise_id: EnterpriseId) -> Site:
    found, _ = await read_enterprise(tx, enterprise_id, by=None)
    return Site(found.name, found.division, found.shift_pattern, found.shift_anchor, found.rooms)


async def _lock(tx: Tx, order_id: OrderId, change: Change) -> Stored:
    stored = await store.lock(tx, order_id, of=scope_of(change.by))
    check_version(change.if_match, stored.version)
    return stored


async def _open_desk(tx: Tx, order_id: OrderId, change: Change) -> Stored:
    stored = await _lock(tx, order_id, change)
    rules.check_editable(stored.order)
    return stored


async def _say(tx: Tx, stored: Stored, fact: OrderFact, change: Change) -> int:
    """The order after the fact, and the fact; what is asked for, or over, takes no import back."""
    await before.forget(tx, stored.order.id)
    moment = await now(tx)
    stored = store.after(_noted(stored, change), fact, at=moment)
    if change.note:
        end = known(tx).programmes.rules.words.end(moment, tx.zone)
        await set_deadline(tx, NOTE_ENDS, key=stored.order.id, subject=stored.order.id, due=end)
    await ended.save(tx, stored)
    await record(tx, fact, by=change.by)
    return stored.version


async def forget_note(tx: Tx, order_id: OrderId) -> None:
    """The words end; what was decided, and the reasons' codes, stay as they are."""
    await store.forget_note(tx, order_id)


def _noted(stored: Stored, change: Change) -> Stored:
    return replace(stored, note=change.note) if change.note else stored


async def _save(tx: Tx, stored: Stored, order: Order) -> int:
    version = stored.version + 1
    await store.save(tx, replace(stored, order=order, version=version, changed_at=await now(tx)))
    return version
