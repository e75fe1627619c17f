"""Times that colleges have, of the order's programme."""

from collections.abc import Callable

from contracts.programme_rules import Programme
from contracts.programme_tables import Sourced
from contracts.values import OrderId
from instructor_dispatch.offers import counts
from servicekit.db import Tx
from staffing.rulebook import Rulebook


async def term(tx: Tx, order_id: OrderId, of: Callable[[Programme], Sourced[int]]) -> int:
    """Of the order's programme; of the one with the shortest while the programme is not known here."""
    book: Rulebook = tx.known
    programmes = book.programmes.programmes
    programme = programmes.get((await counts.staffing_of(tx, order_id)).programme or "")
    if programme is not None:
        return of(programme).value
    return min(of(each).value for each in programmes.values())
