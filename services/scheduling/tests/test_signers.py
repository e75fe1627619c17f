"""Who may sign a scheme: everybody of the role, or who is named; deputies in their days, on record as such."""

import asyncio
from datetime import date, timedelta

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from contracts.refusals import Invalid, NotAllowed
from contracts.scheduling import SchemeApproved, SchemeConfirmed
from contracts.values import Deputised
from scheduling.signers import rules
from scheduling.signers.rules import Deputy, Pens

from .builders import TODAY

DAYS = st.dates(date(2026, 8, 1), date(2026, 9, 30))
AWAY = Deputy("chair", "vice", date(2026, 9, 1), date(2026, 9, 10))


@pytest.mark.rules
class TestRules:
    def test_where_nobody_is_named_everybody_signs(self):
        assert rules.signs_as("anybody", Pens(), TODAY) is None

    def test_a_deputy_signs_in_the_days_that_were_named_and_is_on_record(self):
        pens = Pens(frozenset({"chair"}), (AWAY,))
        for day in (AWAY.first, AWAY.until):
            assert rules.signs_as("vice", pens, day) == Deputised(
                instead_of="chair", by="vice", until=AWAY.until
            )
        for day, code in ((AWAY.first - timedelta(1), "not_yet"), (AWAY.until + timedelta(1), "over")):
            with pytest.raises(NotAllowed, match=rf"signer\.deputy_{code}"):
                rules.signs_as("vice", pens, day)

    def test_a_deputy_of_somebody_who_is_named_no_longer_is_none(self):
        with pytest.raises(NotAllowed, match=r"signer\.not_named"):
            rules.signs_as("vice", Pens(frozenset({"other"}), (AWAY,)), AWAY.first)

    def test_whoever_is_named_signs_in_their_own_name_though_somebodys_deputy(self):
        assert rules.signs_as("vice", Pens(frozenset({"chair", "vice"}), (AWAY,)), AWAY.first) is None

    def test_once_somebody_is_named_nobody_names_themselves(self):
        pens = Pens(frozenset({"chair"}), (AWAY,))
        rules.check_may_name("chair", pens)
        for user in ("anybody", "vice"):
            with pytest.raises(NotAllowed, match=r"signer\.not_named"):
                rules.check_may_name(user, pens)

    def test_a_deputy_has_days_in_order_that_are_not_over(self):
        for first, until in (
            (TODAY, TODAY - timedelta(1)),
            (TODAY + timedelta(2), TODAY + timedelta(1)),
            (TODAY, TODAY + timedelta(400)),
        ):
            with pytest.raises(Invalid, match=r"signer\.days_wrong"):
                rules.deputise("chair", "vice", first, until, Pens(), TODAY)
        with pytest.raises(Invalid, match=r"signer\.own_deputy"):
            rules.deputise("chair", "chair", TODAY, TODAY, Pens(), TODAY)

    @drawn(
        first=DAYS,
        length=st.integers(0, 20),
        day=DAYS,
        named=st.frozensets(st.sampled_from(["chair", "other"])),
    )
    def test_a_deputy_is_one_exactly_in_their_days(self, first, length, day, named):
        one = Deputy("chair", "vice", first, first + timedelta(length))
        pens = Pens(named, (one,))
        counts = first <= day <= one.until and (not named or "chair" in named)
        try:
            signed = rules.signs_as("vice", pens, day)
        except NotAllowed:
            assert named
            assert not counts
        else:
            assert (signed is not None) is counts
            assert counts or not named


class TestOverHttp:
    @pytest.fixture
    async def chair(self, scheduling):
        """The only one named for the union, until the test is over."""
        chair = scheduling.client("union", organisation="smftu", user="chair")
        assert (await chair.post("/signers", json={"user": "chair"})).status_code == 204
        yield chair
        assert (await chair.post("/signers/drop", json={"user": "chair"})).status_code == 204

    async def test_of_two_who_name_themselves_first_at_once_one_is_in(self, scheduling):
        first, second = (
            scheduling.client("union", organisation="yaftu", user=user) for user in ("first", "second")
        )
        answers = await asyncio.gather(
            first.post("/signers", json={"user": "first"}), second.post("/signers", json={"user": "second"})
        )
        assert sorted(answer.status_code for answer in answers) == [204, 403]
        (named,) = (await first.get("/signers")).json()["approvers"]
        client = first if named == "first" else second
        assert (await client.post("/signers/drop", json={"user": named})).status_code == 204

    async def test_only_who_is_named_approves_and_a_deputy_is_on_record(self, scheduling, given, chair):
        order = await given.a_draft()
        named, path = await given.named(order), f"/orders/{order.order_id}/scheme"
        vice = scheduling.client("union", organisation="smftu", user="vice")
        refused = await vice.post(f"{path}/approve", json=named)
        assert (refused.status_code, refused.json()["code"]) == (403, "signer.not_named")
        today = (await scheduling.now()).date()
        days = {"first": today.isoformat(), "until": (today + timedelta(3)).isoformat()}
        answer = await chair.post("/deputies", json={"deputy": "vice"} | days)
        assert answer.status_code == 204, answer.text
        assert (await vice.get("/signers")).json() == {
            "approvers": ["chair"],
            "deputies": [{"user": "chair", "deputy": "vice"} | days],
        }
        elsewhere = scheduling.client("union", organisation="yaftu", user="vice")
        assert (await elsewhere.post(f"{path}/approve", json=named)).status_code == 403
        assert (await vice.post(f"{path}/approve", json=named)).status_code == 204
        approved = (await scheduling.envelopes(order.order_id))[-1]
        fact = approved.fact()
        assert isinstance(fact, SchemeApproved)
        assert (approved.actor, fact.deputy.instead_of, fact.deputy.by) == ("vice", "chair", "vice")
        (times,) = (one for one in (await given.scheme(order))["clauses"] if one["clause"] == "times")
        assert [(each["by"], each["deputy_of"]) for each in times["signatures"]] == [
            ("vice", "chair"),
            (None, None),
        ]
        await given.sign_as_enterprise(order)
        (confirmed,) = (f for f in await scheduling.facts(order.order_id) if isinstance(f, SchemeConfirmed))
        assert confirmed.deputy is None

    async def test_only_who_signs_gives_back_for_that_takes_back_what_was_signed(
        self, scheduling, given, chair
    ):
        order = await given.a_draft()
        named, path = await given.named(order), f"/orders/{order.order_id}/scheme"
        back = {"version": named["version"], "reason": {"code": "times.unsuitable"}}
        other = scheduling.client("union", organisation="smftu", user="other")
        refused = await other.post(f"{path}/decline", json=back)
        assert (refused.status_code, refused.json()["code"]) == (403, "signer.not_named")
        answer = await chair.post(f"{path}/decline", json=back)
        assert answer.status_code == 204, answer.text

    async def test_nobody_signs_in_the_stead_of_one_who_is_named_no_more(self, scheduling, chair):
        today = (await scheduling.now()).date()
        days = {"first": today.isoformat(), "until": (today + timedelta(3)).isoformat()}
        assert (await chair.post("/signers", json={"user": "second"})).status_code == 204
        second = scheduling.client("union", organisation="smftu", user="second")
        assert (await second.post("/deputies", json={"deputy": "vice"} | days)).status_code == 204
        assert (await chair.post("/signers/drop", json={"user": "second"})).status_code == 204
        assert (await chair.get("/signers")).json() == {"approvers": ["chair"], "deputies": []}
        assert (await chair.post("/deputies", json={"deputy": "vice"} | days)).status_code == 204
        assert (await chair.post("/signers/drop", json={"user": "vice"})).status_code == 204
        assert (await chair.get("/signers")).json() == {"approvers": ["chair"], "deputies": []}
        nobody = await chair.post("/signers/drop", json={"user": "vice"})
        assert nobody.json()["code"] == "signer.not_there"

    async def test_after_the_last_day_it_is_refused_with_that_day(self, scheduling, given, chair):
        today = (await scheduling.now()).date()
        days = {"first": today.isoformat(), "until": (today + timedelta(1)).isoformat()}
        await chair.post("/deputies", json={"deputy": "vice"} | days)
        await scheduling.fire_deadlines(await scheduling.now() + timedelta(days=2))
        order = await given.a_draft()
        vice = scheduling.client("union", organisation="smftu", user="vice")
        path = f"/orders/{order.order_id}/scheme/approve"
        late = await vice.post(path, json=await given.named(order))
        assert (late.status_code, late.json()["code"]) == (403, "signer.deputy_over")
        assert late.json()["parameters"] == {"until": days["until"]}
        assert (await chair.post("/deputies/drop", json={"deputy": "vice"})).status_code == 204
        gone = await vice.post(path, json=await given.named(order))
        assert gone.json()["code"] == "signer.not_named"

    async def test_an_administrator_frees_an_organisation_whose_only_approver_is_gone(
        self, scheduling, given, clerk
    ):
        gone = scheduling.client("enterprise", organisation="bgzb", user="gone")
        assert (await gone.post("/signers", json={"user": "gone"})).status_code == 204
        order = await given.a_draft()
        await given.sign(order, confirm=False)
        path = f"/orders/{order.order_id}/scheme/confirm"
        assert (await clerk.post(path, json=await given.named(order))).status_code == 403
        assert (await clerk.post("/signers/drop", json={"user": "gone"})).status_code == 403
        whose = {"user": "gone", "signer": "enterprise", "organisation": "bgzb"}
        administrator = scheduling.client("administrator")
        missing = await administrator.post("/signers/drop", json={"user": "gone"})
        assert missing.json()["code"] == "signer.side_missing"
        assert (await administrator.get("/signers")).json()["code"] == "signer.side_missing"
        side = {"signer": "enterprise", "organisation": "bgzb"}
        assert (await administrator.get("/signers", params=side)).json()["approvers"] == ["gone"]
        assert (await administrator.post("/signers/drop", json=whose)).status_code == 204
        assert (await clerk.post(path, json=await given.named(order))).status_code == 204
