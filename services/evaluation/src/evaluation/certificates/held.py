"""What certificates of ours people hold already: nobody gets a second one for the same."""

from collections.abc import Collection
from datetime import timedelta

from contracts.values import OccupationCode, WorkerId
from evaluation.certificates import store
from evaluation.known import known
from servicekit.clock import today
from servicekit.db import Tx
from staffing.admission import Held


async def levels_held(
    tx: Tx, workers: Collection[WorkerId], occupation: OccupationCode
) -> dict[WorkerId, list[Held]]:
    """Of each of these workers the levels of this occupation whose certificate stands, and since when."""
    opens = [
        kind.renewal.opens_days
        for programme in known(tx).programmes.programmes.values()
        for kind in programme.certificates.by_kind.values()
        if kind.renewal is not None
    ]  # so long before its end a certificate keeps nobody from being examined for the same again
    beyond = await today(tx) + timedelta(days=max(opens, default=0))
    held: dict[WorkerId, list[Held]] = {}
    for row in await tx.execute(
        store.STANDING, {"workers": list(workers), "of": occupation, "beyond": beyond}
    ):
        held.setdefault(row.worker_id, []).append(Held(row.level, row.issued_on))
    return held
