"""Who is at home where, from the boards."""

from collections import Counter

from sqlalchemy import select

from portal.boards.house import college_row, enterprise_row
from portal.desks.places.drawn import Houses
from portal.scope import Scope
from servicekit.db import Tx

COLLEGES = select(college_row.c.college_id, college_row.c.division)
ENTERPRISES = select(enterprise_row.c.division)


async def houses_of(tx: Tx, scope: Scope) -> Houses:
    """The colleges, and to whoever sees everything how many enterprises there are."""
    colleges = {row.college_id: row.division for row in await tx.execute(COLLEGES)}
    if not scope.everything:
        return Houses(colleges)
    return Houses(colleges, Counter(row.division for row in await tx.execute(ENTERPRISES)))
