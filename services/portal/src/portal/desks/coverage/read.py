"""The proof of an order as somebody may read it: folded from the facts of its story that are theirs.

Of a joint order everybody but the union reads the part of their own people; a member's order, once it is pooled, is
proven by its part of the joint one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.base import Fact
from contracts.refusals import NotFound
from contracts.values import EnterpriseId
from portal.boards import story
from portal.boards.cards import OrderCard
from portal.desks.coverage.clauses import Coverage
from portal.desks.coverage.part import enterprises_of, part_of
from portal.desks.coverage.proof import coverage_of
from portal.desks.orders import card_of, without_results
from portal.desks.past import facts_of
from portal.known import known
from portal.scope import Scope
from servicekit.db import Cause, Tx

BY_THE_JOINT_ORDER = frozenset({"pooled", "fulfilled"})
"""States of a member in which the joint order speaks for it."""


@dataclass(frozen=True)
class Proven:
    """An order and its proof; of a joint order the union sees every enterprise's part beside it."""

    card: OrderCard
    proof: Coverage
    parts: tuple[tuple[EnterpriseId, Coverage], ...] = ()


async def read_coverage(tx: Tx, scope: Scope, order: str) -> Proven:
    """The order of this id or number, and its proof; `order.unknown` also for who sees the order only in part."""
    card = await card_of(tx, scope, order)
    if not scope.sees_whole(card.enterprise_id):
        raise NotFound("order.unknown", order_id=order)
    pooled = card.joint is not None and card.joint != card.order_id and card.state in BY_THE_JOINT_ORDER
    told = await story.of_subject(tx, card.joint if pooled else card.order_id)
    facts = facts_of(told if scope.everything else without_results(told))
    enterprises = enterprises_of(facts)
    if enterprises and (pooled or not scope.everything):
        facts = part_of(facts, card.enterprise_id)
    proof = coverage_of(facts, known(tx).programmes)
    if proof is None:
        raise NotFound("order.unknown", order_id=order)
    beside = enterprises if scope.everything and not pooled else ()
    return Proven(card, proof, tuple(_parts(tx, facts, beside)))


def _parts(
    tx: Tx, facts: Sequence[tuple[Fact, Cause]], enterprises: Sequence[EnterpriseId]
) -> list[tuple[EnterpriseId, Coverage]]:
    programmes = known(tx).programmes
    found = ((each, coverage_of(part_of(facts, each), programmes)) for each in enterprises)
    return [(enterprise, part) for enterprise, part in found if part is not None]
