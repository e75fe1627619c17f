"""The phones, without scripts, through all five services: a session from opening to report, a batch seen again."""

import base64
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from evaluation import directory
from evaluation.delivery import codes
from evaluation.orders import commands as orders
from portal.accounts import commands
from servicekit.clock import now

from .house import neighbours_in_reach
from .story import EVALUATION_LINE, LINE, a_draft, a_played_house, good, sign

PASSWORD = "a-good-password"
KEY = re.compile(r'name="key" value="([^"]+)"')
TICKET = re.compile(r'name="ticket" value="([^"]+)"')
FIELD = re.compile(r'name="(mark-[a-z]+-[0-9a-f-]{36})"')


@pytest.fixture(scope="module")
async def house(played):
    """A house of its own, with an order of thirty and one of eighteen to be examined."""
    async with a_played_house(played) as house:
        clerk, union = house.client("order-intake", "enterprise"), house.client("order-intake", "union")
        for name, line, people in (("thirty", LINE, 30), ("eighteen", EVALUATION_LINE, 18)):
            order = house.known[name] = await a_draft(clerk, line, people=people)
            good(await clerk.post(f"/orders/{order}/submit"))
            good(await union.post(f"/orders/{order}/accept"))
            await house.carry()
            await sign(house, order)
        with neighbours_in_reach(house):
            yield house


async def until(house, moment):
    for service in house.services.values():
        await service.fire_deadlines(moment)
    await house.carry()


async def accepted(house, order, what):
    """Every offer of the order is accepted; who is sent."""
    college, sent = house.client("instructor-dispatch", "college"), []
    for offer in good(await college.get("/offers")):
        if offer["order_id"] == order and offer[what] and offer["state"] == "offered":
            good(await college.post(f"/offers/{offer['assignment_id']}/accept"))
            sent.append((offer[what], offer["person_id"]))
    await house.carry()
    return sent


async def logged_in(house, person, *roles):
    portal = house.services["portal"]
    name = f"p-{uuid4().hex[:8]}"
    async with portal.transactions.begin() as tx:
        await commands.make_account(
            tx, name, PASSWORD, roles=set(roles), organisation="smtc", person=person, name="演示老师"
        )
    client = portal.client()
    (key,) = KEY.findall((await client.get("/login")).text)
    answer = await client.post("/login", data={"username": name, "password": PASSWORD, "key": key})
    assert answer.status_code == 303, answer.text
    return client


async def press(client, path, address, **told):
    """Send the form of this page that goes to this address."""
    page = await client.get(path)
    assert page.status_code == 200, page.text
    form = page.text[page.text.index(f'action="{address}"') :]
    return await client.post(address, data={"key": KEY.search(form)[1]} | told)


async def endings(house, order):
    """The last four characters of everybody's ID number, as the workers know their own."""
    async with house.services["evaluation"].transactions.begin() as tx:
        known = await directory.known_workers(tx, (await orders.known(tx, order)).workers)
    return {str(worker): told.last_four for worker, told in known.items()}


async def test_an_instructor_opens_thirty_sign_in_by_code_and_it_is_closed_with_a_report_in_six_steps(house):
    order = house.known["thirty"]
    ((session, person), *_) = await accepted(house, order, "session_id")
    lead = house.client("evaluation", "instructor", person=person)
    slot = good(await lead.get(f"/sessions/{session}"))["slot"]
    starts, ends = (datetime.fromisoformat(slot[name]) for name in ("starts_at", "ends_at"))
    await until(house, starts)
    phone = await logged_in(house, person, "instructor")
    page, steps = f"/my/sessions/{session}", 0
    answer = await press(phone, "/my/week", f"{page}/open")
    steps += 1  # 1: Open session
    assert (answer.status_code, answer.headers["location"]) == (303, page)

    told = (await phone.get(f"{page}/sheet")).json()
    secret = base64.b64decode(told["secret"])
    by_ending = await endings(house, order)
    async with house.services["evaluation"].transactions.begin() as tx:
        window = codes.window_of(await now(tx), 15)
    worker = house.services["portal"].client()
    first = await worker.get(f"/s/{codes.code_of(secret, UUID(told['id']), window)}")
    cookie = first.headers["set-cookie"].lower()
    assert cookie.startswith("sj_phone=")
    assert {"path=/s", "httponly", "max-age=43200"} <= set(cookie.split("; "))
    assert len(by_ending) == 30
    twins = {ending for ending in by_ending.values() if list(by_ending.values()).count(ending) > 1}
    for who, ending in by_ending.items():
        scan = await worker.get(f"/s/{codes.code_of(secret, UUID(told['id']), window)}")
        assert scan.status_code == 200, scan.text
        assert len(scan.content) < 35_000
        answer = await worker.post("/s", data={"ticket": TICKET.search(scan.text)[1], "digits": ending})
        if ending in twins:  # two with the same ending are called by name
            assert answer.status_code == 409
            act = {"act_id": str(uuid4()), "worker_id": who, "at": starts.isoformat(), "way": "roll_call"}
            sent = await phone.post(f"{page}/sync", json={"acts": [act]})
            assert sent.json()["acts"][0]["outcome"] == "taken"
        else:
            assert answer.status_code == 200, answer.text
            assert "data-signed" in answer.text
    assert 'data-count="in">30<' in (await phone.get(page)).text

    early = await press(phone, page, f"{page}/close", plan="good", text="甲班很好")
    assert early.status_code == 409  # not over yet; what was written stays
    assert "甲班很好" in early.text
    closes = (ends - timedelta(minutes=10)).astimezone(ZoneInfo("Asia/Shanghai"))
    assert f'<span data-f="closes">{closes:%H:%M} 起可以下课<' in (await phone.get(page)).text
    await until(house, ends - timedelta(minutes=5))
    phone = await logged_in(house, person, "instructor")
    steps += 1  # 2: Close session leads down the page
    steps += 3  # 3-5: three taps
    taps = {"plan": "good", "class": "good", "place": "so"}
    answer = await press(phone, page, f"{page}/close", text="甲班很好", **taps)
    steps += 1  # 6: Close and send
    assert (answer.status_code, steps) == (303, 6)
    sheet = good(await lead.get(f"/sessions/{session}"))
    assert (sheet["state"], sheet["person_times"], sheet["absent"]) == ("closed", 30, 0)
    assert sheet["report_text"] == "按计划完成；学员投入；设备不足；甲班很好"
    again = await worker.get(f"/s/{codes.code_of(secret, UUID(told['id']), window)}")
    assert (again.status_code, "data-signed" in again.text) == (409, False)


async def test_forged_old_and_foreign_codes_are_refused_by_name_and_nothing_is_kept(house):
    worker = house.services["portal"].client()
    async with house.nothing_stored("evaluation"):
        for code in ("x", "签到", codes.code_of(b"o" * 32, uuid4(), 7)):
            answer = await worker.get(f"/s/{code}", headers={"accept-language": "en"})
            assert answer.status_code == 409
            assert "no sign-in code" in answer.text
        answer = await worker.post("/s", data={"ticket": str(uuid4()), "digits": "1234"})
        assert answer.status_code == 409
        answer = await worker.post("/s", data={"ticket": "x", "digits": "１２３４"})
        assert answer.status_code == 409


async def test_a_phone_is_not_anybodys(house):
    stranger = await logged_in(house, house.known["others_person"], "instructor")
    session = house.known["session_id"]
    assert (await stranger.get(f"/my/sessions/{session}")).status_code == 404
    assert (await stranger.get(f"/my/sessions/{session}/sheet")).status_code == 404
    assert (await stranger.get("/my/batches")).status_code == 403
    foreign = await stranger.post(
        f"/my/sessions/{session}/sync", json={"acts": []}, headers={"sec-fetch-site": "cross-site"}
    )
    assert foreign.status_code == 403
    act = {
        "act_id": str(uuid4()),
        "worker_id": str(uuid4()),
        "at": datetime.now(UTC).isoformat(),
        "way": "roll_call",
    }
    async with house.nothing_stored("evaluation"):
        sent = {"open": True, "acts": [act], "close": "x"}
        told = (await stranger.post(f"/my/sessions/{session}/sync", json=sent)).json()
    assert (told["open"]["done"], told["acts"], told["close"]) == (False, [], None)
    assert told["wrong"]
    week = await stranger.get("/my/week", params={"lang": "en"})
    assert "No sessions within two weeks" in week.text


async def test_the_second_assessor_confirms_eighteen_with_two_differences(house):
    order = house.known["eighteen"]
    union = house.client("evaluation", "union")
    async with house.services["evaluation"].transactions.begin() as tx:
        day = (await now(tx)).date() + timedelta(days=7 - (await now(tx)).weekday())
    planned = {"line": 1, "day": day.isoformat(), "band": "am"}
    batch = good(await union.post(f"/orders/{order}/batches", json=planned))["batch_id"]
    await house.carry()
    sent = await accepted(house, order, "batch_id")
    assert len(sent) >= 2, "two assessors are firm"
    slot = good(await union.get(f"/batches/{batch}"))["slot"]
    await until(house, datetime.fromisoformat(slot["starts_at"]))
    one, other = [await logged_in(house, person, "assessor") for _, person in sent[:2]]
    path = f"/my/batches/{batch}/marks"

    first = await one.get(path)
    fields = FIELD.findall(first.text)
    assert len(fields) == 36
    key = KEY.findall(first.text)[-1]
    async with house.nothing_stored("evaluation"):  # one wrong, and none is taken
        for wrong in ("100.5", "缺考", "６０"):
            told = dict.fromkeys(fields, "70") | {fields[5]: wrong, "key": key}
            refused = await one.post(path, data=told)
            assert refused.status_code == 422
            assert f'value="{wrong}"' in refused.text
            assert wrong in refused.text.split('role="alert"')[-1].split("</p>")[0]
        stranger = await one.post(path, data={f"mark-theory-{uuid4()}": "70", "key": key})
        assert stranger.status_code == 422
    assert (await one.post(path, data=dict.fromkeys(fields, "70") | {"key": key})).status_code == 303
    assert FIELD.findall((await one.get(path)).text) == []  # it waits for somebody else

    steps = 0
    batches = (await other.get("/my/batches")).text
    assert (batch in batches, "评价中" in batches, ">marking<" in batches) == (True, True, False)
    steps += 1
    assert path in (await other.get(f"/my/batches/{batch}")).text
    steps += 1
    blind = await other.get(path, params={"lang": "zh"})
    steps += 1
    assert "确认 18 人" in blind.text
    assert "70" not in re.sub(r"<[^>]*>", " ", blind.text)
    told = dict.fromkeys(fields, "70") | {
        fields[0]: "59.5",
        fields[7]: "71",
        "key": KEY.findall(blind.text)[-1],
    }
    assert (await other.post(path, data=told)).status_code == 303
    steps += 1
    seen = await other.get(path)
    assert steps <= 8
    assert "两次录入不一致：2 处" in seen.text
    assert sorted(FIELD.findall(seen.text)) == sorted([fields[0], fields[7]])
    standing = good(await union.get(f"/batches/{batch}"))["candidates"]
    assert sum(each["state"] == "assessed" for each in standing) == 16
    assert sum(len(each["differences"]) for each in standing) == 2  # the union sees both values

    anew = {fields[0]: "70", fields[7]: "71", "key": KEY.findall(seen.text)[-1]}
    assert (await other.post(path, data=anew)).status_code == 303
    settled = await one.get(path)
    anew["key"] = KEY.findall(settled.text)[-1]
    assert (await one.post(path, data=anew)).status_code == 303
    standing = good(await union.get(f"/batches/{batch}"))["candidates"]
    assert {each["state"] for each in standing} == {"assessed"}
