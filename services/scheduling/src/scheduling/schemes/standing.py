"""Of every order, what planning for all must know of its scheme."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from contracts.values import OrderId, ProgrammeCode
from scheduling.schemes.rules import State
from scheduling.schemes.tables import scheme
from servicekit.db import Tx

STANDING = select(scheme.c.order_id, scheme.c.programme, scheme.c.state, scheme.c.in_force)


@dataclass(frozen=True)
class SchemeInBrief:
    """`in_force`: the version on the timetable, none before the first is confirmed."""

    programme: ProgrammeCode
    state: State
    in_force: int | None


async def all_standing(tx: Tx) -> Mapping[OrderId, SchemeInBrief]:
    """Of every order that was ever accepted."""
    return {
        row.order_id: SchemeInBrief(row.programme, State(row.state), row.in_force)
        for row in (await tx.execute(STANDING)).all()
    }
