"""Notices: which fact makes which, for whom, until when; the page on which they are read."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from browsing import KEY, PASSWORD, log_in
from hypothesis import given
from hypothesis import strategies as st
from story_of_an_order import START, AnOrder, college, enterprise, id_of, instructor

from contracts.base import all_facts
from contracts.instructor_dispatch import AssignmentReleased, AssignmentSubstituted
from contracts.order_intake import SurveyAnswered, SurveyClosed, SurveyOpened, SurveyReminded
from contracts.programme import load
from contracts.programme_notices import NoticeSets
from contracts.values import because
from portal.accounts import commands
from portal.notices import own
from portal.notices.own import Group, One, grouped
from portal.notices.rules import made_by, over_by
from portal.notices.shown import view_of
from portal.notices.telling import told, unheard
from portal.web.names import Names
from portal.web.text import Text
from servicekit.clock import move_clock

ROOT = Path(__file__).parents[3]
SETS = load(ROOT / "programmes").notices
RULES = SETS.on(START.date())
ORDER = AnOrder("notices", "2026-0707", "jinniu", "某水泥厂", heads=1)
LEAD, ANOTHER, ASSESSOR = ORDER.person, id_of("person/3"), id_of("person/2")
LOGINS = {
    "lead": ({"instructor"}, "smtc", LEAD), "another": ({"instructor"}, "smtc", ANOTHER),
    "assessor": ({"assessor"}, "smtc", ASSESSOR), "works": ({"enterprise"}, "jinniu", None),
    "others": ({"enterprise"}, "bgzb", None), "union": ({"union"}, "smftu", None),
    "county": ({"union"}, "other-union", None), "office": ({"college"}, "smtc", None),
}  # fmt: skip


def kinds(facts):
    return {each.kind for fact in facts for each in made_by(RULES, fact)}


class TestRules:
    pytestmark = pytest.mark.rules

    def test_everything_that_the_rules_name_is_heard_here(self):
        assert unheard(SETS) == []
        strange = RULES.notices[0].model_copy(update={"because": ("college.joined.v1",)})
        wrong = NoticeSets(sets=(RULES.model_copy(update={"notices": (strange,)}),))
        assert unheard(wrong) == ["college.joined.v1"]
        assert told.types <= {fact.type for fact in all_facts()}

    def test_the_set_that_began_last_holds(self):
        later = RULES.model_copy(update={"since": START.date() + timedelta(days=9)})
        both = NoticeSets(sets=(later, RULES))
        assert both.on(START.date()) == RULES
        assert both.on(START.date() + timedelta(days=9)) == later
        assert both.on(RULES.since - timedelta(days=1)) is None

    def test_only_what_fits_is_told(self):
        assert kinds([ORDER.drafted()]) == {"scheme_to_approve"}
        assert kinds([ORDER.drafted().model_copy(update={"only_pins": True})]) == set()
        assert kinds([ORDER.offer_accepted()]) == {"you_go"}
        assert kinds([ORDER.assessor_accepted()]) == {"you_go", "marks_wanted"}

    @pytest.mark.parametrize("fact", ORDER.whole(), ids=lambda fact: fact.type)
    def test_what_a_fact_makes_ends_the_one_before_about_the_same(self, fact):
        for notice in made_by(RULES, fact):
            over = [each for each in over_by(RULES, fact) if notice.kind in each.kinds]
            assert [each.about for each in over] == [getattr(fact, notice.about)]

    ones = st.lists(
        st.builds(
            One, st.sampled_from("abc"), st.sampled_from([None, ORDER.order_id]), st.just({}), st.just(START),
            st.booleans(), st.booleans(),
        )
    )  # fmt: skip

    @given(ones)
    def test_every_notice_is_in_one_group_and_the_open_ones_come_first(self, ones):
        groups = grouped(ones)
        assert sorted(map(repr, ones)) == sorted(repr(one) for group in groups for one in group.members)
        assert len({(group.open, group.kind, group.order) for group in groups}) == len(groups)
        assert [group.open for group in groups] == sorted((group.open for group in groups), reverse=True)
        assert all(one.open == group.open for group in groups for one in group.members)


class TestWords:
    pytestmark = pytest.mark.rules

    def test_several_say_since_when_they_were_told_and_that_their_days_are_those_of_lessons(self):
        names = Names(Text("en", ZoneInfo("Asia/Shanghai")), load(ROOT / "programmes"))
        at = datetime(2026, 4, 13, 9, tzinfo=UTC)
        slot = {"starts_at": "2026-03-23T09:00:00+08:00", "ends_at": "2026-03-23T11:00:00+08:00"}
        newest, oldest = (
            One(
                "offer_waits",
                ORDER.order_id,
                {"slot": slot},
                at - timedelta(days=days),
                read=False,
                over=False,
            )
            for days in (0, 30)
        )
        alone, several = (
            view_of(
                Group(
                    "offer_waits",
                    ORDER.order_id,
                    ones,
                ),
                {},
                {},
                names,
                {"college"},
                at,
            )
            for ones in ((newest,), (newest, oldest))
        )
        assert alone.at == "Mon 13 Apr 17:00"
        assert several.at == "told from Sat 14 Mar on, last Mon 13 Apr 17:00"
        assert several.times.startswith("Held: Mon 23 Mar")

    @pytest.mark.parametrize(
        ("hours", "said", "clock"), [(-1, "was due by ", "over"), (1, "by ", "soon"), (100, "by ", "")]
    )
    def test_a_deadline_that_is_past_says_so(self, hours, said, clock):
        names = Names(Text("en", ZoneInfo("Asia/Shanghai")), load(ROOT / "programmes"))
        at = datetime(2026, 4, 13, 9, tzinfo=UTC)
        by = {"answer_by": (at + timedelta(hours=hours)).isoformat()}
        one = One("offer_waits", ORDER.order_id, by, at, read=False, over=False)
        view = view_of(Group("offer_waits", ORDER.order_id, (one,)), {}, {}, names, {"college"}, at)
        assert (view.by.startswith(said), view.clock) == (True, clock), view.by


@pytest.fixture(scope="module")
async def there(portal):
    async with portal.transactions.begin() as tx:
        await move_clock(tx, START)
        for login, (roles, organisation, person) in LOGINS.items():
            await commands.make_account(
                tx, login, PASSWORD, roles=roles, organisation=organisation, person=person, name="某人"
            )
    await portal.deliver(
        enterprise("jinniu", "某水泥厂", "A Cement Works"),
        college(),
        instructor(1),
        instructor(2),
        instructor(3),
    )
    return portal


async def waits(portal, login):
    """Kinds that somebody has still to read, with how many of each."""
    async with portal.transactions.begin() as tx:
        account = await tx.driver.fetchval("select id from account where username = $1", login)
        groups = [group for group in await own.groups(tx, account) if group.open]
        assert await own.count(tx, account) == len(groups)
    return {group.kind: len(group.members) for group in groups}


async def all_wait(portal):
    return {login: found for login in LOGINS if (found := await waits(portal, login))}


async def test_an_order_from_the_desk_of_one_to_the_desk_of_the_next(there):
    async def after(*facts):
        await there.deliver(*facts, at=START)
        return await all_wait(there)

    order = {"order_waits": 1}
    assert await after(ORDER.submitted()) == {"union": order, "county": order}, "no union has it yet"
    assert await after(ORDER.returned()) == {"works": {"order_returned": 1}}
    assert await after(ORDER.submitted(), ORDER.accepted()) == {}
    assert await after(ORDER.drafted()) == {"union": {"scheme_to_approve": 1}}
    assert await after(ORDER.approved()) == {"works": {"scheme_to_confirm": 1}}
    assert await after(ORDER.confirmed(sessions=2), ORDER.scheduled(1), ORDER.scheduled(2)) == {}
    assert await after(ORDER.offered(1), ORDER.offered(2)) == {"office": {"offer_waits": 2}}
    await move(there, hours=13)
    assert await all_wait(there) == {"office": {"offer_waits": 2, "offer_lapses": 2}}, (
        "half a day before it lapses"
    )
    assert await after(ORDER.offer_accepted(1)) == {
        "office": {"offer_waits": 1, "offer_lapses": 1}, "lead": {"you_go": 1}
    }  # fmt: skip
    assert await after(ORDER.offer_accepted(2)) == {"lead": {"you_go": 2}}


async def test_a_session_that_is_moved_given_away_or_cancelled_is_told_to_whoever_was_to_go(there):
    """Goes on from the test before."""
    instead = {"person_id": ANOTHER, "instead_of": LEAD}
    given = AssignmentSubstituted(
        **ORDER.offer_accepted(2).model_dump(exclude={"reasons", "person_id"}), **instead
    )
    await there.deliver(given, at=START)
    assert await all_wait(there) == {"lead": {"you_go": 1, "somebody_else_goes": 1}, "another": {"you_go": 1}}
    free = AssignmentReleased(
        **ORDER.offer_accepted(1).model_dump(exclude={"reasons"}),
        was_firm=True,
        reason=because("session.moved"),
    )
    await there.deliver(ORDER.moved(1), free, at=START)
    assert await waits(there, "lead") == {"somebody_else_goes": 1, "you_are_free": 1}
    assert await waits(there, "works") == {"session_moved": 1}
    await there.deliver(ORDER.session_cancelled(1), ORDER.closed(2), at=START)
    assert await waits(there, "works") == {"session_cancelled": 1, "held_to_confirm": 1}
    await there.deliver(ORDER.session_confirmed(2), at=START)
    assert await waits(there, "works") == {"session_cancelled": 1}


async def test_marks_are_wanted_a_day_after_the_batch_until_the_last_candidate_has_them(there):
    await there.deliver(ORDER.planned(), ORDER.assessor_offered(), ORDER.assessor_accepted(), at=START)
    assert await waits(there, "assessor") == {"you_go": 1}
    await move(there, hours=24 * 21 + 4)
    assert await waits(there, "assessor") == {"you_go": 1, "marks_wanted": 1}
    await there.deliver(ORDER.assessed(), at=await there.now())
    assert await waits(there, "assessor") == {"you_go": 1}
    await there.deliver(ORDER.posted(), ORDER.issued(), at=await there.now())
    assert (await waits(there, "works"))["certificates"] == 1


async def test_nobody_is_told_of_what_is_long_past_and_it_ends_notices_all_the_same(there):
    old = AnOrder("long-past", "2026-0708", "bgzb", "另一企业")
    await there.deliver(old.submitted(), old.returned(), at=START - timedelta(days=3))
    assert "order_returned" not in await waits(there, "others")


async def test_a_survey_is_told_to_whom_it_asks_until_they_answer(there):
    one, every = id_of("notices/survey/1"), id_of("notices/survey/2")
    day = START.date()
    opened = {"programme": "send-teachers-home", "round": 1, "channel": "visit", "opened_on": day}
    asked = SurveyOpened(survey_id=one, enterprises=("bgzb",), **opened)
    at = await there.now()
    await there.deliver(asked, SurveyOpened(survey_id=every, **opened), at=at)
    assert (await waits(there, "others"))["survey"] == 2
    assert (await waits(there, "works"))["survey"] == 1
    await there.deliver(SurveyReminded(survey_id=every, enterprises=("bgzb",), reminded_on=day), at=at)
    assert (await waits(there, "others")) == {"survey": 1, "survey_reminded": 1}
    assert (await waits(there, "works"))["survey"] == 1
    answered = {"enterprise_id": "bgzb", "person_times": 3, "answered_on": day}
    await there.deliver(*(SurveyAnswered(survey_id=each, **answered) for each in (one, every)), at=at)
    assert await waits(there, "others") == {}
    await there.deliver(SurveyClosed(survey_id=every, closed_on=day), at=at)
    assert "survey" not in await waits(there, "works")


async def test_on_the_page_it_is_opened_and_read(there):
    works = AnOrder("page", "2026-0709", "jinniu", "某水泥厂")
    await there.deliver(
        works.submitted(), works.accepted(), works.drafted(), works.approved(), at=await there.now()
    )
    client = await log_in(there, "works")
    for language, words in (("en", "A scheme waits for your confirmation"), ("zh", "方案等您确认")):
        page = await client.get("/notices", params={"lang": language})
        assert page.status_code == 200, page.text
        assert words in page.text
        assert "2026-0709" in page.text
        assert not re.search(r"notice\.|\{[a-z]+\}", page.text)
    assert 'class="no-count num" aria-hidden="true">3<' in page.text, "in the frame of every page"

    form = {"kind": "scheme_to_confirm", "order": str(works.order_id)}
    stranger = await log_in(there, "others")
    key = KEY.search((await stranger.get("/notices")).text).group(1)
    assert (await stranger.post("/notices/open", data=form | {"key": key})).status_code == 409
    assert (await client.post("/notices/open", data=form | {"key": "made-up"})).status_code == 403
    assert len(await waits(there, "works")) == 3
    key = KEY.findall((await client.get("/notices")).text)[1]
    opened = await client.post("/notices/open", data=form | {"key": key})
    assert (opened.status_code, opened.headers["location"]) == (303, f"/orders/{works.order_id}/confirm")
    assert "scheme_to_confirm" not in await waits(there, "works")
    key = KEY.findall((await client.get("/notices")).text)[1]
    assert (await client.post("/notices/read", data={"key": key})).status_code == 303
    assert await waits(there, "works") == {}
    page = (await client.get("/notices", params={"lang": "en"})).text
    assert "Nothing to read" in page
    assert "no-count" not in page


async def move(portal, *, hours):
    async with portal.transactions.begin() as tx:
        await move_clock(tx, START + timedelta(hours=hours))
