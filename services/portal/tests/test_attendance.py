"""A session's sheet, as each desk sees it, and what stands on it; evaluation is asked, and nothing else decides."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from browsing import PASSWORD, log_in
from story_of_an_order import START, AnOrder, enterprise, id_of

from portal.accounts import commands

ORDER = AnOrder("attendance", "2026-0733")
SESSION = str(ORDER.session())
PAGE = f"/sessions/{SESSION}"
MISSED = ORDER.session(2)


def worker(n, **told):
    return {"worker_id": str(id_of(f"attendance/{n}")), "name": f"演示{n}", "standing": ["absent"]} | told


def correction(by, **told):
    return {
        "correction_id": str(id_of("correction")), "worker_id": worker(3)["worker_id"], "was": 0, "minutes": 90,
        "reason": {"code": "attendance.paper_list"}, "state": "proposed", "proposed_by": by,
        "proposed_at": START.isoformat(),
    } | told  # fmt: skip


def sheet(state="closed", **told):
    slot = ORDER.slot().model_dump(mode="json")
    at = ORDER.slot().starts_at.isoformat()
    record = {"minutes": 140, "way": "scan", "at": at, "class_hours": 3}
    guest = record | {"makes_up": str(MISSED)}
    return {
        "session_id": SESSION, "order_id": str(ORDER.order_id), "occupation": "6-31-01-03", "class_hours": 4,
        "slot": slot, "state": state, "confirmed": None, "answer_until": at, "person_times": 2, "absent": 2,
        "arrived_at": at, "corrections": [],
        "rows": [
            worker(1, signed_at=at, left_at=at, way="scan", standing=["late", "left_early"], attendance=record),
            worker(2, standing=["excused"], excused={"code": "excuse.illness"}),
            worker(3),
            worker(4, signed_at=at, standing=["present"], guest="make_up", attendance=guest),
        ],
    } | told  # fmt: skip


@pytest.fixture(scope="module")
async def house(portal):
    await portal.deliver(
        enterprise(), ORDER.submitted(), ORDER.accepted(), ORDER.scheduled(), ORDER.scheduled(2)
    )
    async with portal.transactions.begin() as tx:
        for name, role, of in (
            ("zhao", "union", "smftu"),
            ("qian", "union", "smftu"),
            ("works", "enterprise", "jinniu"),
        ):
            await commands.make_account(tx, name, PASSWORD, roles={role}, organisation=of, name=name)
        portal.accounts = {each.username: str(each.id) for each in await commands.list_accounts(tx)}
    return portal


async def seen(house, who, path=PAGE):
    return (await (await log_in(house, who)).get(path, params={"lang": "en"})).text


async def test_each_state_has_its_word_and_a_make_up_says_for_which_session(house, asked):
    asked({PAGE: sheet()})
    page = await seen(house, "works")
    for words in (
        "late",
        "left early",
        "excused",
        "is ill",
        "absent",
        "makes up",
        "for Fri 8 May",
        "140 minutes",
    ):
        assert words in page, words
    assert f'action="{PAGE}/correct"' not in page
    sheet_ = (await (await log_in(house, "works")).get(f"{PAGE}/list.xlsx", params={"lang": "en"})).content
    rows = list(openpyxl.load_workbook(BytesIO(sheet_)).active.values)
    assert [(row[1], row[2] or "") for row in rows[1:4]] == [
        ("late, left early", ""), ("excused", "is ill"), ("absent", ""),
    ]  # fmt: skip
    assert [row[-2:] for row in rows[1:3]] == [(140, 3), (0, 0)]


async def test_whoever_proposed_a_correction_does_not_decide_it(house, asked):
    sent = asked({PAGE: sheet(corrections=[correction(house.accounts["zhao"])]), "/corrections": []})
    waits = f"{PAGE}/corrections/{id_of('correction')}"
    own, other, works = [await seen(house, who) for who in ("zhao", "qian", "works")]
    assert "another person of the union decides it" in own
    assert f'action="{waits}/confirm"' in other
    assert f'action="{waits}/confirm"' not in own + works
    for page in (own, other, works):
        assert "0 → 90 minutes, as on the paper list" in page
    browser = await log_in(house, "qian")
    page = (await browser.get(PAGE)).text
    key = page.partition(f'action="{waits}/confirm"')[2].partition('value="')[2].partition('"')[0]
    answer = await browser.post(f"{waits}/confirm", data={"key": key})
    assert (answer.status_code, sent) == (
        303,
        [(f"/sessions/{SESSION}/corrections/{id_of('correction')}/confirm", None)],
    )
    assert "No correction waits" in await seen(house, "qian", "/corrections")


async def test_silence_is_called_silence_and_the_time_for_an_answer_is_told(house, asked):
    asked({PAGE: sheet()})
    assert "without a word until then it counts as confirmed" in await seen(house, "works")
    asked({PAGE: sheet("confirmed", confirmed="lapsed", answer_until=None)})
    assert "confirmed by silence" in await seen(house, "works")


async def test_somebody_is_excused_from_a_session_to_come_only(house, asked):
    slot = ORDER.slot().model_dump(mode="json")
    tomorrow = (await house.now()) + timedelta(days=1)
    ahead = slot | {"starts_at": tomorrow.isoformat(), "ends_at": (tomorrow + timedelta(hours=3)).isoformat()}
    sent = asked({PAGE: sheet("planned", slot=ahead, answer_until=None)})
    browser = await log_in(house, "works")
    page = (await browser.get(PAGE, params={"lang": "en"})).text
    assert "Is on leave" in page
    key = page.partition(f'action="{PAGE}/excuse"')[2].partition('value="')[2].partition('"')[0]
    told = {"worker": worker(1)["worker_id"], "why": "excuse.leave", "key": key}
    assert (await browser.post(f"{PAGE}/excuse", data=told)).status_code == 303
    assert sent == [
        (f"/sessions/{SESSION}/excuses", {"worker_id": worker(1)["worker_id"], "reason": "excuse.leave"})
    ]
    asked({PAGE: sheet()})
    assert f'action="{PAGE}/excuse"' not in await seen(house, "works")


async def test_sessions_confirmed_by_silence_stand_on_the_enterprises_page_and_sheet(house, asked):
    asked({f"/sessions?order_id={ORDER.order_id}": []})
    await house.deliver(ORDER.opened(), ORDER.closed(), ORDER.session_confirmed(lapsed=True))
    page = await seen(house, "works", "/sessions")
    assert "Confirmed by silence" in page
    sheet_ = (await (await log_in(house, "works")).get("/sessions.xlsx", params={"lang": "en"})).content
    states = {
        row[4]
        for row in openpyxl.load_workbook(BytesIO(sheet_)).active.iter_rows(min_row=2, values_only=True)
    }
    assert "confirmed by silence" in states
