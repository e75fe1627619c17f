"""Which notices leave by mail, and when: after their time on the page, outside of quiet hours, several as one.

Until it leaves, a notice can be seen, held back, let go and cancelled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from contracts.programme_notices import Notices
from portal.accounts import people
from portal.known import known
from portal.notices import store
from portal.notices.rules import leaves_at
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.ids import new_id
from servicekit.timers import Due, Timers, ask_for, drop_deadline, set_deadline

LEAVE, SEND = "notices.leave", "notices.send"
LEAVING = "leaving"
"""State of a mail that is being sent; each other is an end."""
WISHES = """
select account_id, without::text as without from mail_wish
where account_id = any($1::uuid[]) and address is not null"""
PLAN = """
update notice set mail_at = starts_at + $4 where account_id = any($1::uuid[]) and kind = $2 and fact_id = $3"""
WAITS = f"mail_at is not null and mail_id is null and {store.OPEN}"
NEXT = f"select min(mail_at) from notice where account_id = $1 and not held and {WAITS}"  # noqa: S608
TAKE = f"""
update notice set mail_id = $2 where account_id = $1 and not held and mail_at <= $3 and {WAITS}
returning id"""  # noqa: S608
MAKE = "insert into mail (id, account_id, made_at, state) values ($1, $2, $3, $4)"
NO_MORE = f"update notice set mail_at = null where account_id = $1 and {WAITS}"  # noqa: S608
WAITING = f"""
select account_id, kind, order_id, count(*) as count, min(mail_at) as mail_at, bool_or(held) as held from notice
where {WAITS} group by account_id, kind, order_id order by min(mail_at), account_id, kind limit $1"""  # noqa: S608
LATEST = "select id, account_id, made_at, state, ended_at from mail order by made_at desc limit $1"
ONE = "account_id = $1 and kind = $2 and order_id is not distinct from $3"
HOLD = f"update notice set held = $4 where {ONE} and {WAITS} returning id"  # noqa: S608
CANCEL = f"update notice set mail_at = null where {ONE} and {WAITS} returning id"  # noqa: S608
NOW = f"update notice set mail_at = least(mail_at, $4), held = false where {ONE} and {WAITS} returning id"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants by mail: the address, own quiet hours, kinds that they do not want."""

    address: str | None
    """None = not confirmed yet: nothing is sent."""
    quiet: tuple[time, time] | None
    without: frozenset[str]


async def wish_of(tx: Tx, account: UUID) -> Wish | None:
    """Nothing = no mail."""
    row = (await tx.execute(store.WISH, {"account": account})).first()
    if row is None:
        return None
    own = row.quiet_starts is not None and row.quiet_ends is not None
    return Wish(row.address, (row.quiet_starts, row.quiet_ends) if own else None, frozenset(row.without))


async def keep_wish(tx: Tx, account: UUID, wish: Wish) -> None:
    """From now on; what waits to leave already is looked at again when it is due."""
    starts, ends = wish.quiet or (None, None)
    values: dict[str, Any] = {
        "account_id": account, "address": wish.address, "quiet_starts": starts, "quiet_ends": ends,
        "without": sorted(wish.without),
    }  # fmt: skip
    await tx.execute(store.KEEP_WISH, values)


async def end_wish(tx: Tx, account: UUID) -> None:
    """No mail any more, not that either which waits to leave."""
    await tx.driver.execute("delete from mail_wish where account_id = $1", account)
    await tx.driver.execute(NO_MORE, account)
    await drop_deadline(tx, LEAVE, account)


async def plan(tx: Tx, accounts: Sequence[UUID], kind: str, fact: UUID, after: timedelta) -> None:
    """Notices that were just made are to leave, so long after they begin, for whoever wants them by mail."""
    wishes = await tx.driver.fetch(WISHES, list(accounts)) if accounts else []
    wanting = [row["account_id"] for row in wishes if f'"{kind}"' not in row["without"]]
    if wanting:
        await tx.driver.execute(PLAN, wanting, kind, fact, after)
    for account in wanting:
        await _look_again(tx, account)


async def _look_again(tx: Tx, account: UUID, earliest: datetime | None = None) -> None:
    """At the time of the next notice that is to leave; never, when none is."""
    due = await tx.driver.fetchval(NEXT, account)
    if due is None:
        await drop_deadline(tx, LEAVE, account)
        return
    await set_deadline(tx, LEAVE, key=account, subject=account, due=max(due, earliest or due))


def register(timers: Timers) -> None:
    """The deadline at which notices leave."""
    timers.at(LEAVE)(when_notices_are_due_let_them_leave)


async def when_notices_are_due_let_them_leave(tx: Tx, due: Due) -> None:
    """All that is due of one person, and what is due soon, as one mail; at night all of it waits for the morning."""
    account, at = UUID(due.key), await now(tx)
    rules = known(tx).programmes.notices.on(at.astimezone(tx.zone).date())
    wish = await wish_of(tx, account)
    if rules is None or wish is None or wish.address is None or await people.still_there(tx, account) is None:
        await tx.driver.execute(NO_MORE, account)
        return
    leaves = _leaves(tx, rules, wish, at)
    if leaves > at:
        await _look_again(tx, account, leaves)
        return
    id_ = new_id()
    soon = at + timedelta(minutes=rules.together_minutes)
    if await tx.driver.fetch(TAKE, account, id_, soon):
        await tx.driver.execute(MAKE, id_, account, at, LEAVING)
        await ask_for(tx, SEND, key=id_, subject=account)
    await _look_again(tx, account)


def _leaves(tx: Tx, rules: Notices, wish: Wish, due: datetime) -> datetime:
    """When what is due then leaves, by somebody's own quiet hours or else those of all."""
    starts, ends = wish.quiet or (rules.quiet.starts, rules.quiet.ends)
    return leaves_at(due, starts, ends, tx.zone)


async def leaves(tx: Tx, account: UUID, due: datetime) -> datetime:
    """When a notice of somebody leaves that is due then."""
    rules = known(tx).programmes.notices.on(due.astimezone(tx.zone).date())
    wish = await wish_of(tx, account)
    return due if rules is None or wish is None else _leaves(tx, rules, wish, due)


async def waiting(tx: Tx, most: int) -> list[Any]:
    """What waits to leave: of each person by kind and order, the first to leave first."""
    return list(await tx.driver.fetch(WAITING, most))


async def latest(tx: Tx, most: int) -> list[Any]:
    """The mails that left last, or did not."""
    return list(await tx.driver.fetch(LATEST, most))


async def hold(tx: Tx, account: UUID, kind: str, order: UUID | None, *, held: bool) -> bool:
    """Hold it back, or let it go again; whether it still waited."""
    return await _change(tx, HOLD, account, kind, order, held)


async def cancel(tx: Tx, account: UUID, kind: str, order: UUID | None) -> bool:
    """It stays on the page only; whether it still waited."""
    return await _change(tx, CANCEL, account, kind, order)


async def hurry(tx: Tx, account: UUID, kind: str, order: UUID | None) -> bool:
    """It is due now; quiet hours hold all the same. Whether it still waited."""
    return await _change(tx, NOW, account, kind, order, await now(tx))


async def _change(tx: Tx, statement: str, account: UUID, kind: str, order: UUID | None, *more: Any) -> bool:
    changed = bool(await tx.driver.fetch(statement, account, kind, order, *more))
    await _look_again(tx, account)
    return changed
