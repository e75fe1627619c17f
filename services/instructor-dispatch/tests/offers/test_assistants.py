"""Some units need assistants: asked for and reserved like leads, one person not both, and nothing waits for them."""

import shutil
from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.programme import load
from contracts.programme_dispatch import DispatchRules, Ratio
from contracts.scheduling import SessionCancelled
from contracts.values import Role, because
from instructor_dispatch.main import build
from instructor_dispatch.offers.assisting import assistants_of
from instructor_dispatch.settings import Settings
from servicekit.testing import service_on
from staffing.rulebook import Rulebook

from ..builders import ELECTRICIAN, a_monday_ahead
from ..conftest import PROGRAMMES

CHANGES = 3
"""From the Thursday on, one teaches 200 here."""


@pytest.fixture(scope="module")
async def on_database(database, tmp_path_factory):
    """As elsewhere, but safe use of electricity is taught by three."""
    folder = tmp_path_factory.mktemp("programmes") / "programmes"
    shutil.copytree(PROGRAMMES, folder)
    catalogue = folder / "catalogue.csv"
    head, *rows = catalogue.read_text(encoding="utf-8").splitlines()
    told = [f"{row},{2 if row.startswith('el5-safety,') else 0}" for row in rows]
    catalogue.write_text("\n".join([f"{head},assistants", *told]) + "\n", encoding="utf-8")
    changes = a_monday_ahead(datetime.now(UTC).date(), Rulebook.of(load(PROGRAMMES))) + timedelta(
        days=CHANGES
    )
    rules = folder / "rules" / "rules.yaml"
    row = f"    - {{since: {changes}, value: 200, source: invented}}\n"
    told = rules.read_text(encoding="utf-8").replace("  unconfirmed:", f"{row}  unconfirmed:")
    rules.write_text(told, encoding="utf-8")
    async with service_on(database, build, Settings, programmes=folder) as service:
        yield service


@pytest.fixture
async def taught(given):
    """A lead and two who may only assist; a session that needs them all."""
    await given.college("smtc", week=1, total=1)
    lead = await given.person(level="L2")
    helpers = [await given.person(level="L5") for _ in range(2)]
    session = given.session(proposed=lead)
    await given.confirmed(session)
    return session, lead, helpers


async def offers_by_role(given, session):
    found = await given.open_offers(session.session_id)
    return {
        role: [each for each in found if each["role"] == role] for role in ("lead", "assistant", "assessor")
    }


class TestAssistants:
    async def test_are_asked_for_beside_the_lead_and_count_for_no_quota(self, given, taught):
        session, lead, helpers = taught
        asked = await offers_by_role(given, session)
        assert [each["person_id"] for each in asked["lead"]] == [str(lead)]
        assert {each["person_id"] for each in asked["assistant"]} == set(map(str, helpers))
        assert {each["session_id"] for each in asked["assistant"]} == {str(session.session_id)}
        for helper in helpers:
            assert await given.reserved(helper) == [("session", "held")]
        (quota,) = (await given.office("smtc").get("/quota", params={"day": str(given.monday)})).json()
        assert (quota["used"], quota["used_week"]) == (1, 1)

    async def test_the_order_is_staffed_when_its_leads_are(self, given, taught):
        session, *_ = taught
        asked = await offers_by_role(given, session)
        await given.accept(asked["assistant"][0])
        assert "order.staffed" not in await given.types()
        await given.accept(asked["lead"][0])
        assert (await given.types())[-1] == "order.staffed"
        await given.accept(asked["assistant"][1])
        assert (await given.types()).count("order.staffed") == 1
        firm = (await given.union.get("/assignments", params={"session_id": str(session.session_id)})).json()
        assert sorted(each["role"] for each in firm) == ["assistant", "assistant", "lead"]

    async def test_one_person_is_not_both(self, given, taught):
        session, lead, _ = taught
        asked = await offers_by_role(given, session)
        answer = await given.substitute(asked["assistant"][0], lead)
        assert (answer.status_code, answer.json()["parameters"]["rule"]) == (409, "session.overlaps")

    async def test_too_few_is_told_and_moves_nothing(self, dispatch, given, taught):
        session, *_ = taught
        asked = await offers_by_role(given, session)
        await given.decline(asked["assistant"][0])
        told = (await dispatch.facts(session.order_id))[-1]
        assert (told.type, told.session_id, told.missing) == (
            "session.unassisted.v1",
            session.session_id,
            1,
        )
        assert [each.step for each in told.steps] == [1]
        third = await given.person(level="L5")
        await dispatch.fire_deadlines()
        again = (await offers_by_role(given, session))["assistant"]
        assert str(third) in {each["person_id"] for each in again}
        assert "session.unstaffable" not in await given.types()

    async def test_an_override_of_the_session_holds_for_them_too(self, dispatch, given):
        await given.college("smtc")
        lead, helper = await given.person(level="L2"), await given.person(level="L5", most_sessions_week=1)
        first, second = (given.session(proposed=lead, day=day) for day in (0, 1))
        await given.confirmed(first)
        await given.confirmed(second)
        assert (await offers_by_role(given, second))["assistant"] == []
        until = given.monday + timedelta(days=6)
        told = {"rule": "load.week", "session_id": str(second.session_id), "person_id": str(helper),
                "reason": "production", "valid_until": str(until)}  # fmt: skip
        assert (await given.union.post("/overrides", json=told)).status_code == 201
        await dispatch.fire_deadlines(await dispatch.now())
        (asked,) = (await offers_by_role(given, second))["assistant"]
        assert asked["person_id"] == str(helper)
        (seen,) = (await given.union.get("/overrides")).json()
        assert seen["assignments"] == [asked["assignment_id"]]

    async def test_who_assists_does_not_assess_the_same_order(self, dispatch, given):
        await given.college("smtc")
        lead = await given.person(level="L2")
        helper = await given.person(level="L5", assessor=False)
        told = {"name": "林师傅", "home": "350404", "qualifications": [
            {"occupation": ELECTRICIAN, "level": "L2", "assessor": True},
            {"occupation": ELECTRICIAN, "level": "L5", "assessor": False}]}  # fmt: skip
        assert (await given.office("smtc").put(f"/instructors/{helper}", json=told)).status_code == 204
        session = given.session(proposed=lead)
        await given.confirmed(session)
        (asked,) = (await offers_by_role(given, session))["assistant"]
        assert asked["person_id"] == str(helper)
        await given.accept(asked)
        own, other = given.batch(assessors=1, order_id=session.order_id), given.batch(assessors=1, day=4)
        await dispatch.deliver(own, other)
        assert await given.open_offers(own.batch_id) == []
        (told,) = await dispatch.facts(session.order_id, type="batch.unstaffable.v1")
        assert (await given.offer_of(other.batch_id))["person_id"] == str(helper)

    async def test_they_move_with_the_session_and_are_free_when_it_is_cancelled(
        self, dispatch, given, taught
    ):
        session, lead, helpers = taught
        moved = given.moved(session, slot=given.session(day=3).slot)
        await dispatch.deliver(moved)
        asked = await offers_by_role(given, session)
        assert {each["slot"]["day"] for each in asked["assistant"]} == {moved.slot.day.isoformat()}
        assert len(asked["assistant"]) == 2
        cancelled = SessionCancelled(
            order_id=session.order_id, session_id=session.session_id, reason=because("order.cancelled")
        )
        await dispatch.deliver(cancelled)
        for person in (lead, *helpers):
            assert await given.reserved(person) == []

    async def test_they_are_called_for_openly(self, given, taught):
        session, *_ = taught
        await given.college("smu")
        asked = await offers_by_role(given, session)
        await given.decline(asked["assistant"][0])
        url = f"/sessions/{session.session_id}/open-call"
        answer = await given.union.post(url, json={"college_ids": ["smu"], "role": "assistant"})
        assert answer.status_code == 201, answer.text
        (call,) = [each for each in (await offers_by_role(given, session))["assistant"] if each["open_call"]]
        helper = await given.person("smu", level="L4")
        assert (await given.accept(call, person_id=str(helper))).json()["state"] == "firm"
        assert await given.reserved(helper) == [("session", "firm")]

    async def test_a_unit_that_needs_none_has_none_to_call_for(self, given):
        await given.college()
        plain = given.session(unit="el5-basics")
        await given.confirmed(plain)
        url = f"/sessions/{plain.session_id}/open-call"
        answer = await given.union.post(url, json={"college_ids": ["smtc"], "role": "assistant"})
        assert (answer.status_code, answer.json()["code"]) == (404, "call.session_unknown")

    async def test_they_are_a_duty_of_their_own_whose_id_follows_from_the_sessions(
        self, dispatch, given, taught
    ):
        session, *_ = taught
        async with dispatch.transactions.begin() as tx:
            rows = await tx.driver.fetch("select duty_id, role, wanted, level from duty order by role")
        assert [tuple(row.values()) for row in rows] == [
            (assistants_of(session.session_id), Role.ASSISTANT, 2, "L5"),
            (session.session_id, Role.LEAD, 1, "L3"),
        ]
        assert assistants_of(assistants_of(session.session_id)) == session.session_id


@pytest.mark.rules
def test_so_many_people_need_so_many_to_teach_them_by_the_figure_of_the_day():
    old, new = date(2026, 1, 1), date(2026, 9, 1)
    ratios = [Ratio(since=since, value=value, source="invented") for since, value in ((new, 15), (old, 60))]
    rules = DispatchRules(people_per_instructor=tuple(ratios), unconfirmed=())
    assert [rules.instructors(people, old) for people in (0, 1, 60, 61, 121)] == [1, 1, 1, 2, 3]
    assert [rules.instructors(60, day) for day in (date(2025, 1, 1), date(2026, 8, 31), new)] == [1, 1, 4]


class TestByTheNumberOfPeople:
    async def test_a_large_cohort_has_assistants_though_the_unit_needs_none(self, given):
        await given.college()
        lead, helper = await given.person(level="L2"), await given.person(level="L5")
        small = given.session(proposed=lead, unit="el5-basics", people=60, day=0)
        large = given.session(proposed=lead, unit="el5-basics", people=61, day=1)
        await given.confirmed(small)
        await given.confirmed(large)
        assert (await offers_by_role(given, small))["assistant"] == []
        (asked,) = (await offers_by_role(given, large))["assistant"]
        assert asked["person_id"] == str(helper)

    async def test_the_unit_may_need_more_than_the_number_of_people(self, given):
        await given.college()
        lead = await given.person(level="L2")
        for _ in range(3):
            await given.person(level="L5")
        session = given.session(proposed=lead, people=61)
        await given.confirmed(session)
        assert len((await offers_by_role(given, session))["assistant"]) == 2

    async def test_on_a_day_on_which_one_is_enough_whoever_was_to_assist_is_free(self, dispatch, given):
        await given.college()
        lead, helper = await given.person(level="L2"), await given.person(level="L5")
        session = given.session(proposed=lead, unit="el5-basics", people=61)
        await given.confirmed(session)
        await given.accept((await offers_by_role(given, session))["assistant"][0])
        await dispatch.deliver(given.moved(session, slot=given.session(day=CHANGES + 1).slot))
        assert (await offers_by_role(given, session))["assistant"] == []
        assert await given.reserved(helper) == []
        (freed,) = (each for each in await dispatch.facts(session.order_id, type="assignment.released.v1")
                    if each.person_id == helper)  # fmt: skip
        assert freed.reason.code == "session.moved"
        again = given.moved(session, slot=given.session(day=2).slot, revision=3)
        await dispatch.deliver(again)
        (asked,) = (await offers_by_role(given, session))["assistant"]
        assert asked["person_id"] == str(helper)
