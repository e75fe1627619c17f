"""A scheme is given back for reasons of the programme, and the coordinator sees how often for which."""

import pytest

from contracts.programme import Wording
from contracts.refusals import Invalid
from contracts.scheduling import SchemeDeclined
from contracts.values import Signer, because
from scheduling.schemes import returns

KNOWN = {code: Wording(zh="某因", en="some reason") for code in ("times.unsuitable", "cost.too_high")}


@pytest.mark.rules
class TestReasons:
    def test_one_that_is_not_in_the_programme_is_refused_with_the_list(self):
        for reasons, code in (
            ([], "scheme.reason_missing"),
            ([because("times.unsuitable"), because("weather.bad")], "scheme.reason_unknown"),
        ):
            with pytest.raises(Invalid) as refused:
                returns.check(reasons, KNOWN)
            assert refused.value.code == code
            assert refused.value.parameters["known"] == "times.unsuitable, cost.too_high"

    def test_one_that_is_named_twice_counts_once(self):
        twice = [because("cost.too_high"), because("times.unsuitable"), because("cost.too_high", yuan=9)]
        assert [each.code for each in returns.check(twice, KNOWN)] == ["cost.too_high", "times.unsuitable"]


def path_of(order) -> str:
    return f"/orders/{order.order_id}/scheme/decline"


class TestOverHttp:
    async def test_several_are_said_and_counted_by_enterprise_and_side(self, scheduling, given, union, clerk):
        first, second = await given.a_draft(), await given.a_draft()
        several = [{"code": "times.unsuitable", "figures": {"day": "2026-09-07"}}, {"code": "cost.too_high"}]
        body = {"version": 1, "reasons": several}
        assert (await union.post(path_of(first), json=body)).status_code == 204
        await given.sign(second, confirm=False)
        again = {"version": 1, "reason": {"code": "cost.too_high"}}
        assert (await clerk.post(path_of(second), json=again)).status_code == 204
        fact = (await scheduling.facts(first.order_id))[-1]
        assert isinstance(fact, SchemeDeclined)
        assert ([each.code for each in fact.reasons], fact.reason, fact.signer) == (
            ["times.unsuitable", "cost.too_high"],
            fact.reasons[0],
            Signer.UNION,
        )
        counted = (await union.get("/returns", params={"enterprise_id": "bgzb"})).json()
        assert {(each["signer"], each["code"], each["times"], each["zh"]) for each in counted} == {
            ("union", "times.unsuitable", 1, "时间不合适"),
            ("union", "cost.too_high", 1, "费用过高"),
            ("enterprise", "cost.too_high", 1, "费用过高"),
        }
        assert {each["programme"] for each in counted} == {"send-teachers-home"}
        assert (await union.get("/returns", params={"enterprise_id": "jinniu"})).json() == []

    async def test_an_unknown_one_is_refused_with_those_there_are(self, given, union):
        order = await given.a_draft()
        for body, code in (
            ({"version": 1}, "scheme.reason_missing"),
            ({"version": 1, "reasons": [{"code": "weather.bad"}]}, "scheme.reason_unknown"),
        ):
            answer = await union.post(path_of(order), json=body)
            problem = answer.json()
            assert (answer.status_code, problem["code"]) == (422, code)
            assert "times.unsuitable" in problem["parameters"]["known"]
        assert (await given.scheme(order))["state"] == "drafted"

    async def test_the_figures_are_the_coordinators(self, clerk):
        assert (await clerk.get("/returns")).status_code == 403
