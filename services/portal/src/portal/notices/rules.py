"""From a fact to the notices that it makes and those that are over by it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.base import Fact
from contracts.programme_notices import FIELDS, SLOT, Notice, Notices, To

ROLES: Mapping[To, frozenset[str]] = {
    "college": frozenset({"college"}),
    "person": frozenset({"instructor", "assessor"}),
    "instead_of": frozenset({"instructor", "assessor"}),
    "enterprise": frozenset({"enterprise"}),
    "union": frozenset({"union"}),
    "signer": frozenset({"union", "enterprise"}),
}
"""Of whoever is told."""
PERSONS = frozenset({"person", "instead_of"})
FIGURES = (
    "answer_by", "name_by", "sign_by", "reason", "reasons", "because", "slot", "was", "session_id", "batch_id",
)  # fmt: skip
"""What a notice keeps of its fact: codes, times and ids, no free text."""


@dataclass(frozen=True, slots=True)
class Over:
    """What is over: these kinds about this; `addresses` = of these people only, none = everybody's."""

    about: UUID
    kinds: tuple[str, ...]
    addresses: tuple[str, ...] | None = None


def made_by(rules: Notices, fact: Fact) -> list[Notice]:
    """The kinds that this fact makes a notice of."""
    return [
        each
        for each in rules.notices
        if fact.type in each.because
        and getattr(fact, each.about) is not None
        and all(getattr(fact, name) in values for name, values in each.only.items())
    ]


def over_by(rules: Notices, fact: Fact) -> list[Over]:
    """What is over by this fact: because it says so, or because it makes a newer notice about the same."""
    kinds: dict[tuple[UUID, tuple[str, ...] | None], list[str]] = {}
    newer = {each.kind for each in made_by(rules, fact)}
    for each in rules.notices:
        if fact.type not in each.until and each.kind not in newer:
            continue
        about = getattr(fact, each.about)
        if about is not None:
            addresses = _of_whom(each, fact)
            kinds.setdefault((about, addresses), []).append(each.kind)
    return [Over(about, tuple(some), addresses) for (about, addresses), some in kinds.items()]


def _of_whom(notice: Notice, fact: Fact) -> tuple[str, ...] | None:
    """Of whose notices: of the people or, outside of an order, the enterprises that the fact names; none = all."""
    if notice.to in PERSONS:
        return persons_of(fact)
    if notice.to == "enterprise" and not hasattr(fact, "order_id"):
        one = getattr(fact, "enterprise_id", None)
        return (one,) if one else getattr(fact, "enterprises", None) or None
    return None


def persons_of(fact: Fact) -> tuple[str, ...] | None:
    """The people that a fact names; none = it names nobody, and is about all of them."""
    named = [getattr(fact, FIELDS[to]) for to in ("person", "instead_of") if hasattr(fact, FIELDS[to])]
    return tuple(str(one) for one in named if one is not None) if named else None


def figures_of(fact: Fact) -> dict[str, Any]:
    """What a notice keeps of its fact."""
    told = fact.model_dump(mode="json", exclude_none=True)
    return {name: told[name] for name in FIGURES if name in told}


def starts_at(notice: Notice, fact: Fact, told_at: datetime, slot_ends: datetime | None) -> datetime | None:
    """From when it is told; nothing when the time that it counts from is not known."""
    if notice.starts is None:
        return told_at
    slot = getattr(fact, SLOT, None)
    from_ = getattr(fact, notice.starts.field, None) if notice.starts.field != SLOT else None
    if notice.starts.field == SLOT:
        from_ = slot.ends_at if slot is not None else slot_ends
    if not isinstance(from_, datetime):
        return None
    return max(told_at, from_ + timedelta(hours=notice.starts.hours))


def leaves_at(due: datetime, starts: time, ends: time, zone: ZoneInfo) -> datetime:
    """When a mail that is due then may leave: at once, or at the end of the quiet hours (local; equal ends = none)."""
    local = due.astimezone(zone)
    clock = local.time().replace(tzinfo=None)
    quiet = starts <= clock < ends if starts <= ends else (clock >= starts or clock < ends)
    if not quiet:
        return due
    day = local.date() if clock < ends else local.date() + timedelta(days=1)
    return datetime.combine(day, ends, zone).astimezone(due.tzinfo)
