"""How much colleges and people are sent in a time, and whose qualification ends: counted by the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from pydantic import TypeAdapter

from contracts.values import (
    AssignmentId,
    BandCode,
    CollegeId,
    LevelCode,
    Needs,
    OccupationCode,
    PersonId,
    Qualification,
)
from instructor_dispatch.offers.assisting import assistants_of
from servicekit.db import Tx

Key = tuple[UUID, str, str, bool, date]
"""Person, occupation, level, whether it is an assessor's card, last day."""
EVENING: BandCode = "eve"
OF_COLLEGES = """
select c.college_id, coalesce(a.agreed, 0)::int as agreed, coalesce(a.target, 0)::int as target,
       count(o.*) filter (where exists (
         select from agreement g where g.college_id = c.college_id and o.day between g.valid_from and g.valid_until
           and g.valid_from <= $2 and g.valid_until >= $1))::int as held
from college c
left join (select college_id, sum(sessions_total) as agreed, sum(target) as target from agreement
           where valid_from <= $2 and valid_until >= $1 group by 1) a using (college_id)
left join offer o on o.college_id = c.college_id and o.state in ('offered', 'taken', 'volunteered', 'agreed', 'firm')
     and o.role = 'lead' and (o.person_id is not null or o.state = 'taken')
where $3::text is null or c.college_id = $3
group by 1, 2, 3 order by 1"""
OF_PEOPLE = """
select p.person_id, p.college_id, p.fair_load, coalesce(s.sessions, 0)::int as sessions,
       coalesce(s.firm, 0)::int as firm, coalesce(s.minutes, 0)::int as minutes,
       coalesce(s.evenings, 0)::int as evenings, coalesce(d.minutes, 0)::int as driven
from person p
left join (
  select person_id, count(*) as sessions, count(*) filter (where state = 'firm') as firm,
         count(*) filter (where slot ->> 'band' = $5) as evenings,
         sum(extract(epoch from (slot ->> 'ends_at')::timestamptz - (slot ->> 'starts_at')::timestamptz)) / 60
           as minutes
  from offer
  where state in ('offered', 'taken', 'volunteered', 'agreed', 'firm') and role = 'lead' and day between $1 and $2
  group by 1) s using (person_id)
left join (
  select person_id, sum(extract(epoch from upper(during) - lower(during))) / 60 as minutes
  from reservation where kind = 'drive' and lower(during) >= $3 and lower(during) < $4
  group by 1) d using (person_id)
where ($6::text is null or p.college_id = $6) and (not p.retired or s.sessions is not null)
order by p.college_id, p.person_id"""
ENDING = """
select p.person_id, p.college_id, p.qualifications, q.held ->> 'occupation' as occupation,
       q.held ->> 'level' as level, (q.held ->> 'valid_until')::date as valid_until,
       coalesce((q.held ->> 'assessor')::boolean, false) as assessor,
       o.assignment_id, o.day, o.role, d.level as needed
from person p
cross join jsonb_array_elements(p.qualifications) q(held)
left join (offer o join duty d using (duty_id))
     on o.person_id = p.person_id and o.state = 'firm' and o.day > (q.held ->> 'valid_until')::date
        and d.occupation = q.held ->> 'occupation'
where not p.retired and (q.held ->> 'valid_until')::date between $1 and $2
  and ($3::text is null or p.college_id = $3)
order by valid_until, p.person_id, occupation, level, assessor, o.day, o.assignment_id"""
NAMED = "select override_id, duty_id from override where override_id = any($1::uuid[])"
COVERED = """
select v.override_id, o.assignment_id
from override v join unnest($1::uuid[], $2::uuid[]) n(override_id, duty_id) using (override_id)
join offer o on (n.duty_id is null or o.duty_id = n.duty_id) and (v.person_id is null or o.person_id = v.person_id)
where o.person_id is not null and o.state in ('offered', 'taken', 'volunteered', 'agreed', 'firm')
  and o.day between v.granted_at::date and v.valid_until
order by o.day, o.assignment_id"""
_qualifications = TypeAdapter(tuple[Qualification, ...])


class CollegeRow(NamedTuple):
    """What a college agreed to send, by the agreements that hold in the time, and how much of it is held."""

    college_id: CollegeId
    agreed: int
    target: int
    held: int
    """Sessions asked for or promised under these agreements, in their whole time."""


class PersonRow(NamedTuple):
    """What a person has in the time."""

    person_id: PersonId
    college_id: CollegeId
    fair_load: int
    sessions: int
    """Asked for or promised."""
    firm: int
    minutes: int
    """Of these sessions."""
    evenings: int
    driven: int
    """Minutes between two places of one day, buffer included; the ways from and to home are not kept."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A firm assignment after a qualification's end."""

    assignment_id: AssignmentId
    day: date
    assessor: bool
    needs: Needs


@dataclass(frozen=True, slots=True)
class Ending:
    """A qualification that ends soon, with what the person holds, and what of its occupation is firm after it."""

    person_id: PersonId
    college_id: CollegeId
    occupation: OccupationCode
    level: LevelCode
    assessor: bool
    valid_until: date
    qualifications: tuple[Qualification, ...]
    promises: tuple[Promise, ...]

    @property
    def held(self) -> Qualification:
        """The qualification itself."""
        return Qualification(
            occupation=self.occupation,
            level=self.level,
            assessor=self.assessor,
            valid_until=self.valid_until,
        )


async def of_colleges(tx: Tx, first: date, last: date, college_id: CollegeId | None) -> list[CollegeRow]:
    """Every college, or one."""
    return [CollegeRow(*row) for row in await tx.driver.fetch(OF_COLLEGES, first, last, college_id)]


async def of_people(
    tx: Tx,
    days: tuple[date, date],
    instants: tuple[datetime, datetime],
    college_id: CollegeId | None,
) -> list[PersonRow]:
    """Everybody who is sent, or was in these days (both included); `instants` are the same days, half-open."""
    rows = await tx.driver.fetch(OF_PEOPLE, *days, *instants, EVENING, college_id)
    return [PersonRow(*row) for row in rows]


async def covered(tx: Tx, ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """The live assignments that each of these overrides is about: of a session's lead and of its assistants."""
    found: dict[UUID, list[UUID]] = {each: [] for each in ids}
    named: list[tuple[UUID, UUID | None]] = []
    for row in await tx.driver.fetch(NAMED, list(ids)):
        override_id, duty_id = row["override_id"], row["duty_id"]
        duties = [None] if duty_id is None else [duty_id, assistants_of(duty_id)]
        named += [(override_id, duty) for duty in duties]
    for row in await tx.driver.fetch(COVERED, [each for each, _ in named], [duty for _, duty in named]):
        found[row["override_id"]].append(row["assignment_id"])
    return found


async def ending(tx: Tx, first: date, last: date, college_id: CollegeId | None) -> list[Ending]:
    """Qualifications whose last day lies between the two, earliest first."""
    found: dict[Key, list[Promise]] = {}
    of: dict[Key, tuple[CollegeId, tuple[Qualification, ...]]] = {}
    for row in await tx.driver.fetch(ENDING, first, last, college_id):
        key = (row["person_id"], row["occupation"], row["level"], row["assessor"], row["valid_until"])
        of[key] = row["college_id"], _qualifications.validate_python(row["qualifications"])
        promises = found.setdefault(key, [])
        if row["assignment_id"] is not None:
            needs = Needs(occupation=row["occupation"], level=row["needed"])
            promises.append(Promise(row["assignment_id"], row["day"], row["role"] == "assessor", needs))
    return [_ending(key, of[key], promises) for key, promises in found.items()]


def _ending(
    key: Key,
    of: tuple[CollegeId, tuple[Qualification, ...]],
    promises: Sequence[Promise],
) -> Ending:
    person_id, occupation, level, assessor, valid_until = key
    once = dict.fromkeys(promises)  # two cards of one occupation and day meet the same sessions
    return Ending(person_id, of[0], occupation, level, assessor, valid_until, of[1], tuple(once))
