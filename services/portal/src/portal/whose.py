"""Whose people are counted for whom: on a joint order each enterprise has its own, of any other order the orderer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.sql.elements import ColumnElement

from portal.boards.joint import joint_people
from portal.boards.sessions import session_row
from portal.scope import Condition, Scope
from servicekit.db import Tx

Own = Mapping[str, frozenset[UUID]]
"""The people of a joint order, by enterprise."""
ALL = select(joint_people)


@dataclass(frozen=True)
class Whose:
    """The joint orders with their people, and for whom is counted: an enterprise, or everybody."""

    joint: Mapping[UUID, Own]
    enterprise: str | None

    @property
    def mine(self) -> dict[UUID, frozenset[UUID]]:
        """The enterprise's own people on the joint orders that it is part of."""
        of = self.enterprise
        return {id_: own[of] for id_, own in self.joint.items() if of in own} if of else {}

    def people(self, order_id: UUID, present: Iterable[UUID]) -> frozenset[UUID]:
        """Those present who count: of a joint order the enterprise's own, else everybody."""
        if self.enterprise is None or order_id not in self.joint:
            return frozenset(present)
        return frozenset(present) & self.joint[order_id].get(self.enterprise, frozenset())

    def taught(self, scope: Scope) -> Condition:
        """Over the board of sessions: those in scope, and those of joint orders elsewhere that own people go to."""
        return or_(scope.sessions(), session_row.c.order_id.in_(self.mine))

    def tested(self, scope: Scope, order_id: ColumnElement[Any], worker_id: ColumnElement[Any]) -> Condition:
        """Rows of one person each: of whole orders in scope, of joint ones the enterprise's own people only."""
        if self.enterprise is None:
            return scope.whole(order_id)
        apart = and_(scope.whole(order_id), order_id.not_in(self.joint))
        return or_(apart, *(and_(order_id == id_, worker_id.in_(own)) for id_, own in self.mine.items()))


async def whose_people(tx: Tx, scope: Scope) -> Whose:
    """Whose people are where, for the counts of this scope."""
    joint = {
        row.order_id: {name: frozenset(map(UUID, own)) for name, own in row.people.items()}
        for row in await tx.execute(ALL)
    }
    return Whose(joint, None if scope.everything else scope.enterprise)
