"""Questions about a scheme's lines, and changes of it by hand: each looked at first, by forms without a script."""

import html
import re

import pytest

from .scheme import SEEN, desk, logged_in, path, seen_on


@pytest.fixture
def house(scheme_house):
    return scheme_house


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("When it was chosen", "are qualified", "What would help", "slots and", "Every slot between")),
        ("zh", ("选定时", "有资格", "怎样才行", "个时段", "每个时段")),
    ],
)
async def test_every_line_can_be_asked_about_in_both_languages(house, language, words):
    client = await logged_in(house)
    lines = re.findall(r'class="wy-ask" href="([^"]+)"', (await client.get(path(house))).text)
    assert len(lines) == len((await desk(house))["sessions"])
    told = await client.get(lines[0], params={"lang": language})
    assert told.status_code == 200, told.text
    other = await client.get(lines[0], params={"day": "2027-04-17", "band": "eve"})
    assert other.status_code == 200, other.text
    for word in words:
        assert word in told.text + other.text, word
    for room in ("chosen.", "beside.", "slot.", "unlock.", "asked."):
        assert (
            re.findall(rf"\b{re.escape(room)}[a-z_]+", re.sub("<[^>]*>", " ", told.text + other.text)) == []
        )
    for name in ("clerk", "chief"):
        assert (await (await logged_in(house, name)).get(lines[0])).status_code == 403


async def test_everybody_is_grouped_by_the_rule_the_nearest_first_and_found_by_words(house):
    client = await logged_in(house)
    (line, *_) = re.findall(r'class="wy-ask" href="([^"]+)"', (await client.get(path(house))).text)
    async with house.client("scheduling", "union") as scheduling:
        people = (await scheduling.get(f"{line}/people")).json()["people"]
    page = (await client.get(line, params={"lang": "en"})).text
    groups = re.findall(r"<summary>([^<]+): (\d+)</summary>", page)
    assert sum(int(count) for _, count in groups) == len(people)
    assert groups[0] == ("Can come", str(sum(one["can_come"] for one in people)))
    assert len(groups) == 1 + len({one["against"][0]["code"] for one in people if not one["can_come"]})
    first = page.partition('id="people"')[2]
    (name, *_) = re.findall(r'class="keep first[^"]*" role="cell">([^<]+)<', first)
    found = (await client.get(line, params={"whom": name})).text.partition('id="people"')[2]
    assert sum(int(count) for count in re.findall(r"<summary>[^<]+: (\d+)</summary>", found)) >= 1
    assert all(" open" in part for part in re.findall(r"<details[^>]*>", found))
    nobody = await client.get(line, params={"whom": "nobody is called so"})
    assert "Nobody is like that." in nobody.text


HAND = re.compile(r'name="key" value="([^"]+)"><input type="hidden" name="changes" value="([^"]+)"')
UNDO = re.compile(r'/by-hand/undo"><input [^>]*><input type="hidden" name="key" value="([^"]+)"')


@pytest.mark.parametrize(
    ("language", "words", "broken"),
    [
        (
            "en",
            ("Ask about a change", "Safe use"),
            "What could be done instead",
        ),
        ("zh", ("试算一项调整", "安全用电"), "可行的办法"),
    ],
)
async def test_what_a_move_breaks_is_looked_at_in_both_languages(house, language, words, broken):
    client = await logged_in(house)
    page = await client.get(f"{path(house)}/by-hand", params={"lang": language})
    assert page.status_code == 200, page.text
    for word in words:
        assert word in page.text, word
    before = await desk(house)
    first, second = before["sessions"][:2]
    asked = {"do": "move", "session_id": first["session_id"], "day": second["day"], "band": second["band"]}
    page = await client.get(f"{path(house)}/by-hand", params=asked | {"lang": language})
    assert page.status_code == 200, page.text
    assert broken in page.text
    assert "hand." not in page.text.replace("by-hand.", "")  # no word is missing
    assert "slot." not in page.text
    assert (await desk(house))["version"] == before["version"]
    page = await client.get(f"{path(house)}/by-hand", params={"do": "guess"})
    assert page.status_code == 200, page.text
    assert 'role="alert"' in page.text


async def test_the_free_days_of_a_session_are_offered_in_words_and_keep_every_rule(house):
    client = await logged_in(house)
    first, *_ = (await desk(house))["sessions"]
    asked = {"of": first["session_id"], "lang": "en"}
    page = (await client.get(f"{path(house)}/by-hand", params=asked)).text
    assert f'<option value="{first["session_id"]}" selected>' in page
    free = re.findall(r'<li><a href="([^"?]+\?do=move[^"]+)#looked">([^<]+)</a>', page)
    assert free, "nothing stands against some time"
    looked = await client.get(f"{html.unescape(free[0][0])}&lang=en")
    assert "What you ask about" in looked.text
    assert "Rules that it breaks" not in looked.text
    assert re.match(r"\w{3} \d+ \w{3} ", free[0][1]), "a day with its weekday"
    unknown = await client.get(
        f"{path(house)}/by-hand", params={"of": "00000000-0000-0000-0000-000000000001"}
    )
    assert (unknown.status_code, 'role="alert"' in unknown.text) == (200, True)


async def test_a_session_is_pinned_and_let_go_by_its_form_and_the_differences_are_told(house):
    client = await logged_in(house)
    before = await desk(house)
    page = (await client.get(f"{path(house)}/by-hand", params={"lang": "en"})).text
    key, changes = next((k, html.unescape(c)) for k, c in HAND.findall(page) if "pin" in c)
    told = {"key": key, "changes": changes, "seen": seen_on(page)}
    answer = await client.post(f"{path(house)}/by-hand", data=told)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path(house)}/by-hand?done=changes")
    assert sum(s["pinned"] for s in (await desk(house))["sessions"]) == 1
    assert (await client.post(f"{path(house)}/by-hand", data=told)).status_code == 403
    page = (await client.get(answer.headers["location"], params={"done": "changes", "lang": "en"})).text
    assert f"this is version {before['version'] + 1}" in page
    assert f"What differs from version {before['version']}" in page
    (undo,) = UNDO.findall(page)
    answer = await client.post(f"{path(house)}/by-hand/undo", data={"key": undo, "seen": seen_on(page)})
    assert answer.status_code == 303, answer.text
    after = await desk(house)
    assert (after["version"], after["hash"]) == (before["version"] + 2, before["hash"])
    assert not any(s["pinned"] for s in after["sessions"])
    page = (await client.get(f"{path(house)}/by-hand")).text
    (undo,) = UNDO.findall(page)
    refused = await client.post(f"{path(house)}/by-hand/undo", data={"key": undo, "seen": seen_on(page)})
    assert refused.status_code == 409
    assert 'role="alert"' in refused.text


async def test_what_somebody_else_changed_meanwhile_is_not_written_over(house):
    client = await logged_in(house)
    earlier = (await client.get(f"{path(house)}/by-hand", params={"lang": "en"})).text
    (first, changes), (second, others) = [
        (k, html.unescape(c)) for k, c in HAND.findall(earlier) if '"pin"' in html.unescape(c)
    ][:2]
    seen = seen_on(earlier)
    told = {"key": first, "changes": changes, "seen": seen}
    assert (await client.post(f"{path(house)}/by-hand", data=told)).status_code == 303
    before = await desk(house)
    late = await client.post(
        f"{path(house)}/by-hand", data={"key": second, "changes": others, "seen": seen}, params={"lang": "en"}
    )
    assert late.status_code == 409
    assert "It was changed meanwhile" in late.text
    assert f"What differs from version {before['version'] - 1}" in late.text
    assert (await desk(house))["version"] == before["version"]
    page = (await client.get(f"{path(house)}/by-hand")).text
    (undo,) = UNDO.findall(page)
    await client.post(f"{path(house)}/by-hand/undo", data={"key": undo, "seen": seen_on(page)})


async def test_a_change_that_is_no_change_is_refused_in_words(house):
    client = await logged_in(house)
    for page in (f"{path(house)}/by-hand", path(house)):
        shown = (await client.get(page)).text
        key = re.findall(r'name="key" value="([^"]+)"', shown)[-1]
        told = {"key": key, "changes": "[" * 9_000, "seen": SEEN.findall(shown)[0]}
        act = page if page.endswith("by-hand") else f"{page}/change"
        answer = await client.post(act, data=told)
        assert (answer.status_code in {409, 422}, 'role="alert"' in answer.text) == (True, True), act


async def test_only_the_union_changes_by_hand(house):
    for name in ("clerk", "chief"):
        client = await logged_in(house, name)
        assert (await client.get(f"{path(house)}/by-hand")).status_code == 403
        assert (
            await client.post(f"{path(house)}/by-hand/undo", data={"key": "x", "seen": "1"})
        ).status_code == 403
