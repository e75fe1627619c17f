"""What stands of one person in the rows of evaluation. Reads every row: asked about one person now and then."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, update

from contracts.programme_personal import KeptClass
from contracts.values import EnterpriseId, OrderId, WorkerId
from evaluation.examinations.evidence import Told
from evaluation.examinations.evidence_store import evidence
from evaluation.examinations.tables import batch, candidate, objection_note
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
  (entry ->> 'minutes')::int as minutes, entry ->> 'way' as way, i.at as signed_at, i.left_at, i.on_paper,
  i.device is not null as phone_marked
from session s cross join lateral jsonb_array_elements(s.attended) entry
left join sign_in i on i.session_id = s.session_id and i.worker_id = $1
where entry ->> 'worker_id' = $1::uuid::text order by day, s.session_id"""
SIGNED = """
select s.session_id, s.order_id, s.slot ->> 'day' as day, s.state, i.at as signed_at, i.left_at, i.on_paper, i.way
from sign_in i join session s using (session_id)
where i.worker_id = $1 and not exists (
  select from jsonb_array_elements(s.attended) entry where entry ->> 'worker_id' = $1::uuid::text)
order by day, s.session_id"""
SIGNED_AGAIN = """
select g.session_id, s.order_id, s.slot ->> 'day' as day, g.at as signed_at, g.on_paper, g.way
from sign_in_again g join session s using (session_id) where g.worker_id = $1 order by g.at, g.act_id"""
SIGNED_OUT = """
select o.session_id, s.order_id, s.slot ->> 'day' as day, o.at as left_at, o.way
from sign_out o join session s using (session_id) where o.worker_id = $1 order by o.at, o.session_id"""
EXCUSED = """
select s.session_id, s.order_id, s.slot ->> 'day' as day, (entry -> 'reason')::text as reason
from session s cross join lateral jsonb_array_elements(s.excused) entry
where entry ->> 'worker_id' = $1::uuid::text order by day, s.session_id"""
CORRECTIONS = """
select r.correction_id, r.session_id, r.order_id, s.slot ->> 'day' as day, r.was, r.minutes, r.reason::text,
  r.proposed_at, r.state, r.decided_at, r.answer::text
from correction r join session s using (session_id)
where r.worker_id = $1 order by r.proposed_at, r.correction_id"""
MARKS = """
select c.evaluation_id, b.order_id, b.slot ->> 'day' as day, b.occupation, b.level, c.state,
  c.reasons::text, c.parts::text, c.carried::text, c.failed, c.passed, c.attempt, c.excused, c.answer_by, c.objection
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
FOLLOWUPS = """
select order_id, months, enterprise_id, due_on, answers_by, answers::text, answered_by, answered_on
from followup where worker_id = $1 order by due_on, order_id, months"""
FINDINGS = """
select finding_id, order_id, kind, state, found_at from finding where $1 = any(workers) order by found_at"""
# what is encrypted is read by its own table
PAPERS = (
    select(evidence)
    .where(evidence.c.worker_id == bindparam("of_worker"))
    .order_by(evidence.c.noted_at, evidence.c.evidence_id)
)
OBJECTIONS = (
    select(candidate.c.evaluation_id, batch.c.order_id, objection_note.c.said_at, objection_note.c.text)
    .join(candidate, candidate.c.evaluation_id == objection_note.c.evaluation_id)
    .join(batch, batch.c.batch_id == candidate.c.batch_id)
    .where(candidate.c.worker_id == bindparam("of_worker"))
    .order_by(objection_note.c.said_at, candidate.c.evaluation_id)
)
SAYS_LESS = (
    update(evidence).where(evidence.c.evidence_id == bindparam("of_paper")).values(told=bindparam("says"))
)
EMPTY_ANSWERS = "update followup set answers = '{}' where worker_id = $1 and answers is not null"
DROP_OBJECTIONS = """
delete from objection_note using candidate c
where c.evaluation_id = objection_note.evaluation_id and c.worker_id = $1"""
LAST = """
select
  (select max((s.slot ->> 'day')::date) from session s cross join lateral jsonb_array_elements(s.attended) entry
    where entry ->> 'worker_id' = $1::uuid::text and ($2::uuid[] is null or s.order_id = any($2))) as training,
  greatest((select max((b.slot ->> 'day')::date) from candidate c join batch b using (batch_id)
      where c.worker_id = $1 and ($2::uuid[] is null or b.order_id = any($2))),
    (select max(issued_on) from certificate
      where worker_id = $1 and ($2::uuid[] is null or order_id = any($2)))) as certificates"""

WAITING = """
select kept_by as of, min(drop_on) as first, count(*) as waiting from directory where drop_on is not null group by 1
union all
select 'devices', min(at)::date, count(*) from sign_in where device is not null
union all
select 'places', min(kept_at)::date, count(*) from session_photo"""


async def orders_of(tx: Tx, worker: WorkerId, enterprise: EnterpriseId | None) -> list[Row]:
    """Orders with the person; of one enterprise only what it asked for them."""
    return [dict(row) for row in await tx.driver.fetch(ORDERS, str(worker), enterprise)]


async def parts_of(tx: Tx, worker: WorkerId) -> dict[str, list[Row]]:
    """Everything else that names the person by id, by what it is; all but `evidence` with its order."""
    reads = {
        "attended": ATTENDED, "signed": SIGNED, "signed_again": SIGNED_AGAIN, "signed_out": SIGNED_OUT,
        "excused": EXCUSED, "corrections": CORRECTIONS, "marks": MARKS, "certificates": CERTIFICATES,
        "claims": CLAIMS, "followups": FOLLOWUPS, "findings": FINDINGS,
    }  # fmt: skip
    found = {part: [dict(row) for row in await tx.driver.fetch(read, worker)] for part, read in reads.items()}
    given = {"of_worker": worker}
    found["evidence"] = [_paper(row) for row in await tx.execute(PAPERS, given)]
    found["objections"] = [dict(row._mapping) for row in await tx.execute(OBJECTIONS, given)]  # noqa: SLF001
    return found


async def forget_said(tx: Tx, worker: WorkerId) -> None:
    """What papers, answers and objections say of the person is gone; that they were there, and when, stays."""
    for row in (await tx.execute(PAPERS, {"of_worker": worker})).all():
        kind = Told(kind=Told.model_validate_json(row.told).kind)  # as the fact has it
        says = kind.model_dump_json(exclude_none=True)
        await tx.execute(SAYS_LESS, {"of_paper": row.evidence_id, "says": says})
    await tx.driver.execute(EMPTY_ANSWERS, worker)
    await tx.driver.execute(DROP_OBJECTIONS, worker)


async def last_days(
    tx: Tx, worker: WorkerId, orders: Collection[OrderId] | None = None
) -> dict[KeptClass, date]:
    """The newest day of training, and of evaluation or certificate, where there is one; of all or of these orders."""
    (row,) = await tx.driver.fetch(LAST, worker, None if orders is None else list(orders))
    of: tuple[KeptClass, ...] = ("training", "certificates")
    return {each: row[each] for each in of if row[each] is not None}


async def waiting(tx: Tx) -> dict[str, tuple[date | None, int]]:
    """Of each class that something is kept of for a time: the first day that is a last one, and how much there is."""
    return {row["of"]: (row["first"], row["waiting"]) for row in await tx.driver.fetch(WAITING)}


def _paper(row: Any) -> Row:
    """A paper that was seen, and what it says; an erasure leaves its kind."""
    seen = {
        name: getattr(row, name) for name in ("evidence_id", "occupation", "paper", "seen_on", "noted_at")
    }
    return seen | Told.model_validate_json(row.told).model_dump(mode="json", exclude_defaults=True)
