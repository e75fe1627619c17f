"""What somebody has just done elsewhere is waited for, a moment, so that they see it on the next page."""

import asyncio
import contextlib

from servicekit.db import Tx

BEHIND = """
select exists (select from unnest($1::text[], $2::text[], $3::bigint[]) r(sender, subject, sequence)
  where not exists (select from head h where (h.sender, h.subject) = (r.sender, r.subject))
     or exists (select from head h where (h.sender, h.subject) = (r.sender, r.subject) and h.sequence < r.sequence))"""
LOOKS_EVERY = 0.03
"""Seconds."""


async def arrived(tx: Tx, reached: str, *, seconds: float) -> None:
    """Until everything here has taken what was `reached` (`Songjiao-Position`: source/subject/sequence, several by
    commas), at most so many seconds; what comes later, the live page shows.
    """
    places = [place.strip().rsplit("/", 2) for place in reached.split(",") if place.strip()]
    if not places or seconds <= 0:
        return
    senders, subjects, sequences = zip(*places, strict=True)
    numbers = [int(number) for number in sequences]
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while await tx.driver.fetchval(BEHIND, list(senders), list(subjects), numbers):  # noqa: ASYNC110  others take it
                await asyncio.sleep(LOOKS_EVERY)
