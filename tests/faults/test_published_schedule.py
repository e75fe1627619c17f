"""The published schedule: settled classes and evaluations for everybody, without people and enterprises."""

import re


async def test_anybody_reads_what_is_to_come_and_no_names(house):
    client = house.services["portal"].client()
    to_first = await client.get("/schedule")
    assert to_first.headers["location"] == "/schedule/send-teachers-home"
    page = await client.get("/schedule/send-teachers-home", params={"lang": "en"})
    assert page.status_code == 200, page.text
    assert "set-cookie" not in page.headers
    assert "<script" not in page.text
    asked = {"order_id": house.known["order_id"]}
    sessions = (await house.client("scheduling", "union").get("/sessions", params=asked)).json()
    rows = re.findall(r'<tr role="row"><td class="keep first.*?</tr>', page.text, re.DOTALL)
    classes = [row for row in rows if ">class<" in row]
    assert len(classes) == len({each["cohort_id"] for each in sessions})
    assert "sessions, " in classes[0] or "session, " in classes[0]
    [batch] = [row for row in rows if ">evaluation<" in row]
    seen = (await house.client("evaluation", "union").get(f"/batches/{house.known['batch_id']}")).json()
    assert f"{len(seen['candidates'])} candidate" in batch
    for name in ("金牛", "Jinniu"):
        assert name not in page.text
    told = await client.get("/schedule/astrology", headers={"accept": "text/html", "accept-language": "en"})
    assert (told.status_code, "no such programme" in told.text) == (404, True)
