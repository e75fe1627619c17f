"""What a service owes because of a fact it has taken: a decision that was lost leaves no other trace."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from songjiao_cli.chaos.oracle.world import Fact, World, name

ANSWERS = {"assignment.offered", "session.unstaffable", "batch.unstaffable"}
"""What dispatch says at once of a session or batch that is to be held, with that as its cause."""
SCHEMES = {
    "scheme.drafted", "scheme.revised", "scheme.approved", "scheme.confirmed", "scheme.declined", "scheme.withdrawn",
}  # fmt: skip
DRAFTS = {"scheme.drafted", "scheme.revised", "scheme.declined"}
"""What the planner says: a version, or why there can be none."""
LIVE = {"assignment.offered", "assignment.agreed", "assignment.accepted", "assignment.substituted"}
OVER = {"assignment.declined", "assignment.lapsed", "assignment.released"}


@dataclass
class Told:
    """What stands when all has been said."""

    orders: dict[str, str] = field(default_factory=dict)
    """What order-intake said last of where an order stands."""
    undrafted: set[str] = field(default_factory=set)
    """Accepted or amended orders of which the planner has said nothing since."""
    schemes: dict[str, str] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    """Orders of which a session was opened."""
    held: dict[str, Fact] = field(default_factory=dict)
    """The last of each session or batch that is to be held, by its id."""
    called_off: set[str] = field(default_factory=set)
    completed: set[str] = field(default_factory=set)
    """Batches that came to their end."""
    answered: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By the fact that caused it: the sessions and batches that dispatch then spoke of."""
    live: dict[str, str] = field(default_factory=dict)
    """By assignment: the session or batch it is for."""


def follows(world: World) -> Iterator[str]:
    """An accepted order is planned, a session has its people asked, whatever is called off lets go of everybody."""
    told = Told()
    for fact in world.facts:
        _of_orders(told, fact)
        _of_duties(told, fact)
    yield from _owed_to_orders(told)
    yield from _owed_to_duties(told)


def _of_orders(told: Told, fact: Fact) -> None:
    what, order = name(fact), fact["data"].get("order_id", "")
    if what in {"order.accepted", "order.amended"}:
        told.undrafted.add(order)
    elif what in DRAFTS:
        told.undrafted.discard(order)
    elif what == "session.opened":
        told.opened.add(order)
    if fact["source"] == "order-intake" and what in {
        "order.accepted",
        "order.started",
        "order.cancelled",
        "order.fulfilled",
    }:
        told.orders[order] = what
    if what in SCHEMES:
        told.schemes[order] = what


def _of_duties(told: Told, fact: Fact) -> None:
    what, data = name(fact), fact["data"]
    duty = data.get("session_id") or data.get("batch_id") or ""
    if what in {"session.scheduled", "evaluation.planned"} and data.get("assessors", 1):
        told.held.setdefault(duty, fact)
    elif what == "session.moved" and data["slot"] != data["was"]:  # else whoever was asked stays asked
        told.held[duty] = fact
    elif what in {"session.cancelled", "batch.cancelled"}:
        told.called_off.add(duty)
    elif what == "evaluation.completed":
        told.completed.add(duty)
    elif what in ANSWERS and fact.get("causationid"):
        told.answered[fact["causationid"]].add(duty)
    if what in LIVE:
        told.live[data["assignment_id"]] = duty
    elif what in OVER:
        told.live.pop(data["assignment_id"], None)


def _owed_to_orders(told: Told) -> Iterator[str]:
    for order, stands in told.orders.items():
        scheme = told.schemes.get(order)
        if stands == "order.cancelled":
            if scheme not in {None, "scheme.withdrawn"}:
                yield f"follows: order {order} is cancelled, of its scheme the last word is {scheme}"
            continue
        if order in told.undrafted:
            yield f"follows: order {order} is accepted, the planner has said nothing of it"
        if stands == "order.accepted" and order in told.opened:
            yield f"follows: order {order} has a session opened and was not started"


def _owed_to_duties(told: Told) -> Iterator[str]:
    for duty, fact in told.held.items():
        if duty not in told.called_off and duty not in told.answered[fact["id"]]:
            yield f"follows: {name(fact)} {duty} of order {fact['data']['order_id']}: nobody was asked because of it"
        batch = duty if name(fact) == "evaluation.planned" else None
        cancelled = told.orders.get(fact["data"]["order_id"]) == "order.cancelled"
        if batch and cancelled and batch not in told.called_off | told.completed:
            yield f"follows: batch {batch} of a cancelled order is not called off"
    for assignment, duty in told.live.items():
        if duty in told.called_off:
            yield f"follows: {duty} is called off, assignment {assignment} for it still stands"
