"""Orders and what belongs to them, asked for in words that cannot be meant: rule and field are named."""

import asyncio
from typing import Any

import pytest

from .house import SOMEBODY, House, no_failure_logged, raw, refused, written
from .story import LINE, a_draft, a_roster, an_enterprise, good

ORDER = "send-teachers-home"
BIG = 2**63
IN_FORM: dict[str, tuple[dict[str, Any], str]] = {
    "an occupation in words": ({"occupation": "电工"}, "occupation"),
    "an occupation without dashes": ({"occupation": "63101003"}, "occupation"),
    "an occupation with full-width digits": ({"occupation": "６-31-01-03"}, "occupation"),
    "a level in words": ({"level": "高级工"}, "level"),
    "a band in words": ({"bands": ["下午"]}, "bands.0"),
    "a unit that is a path": ({"units": ["../../etc/passwd"]}, "units.0"),
    "a service that nobody offers": ({"service": "dancing"}, "service"),
    "30 February": ({"earliest": "2026-02-30"}, "earliest"),
    "a month too many": ({"latest": "2027-13-01"}, "latest"),
    "29 February of a common year": ({"latest": "2027-02-29"}, "latest"),
    "a day in words": ({"latest": "next week"}, "latest"),
    "the year zero": ({"latest": "0000-01-01"}, "latest"),
    "the year one": ({"earliest": "0001-01-01"}, "earliest"),
    "the year 9999": ({"latest": "9999-12-31"}, "latest"),
    "the year ten thousand": ({"latest": "10000-01-01"}, "latest"),
    "minutes less than none": ({"release_cap_minutes": -1}, "release_cap_minutes"),
    "minutes beyond a machine's numbers": ({"release_cap_minutes": BIG}, "release_cap_minutes"),
    "half a minute": ({"release_cap_minutes": 0.5}, "release_cap_minutes"),
    "heads beyond reason": ({"heads": 10**30}, "heads"),
    "a cohort of nobody": ({"cohort_sizes": [0]}, "cohort_sizes.0"),
    "a cohort of a thousand": ({"cohort_sizes": [1000]}, "cohort_sizes.0"),
    "a line without a number": ({"line": 0}, "line"),
    "a hundredth line": ({"line": 100}, "line"),
    "more units than there are": ({"units": ["el5-safety"] * 51}, "units"),
    "a NUL in a code": ({"level": "L5\0"}, "level"),
    "an unknown field": ({"discount": 5}, "discount"),
}
WRONG_CODES: dict[str, tuple[dict[str, Any], str, str]] = {
    "an unknown occupation": ({"occupation": "9-99-99-99"}, "order.occupation_unknown", "occupation"),
    "an unknown level": ({"level": "L9"}, "order.level_unknown", "level"),
    "an unknown band": ({"bands": ["night"]}, "order.band_unknown", "bands"),
    "an unknown unit": ({"units": ["dancing-l1"]}, "order.unit_unknown", "units"),
}
AT_SUBMIT: dict[str, tuple[dict[str, Any], str, str]] = {
    "the last day before the first": (
        {"earliest": "2027-06-02", "latest": "2027-06-01"},
        "order.dates_reversed",
        "latest",
    ),
    "days gone by": ({"earliest": "2026-01-01", "latest": "2027-02-28"}, "order.dates_past", "latest"),
    "no level": ({"level": None}, "order.line_incomplete", "level"),
    "no first day": ({"earliest": None}, "order.line_incomplete", "earliest"),
    "no last day": ({"latest": None}, "order.line_incomplete", "latest"),
    "cohorts that are not the people": (
        {"cohort_sizes": [40, 40]},
        "order.cohort_sizes_differ",
        "cohort_sizes",
    ),
}
ENTERPRISES: dict[str, tuple[dict[str, Any], str, str]] = {
    "a credit code too short": ({"credit_code": "91350428"}, "credit_code.length", "credit_code"),
    "a letter that codes do not have": (
        {"credit_code": "9135042IMAXXX00156"},
        "credit_code.character",
        "credit_code",
    ),
    "two digits exchanged": ({"credit_code": "91350482MAXXX00156"}, "credit_code.check", "credit_code"),
    "a wrong last digit": ({"credit_code": "91350428MAXXX00157"}, "credit_code.check", "credit_code"),
    "another's credit code": (
        {"credit_code": "91350481MAXXX0023Q"},
        "enterprise.credit_code_taken",
        "credit_code",
    ),
    "an unknown division": ({"division": "999999"}, "enterprise.division_unknown", "division"),
    "a division in words": ({"division": "永安"}, "request.invalid", "body.division"),
    "an unknown shift pattern": (
        {"shift_pattern": "9x9"},
        "enterprise.shift_pattern_unknown",
        "shift_pattern",
    ),
    "a day that is none": ({"shift_anchor": "2026-02-30"}, "request.invalid", "body.shift_anchor"),
    "a day before all calendars": ({"shift_anchor": "0001-01-01"}, "request.invalid", "body.shift_anchor"),
    "no rooms": ({"rooms": 0}, "request.invalid", "body.rooms"),
    "a name of spaces": ({"name": "   "}, "request.invalid", "body.name"),
    "a name without end": ({"name": "厂" * 121}, "request.invalid", "body.name"),
    "a name with a NUL": ({"name": "a\0b"}, "request.invalid", "body.name"),
}


@pytest.fixture
def clerk(house: House):
    return house.client("order-intake", "enterprise")


@pytest.fixture
def union(house: House):
    return house.client("order-intake", "union")


class TestDrafts:
    @pytest.mark.parametrize(("wrong", "field"), IN_FORM.values(), ids=IN_FORM)
    async def test_a_line_that_has_no_meaning_is_refused(self, house, clerk, wrong, field):
        asked = {"programme": ORDER, "lines": [LINE | wrong]}
        async with house.nothing_stored("order-intake"):
            with no_failure_logged():
                answer = await clerk.post("/orders", **raw(written(asked)))
                refused(answer, 422, "request.invalid", f"body.lines.0.{field}")
                address = f"/orders/{house.known['draft']}"
                answer = await clerk.put(address, **raw(written({"lines": [LINE | wrong]})))
                refused(answer, 422, "request.invalid", f"body.lines.0.{field}")

    @pytest.mark.parametrize(("wrong", "code", "field"), WRONG_CODES.values(), ids=WRONG_CODES)
    async def test_a_code_that_nobody_knows_is_refused_before_it_lies_on_the_desk(
        self, house, clerk, wrong, code, field
    ):
        async with house.nothing_stored("order-intake"):
            answer = await clerk.post("/orders", json={"programme": ORDER, "lines": [LINE | wrong]})
            refused(answer, 422, code, f"lines.0.{field}")
            answer = await clerk.put(f"/orders/{house.known['draft']}", json={"lines": [LINE | wrong]})
            refused(answer, 422, code, f"lines.0.{field}")

    @pytest.mark.parametrize(
        ("asked", "code", "field"),
        [
            ({"programme": "no-such-programme"}, "intake.programme_unknown", "programme"),
            ({"programme": 5}, "request.invalid", "body.programme"),
            ({}, "request.invalid", "body.programme"),
            ({"programme": ORDER, "survey_id": SOMEBODY}, "survey.unknown", "survey_id"),
            ({"programme": ORDER, "survey_id": "one"}, "request.invalid", "body.survey_id"),
            ({"programme": ORDER, "lines": [LINE] * 100}, "request.invalid", "body.lines"),
            ({"programme": ORDER, "lines": [LINE | {"line": 1}] * 2}, "order.line_twice", "lines.1.line"),
            ({"programme": ORDER, "enterprise_id": "bgzb"}, "request.invalid", "body.enterprise_id"),
            ({"programme": ORDER, "state": "accepted"}, "request.invalid", "body.state"),
        ],
    )
    async def test_an_order_that_has_no_meaning_is_refused(self, house, clerk, asked, code, field):
        async with house.nothing_stored("order-intake"):
            with no_failure_logged():
                answer = await clerk.post("/orders", json=asked)
                refused(answer, answer.status_code, code, field)
                assert answer.status_code in {404, 422}


class TestSubmitted:
    @pytest.mark.parametrize(("wrong", "code", "field"), AT_SUBMIT.values(), ids=AT_SUBMIT)
    async def test_what_can_be_drafted_but_not_asked_for_is_refused(self, house, clerk, wrong, code, field):
        order = await a_draft(clerk, LINE | wrong)
        async with house.nothing_stored("order-intake"):
            refused(await clerk.post(f"/orders/{order}/submit"), 422, code, f"lines.0.{field}")

    async def test_a_century_of_days_is_no_failure_anywhere(self, house, clerk, union):
        far = LINE | {"earliest": "1900-01-01", "latest": "2199-12-31"}
        order = await a_draft(clerk, far)
        with no_failure_logged():
            good(await clerk.post(f"/orders/{order}/submit"))
            good(await union.post(f"/orders/{order}/accept"))
            await house.carry()
        scheme = good(await house.client("scheduling", "union").get(f"/orders/{order}/scheme"))
        assert scheme["version"] == 1

    async def test_nobody_to_be_trained_is_no_order(self, house, clerk):
        order = await a_draft(clerk, LINE, people=0)
        async with house.nothing_stored("order-intake"):
            refused(await clerk.post(f"/orders/{order}/submit"), 422, "order.no_trainees", "lines.0.trainees")


class TestEnterprises:
    @pytest.mark.parametrize(("wrong", "code", "field"), ENTERPRISES.values(), ids=ENTERPRISES)
    async def test_wrong_particulars_are_refused(self, house, union, wrong, code, field):
        told = an_enterprise(enterprise_id="new-works", credit_code="91350100M000100Y43") | wrong
        async with house.nothing_stored("order-intake"):
            with no_failure_logged():
                answer = await union.post("/enterprises", **raw(written(told)))
                refused(answer, answer.status_code, code, field or None)
                assert answer.status_code in {409, 422}


class TestAgain:
    """The same command twice, or for a version that is no more."""

    async def test_a_repeated_submit_has_its_first_answer_and_one_effect(self, house, clerk):
        order = await a_draft(clerk, LINE)
        key = {"Idempotency-Key": "submit-once-1"}
        first = await clerk.post(f"/orders/{order}/submit", headers=key)
        async with house.nothing_stored("order-intake"):
            again = await clerk.post(f"/orders/{order}/submit", headers=key)
        assert (first.status_code, again.status_code) == (204, 204)
        assert again.headers["songjiao-position"] == first.headers["songjiao-position"]

    async def test_with_another_key_it_is_no_draft_any_more(self, house, clerk):
        order = await a_draft(clerk, LINE)
        good(await clerk.post(f"/orders/{order}/submit"))
        async with house.nothing_stored("order-intake"):
            told = refused(await clerk.post(f"/orders/{order}/submit"), 409, "order.not_draft")
        assert told["parameters"]["state"] == "submitted"

    async def test_twenty_at_the_same_moment_are_one_order_submitted_once(self, house, clerk):
        order = await a_draft(clerk, LINE)
        key = {"Idempotency-Key": "submit-at-once"}
        same = [clerk.post(f"/orders/{order}/submit", headers=key) for _ in range(10)]
        others = [clerk.post(f"/orders/{order}/submit") for _ in range(10)]
        answers = await asyncio.gather(*same, *others)
        states = {answer.status_code for answer in answers}
        assert states <= {204, 409}
        said = await house.services["order-intake"].facts(order, type="order.submitted.v1")
        assert len(said) == 1

    async def test_a_key_used_for_another_request_is_refused(self, house, clerk):
        order = await a_draft(clerk, LINE)
        key = {"Idempotency-Key": "one-key-two-things"}
        good(await clerk.post("/orders", json={"programme": ORDER}, headers=key))
        async with house.nothing_stored("order-intake"):
            other = {"programme": ORDER, "special_session": True}
            for answer in (
                await clerk.post("/orders", json=other, headers=key),
                await clerk.post(f"/orders/{order}/submit", headers=key),
            ):
                refused(answer, 409, "idempotency.other_request", "header.idempotency-key")

    async def test_the_same_key_of_somebody_else_is_another_key(self, house, clerk):
        other = house.client("order-intake", "union")
        key = {"Idempotency-Key": "everybody-has-this"}
        survey = {"programme": ORDER, "round": 77, "channel": "visit"}
        good(await clerk.post("/orders", json={"programme": ORDER}, headers=key))
        assert "survey_id" in good(await other.post("/surveys", json=survey, headers=key))

    @pytest.mark.parametrize("version", ['"0"', '"99"', 'W/"7"', "words", '"-1"', '"1', "", "9" * 400])
    async def test_a_version_that_is_not_the_present_one_is_refused(self, house, clerk, version):
        address = f"/orders/{house.known['draft']}"
        file = {"file": ("花名册.csv", a_roster(1))}
        headers = {"If-Match": version}
        async with house.nothing_stored("order-intake"):
            for answer in (
                await clerk.put(address, json={"lines": [LINE]}, headers=headers),
                await clerk.post(f"{address}/submit", headers=headers),
                await clerk.post(f"{address}/lines/1/roster?take=true", files=file, headers=headers),
            ):
                refused(answer, 409, "version.stale", "header.if-match")
