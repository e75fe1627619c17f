"""What people have in a season, counted by the database: sessions, minutes, trips, evenings, weekends."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from contracts.values import CollegeId, PersonId
from instructor_dispatch.offers.shares import EVENING, SATURDAY, Burden
from servicekit.db import Tx

OF_PEOPLE = """
select o.person_id, count(*)::int as sessions,
       (coalesce(sum(extract(epoch from (o.slot ->> 'ends_at')::timestamptz - (o.slot ->> 'starts_at')::timestamptz)),
                 0) / 60)::int as minutes,
       count(distinct o.day) filter (where d.division is not null)::int as trips,
       count(*) filter (where o.slot ->> 'band' = $3)::int as evenings,
       count(*) filter (where extract(isodow from o.day) >= $4)::int as weekends
from offer o join duty d using (duty_id)
where o.state in ('offered', 'taken', 'volunteered', 'agreed', 'firm') and o.role = 'lead'
  and o.day >= $1 and o.day < $2
  and o.person_id = any($5::uuid[])
group by 1"""
PEOPLE = "select person_id, college_id, fair_load, retired from person order by college_id, person_id"
TARGETS = """
select college_id, sum(target)::int as target from agreement
where valid_from < $2 and valid_until >= $1 group by 1 order by 1"""
YEARS = """
select distinct extract(year from day)::int as year from offer
where state in ('offered', 'taken', 'volunteered', 'agreed', 'firm') and role = 'lead' and person_id is not null
order by 1"""


class PersonBurden(NamedTuple):
    """Somebody with what they have, and the share that was agreed (0 = none)."""

    person_id: PersonId
    college_id: CollegeId
    fair_load: int
    has: Burden


async def of_people(
    tx: Tx, people: Collection[PersonId], season: tuple[date, date]
) -> dict[PersonId, Burden]:
    """What each has in the season (its first day, and the day after it); who has nothing is left out."""
    rows = await tx.driver.fetch(OF_PEOPLE, *season, EVENING, SATURDAY, list(people))
    return {
        row["person_id"]: Burden(
            row["sessions"], row["minutes"], row["trips"], row["evenings"], row["weekends"]
        )
        for row in rows
    }


async def of_all(tx: Tx, season: tuple[date, date]) -> list[PersonBurden]:
    """Everybody who is sent, or was in the season."""
    rows = await tx.driver.fetch(PEOPLE)
    has = await of_people(tx, [row["person_id"] for row in rows], season)
    return [
        PersonBurden(
            row["person_id"], row["college_id"], row["fair_load"], has.get(row["person_id"], Burden())
        )
        for row in rows
        if not row["retired"] or row["person_id"] in has
    ]


async def targets(tx: Tx, season: tuple[date, date]) -> dict[CollegeId, int]:
    """The fair numbers of sessions that colleges agreed to, by agreements that hold in the season."""
    return {row["college_id"]: row["target"] for row in await tx.driver.fetch(TARGETS, *season)}


async def years(tx: Tx) -> list[int]:
    """The years in which anything was held or is promised."""
    return [row["year"] for row in await tx.driver.fetch(YEARS)]
