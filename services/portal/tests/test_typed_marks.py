"""What is typed on the page of marks: all of it is read, or every fault is named and nothing is sent."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from portal.desks.assessor.seen import BatchSeen, StarredSeen
from portal.desks.assessor.typed import read
from portal.desks.evaluation import second
from portal.desks.evaluation.seen import BatchSeen as UnionSees
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


def test_absent_is_ticked_for_every_part_that_has_no_mark():
    typed = read(a_batch(), {f"absent-{ONE}": "1"})
    assert {way: [one["mark"] for one in marks] for way, marks in typed.marks.items()} == {
        ("first", "theory"): [None], ("first", "practical"): [None],
    }  # fmt: skip
    left = read(a_batch(), {f"absent-{ONE}": "1", f"mark-theory-{ONE}": "70"})
    assert {way: [one["mark"] for one in marks] for way, marks in left.marks.items()} == {
        ("first", "theory"): ["70"], ("first", "practical"): [None],
    }  # fmt: skip
    marks = {f"mark-theory-{ONE}": "70", f"mark-practical-{ONE}": "71"}
    both = read(a_batch(), {f"absent-{ONE}": "1", **marks})
    assert [each.key for each in both.faults] == ["marks.absent_with_mark"]
    assert both.marks == {}


def test_absent_is_ticked_beside_the_mark_of_the_only_part_that_is_asked_for():
    batch = a_batch()
    batch.candidates[0].confirmed.append("theory")
    both = read(batch, {f"absent-{ONE}": "1", f"mark-practical-{ONE}": "71"})
    assert [(each.key, each.part) for each in both.faults] == [("marks.absent_with_mark", "practical")]


def test_a_safety_item_is_failed_beside_a_mark_of_the_practical_of_this_batch():
    batch = a_batch().model_copy(update={"starred": [StarredSeen(code="earth", zh="接地", en="earth")]})
    star = f"star-{ONE}_earth"
    typed = read(batch, {f"mark-practical-{ONE}": "90", star: "1", f"mark-theory-{ONE}": "70"})
    assert typed.marks[("first", "practical")] == [
        {"evaluation_id": str(ONE), "mark": "90", "failed": ["earth"]}
    ]
    assert typed.marks[("first", "theory")] == [{"evaluation_id": str(ONE), "mark": "70"}]
    for more in ({}, {f"absent-{ONE}": "1"}):
        alone = read(batch, {star: "1", **more})
        assert [each.key for each in alone.faults] == ["marks.star_alone"]
    for strange in (f"star-{OUT}_earth", f"star-{ONE}_welder"):
        assert [each.key for each in read(batch, {strange: "1"}).faults] == ["marks.stranger"]


def the_unions(*candidates):
    told = a_batch(*candidates).model_dump(mode="json")
    for each in told["candidates"]:
        each |= {"differences": [], "attempt": 1, "objection": False}
    return UnionSees.model_validate(told | {"line": 1, "posted_on": None, "objections_until": None})


class TestTheUnionsSecondEntry:
    def test_is_read_as_the_assessors_is(self):
        marks, faults = second.read(
            the_unions(),
            "practical",
            {f"mark-{ONE}": " 82.5", f"absent-{TWO}": "1", f"star-{ONE}_earth": "1"},
        )
        assert faults == []
        assert marks == [
            {"evaluation_id": str(ONE), "mark": "82.5", "failed": ["earth"]},
            {"evaluation_id": str(TWO), "mark": None},
        ]

    @pytest.mark.parametrize(
        ("form", "key"),
        [
            ({f"mark-{ONE}": "100.5"}, "marks.no_mark"),
            ({f"mark-{ONE}": "60", f"absent-{ONE}": "1"}, "marks.absent_with_mark"),
            ({f"mark-{OUT}": "60"}, "marks.stranger"),
            ({f"mark-{UUID(int=77)}": "60"}, "marks.stranger"),
            ({f"star-{ONE}_earth": "1"}, "marks.star_alone"),
            ({f"mark-{ONE}": "缺考"}, "marks.no_mark"),
            ({f"mark-{ONE}": "６０"}, "marks.no_mark"),
        ],
    )
    def test_what_cannot_be_is_named_and_nothing_is_sent(self, form, key):
        marks, faults = second.read(the_unions(), "practical", {f"mark-{TWO}": "60", **form})
        assert (marks, [each.key for each in faults]) == ([], [key])
        assert f"my.{key}" in catalogue("zh")


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
