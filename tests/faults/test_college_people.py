"""A college's people and their week: added, renewed, retired; time off looked at first, ended early; a calendar."""

import re
from dataclasses import replace
from io import BytesIO

import httpx
import pytest
from python_calamine import CalamineWorkbook

from .college import key_of, logged_in
from .story import ELECTRICIAN, good

DAY = "2027-04-12"
FORM = {"name": "周海", "home": "350404", "most_day": 2, "most_week": 5, "fair_load": 20}
CARD = {"occupation": [ELECTRICIAN, ""], "level": ["L2", ""], "does": ["teach", "teach"]}


class WithoutOffers(httpx.AsyncBaseTransport):
    """Everybody answers, but nobody tells what is offered."""

    def __init__(self, neighbours):
        self._neighbours = neighbours

    async def handle_async_request(self, request):
        if request.url.path == "/offers":
            raise httpx.ConnectError("nobody there", request=request)
        return await self._neighbours.handle_async_request(request)


@pytest.fixture
def house(college_house):
    return college_house


async def people(house, college="smtc"):
    found = good(await house.client("instructor-dispatch", "union").get("/instructors"))
    return {each["name"]: each for each in found if each["college_id"] == college}


async def test_somebody_is_added_renewed_wished_for_and_retired(house):
    client = await logged_in(house)
    page = (await client.get("/instructors/new", params={"lang": "en"})).text
    told = FORM | CARD | {"until": ["2027-03-20", ""], "key": key_of(page, "/instructors/new")}
    wrong = await client.post("/instructors/new", data=told | {"home": "999999"})
    assert wrong.status_code == 409
    assert "周海" in wrong.text  # what was typed stays
    told["key"] = key_of(wrong.text, "/instructors/new")
    answer = await client.post("/instructors/new", data=told)
    assert (answer.status_code, answer.headers["location"]) == (303, "/instructors?done=added")
    made = (await people(house))["周海"]
    assert (made["most_sessions_week"], made["fair_load"]) == (5, 20)
    path = f"/instructors/{made['person_id']}"
    page = (await client.get("/instructors", params={"lang": "en"})).text
    assert f'href="{path}#held"' in page  # it ends soon: renew
    assert "until 2027-03-20" in page
    page = (await client.get(path)).text
    told = FORM | CARD | {"until": ["2029-03-20", ""], "key": key_of(page, path)}
    assert (await client.post(path, data=told)).status_code == 303
    await older_forms_write_nothing_over(client, path, page, CARD | {"until": ["2029-03-20", ""]})
    wishes = {"avoids": ["eve"], "towns": ["350481"], "evenings": "1"}
    page = (await client.get(path)).text
    told = wishes | {"key": key_of(page, f"{path}/wishes")}
    assert (await client.post(f"{path}/wishes", data=told)).status_code == 303
    now = (await people(house))["周海"]
    assert now["qualifications"][0]["valid_until"] == "2029-03-20"
    assert (now["avoids"], now["prefers_divisions"], now["most_evenings_week"]) == (["eve"], ["350481"], 1)
    sheet = await client.get("/instructors.xlsx", params={"lang": "en"})
    rows = CalamineWorkbook.from_filelike(BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert rows[0][:4] == ["Name", "Home county (code)", "Occupation (code)", "Level (code)"]
    assert ["周海", "350404", ELECTRICIAN, "L2"] in [row[:4] for row in rows]
    page = (await client.get(path)).text
    answer = await client.post(f"{path}/retire", data={"key": key_of(page, f"{path}/retire")})
    assert (answer.status_code, answer.headers["location"]) == (303, "/instructors?done=retired")
    assert (await people(house))["周海"]["retired"]


async def older_forms_write_nothing_over(client, path, page, held):
    """What differs is shown before a press replaces it."""
    (seen,) = set(re.findall(r'name="seen" value="(\d+)"', page))
    page = (await client.get(path)).text
    told = {"avoids": ["eve"], "seen": seen, "key": key_of(page, f"{path}/wishes")}
    assert (await client.post(f"{path}/wishes", data=told)).status_code == 409
    told = FORM | held | {"most_week": 3, "seen": seen, "key": key_of(page, path)}
    stale = await client.post(path, data=told, params={"lang": "en"})
    assert stale.status_code == 409
    assert "Most sessions a week: 5" in stale.text, "what is saved"
    assert 'name="most_week" type="number" min="1" max="50" value="3"' in stale.text, "what was typed"
    assert "Qualifications:" not in stale.text, "they do not differ"


async def test_time_off_is_looked_at_before_it_is_stored_and_ended(house):
    client = await logged_in(house)
    held = good(await house.client("instructor-dispatch", "college").get("/offers?state=all"))
    live = next(each for each in held if each["person_id"] and each["state"] in {"offered", "firm"})
    person, day = live["person_id"], live["slot"]["day"]
    path = f"/timetable/{person}"
    asked = {"starts": f"{day}T00:00", "ends": f"{day}T23:59", "why": "time_off", "place": ""}
    seen = await client.get(path, params=asked | {"lang": "en"})
    assert seen.status_code == 200, seen.text
    touched = int(re.findall(r"It touches (\d+)", seen.text)[0])
    assert touched >= 1
    named = {each["person_id"]: each for each in (await people(house)).values()}
    assert named[person]["away"] == []
    answer = await client.post(f"{path}/off", data=asked | {"key": key_of(seen.text, f"{path}/off")})
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == f"/timetable?week={day}&done=registered&count={touched}"
    await house.carry()
    page = await client.get(answer.headers["location"])
    assert "time off" in page.text
    page = (await client.get(path)).text
    answer = await client.post(f"{path}/back", data={"which": 0, "key": key_of(page, f"{path}/back")})
    assert answer.status_code == 303, answer.text
    named = {each["person_id"]: each for each in (await people(house)).values()}
    assert named[person]["away"] == []
    nonsense = await client.get(path, params=asked | {"ends": "soon"})
    assert nonsense.status_code == 422
    backwards = await client.get(path, params=asked | {"ends": f"{day}T00:00"})
    assert backwards.status_code == 409


async def test_a_calendar_is_looked_at_and_taken_in(house):
    client = await logged_in(house)
    person = house.known["unqualified"]
    path = f"/timetable/{person}/calendar"
    event = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20270412T010000Z\r\nDTEND:20270412T030000Z\r\nEND:VEVENT"
    ics = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{event}\r\nEND:VCALENDAR\r\n"
    seen = await client.post(path, files={"file": ("own.ics", ics)}, params={"lang": "en"})
    assert "It takes 1 times, gives back 0, and touches 0 sessions" in seen.text
    answer = await client.post(f"{path}/take", data={"ics": ics, "key": key_of(seen.text, f"{path}/take")})
    assert (answer.status_code, answer.headers["location"]) == (303, "/timetable?done=calendar")
    page = await client.get("/timetable", params={"week": DAY})
    assert "calendar imported" in page.text
    sheet = await client.get("/timetable.xlsx", params={"week": DAY, "lang": "en"})
    rows = CalamineWorkbook.from_filelike(BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    taken = [row for row in rows if row[0] == "林不合格" and row[5] == "calendar imported"]
    assert [(f"{row[1]:%Y-%m-%d}", row[2]) for row in taken] == [(DAY, "09:00–11:00")]
    assert len({row[0] for row in rows[1:]}) == page.text.count('id="w-'), "whoever is free has a row too"
    transactions = house.services["portal"].transactions
    before = transactions.known
    deaf = replace(before.neighbours, transport=WithoutOffers(before.neighbours.transport))
    transactions.known = replace(before, neighbours=deaf)
    try:
        shown, sheet = [
            await client.get(each, params={"lang": "en"}) for each in ("/timetable", "/timetable.xlsx")
        ]
    finally:
        transactions.known = before
    assert ("not answer" in shown.text, 'id="w-' in shown.text, sheet.status_code) == (True, False, 503), (
        shown.text
    )
    for week in ("0001-01-01", "soon"):
        assert (await client.get("/timetable", params={"week": week})).status_code == 422
    broken = await client.post(path, files={"file": ("own.ics", "nothing of the kind")})
    assert broken.status_code == 409


async def test_fairness_has_the_mean_a_sheet_and_says_why_somebody_was_not_asked(house):
    client = await logged_in(house)
    told = good(await house.client("instructor-dispatch", "college").get("/fairness"))
    page = (await client.get("/fairness", params={"lang": "en"})).text
    mean = sum(each["sessions"]["has"] for each in told["people"]) / len(told["people"])
    (shown,) = re.findall(r'>Mean</td>(?:<td[^>]*></td>){2}<td class="num"[^>]*>([^<]+)</td>', page)
    assert shown == f"{mean:.1f}"
    assert set(re.findall(r'href="/fairness/why/([^"]+)"', page)) == {
        each["person_id"] for each in told["people"]
    }
    sheet = await client.get("/fairness.xlsx")
    rows = CalamineWorkbook.from_filelike(BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert sum(row[3] for row in rows[1:]) == sum(each["sessions"]["has"] for each in told["people"])
    page = await client.get(f"/fairness/why/{house.known['unqualified']}")
    assert page.status_code == 200, page.text
    assert "level too low" in page.text
    assert (await (await logged_in(house, "clerk")).get("/fairness.xlsx")).status_code == 403


async def test_they_are_the_colleges_own_pages(house):
    other = await logged_in(house, "other-office")
    mine = house.known["unqualified"]
    for path in (f"/instructors/{mine}", f"/timetable/{mine}"):
        assert (await other.get(path)).status_code == 404
    for name in ("coordinator", "clerk"):
        client = await logged_in(house, name)
        for path in (
            "/instructors",
            "/instructors.xlsx",
            "/timetable",
            "/timetable.xlsx",
            f"/timetable/{mine}",
        ):
            assert (await client.get(path)).status_code == 403
