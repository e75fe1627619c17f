"""Rows of a rebuild: nobody else reads or writes them, so the ones touched last stay in memory.

A row is written when it makes room for others, or at the end; not with every fact about it.
"""

import gc
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import asyncpg

from contracts.base import Envelope
from contracts.upcasts import newest_of
from portal.boards import story
from portal.reactions import BOARDS
from servicekit.boards import Board, Fold
from servicekit.db import Cause, Tx
from servicekit.reactions import cause_of

MOST_ROWS = 4000
"""Of one board, in memory (an order's card is some 10 kB)."""
AT_ONCE = 1000
Step = tuple[Fold, Any, Cause]


class Rows:
    """The rows of one board."""

    def __init__(self, board: Board[Any]) -> None:
        self._board = board
        self._rows: OrderedDict[Any, Any] = OrderedDict()
        self._unwritten: set[Any] = set()

    async def take(self, tx: Tx, steps: dict[Any, list[Step]]) -> None:
        """Fold these facts, those of a row in their order."""
        unknown = steps.keys() - self._rows.keys()
        if unknown:
            self._rows.update(dict.fromkeys(unknown) | await self._board.read(tx, unknown))
        for key, some in steps.items():
            row = self._rows.pop(key)
            for fold, fact, cause in some:
                row = fold(row, fact, cause)
            self._rows[key] = row  # last in its row: the one touched last
        self._unwritten.update(steps)
        if len(self._rows) > MOST_ROWS:
            await self.make_room(tx, MOST_ROWS // 2)

    async def make_room(self, tx: Tx, most: int) -> None:
        """Keep this many at most, the ones touched last."""
        while len(self._rows) > most:
            count = min(AT_ONCE, len(self._rows) - most)
            gone = dict(self._rows.popitem(last=False) for _ in range(count))
            await self._board.write(tx, {key: row for key, row in gone.items() if key in self._unwritten})
            self._unwritten.difference_update(gone)


class ReadModel:
    """The whole read model of a rebuild: the boards, and the story."""

    def __init__(self) -> None:
        self._rows = [Rows(board) for board in BOARDS]
        self._folding: dict[str, list[tuple[int, Board[Any]]]] = defaultdict(list)
        for n, board in enumerate(BOARDS):
            for type_ in board.folds:
                self._folding[type_].append((n, board))

    async def take(self, tx: Tx, envelopes: Sequence[Envelope]) -> None:
        """Fold these facts, and keep them."""
        await _keep(tx, envelopes)
        steps: list[dict[Any, list[Step]]] = [defaultdict(list) for _ in self._rows]
        for envelope in envelopes:
            if folding := self._folding.get(newest_of(envelope.type)):
                fact, cause = envelope.fact(), cause_of(envelope)
                for n, board in folding:
                    if (key := board.key(fact)) is not None:
                        steps[n][key].append((board.folds[fact.type], fact, cause))
        for rows, some in zip(self._rows, steps, strict=True):
            if some:
                await rows.take(tx, some)

    async def write(self, tx: Tx) -> None:
        """Leave nothing in memory only."""
        for rows in self._rows:
            await rows.make_room(tx, 0)


async def _keep(tx: Tx, envelopes: Sequence[Envelope]) -> None:
    """Every fact as it is: the story, by the driver's fastest way in."""
    rows = [story.as_row(each) for each in envelopes]
    try:
        async with tx.savepoint():
            await tx.driver.copy_records_to_table("story_fact", records=rows, columns=story.KEPT)
    except asyncpg.UniqueViolationError:  # two facts by one id: the first is kept, as the consumer does
        await story.keep(tx, envelopes)


@contextmanager
def few_collections() -> Iterator[None]:
    """Look for garbage in circles seldom: facts and rows have none, and to look took two fifths of the time."""
    before = gc.get_threshold()
    gc.set_threshold(500_000, 10, 10)
    try:
        yield
    finally:
        gc.set_threshold(*before)
