"""The union's page of a scheme: scheduling's own lines, reasons and alternatives, and one of them taken by its form."""

import html
import re
from io import BytesIO

import openpyxl
import pytest

from portal.accounts import commands

from .house import neighbours_in_reach
from .story import LINE, a_played_house, an_accepted_order

SEEN = re.compile(r'name="seen" value="(\d+)"')
KEY = re.compile(r'name="key" value="([^"]+)"><input type="hidden" name="way" value="([^"]+)"')
PASSWORD = "a-good-password"
WORKING_TIME = {"bands": ["am"], "earliest": "2027-04-12", "latest": "2027-04-16"}
"""Mornings from Monday to Friday."""


@pytest.fixture(scope="module")
async def house(played):
    """A house of its own, with one order more, whose draft lies on the union's desk."""
    async with a_played_house(played) as house:
        house.known["drafted"] = await an_accepted_order(house, LINE | WORKING_TIME)
        await house.carry()
        with neighbours_in_reach(house) as portal:
            async with portal.transactions.begin() as tx:
                for name, role in (
                    ("coordinator", "union"),
                    ("clerk", "enterprise"),
                    ("chief", "administrator"),
                ):
                    organisation = {"union": "smftu", "enterprise": "jinniu"}.get(role)
                    await commands.make_account(
                        tx, name, PASSWORD, roles={role}, organisation=organisation, name=f"{role} 王"
                    )
            yield house


async def logged_in(house, name="coordinator"):
    client = house.services["portal"].client()
    form = await client.get("/login")
    (key,) = re.findall(r'name="key" value="([^"]+)"', form.text)
    answer = await client.post("/login", data={"username": name, "password": PASSWORD, "key": key})
    assert answer.status_code == 303, answer.text
    return client


async def desk(house):
    async with house.client("scheduling", "union") as client:
        return (await client.get(f"/orders/{house.known['drafted']}/scheme")).json()


def path(house):
    return f"/orders/{house.known['drafted']}/scheme"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "Least release",
                "Work lost (person-hours)",
                "Chosen among",
                "no official calendar of 2027 yet",
                "Clauses and signatures",
                "to be signed before",
                "Ways to cut the cohorts",
            ),
        ),
        (
            "zh",
            (
                "误工最少",
                "误工（人时）",
                "人中选出",
                "2027 年放假安排未公布",
                "条款与签署",
                "前签署",
                "分班办法",
            ),
        ),
    ],
)
async def test_it_shows_reasons_and_figures_side_by_side_in_both_languages(house, language, words):
    client = await logged_in(house)
    page = await client.get(path(house), params={"lang": language})
    assert page.status_code == 200, page.text
    for word in words:
        assert word in page.text, word
    assert "chosen." not in page.text  # no reason without its words
    assert len(re.findall("<details class=.wy.>", page.text)) >= len((await desk(house))["sessions"])


async def test_one_is_taken_by_its_form_once(house):
    client = await logged_in(house)
    before = await desk(house)
    page = (await client.get(path(house))).text
    keys = {way: key for key, way in KEY.findall(page)}
    assert "wished" not in keys  # it lies on the desk
    told = {"key": keys["least_release"], "way": "least_release", "seen": seen_on(page)}
    answer = await client.post(f"{path(house)}/take", data=told)
    assert (answer.status_code, answer.headers["location"]) == (303, path(house))
    after = await desk(house)
    assert after["version"] == before["version"] + 1
    assert float(after["cost"]["person_hours_lost"]) < float(before["cost"]["person_hours_lost"])
    again = await client.post(f"{path(house)}/take", data=told)
    assert again.status_code == 403
    assert (await desk(house))["version"] == after["version"]


async def test_what_scheduling_refuses_is_told_on_the_page(house):
    client = await logged_in(house)
    confirmed = f"/orders/{house.known['order_id']}/scheme"
    keys = dict(KEY.findall((await client.get(path(house))).text))
    signed = await client.get(f"{confirmed}/by-hand")
    told = {"key": next(iter(keys)), "way": "earliest", "seen": seen_on(signed.text)}
    answer = await client.post(f"{confirmed}/take", data=told, params={"lang": "en"})
    assert answer.status_code == 409
    assert "cannot be tailored or drafted again while it is confirmed" in answer.text


async def test_it_is_the_unions_page(house):
    for name in ("clerk", "chief"):
        client = await logged_in(house, name)
        assert (await client.get(path(house))).status_code == 403
        assert (
            await client.post(f"{path(house)}/take", data={"key": "x", "way": "earliest", "seen": "1"})
        ).status_code == 403


async def test_the_story_leads_to_it(house):
    client = await logged_in(house)
    story = await client.get(f"/orders/{house.known['drafted']}/story")
    assert f'href="{path(house)}"' in story.text


def key_of(page, what):
    """The key of the form that goes there."""
    return re.findall(
        rf'action="[^"]*/scheme/{what}"[^>]*>(?:<input [^>]*name="seen"[^>]*>)?<input [^>]*name="key" value="([^"]+)"',
        page,
    )[0]


def seen_on(page):
    """The row version that its forms say was looked at."""
    (seen,) = set(SEEN.findall(page))
    return seen


SHOWN = {
    "en": ("Crews: who is off", "After approving version", "Why so", "Who else"),
    "zh": ("倒班", "批准第", "为什么这样排", "还有谁能来"),
}


@pytest.mark.parametrize(("language", "words"), SHOWN.items())
async def test_the_week_shows_every_session_and_the_chosen_one_its_reasons(house, language, words):
    client, scheme = await logged_in(house), await desk(house)
    first = scheme["sessions"][0]
    page = (await client.get(path(house), params={"session": first["session_id"], "lang": language})).text
    for word in words:
        assert word in page, word
    assert page.count("data-block") == len(scheme["sessions"])  # all are in one week
    assert f'data-session="{first["session_id"]}"' in page
    assert re.findall(r"\b(?:week|side|approval|shift)\.[a-z_]+", re.sub("<[^>]*>", " ", page)) == []
    for nonsense in ({"week": "soon"}, {"session": "x"}, {"week": "2031-01-01"}, {"do": "fly"}):
        assert (await client.get(path(house), params=nonsense)).status_code == 200


async def test_an_order_is_read_changed_and_approved_in_six_steps(house):
    """Open the scheme, choose a session, look at its move, do it, approve: the coordinator's way on one page."""
    client, before = await logged_in(house), await desk(house)
    page = (await client.get(path(house))).text  # 1
    chosen = before["sessions"][-1]
    assert f"session={chosen['session_id']}" in page
    await client.get(path(house), params={"session": chosen["session_id"]})  # 2
    for day in ("2027-04-16", "2027-04-15", "2027-04-14"):
        asked = {
            "session": chosen["session_id"],
            "do": "move",
            "day": day,
            "band": "am",
        }  # 3, 4: day and band
        page = (await client.get(path(house), params=asked)).text
        if found := re.findall(r'name="changes" value="([^"]*move[^"]*)"', page):
            break
    assert (await desk(house))["version"] == before["version"]
    told = {
        "key": key_of(page, "change"),
        "seen": seen_on(page),
        "changes": html.unescape(found[0]),
        "session": chosen["session_id"],
    }
    answer = await client.post(f"{path(house)}/change", data=told)  # 5
    assert (answer.status_code, chosen["session_id"] in answer.headers["location"]) == (303, True)
    after = await desk(house)
    assert after["version"] == before["version"] + 1
    page = (await client.get(path(house), params={"lang": "en"})).text
    assert "tl-b gone" in page  # where it was
    assert f"differs from version {before['version']} in" in page
    only = (await client.get(path(house), params={"only": "changed"})).text
    assert only.count("data-block") == 1
    named = {"version": str(after["version"]), "hash": after["hash"]}
    stale = await client.post(
        f"{path(house)}/approve", data=named | {"version": "1", "key": key_of(page, "approve")}
    )
    assert stale.status_code == 409
    page = (await client.get(path(house))).text
    answer = await client.post(f"{path(house)}/approve", data=named | {"key": key_of(page, "approve")})  # 6
    assert (answer.status_code, (await desk(house))["state"]) == (303, "approved")
    assert (
        'action="/orders/' + house.known["drafted"] + '/scheme/approve"'
        not in (await client.get(path(house))).text
    )


async def test_a_change_is_undone_and_a_version_given_back_for_reasons_and_drafted_again(house):
    client = await logged_in(house)
    version = (await desk(house))["version"]
    page = (await client.get(path(house))).text
    assert (
        await client.post(f"{path(house)}/undo", data={"key": key_of(page, "undo"), "seen": seen_on(page)})
    ).status_code == 303
    assert (await desk(house))["version"] == version + 1
    page = (await client.get(path(house), params={"lang": "en"})).text
    told = {"version": str(version + 1)}
    without = await client.post(f"{path(house)}/decline", data=told | {"key": key_of(page, "decline")})
    assert (without.status_code, 'role="alert"' in without.text) == (409, True)
    page = without.text
    told |= {"reason": ["times.shift_conflict", "cost.too_high"], "key": key_of(page, "decline")}
    assert (await client.post(f"{path(house)}/decline", data=told)).status_code == 303
    assert (await desk(house))["state"] == "declined"
    page = (await client.get(path(house))).text
    assert (
        await client.post(
            f"{path(house)}/redraft", data={"key": key_of(page, "redraft"), "seen": seen_on(page)}
        )
    ).status_code == 303
    part = (await client.get(f"{path(house)}/part", params={"lang": "en"})).text
    assert "being drafted" in part
    await house.carry()
    assert (await desk(house))["state"] == "drafted"


async def test_the_scheme_comes_as_a_sheet_for_each_cohort(house):
    client, scheme = await logged_in(house), await desk(house)
    answer = await client.get(f"/orders/{house.known['drafted']}/scheme.xlsx", params={"lang": "en"})
    book = openpyxl.load_workbook(BytesIO(answer.content))
    assert book.sheetnames == [f"cohort {one['letter']}" for one in scheme["cohorts"]]
    rows = [row for sheet in book for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert sorted(f"{row[1]:%Y-%m-%d}" for row in rows) == sorted(s["day"] for s in scheme["sessions"])
    for name in ("clerk", "chief"):
        other = await logged_in(house, name)
        for what in (".xlsx", "/part"):
            assert (await other.get(f"{path(house)}{what}")).status_code == 403
        for act in ("approve", "decline", "redraft", "change", "undo"):
            told = {"key": "x", "version": "1", "hash": "x", "changes": "[]", "seen": "1"}
            assert (await other.post(f"{path(house)}/{act}", data=told)).status_code == 403


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
    assert "Seek a better plan in a copy" in page
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
    assert "No session would be elsewhere" not in missing.text
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
            ("Ask about a change", "Take the newest change back", "Safe use"),
            "What could be done instead",
        ),
        ("zh", ("试算一项调整", "撤销最近一次调整", "安全用电"), "可行的办法"),
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


async def test_a_session_is_pinned_and_let_go_by_its_form_and_the_differences_are_told(house):
    client = await logged_in(house)
    before = await desk(house)
    page = (await client.get(f"{path(house)}/by-hand", params={"lang": "en"})).text
    key, changes = next((k, html.unescape(c)) for k, c in HAND.findall(page) if "pin" in c)
    told = {"key": key, "changes": changes, "seen": seen_on(page)}
    answer = await client.post(f"{path(house)}/by-hand", data=told)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path(house)}/by-hand")
    assert sum(s["pinned"] for s in (await desk(house))["sessions"]) == 1
    assert (await client.post(f"{path(house)}/by-hand", data=told)).status_code == 403
    page = (await client.get(f"{path(house)}/by-hand", params={"lang": "en"})).text
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
