"""Which small orders could be taught together, where, and what that saves; and of the others, why with none. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from contracts.values import EnterpriseId, OrderId, Reason, because
from order_intake.pools.savings import Teaching
from order_intake.pools.together import Small, Trade, against, alone, saving


@dataclass(frozen=True)
class Journey:
    """What the joint order costs the people of one enterprise in travel."""

    order_id: OrderId
    enterprise_id: EnterpriseId
    minutes: int
    """One way; 0 at the host's own works."""
    person_minutes: int
    """There and back, for everybody, for all sessions at the works."""


@dataclass(frozen=True)
class Proposal:
    """Orders that could be one class, at the works of the host."""

    members: tuple[Small, ...]
    host: Small
    apart: Teaching
    joint: Teaching
    journeys: tuple[Journey, ...]
    drives_saved: int
    """Round trips of instructors that need not be made."""
    driving_saved: int
    """Minutes of them at least: each as short as within one county."""

    @property
    def saved(self) -> Teaching:
        """What one class saves."""
        return self.apart - self.joint


@dataclass(frozen=True)
class Proposals:
    """What could be pooled; of every other small order the reason nearest to a yes."""

    proposals: tuple[Proposal, ...]
    alone: tuple[tuple[Small, Reason], ...]


def propose(orders: Sequence[Small], trade: Trade) -> Proposals:
    """Every order stands in one proposal at most; the one that saves most money comes first."""
    why = {one.order.id: refused for one in orders if (refused := alone(one, trade)) is not None}
    free = [one for one in orders if one.order.id not in why]
    found: list[Proposal] = []
    while (best := _best(free, trade)) is not None:
        found.append(best)
        used = {one.order.id for one in best.members}
        free = [one for one in free if one.order.id not in used]
    left = {one.order.id: _why_not(one, [each for each in orders if each is not one], trade) for one in free}
    reasons = [
        (one, (why | left)[one.order.id]) for one in orders if one.order.id in why.keys() | left.keys()
    ]
    return Proposals(tuple(found), tuple(reasons))


def proposal_of(members: Sequence[Small], host: Small, trade: Trade) -> Proposal:
    """These orders as one class there; whoever asks has seen that nothing stands against it."""
    apart, joint = saving(members, trade)
    drives = apart.onsite - joint.onsite
    within = trade.programmes.rules.planning.within_division_minutes.value
    return Proposal(
        tuple(members), host, apart, joint, tuple(_journey(each, host, joint, trade) for each in members),
        drives, 2 * within * drives,
    )  # fmt: skip


def _journey(one: Small, host: Small, joint: Teaching, trade: Trade) -> Journey:
    minutes = trade.travel.minutes(one.place, host.place)
    return Journey(one.order.id, one.enterprise, minutes, 2 * minutes * joint.onsite * one.heads)


def _best(free: Sequence[Small], trade: Trade) -> Proposal | None:
    """The proposal that saves most, then the one that costs the workers least travel."""
    found = [made for host in free if (made := _around(host, free, trade)) is not None]
    return min(found, key=_rank, default=None)


def _rank(made: Proposal) -> tuple[Decimal, int, str]:
    travelled = sum(journey.person_minutes for journey in made.journeys)
    return (-made.saved.total, travelled, str(made.host.order.id))


def _around(host: Small, free: Sequence[Small], trade: Trade) -> Proposal | None:
    """Whoever fits joins the host, the nearest first, then the largest."""
    near = [one for one in free if one is not host and one.kind == host.kind]
    near.sort(key=lambda one: (trade.travel.minutes(one.place, host.place), -one.heads, str(one.order.id)))
    members = [host]
    for one in near:
        if against([*members, one], host, trade) is None:
            members.append(one)
    if len(members) == 1:
        return None
    made = proposal_of(members, host, trade)
    return made if made.saved.sessions > 0 else None


IN_TURN = (
    "pool.enterprise_twice", "pool.other_programme", "pool.other_lines", "pool.other_shifts", "pool.too_far",
    "pool.window_apart", "pool.bands_apart", "pool.too_many", "pool.worker_twice",
)  # fmt: skip
"""As `against` asks: whoever fails at a later one comes nearer."""


def _why_not(one: Small, others: Sequence[Small], trade: Trade) -> Reason:
    """Against the order of the same kind that comes nearest; that there is none; or that it would save nothing."""
    alike = [
        each for each in others
        if each.enterprise != one.enterprise and each.order.programme == one.order.programme
        and each.kind == one.kind and alone(each, trade) is None
    ]  # fmt: skip
    if not alike:
        return because("pool.no_other")
    refused = [reason for each in alike if (reason := against([one, each], one, trade)) is not None]
    if len(refused) < len(alike):
        return because("pool.full_or_nothing_saved")
    return max(refused, key=lambda reason: IN_TURN.index(reason.code))
