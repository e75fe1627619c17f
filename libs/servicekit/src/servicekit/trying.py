"""Long work as whoever waits for it sees it: which attempt it is, since when it was asked for, when it is tried again.

A job whose process died, or that failed otherwise, is tried again by itself (`runner`); nobody has to ask anew.
"""

from dataclasses import dataclass
from datetime import datetime

from servicekit.db import Tx

WAITING = """
select kind, key, subject, tries + 1 as attempt, asked_at as since,
  case when again_at > clock_timestamp() then again_at end as again_at
from due where job and ($1::text is null or (kind, key) = ($1, $2)) and tries >= $3
order by asked_at, kind, key limit 1000"""


@dataclass(frozen=True, slots=True)
class Trying:
    """A job that is not done yet. Times are the machine's: work takes real time, whatever the season's clock says."""

    kind: str
    key: str
    subject: str
    attempt: int
    """1 = it was not tried before."""
    since: datetime
    """When it was asked for."""
    again_at: datetime | None
    """When the next attempt begins; none = it is due or under way."""


async def trying(tx: Tx, kind: str, key: object) -> Trying | None:
    """This job, if it is not done yet."""
    rows = await tx.driver.fetch(WAITING, kind, str(key), 0)
    return Trying(**rows[0]) if rows else None


async def trying_again(tx: Tx) -> list[Trying]:
    """Every job that was tried in vain, the longest asked for first."""
    return [Trying(**row) for row in await tx.driver.fetch(WAITING, None, None, 1)]
