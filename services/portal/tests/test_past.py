"""An order as it was: folded from its stored facts up to a moment, within the same scope, and marked as the past."""

import asyncio
import contextlib
import dataclasses
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import httpx
import pytest
from browsing import PASSWORD, log_in
from hypothesis import given
from hypothesis import strategies as st
from story_of_an_order import AnOrder, college, enterprise, id_of, instructor

from contracts.refusals import Invalid
from contracts.values import ServiceLine, Stage
from portal.accounts import commands
from portal.boards import orders, progress
from portal.desks.past import moment_of
from servicekit.db import Cause

ZONE = ZoneInfo("Asia/Shanghai")
EIGHT = datetime(2026, 5, 6, tzinfo=UTC)
"""08:00 in Sanming; each fact of the order comes an hour after the one before."""


def local(hours: float, way="T") -> str:
    return f"{(EIGHT + timedelta(hours=hours)).astimezone(ZONE):%Y-%m-%d{way}%H:%M}"


@pytest.fixture(scope="module")
async def order(portal):
    one = AnOrder()
    await portal.deliver(enterprise(), college(), instructor(), at=EIGHT)
    told = one.whole()
    told[4:4] = [one.drafted(2, sessions=3).model_copy(update={"hash": "ab" * 32}), one.approved(2)]
    for n, fact in enumerate(told):
        await portal.deliver(fact, at=EIGHT + timedelta(hours=n))
    async with portal.transactions.begin() as tx:
        for role, organisation in {"union": "smftu", "enterprise": "jinniu", "college": "smtc"}.items():
            await commands.make_account(
                tx, role, PASSWORD, roles={role}, organisation=organisation, name=f"{role} 王"
            )
    return one


@pytest.fixture
def browser(portal):
    return partial(log_in, portal)


async def then_of(portal, order, at, *who, **more):
    async with portal.client(*(who or ("union",)), **more) as client:
        return await client.get(f"/orders/{order.order_id}/story.json", params={"at": at, "lang": "en"})


class TestAMoment:
    @pytest.mark.parametrize(
        ("asked", "last"),
        [
            ("2026-05-06T15:02", "2026-05-06T07:02:59.999999+00:00"),
            ("2026-05-06 15:02", "2026-05-06T07:02:59.999999+00:00"),
            ("2026-05-06T15:02:07", "2026-05-06T07:02:07.999999+00:00"),
            ("2026-05-06 15:02:00", "2026-05-06T07:02:00.999999+00:00"),
            ("2026-05-06T15:02:00+08:00", "2026-05-06T07:02:00.999999+00:00"),
            ("2026-05-06T15:02+00:00", "2026-05-06T15:02:59.999999+00:00"),
        ],
    )
    def test_is_local_and_its_minute_counts_whole(self, asked, last):
        assert moment_of(asked, ZONE, EIGHT + timedelta(days=9)) == datetime.fromisoformat(last)

    @pytest.mark.parametrize(
        "asked",
        ["yesterday", "2026-05-06", "2026-13-06T15:02", "1200-05-06T15:02", "%00", "0001-01-01T00:00"],
    )
    def test_that_cannot_be_meant_is_refused(self, asked):
        with pytest.raises(Invalid, match=r"story\.moment_wrong"):
            moment_of(asked, ZONE, EIGHT)

    @given(st.text(max_size=40))
    def test_whatever_is_asked_is_a_moment_or_a_refusal(self, asked):
        with contextlib.suppress(Invalid):
            assert moment_of(asked, ZONE, EIGHT).tzinfo is not None

    def test_that_has_not_come_is_refused(self):
        with pytest.raises(Invalid, match=r"story\.moment_ahead"):
            moment_of("2026-05-06T08:01", ZONE, EIGHT)


class TestAsItWas:
    @pytest.mark.parametrize(
        ("hours", "state", "stage", "versions"),
        [
            (0, "submitted", 2, []),
            (2, "accepted", 3, [(1, "waits for the union's approval")]),
            (3, "accepted", 3, [(1, "waits for the enterprise to confirm")]),
            (4, "accepted", 3, [(2, "waits for the union's approval")]),
            (5, "accepted", 3, [(2, "waits for the enterprise to confirm")]),
        ],
    )
    async def test_it_stands_where_it_stood(self, portal, order, hours, state, stage, versions):
        told = (await then_of(portal, order, local(hours))).json()
        assert len(told["facts"]) == hours + 1
        then = told["then"]
        assert (then["state"], then["stage"]) == (state, stage)
        assert [(one["version"], one["state"]) for one in then["schemes"]] == versions

    async def test_the_scheme_is_told_with_the_hash_that_was_approved_though_scheduling_is_away(
        self, portal, order
    ):
        (scheme,) = (await then_of(portal, order, local(5))).json()["then"]["schemes"]
        assert scheme["hash"] == "ab" * 32
        assert scheme["approved"].startswith(f"approved {local(5, ' ')}")
        assert (scheme["content"], scheme["same"]) == (None, False)
        assert "does not answer now" in scheme["told"]
        assert "sessions: 3" in scheme["figures"]

    async def test_an_order_that_is_only_examined_has_no_cohorts_and_no_sessions_to_tell_of(
        self, portal, order
    ):
        one = AnOrder("examined", "2026-0098", heads=5)
        lines = {"lines": (one.lines()[0].model_copy(update={"service": ServiceLine.SKILL_EVALUATION}),)}
        drafted = one.drafted(sessions=0).model_copy(update={"cohorts": 0, "stages": (Stage.EVALUATION,)})
        told = (one.submitted(), one.accepted())
        await portal.deliver(*(fact.model_copy(update=lines) for fact in told), drafted, at=EIGHT)
        (scheme,) = (await then_of(portal, one, local(1))).json()["then"]["schemes"]
        assert scheme["figures"].startswith(
            "Examination only, nobody is taught · people: 5 · cost: 4,800.00 yuan"
        )

    async def test_scheduling_is_asked_for_all_versions_at_once(self, portal, monkeypatch):
        order = AnOrder("twice", "2026-0099")
        told = (order.submitted(), order.accepted(), order.drafted(), order.approved(), order.confirmed())
        await portal.deliver(*told, order.drafted(2), at=EIGHT)
        asked = asyncio.Barrier(2)

        async def refuse(_request):
            async with asyncio.timeout(10):
                await asked.wait()
            return httpx.Response(404)

        known = portal.transactions.known
        ways = {"url_of": "http://{}.test".format, "transport": httpx.MockTransport(refuse)}
        neighbours = dataclasses.replace(known.neighbours, **ways)
        monkeypatch.setattr(portal.transactions, "known", dataclasses.replace(known, neighbours=neighbours))
        schemes = (await then_of(portal, order, local(1))).json()["then"]["schemes"]
        assert [(one["version"], one["content"]) for one in schemes] == [(1, None), (2, None)]

    async def test_sessions_and_offers_are_those_of_then(self, portal, order):
        asked = (await then_of(portal, order, local(8))).json()["then"]
        assert [offer["state"] for offer in asked["offers"]] == ["waits for an answer"]
        assert [session["person"] for session in asked["sessions"]] == [""]
        firm = (await then_of(portal, order, local(9))).json()["then"]
        assert [offer["state"] for offer in firm["offers"]] == ["accepted"]
        assert firm["sessions"][0]["person"] != ""

    async def test_at_the_end_it_is_as_now_and_nothing_was_written(self, portal, order):
        query = "select * from order_card where order_id = $1"
        async with portal.transactions.begin() as tx:
            before = await tx.driver.fetchrow(query, order.order_id)
        async with portal.client("union") as client:
            now = {one["order_id"]: one for one in (await client.get("/orders.json")).json()}[
                str(order.order_id)
            ]
        then = (await then_of(portal, order, local(30))).json()["then"]
        assert {name: then[name] for name in ("stage", "figures")} == {
            name: now[name] for name in ("stage", "figures")
        }
        assert then["outcomes"] == [
            "Batch of evaluations: completed · candidates: 1 · assessed: 1", "Certificates issued: 1 · revoked: 0",
        ]  # fmt: skip
        async with portal.transactions.begin() as tx:
            assert await tx.driver.fetchrow(query, order.order_id) == before

    async def test_before_the_first_fact_it_says_so(self, portal, order):
        answer = await then_of(portal, order, local(-0.5))
        assert answer.status_code == 422
        assert f"the first fact is of {local(0, ' ')}" in answer.json()["sentences"]["en"]

    async def test_the_scope_is_that_of_the_story_now(self, portal, order):
        others = await then_of(portal, order, local(9), "enterprise", organisation="jxlt")
        assert others.status_code == 404
        part = (await then_of(portal, order, local(9), "college", organisation="smtc")).json()
        assert part["then"]["schemes"] == []
        assert len(part["then"]["offers"]) == 1
        assert {fact["type"] for fact in part["facts"]} <= {
            "order.accepted.v1", "assignment.offered.v1", "assignment.accepted.v1",
        }  # fmt: skip
        early = await then_of(portal, order, local(0), "college", organisation="smtc")
        assert early.json()["code"] == "story.moment_before"


class TestThePage:
    async def test_is_marked_as_the_past_and_leads_to_now(self, order, browser):
        client = await browser("union")
        page = await client.get(f"/orders/{order.order_id}/story", params={"at": local(5), "lang": "en"})
        assert page.status_code == 200
        assert f"As it was at {local(5, ' ')}" in page.text
        assert "This is the past" in page.text
        assert f'href="/orders/{order.order_id}/story"' in page.text
        assert "data-live" not in page.text
        assert "ab" * 32 in page.text
        assert f'value="{local(5)}"' in page.text

    @pytest.mark.parametrize(
        ("at", "says"),
        [
            ("nonsense", "is no moment"),
            ("2199-01-01T00:00", "has not come yet"),
            (local(-9), "Nothing of this order"),
        ],
    )
    async def test_a_wrong_moment_is_told_beside_the_field(self, order, browser, at, says):
        client = await browser("union")
        page = await client.get(f"/orders/{order.order_id}/story", params={"at": at, "lang": "en"})
        assert page.status_code == 422
        assert says in page.text
        assert 'aria-invalid="true"' in page.text

    async def test_opening_the_past_does_not_count_as_having_looked(self, portal, order, browser):
        client = await browser("enterprise")
        await client.get(f"/orders/{order.order_id}/story", params={"at": local(5)})
        async with portal.transactions.begin() as tx:
            account = await tx.driver.fetchval("select id from account where username = 'enterprise'")
            assert await tx.driver.fetchval("select count(*) from seen where account_id = $1", account) == 0

    async def test_a_story_of_others_does_not_exist_in_the_past_either(self, portal, browser):
        other = AnOrder("other", "2026-0009", "jxlt", "建新轮胎")
        await portal.deliver(other.submitted(), at=EIGHT)
        client = await browser("enterprise")
        assert (
            await client.get(f"/orders/{other.order_id}/story", params={"at": local(1)})
        ).status_code == 404


@pytest.mark.rules
@given(upto=st.integers(1, 22))
def test_the_fold_of_the_first_facts_is_what_the_board_held_then(upto):
    """Folding from nothing is folding step by step: the past is what was shown."""
    order = AnOrder()
    card = None
    pairs = []
    for n, fact in enumerate(order.whole()[:upto], start=1):
        cause = Cause(id_of(str(n)), fact.source, fact.type, fact.subject, n, EIGHT + timedelta(hours=n))
        pairs.append((fact, cause))
        if fact.type in orders.board.folds:
            card = orders.board.folds[fact.type](card, fact, cause)
    assert progress.board.folded(pairs) == {order.order_id: card}
