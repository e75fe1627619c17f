"""Somebody's own notices: counted, listed in groups, read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.notices import store
from servicekit.clock import now
from servicekit.db import Tx

MOST = 1000


@dataclass(frozen=True, slots=True)
class One:
    """A notice as it is kept."""

    kind: str
    order: UUID | None
    figures: dict[str, Any]
    at: datetime
    read: bool
    over: bool

    @property
    def open(self) -> bool:
        """Neither read nor over."""
        return not (self.read or self.over)


@dataclass(frozen=True, slots=True)
class Group:
    """Notices of one kind about one order that are shown as one, the newest first; all of them open, or none."""

    kind: str
    order: UUID | None
    members: tuple[One, ...]

    @property
    def open(self) -> bool:
        """Whether it is still to be read."""
        return self.members[0].open


async def count(tx: Tx, account: UUID) -> int:
    """Groups that are still to be read."""
    found: int = await tx.driver.fetchval(store.COUNT, account, await now(tx))
    return found


async def groups(tx: Tx, account: UUID) -> list[Group]:
    """The newest ones, those still to be read first."""
    rows = await tx.execute(store.OF_ACCOUNT, {"account": account, "now": await now(tx), "most": MOST})
    return grouped(map(_one, rows))


async def of_mail(tx: Tx, mail: UUID) -> list[Group]:
    """Those that leave together."""
    return grouped(map(_one, await tx.execute(store.OF_MAIL, {"mail": mail})))


def _one(row: Any) -> One:
    return One(
        row.kind, row.order_id, row.figures, row.starts_at, row.read_at is not None, row.over_at is not None
    )


def grouped(ones: Iterable[One]) -> list[Group]:
    """By kind and order, the open ones apart and first; each in the order given."""
    found: dict[tuple[bool, str, UUID | None], list[One]] = {}
    for one in ones:
        found.setdefault((one.open, one.kind, one.order), []).append(one)
    made = [Group(kind, order, tuple(members)) for (_, kind, order), members in found.items()]
    return sorted(made, key=lambda group: not group.open)


async def read(tx: Tx, account: UUID, kind: str | None = None, order: UUID | None = None) -> None:
    """All of it, or one group, is read."""
    await tx.driver.execute(store.READ, account, await now(tx), kind, order)
