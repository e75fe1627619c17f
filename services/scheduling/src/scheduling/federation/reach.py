"""What a run may change, read from the rows: beyond the freeze, not held, not pinned, not signed, not promised."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.values import OrderId, ProgrammeCode, SessionId
from scheduling.federation.rules import Asked
from scheduling.known import known
from scheduling.planner.federation.whole import Freedom, Whole
from scheduling.planner.world import Draft, Session
from scheduling.schemes import for_all
from scheduling.schemes.rules import State as SchemeState
from scheduling.schemes.standing import SchemeInBrief, all_standing
from scheduling.schemes.world import Surroundings, book_of
from scheduling.sessions import commands as sessions
from scheduling.sessions.rules import Standing, State, Timetabled
from servicekit.db import Tx


@dataclass(frozen=True)
class Reach:
    """The world with what of it may change, small enough to be sent to a process of its own."""

    around: Surroundings
    programmes: Mapping[OrderId, ProgrammeCode]
    free: Mapping[SessionId, Freedom]
    waiting: tuple[Session, ...]
    open_from: date

    def whole(self) -> Whole:
        """With the rules."""
        book = book_of(self.around.folder)
        return Whole(
            world=self.around.world(book),
            programmes={id_: book.programmes.programmes[code] for id_, code in self.programmes.items()},
            free=self.free,
            open_from=self.open_from,
            waiting=self.waiting,
        )


async def read_reach(tx: Tx, asked: Asked) -> Reach:
    """As the plan stands now."""
    here = known(tx)
    around = await for_all.surroundings(tx)
    schemes = await all_standing(tx)
    _, _, rows = await sessions.on_the_timetable(tx, here.book)
    drafts = await for_all.proposed(tx)
    freeze = here.programmes.rules.planning.freeze_days.value
    open_from = around.today + timedelta(days=freeze)
    pinned = await for_all.pinned(tx)
    seen = _Seen(asked, open_from, schemes, {row.told.session_id for row in rows}, pinned)
    free = {**dict(seen.confirmed(rows)), **dict(seen.drafted(drafts))}
    waiting = tuple(seen.waiting(drafts))
    return Reach(
        around,
        {order_id: each.programme for order_id, each in schemes.items()},
        {**free, **{s.session_id: Freedom.DRAFT for s in waiting}},
        waiting,
        open_from,
    )


@dataclass(frozen=True)
class _Seen:
    asked: Asked
    open_from: date
    schemes: Mapping[OrderId, SchemeInBrief]
    timetabled: set[SessionId]
    pinned: frozenset[SessionId]
    """The coordinator keeps them at their time."""

    def confirmed(self, rows: Sequence[Timetabled]) -> Iterator[tuple[SessionId, Freedom]]:
        """On the timetable with somebody, while no newer version waits for a signature."""
        for row in rows:
            scheme = self.schemes[row.told.order_id]
            promised = row.standing is Standing.FIRM and not self.asked.promised
            in_force = scheme.state is SchemeState.CONFIRMED and row.state is State.SCHEDULED
            if (
                in_force
                and row.person_id
                and not promised
                and row.told.session_id not in self.pinned
                and self._asked_for(row.told.slot.day, row.told.division)
            ):
                yield row.told.session_id, Freedom.TOLD

    def drafted(self, drafts: Sequence[Draft]) -> Iterator[tuple[SessionId, Freedom]]:
        """First drafts that nobody has signed yet."""
        for draft in self._unsigned(drafts):
            for placed in draft.placed:
                ours = placed.session.session_id not in self.timetabled and not placed.pinned
                if ours and self._asked_for(placed.day, placed.session.division):
                    yield placed.session.session_id, Freedom.DRAFT

    def waiting(self, drafts: Sequence[Draft]) -> Iterator[Session]:
        """Their sessions without a time."""
        for draft in self._unsigned(drafts):
            for unplaced in draft.unplaced:
                if not self.asked.divisions or unplaced.session.division in self.asked.divisions:
                    yield unplaced.session

    def _unsigned(self, drafts: Sequence[Draft]) -> Iterator[Draft]:
        for draft in drafts:
            scheme = self.schemes[draft.cohorts[0].order_id] if draft.cohorts else None
            if scheme is not None and scheme.state is SchemeState.DRAFTED and scheme.in_force is None:
                yield draft

    def _asked_for(self, day: date, division: str) -> bool:
        asked = self.asked
        return (
            day >= max(self.open_from, asked.first or self.open_from)
            and (asked.last is None or day <= asked.last)
            and (not asked.divisions or division in asked.divisions)
        )
