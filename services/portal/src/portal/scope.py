"""Whose rows somebody may see, as a part of every query: no page, count or signal reads the boards without it.

Union and administrator see everything; an enterprise its own orders, whole; a college and a person who is sent
only what of an order they were asked for.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, false, or_, select, true
from sqlalchemy.sql.elements import ColumnElement

from portal.boards.house import person_row
from portal.boards.offers import offer_row
from portal.boards.orders import order_card
from portal.boards.sessions import session_row

Condition = ColumnElement[bool]
HOLDS = ("offered", "taken", "volunteered", "agreed", "accepted", "substituted")
"""An offer in one of these states ties its college and its person to the session; the others are history."""


@dataclass(frozen=True, slots=True)
class Scope:
    """All, an enterprise's orders, a college's part, a person's part; or nothing."""

    everything: bool = False
    enterprise: str | None = None
    college: str | None = None
    person: UUID | None = None

    @classmethod
    def of(cls, roles: frozenset[str], organisation: str | None, person: UUID | str | None = None) -> "Scope":
        """What these roles may see, acting for this organisation or being this person."""
        sent = not roles.isdisjoint({"instructor", "assessor"})
        return cls(
            everything=not roles.isdisjoint({"union", "administrator"}),
            enterprise=organisation if "enterprise" in roles else None,
            college=organisation if "college" in roles else None,
            person=UUID(str(person)) if sent and person else None,
        )

    @property
    def nothing(self) -> bool:
        """Nobody's: there is no row to see."""
        return not (self.everything or self.enterprise or self.college or self.person)

    def sees_whole(self, enterprise: str) -> bool:
        """Whether the orders of this enterprise are seen whole, or only in part."""
        return self.everything or (self.enterprise is not None and self.enterprise == enterprise)

    def whole(self, order_id: ColumnElement[Any]) -> Condition:
        """Rows of orders that are seen whole."""
        if self.everything:
            return true()
        if self.enterprise is None:
            return false()
        theirs = select(order_card.c.order_id).where(order_card.c.enterprise_id == self.enterprise)
        return order_id.in_(theirs)

    def asked(self) -> Condition:
        """Offers that a college got, and those that hold a person now."""
        parts: list[Condition] = []
        if self.college is not None:
            parts.append(offer_row.c.college_id == self.college)
        if self.person is not None:
            parts.append(and_(offer_row.c.person_id == self.person, offer_row.c.state.in_(HOLDS)))
        return or_(false(), *parts)

    def holding(self) -> Condition:
        """Those of them that tie to the session or batch now."""
        return and_(self.asked(), offer_row.c.state.in_(HOLDS))

    def offers(self) -> Condition:
        """Over the board of offers."""
        return or_(self.whole(offer_row.c.order_id), self.asked())

    def orders(self) -> Condition:
        """Over the board of order cards."""
        own = exists().where(offer_row.c.order_id == order_card.c.order_id, self.asked())
        return or_(self.whole(order_card.c.order_id), own)

    def signals(self) -> Condition:
        """Orders whose changes are signalled: also to a person who was just released, so that the page lets it go."""
        mine = false() if self.person is None else offer_row.c.person_id == self.person
        known = exists().where(offer_row.c.order_id == order_card.c.order_id, mine)
        return or_(self.orders(), known)

    def sessions(self) -> Condition:
        """Over the board of sessions."""
        own = exists().where(offer_row.c.session_id == session_row.c.session_id, self.holding())
        return or_(self.whole(session_row.c.order_id), own)

    def people(self) -> Condition:
        """People sent whose names may be read: a college's own, oneself; an enterprise's come with its orders."""
        if self.everything or self.enterprise is not None:
            return true()
        parts: list[Condition] = []
        if self.college is not None:
            parts.append(person_row.c.college_id == self.college)
        if self.person is not None:
            parts.append(person_row.c.person_id == self.person)
        return or_(false(), *parts)

    def owns(self, data: dict[str, Any]) -> bool:
        """Whether a fact is about this enterprise, college or person itself."""
        return (
            self.everything
            or (self.enterprise is not None and data.get("enterprise_id") == self.enterprise)
            or (self.college is not None and data.get("college_id") == self.college)
            or (
                self.person is not None
                and str(self.person) in {data.get("person_id"), data.get("instead_of")}
            )
        )
