"""What a consumer has seen: the last sequence per (consumer, sender, subject). New is the one after it.

One row per subject and sender, not per fact: it grows with orders, not with traffic, and shows gaps.
"""

from collections.abc import Iterable, Mapping

from servicekit.db import Tx

Pair = tuple[str, str]
"""(sender, subject)."""

ADVANCE = """
insert into head as h (consumer, sender, subject, sequence)
select $1, s, k, n from unnest($2::text[], $3::text[], $4::bigint[]) t(s, k, n) order by s, k
on conflict (consumer, sender, subject) do update set sequence = excluded.sequence
where h.sequence < excluded.sequence
returning h.sender, h.subject, old.sequence as before"""
HOLD = """
insert into head as h (consumer, sender, subject, sequence)
select $1, s, k, 0 from unnest($2::text[], $3::text[]) t(s, k) order by s, k
on conflict (consumer, sender, subject) do update set sequence = h.sequence
returning h.sender, h.subject, h.sequence"""
READ = """
select h.sender, h.subject, h.sequence from head h
join unnest($2::text[], $3::text[]) t(s, k) on h.sender = s and h.subject = k
where h.consumer = $1"""


def _columns(pairs: Iterable[Pair]) -> tuple[list[str], list[str]]:
    pairs = list(pairs)
    return [sender for sender, _ in pairs], [subject for _, subject in pairs]


async def advance(tx: Tx, consumer: str, highest: Mapping[Pair, int]) -> dict[Pair, int | None]:
    """Move the heads forward in one trip; answers the old ones (None = first seen) of those that moved.

    A pair that is not in the answer had this sequence or a higher one before: all duplicates. A member that
    is in the middle of the same facts is waited for here.
    """
    senders, subjects = _columns(highest)
    rows = await tx.driver.fetch(ADVANCE, consumer, senders, subjects, list(highest.values()))
    return {(row["sender"], row["subject"]): row["before"] for row in rows}


async def hold(tx: Tx, consumer: str, pairs: Iterable[Pair]) -> dict[Pair, int]:
    """Lock the heads, sorted, without moving them; unseen ones are born as 0."""
    rows = await tx.driver.fetch(HOLD, consumer, *_columns(pairs))
    return {(row["sender"], row["subject"]): row["sequence"] for row in rows}


async def read(tx: Tx, consumer: str, pairs: Iterable[Pair]) -> dict[Pair, int]:
    """The heads as they are."""
    rows = await tx.driver.fetch(READ, consumer, *_columns(pairs))
    return {(row["sender"], row["subject"]): row["sequence"] for row in rows}
