"""Who signed, as people write it, and the page on which it is entered."""

import pytest
from browsing import KEY, PASSWORD, log_in
from story_of_an_order import AnOrder, id_of

from portal.accounts import commands
from portal.desks.sheets.typed import MOST, read

ORDER = AnOrder()
SESSION = str(ORDER.session())
LIST = f"/sessions/{SESSION}/list"
TOLD = {
    "session_id": SESSION, "state": "open", "mark": "abcdefghij",
    "lines": [
        {"no": 1, "worker_id": str(id_of("w1")), "name": "张三", "signed_at": "2026-05-07T01:01:00Z", "way": "scan",
         "again": [{"at": "2026-05-07T01:00:00Z", "way": "paper"}]},
        {"no": 2, "worker_id": str(id_of("w2")), "name": "李四", "lacks": "䶻"},
    ],
}  # fmt: skip


@pytest.mark.rules
class TestTyped:
    @pytest.mark.parametrize(
        ("text", "lines"),
        [
            ("1-3, 5", [{"no": 1}, {"no": 2}, {"no": 3}, {"no": 5}]),
            ("１－２，４", [{"no": 1}, {"no": 2}, {"no": 4}]),
            ("17 late 20; 3至4", [{"no": 17, "late": 20}, {"no": 3}, {"no": 4}]),
            ("17迟到20分钟、18 签到8：50", [{"no": 17, "late": 20}, {"no": 18, "came": "08:50"}]),
            ("9签退11:00", [{"no": 9, "left": "11:00"}]),
            ("2 in 9:05\n3 out 10:30", [{"no": 2, "came": "09:05"}, {"no": 3, "left": "10:30"}]),
            ("7,7", [{"no": 7}, {"no": 7}]),
        ],
        ids=["ranges", "full_width", "late", "chinese", "left", "lines", "twice"],
    )  # fmt: skip
    def test_people_write_it_in_many_ways(self, text, lines):
        assert read(text) == read(f" {text} ,")
        assert list(read(text).lines) == lines

    @pytest.mark.parametrize(
        "text", ["x", "5-3", "0", "1 late", "2 in 25:00", "1-9999", "3 late 5 in 9:00", "1 2"]
    )
    def test_what_nobody_can_read_is_told(self, text):
        assert read(f"1, {text}").unread == (text,)

    def test_ticked_rows_count_as_well_and_once(self):
        assert list(read("2 late 5", [1, 2, 1]).lines) == [{"no": 2, "late": 5}, {"no": 1}]
        assert len(read("1-400, 1-400").lines) == 400 < MOST


@pytest.fixture(scope="module")
async def house(portal):
    await portal.deliver(
        ORDER.submitted(), ORDER.accepted(), ORDER.confirmed(), ORDER.scheduled(), ORDER.opened()
    )
    async with portal.transactions.begin() as tx:
        for role, organisation in (("union", "smftu"), ("enterprise", "jinniu")):
            await commands.make_account(
                tx, role, PASSWORD, roles={role}, organisation=organisation, name=role
            )
    return portal


async def test_the_list_is_shown_and_what_was_written_stays_when_it_cannot_be_read(house, asked):
    asked({LIST: TOLD})
    browser = await log_in(house, "union")
    page = (await browser.get(f"/sheets/{SESSION}", params={"lang": "zh"})).text
    for words in (
        "李四",
        "校验码 ABCDEFGHIJ",
        "另有 纸质签到",
        "2 号李四：现有字体中没有“䶻”",
        f"/sheets/{SESSION}/list.pdf",
    ):
        assert words in page
    assert (
        "名单有变动"
        in (await browser.get(f"/sheets/{SESSION}", params={"k": "jihgfedcba", "lang": "zh"})).text
    )
    key = KEY.findall(page)[-2]
    wrong = await browser.post(f"/sheets/{SESSION}/look", data={"key": key, "who": "1, 谁"})
    assert (wrong.status_code, "读不懂：谁" in wrong.text, ">1, 谁</textarea>" in wrong.text) == (
        422,
        True,
        True,
    )
    file = await browser.get(f"/sheets/{SESSION}/list.xlsx")
    assert (file.status_code, file.content[:2]) == (200, b"PK")


async def test_it_is_nobodys_business_at_the_enterprise(house, asked):
    asked({LIST: TOLD})
    browser = await log_in(house, "enterprise")
    assert (await browser.get(f"/sheets/{SESSION}")).status_code == 403
