"""Improvements and scenarios of the whole plan on their page: asked for, stopped, thrown away."""

import re
from io import BytesIO

import openpyxl
import pytest

from .scheme import logged_in


@pytest.fixture
def house(scheme_house):
    return scheme_house


RUN_KEY = re.compile(
    r'name="key" value="([^"]+)"><input type="hidden" name="kind" value="scenarios">'
    r'<input type="hidden" name="run" value="([^"]+)"><input type="hidden" name="what" value="([^"]+)"'
)


async def a_scenario(house):
    told = {"name": "夏季少一间教室", "changes": [{"kind": "rooms", "enterprise_id": "jinniu", "rooms": 1}]}
    async with house.client("scheduling", "union") as client:
        answer = await client.post("/federation/scenarios", json=told)
        assert answer.status_code == 201, answer.text
        return answer.json()["run_id"]


async def acts_on(client, run):
    """The keys of the forms of this run, by what they do; and the page."""
    page = await client.get("/federation", params={"lang": "en"})
    assert page.status_code == 200, page.text
    return {what: key for key, of, what in RUN_KEY.findall(page.text) if of == run}, page.text


async def test_a_better_plan_is_asked_for_on_the_page(house):
    client = await logged_in(house)
    page = (await client.get("/federation", params={"lang": "en"})).text
    (key,) = re.findall(r'action="/federation/ask"><input type="hidden" name="key" value="([^"]+)"', page)
    answer = await client.post("/federation/ask", data={"price": "75", "key": key})
    assert (answer.status_code, answer.headers["location"]) == (303, "/federation")
    page = (await client.get("/federation")).text
    assert "Seek a better plan" in page
    acts = re.findall(r'value="improvements">.*?name="what" value="([a-z]+)"', page)
    assert set(acts) == {"stop", "drop"}
    assert (await client.post("/federation/ask", data={"price": "75", "key": key})).status_code == 403
    assert (await client.post("/federation/ask", data={"price": "-1", "key": key})).status_code == 422
    clerk = await logged_in(house, "clerk")
    assert (await clerk.post("/federation/ask", data={"price": "75", "key": key})).status_code == 403


async def test_runs_of_the_whole_plan_are_stopped_and_thrown_away_on_their_page(house):
    run, client = await a_scenario(house), await logged_in(house)
    keys, page = await acts_on(client, run)
    assert keys.keys() == {"stop", "drop"}
    for word in ("夏季少一间教室", "being prepared", "Change points", "another number of rooms"):
        assert word in page, word
    lines = await client.get(f"/federation/scenarios/{run}", params={"lang": "en"})
    assert lines.status_code == 200, lines.text
    for word in ("夏季少一间教室", run[-6:], "No session would be elsewhere"):
        assert word in lines.text, word
    assert f'href="/federation/scenarios/{run}"' in page
    missing = await client.get(f"/federation/improvements/{run}", params={"lang": "en"})
    assert (missing.status_code, "There is no such run" in missing.text) == (404, True)
    sheet = await client.get(f"/federation/scenarios/{run}/list.xlsx", params={"lang": "en"})
    assert (
        next(openpyxl.load_workbook(BytesIO(sheet.content)).active.iter_rows(values_only=True))[0] == "Order"
    )
    nowhere = f"/federation/improvements/{run}"
    assert (await client.get(f"{nowhere}/list.xlsx")).headers["location"] == nowhere, "which says why"
    told = {"kind": "scenarios", "run": run, "what": "stop", "key": keys["stop"]}
    answer = await client.post("/federation/act", data=told)
    assert (answer.status_code, answer.headers["location"]) == (303, "/federation")
    keys, page = await acts_on(client, run)
    assert keys.keys() == {"adopt", "drop"}
    told = {"kind": "scenarios", "run": run, "what": "adopt", "key": keys["adopt"]}
    answer = await client.post("/federation/act", data=told, params={"lang": "en"})
    assert answer.status_code == 409
    assert "There is nothing to adopt; it is stopped" in answer.text
    told = {"kind": "scenarios", "run": run, "what": "drop", "key": keys["drop"]}
    assert (await client.post("/federation/act", data=told)).status_code == 303
    assert (await acts_on(client, run))[0] == {}
    for name in ("clerk", "chief"):
        client = await logged_in(house, name)
        assert (await client.get("/federation")).status_code == 403
        assert (await client.get(f"/federation/scenarios/{run}")).status_code == 403
        assert (await client.post("/federation/act", data=told)).status_code == 403
