"""The versions of an order's scheme, as far as facts tell: which holds, which waits for whom. Pure, and no table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from contracts.base import Fact
from contracts.scheduling import (
    SchemeApproved,
    SchemeConfirmed,
    SchemeDeclined,
    SchemeWithContent,
    SchemeWithdrawn,
)
from contracts.values import Signer
from servicekit.boards import renewed
from servicekit.db import Cause


def stays_approved(fact: SchemeWithContent, *, newest_approved: bool) -> bool:
    """Whether the union is asked for nothing in a new version: its turn is over before it began.

    `newest_approved`: the version before it is approved and says the same. An older fact tells no more than that.
    """
    if fact.clauses is None:
        return newest_approved
    asked = {signer for clause in fact.clauses for signer in clause.signers}
    return asked == {Signer.ENTERPRISE}


@dataclass(frozen=True)
class SchemeVersion:
    """A version: its figures as they were drafted, and what was said to it. `signed` is the hash that was approved."""

    version: int
    hash: str
    cohorts: int
    sessions: int
    unplaced: int
    class_hours: int
    cost: Decimal
    subsidy_expected: Decimal
    release_minutes: int
    made_at: datetime
    state: str = "drafted"
    """drafted, approved, declined, in_force, replaced, withdrawn."""
    approved_at: datetime | None = None
    approved_by: str | None = None
    signed: str | None = None


def versions_of(facts: Iterable[tuple[Fact, Cause]]) -> list[SchemeVersion]:
    """Every version that was drafted, the oldest first."""
    found: dict[int, SchemeVersion] = {}
    for fact, cause in facts:
        match fact:
            case SchemeWithContent():
                drafted = _drafted(fact, cause, newest=found[max(found)] if found else None)
                if drafted.state == "in_force":
                    _no_longer(found, "replaced")
                found[fact.version] = drafted
            case SchemeApproved() if fact.version in found:
                found[fact.version] = renewed(
                    found[fact.version], state="approved", signed=fact.hash,
                    approved_at=cause.time, approved_by=cause.actor,
                )  # fmt: skip
            case SchemeDeclined() if fact.version in found:
                found[fact.version] = renewed(found[fact.version], state="declined")
            case SchemeConfirmed() if fact.version in found:
                _no_longer(found, "replaced")
                found[fact.version] = renewed(found[fact.version], state="in_force")
            case SchemeWithdrawn():
                _no_longer(found, "withdrawn")
                if fact.version in found:
                    found[fact.version] = renewed(found[fact.version], state="withdrawn")
    return [found[version] for version in sorted(found)]


def that_count(versions: list[SchemeVersion]) -> list[SchemeVersion]:
    """The version in force, and the newest one if it waits for somebody; nothing that is history already."""
    newest = versions[-1:]
    return [
        one
        for one in versions
        if one.state == "in_force" or (one in newest and one.state in {"drafted", "approved", "declined"})
    ]


def _no_longer(found: dict[int, SchemeVersion], state: str) -> None:
    for version, one in found.items():
        if one.state == "in_force":
            found[version] = renewed(one, state=state)


def _drafted(fact: SchemeWithContent, cause: Cause, *, newest: SchemeVersion | None) -> SchemeVersion:
    drafted = SchemeVersion(
        fact.version, fact.hash, fact.cohorts, fact.sessions, fact.unplaced, fact.class_hours,
        fact.cost, fact.subsidy_expected, fact.release_minutes, cause.time,
    )  # fmt: skip
    newest_approved = newest is not None and newest.state == "approved" and newest.hash == fact.hash
    stays = newest is not None and newest.state == "in_force" and fact.only_pins
    if newest is None or not (stays or stays_approved(fact, newest_approved=newest_approved)):
        return drafted
    return renewed(
        drafted, state="in_force" if stays else "approved", signed=fact.hash,
        approved_at=newest.approved_at, approved_by=newest.approved_by,
    )  # fmt: skip
