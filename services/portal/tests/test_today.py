"""Sessions of today and what goes wrong: what stands first, whose it is, where it is mended. Pure."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from contracts.programme import load
from portal.boards.cards import Batch, OpenOffer, OrderCard
from portal.boards.sessions import SessionRow
from portal.desks.assessor.pages import state_on as state_for_assessor
from portal.desks.assessor.seen import BatchLine
from portal.desks.evaluation.batches import rows_of as batches_of
from portal.desks.evaluation.seen import BatchSeen, CandidateSeen
from portal.desks.evaluation.shown import batch_page, still_to_take
from portal.desks.union.calling import AgreementSeen, CollegeSeen, to_be_asked
from portal.desks.union.issues import issues_of
from portal.desks.union.today import SheetRowSeen, SheetSeen, of_the_day, rows_of
from portal.stuck import Stuck
from portal.web.names import Names
from portal.web.text import Text

pytestmark = pytest.mark.rules
PROGRAMMES = load(Path(__file__).parents[3] / "programmes")
EN = Names(Text("en", ZoneInfo("Asia/Shanghai")), PROGRAMMES, {"jinniu": "Jinniu Cement"})
NOW = datetime(2027, 4, 5, 2, tzinfo=UTC)
ORDER = UUID(int=1)
CARD = OrderCard(ORDER, number="2027-0001", enterprise_id="jinniu", state="in_progress", since=NOW)


def lesson(state="scheduled", *, starts=timedelta(), person=True, **more):
    begins = NOW + starts
    return SessionRow(
        uuid4(), ORDER, division="350428", unit="el5-safety", state=state, day=begins.date(), starts_at=begins,
        ends_at=begins + timedelta(hours=2), person=UUID(int=7) if person else None, **more,
    )  # fmt: skip


def shown(*sessions, sheets=None):
    return rows_of(sessions, {ORDER: CARD}, sheets or {}, EN, NOW)


class TestToday:
    def test_what_needs_somebody_stands_first_and_offers_what_can_be_done(self):
        hour = timedelta(hours=1)
        rows = shown(
            lesson("closed", starts=-3 * hour), lesson(starts=hour), lesson(starts=2 * hour, person=False),
            lesson("opened", starts=-hour), lesson("opened", starts=-4 * hour), lesson(starts=-hour),
        )  # fmt: skip
        assert [row.standing for row in rows] == ["late", "left_open", "nobody", "opened", "ahead", "over"]
        assert not any(row.can_close for row in rows)  # its lead may for days
        assert [row.can_call for row in rows] == [False, False, True, False, False, False]
        assert [bool(row.replace) for row in rows] == [True, False, True, False, True, False]
        assert rows[0].state == "late by 1 h"

    def test_what_was_left_open_for_days_is_there_for_the_union_to_close(self):
        ended = timedelta(hours=2 + PROGRAMMES.rules.delivery.open_late_hours.value)
        days_ago, nearly = (
            lesson("opened", starts=-ended),
            lesson("opened", starts=timedelta(minutes=1) - ended),
        )
        closed = lesson("closed", starts=-ended)
        assert of_the_day([days_ago, nearly, closed], NOW.date()) == [days_ago, nearly]
        assert [(row.standing, row.can_close) for row in shown(days_ago, nearly)] == [
            ("left_open", True), ("left_open", False),
        ]  # fmt: skip
        assert shown(days_ago)[0].when == "Sat 3 Apr 08:00–10:00"

    def test_a_call_asks_every_college_that_may_send_and_is_not_asked_already(self):
        may = AgreementSeen(valid_from=NOW.date(), valid_until=NOW.date())
        over = AgreementSeen(valid_from=NOW.date(), valid_until=NOW.date() - timedelta(days=1))
        told = (("smtc", [over, may]), ("smu", [over]), ("fjwp", [may]), ("smag", []))
        colleges = [CollegeSeen(college_id=code, agreements=agreed) for code, agreed in told]
        assert to_be_asked(colleges, {"fjwp"}, NOW.date()) == ["smtc"]

    def test_ten_minutes_are_not_late_and_another_day_is_not_today(self):
        (row,) = shown(lesson(starts=-timedelta(minutes=10)))
        assert row.standing == "ahead"
        sessions = [lesson(), lesson("cancelled"), lesson(starts=timedelta(days=1))]
        assert of_the_day(sessions, NOW.date()) == sessions[:1]

    def test_sign_ins_are_counted_of_one_that_has_begun(self):
        opened = lesson("opened", starts=-timedelta(minutes=5))
        sheet = SheetSeen(rows=[SheetRowSeen(signed_in=n < 27) for n in range(30)], person_times=0)
        assert [row.signed for row in shown(opened, sheets={opened.session_id: sheet})] == ["27/30"]
        assert [row.signed for row in shown(opened)] == ["sign-ins not known"]  # evaluation does not answer


class TestIssues:
    def test_stuck_then_overdue_then_the_rest_with_owner_age_and_place(self):
        early = NOW - timedelta(hours=3)
        late = CARD.__class__(
            ORDER, number="2027-0001", enterprise_id="jinniu", state="in_progress", since=early, deadline=early,
            waits_for="enterprise", wait="confirm", objections=2, batches={"b": Batch("unstaffable", 4)},
        )  # fmt: skip
        machine = datetime.now(UTC) - timedelta(hours=2, seconds=30)  # whatever the season's clock says
        stuck = Stuck("scheduling", "facts", str(ORDER), UUID(int=3), 5, machine, "no such unit")
        found = issues_of(
            [late], [lesson("missed"), lesson("scheduled"), lesson("disputed")], [stuck], EN, NOW
        )
        assert [one.kind for one in found] == ["stuck", "overdue", "missed", "disputed", "objection", "batch"]
        assert (found[0].owner, found[0].age) == ("operator", "2 h")
        assert (found[1].owner, found[1].age) == ("enterprise", "3 h")
        assert found[2].url.startswith(f"/orders/{ORDER}/scheme?session=")
        assert "songjiao parked show scheduling" in found[0].what
        assert found[4].what == "2 people object to posted results"
        only_looking = issues_of([late], [lesson("missed")], [stuck], EN, NOW, acts=False)
        assert {one.url for one in only_looking} == {f"/orders/{ORDER}/story"}

    def test_orders_at_their_end_have_none(self):
        over = CARD.__class__(ORDER, state="cancelled", waits_for="nobody", objections=1)
        assert issues_of([over], [lesson("missed")], [], EN, NOW) == []


def a_batch(day):
    ids = (UUID(int=n) for n in range(3))
    one = CandidateSeen(
        evaluation_id=next(ids), worker_id=next(ids), name="某人", state="admitted", reasons=[], entered=[], differ=[],
        differences=[], confirmed=[], parts=[], passed=None, attempt=1, objection=False,
    )  # fmt: skip
    return BatchSeen(
        batch_id=next(ids), order_id=ORDER, line=1, occupation="6-31-01-03", level="L5",
        slot={"day": day, "band": "am"}, parts=["theory"], state="marking", posted_on=None, objections_until=None,
        assessors=[], wanted=0, barred=[], candidates=[one],
    )  # fmt: skip


class TestBatches:
    def test_each_stands_where_it_waits(self):
        until, today = NOW.date() - timedelta(days=1), NOW.date()
        batches = {
            "a": Batch("planned", 4, 4), "b": Batch("planned", 4, 2), "c": Batch("posted", 4, 4, until),
            "g": Batch("posted", 4, 4, today), "d": Batch("completed", 4, 4), "e": Batch("cancelled"),
            "f": Batch("unstaffable", 4), "h": Batch("planned", 4, day=today + timedelta(days=1)),
            "i": Batch("planned", 4, day=today), "j": Batch("planned", 4, day=until),
        }  # fmt: skip
        card = CARD.__class__(ORDER, number="1", state="in_progress", wait="posted", batches=batches)
        groups = batches_of([card], EN, today)
        assert {group: [row.url[-1] for row in rows] for group, rows in groups.items()} == {
            "unstaffable": ["f"], "post": ["a"], "issue": ["c"], "unmarked": ["j"], "planned": ["h"],
            "marking": ["b", "i"], "posted": ["g"], "completed": ["d"],
        }  # fmt: skip
        offer = OpenOffer("smtc", NOW, batch="b")
        asked = CARD.__class__(
            ORDER, state="in_progress", batches={"b": Batch("planned", 7)}, offers={"o": offer}
        )
        ((group, (row,)),) = batches_of([asked], EN, today).items()
        assert (group, row.state) == ("assessors", "1 assessor to come; 7 candidates"), (
            "nobody marks them yet"
        )
        objected = CARD.__class__(
            ORDER, state="in_progress", wait="plan_batch", objections=1, batches={"c": batches["c"]}
        )
        assert list(batches_of([objected], EN, today)) == ["objection", "plan"]

    @pytest.mark.parametrize(
        ("day", "state", "word"),
        [(-1, "not marked", "move it to another day"), (0, "being marked", ""), (1, "still to be held", "")],
    )
    def test_a_day_that_went_by_without_marks_says_what_to_do(self, day, state, word):
        shown = batch_page(a_batch(NOW.date() + timedelta(days=day)), EN, NOW.date())
        assert (shown.state, word in " ".join(shown.notes), shown.open) == (state, True, True)

    @pytest.mark.parametrize("days", [-1, 0, 1])
    @pytest.mark.parametrize("assessed", [0, 1])
    def test_it_stands_in_the_list_on_its_page_and_at_the_assessors_alike(self, days, assessed):
        today = NOW.date()
        page = a_batch(today + timedelta(days=days))
        page.candidates[0].state = "assessed" if assessed else "admitted"
        times = {
            "starts_at": NOW + timedelta(days=days, hours=1),
            "ends_at": NOW + timedelta(days=days, hours=4),
        }
        told = page.model_dump() | {"admitted": 2, "refused": 0, "assessed": assessed}
        told["slot"] |= times
        batch = Batch("planned", 2, assessed, day=page.slot.day)
        card = CARD.__class__(ORDER, state="in_progress", batches={"b": batch})
        ((group, _),) = batches_of([card], EN, today).items()
        at_the_assessors = state_for_assessor(BatchLine.model_validate(told), today)
        assert {batch_page(page, EN, today).state, EN.text(f"batch_is.{group}")} == {
            EN.text(f"batch_is.{at_the_assessors}")
        }

    def test_a_sunday_is_told(self):
        sunday = NOW.date() + timedelta(days=(6 - NOW.date().weekday()) % 7 + 7)
        assert [("Sunday" in note) for note in batch_page(a_batch(sunday), EN, NOW.date()).notes] == [True]
        assert batch_page(a_batch(sunday - timedelta(days=1)), EN, NOW.date()).notes == ()

    def test_a_new_batch_takes_who_has_not_passed_and_waits_in_none(self):
        def batch(state, *candidates):
            seen = [CandidateSeen.model_construct(state=is_, passed=passed) for is_, passed in candidates]
            return BatchSeen.model_construct(state=state, candidates=seen)

        done = batch("completed", ("assessed", True), ("assessed", False), ("refused", None))
        under_way = batch("marking", ("admitted", None), ("refused", None))
        assert [still_to_take(58, seen) for seen in ([], [done], [done, under_way])] == [58, 57, 56]

    def test_none_of_those_that_are_done_is_left_out(self):
        batches = {f"{n}": Batch("completed", 4, 4) for n in range(30)}
        card = CARD.__class__(ORDER, number="1", state="in_progress", batches=batches)
        assert len(batches_of([card], EN, NOW.date())["completed"]) == 30
