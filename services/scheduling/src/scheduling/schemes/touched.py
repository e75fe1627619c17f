"""Which schemes a changed catalogue would touch: those that nobody has confirmed and that teach its units."""

from collections.abc import Collection
from dataclasses import dataclass

from contracts.values import EnterpriseId, OrderId, OrderNumber, UnitCode
from scheduling.schemes.rules import State
from servicekit.db import Tx

UNCONFIRMED = """
select s.order_id, s.number, s.enterprise_id, s.enterprise_name, s.state, u.units
from scheme s
join scheme_version v on v.order_id = s.order_id and v.version = s.version
cross join lateral (
  select array_agg(distinct p.unit order by p.unit) as units from (
    select jsonb_path_query(v.content::jsonb, '$.**.unit') #>> '{}' as unit) p
  where p.unit = any($1::text[])) u
where s.state = any($2::text[]) and not s.cancelled and u.units is not null
order by s.number"""
STATES = (State.DRAFTED.value, State.APPROVED.value, State.DECLINED.value)


@dataclass(frozen=True, slots=True)
class Touched:
    """A scheme that is not confirmed and teaches some of the units."""

    order_id: OrderId
    number: OrderNumber
    enterprise_id: EnterpriseId
    enterprise_name: str
    state: str
    units: tuple[UnitCode, ...]


async def touched_by(tx: Tx, units: Collection[UnitCode]) -> list[Touched]:
    """The schemes, by number."""
    if not units:
        return []
    rows = await tx.driver.fetch(UNCONFIRMED, sorted(units), STATES)
    return [Touched(**(dict(row) | {"units": tuple(row["units"])})) for row in rows]
