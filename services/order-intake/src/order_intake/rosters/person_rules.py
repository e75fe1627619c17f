"""Whose people somebody may know of; when a person's data may be erased, and why somebody is given them.

Erasure is a right of the person (personal information protection law of 2021, article 47), and ends where a law
asks for keeping; what is kept so is kept where it was needed, under the worker's number.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from contracts.programme_tables import Wording
from contracts.refusals import Conflict, Invalid
from contracts.values import Reason, Trainee, WorkerId, because
from contracts.workers import WorkerErased, WorkerExported
from order_intake.orders.ended import UNDER_WAY
from order_intake.orders.rules import Order
from servicekit.identity import Actor


def are_theirs(order: Order, trainee: Trainee, by: Actor) -> bool:
    """The union may know of everybody; an enterprise of its own people, also on a joint order."""
    return by.may("union") or (trainee.enterprise_id or order.enterprise_id) == by.organisation


def under_way(orders: Collection[Order]) -> Sequence[Order]:
    """Orders in which the person stands and that have not ended, by number."""
    return sorted((each for each in orders if each.state in UNDER_WAY), key=lambda each: each.number)


def erase(
    worker_id: WorkerId,
    orders: Collection[Order],
    reason: Reason,
    reasons: Mapping[str, Wording],
    *,
    typed: str,
    today: date,
) -> WorkerErased:
    """Refused while an order needs the person, without a known reason, and unless the number was typed again."""
    if reason.code not in reasons:
        raise Invalid("worker.reason_unknown", field="body.reason", reason=reason.code)
    if typed.strip().lstrip("#").lower() != short(worker_id):
        raise Invalid("worker.not_confirmed", field="body.typed", number=short(worker_id))
    if waits := under_way(orders):
        raise Conflict("worker.order_under_way", orders=", ".join(each.number for each in waits))
    return WorkerErased(worker_id=worker_id, reason=reason, erased_on=today)


def export(
    worker_id: WorkerId, reason: Reason, reasons: Mapping[str, Wording], *, today: date
) -> WorkerExported:
    """With a known reason only."""
    if reason.code not in reasons:
        raise Invalid("worker.reason_unknown", field="body.reason", reason=reason.code)
    return WorkerExported(worker_id=worker_id, reason=reason, exported_on=today)


PERIOD_OVER = "worker.period_over"
"""Why somebody is erased whom no order knows any more."""


def over(worker_id: WorkerId, *, today: date) -> WorkerErased:
    """The time of the last roster with the person is over: nothing is left to be known by name."""
    return WorkerErased(worker_id=worker_id, reason=because(PERIOD_OVER), erased_on=today)


def short(worker_id: WorkerId) -> str:
    """The worker's number as pages show it in place of a name: the first part of the id."""
    return str(worker_id)[:8]
