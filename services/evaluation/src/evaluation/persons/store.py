"""What stands of one person in the rows of evaluation. Reads every row: asked about one person now and then."""

from datetime import date
from typing import Any

from contracts.programme_personal import KeptClass
from contracts.values import EnterpriseId, WorkerId
from servicekit.db import Tx

Row = dict[str, Any]
ORDERS = """
select order_id, number, enterprise_id from served_order
where exists (
  select from jsonb_array_elements(lines) line cross join lateral jsonb_array_elements(line -> 'trainees') trainee
  where trainee ->> 'worker_id' = $1
    and ($2::text is null or coalesce(trainee ->> 'enterprise_id', enterprise_id) = $2))
order by number"""
"""Orders that the person stands in: all, or those for which this enterprise has sent them, joint ones too."""
ATTENDED = """
select s.session_id, s.order_id, s.slot ->> 'day' as day, s.occupation, s.level, s.state, s.class_hours,
  (entry ->> 'minutes')::int as minutes, entry ->> 'way' as way, i.at as signed_at,
  i.device is not null as phone_marked
from session s cross join lateral jsonb_array_elements(s.attended) entry
left join sign_in i on i.session_id = s.session_id and i.worker_id = $1
where entry ->> 'worker_id' = $1::uuid::text order by day, s.session_id"""
SIGNED = """
select s.session_id, s.order_id, s.slot ->> 'day' as day, s.state, i.at as signed_at, i.way
from sign_in i join session s using (session_id)
where i.worker_id = $1 and not exists (
  select from jsonb_array_elements(s.attended) entry where entry ->> 'worker_id' = $1::uuid::text)
order by day, s.session_id"""
MARKS = """
select c.evaluation_id, b.order_id, b.slot ->> 'day' as day, b.occupation, b.level, c.state,
  c.reasons::text, c.parts::text, c.passed, c.attempt, c.objection
from candidate c join batch b using (batch_id) where c.worker_id = $1 order by day, c.evaluation_id"""
CERTIFICATES = """
select certificate_id, order_id, number, kind, occupation, level, issuer, issued_on, suspended_on,
  revoked_on, replaced_by
from certificate where worker_id = $1 order by issued_on, number"""
CLAIMS = """
select l.claim_id, l.order_id, l.enterprise_id, l.filed_on, l.state, c.number as certificate
from claim l cross join lateral jsonb_array_elements(l.certificates) entry
join certificate c on c.certificate_id::text = entry ->> 'certificate_id'
where c.worker_id = $1 order by l.filed_on, l.claim_id"""
FINDINGS = """
select finding_id, order_id, kind, state, found_at from finding where $1 = any(workers) order by found_at"""
LAST = """
select
  (select max((s.slot ->> 'day')::date) from session s cross join lateral jsonb_array_elements(s.attended) entry
    where entry ->> 'worker_id' = $1::uuid::text) as training,
  greatest((select max((b.slot ->> 'day')::date) from candidate c join batch b using (batch_id) where c.worker_id = $1),
    (select max(issued_on) from certificate where worker_id = $1)) as certificates"""

WAITING = """
select kept_by as of, min(drop_on) as first, count(*) as waiting from directory where drop_on is not null group by 1
union all
select 'devices', null, count(*) from sign_in where device is not null
union all
select 'places', min(kept_at)::date, count(*) from session_photo"""


async def orders_of(tx: Tx, worker: WorkerId, enterprise: EnterpriseId | None) -> list[Row]:
    """Orders with the person; of one enterprise only what it asked for them."""
    return [dict(row) for row in await tx.driver.fetch(ORDERS, str(worker), enterprise)]


async def parts_of(tx: Tx, worker: WorkerId) -> dict[str, list[Row]]:
    """Everything else that names the person by id, by what it is."""
    reads = {
        "attended": ATTENDED, "signed": SIGNED, "marks": MARKS, "certificates": CERTIFICATES, "claims": CLAIMS,
        "findings": FINDINGS,
    }  # fmt: skip
    return {part: [dict(row) for row in await tx.driver.fetch(read, worker)] for part, read in reads.items()}


async def last_days(tx: Tx, worker: WorkerId) -> dict[KeptClass, date]:
    """The newest day of training, and of evaluation or certificate, where there is one."""
    (row,) = await tx.driver.fetch(LAST, worker)
    of: tuple[KeptClass, ...] = ("training", "certificates")
    return {each: row[each] for each in of if row[each] is not None}


async def waiting(tx: Tx) -> dict[str, tuple[date | None, int]]:
    """Of each class that something is kept of for a time: the first day that is a last one, and how much there is."""
    return {row["of"]: (row["first"], row["waiting"]) for row in await tx.driver.fetch(WAITING)}
