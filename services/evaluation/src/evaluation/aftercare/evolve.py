"""What the facts of aftercare do to its rows, when they are all that is left; free words are in no fact."""

from contracts.aftercare import FollowupAnswered, FollowupDue, FollowupReminded, SatisfactionGiven
from evaluation.aftercare import commands, store
from servicekit.db import Cause, Tx


async def given(tx: Tx, fact: SatisfactionGiven, _cause: Cause) -> None:
    """Somebody has said how a session was."""
    await store.add(tx, fact)


async def due(tx: Tx, fact: FollowupDue, _cause: Cause) -> None:
    """People are asked."""
    await commands.keep_due(tx, fact)


async def answered(tx: Tx, fact: FollowupAnswered, _cause: Cause) -> None:
    """Somebody has answered."""
    await store.answer(tx, fact)


async def reminded(tx: Tx, fact: FollowupReminded, _cause: Cause) -> None:
    """An enterprise was reminded."""
    await store.remind(tx, fact)
