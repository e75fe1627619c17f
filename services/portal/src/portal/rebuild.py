"""`python -m portal rebuild`: the read model anew from nothing but facts, for after a mend or an upgrade.

One transaction: the pages show the old rows until the new ones are whole, and the consumer waits meanwhile, so
that exactly what it has taken is folded. What comes after goes on from there.
"""

import asyncio
import sys
from collections.abc import Sequence

from sqlalchemy import delete

from contracts.base import Envelope
from portal.boards import story
from portal.reactions import BOARDS, reactions
from portal.settings import Settings
from portal.verify import left_out, read_topics, without_repeats
from servicekit.db import Transactions, Tx, make_engine
from servicekit.reactions import cause_of

HOLD = """
set local statement_timeout = 0;
set local idle_in_transaction_session_timeout = 0;
lock table head in share row exclusive mode"""
HEADS = "select sender, subject, sequence from head where consumer = $1"
AT_ONCE = 5000
"""Rows are read and written once for so many facts."""


async def rebuild(settings: Settings) -> int:
    """Fold every fact that the portal has taken; how many there were."""
    engine = make_engine(settings.database_of("portal"), application="portal-rebuild", connections=2)
    try:
        transactions = Transactions(engine, source="portal", zone=settings.local)
        async with transactions.begin() as tx:
            await tx.driver.execute(HOLD)
            taken = await _taken(tx, await read_topics(settings))  # with heads held no fact can come between
            await fold_anew(tx, taken)
            return len(taken)
    finally:
        await engine.dispose()


async def fold_anew(tx: Tx, taken: Sequence[Envelope]) -> None:
    """Empty the boards and the story, and let these facts make them again."""
    await tx.execute(delete(story.story_fact))
    for board in BOARDS:
        await tx.execute(delete(board.table))
    for start in range(0, len(taken), AT_ONCE):
        some = taken[start : start + AT_ONCE]
        await story.keep(tx, some)
        known = [(each.fact(), cause_of(each)) for each in some if reactions.reacts_to(each.type)]
        for board in BOARDS:
            await board.take(tx, known)


async def _taken(tx: Tx, envelopes: Sequence[Envelope]) -> list[Envelope]:
    heads = {
        (row["sender"], row["subject"]): row["sequence"]
        for row in await tx.driver.fetch(HEADS, reactions.consumer)
    }
    without = await left_out(tx)
    return [
        each
        for each in without_repeats(envelopes)
        if each.sequence <= heads.get((each.source, each.subject), 0) and each.id not in without
    ]


def main() -> int:
    """The command."""
    facts = asyncio.run(rebuild(Settings()))
    sys.stdout.write(f"{facts}\n")
    return 0
