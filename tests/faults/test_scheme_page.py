"""The union's page of a scheme: scheduling's own lines, reasons and alternatives, and one of them taken by its form."""

import html
import re
from io import BytesIO
from uuid import UUID

import openpyxl
import pytest

from .scheme import desk, logged_in, path, seen_on

KEY = re.compile(r'name="key" value="([^"]+)"><input type="hidden" name="way" value="([^"]+)"')


@pytest.fixture
def house(scheme_house):
    return scheme_house


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
        rf'action="[^"]*/scheme/{what}(?:#[a-z]+)?"[^>]*>(?:<input [^>]*name="seen"[^>]*>)?'
        r'<input [^>]*name="key" value="([^"]+)"',
        page,
    )[0]


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
    assert 'do=drop#looked"' in page  # one fragment: there it is told what would follow
    assert re.findall(r'href="[^"]*#[^"]*#', page) == []
    assert re.findall(r"\b(?:week|side|approval|shift)\.[a-z_]+", re.sub("<[^>]*>", " ", page)) == []
    for nonsense in ({"week": "soon"}, {"session": "x"}, {"week": "2031-01-01"}, {"do": "fly"}):
        assert (await client.get(path(house), params=nonsense)).status_code == 200


async def test_whoever_asks_about_another_time_reads_what_stands_against_it(house):
    client, scheme = await logged_in(house), await desk(house)
    first = scheme["sessions"][0]
    asked = {"day": "2020-01-06", "band": first["band"], "lang": "en"}
    page = (await client.get(f"{path(house)}/sessions/{first['session_id']}", params=asked)).text
    (told,) = re.findall(r'<section[^>]* aria-labelledby="at">.*?</section>', page, re.DOTALL)
    assert ("the day has passed" in told, "Not between" in told) == (True, True), told
    own = (await client.get(f"{path(house)}/sessions/{first['session_id']}")).text
    assert 'aria-labelledby="at"' not in own


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
    assert "Choose at least one reason" in page
    assert page.count('role="alert"') == 1
    assert 'role="alert"' in page.partition('<details class="cb-back" id="decline" open>')[2]
    stale = {"version": "1", "reason": ["cost.too_high"], "key": key_of(page, "decline")}
    page = (await client.post(f"{path(house)}/decline", data=stale)).text
    assert re.findall(r'name="reason" value="([a-z_.]+)" checked', page) == ["cost.too_high"]
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


async def test_a_session_that_is_in_no_scheme_is_told_and_what_is_asked_stays_on_the_page_by_hand(house):
    client, page = await logged_in(house), f"{path(house)}/by-hand"
    unknown = await client.get(page, params={"of": str(UUID(int=1)), "lang": "en"})
    assert unknown.status_code == 200
    assert "This session is not in the scheme as it is now" in unknown.text
    asked = re.findall(r'<form method="get" action="([^"#]*)', unknown.text)
    assert len(asked) >= 6
    assert set(asked) == {page}


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
