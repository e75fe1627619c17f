"""What would let a session be held, for a session without a time or a person, or for a wish.

Every slot and everybody who could teach it is looked at once: what stands against the two together can be granted,
or not. What one grant would free is answered, the cheapest first; two at once only where no single one helps.
Nothing is called impossible beyond what was looked at, and nothing is granted by asking.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce

from contracts.values import BandCode, Needs, PersonId, Reason, because
from scheduling.planner.change_points import change_points
from scheduling.planner.choice import Search
from scheduling.planner.grants import Grant, Price, Terms
from scheduling.planner.ledger import Ledger
from scheduling.planner.weighing import weigh
from scheduling.planner.why_then import against_slot, gap
from scheduling.planner.world import Placed, Teacher
from staffing.diary import Kind

LATER = 14
"""Days after its line's last one that are looked at (count)."""
MOST_OF_A_KIND = 3
"""Unlocks of the same kinds that are answered (count)."""
MOST_AT_ONCE = 2
"""Grants that are tried together (count)."""
PATIENCE = 5
"""Slots that are tried for one set of grants before it is given up (count)."""


@dataclass(frozen=True)
class Wish:
    """Where the session would be wanted; nothing = any, between the sessions before and after it."""

    day: date | None = None
    band: BandCode | None = None
    person_id: PersonId | None = None


@dataclass(frozen=True)
class Unlock:
    """What would have to be granted, and where the session would be held then. No other line changes."""

    grants: tuple[Grant, ...]
    placed: Placed
    changes: int
    """Change points against where it stood."""


@dataclass(frozen=True)
class Unlocks:
    """The answer. Without any unlock: none was found in what was tried."""

    found: tuple[Unlock, ...]
    tried: tuple[Reason, ...]
    """How much was looked at, and which rules that nobody can grant bar how many of the slots and people."""


@dataclass
class _Seen:
    """What one pass over slots and people has found."""

    slots: int = 0
    people: int = 0
    ways: dict[frozenset[Grant], list[tuple[date, BandCode, Teacher]]] = field(default_factory=dict)
    barred: Counter[str] = field(default_factory=Counter)


def unlocks(terms: Terms, ledger: Ledger, wish: Wish, old: Placed | None) -> Unlocks:
    """Without a grant where it can be held as it is.

    The session itself is not in the ledger; `old` = where it stood.
    """
    seen = _look(terms, ledger, wish)
    tried = (
        because("unlock.tried", slots=seen.slots, people=seen.people),
        *(because("unlock.barred", rule=code, ways=n) for code, n in sorted(seen.barred.items())),
    )
    for size in range(MOST_AT_ONCE + 1):
        found = tuple(_of_size(size, terms, ledger, seen, old))
        if found:
            return Unlocks(found[:1] if size == 0 else found, tried)
    return Unlocks((), tried)


def _look(terms: Terms, ledger: Ledger, wish: Wish) -> _Seen:
    session, seen = terms.session, _Seen()
    people = [t for t in _candidates(terms, ledger) if wish.person_id in (None, t.person.person_id)]
    seen.people = len(people)
    for day in _days(terms, ledger, wish):
        for band in session.bands:
            seen.slots += 1
            slot = _slot_grants(terms, ledger, day, band, seen)
            if slot is None:
                continue
            if wish.band not in (None, band):
                slot |= {Grant(Price.BAND, band)}
            for teacher in people:
                needed = _person_grants(terms, ledger, day, band, teacher, seen)
                if needed is not None and len(slot | needed) <= MOST_AT_ONCE:
                    seen.ways.setdefault(slot | needed, []).append((day, band, teacher))
    return seen


def _days(terms: Terms, ledger: Ledger, wish: Wish) -> Sequence[date]:
    if wish.day is not None:
        return [wish.day]
    first, last = gap(ledger, terms.session, later=LATER)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _candidates(terms: Terms, ledger: Ledger) -> list[Teacher]:
    """Who holds the qualification on some day, at the level or one below."""
    needs = terms.session.needs
    found = (t for each in (needs, *_one_lower(needs, ledger)) for t in ledger.able(each))
    return list({teacher.person.person_id: teacher for teacher in found}.values())


def _one_lower(needs: Needs, ledger: Ledger) -> list[Needs]:
    rank = ledger.book.ladder.rank(needs.level) - 1
    levels = ledger.book.programmes.levels.values()
    return [needs.model_copy(update={"level": level.id}) for level in levels if level.rank == rank]


def _slot_grants(
    terms: Terms, ledger: Ledger, day: date, band: BandCode, seen: _Seen
) -> frozenset[Grant] | None:
    """What the slot itself needs; nothing when a rule bars it that nobody can grant."""
    cohort, needed = ledger.cohorts[terms.session.cohort_id], set[Grant]()
    for reason in against_slot(ledger, terms.session, day, band, terms.pace):
        figures = {name: value for name, value in reason.figures.items() if isinstance(value, int)}
        match reason.code:
            case "slot.outside_window" if day > cohort.latest:
                needed.add(Grant(Price.DUE, more=(day - cohort.latest).days))
            case "slot.pace_reached":
                needed.add(Grant(Price.PACE, more=figures["held"] + 1 - figures["most"]))
            case "slot.release_used":
                more = figures["used"] + figures["minutes"] - figures["most"]
                needed.add(Grant(Price.RELEASE, more=more))
            case "slot.rooms_taken":
                needed.add(Grant(Price.ROOM, more=1))
            case code:
                seen.barred[code] += 1
                return None
    return frozenset(needed)


def _person_grants(
    terms: Terms, ledger: Ledger, day: date, band: BandCode, teacher: Teacher, seen: _Seen
) -> frozenset[Grant] | None:
    """What the person needs then; nothing when a rule bars them that nobody can grant."""
    session, person, span = terms.session, teacher.person, ledger.book.span(day, band)
    id_, needed = str(person.person_id), set[Grant]()
    first = ledger.why_not(session, span, teacher)
    if first is None:
        return frozenset()
    if not _may_be_granted(first.code):
        seen.barred[first.code] += 1
        return None
    for reason in ledger.every_against(session, span, teacher):
        match reason.code:
            case "qualification.too_low":
                needed.add(Grant(Price.LEVEL, str(reason.figures["held"])))
            case "load.week":
                needed.add(Grant(Price.PERSON_WEEK, id_, 1))
            case "load.day":
                needed.add(Grant(Price.PERSON_DAY, id_, 1))
            case "college.quota_week":
                needed.add(Grant(Price.QUOTA_WEEK, person.college_id, 1))
            case "college.quota_total":
                needed.add(Grant(Price.QUOTA_TOTAL, person.college_id, 1))
            case "lesson.overlaps" | "lesson.no_time_to_drive":
                continue
            case code:
                seen.barred[code] += 1
                return None
    own = [clash.other for clash in ledger.in_the_way(session, span, teacher)]
    needed |= {Grant(Price.LESSON, id_, lesson=thing) for thing in own if thing.kind is Kind.LESSON}
    return frozenset(needed)


def _of_size(size: int, terms: Terms, ledger: Ledger, seen: _Seen, old: Placed | None) -> Iterator[Unlock]:
    """The cheapest of each kind of so many grants at once."""
    kinds: Counter[tuple[Price, ...]] = Counter()
    for way in sorted((way for way in seen.ways if len(way) == size), key=_price):
        kind = tuple(sorted(grant.kind for grant in way))
        if kinds[kind] < MOST_OF_A_KIND and (unlock := _replayed(terms, ledger, way, seen, old)):
            kinds[kind] += 1
            yield unlock


def _may_be_granted(code: str) -> bool:
    return code == "qualification.too_low" or code.startswith(("load.", "lesson.", "college.quota_"))


def _replayed(
    terms: Terms, ledger: Ledger, way: frozenset[Grant], seen: _Seen, old: Placed | None
) -> Unlock | None:
    """The best line that these grants really give: granted in a copy of the world, and asked again."""
    cohort = ledger.cohorts[terms.session.cohort_id]
    release, weight = (
        ledger.release_of(cohort).minutes,
        ledger.book.programmes.rules.planning.weight_unfairness,
    )

    def worth(option: tuple[date, BandCode, Teacher]) -> tuple[object, ...]:
        day, band, teacher = option
        span = ledger.book.span(day, band)
        unwished = bool(cohort.bands) and band not in cohort.bands
        rank = weigh(ledger, terms.session, day, band, teacher, added=False).rank(
            weight.value, by_drive=False
        )
        return unwished, bool(release(span)), day, span.start, rank, str(teacher.person.person_id)

    for day, band, teacher in sorted(seen.ways[way], key=worth)[:PATIENCE]:
        under: Terms = reduce(lambda t, grant: t.with_grant(grant, day), way, terms)
        held = ledger.under(under.world) if way else ledger
        now = held.teachers[teacher.person.person_id]
        span = held.book.span(day, band)
        if any(against_slot(held, under.session, day, band, under.pace)):
            continue
        if held.every_against(under.session, span, now):
            continue
        placed = Search(held, under.session, under.pace).with_person(day, band, now)
        grants = tuple(sorted(way, key=lambda grant: grant.order))
        return Unlock(grants, placed, change_points(placed, old))
    return None


def _price(way: frozenset[Grant]) -> list[tuple[int, int, str, int]]:
    return sorted((grant.order for grant in way), reverse=True)


def granted(terms: Terms, unlock: Unlock) -> Terms:
    """The world in which all of it is granted."""
    return reduce(lambda t, grant: t.with_grant(grant, unlock.placed.day), unlock.grants, terms)
