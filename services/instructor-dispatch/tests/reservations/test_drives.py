"""Drives as rows: they never overlap what is fixed, and equal a recount by brute force. No database."""

from datetime import UTC, datetime, timedelta
from itertools import combinations
from uuid import UUID, uuid4

import pytest
from hypothesis import given as cases
from hypothesis import settings
from hypothesis import strategies as st

from instructor_dispatch.reservations.rules import (
    Row,
    diary,
    difference,
    drives,
    fixed,
    that_cannot_stay,
    uncovered,
)

pytestmark = pytest.mark.rules
PERSON = UUID(int=7)
MIDNIGHT = datetime(2027, 2, 28, 16, tzinfo=UTC)
"""00:00 of a Monday in Sanming."""
PLACES = [None, ("350404", "a"), ("350404", "b"), ("350405", "a"), ("350424", "c"), ("350481", "d")]
things = st.lists(
    st.tuples(st.integers(0, 2 * 96 - 2), st.integers(1, 12), st.sampled_from(PLACES), st.booleans()),
    max_size=9,
)


def at(quarter: int) -> datetime:
    return MIDNIGHT + timedelta(minutes=15 * quarter)


def row(start: int, end: int, place=None, *, duty: bool = True) -> Row:
    """Quarters of an hour from midnight."""
    kind = "session" if duty else ("absence" if place is None else "lesson")
    division, site = place or (None, None)
    return Row(PERSON, at(start), at(end), kind, "firm", uuid4() if duty else None, division, site)


def accepted(asked, book) -> list[Row]:
    """What the rule lets in, one after the other, as dispatch does it."""
    rows: list[Row] = []
    for start, length, place, duty in asked:
        new = row(start, start + length, place, duty=duty)
        if book.travel.clash(fixed(new, book), diary(rows, book)) is None:
            rows.append(new)
    return rows


def recount(rows: list[Row], book) -> set[tuple[datetime, datetime]]:
    """Every minute tried: the last whole gap between neighbours at different places, ending where it ends."""
    found = set()
    ordered = sorted(rows, key=lambda each: each.starts_at)
    for a, b in combinations([each for each in ordered if each.division], 2):
        inside = [each for each in ordered if a.ends_at <= each.starts_at and each.ends_at <= b.starts_at]
        needed = timedelta(minutes=book.travel.needed(fixed(a, book), fixed(b, book)))
        same_day = (a.ends_at - timedelta(minutes=1) - MIDNIGHT).days == (b.starts_at - MIDNIGHT).days
        if any(each.division for each in inside) or not needed or not same_day:
            continue
        ends = b.starts_at
        while ends - needed >= a.ends_at:
            span = (ends - needed, ends)
            if not any(each.starts_at < span[1] and span[0] < each.ends_at for each in inside):
                found.add(span)
                break
            ends -= timedelta(minutes=1)
        else:
            raise AssertionError(f"no drive fits between {a} and {b}")
    return found


@cases(things)
@settings(max_examples=300, deadline=None)
def test_drives_equal_a_recount_and_overlap_nothing(book, asked):
    rows = accepted(asked, book)
    made = drives(PERSON, rows, book)
    assert {each.times for each in made} == recount(rows, book)
    for a, b in combinations([*rows, *made], 2):
        assert a.ends_at <= b.starts_at or b.ends_at <= a.starts_at


@cases(things, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_drives_kept_up_step_by_step_equal_drives_made_at_once(book, asked, chance):
    """As the table is kept: each insert and each release writes only the difference."""
    rows: list[Row] = []
    kept: list[Row] = []
    for start, length, place, duty in asked:
        new = row(start, start + length, place, duty=duty)
        if rows and chance.random() < 0.25:
            rows.remove(chance.choice(rows))
        elif book.travel.clash(fixed(new, book), diary(rows, book)) is None:
            rows.append(new)
        stale, more = difference(kept, drives(PERSON, rows, book))
        kept = [each for each in kept if each not in stale] + more
        assert {each.times for each in kept} == {each.times for each in drives(PERSON, rows, book)}


@cases(things, st.integers(0, 180), st.integers(1, 60), st.sampled_from(PLACES))
@settings(max_examples=200, deadline=None)
def test_after_an_absence_what_stays_goes_together(book, asked, start, length, place):
    rows = accepted(asked, book)
    away = row(start, start + length, place, duty=False)
    gone = that_cannot_stay(away, rows, book, now=at(0) - timedelta(days=1))
    stays = [each for each in rows if each not in gone]
    pieces = uncovered(away, stays)
    for a, b in combinations([*stays, *pieces], 2):
        assert a.ends_at <= b.starts_at or b.ends_at <= a.starts_at
    assert all(
        not each.is_duty or each.ends_at <= away.starts_at or away.ends_at <= each.starts_at for each in stays
    )
    covered = sum((each.ends_at - each.starts_at for each in pieces), timedelta())
    others = sum(
        (
            min(each.ends_at, away.ends_at) - max(each.starts_at, away.starts_at)
            for each in stays
            if overlaps(each, away)
        ),
        timedelta(),
    )
    assert covered + others == away.ends_at - away.starts_at


def overlaps(a: Row, b: Row) -> bool:
    return a.starts_at < b.ends_at and b.starts_at < a.ends_at


def test_what_has_begun_stays(book):
    begun = row(32, 44, ("350404", "a"))
    away = row(30, 60, duty=False)
    assert that_cannot_stay(away, [begun], book, now=at(33)) == []
    assert that_cannot_stay(away, [begun], book, now=at(31)) == [begun]
    assert [each.times for each in uncovered(away, [begun])] == [(at(30), at(32)), (at(44), at(60))]
