"""What an enterprise's own people learn in, for the numbers on its board: joint orders held elsewhere too."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from portal.boards.sessions import SessionRow
from portal.desks.orders import sessions_elsewhere
from portal.whose import Whose
from servicekit.db import Tx


async def learnt_between(
    tx: Tx, sessions: Sequence[SessionRow], first: date, last: date, whose: Whose
) -> list[SessionRow]:
    """These sessions of a scope, and those of these days elsewhere that its people go to, with its people only."""
    here = {row.session_id for row in sessions}
    found = await sessions_elsewhere(tx, whose, first, last)
    elsewhere = [row for row in found if row.session_id not in here]
    return [_own(row, whose) for row in (*sessions, *elsewhere)]


def _own(row: SessionRow, whose: Whose) -> SessionRow:
    if row.attended is None or whose.enterprise is None or row.order_id not in whose.joint:
        return row  # everybody counts
    counted = whose.people(row.order_id, map(UUID, row.attended))
    if len(counted) == len(row.attended):
        return row
    return replace(row, attended={id_: at for id_, at in row.attended.items() if UUID(id_) in counted})
