"""Where an order stands, in plain words for the clerk who asked for it. Pure."""

from dataclasses import dataclass

from portal.boards.cards import OrderCard
from portal.desks.enterprise.asked import TAKEN
from portal.web.text import Text


@dataclass(frozen=True)
class Plain:
    """What was decided, and what comes; `href` = where it is done by the one who reads."""

    text: str
    href: str = ""
    do: str = ""


def plain_of(card: OrderCard, text: Text) -> Plain | None:
    """What the union has said yes to, and to what not yet; nothing before it took the order, or once it is over."""
    if card.state not in TAKEN:
        return None
    scheme = card.scheme
    match scheme.state:
        case "approved":
            by = text("plain.sign_by", when=text.moment(scheme.sign_by)) if scheme.sign_by else ""
            said = text("plain.approved", version=scheme.version) + by
            return Plain(said, f"/orders/{card.order_id}/confirm", text("cf.confirm", version=scheme.version))
        case "confirmed":
            return Plain(text("plain.confirmed", version=scheme.version))
        case "drafted":
            return Plain(text("plain.drafted", version=scheme.version))
        case "declined":
            return Plain(text("plain.declined", version=scheme.version))
        case _:
            return Plain(text("plain.accepted"))
