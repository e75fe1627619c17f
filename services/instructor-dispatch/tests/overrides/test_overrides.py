"""A rule put aside by name: the job on a holiday, the week's maximum, a level lower; and never two places at once."""

import shutil
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from contracts.programme import load
from instructor_dispatch.main import build
from instructor_dispatch.offers import loads
from instructor_dispatch.settings import Settings
from servicekit.testing import cause, service_on
from staffing.rulebook import Rulebook

from ..builders import SHAXIAN, a_monday_ahead
from ..conftest import PROGRAMMES

HOLIDAY = 2
"""The Wednesday of the first week is a public holiday here: the notice of the real year may not be out yet."""
HEADER = "date,weekday,kind,name_zh,name_en,in_lieu,source\n"


@pytest.fixture(scope="module")
async def on_database(database, tmp_path_factory):
    """As elsewhere, with one more public holiday in the rules."""
    folder = shutil.copytree(PROGRAMMES, tmp_path_factory.mktemp("rules") / "programmes")
    day = a_monday_ahead(datetime.now(UTC).date(), Rulebook.of(load(PROGRAMMES))) + timedelta(days=HOLIDAY)
    notice = folder / "rules" / f"holidays_{day.year}.csv"
    told = notice.read_text("utf-8") if notice.exists() else HEADER
    notice.write_text(f"{told}{day},{day:%a},holiday,节日,A holiday,0,invented\n", "utf-8")
    async with service_on(database, build, Settings, programmes=folder) as service:
        yield service


async def ask(given, rule, **more):
    told = {"rule": rule, "reason": "production", "valid_until": given.monday + timedelta(days=20)} | more
    return await given.union.post("/overrides", json={name: str(value) for name, value in told.items()})


async def granted(given, rule, **more):
    answer = await ask(given, rule, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()["override_id"]


async def report(client, **asked):
    answer = await client.get("/overrides", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def refused_for(given, dispatch, session):
    """Why nobody can come to it, as it was said."""
    said = await dispatch.facts(session.order_id, type="session.unstaffable.v1")
    return {reason.code for fact in said for reason in fact.tried}


class TestAJobOnAnAllDayHoliday:
    async def test_is_refused_with_the_reason_also_to_who_would_come(self, dispatch, given):
        await given.college()
        person = await given.person()
        session = given.session(day=HOLIDAY)
        await given.confirmed(session)
        assert "slot.closed_day" in await refused_for(given, dispatch, session)
        await given.union.post(f"/sessions/{session.session_id}/open-call", json={"college_ids": ["smtc"]})
        answer = await given.accept(await given.offer(session), person_id=str(person))
        assert (answer.status_code, answer.json()["code"]) == (409, "person.cannot_come")
        assert answer.json()["parameters"]["rule"] == "slot.closed_day"

    async def test_is_done_by_a_named_override_which_the_offer_names(self, dispatch, given):
        await given.college()
        person = await given.person()
        session = given.session(day=HOLIDAY)
        await given.confirmed(session)
        override = await granted(given, "slot.closed_day", session_id=session.session_id)
        await dispatch.fire_deadlines(await dispatch.now())
        offer = await given.offer(session)
        assert offer["person_id"] == str(person)
        (offered,) = await dispatch.facts(session.order_id, type="assignment.offered.v1")
        (aside,) = (each for each in offered.reasons if each.code == "dispatch.put_aside")
        assert aside.figures == {"rule": "slot.closed_day", "override": override}
        assert (await given.accept(offer)).status_code == 200
        (seen,) = await report(given.union)
        assert seen["assignments"] == [offer["assignment_id"]]

    async def test_another_session_of_the_day_is_refused_all_the_same(self, dispatch, given):
        await given.college()
        await given.person()
        named, other = given.session(day=HOLIDAY), given.session(day=HOLIDAY, band="am")
        await granted(given, "slot.closed_day", session_id=named.session_id)
        await given.confirmed(named)
        await given.confirmed(other)
        assert await given.open_offers(named.session_id) != []
        assert "slot.closed_day" in await refused_for(given, dispatch, other)


class TestWhoMayDoMore:
    async def test_the_weeks_maximum_is_put_aside_for_one_person_until_a_day(self, dispatch, given):
        await given.college()
        person = await given.person(most_sessions_week=1)
        first, second, later = given.session(day=0), given.session(day=1), given.session(day=8)
        await given.confirmed(first)
        await given.confirmed(second)
        assert await refused_for(given, dispatch, second) >= {"load.week"}
        friday = given.monday + timedelta(days=4)
        await granted(given, "load.week", person_id=person, valid_until=friday)
        await dispatch.fire_deadlines(await dispatch.now())
        assert (await given.offer(second))["person_id"] == str(person)
        await given.confirmed(later)
        extra = given.session(day=9)
        await given.confirmed(extra)
        assert await refused_for(given, dispatch, extra) >= {"load.week"}, "it is over by itself"

    async def test_withdrawn_it_counts_again_and_what_is_promised_stays(self, dispatch, given):
        await given.college()
        person = await given.person(most_sessions_day=1)
        override = await granted(given, "load.day", person_id=person)
        first, second = given.session(day=0, band="am"), given.session(day=0, band="pm")
        await given.confirmed(first)
        await given.confirmed(second)
        assert len(await given.open_offers()) == 2
        assert (await given.union.post(f"/overrides/{override}/withdraw", json={})).status_code == 204
        third = given.session(day=0, band="eve")
        await given.confirmed(third)
        assert await refused_for(given, dispatch, third) >= {"load.day"}
        assert len(await given.open_offers()) == 2
        again = await given.union.post(f"/overrides/{override}/withdraw", json={})
        assert (again.status_code, again.json()["code"]) == (409, "override.withdrawn")
        (seen,) = await report(given.union, state="withdrawn")
        assert (seen["override_id"], seen["withdrawn_by"]) == (override, "union-1")
        assert await report(given.union, state="in_force") == []

    @pytest.mark.parametrize(("level", "comes"), [("L4", True), ("L5", False)])
    async def test_a_level_lower_by_one_with_a_waiver_and_by_two_never(self, dispatch, given, level, comes):
        await given.college()
        person = await given.person(level=level)
        session = given.session(level="L3")
        await granted(given, "qualification.too_low", person_id=person, session_id=session.session_id)
        await given.confirmed(session)
        assert bool(await given.open_offers(session.session_id)) is comes

    async def test_nobody_is_in_two_places_whatever_is_put_aside(self, dispatch, given):
        """All that can be put aside is, and the drive still does not fit."""
        await given.college()
        person = await given.person(most_sessions_day=1)
        here = given.session(day=0, band="am")
        there = given.session(
            day=0, band="pm", division=SHAXIAN, enterprise_id="other",
            slot=here.slot.model_copy(update={"band": "pm", "starts_at": here.slot.ends_at,
                                              "ends_at": here.slot.ends_at + timedelta(hours=3)}),
        )  # fmt: skip
        for rule in ("load.day", "load.week", "home.back_too_late", "college.quota_week"):
            await granted(given, rule, person_id=person)
        await given.confirmed(here)
        await given.confirmed(there)
        assert "session.no_time_to_drive" in await refused_for(given, dispatch, there)
        for rule in ("session.overlaps", "session.no_time_to_drive", "absence.overlaps", "lesson.overlaps"):
            answer = await ask(given, rule, person_id=person)
            assert (answer.status_code, answer.json()["code"]) == (422, "override.rule_stands")


class TestWhatIsTold:
    async def test_what_was_promised_before_is_not_covered(self, dispatch, given):
        await given.college()
        person, session = await given.person(), given.session()
        await given.confirmed(session)
        offer = await given.offer(session)
        override = UUID(await granted(given, "load.week", person_id=person))
        async with dispatch.transactions.begin() as tx:
            assert await loads.covered(tx, [override]) == {override: [UUID(offer["assignment_id"])]}
            await tx.driver.execute("update override set granted_at = $1::date + 1", session.slot.day)
            assert await loads.covered(tx, [override]) == {override: []}

    async def test_the_report_says_which_rule_who_why_until_when(self, dispatch, given):
        await given.college()
        person = await given.person()
        until = given.monday + timedelta(days=20)
        override = await granted(given, "load.week", person_id=person, note="林师傅自己要求")
        (seen,) = await report(given.union, rule="load.week", person_id=str(person))
        assert (seen["override_id"], seen["rule"], seen["granted_by"]) == (override, "load.week", "union-1")
        assert (seen["reason"]["code"], seen["valid_until"]) == ("override.production", str(until))
        assert (seen["note"], seen["state"], seen["withdrawn_at"]) == ("林师傅自己要求", "in_force", None)
        assert await report(given.union, rule="load.day") == []
        (of_college,) = await report(given.office("smtc"))
        assert of_college["note"] is None
        assert await report(given.office("smu")) == []
        (envelope,) = await dispatch.envelopes(override)
        assert "林师傅" not in envelope.to_bytes().decode()
        async with dispatch.transactions.begin() as tx:
            assert "林师傅".encode() not in await tx.driver.fetchval("select note from override")

    @pytest.mark.parametrize(
        ("rule", "more", "code"),
        [
            ("load.week", {}, "override.names_nobody"),
            ("slot.closed_day", {}, "override.names_no_session"),
            ("college.quota_week", {}, "override.names_neither"),
            ("slot.closed_day", {"session_id": uuid4(), "batch_id": uuid4()}, "override.names_two"),
            ("slot.closed_day", {"session_id": uuid4(), "reason": "because"}, "override.unknown_reason"),
            ("slot.closed_day", {"session_id": uuid4(), "reason": "other"}, "override.says_nothing"),
            (
                "slot.closed_day",
                {"session_id": uuid4(), "reason": "other", "note": " "},
                "override.says_nothing",
            ),
            ("slot.closed_day", {"session_id": uuid4(), "valid_until": "2026-01-01"}, "override.over"),
            ("slot.closed_day", {"session_id": uuid4(), "valid_until": "2099-01-01"}, "override.too_long"),
            ("load.week", {"person_id": uuid4()}, "person.unknown"),
        ],
    )
    async def test_what_cannot_be_meant_is_refused_and_nothing_is_kept(
        self, dispatch, given, rule, more, code
    ):
        answer = await ask(given, rule, **more)
        assert (answer.status_code in (404, 422), answer.json()["code"]) == (True, code), answer.text
        assert await report(given.union) == []
        assert await dispatch.facts() == []

    async def test_the_same_twice_is_refused_and_longer_is_taken(self, given):
        session = uuid4()
        await granted(given, "slot.closed_day", session_id=session)
        again = await ask(given, "slot.closed_day", session_id=session)
        assert (again.status_code, again.json()["code"]) == (409, "override.stands")
        longer = given.monday + timedelta(days=30)
        await granted(given, "slot.closed_day", session_id=session, valid_until=longer)
        assert len(await report(given.union)) == 2

    async def test_another_reason_is_given_in_the_coordinators_own_words(self, dispatch, given):
        override = await granted(
            given, "slot.closed_day", session_id=uuid4(), reason="other", note="市里统一安排"
        )
        (seen,) = await report(given.union)
        assert (seen["reason"]["code"], seen["note"]) == ("override.other", "市里统一安排")
        (envelope,) = await dispatch.envelopes(override)
        assert "市里" not in envelope.to_bytes().decode()

    async def test_a_college_grants_none(self, given):
        told = {"rule": "load.week", "reason": "other", "valid_until": str(given.monday)}
        answer = await given.office("smtc").post("/overrides", json=told)
        assert answer.status_code == 403


async def test_what_facts_bring_back_is_what_there_was(dispatch, given):
    await given.college()
    person = await given.person()
    first = await granted(given, "load.week", person_id=person, note="words")
    await granted(given, "slot.closed_day", session_id=uuid4())
    await given.union.post(f"/overrides/{first}/withdraw", json={})
    names = "override_id, rule, duty_id, is_batch, person_id, reason, valid_until, granted_by, withdrawn_by"
    rows = f"select {names} from override order by 1"
    async with dispatch.transactions.begin() as tx:
        before = [tuple(row) for row in await tx.driver.fetch(rows)]
        await tx.driver.execute("truncate override")
    for envelope in await dispatch.envelopes():
        if envelope.type.startswith("override."):
            async with dispatch.transactions.begin() as tx:
                await dispatch.service.evolution.fold(
                    tx, envelope.fact(), cause(actor=envelope.actor, time=envelope.time)
                )
    async with dispatch.transactions.begin() as tx:
        assert [tuple(row) for row in await tx.driver.fetch(rows)] == before
