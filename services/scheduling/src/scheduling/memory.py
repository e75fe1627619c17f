"""What was read before, kept as long as its rows are the same: every reader asks the database for their versions first.

A row's version is what PostgreSQL itself calls it by (`xmin`, `ctid`): no writer has to remember anything.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from contracts.values import CohortId, SessionId
from scheduling.planner.ledger import Ledger
from scheduling.planner.world import CohortPlan, Draft, Placed, Teacher, World

V = TypeVar("V")


class Remembered(Generic[V]):
    """Values by id, each good for one version of its row."""

    def __init__(self) -> None:
        self._rows: dict[Any, tuple[str, V]] = {}
        self._values: dict[Any, V] = {}

    async def read(
        self, versions: Mapping[Any, str], load: Callable[[list[Any]], Awaitable[Mapping[Any, V]]]
    ) -> dict[Any, V]:
        """The values of exactly these ids; only what is not known in this version is loaded.

        Where nothing is another, it is the same object as before.
        """
        kept = {
            id_: row
            for id_, version in versions.items()
            if (row := self._rows.get(id_)) is not None and row[0] == version
        }
        lacking = [id_ for id_ in versions if id_ not in kept]
        if not lacking and len(kept) == len(self._rows):
            return self._values
        new = await load(lacking) if lacking else {}
        self._rows = kept | {id_: (versions[id_], value) for id_, value in new.items()}
        self._values = {id_: value for id_, (_, value) in self._rows.items()}
        return self._values


class Recent(Generic[V]):
    """The values that were asked for last, each good for one version of its row."""

    MOST = 200

    def __init__(self) -> None:
        self._rows: dict[Any, tuple[str, V]] = {}

    async def read(self, id_: Any, version: str, load: Callable[[], Awaitable[V]]) -> V:
        """The value of the id; loaded when it is not known in this version."""
        row = self._rows.pop(id_, None)
        if row is None or row[0] != version:
            row = version, await load()
        self._rows[id_] = row
        while len(self._rows) > self.MOST:
            del self._rows[next(iter(self._rows))]
        return row[1]


@dataclass
class Memory:
    """Of one process of the service. The ledger has all that is placed in it, and is only ever copied by others."""

    standing: Remembered[tuple[Any, Placed]] = field(default_factory=Remembered)
    """Rows of the timetable, which are the business of `sessions`, as the planner sees them."""
    teachers: Remembered[Teacher] = field(default_factory=Remembered)
    drafts: Remembered[Draft] = field(default_factory=Remembered)
    versions: Recent[Draft] = field(default_factory=Recent)
    """Versions of schemes that were looked at."""
    cohorts: dict[CohortId, CohortPlan] = field(default_factory=dict)
    together: tuple[Any, ...] = ()
    """What `schemes.whole` has put together, and of what."""
    _ledger: Ledger | None = None
    _placed: Mapping[SessionId, Placed] = field(default_factory=dict)

    def ledger_of(self, world: World, placed: Mapping[SessionId, Placed]) -> Ledger:
        """Of this world with these sessions: the one that is there, with what is different put right.

        The same sessions as last time are of the same cohorts.
        """
        ledger, self._ledger = self._ledger, None  # if anything goes wrong it is made anew
        if ledger is None or not _same(ledger.world, world):
            ledger = Ledger(replace(world, sessions=tuple(placed.values())))
        elif placed is not self._placed:
            _put_right(ledger, self._placed, placed)
            ledger.cohorts = dict(world.cohorts)
            ledger.share_anew()
        self._ledger, self._placed = ledger, placed
        return ledger


def _put_right(ledger: Ledger, old: Mapping[SessionId, Placed], new: Mapping[SessionId, Placed]) -> None:
    changed = [
        id_ for id_ in {**old, **new} if old.get(id_) is not new.get(id_) and old.get(id_) != new.get(id_)
    ]
    for id_ in changed:
        if (was := old.get(id_)) is not None:
            ledger.remove(was)
    for id_ in changed:
        if (now := new.get(id_)) is not None:
            ledger.add(now)


def _same(old: World, new: World) -> bool:
    """But for sessions and their cohorts; people are the same objects as long as their rows are."""
    return (
        old.today == new.today
        and len(old.teachers) == len(new.teachers)
        and all(a is b for a, b in zip(old.teachers, new.teachers, strict=True))
        and old.agreements == new.agreements
        and old.enterprises == new.enterprises
        and old.waivers == new.waivers
    )
