"""The board of joint orders: whose people stand on their lines. Any other order's people are its own enterprise's."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import JSON, Column, Table, Uuid

from contracts.order_intake import OrderAccepted, OrderAmended, OrderFact, OrderPoolProposed
from portal.metadata import metadata
from servicekit.boards import Board
from servicekit.db import Cause

joint_people = Table(
    "joint_people",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("people", JSON, nullable=False),
)


@dataclass(frozen=True)
class JointPeople:
    """The different people on a joint order's lines as they are now, by enterprise."""

    order_id: UUID
    people: dict[str, tuple[str, ...]] = field(default_factory=dict)


board = Board("joint_people", joint_people, key=lambda fact: fact.order_id, row=JointPeople)


@board.on(OrderPoolProposed, OrderAccepted, OrderAmended)
def drawn(_: JointPeople | None, fact: OrderFact, __: Cause) -> JointPeople | None:
    """Who is on the lines now; an order on which nobody has an enterprise of their own is none of these."""
    assert isinstance(fact, OrderPoolProposed | OrderAccepted | OrderAmended)
    people: dict[str, dict[str, None]] = {}
    for line in fact.lines:
        for trainee in line.trainees:
            if trainee.enterprise_id:
                people.setdefault(trainee.enterprise_id, {})[str(trainee.worker_id)] = None
    return JointPeople(fact.order_id, {name: tuple(own) for name, own in people.items()}) if people else None
