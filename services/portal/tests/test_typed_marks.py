"""What is typed on the page of marks: all of it is read, or every fault is named and nothing is sent."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from portal.desks.assessor.seen import BatchSeen
from portal.desks.assessor.typed import read
from portal.web.text import catalogue

pytestmark = pytest.mark.rules
ONE, TWO, OUT = (UUID(int=n) for n in (1, 2, 3))
START = datetime(2027, 3, 8, 1, tzinfo=UTC)


def a_candidate(evaluation, name, **told):
    at = {"entered": [], "differ": [], "confirmed": [], "state": "admitted"}
    return {"evaluation_id": evaluation, "worker_id": evaluation, "name": name} | at | told


def a_batch(*candidates):
    return BatchSeen.model_validate(
        {
            "batch_id": UUID(int=9), "order_id": UUID(int=8), "occupation": "6-31-01-03", "level": "L4",
            "slot": {"day": START.date(), "band": "am", "starts_at": START, "ends_at": START + timedelta(hours=3)},
            "state": "marking", "admitted": 2, "refused": 1, "parts": ["theory", "practical"],
            "assessors": [], "wanted": 0, "barred": [],
            "candidates": candidates or (
                a_candidate(ONE, "陈一"), a_candidate(TWO, "林二"), a_candidate(OUT, "王三", state="refused"),
            ),
        }
    )  # fmt: skip


def test_marks_go_by_way_and_part():
    batch = a_batch(
        a_candidate(ONE, "陈一", entered=["theory"]),
        a_candidate(TWO, "林二", entered=["theory"], own=["theory"], differ=["practical"]),
    )
    typed = read(batch, {f"mark-theory-{ONE}": "60", f"mark-practical-{ONE}": " 82.5 ", f"mark-theory-{TWO}": "61",
                         f"mark-practical-{TWO}": "59.9", "key": "x"})  # fmt: skip
    assert typed.faults == ()
    assert typed.marks == {
        ("second", "theory"): [{"evaluation_id": str(ONE), "mark": "60"}],
        ("first", "practical"): [
            {"evaluation_id": str(ONE), "mark": "82.5"}, {"evaluation_id": str(TWO), "mark": "59.9"},
        ],
    }  # fmt: skip


@pytest.mark.parametrize("good", ["0", "5", "60", "59.9", "99.9", "100", "100.0"])
def test_what_a_mark_is(good):
    assert read(a_batch(), {f"mark-theory-{ONE}": good}).faults == ()


@pytest.mark.parametrize(
    "wrong",
    [
        "100.5",
        "101",
        "-1",
        "缺考",
        "６０",
        "60.55",
        "6O",
        "1e2",
        "60,5",
        "+60",
        "٦٠",
        "60 5",
        "NaN",
        "60.",
        ".5",
    ],
)
def test_what_no_mark_is_is_named_and_nothing_is_sent(wrong):
    typed = read(a_batch(), {f"mark-theory-{ONE}": "60", f"mark-theory-{TWO}": wrong})
    assert [(each.key, each.name, each.value) for each in typed.faults] == [("marks.no_mark", "林二", wrong)]
    assert [each.field for each in typed.faults] == [f"mark-theory-{TWO}"]
    assert typed.marks == {}
    assert typed.kept[f"mark-theory-{TWO}"] == wrong


def test_absent_is_ticked_for_all_parts_and_has_no_mark_beside_it():
    typed = read(a_batch(), {f"absent-{ONE}": "1"})
    assert {way: [one["mark"] for one in marks] for way, marks in typed.marks.items()} == {
        ("first", "theory"): [None], ("first", "practical"): [None],
    }  # fmt: skip
    both = read(a_batch(), {f"absent-{ONE}": "1", f"mark-theory-{ONE}": "70"})
    assert [each.key for each in both.faults] == ["marks.absent_with_mark"]
    assert both.marks == {}


@pytest.mark.parametrize("name", [f"mark-theory-{OUT}", f"mark-theory-{UUID(int=77)}", f"mark-welding-{ONE}",
                                  f"absent-{OUT}", "mark-theory-x", "mark-", "mark-theory"])  # fmt: skip
def test_somebody_who_is_not_to_be_assessed_gets_no_mark(name):
    typed = read(a_batch(), {name: "60", f"mark-theory-{ONE}": "60"})
    assert [each.key for each in typed.faults] == ["marks.stranger"]
    assert typed.marks == {}


def test_the_page_says_what_is_to_be_done_with_the_marks_and_who_was_absent():
    both = ["theory", "practical"]
    told = {
        "first": a_candidate(ONE, "陈一", entered=["theory"], own=["theory"]),
        "second": a_candidate(ONE, "陈一", entered=both),
        "waits": a_candidate(ONE, "陈一", entered=both, own=both),
        "over": a_candidate(ONE, "陈一", state="assessed", confirmed=both,
                            parts=[{"part": "theory", "mark": "61.5"}, {"part": "practical", "mark": None}]),
    }  # fmt: skip
    assert [a_batch(one).lead for one in told.values()] == list(told)
    assert {f"my.marks.{lead}" for lead in told} <= catalogue("zh").keys()
    (done,) = a_batch(told["over"]).admitted_ones
    assert (str(done.result("theory").mark), done.result("practical").mark) == ("61.5", None)
    assert a_batch(told["waits"]).candidates[0].result("theory") is None
