"""How colleges answered what they were asked for in a time: counted by the database from the offers."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from contracts.values import CollegeId
from servicekit.db import Tx

ANSWERS = """
select c.college_id,
       count(o.*)::int as asked,
       count(o.*) filter (where o.state = 'declined')::int as declined,
       count(o.*) filter (where o.state = 'released' and o.reason like 'decline.%')::int as given_back,
       count(o.*) filter (where o.state = 'lapsed' and o.name_by is null)::int as unanswered,
       count(o.*) filter (where o.state = 'lapsed' and o.name_by is not null)::int as unnamed
from college c left join offer o on o.college_id = c.college_id and o.day between $1 and $2
where $3::text is null or c.college_id = $3
group by 1 order by 1"""
REASONS = """
select college_id, reason, count(*)::int as times from offer
where day between $1 and $2 and reason like 'decline.%' and state in ('declined', 'released')
  and ($3::text is null or college_id = $3)
group by 1, 2 order by 1, 3 desc, 2"""
QUOTAS = """
select g.college_id, g.valid_from, g.valid_until, g.sessions_total, g.sessions_week,
       count(o.*)::int as held_total, count(o.*) filter (where o.day >= $2 and o.day < $3)::int as held_week
from agreement g left join offer o on o.college_id = g.college_id and o.day between g.valid_from and g.valid_until
  and o.state in ('offered', 'taken', 'volunteered', 'agreed', 'firm') and o.role = 'lead'
  and (o.person_id is not null or o.state = 'taken')
where $1 between g.valid_from and g.valid_until and ($4::text is null or g.college_id = $4)
group by 1, 2, 3, 4, 5 order by 1"""


class Answers(NamedTuple):
    """What a college was asked for, by the day of the session or batch, and how often it said no or nothing."""

    college_id: CollegeId
    asked: int
    declined: int
    given_back: int
    """Firm promises."""
    unanswered: int
    """Time to answer over, nothing said."""
    unnamed: int
    """Taken, and nobody named in time."""


class Refusal(NamedTuple):
    """How often a college gave a reason."""

    college_id: CollegeId
    reason: str
    times: int


class Quota(NamedTuple):
    """An agreement, and how much of it is spoken for: in its whole time, and in one week."""

    college_id: CollegeId
    valid_from: date
    valid_until: date
    sessions_total: int
    sessions_week: int
    held_total: int
    held_week: int


async def answers(tx: Tx, first: date, last: date, college_id: CollegeId | None) -> list[Answers]:
    """Of every college, or one; days both included."""
    return [Answers(*row) for row in await tx.driver.fetch(ANSWERS, first, last, college_id)]


async def refusals(tx: Tx, first: date, last: date, college_id: CollegeId | None) -> Sequence[Refusal]:
    """By college, most frequent first."""
    return [Refusal(*row) for row in await tx.driver.fetch(REASONS, first, last, college_id)]


async def quotas(tx: Tx, day: date, week: tuple[date, date], college_id: CollegeId | None) -> Sequence[Quota]:
    """Agreements that hold on the day; the week is half-open."""
    return [Quota(*row) for row in await tx.driver.fetch(QUOTAS, day, *week, college_id)]
