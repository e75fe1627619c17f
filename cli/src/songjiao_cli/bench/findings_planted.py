"""What is planted into a season that must be found: each kind several times, in places of their own."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from uuid import UUID

from contracts.values import Way
from evaluation.findings.checks import Crews, Finding, Kind, Meeting, Sign
from songjiao_cli.bench.findings_season import (
    Season,
    an_id,
    crew_at,
    crew_letters,
    lead_of,
    put_in,
    worker,
)
from staffing.diary import Place
from staffing.rulebook import Rulebook

PLANTED = {
    Kind.TWO_PLACES: 5, Kind.LONG_DAY: 5, Kind.BURST: 5, Kind.ONE_PHONE: 5, Kind.OWN_SHIFT: 4, Kind.LARGE_CLASS: 4,
    Kind.SAME_MINUTES: 4, Kind.ASSESSOR_TAUGHT: 4, Kind.TWO_TOWNS: 4,
}  # fmt: skip
"""40 in all."""
MANY = 20
"""People that a script signs in."""
FAR = 75
"""Minutes of driving that do not fit between an afternoon and an evening."""
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Plant:
    """What must be found: of this kind, about these sessions or this batch, and of whom, where that is said."""

    kind: Kind
    sessions: frozenset[UUID] = frozenset()
    batch_id: UUID | None = None
    whom: UUID | None = None

    def is_shown_by(self, finding: Finding) -> bool:
        """Whether this finding is the one that was planted."""
        if finding.kind is not self.kind or finding.batch_id != self.batch_id:
            return False
        if self.whom is not None and self.whom not in {*finding.workers, *finding.people}:
            return False
        return self.batch_id is not None or set(finding.sessions) == self.sessions

    def leads_to(self, finding: Finding) -> bool:
        """Whether this follows from what was planted: the same person cannot have been at a third place either."""
        concerned = self.whom in {*finding.workers, *finding.people}
        return finding.kind is self.kind and concerned and bool(self.sessions & set(finding.sessions))


def plant(season: Season, book: Rulebook, seed: int, how_many: dict[Kind, int]) -> list[Plant]:
    """Plant so many of each kind; `ValueError` when the season has no place left."""
    random = Random(seed)  # noqa: S311  a season is drawn, no secret
    plants = [_taught(season, n) for n in range(how_many.get(Kind.ASSESSOR_TAUGHT, 0))]
    threes = sorted({first for first, _ in season.threes()})
    alike = how_many.get(Kind.SAME_MINUTES, 0)
    kept = threes[: -(-alike // 2)]
    plants += [_alike(season, kept[n // 2] + n % 2) for n in range(alike)]
    free = [place for place in season.threes() if place[0] not in kept]
    random.shuffle(free)
    for kind, put in PUT.items():
        for n in range(how_many.get(kind, 0)):
            plants.append(_somewhere(free, lambda place, put=put, n=n: put(season, book, place, n)))  # type: ignore[misc]
    return plants


def _somewhere(free: list[tuple[int, int]], put: Callable[[tuple[int, int]], Plant | None]) -> Plant:
    for place in list(free):
        planted = put(place)
        if planted is not None:
            free.remove(place)
            return planted
    raise ValueError("the season has no place left for what is to be planted")


def _two_places(season: Season, _: Rulebook, place: tuple[int, int], n: int) -> Plant | None:
    """In two classes: at the second before the first was over, or hours away within the hour."""
    first, week = place
    am, pm = season.meetings[first, week], season.meetings[first + 1, week]
    if n % 2:
        who = pm.signs[9].worker_id
        other = _elsewhere(season, first, week)
        if other is None:
            return None
        key, meeting = other
        season.meetings[key] = put_in(meeting, who, at=meeting.slot.starts_at - 200 * SECOND, instead=21 + n)
        return Plant(Kind.TWO_PLACES, frozenset({pm.session_id, meeting.session_id}), whom=who)
    who = am.signs[9].worker_id
    early = am.slot.ends_at - timedelta(minutes=25)
    season.meetings[first + 1, week] = put_in(pm, who, at=early, instead=11)
    return Plant(Kind.TWO_PLACES, frozenset({am.session_id, pm.session_id}), whom=who)


def _elsewhere(season: Season, first: int, week: int) -> tuple[tuple[int, int], Meeting] | None:
    """A class at the same time, at other works."""
    pm = season.meetings[first + 1, week]
    return next(
        (
            (key, other)
            for key, other in season.meetings.items()
            if key[0] % 3 == 1 and other.slot == pm.slot and other.enterprise_id != pm.enterprise_id
        ),
        None,
    )


def _long_day(season: Season, _: Rulebook, place: tuple[int, int], n: int) -> Plant | None:  # noqa: ARG001
    """Morning, afternoon and evening on one day: eleven class-hours."""
    first, week = place
    am, pm, eve = (season.meetings[first + k, week] for k in range(3))
    who = am.signs[13].worker_id
    season.meetings[first + 1, week] = put_in(pm, who, at=pm.slot.starts_at - 300 * SECOND, instead=15)
    season.meetings[first + 2, week] = put_in(eve, who, at=eve.slot.starts_at - 30 * SECOND, instead=15)
    return Plant(Kind.LONG_DAY, frozenset({am.session_id, pm.session_id, eve.session_id}), whom=who)


def _burst(season: Season, _: Rulebook, place: tuple[int, int], n: int) -> Plant | None:
    """A class that is signed in by a script, or by a hand that only taps."""
    first, week = place
    meeting = season.meetings[first + 2, week]
    way, step = ((Way.SCAN, 0.2), (Way.INSTRUCTOR_SCAN, 0.5), (Way.ROLL_CALL, 0.35))[n % 3]
    begun = meeting.slot.starts_at - 120 * SECOND
    fast = tuple(
        replace(each, way=way, at=begun + k * step * SECOND, device=None) if k < MANY and each.at else each
        for k, each in enumerate(meeting.signs)
    )
    season.meetings[first + 2, week] = replace(meeting, signs=fast)
    return Plant(Kind.BURST, frozenset({meeting.session_id}))


def _one_phone(season: Season, _: Rulebook, place: tuple[int, int], n: int) -> Plant | None:
    """One more than borrow a phone, or many more."""
    first, week = place
    meeting = season.meetings[first, week]
    many = 4 if n % 2 == 0 else 18
    signs = list(meeting.signs)
    chosen = [k for k, each in enumerate(signs) if each.at is not None][20 : 20 + many]
    at = meeting.slot.starts_at - 20 * many * SECOND
    for turn, k in enumerate(chosen):
        signs[k] = Sign(
            signs[k].worker_id, signs[k].minutes, Way.SCAN, at + 18 * turn * SECOND, f"phone {place}"
        )
    season.meetings[first, week] = replace(meeting, signs=tuple(signs))
    return Plant(Kind.ONE_PHONE, frozenset({meeting.session_id}))


def _own_shift(season: Season, book: Rulebook, place: tuple[int, int], n: int) -> Plant | None:  # noqa: ARG001
    """Somebody of another crew, at work at that hour by the shift plan."""
    first, week = place
    for cohort, letter in ((first, "E"), (first + 1, "E"), (first + 1, "M"), (first + 2, "M")):
        meeting = season.meetings[cohort, week]
        crew = crew_at(book, crew_letters(cohort)[1], meeting.slot.day, letter)
        if crew is None or crew.crew == "A":
            continue
        who = an_id("on shift", cohort, week)
        season.meetings[cohort, week] = put_in(meeting, who, at=meeting.slot.starts_at, instead=17)
        known = season.crews[cohort, week]
        season.crews[cohort, week] = Crews(known.released, {**known.of, who: crew})
        return Plant(Kind.OWN_SHIFT, frozenset({meeting.session_id}), whom=who)
    return None


def _large_class(season: Season, _: Rulebook, place: tuple[int, int], n: int) -> Plant | None:
    """One more than the room holds, or several."""
    first, week = place
    meeting = season.meetings[first + 1, week]
    more = meeting.most + 1 + n - len(meeting.signs)
    at = meeting.slot.starts_at
    extra = (Sign(an_id("extra", place, k), 180, Way.ROLL_CALL, at + 3 * k * SECOND) for k in range(more))
    season.meetings[first + 1, week] = replace(meeting, signs=(*meeting.signs, *extra))
    return Plant(Kind.LARGE_CLASS, frozenset({meeting.session_id}))


def _two_towns(season: Season, book: Rulebook, place: tuple[int, int], n: int) -> Plant | None:
    """One person leads two classes at once, or one in the evening an hour and more away from the afternoon's."""
    first, week = place
    other = _elsewhere(season, first, week)
    if other is None:
        return None
    key, meeting = other
    pm = season.meetings[first + 1, week]
    if n % 2 == 0:
        season.meetings[key] = replace(meeting, led_by=pm.led_by)
        whom = pm.led_by
        return Plant(Kind.TWO_TOWNS, frozenset({pm.session_id, meeting.session_id}), whom=whom)
    evening = season.meetings.get((key[0] + 1, week))
    if evening is None:
        return None
    far = book.travel.minutes(_where(pm), _where(evening))
    if far < FAR or evening.led_by == pm.led_by or evening.led_by == lead_of(key[0]):
        return None
    season.meetings[key[0] + 1, week] = replace(evening, led_by=pm.led_by)
    return Plant(Kind.TWO_TOWNS, frozenset({pm.session_id, evening.session_id}), whom=pm.led_by)


def _alike(season: Season, cohort: int) -> Plant:
    """The first three sessions of a class: everybody at the minute of the first one."""
    model = season.meetings[cohort, 0]
    begun = model.slot.starts_at
    pattern = [
        (each.worker_id, timedelta(minutes=-18 + k // 5, seconds=7 * (k % 5)))
        for k, each in enumerate(model.signs)
    ]
    sessions = [season.meetings[cohort, week] for week in range(3)]
    for week, each in enumerate(sessions):
        shift = each.slot.starts_at - begun
        minutes = max(sign.minutes for sign in each.signs)
        signs = tuple(
            Sign(who, minutes, Way.SCAN, begun + shift + after + week * SECOND) for who, after in pattern
        )
        season.meetings[cohort, week] = replace(each, signs=signs)
    return Plant(Kind.SAME_MINUTES, frozenset(each.session_id for each in sessions))


def _taught(season: Season, n: int) -> Plant:
    """Who assesses has taught one of the candidates: in another order, weeks ago."""
    batch = season.batches[n]
    cohort = 3 * n
    teacher = lead_of((cohort + 3) % 33)
    (key, meeting) = next(
        (key, each)
        for key, each in reversed(season.meetings.items())
        if each.led_by == teacher and each.order_id != batch.order_id
    )
    who = sorted(batch.candidates)[n]
    season.meetings[key] = put_in(meeting, who, at=meeting.slot.starts_at - 60 * SECOND, instead=19)
    assert teacher in batch.assessors
    assert worker(cohort, 0) in batch.candidates
    return Plant(Kind.ASSESSOR_TAUGHT, batch_id=batch.batch_id, whom=who)


def _where(meeting: Meeting) -> Place:
    return Place(meeting.division, meeting.enterprise_id)


Put = Callable[[Season, Rulebook, tuple[int, int], int], Plant | None]
PUT: dict[Kind, Put] = {
    Kind.OWN_SHIFT: _own_shift, Kind.TWO_TOWNS: _two_towns, Kind.TWO_PLACES: _two_places, Kind.LONG_DAY: _long_day,
    Kind.BURST: _burst, Kind.ONE_PHONE: _one_phone, Kind.LARGE_CLASS: _large_class,
}  # fmt: skip
