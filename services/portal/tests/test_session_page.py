"""The page of a session as it was held, and its photos, of one's own and of others."""

import httpx
import pytest
from browsing import KEY, PASSWORD, log_in
from story_of_an_order import START, AnOrder, id_of

from portal.accounts import commands
from portal.desks.instructor.pages import handed_out

ORDER = AnOrder()
SESSION, PHOTO = str(ORDER.session()), str(id_of("photo"))
PATH = f"/sessions/{SESSION}"
PICTURE = f"{PATH}/photos/{PHOTO}"
SHEET = {
    "session_id": SESSION, "order_id": str(ORDER.order_id), "occupation": "6-31-01-03", "class_hours": 4,
    "slot": ORDER.slot().model_dump(mode="json"), "state": "closed",
    "rows": [
        {"worker_id": str(ORDER.worker(0)), "name": "张三", "signed_in": True, "standing": ["present"],
         "attendance": {"minutes": 160, "way": "roll_call", "on_paper": True}},
        {"worker_id": str(ORDER.worker(1)), "name": "李四", "signed_in": False, "standing": ["absent"]},
    ],
    "person_times": 1, "absent": 1,
}  # fmt: skip
REPORT = {
    "session_id": SESSION, "state": "closed", "incidents": ["incident.power"], "incident_text": "停电十分钟",
    "materials": [{"material": "material.handout", "count": 30}], "report_text": "按计划完成",
    "photos": [
        {"photo_id": PHOTO, "sha256": "9f" * 32, "size": 180_000, "kept_at": START.isoformat(), "place": "26.2,117.6"}
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
async def house(portal):
    await portal.deliver(
        ORDER.submitted(), ORDER.accepted(), ORDER.confirmed(), ORDER.scheduled(), ORDER.offered(),
        ORDER.offer_accepted(), ORDER.opened(), ORDER.closed(there=1),
    )  # fmt: skip
    async with portal.transactions.begin() as tx:
        for login, role, organisation in (
            ("union", "union", "smftu"), ("jinniu", "enterprise", "jinniu"), ("other", "enterprise", "bgzb"),
        ):  # fmt: skip
            await commands.make_account(
                tx, login, PASSWORD, roles={role}, organisation=organisation, name=login
            )
        await commands.make_account(
            tx, "lead", PASSWORD, roles={"instructor"}, organisation="smtc", person=ORDER.person, name="lead"
        )
    return portal


@pytest.mark.parametrize("login", ["union", "jinniu", "lead"])
async def test_it_shows_who_was_there_what_happened_and_the_photos(house, asked, login):
    asked({PATH: SHEET, f"{PATH}/report": REPORT})
    page = await (await log_in(house, login)).get(PATH, params={"lang": "zh"})
    assert page.status_code == 200
    for words in ("张三", "纸质签到", "160", "停电或断网", "停电十分钟", "讲义 30 份", "按计划完成", "26.2,117.6",
                  f'src="{PICTURE}.jpg?small=1"', "9f9f9f9f9f9f9f9f…"):  # fmt: skip
        assert words in page.text
    assert "img-src 'self' data:" in page.headers["content-security-policy"]


async def test_while_evaluation_does_not_answer_it_is_said(house, asked):
    asked({})
    page = await (await log_in(house, "jinniu")).get(PATH, params={"lang": "en"})
    assert page.status_code == 503
    asked({PATH: SHEET})
    page = await (await log_in(house, "jinniu")).get(PATH, params={"lang": "en"})
    assert (page.status_code, "张三" in page.text, "Photos" in page.text) == (200, True, False)


async def test_a_picture_is_a_picture_and_nothing_else(house, asked, monkeypatch):
    asked({PICTURE: "picture"})
    answer = await (await log_in(house, "jinniu")).get(f"{PICTURE}.jpg")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    asked({})
    assert (await (await log_in(house, "jinniu")).get(f"{PICTURE}.jpg")).status_code == 503


async def test_the_lead_sends_photos_without_a_script(house, asked, monkeypatch):
    told = {PATH: SHEET | {"session_id": SESSION, "order_id": str(ORDER.order_id), "occupation": "6-31-01-03",
                           "class_hours": 4, "slot": ORDER.slot().model_dump(mode="json"), "state": "closed",
                           "rows": []},
            f"{PATH}/report": REPORT}  # fmt: skip
    asked(told)
    browser = await log_in(house, "lead")
    page = await browser.get(f"/my/sessions/{SESSION}")
    assert f'action="/my/sessions/{SESSION}/photos"' in page.text
    key = KEY.findall(page.text)[-1]
    none = await browser.post(f"/my/sessions/{SESSION}/photos", data={"key": key})
    assert none.status_code == 422
    sent = []

    async def ask_as(_, service, path, token, **given):
        sent.append((service, path, given["file"][0], given["beside"]))
        if len(sent) > 1:
            problem = {"code": "photo.no_image", "parameters": {}, "sentences": {"zh": "不是可读取的照片"}}
            answer = httpx.Response(422, json=problem, request=httpx.Request("POST", "http://evaluation"))
            raise httpx.HTTPStatusError("refused", request=answer.request, response=answer)
        return b"{}"

    monkeypatch.setattr("servicekit.neighbours.Neighbours.ask_as", ask_as)
    key = KEY.findall(none.text)[-1]
    files = [("photo", ("a.jpg", b"one")), ("photo", ("b.jpg", b"two")), ("beside", ("beside", b"Exif"))]
    answer = await browser.post(
        f"/my/sessions/{SESSION}/photos", data={"key": key}, files=files, params={"lang": "zh"}
    )
    assert (answer.status_code, "第 2 张照片未保存" in answer.text) == (409, True)
    assert sent == [
        ("evaluation", f"{PATH}/photos", "a.jpg", ("beside", b"Exif")),
        ("evaluation", f"{PATH}/photos", "b.jpg", None),
    ]


@pytest.mark.rules
def test_what_was_handed_out_is_told_by_its_number():
    form = {
        "material.handout": " 30 ",
        "material.tools": "",
        "material.textbook": "0",
        "text": "9",
        "material.x": "-1",
    }
    assert [(each.material, each.count) for each in handed_out(form)] == [("material.handout", 30)]
