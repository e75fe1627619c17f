"""What must hold of the trade, whatever broke: nobody in two places, no step unearned, marks and certificates once."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from songjiao_cli.chaos.oracle.follows import follows
from songjiao_cli.chaos.oracle.world import Fact, World, name

EARNED = {
    "order.returned": ("order.submitted",), "order.accepted": ("order.submitted",),
    "order.rejected": ("order.submitted",), "order.started": ("order.accepted", "session.opened"),
    "order.fulfilled": ("order.accepted",),
    "scheme.drafted": ("order.accepted",), "scheme.approved": ("scheme.drafted",),
    "scheme.confirmed": ("scheme.approved",), "session.scheduled": ("scheme.confirmed",),
    "assignment.offered": ("scheme.confirmed",), "evaluation.planned": ("order.accepted",),
    "session.opened": ("session.scheduled", "assignment.accepted|assignment.substituted"),
    "session.closed": ("session.opened",), "session.confirmed": ("session.closed",),
    "delivery.completed": ("session.closed",),
    "candidate.admitted": ("evaluation.planned",), "candidate.assessed": ("candidate.admitted",),
    "results.posted": ("candidate.assessed",), "certificate.issued": ("results.posted",),
    "certificate.revoked": ("certificate.issued",), "evaluation.completed": ("results.posted",),
}  # fmt: skip
"""What must have been said of the same order before; `a|b` = one of both."""
ABOUT = ("session_id", "evaluation_id", "certificate_id", "assignment_id", "batch_id")
"""Where both facts name one of these, it must be the same one."""
AFTER = {
    "submitted": {"", "returned"}, "accepted": {"submitted"}, "returned": {"submitted"}, "rejected": {"submitted"},
    "withdrawn": {"submitted", "returned"}, "started": {"accepted"}, "fulfilled": {"accepted", "started"},
    "cancelled": {"accepted", "started"},
}  # fmt: skip
"""Where an order may stand when order-intake takes it further; what else it says leaves the order where it is."""
NEVER_AFTER = {"order.cancelled", "order.rejected", "order.withdrawn"}
STEPS_FORWARD = {"order.accepted", "order.started", "order.fulfilled"}
ENDS = "order-intake"
"""Who ends an order. The others may go on until they hear of it; `freed` says what must be when they have."""


def steps(world: World) -> Iterator[str]:
    """No order past a step it did not earn, and none goes on after its end."""
    stories: dict[str, list[Fact]] = defaultdict(list)
    for fact in world.facts:
        if "order_id" in fact["data"] and fact["subject"] == fact["data"]["order_id"]:
            stories[fact["subject"]].append(fact)
    for order, story in stories.items():
        said: dict[str, set[str]] = defaultdict(set)
        over = ""
        for fact in story:
            what = name(fact)
            for needed in EARNED.get(what, ()):
                if not any(_said(said, each, fact) for each in needed.split("|")):
                    yield f"steps: order {order}: {what} without {needed}"
            if over and what in STEPS_FORWARD and fact["source"] == ENDS:
                yield f"steps: order {order}: {what} after {over}"
            over = over or (what if what in NEVER_AFTER else "")
            said[what] |= {f"{each}/{fact['data'][each]}" for each in ABOUT if fact["data"].get(each)} | {""}


def _said(said: dict[str, set[str]], what: str, fact: Fact) -> bool:
    """Whether it was said, of the same session, candidate, batch, where both name one."""
    if what not in said:
        return False
    for field in ABOUT:
        named = {each for each in said[what] if each.startswith(f"{field}/")}
        if named and fact["data"].get(field) and f"{field}/{fact['data'][field]}" not in named:
            return False
    return True


def states(world: World) -> Iterator[str]:
    """An order goes from each state only where it may: of two who want to take it further at once, one comes late."""
    stands: dict[str, str] = defaultdict(str)
    for fact in world.facts:
        order, what = fact["data"].get("order_id", ""), name(fact).removeprefix("order.")
        if fact["source"] != ENDS or what not in AFTER or not name(fact).startswith("order."):
            continue
        if stands[order] not in AFTER[what]:
            yield f"states: order {order}: {what} after {stands[order] or 'nothing'}"
        stands[order] = what


def freed(world: World) -> Iterator[str]:
    """Of a cancelled order no session stays planned, whatever was scheduled before all had heard of it."""
    planned: dict[str, set[str]] = defaultdict(set)
    cancelled: set[str] = set()
    for fact in world.facts:
        what, data = name(fact), fact["data"]
        if what == "order.cancelled":
            cancelled.add(data["order_id"])
        elif what in {"session.scheduled", "session.moved"}:
            planned[data["order_id"]].add(data["session_id"])
        elif what in {"session.cancelled", "session.opened", "session.missed", "session.unplaced"}:
            planned[data["order_id"]].discard(data["session_id"])
    for order in cancelled:
        yield from (
            f"freed: order {order} is cancelled, its session {each} still planned" for each in planned[order]
        )


def one_place_at_a_time(world: World) -> Iterator[str]:
    """The reservations themselves, drives among them, whatever the database was told to refuse."""
    for (person, _, ends, kind), (other, starts, _, next_kind) in pairwise(world.reservations):
        if person == other and starts < ends:
            yield f"places: {person} has {next_kind} from {starts} while {kind} lasts until {ends}"


def once_each(world: World) -> Iterator[str]:
    """One result for each candidate, one certificate for each result, each number and each act once.

    A certificate in whose place another was issued is none any more.
    """
    unique = {
        "candidate.assessed": "evaluation_id", "certificate.revoked": "certificate_id",
        "session.opened": "session_id", "session.closed": "session_id", "order.fulfilled": "order_id",
        "assignment.accepted": "assignment_id", "session.scheduled": "session_id", "results.posted": "batch_id",
    }  # fmt: skip
    seen: Counter[tuple[str, str]] = Counter()
    numbers: Counter[str] = Counter()
    passed: set[str] = set()
    replaced = {fact["data"].get("replaces") for fact in world.facts if name(fact) == "certificate.issued"}
    for fact in world.facts:
        what = name(fact)
        if what in unique:
            seen[what, fact["data"][unique[what]]] += 1
        if what == "candidate.assessed" and fact["data"]["passed"]:
            passed.add(fact["data"]["evaluation_id"])
        if what == "certificate.issued":
            numbers[fact["data"]["number"]] += 1
            holds = fact["data"]["certificate_id"] not in replaced
            seen[f"{what} ({fact['data']['kind']})", fact["data"]["evaluation_id"]] += holds
            if fact["data"]["evaluation_id"] not in passed:
                yield f"once: certificate {fact['data']['number']} for one who did not pass"
    yield from (f"once: {what} {times} times of {id_}" for (what, id_), times in seen.items() if times > 1)
    yield from (
        f"once: certificate number {number} {times} times" for number, times in numbers.items() if times > 1
    )


INVARIANTS = {
    "steps": steps, "states": states, "freed": freed, "places": one_place_at_a_time, "once": once_each,
    "follows": follows,
}  # fmt: skip
