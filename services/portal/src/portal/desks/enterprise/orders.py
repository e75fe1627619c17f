"""An order of the viewer's own enterprise, and what its pages need to know beside it."""

from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from pydantic import BaseModel

from contracts.programme import Programmes
from portal.desks.asking import INTAKE, SCHEDULING, missing
from portal.desks.at import AtDesk, Wrong
from portal.desks.enterprise.asked import OrderSeen
from portal.desks.signed import CostSeen
from portal.known import known
from portal.web.viewer import NotForYou
from staffing.rulebook import Rulebook

MOST_BYTES = 12 * 1024 * 1024
"""A form with a roster of 10 MB in it."""


class _Cost(BaseModel):
    cost: CostSeen | None


async def of_the_enterprise(at: AtDesk, order: str) -> OrderSeen:
    """The order, for a clerk of the enterprise that asks for it."""
    at.only("enterprise")
    return await order_seen(at, order)


async def order_seen(at: AtDesk, order: str) -> OrderSeen:
    """The order as order-intake tells the viewer of it."""
    try:
        id_ = UUID(order)
    except ValueError:
        raise NotForYou("error.not_found") from None
    found = await at.read(INTAKE, f"/orders/{id_}", OrderSeen)
    if not isinstance(found, OrderSeen):
        raise NotForYou("error.not_found" if found != "away" else "error.away")
    return found


async def cost_of(at: AtDesk, order: str) -> Decimal | None:
    """What the order's scheme costs, in yuan; nothing while there is none."""
    found = await at.read(SCHEDULING, f"/orders/{order}/scheme", _Cost)
    return found.cost.total if isinstance(found, _Cost) and found.cost else None


def rules_of(at: AtDesk) -> Rulebook:
    """The rules of the installation."""
    return _rules(_Same(known(at.tx).programmes))


def away(at: AtDesk) -> Wrong:
    """Nobody answers."""
    return Wrong(missing("away", at.text), 409)


class _Same:
    """Programmes that are the same object: they are loaded once."""

    def __init__(self, programmes: Programmes) -> None:
        self.programmes = programmes

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.programmes is self.programmes

    def __hash__(self) -> int:
        return id(self.programmes)


@lru_cache(maxsize=2)
def _rules(same: _Same) -> Rulebook:
    return Rulebook.of(same.programmes)
