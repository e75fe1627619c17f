"""How everybody stands to a session: places, every rule against, and a college sees its own people only."""

from uuid import uuid4

from instructor_dispatch.offers.standings import standings, without_its_own
from staffing.can import every_reason_against, reasons_against
from staffing.diary import Fixed, Kind

from .test_ranking import candidate, field  # noqa: F401


class TestStandings:
    def test_those_who_can_come_by_place_then_the_others_by_how_little_bars_them(self, field):  # noqa: F811
        given = field(
            candidate(1, home="350424"), candidate(2), candidate(3, level="L5"), candidate(4, held=100),
            candidate(5, level="L5", held=100),
        )  # fmt: skip
        found = standings(given)
        assert [(one.person_id.int, one.place) for one in found] == [(2, 1), (1, 2), (4, 0), (3, 0), (5, 0)]
        assert found[0].behind == ()
        assert [reason.code for reason in found[1].behind] == ["beside.more_driving"]
        assert [r.code for r in found[4].against] == ["qualification.too_low", "college.quota_total"]

    def test_whoever_is_asked_is_not_kept_away_by_that(self, field, book):  # noqa: F811
        given, offer = field(), uuid4()
        mine = Fixed(given.task.span, Kind.SESSION, given.task.place, offer)
        asked = field(candidate(1, things=(mine,)), candidate(2, things=(mine,)))
        found = standings(without_its_own(asked, offer, asked.candidates[0].person.person_id))
        assert [(one.person_id.int, one.place) for one in found] == [(1, 1), (2, 0)]
        for one in asked.candidates:
            told = every_reason_against(asked.task, one.person, one.load, book)
            assert bool(told) == bool(reasons_against(asked.task, one.person, one.load, book))


class TestPeopleOfASession:
    async def test_the_union_sees_all_and_a_college_its_own_placed_among_all(self, given):
        await given.college("smtc")
        await given.college("smu")
        mine, low = await given.person("smtc"), await given.person("smtc", level="L5")
        theirs = await given.person("smu")
        session = given.session()
        await given.confirmed(session)
        path = f"/sessions/{session.session_id}/people"
        seen = (await given.union.get(path)).json()
        assert {one["person_id"] for one in seen["people"]} == {str(mine), str(low), str(theirs)}
        assert (seen["free"], [one["place"] for one in seen["people"]]) == (2, [1, 2, 0])
        own = (await given.office("smtc").get(path)).json()
        assert own["people"] == [one for one in seen["people"] if one["college_id"] == "smtc"]
        assert own["free"] == 2
        barred = own["people"][-1]
        assert (barred["person_id"], barred["against"][0]["code"]) == (str(low), "qualification.too_low")
        # who is asked already is told as if nobody were
        asked = (await given.offer(session))["person_id"]
        assert next(one for one in seen["people"] if one["person_id"] == asked)["against"] == []

    async def test_no_session_and_nobody_else(self, given, dispatch):
        assert (await given.union.get(f"/sessions/{uuid4()}/people")).json()["code"] == "call.session_unknown"
        answer = await dispatch.client("enterprise", organisation="jinniu").get(f"/sessions/{uuid4()}/people")
        assert answer.status_code == 403
