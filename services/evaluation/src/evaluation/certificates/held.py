"""What certificates of ours people hold already: nobody gets a second one for the same."""

from collections.abc import Collection

from contracts.values import LevelCode, OccupationCode, WorkerId
from evaluation.certificates import store
from servicekit.db import Tx


async def levels_held(
    tx: Tx, workers: Collection[WorkerId], occupation: OccupationCode
) -> dict[WorkerId, list[LevelCode]]:
    """Of each of these workers the levels of this occupation whose certificate stands."""
    held: dict[WorkerId, list[LevelCode]] = {}
    for row in await tx.execute(store.STANDING, {"workers": list(workers), "of": occupation}):
        held.setdefault(row.worker_id, []).append(row.level)
    return held
