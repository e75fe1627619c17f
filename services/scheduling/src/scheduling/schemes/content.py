"""What a version of a scheme says, what of it is agreed by hash, and what differs between two versions."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from contracts.programme import Programme
from contracts.values import Clause, CohortId, Hash, Mode, OrderLine, SessionId, UnitCode
from scheduling.planner.cost import cost_of
from scheduling.planner.evaluating import evaluations
from scheduling.planner.world import CohortPlan, Draft, Enterprise, Placed, Session, Unplaced
from staffing.rulebook import Rulebook

Parts = dict[str, Any]


def fingerprint(draft: Draft) -> Hash:
    """What union and enterprise agree on: content, times, places, needed qualification and cost.

    The person is a proposal, and ids are no content: both stay outside.
    """
    return _hash(_parts(draft))


def clauses(draft: Draft) -> dict[Clause, Hash]:
    """Each clause with a hash of its own."""
    return {Clause(name): _hash(part) for name, part in _parts(draft).items()}


def _hash(part: Parts) -> Hash:
    text = json.dumps(part, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def differences(one: Draft, other: Draft) -> tuple[str, ...]:
    """Which of `content`, `times`, `places`, `needs`, `cost` are not the same."""
    a, b = _parts(one), _parts(other)
    return tuple(name for name in a if a[name] != b[name])


def same_plan(one: Draft, other: Draft) -> bool:
    """Whether everybody is taught the same at the same times by the same people."""
    return not changed_lines(one, other)


def changed_lines(one: Draft, other: Draft) -> int:
    """How many sessions are at another time or with another person, or only in one of the two."""
    a, b = (set(_lines(draft)) for draft in (one, other))
    return len({key for key, *_ in a ^ b})


def _lines(draft: Draft) -> Iterator[tuple[Any, ...]]:
    placed = {p.session.session_id: (p.day, p.band, p.person_id) for p in draft.placed}
    workers = {cohort.cohort_id: (cohort.letter, cohort.workers) for cohort in draft.cohorts}
    for session in everything(draft):
        letter, people = workers[session.cohort_id]
        yield (letter, session.position), session.unit, people, placed.get(session.session_id)


def everything(draft: Draft) -> tuple[Session, ...]:
    """All sessions, placed or not, by cohort and position."""
    letters = {cohort.cohort_id: cohort.letter for cohort in draft.cohorts}
    sessions = [*(p.session for p in draft.placed), *(u.session for u in draft.unplaced)]
    return tuple(sorted(sessions, key=lambda s: (letters[s.cohort_id], s.position)))


def with_placed(draft: Draft, placed: Iterable[Placed]) -> Draft:
    """The draft with these sessions where they are now; cost and release are reckoned by `reckoned`."""
    new = {p.session.session_id: p for p in placed}
    kept = [p for p in draft.placed if p.session.session_id not in new]
    mine = {s.session_id for s in everything(draft)}
    letters = {cohort.cohort_id: cohort.letter for cohort in draft.cohorts}
    return replace(
        draft,
        placed=tuple(
            sorted(
                [*kept, *(p for id_, p in new.items() if id_ in mine)],
                key=lambda p: (letters[p.session.cohort_id], p.session.position),
            )
        ),
        unplaced=tuple(u for u in draft.unplaced if u.session.session_id not in new),
    )


def with_pins(draft: Draft, pinned: Collection[SessionId]) -> Draft:
    """The draft with exactly these sessions pinned."""
    return replace(
        draft, placed=tuple(replace(p, pinned=p.session.session_id in pinned) for p in draft.placed)
    )


def with_lost(draft: Draft, lost: Sequence[Unplaced]) -> Draft:
    """The draft in which these sessions have no time any more; cost and release are reckoned by `reckoned`."""
    gone = {u.session.session_id for u in lost}
    letters = {cohort.cohort_id: cohort.letter for cohort in draft.cohorts}
    return replace(
        draft,
        placed=tuple(p for p in draft.placed if p.session.session_id not in gone),
        unplaced=tuple(
            sorted([*draft.unplaced, *lost], key=lambda u: (letters[u.session.cohort_id], u.session.position))
        ),
    )


def without(draft: Draft, gone: Collection[SessionId]) -> Draft:
    """The draft without these sessions; cost and release are reckoned by `reckoned`."""
    return replace(
        draft,
        placed=tuple(p for p in draft.placed if p.session.session_id not in gone),
        unplaced=tuple(u for u in draft.unplaced if u.session.session_id not in gone),
    )


def without_taught(draft: Draft, held: Iterable[tuple[CohortPlan, Session]]) -> Draft:
    """Leaves out what all workers of a cohort were taught already, before the order was amended.

    `held` are sessions of older versions that took place, with the cohorts that sat in them.
    """
    held, taught = tuple(held), {}
    for cohort in draft.cohorts:
        taught[cohort.cohort_id] = Counter(
            session.unit for sat, session in held if sat.line == cohort.line and sat.workers >= cohort.workers
        )
    return without(draft, set(_first_of_each(everything(draft), taught)))


def reckoned(
    draft: Draft, lines: Iterable[OrderLine], enterprise: Enterprise, programme: Programme, book: Rulebook
) -> Draft:
    """The draft with its cost and its evaluation as its sessions now stand."""
    lines = tuple(lines)
    cohorts = {cohort.cohort_id: cohort for cohort in draft.cohorts}
    cost = cost_of(
        sessions=everything(draft),
        placed=draft.placed,
        cohorts=cohorts,
        lines=lines,
        enterprise=enterprise,
        programme=programme,
        book=book,
    )
    examined = evaluations(lines, draft.placed, cohorts, enterprise, programme, book)
    return replace(draft, cost=cost, evaluation=examined)


def _first_of_each(sessions: Iterable[Session], taught: dict[CohortId, Counter[UnitCode]]) -> Iterable[Any]:
    for session in sessions:
        if taught[session.cohort_id][session.unit] > 0:
            taught[session.cohort_id][session.unit] -= 1
            yield session.session_id


def _parts(draft: Draft) -> Parts:
    letters = {cohort.cohort_id: cohort.letter for cohort in draft.cohorts}
    sessions = {f"{letters[s.cohort_id]}/{s.position:03}": s for s in everything(draft)}
    placed = {p.session.session_id: [p.day.isoformat(), p.band] for p in draft.placed}
    parts: Parts = {
        "content": {
            "stages": list(draft.stages),
            "cohorts": [
                [c.letter, c.line, sorted(c.crews), sorted(map(str, c.workers))]
                for c in sorted(draft.cohorts, key=lambda c: c.letter)
            ],
            "sessions": {key: [s.unit, s.mode, s.class_hours] for key, s in sessions.items()},
        },
        "times": {key: placed.get(s.session_id) for key, s in sessions.items()},
        "places": {
            key: [s.division, s.enterprise_id] if s.mode is Mode.ONSITE else None
            for key, s in sessions.items()
        },
        "needs": {key: [s.needs.occupation, s.needs.level] for key, s in sessions.items()},
        "cost": {
            "class_hours": draft.cost.class_hours,
            "lecture_fees": _figure(draft.cost.lecture_fees),
            "travel": _figure(draft.cost.travel),
            "subsidy_expected": _figure(draft.cost.subsidy_expected),
            "release_minutes": draft.cost.release_minutes,
        },
    }
    for one in draft.evaluation:  # a version that has none keeps its hash
        key = f"evaluation/{one.line}"
        parts["content"][key] = [
            one.occupation, one.level, list(one.parts), one.candidates, one.assessors, one.groups,
        ]  # fmt: skip
        parts["times"][key] = [one.earliest.isoformat(), one.latest.isoformat()]
        parts["places"][key] = [one.division, one.enterprise_id]
    return parts


def _figure(yuan: Decimal) -> str:
    """The same text for the same amount, however it was reckoned."""
    return f"{Decimal(yuan):.2f}"
