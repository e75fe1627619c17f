"""The union's desk from the first mark to a certificate that is revoked: its own pages only."""

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import jwt
import openpyxl
import pytest

from portal.accounts import commands
from servicekit.packs import check
from songjiao_cli.badge import checked

from .house import neighbours_in_reach
from .story import a_played_house, good

PASSWORD = "a-good-password"
OWN_SESSIONS = "select count(*) from session_row where enterprise_id = 'jinniu'"
RULES = Path("programmes/rules/rules.yaml").read_text(encoding="utf-8")
OTHER_RULES = RULES.replace("L5: 700,", "L5: 900,").encode()
DAY = datetime(2027, 4, 20, 4, tzinfo=UTC)
AFTER_POSTING = datetime(2027, 5, 20, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
async def house(played):
    """A house of its own: its clocks run on. The assessors of the batch have promised to come."""
    async with a_played_house(played) as house:
        college = house.client("instructor-dispatch", "college")
        offers = [offer for offer in good(await college.get("/offers")) if offer.get("batch_id")]
        for offer in offers:
            good(await college.post(f"/offers/{offer['assignment_id']}/accept"))
        house.known["assessor"] = offers[0]["person_id"]
        await until(house, DAY)
        with neighbours_in_reach(house) as portal:
            async with portal.transactions.begin() as tx:
                await commands.make_account(
                    tx, "union", PASSWORD, roles={"union"}, organisation="smftu", name="王"
                )
                await commands.make_account(
                    tx, "clerk", PASSWORD, roles={"enterprise"}, organisation="jinniu", name="林"
                )
            yield house


async def until(house, moment):
    await house.carry()
    for service in house.services.values():
        await service.fire_deadlines(moment)
    await house.carry()


async def logged_in(house, name="union"):
    client = house.services["portal"].client()
    (key,) = re.findall(r'name="key" value="([^"]+)"', (await client.get("/login")).text)
    told = {"username": name, "password": PASSWORD, "key": key}
    assert (await client.post("/login", data=told)).status_code == 303
    return client


def key_of(page, what):
    return re.findall(rf'action="[^"]*/{what}"[^>]*><input type="hidden" name="key" value="([^"]+)"', page)[0]


async def badges_are_handed_out(house):
    """What an auditor fetches from the public pages, to whoever has the code alone."""
    clerk, anybody = house.client("evaluation", "enterprise"), house.services["portal"].client()
    for one in good(await clerk.get("/certificates", params={"order_id": house.known["evaluated"]})):
        address, _, code = one["url"].partition("?k=")
        page = "/c/" + address.rpartition("/")[2]
        assert (await anybody.get(f"{page}/badge", params={"k": "0" * 32})).status_code == 404
        badge = await anybody.get(f"{page}/badge", params={"k": code})
        assert (badge.status_code, badge.headers["content-type"]) == (200, "application/jwt")
        claims = jwt.decode(badge.text, options={"verify_signature": False})
        lists = [entry["statusListCredential"] for entry in claims["credentialStatus"]]
        fetched = []
        for public in (claims["issuer"]["url"], f"{claims['issuer']['url']}/did.json", *lists):
            fetched.append(await anybody.get("/c/" + public.partition("/c/")[2]))
            assert fetched[-1].status_code == 200
        _, document, *told = fetched
        at = 60 + max(jwt.decode(each.text, options={"verify_signature": False})["nbf"] for each in told)
        found = checked(badge.text, document.json(), [each.text for each in told], at=at)
        assert (not found.wrong, found.missing) == (one["valid"], ()), found
        shown = (await anybody.get(page, params={"k": code})).text
        verdict = "valid" if one["valid"] else "replaced" if one["replaced_by"] else "revoked"
        assert f'data-verdict="{verdict}"' in shown


async def test_marks_are_seen_again_posted_and_issued_on_the_pages(house):
    client, batch = await logged_in(house), f"/evaluation/batches/{house.known['batch_id']}"
    assessor = house.client("evaluation", "assessor", person=house.known["assessor"])
    seen = good(await assessor.get(f"/batches/{house.known['batch_id']}"))
    admitted = [each["evaluation_id"] for each in seen["candidates"] if each["state"] == "admitted"]
    page = (await client.get(batch, params={"lang": "en"})).text
    assert "No marks wait for a second person" in page
    for part in seen["parts"]:
        marks = [{"evaluation_id": id_, "mark": "80"} for id_ in admitted]
        told = {"part": part, "marks": marks}
        good(await assessor.post(f"/batches/{house.known['batch_id']}/marks", json=told))
        page = (await client.get(batch, params={"lang": "en"})).text
        assert (
            "80" not in re.sub("<[^>]*>", "", page).split("Second entry")[1]
        )  # the first entry is not shown
        empty = await client.post(f"{batch}/second", data={"part": part, "key": key_of(page, "second")})
        assert empty.status_code == 422
        typed = {f"mark-{id_}": "80" for id_ in admitted}
        if part == seen["parts"][0]:  # one is read otherwise: neither value is taken
            typed |= {f"mark-{admitted[0]}": "70"}
        told = typed | {"part": part, "key": key_of(page, "second")}
        assert (await client.post(f"{batch}/second", data=told)).status_code == 303
    await house.carry()
    part, page = seen["parts"][0], (await client.get(batch, params={"lang": "en"})).text
    assert "two people differ" in page
    told = {"part": part, "marks": [{"evaluation_id": admitted[0], "mark": "80"}]}
    good(await assessor.post(f"/batches/{house.known['batch_id']}/marks", json=told))
    page = (await client.get(batch)).text
    told = {"part": part, f"mark-{admitted[0]}": "80", "key": key_of(page, "second")}
    assert (await client.post(f"{batch}/second", data=told)).status_code == 303
    await house.carry()
    groups = (await client.get("/evaluation", params={"lang": "en"})).text
    assert "All marked, to be posted" in groups

    page = (await client.get(batch)).text
    assert (await client.post(f"{batch}/post", data={"key": key_of(page, "post")})).status_code == 303
    page = (await client.get(batch)).text
    assert f'action="{batch}/issue"' not in page  # the posting runs
    await until(house, AFTER_POSTING)
    client = await logged_in(house)
    page = (await client.get(batch, params={"lang": "en"})).text
    count = len(admitted)
    assert f"Issue {count}" in page
    wrong = await client.post(f"{batch}/issue", data={"count": str(count + 1), "key": key_of(page, "issue")})
    assert (wrong.status_code, f"but {count} are to be issued" in wrong.text) == (422, True)
    told = {"count": str(count), "key": key_of(wrong.text, "issue")}
    assert (await client.post(f"{batch}/issue", data=told)).status_code == 303
    await house.carry()

    list_ = f"/evaluation/orders/{house.known['evaluated']}/certificates"
    page = (await client.get(list_, params={"lang": "en"})).text
    first = re.findall(r"[?]of=([0-9a-f-]{36})", page)[0]
    assert page.count("?of=") == count

    async def act(which, cause, said):
        shown = (await client.get(list_, params={"of": first, "act": which, "lang": "en"})).text
        assert said in shown
        (key,) = re.findall(r'name="key" value="([^"]+)"><input type="hidden" name="certificate"', shown)
        told = {"certificate": first, "act": which, "cause": cause, "key": key}
        assert (await client.post(list_, data=told)).status_code == 303
        return (await client.get(list_, params={"lang": "en"})).text

    assert ": under review" in await act("suspend", "under_review", "This certificate would be suspended")
    assert "suspended" not in await act("reinstate", "review_cleared", "This certificate would hold again")
    page = await act("reissue", "name_misprinted", "Another would be issued in the place")
    assert (page.count("?of="), "name misprinted" in page) == (count, True)
    first = re.findall(r"[?]of=([0-9a-f-]{36})", page)[-1]
    page = await act("one", "issued_in_error", "1 certificate would be revoked")
    assert (page.count("?of="), "issued in error" in page) == (count - 1, True)
    await house.carry()
    await badges_are_handed_out(house)
    for sheet in (f"{list_}/list.xlsx", "/evaluation/list.xlsx"):
        assert (await client.get(sheet)).content[:2] == b"PK"


async def test_the_archive_of_the_batch_is_taken_home(house, tmp_path):
    client = await logged_in(house)
    answer = await client.get(f"/evaluation/batches/{house.known['batch_id']}/archive.zip")
    assert answer.status_code == 200
    file = tmp_path / "archive.zip"
    file.write_bytes(answer.content)
    assert check(file).wrong == []


async def test_what_the_certificates_bring_is_claimed_taken_back_and_noted_as_paid(house):
    """One of them is revoked by now: it is left out."""
    clerk, union = await logged_in(house, "clerk"), await logged_in(house)
    address, english = f"/orders/{house.known['evaluated']}/subsidy", {"lang": "en"}
    assert address in (await clerk.get("/subsidies", params=english)).text
    page = (await clerk.get(address, params=english)).text
    told = dict(re.findall(r'name="(key|count|fen)" value="([^"]+)"', page.split('class="cb"')[1]))
    assert int(told["fen"]) == int(told["count"]) * 70_000
    assert "days left" in page
    changed = await clerk.post(address, data=told | {"fen": "1"})
    assert (changed.status_code, "has just changed" in changed.text) == (409, True)
    assert "Claim for" not in (await union.get(address, params=english)).text  # the enterprise does

    for first in (True, False):
        page = (await clerk.get(address, params=english)).text
        told = dict(re.findall(r'name="(key|count|fen)" value="([^"]+)"', page.split('class="cb"')[1]))
        assert (await clerk.post(address, data=told)).status_code == 303
        page = (await clerk.get(address, params=english)).text
        (claim,) = re.findall(r"subsidy/([0-9a-f-]{36})/withdraw", page)
        if first:
            told = {"key": key_of(page, f"{claim}/withdraw")}
            assert (await clerk.post(f"{address}/{claim}/withdraw", data=told)).status_code == 303
    page = (await union.get(address, params=english)).text
    settle, key = f"{address}/{claim}/settle", key_of(page, f"{claim}/settle")
    for typed, why in (("lots", "is no amount"), ("1", "say why")):
        wrong = await union.post(settle, data={"paid": typed, "key": key})
        assert (wrong.status_code in {409, 422}, why in wrong.text, f'value="{typed}"' in wrong.text) == (
            True,
        ) * 3
        key = key_of(wrong.text, f"{claim}/settle")
    told = {"paid": "1,000.50", "why": "claim.papers_incomplete", "key": key}
    assert (await union.post(settle, data=told)).status_code == 303
    page = (await clerk.get(address, params=english)).text
    assert "1,000.50 yuan paid" in page
    assert "papers were missing" in page
    assert "1,000.50" in (await clerk.get("/subsidies", params=english)).text
    for sheet in ("/subsidies.xlsx", f"{address}/{claim}.zip"):
        assert (await clerk.get(sheet)).content[:2] == b"PK"
    page = (await clerk.get(address, params=english)).text
    told = {"purpose": "subsidy_claim", "key": key_of(page, f"{claim}/roster")}
    answer = await clerk.post(f"{address}/{claim}/roster", data=told)
    assert answer.status_code == 200
    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows(min_row=2, values_only=True))
    assert rows
    assert all(len(row[1]) == 18 for row in rows)
    assert (await union.post(f"{address}/{claim}/roster", data=told)).status_code == 403
    await house.carry()
    everything = english | {"all": "1"}
    story = (await union.get(f"/orders/{house.known['evaluated']}/story", params=everything)).text
    assert "Subsidy paid: 1,000.50 yuan" in story
    assert "claiming the subsidy, with whole ID numbers" in story

    page = (await union.get("/subsidies/what-if", params=english)).text
    file = {"file": ("other.yaml", OTHER_RULES, "application/yaml")}
    found = await union.post(
        "/subsidies/what-if", params=english, files=file, data={"key": key_of(page, "what-if")}
    )
    assert "data-difference" in found.text
    assert "600.00" in found.text  # three of level 5
    key = key_of(found.text, "what-if")
    file = {"file": ("other.yaml", b"subsidy: {place: 3}", "application/yaml")}
    wrong = await union.post("/subsidies/what-if", params=english, files=file, data={"key": key})
    assert (wrong.status_code, "subsidy.place" in wrong.text) == (409, True)
    assert (await clerk.get("/subsidies/what-if")).status_code == 403


async def test_a_refusal_is_told_on_the_page_and_it_is_the_unions(house):
    client = await logged_in(house)
    place = f"/evaluation/orders/{house.known['order_id']}"
    assert "asks for no skill evaluation" in (await client.get(place, params={"lang": "en"})).text
    place = f"/evaluation/orders/{house.known['evaluated']}"
    page = (await client.get(place, params={"lang": "en"})).text
    assert ("there is nobody to plan for" in page, 'name="day"' in page) == (True, False)
    page = (await client.get(f"/evaluation/batches/{house.known['batch_id']}")).text
    key = re.findall(r'name="key" value="([^"]+)"', page)[0]
    told = {"line": "1", "day": "2020-01-01", "band": "am", "key": key}
    refused = await client.post(place, data=told)
    assert (refused.status_code, 'role="alert"' in refused.text) == (409, True)
    clerk, batch = await logged_in(house, "clerk"), f"/evaluation/batches/{house.known['batch_id']}"
    for path in ("/evaluation", "/evaluation/list.xlsx", place, batch, f"{place}/certificates"):
        assert (await clerk.get(path)).status_code == 403, path
    for act in ("post", "call"):
        assert (await clerk.post(f"{batch}/{act}", data={"key": "x"})).status_code == 403


async def test_every_list_of_these_desks_is_a_sheet_too(house):
    """Candidates, small orders that could be one class, runs of the whole plan, an enterprise's sessions."""
    union, clerk = await logged_in(house), await logged_in(house, "clerk")
    batch = f"/evaluation/batches/{house.known['batch_id']}"
    rows = {}
    for client, address in (
        (union, f"{batch}/list.xlsx"),
        (union, "/pools.xlsx"),
        (union, "/federation.xlsx"),
        (clerk, "/sessions.xlsx"),
    ):
        answer = await client.get(address)
        assert answer.status_code == 200, address
        book = openpyxl.load_workbook(BytesIO(answer.content))
        rows[address] = [list(page.iter_rows(min_row=2, values_only=True)) for page in book.worksheets]
    shown = (await union.get(batch)).text
    candidates = rows[f"{batch}/list.xlsx"][0]
    assert candidates
    assert all(row[0] in shown and row[1] in shown for row in candidates)
    assert [len(rows[address]) for address in ("/pools.xlsx", "/federation.xlsx")] == [3, 2]
    async with house.services["portal"].transactions.begin() as tx:
        held = await tx.driver.fetchval(OWN_SESSIONS)
    assert len(rows["/sessions.xlsx"][0]) == held > 0
