"""Improves the federation's plan step by step: each step is kept only when it wins what its changes cost.

A step takes a few related sessions out and puts each where it costs least now, by the engine. Kept is what places
no session less, is cheaper by the engine's own tiers and the price of a change together, and breaks no rule of the
planner anew; else all stand where they stood. So the plan is whole after every step, and any of them may be the last.
"""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from contracts.values import SessionId
from scheduling.planner.change_points import change_points
from scheduling.planner.engine.costs import PREFERENCE, person_cost, slot_cost
from scheduling.planner.engine.plan import UNSTAFFED, Tiers
from scheduling.planner.engine.repair import substitute
from scheduling.planner.engine.rules import can_come, slot_fits
from scheduling.planner.engine.search import EVERY_DAY, EVERYBODY, place_best
from scheduling.planner.engine.state import last_day, window
from scheduling.planner.federation.adapt import Adapted, Spot
from scheduling.planner.federation.settle import broken_anew, settled
from scheduling.planner.federation.whole import Freedom, Whole
from scheduling.planner.world import Placed

NOISE = 300.0
"""Added to costs by chance, so that the same sessions taken out again may go elsewhere."""
MOST = 6
"""Sessions taken out in a step."""
NEAR_DAYS = 4
TRIED = 3
"""Times that a confirmed session is tried at in a step."""


@dataclass(frozen=True)
class Improved:
    """The sessions that are elsewhere, how many rounds it took, and the tiers before and now.

    `wins`: what each change wins by itself, in points (minutes of driving; a preference is 2,000 of them).
    """

    changed: Mapping[SessionId, Placed]
    wins: Mapping[SessionId, int]
    rounds: int
    before: Tiers
    now: Tiers


def improve(
    whole: Whole,
    *,
    price: int,
    rounds: int,
    seed: int = 1,
    seconds: float | None = None,
    so_far: Mapping[SessionId, Placed] | None = None,
    among: Collection[SessionId] = (),
    stopped: Callable[[], bool] = lambda: False,
) -> Improved:
    """The plan after so many rounds, or seconds when they are over sooner; the rounds alone decide without.

    `price` in points for each change point. `so_far`: changes of an earlier call, taken over as far as they hold.
    `among`: where the steps begin, none = anywhere; what is related to those moves with them.
    """
    if not whole.free:
        return Improved({}, {}, 0, Tiers(0, 0, 0, 0), Tiers(0, 0, 0, 0))
    search = _Search(whole, price, seed, among)
    before = search.tiers()
    search.take_over(so_far or {})
    search.staff_again()
    ends = None if seconds is None else time.monotonic() + seconds
    done = 0
    while done < rounds and not stopped() and (ends is None or time.monotonic() < ends):
        search.step()
        done += 1
    search.put_back()
    return Improved(search.changed(), search.wins(), done, before, search.tiers())


class _Search:
    def __init__(self, whole: Whole, price: int, seed: int, among: Collection[SessionId] = ()) -> None:
        self.whole, self.price, self.chance = whole, price, Random(seed)  # noqa: S311  no secret
        self.adapted = Adapted(whole, seed)
        self.given, self.plan, self.free = self.adapted.given, self.adapted.plan, self.adapted.free
        begin = [s for s in self.free if self.adapted.ids[s] in among]
        self.begin = begin or self.free
        self.points: dict[int, int] = {}
        """Change points of each free session that is elsewhere."""
        self.now: dict[SessionId, Placed] = {}
        """Where those are that are elsewhere; with the others as they stand, the world as it is after each step."""
        self.first_cost = {s: self._cost(s) for s in self.free}
        self.narrow = {s: slots for s in self.free if (slots := self._narrow(s)) is not None}
        """The few times that a confirmed session may go to: the engine would mostly look beside them."""

    def tiers(self) -> Tiers:
        """Of the whole plan, as the engine counts; changes are ours."""
        unstaffed, _, preferences, cost = (int(each) for each in self.plan.tiers)
        return Tiers(unstaffed, sum(self.points.values()), preferences, cost)

    def _score(self) -> int:
        unstaffed, _, preferences, cost = (int(each) for each in self.plan.tiers)
        return (
            unstaffed * UNSTAFFED + preferences * PREFERENCE + cost + self.price * sum(self.points.values())
        )

    def changed(self) -> dict[SessionId, Placed]:
        return dict(self.now)

    def take_over(self, so_far: Mapping[SessionId, Placed]) -> None:
        """What was found before, as far as it still holds."""
        for id_, placed in settled(self.whole, so_far).items():
            s = self.adapted.numbers[id_]
            self.adapted.take_out(s)
            self.adapted.put(s, self.adapted.spot(placed))
            self._note(s)

    def staff_again(self) -> None:
        """Whoever has nobody: somebody else at the same time, else the best time there is."""
        for s in self.free:
            if self.plan.slot[s] < 0:
                old = self.whole.was.get(self.adapted.ids[s])
                slot = self.adapted.slot_of(old) if old is not None else -1
                self._try([s], lambda s=s, slot=slot: self._staffed(s, slot))  # type: ignore[misc]

    def _staffed(self, s: int, slot: int) -> None:
        if slot < 0 or not substitute(self.given, self.plan, s, slot):
            place_best(self.given, self.plan, s, 0.0, EVERY_DAY, EVERYBODY, 0)

    def step(self) -> None:
        """Some related sessions out, and in again where they cost least."""
        group = self._related()
        self.chance.shuffle(group)

        def again() -> None:
            for s in group:
                self._anywhere(s)

        self._try(group, again)

    def _anywhere(self, s: int) -> None:
        if s not in self.narrow:
            place_best(self.given, self.plan, s, NOISE, EVERY_DAY, EVERYBODY, 0)
            return
        slots = self.narrow[s]
        for slot in self.chance.sample(slots, min(TRIED, len(slots))):
            if substitute(self.given, self.plan, s, slot):
                return

    def _narrow(self, s: int) -> list[int] | None:
        """Nothing for a draft's session: it may go anywhere."""
        whole, id_ = self.whole, self.adapted.ids[s]
        old, somebody = whole.was.get(id_), next(iter(self.adapted.people), None)
        if whole.free[id_] is Freedom.DRAFT or old is None:
            return None
        latest = whole.cohort(old.session).latest
        days = (whole.open_from + timedelta(days=n) for n in range((latest - whole.open_from).days + 1))
        wished = (
            replace(old, day=day, band=band, person_id=somebody) for day in days for band in old.session.bands
        )
        return [self.adapted.slot_of(each) for each in wished if whole.may(each)]

    def put_back(self) -> None:
        """Whatever wins too little by itself goes back where it stands in the plan in force, if there is room."""
        for s in sorted(self.points):
            old = self.whole.was.get(self.adapted.ids[s])
            if old is not None and old.person_id in self.adapted.people:
                self._try([s], lambda s=s, old=old: self._put(s, self.adapted.spot(old)))  # type: ignore[misc]

    def _put(self, s: int, spot: Spot) -> None:
        given, plan = self.given, self.plan
        lo, hi = window(given, plan, s, 0)
        fits = lo <= spot.slot // given.bands <= hi and slot_fits(given, plan, s, spot.slot)
        if fits and can_come(given, plan, s, spot.slot, spot.who):
            self.adapted.put(s, spot)

    def wins(self) -> dict[SessionId, int]:
        """Of each change: what the session cost where it stood, less what it costs now."""
        return {self.adapted.ids[s]: self.first_cost[s] - self._cost(s) for s in sorted(self.points)}

    def _cost(self, s: int) -> int:
        spot = self.adapted.take_out(s)
        if spot is None:
            return UNSTAFFED
        last = last_day(self.given, self.plan, self.given.cohort[s], s)
        cost = slot_cost(self.given, s, spot.slot, last)
        cost += person_cost(self.given, self.plan, s, spot.slot, spot.who)
        self.adapted.put(s, spot)
        return int(cost)

    def _related(self) -> list[int]:
        """A piece of a cohort, one person's days, or those who need the same qualification about then."""
        one = self.chance.choice(self.begin)
        given, plan = self.given, self.plan
        most = self.chance.randint(1, MOST)
        if plan.slot[one] < 0:
            return [
                one,
                *self._sample([o for o in self.free if given.kind[o] == given.kind[one]], most - 1, one),
            ]
        day = plan.slot[one] // given.bands
        near = [o for o in self.free if abs(plan.slot[o] // given.bands - day) <= NEAR_DAYS]
        of = self.chance.randrange(3)
        alike = (
            [o for o in self.free if given.cohort[o] == given.cohort[one]],
            [o for o in near if plan.who[o] == plan.who[one]],
            [o for o in near if given.kind[o] == given.kind[one]],
        )[of]
        return [one, *self._sample(alike, most - 1, one)]

    def _sample(self, of: list[int], most: int, but: int) -> list[int]:
        others = [o for o in of if o != but]
        return self.chance.sample(others, min(most, len(others)))

    def _try(self, group: list[int], again: Callable[[], None]) -> None:
        """Take the group out and do it again; all stands as it stood unless it was worth it and breaks nothing."""
        score, points, now = self._score(), dict(self.points), dict(self.now)
        before = {s: self.adapted.take_out(s) for s in group}
        again()
        for s in group:
            self._note(s)
        if self._worth(before, score) and self._breaks_nothing(group, now):
            return
        for s in group:
            self.adapted.take_out(s)
        for s, spot in before.items():
            if spot is not None:
                self.adapted.put(s, spot)
        self.points, self.now = points, now

    def _note(self, s: int) -> None:
        """Where the session is now, beside where it stands in the plan in force."""
        id_ = self.adapted.ids[s]
        old, new = self.whole.was.get(id_), self.adapted.placed(s)
        if new is None or (old is not None and _same(new, old)):
            self.now.pop(id_, None)
            self.points.pop(s, None)
            return
        self.now[id_] = replace(old, day=new.day, band=new.band, person_id=new.person_id) if old else new
        self.points[s] = change_points(new, old)

    def _worth(self, before: Mapping[int, Spot | None], score: int) -> bool:
        if any(spot is not None and self.plan.slot[s] < 0 for s, spot in before.items()):
            return False
        return self._score() < score

    def _breaks_nothing(self, group: list[int], before: Mapping[SessionId, Placed]) -> bool:
        ids = {self.adapted.ids[s] for s in group}
        changed = {id_ for id_ in ids if self.now.get(id_) != before.get(id_)}
        if not all(self.whole.may(self.now[id_]) for id_ in changed if id_ in self.now):
            return False
        then, now = self.whole.after(before.values()), self.whole.after(self.now.values())
        return not broken_anew(self.whole, then, now, changed)


def _same(one: Placed, other: Placed) -> bool:
    return (one.day, one.band, one.person_id) == (other.day, other.band, other.person_id)


def tiers_of(whole: Whole) -> Tiers:
    """Of the plan as it stands; a change is none yet."""
    return _Search(whole, 0, 1).tiers() if whole.world.sessions else Tiers(len(whole.waiting), 0, 0, 0)
