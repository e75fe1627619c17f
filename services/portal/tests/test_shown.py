"""What a card says: clock, tags, numbers. Pure."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from story_of_an_order import START, AnOrder

from contracts.programme import load
from contracts.scheduling import SchemeEscalated
from contracts.values import Signer
from portal.boards.progress import board
from portal.desks.union.issues import issues_of
from portal.desks.union.numbers import numbers_of
from portal.desks.union.shown import Listed, as_on, card_view, found_by, lanes_of, steps_of
from portal.web.names import Names
from portal.web.text import Text
from servicekit.testing import cause

pytestmark = pytest.mark.rules
PROGRAMMES = load(Path(__file__).parents[3] / "programmes")
ZH = Names(Text("zh", ZoneInfo("Asia/Shanghai")), PROGRAMMES, {"smtc": "三明技师学院"})
EN = Names(Text("en", ZoneInfo("Asia/Shanghai")), PROGRAMMES, {"smtc": "Sanming Technician College"})
ONE = AnOrder()
BEGUN = (ONE.submitted(), ONE.accepted(), ONE.drafted(3, 44))


def card_after(*facts):
    card = None
    for fact in facts:
        card = board.folds[fact.type](card, fact, cause(time=START))
    return card


def shown(card, names=ZH, after=timedelta(), **how):
    return card_view(as_on(card, names, START + after), names, START + after, **how)


def test_where_an_offer_names_no_enterprise_its_own_name_is_said_in_the_readers_language():
    called = {"示例三号化工（演示）": "Demo Chemicals No. 3"}
    names = Names(EN.text, PROGRAMMES, {}, {}, called)
    assert names.organisation(None, "示例三号化工（演示）") == "Demo Chemicals No. 3"
    assert names.organisation(None, "别的企业") == "别的企业"
    assert (names.organisation("x"), names.organisation(None)) == ("x", "—")


def test_work_lost_and_a_band_not_wished_are_called_the_same_on_both_sides_of_a_scheme():
    for names in (ZH, EN):
        assert names.text("cf.lost") == names.text("plan.hours_lost")
    assert ZH.text("of.bands") in ZH.text("cf.unwished")


class TestClock:
    def test_an_offer_counts_down_turns_amber_and_then_red(self):
        offered = card_after(*BEGUN, ONE.approved(3), ONE.confirmed(3), ONE.scheduled(), ONE.offered())
        kinds = [
            (view.clock.kind, view.edge)
            for h in (1, 20, 26)
            if (view := shown(offered, after=timedelta(hours=h)))
        ]
        assert kinds == [("left", ""), ("soon", "amber"), ("over", "red")]
        assert shown(offered, after=timedelta(hours=26)).clock.text == "超时 2小时"
        assert shown(offered).wait == "等 三明技师学院 接受 1 场"
        assert shown(offered, EN).wait == "Sanming Technician College: 1 offer"

    def test_a_signature_has_its_time_and_once_it_is_over_it_is_told_above(self):
        sign_by = START + timedelta(days=3)
        drafted = ONE.drafted().model_copy(update={"sign_by": sign_by})
        late = SchemeEscalated(
            order_id=ONE.order_id, version=1, signer=Signer.UNION, to="smftu", sign_by=sign_by
        )
        asked = (ONE.submitted(), ONE.accepted(), drafted)
        assert shown(card_after(*asked), after=timedelta(days=1)).clock.text == "剩 2天"
        over = shown(card_after(*asked, late), after=timedelta(days=3, hours=2))
        assert (over.clock.text, over.edge, over.lane) == ("超时 2小时", "red", "union")
        assert [tag.text for tag in over.tags] == ["逾期已上报"]
        signed = shown(card_after(*asked, late, ONE.approved()))
        assert signed.tags == ()

    def test_an_enterprise_has_its_hours_to_confirm_what_was_held(self):
        taught = (ONE.scheduled(), ONE.offered(), ONE.offer_accepted(), ONE.opened(), ONE.closed())
        card = card_after(*BEGUN, ONE.approved(3), ONE.confirmed(3), *taught)
        closed = ONE.slot().ends_at - START
        waits = shown(card, after=closed + timedelta(hours=70))
        assert (waits.lane, waits.mine, waits.wait, waits.clock.text) == (
            "enterprise",
            False,
            "等企业确认 1 场已上",
            "剩 2小时",
        )
        late = shown(card, after=closed + timedelta(hours=74))  # its silence is about to be said
        assert (late.lane, late.clock.text) == ("enterprise", "超时 2小时")

    def test_what_has_no_deadline_says_how_long_it_waits(self):
        returned = card_after(ONE.submitted(), ONE.returned())
        assert shown(returned, after=timedelta(days=2)).clock.text == "已等 2天"

    def test_a_new_order_counts_to_the_promised_day_and_is_overdue_after_it(self):
        new = card_after(ONE.submitted())
        waits = [shown(new, after=timedelta(days=days)) for days in (2, 30)]
        assert [view.clock.kind for view in waits] == ["left", "over"]
        late = START + timedelta(days=30)
        cards = [as_on(new, EN, late)]
        assert numbers_of(cards, [], [], names=EN, now=late, home="union")[0].value == "1"
        assert [issue.kind for issue in issues_of(cards, [], [], EN, late)] == ["overdue"]


class TestTags:
    def test_a_change_is_violet_until_seen_and_for_a_day(self):
        moved = card_after(*BEGUN, ONE.approved(3), ONE.confirmed(3), ONE.scheduled(), ONE.moved())
        assert [tag.kind for tag in shown(moved).tags] == ["violet"]
        assert shown(moved, seen=moved.version).tags == ()
        assert shown(moved, after=timedelta(hours=25)).tags == ()

    def test_a_session_that_nobody_opened_is_red_and_says_what_to_do(self):
        missed = card_after(*BEGUN, ONE.approved(3), ONE.confirmed(3), ONE.scheduled(), ONE.missed())
        assert [(tag.kind, tag.text) for tag in shown(missed).tags] == [("red", "到期未开课")]
        assert shown(missed).wait == "1 场到期未开课，等我们改期或取消"
        assert shown(missed, EN).wait == "1 session was never opened: move or cancel it"

    def test_what_is_near_and_not_certain_is_marked_until_somebody_answers(self):
        offered = (*BEGUN, ONE.approved(3), ONE.confirmed(3), ONE.scheduled(), ONE.offered())
        near = card_after(*offered, ONE.offer_unconfirmed())
        assert [(tag.kind, tag.text) for tag in shown(near).tags] == [("red", "1 场临近未确认")]
        taken = card_after(*offered, ONE.offer_unconfirmed(), ONE.offer_taken())
        assert [tag.text for tag in shown(taken).tags] == ["1 场临近未确认"]
        firm = card_after(*offered, ONE.offer_unconfirmed(), ONE.offer_accepted())
        assert shown(firm).tags == ()
        late = card_after(*offered, ONE.offer_accepted(), ONE.offer_unconfirmed())
        assert shown(late).tags == ()

    def test_what_came_out_is_said_at_the_end(self):
        done = card_after(*(fact for fact in ONE.whole() if fact.type in board.folds))
        assert [tag.text for tag in shown(done).tags] == ["1 张证", "已完成"]
        assert shown(done).wait == "已完成：1 场"
        evaluated = card_after(ONE.submitted(), ONE.accepted(), ONE.drafted(), ONE.fulfilled())
        assert [shown(evaluated, names).wait for names in (ZH, EN)] == ["已完成", "Fulfilled"]


class TestStages:
    def test_an_order_under_way_shows_what_is_done_and_what_is_now(self):
        assert steps_of(card_after(*BEGUN)) == ("done", "done", "now", "open", "open", "open", "open")

    def test_a_training_without_evaluation_is_complete_at_its_end(self):
        drafted = ONE.drafted().model_copy(update={"stages": ("delivery",)})
        facts = [ONE.submitted(), ONE.accepted(), drafted]
        assert steps_of(card_after(*facts))[5:] == ("none", "none")
        done = card_after(*facts, ONE.fulfilled())
        assert steps_of(done) == ("done",) * 5 + ("none", "none")
        assert shown(done).stage_text == "办结"
        assert shown(done, EN).stage_text == "Finished"

    def test_an_evaluation_without_training_has_no_teaching(self):
        drafted = ONE.drafted().model_copy(update={"stages": ("evaluation",)})
        assert steps_of(card_after(ONE.submitted(), ONE.accepted(), drafted))[4] == "none"

    def test_a_cancelled_order_stopped_where_it_was(self):
        assert steps_of(card_after(*BEGUN, ONE.cancelled()))[2:4] == ("stopped", "open")


class TestBoard:
    def test_each_desk_calls_its_own_lane_ours(self):
        homes = ("union", "enterprise")
        views = [shown(card_after(*BEGUN), home=home) for home in homes]
        listed = [Listed(card_after(*BEGUN), shown)]
        titles = [[lane.title for lane in lanes_of(listed, ZH, home)] for home in homes]
        assert [row[:2] for row in titles] == [["轮到我们", "等企业"], ["轮到我们", "等工会"]]
        assert [view.mine for view in views] == [True, False]

    def test_a_wait_speaks_of_us_only_to_those_who_are_waited_for(self):
        card = card_after(ONE.submitted())
        assert shown(card, home="union").wait == "新订单，等我们接单"
        assert shown(card, home="enterprise").wait == "新订单，等工会接单"
        assert shown(card, EN, home="enterprise").wait == "New order: the union is to accept it"

    @pytest.mark.parametrize(
        ("query", "found"),
        [("", True), ("0001", True), ("金牛", True), ("electrician 2026", True), ("welder", False)],
    )
    def test_the_search_knows_number_enterprise_and_trade(self, query, found):
        card = card_after(ONE.submitted())
        assert found_by(query, card, shown(card, EN)) is found

    def test_the_five_numbers_of_an_empty_house_are_zero(self):
        assert [number.value for number in numbers_of([], [], [], names=ZH, now=START, home="union")] == [
            "0"
        ] * 5

    def test_an_overdue_order_is_counted_with_how_long(self):
        late = replace(card_after(*BEGUN), deadline=START - timedelta(hours=2))
        overdue = numbers_of([late], [], [], names=ZH, now=START, home="union")[0]
        assert (overdue.value, overdue.note, overdue.kind) == ("1", "最长 2小时", "red")
