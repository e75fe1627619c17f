"""What an instructor is to teach: the next session, the others of the time to come, and what was moved."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from portal.boards.house import college_row, person_row
from portal.boards.sessions import session_row
from portal.known import known
from portal.web.names import Names
from servicekit.db import Tx

DAYS, YEAR = timedelta(days=14), timedelta(days=366)
OPEN, AHEAD = "opened", frozenset({"scheduled", "opened"})
LATE = timedelta(hours=48)
"""So long after its end a session can still be opened or closed."""
MINE = (
    select(session_row)
    .where(
        or_(session_row.c.person == bindparam("person"), session_row.c.taught_by == bindparam("person")),
        session_row.c.state.in_(AHEAD),
        session_row.c.ends_at > bindparam("since"),
        session_row.c.starts_at < bindparam("until"),
    )
    .order_by(session_row.c.starts_at, session_row.c.session_id)
)
HOME = (
    select(college_row.c.division, college_row.c.college_id)
    .join(person_row, person_row.c.college_id == college_row.c.college_id)
    .where(person_row.c.person_id == bindparam("person"))
)
WAS = """
select distinct on (data ->> 'session_id') data ->> 'session_id' as session_id, data -> 'was' ->> 'starts_at' as starts,
       data -> 'was' ->> 'ends_at' as ends
from story_fact where type = 'session.moved.v1' and data ->> 'session_id' = any($1::text[])
  and subject = any($2::text[])
order by data ->> 'session_id', arrived desc"""


@dataclass(frozen=True)
class Lesson:
    """A session, ready to be shown. `drive` is said from the college; `was` the time before it was moved."""

    id: str
    title: str
    when: str
    where: str
    drive: str
    hours: str
    state: str
    was: str
    now: bool
    """It can be opened, or is open."""
    over: bool
    """Its time has passed, and nobody opened it."""

    @property
    def kept(self) -> dict[str, Any]:
        """What the phone keeps of it for the time without a network."""
        return asdict(self)


async def lessons(tx: Tx, names: Names, person: UUID, now: datetime) -> list[Lesson]:
    """The person's sessions of the next 14 days, and those that are still to be opened or closed."""
    return await _between(tx, names, person, now, until=now + DAYS)


async def first_later(tx: Tx, names: Names, person: UUID, now: datetime) -> Lesson | None:
    """The first session of the year ahead, for somebody who has none within 14 days."""
    return next(iter(await _between(tx, names, person, now, until=now + YEAR)), None)


async def _between(tx: Tx, names: Names, person: UUID, now: datetime, until: datetime) -> list[Lesson]:
    given = {"person": person, "since": now - LATE, "until": until}
    rows = (await tx.execute(MINE, given)).all()
    home = (await tx.execute(HOME, {"person": person})).first()
    moved = [row for row in rows if row.moved]
    told = await tx.driver.fetch(
        WAS, [str(row.session_id) for row in moved], [str(row.order_id) for row in moved]
    )
    was = {
        each["session_id"]: names.text.span(
            datetime.fromisoformat(each["starts"]), datetime.fromisoformat(each["ends"])
        )
        for each in told
    }
    roads = {(each.from_code, each.to_code): each.drive_min for each in known(tx).programmes.distances}
    return in_turn([_lesson(row, names, now, was, _drive(row, names, home, roads)) for row in rows])


def _lesson(row: Any, names: Names, now: datetime, was: Mapping[str, str], drive: str) -> Lesson:
    text = names.text
    return Lesson(
        id=str(row.session_id),
        title=names.unit(row.unit),
        when=text.span(row.starts_at, row.ends_at),
        where=f"{names.organisation(row.enterprise_id)} · {names.division(row.division)}",
        drive=drive,
        hours=text("my.hours", count=row.class_hours),
        state=row.state,
        was=was.get(str(row.session_id), ""),
        now=row.state == OPEN or row.day <= now.astimezone(text.zone).date(),
        over=row.state != OPEN and row.ends_at <= now,
    )


def _drive(row: Any, names: Names, home: Any, roads: Mapping[tuple[str, str], int]) -> str:
    if row.mode == "online":
        return names.text("my.online")
    minutes = roads.get((home.division, row.division)) if home else None
    if not minutes:
        return ""
    return names.text("my.drive", count=minutes, college=names.organisation(home.college_id))


def in_turn(found: Sequence[Lesson]) -> list[Lesson]:
    """The open one, then what comes, then what nobody opened in its time: no forgotten hour hides a present one."""
    return sorted(found, key=lambda each: (each.state != OPEN, each.over))
