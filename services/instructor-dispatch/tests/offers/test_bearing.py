"""What an offer puts on whom it proposes, who could come instead, and what a time away would touch."""

from datetime import date, timedelta

import pytest

from instructor_dispatch.offers.bearing import Bearing, bearing
from staffing.diary import Diary, Fixed, Kind, Place
from staffing.moments import Span, at

THURSDAY = date(2026, 9, 17)


@pytest.mark.rules
class TestBearing:
    def test_the_drive_is_there_and_back_and_what_is_on_the_way_adds_less(self, book):
        slot, works = book.slot(THURSDAY, "am"), Place("350481", "works")
        alone = bearing(slot, works, "350404", Diary(), book)
        assert alone.minutes == 2 * book.travel.minutes(Place("350404"), works)
        assert alone.week == 1
        after = Span(at(THURSDAY, 14 * 60), at(THURSDAY, 17 * 60))
        same = Diary([Fixed(after, Kind.SESSION, works)])
        assert bearing(slot, works, "350404", same, book) == Bearing(0, 2)
        assert bearing(slot, None, "350404", Diary(), book).minutes == 0

    def test_only_sessions_of_the_same_week_count(self, book):
        monday = THURSDAY - timedelta(days=3)
        things = [
            Fixed(Span(at(monday + timedelta(days=day), 600), at(monday + timedelta(days=day), 700)), kind)
            for day, kind in ((-1, Kind.SESSION), (6, Kind.SESSION), (7, Kind.SESSION), (2, Kind.LESSON))
        ]
        assert bearing(book.slot(THURSDAY, "am"), None, "350404", Diary(things), book).week == 2


async def an_offer(given, **how):
    session = given.session(**how)
    await given.confirmed(session)
    return await given.offer(session)


class TestThePages:
    async def test_a_college_sees_what_its_offers_put_on_its_people(self, given):
        await given.college("smtc")
        await given.college("smu")
        mine = await given.person("smtc")
        first = await an_offer(given, day=0, proposed=mine)
        second = await an_offer(given, day=1, proposed=mine)
        seen = {one["assignment_id"]: one for one in (await given.office("smtc").get("/burdens")).json()}
        assert {one["person_id"] for one in seen.values()} == {str(mine)}
        assert [seen[each["assignment_id"]]["week"] for each in (first, second)] == [2, 2]
        assert all(one["most_week"] == 6 and one["minutes"] >= 0 for one in seen.values())
        assert (await given.office("smu").get("/burdens")).json() == []

    async def test_who_could_come_instead_and_why_others_not(self, given):
        await given.college("smtc")
        await given.college("smu")
        mine, other = await given.person("smtc"), await given.person("smtc")
        low = await given.person("smtc", level="L5")
        await given.person("smu")
        offer = await an_offer(given, proposed=mine)
        path = f"/offers/{offer['assignment_id']}/people"
        seen = (await given.office("smtc").get(path)).json()
        assert [(one["person_id"], one["place"]) for one in seen] == [(str(other), 1), (str(low), 0)]
        assert (seen[0]["week"], seen[0]["against"]) == (1, [])
        assert seen[1]["against"][0]["code"] == "qualification.too_low"
        assert (await given.office("smu").get(path)).json()["code"] == "offer.unknown"

    async def test_what_a_time_away_would_touch_is_what_it_frees(self, given):
        await given.college("smtc")
        mine, other = await given.person("smtc"), await given.person("smtc")
        session = given.session(day=0, proposed=mine)
        await given.confirmed(session)
        offer = await given.offer(session)
        await given.accept(offer)
        later = await an_offer(given, day=3, proposed=mine)
        away = {
            "starts_at": (begins := f"{given.monday}T00:00:00+08:00"),
            "ends_at": f"{given.monday + timedelta(days=1)}T00:00:00+08:00",
            "reason": "illness",
        }
        office = given.office("smtc")
        path = f"/instructors/{mine}/absences"
        seen = await office.post(f"{path}/preview", json=away)
        assert seen.status_code == 200, seen.text
        assert [one["assignment_id"] for one in seen.json()["touched"]] == [offer["assignment_id"]]
        assert await given.reserved(mine)
        assert (await given.union.get("/instructors")).json()[0]["away"] == []
        refused = await office.post(f"{path}/preview", json=away | {"ends_at": begins})
        assert refused.json()["code"] == "absence.ends_before_it_begins"
        done = (await office.post(path, json=away)).json()
        assert done["freed"] == [offer["assignment_id"]]
        assert later["person_id"] == str(mine)
        assert str(other) == (await given.offer(session))["person_id"]
