"""What certificates of ours people hold already: nobody gets a second one for the same."""

from collections.abc import Collection

from contracts.values import OccupationCode, WorkerId
from evaluation.certificates import store
from servicekit.db import Tx
from staffing.admission import Held


async def levels_held(
    tx: Tx, workers: Collection[WorkerId], occupation: OccupationCode
) -> dict[WorkerId, list[Held]]:
    """Of each of these workers the levels of this occupation whose certificate stands, and since when."""
    held: dict[WorkerId, list[Held]] = {}
    for row in await tx.execute(store.STANDING, {"workers": list(workers), "of": occupation}):
        held.setdefault(row.worker_id, []).append(Held(row.level, row.issued_on))
    return held
