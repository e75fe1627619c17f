"""What is counted over offers, for quotas, load and whether an order is staffed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from contracts.values import CollegeId, OrderId, PersonId, ProgrammeCode
from instructor_dispatch.offers.rules import Duty
from instructor_dispatch.offers.tables import staffing
from servicekit.db import Tx

OF_COLLEGES = """
select c.college_id, count(o.*) filter (where o.day between c.valid_from and c.valid_until) as total,
       count(o.*) filter (where o.day >= $4 and o.day < $5) as week
from unnest($1::text[], $2::date[], $3::date[]) c(college_id, valid_from, valid_until)
left join offer o on o.college_id = c.college_id and o.state in ('offered', 'taken', 'volunteered', 'agreed', 'firm')
     and o.role = 'lead' and (o.person_id is not null or o.state = 'taken') and o.assignment_id is distinct from $6
     and (o.day between c.valid_from and c.valid_until or (o.day >= $4 and o.day < $5))
group by 1"""
TEACHERS = """
select distinct o.person_id from offer o join duty d using (duty_id)
where d.cohort_id = $1 and d.unit = $2 and d.duty_id <> $3
  and o.state in ('offered', 'taken', 'volunteered', 'agreed', 'firm') and o.person_id is not null
  and o.role = 'lead'"""
ASSISTANTS = """
select distinct person_id from offer
where order_id = $1 and role = 'assistant' and state = 'firm' and person_id is not null"""
STAFFED = """
select count(*) as sessions, count(*) filter (where exists (
         select 1 from offer o where o.duty_id = d.duty_id and o.state = 'firm')) as firm
from duty d where d.order_id = $1 and d.role = 'lead' and d.state <> 'off'"""
READ = select(staffing).where(staffing.c.order_id == bindparam("order_id"))
_save = insert(staffing)
SAVE = _save.on_conflict_do_update(
    index_elements=["order_id"],
    set_={c.name: _save.excluded[c.name] for c in staffing.c if not c.primary_key},
)


@dataclass(frozen=True, slots=True)
class Staffing:
    """How far an order is: what its scheme has, what has arrived here, whether all have a lead."""

    order_id: OrderId
    programme: ProgrammeCode | None = None
    version: int | None = None
    """Of the scheme that was confirmed."""
    sessions: int | None = None
    """How many `session.scheduled` belong to it; none = no scheme is in force."""
    arrived: int = 0
    staffed: bool = False


async def staffing_of(tx: Tx, order_id: OrderId) -> Staffing:
    """What is known of the order; its id is held."""
    row = (await tx.execute(READ, {"order_id": order_id})).one_or_none()
    if row is None:
        return Staffing(order_id)
    return Staffing(order_id, row.programme, row.version, row.sessions, row.arrived, row.staffed)


async def save_staffing(tx: Tx, state: Staffing) -> None:
    """Write it as it is now."""
    await tx.execute(SAVE, {name: getattr(state, name) for name in Staffing.__slots__})


async def sessions_and_firm(tx: Tx, order_id: OrderId) -> tuple[int, int]:
    """Sessions that are to be held, and how many of them have a firm lead."""
    row = await tx.driver.fetchrow(STAFFED, order_id)
    return (0, 0) if row is None else (row["sessions"], row["firm"])


async def of_colleges(
    tx: Tx,
    agreements: Mapping[CollegeId, tuple[date, date]],
    week: tuple[date, date],
    *,
    without: UUID | None = None,
) -> dict[CollegeId, tuple[int, int]]:
    """Sessions each college is held to in its agreement's time, and in the week; open calls hold nobody."""
    columns = list(agreements), [a for a, _ in agreements.values()], [b for _, b in agreements.values()]
    rows = await tx.driver.fetch(OF_COLLEGES, *columns, *week, without)
    return {row["college_id"]: (row["total"], row["week"]) for row in rows}


async def assistants_of_order(tx: Tx, order_id: OrderId) -> frozenset[PersonId]:
    """Who is promised as an assistant for any of the order's sessions, held or not."""
    return frozenset(row["person_id"] for row in await tx.driver.fetch(ASSISTANTS, order_id))


async def teachers_of_unit(tx: Tx, duty: Duty) -> frozenset[PersonId]:
    """Who leads the cohort's other sessions of the same unit."""
    if duty.cohort_id is None:
        return frozenset()
    rows = await tx.driver.fetch(TEACHERS, duty.cohort_id, duty.unit, duty.duty_id)
    return frozenset(row["person_id"] for row in rows)
