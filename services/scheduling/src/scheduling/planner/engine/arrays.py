"""The instance as flat arrays: ids become numbers, a day and a band become a slot `day * bands + band`.

Numbers follow the ids in order, so the order of a file's lines does not matter.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduling.planner.engine.compiled import compiled
from scheduling.planner.engine.instance import Cohort, Instance, Instructor, Session, WrongInstance

DAY = 1440
Ints = NDArray[np.int64]
Small = NDArray[np.int32]
"""What is looked up everywhere in large tables: half the size is less to wait for."""
Flags = NDArray[np.uint8]


class Given(NamedTuple):
    """What does not change while planning: S sessions (cohort by cohort, in teaching order), K cohorts,
    I instructors, C colleges, P places (0 = online, then the enterprises' sites), B bands, T = days * B slots.
    """

    days: int
    bands: int
    weeks: int
    buffer: int
    over_midnight: bool
    """A drive can be so long that the neighbouring days must be looked at too."""
    unfairness: int
    lateness: int
    start: Ints
    """[B] minutes of the day, as `end`."""
    end: Ints
    pieces: Flags
    """[B, G] whether the band covers a piece of the day: rooms are counted by piece, for bands overlap in part."""
    cohort: Ints
    """[S]"""
    unit: Ints
    """[S] number of a cohort's unit."""
    kind: Ints
    """[S] number of a qualification with the least level."""
    place: Ints
    """[S]"""
    may: Flags
    """[S, B] bands allowed."""
    first: Ints
    """[K + 1]: the sessions of cohort k are first[k] to first[k + 1]."""
    release: Small
    """[K, T] minutes released from the shift, also where that is more than the cap; -1 where nothing may be held."""
    release_cap: Ints
    """[K]"""
    pace: Ints
    """[K] most sessions a week."""
    earliest: Ints
    """[K] day, as `due`."""
    due: Ints
    likes: Flags
    """[K, B] bands the cohort prefers."""
    able: Ints
    """Instructors of kind q: able[able_at[q] : able_at[q + 1]]."""
    able_at: Ints
    near: Ints
    """[P, able]: as `able`, of each kind those who live nearest to the place first."""
    free: Flags
    """[P, T, I] neither busy, drive included, nor from home too early or back too late."""
    home: Small
    """[I, P] minutes between home and place."""
    drive: Small
    """[P, P] minutes."""
    most_day: Ints
    """[I] sessions, as `most_week` and `fair`."""
    most_week: Ints
    avoids: Flags
    """[I, B]"""
    fair: Ints
    college: Ints
    """[I]"""
    most_all: Ints
    """[C] sessions of the agreement, as `most_college_week` and `target`."""
    most_college_week: Ints
    target: Ints
    rooms: Ints
    """[P]"""
    declined: Flags
    """[S, I]"""
    was_slot: Ints
    """[S] in the plan in force, -1 where it has none; as `was_with`."""
    was_with: Ints
    pinned: Flags
    """[S]"""


class Names(NamedTuple):
    """From numbers back to ids."""

    sessions: tuple[str, ...]
    instructors: tuple[str, ...]
    bands: tuple[str, ...]


def able_of(given: Given, s: int) -> list[int]:
    """Who holds the session's qualification at its level (H4)."""
    kind = given.kind[s]
    return [int(i) for i in given.able[given.able_at[kind] : given.able_at[kind + 1]]]


def arrays(given: Instance) -> tuple[Given, Names]:
    """The arrays of a checked instance, and what their numbers mean."""
    bands, start, end = _bands(given)
    cuts = sorted({*start.tolist(), *end.tolist()})
    cohorts = sorted(given.cohorts, key=lambda c: c.id)
    people = sorted(given.instructors, key=lambda i: i.id)
    terms = sorted(given.colleges, key=lambda c: c.id)
    colleges = {c.id: n for n, c in enumerate(terms)}
    sessions, first = _in_teaching_order(given, cohorts)
    place_of = _places(given)
    sites = list(place_of)
    site_of = {e.id: e.site for e in given.enterprises}
    cohort = np.repeat(np.arange(len(cohorts)), np.diff(first))
    of_cohort = {c.id: c for c in cohorts}
    travel = np.array(given.travel, np.int64).reshape(len(given.travel), len(given.travel))
    _no_detour_is_shorter(travel)
    drive = np.zeros((len(sites) + 1, len(sites) + 1), np.int64)
    drive[1:, 1:] = travel[np.ix_(sites, sites)]
    home = _homes(people, travel, sites)
    rooms = np.full(len(sites) + 1, 1 << 30)
    for e in given.enterprises:
        rooms[place_of[e.site]] = e.rooms
    kinds = sorted({(s.qualification, s.min_level) for s in sessions})
    able = [[n for n, i in enumerate(people) if i.skills.get(q, -1) >= level] for q, level in kinds]
    units = {each: n for n, each in enumerate(dict.fromkeys((s.cohort, s.unit) for s in sessions))}
    number = {s.id: n for n, s in enumerate(sessions)}
    person = {i.id: n for n, i in enumerate(people)}
    declined = np.zeros((len(sessions), len(people)), np.uint8)
    for s, i in given.forbidden:
        declined[number[s], person[i]] = 1
    was_slot, was_with, pinned = _in_force(given, bands, number, person)
    return Given(
        days=given.days, bands=len(bands), weeks=-(-given.days // 7), buffer=given.buffer,
        over_midnight=bool(drive.max() + given.buffer > DAY + start.min() - end.max()),
        unfairness=given.weights.unfairness, lateness=given.weights.lateness, start=start, end=end,
        pieces=_flags([[s <= a and b <= e for a, b in pairwise(cuts)] for s, e in zip(start, end, strict=True)]),
        cohort=cohort,
        unit=_ints([units[s.cohort, s.unit] for s in sessions]),
        kind=_ints([kinds.index((s.qualification, s.min_level)) for s in sessions]),
        place=_ints([
            place_of[site_of[of_cohort[s.cohort].enterprise]] if s.mode == "onsite" else 0 for s in sessions
        ]),
        may=_flags([[b in s.bands for b in bands] for s in sessions]),
        first=first,
        release=_release(given, cohorts, start, end).astype(np.int32),
        release_cap=_ints([c.release_cap for c in cohorts]),
        pace=_ints([c.max_week_sessions for c in cohorts]),
        earliest=_ints([c.earliest_day for c in cohorts]),
        due=_ints([c.due_day for c in cohorts]),
        likes=_flags([[b in c.preferred_bands for b in bands] for c in cohorts]),
        able=_ints([i for one in able for i in one]),
        able_at=np.concatenate([[0], np.cumsum([len(one) for one in able])]),
        near=_nearest(able, home),
        free=_free(given, people, place_of, start, end, home, travel),
        home=home.astype(np.int32), drive=drive.astype(np.int32),
        most_day=_ints([i.max_day_sessions for i in people]),
        most_week=_ints([i.max_week_sessions for i in people]),
        avoids=_flags([[b in i.avoid_bands for b in bands] for i in people]),
        fair=_ints([i.fair_load for i in people]),
        college=_ints([colleges[i.college] for i in people]),
        most_all=_ints([c.cap_total for c in terms]),
        most_college_week=_ints([c.cap_week for c in terms]),
        target=_ints([c.target for c in terms]),
        rooms=rooms, declined=declined, was_slot=was_slot, was_with=was_with, pinned=pinned,
    ), Names(tuple(s.id for s in sessions), tuple(i.id for i in people), tuple(bands))  # fmt: skip


def _bands(given: Instance) -> tuple[list[str], Ints, Ints]:
    """By their times, with the minutes of the day at which they start and end."""
    bands = sorted(given.bands, key=lambda name: (given.bands[name].start, given.bands[name].end, name))
    return bands, _ints([given.bands[b].start for b in bands]), _ints([given.bands[b].end for b in bands])


def _places(given: Instance) -> dict[int, int]:
    """Number of the place at each enterprise's site, in order."""
    return {site: n + 1 for n, site in enumerate(sorted({e.site for e in given.enterprises}))}


def _homes(people: list[Instructor], travel: Ints, sites: list[int]) -> Ints:
    home = np.zeros((len(people), len(sites) + 1), np.int64)
    home[:, 1:] = travel[np.array([i.home for i in people])][:, sites]
    return home


def _nearest(able: list[list[int]], home: Ints) -> Ints:
    """Of each kind, for each place, those who are able by the way from home; online in the order of their ids."""
    near = [[sorted(one, key=lambda i: (minutes[i], i)) for one in able] for minutes in home.T.tolist()]
    return np.array([[i for one in kinds for i in one] for kinds in near], np.int64)


def free_of(given: Instance, person: Instructor) -> Flags:
    """[P, T] of one person, as `Given.free` has it of all."""
    _, start, end = _bands(given)
    places = _places(given)
    travel = np.array(given.travel, np.int64).reshape(len(given.travel), len(given.travel))
    home = _homes([person], travel, list(places))
    one: Flags = _free(given, [person], places, start, end, home, travel)[:, :, 0]
    return one


def _no_detour_is_shorter(travel: Ints) -> None:
    """The search counts on it: another stop never makes a trip shorter."""
    for by in range(len(travel)):
        longer = travel > travel[:, by, None] + travel[by]
        if longer.any():
            a, b = (int(each[0]) for each in np.nonzero(longer))
            raise WrongInstance(
                f"travel: {a} to {b} takes {travel[a, b]} minutes, by way of {by} only {travel[a, by] + travel[by, b]}"
            )


def _ints(values: list[int]) -> Ints:
    return np.array(values, np.int64)


def _flags(values: list[list[bool]]) -> Flags:
    return np.array(values, np.uint8)


def _in_teaching_order(given: Instance, cohorts: list[Cohort]) -> tuple[list[Session], Ints]:
    named = {s.id: s for s in given.sessions}
    ordered = [sorted((named[s] for s in c.sessions), key=lambda s: (s.seq, s.id)) for c in cohorts]
    for one in ordered:
        for before, after in pairwise(one):
            if before.seq == after.seq:
                raise WrongInstance(
                    f"sessions {before.id} and {after.id} have one place in the teaching order"
                )
    first = np.concatenate([[0], np.cumsum([len(one) for one in ordered])])
    return [s for one in ordered for s in one], first


def _in_force(
    given: Instance, bands: list[str], number: dict[str, int], person: dict[str, int]
) -> tuple[Ints, Ints, Flags]:
    """Slot and person of each session in the plan in force, and whether it is pinned there."""
    slot, who, pinned = np.full(len(number), -1), np.full(len(number), -1), np.zeros(len(number), np.uint8)
    for line in given.plan:
        n = number[line.session]
        slot[n], who[n] = line.day * len(bands) + bands.index(line.band), person[line.instructor]
        pinned[n] = line.pinned
    return slot, who, pinned


def _release(given: Instance, cohorts: list[Cohort], start: Ints, end: Ints) -> Ints:
    """H1 and H2 but for the cap: closed days, before the earliest day, rest."""
    day = np.repeat(np.arange(given.days), len(start))
    begins, ends = day * DAY + np.tile(start, given.days), day * DAY + np.tile(end, given.days)
    of_crew = {}
    for crew in given.crews:
        minutes = np.zeros(len(day), np.int64)
        for a, b in crew.work:
            minutes += np.maximum(0, np.minimum(ends, b) - np.maximum(begins, a))
        for a, b in crew.rest:
            minutes[(begins < b) & (a < ends)] = -1
        minutes[np.isin(day, given.closed_days)] = -1
        of_crew[crew.id] = minutes
    release = np.stack([of_crew[c.crew] for c in cohorts])
    release[day < np.array([[c.earliest_day] for c in cohorts])] = -1
    return release


def _free(
    given: Instance,
    people: list[Instructor],
    place_of: dict[int, int],
    start: Ints,
    end: Ints,
    home: Ints,
    travel: Ints,
) -> Flags:  # fmt: skip
    """H5 for every place, slot and instructor."""
    busy = [b for i in people for b in i.busy]
    gap = np.zeros((len(travel), len(place_of) + 1), np.int64)
    for site, place in place_of.items():
        gap[:, place] = travel[:, site] + given.buffer
        gap[site, place] = 0
    free = np.zeros((len(place_of) + 1, given.days * len(start), len(people)), np.uint8)
    _fill_free(
        start, end,
        np.concatenate([[0], np.cumsum([len(i.busy) for i in people])]),
        _ints([b[0] for b in busy]), _ints([b[1] for b in busy]),
        _ints([-1 if b[2] is None else b[2] for b in busy]),
        home, gap, given.day_open, given.day_close, free,
    )  # fmt: skip
    return free


@compiled
def _fill_free(
    start: Ints, end: Ints, busy_at: Ints, busy_from: Ints, busy_to: Ints, busy_site: Ints,
    home: Ints, gap: Ints, day_open: int, day_close: int, free: Flags,
) -> None:  # fmt: skip
    places, slots, people = free.shape
    bands = len(start)
    days = slots // bands
    for i in range(people):
        for p in range(places):
            for b in range(bands):
                reached = p == 0 or (start[b] - home[i, p] >= day_open and end[b] + home[i, p] <= day_close)
                for d in range(days):
                    free[p, d * bands + b, i] = reached
            for n in range(busy_at[i], busy_at[i + 1]):
                drive = gap[busy_site[n], p] if p > 0 and busy_site[n] >= 0 else 0
                begins, ends = busy_from[n] - drive, busy_to[n] + drive
                for d in range(max(0, begins // 1440 - 1), min(days, ends // 1440 + 2)):
                    for b in range(bands):
                        if d * 1440 + start[b] < ends and begins < d * 1440 + end[b]:
                            free[p, d * bands + b, i] = 0
