"""Groups of notices as somebody may read them, with numbers and times of what they are about."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from portal.notices.own import Group
from portal.notices.shown import NoticeView, Order, sessions_in, view_of
from portal.web.names import Names
from servicekit.clock import now
from servicekit.db import Tx

ORDERS = (
    "select order_id, number, enterprise_id, enterprise_name from order_card where order_id = any($1::uuid[])"
)
TIMES = """
select session_id, starts_at, ends_at from session_row
where session_id = any($1::uuid[]) and starts_at is not null and ends_at is not null"""


async def views_of(tx: Tx, groups: Sequence[Group], names: Names, roles: Collection[str]) -> list[NoticeView]:
    """In words, in the order given."""
    orders = await orders_of(tx, {group.order for group in groups if group.order}, names)
    times, moment = await _times(tx, groups), await now(tx)
    return [view_of(group, orders, times, names, roles, moment) for group in groups]


async def orders_of(tx: Tx, ids: Collection[UUID], names: Names) -> dict[UUID, Order]:
    """What notices say of these orders; those that the boards do not know yet are left out."""
    rows = await tx.driver.fetch(ORDERS, list(ids))
    return {
        row["order_id"]: Order(
            row["number"], names.organisation(row["enterprise_id"], row["enterprise_name"])
        )
        for row in rows
    }


async def _times(tx: Tx, groups: Sequence[Group]) -> dict[str, tuple[datetime, datetime]]:
    rows = await tx.driver.fetch(TIMES, sessions_in(groups))
    return {str(row["session_id"]): (row["starts_at"], row["ends_at"]) for row in rows}
