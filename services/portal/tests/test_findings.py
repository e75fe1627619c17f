"""The union's pages of what is worth a look: any address is answered, and who is away is called away."""

import pytest
from browsing import PASSWORD, log_in
from story_of_an_order import START, id_of

from portal.accounts import commands

FINDING = {
    "finding_id": str(id_of("finding")), "order_id": str(id_of("one")), "number": "2026-0001", "kind": "burst",
    "sentences": {"zh": "签到很快", "en": "Signed in fast"}, "sessions": [], "workers": 6, "people": [],
    "found_at": START.isoformat(), "state": "open",
}  # fmt: skip
PAGE = f"/findings/{FINDING['finding_id']}"


@pytest.fixture(scope="module")
async def house(portal):
    async with portal.transactions.begin() as tx:
        await commands.make_account(
            tx, "union", PASSWORD, roles={"union"}, organisation="smftu", name="union"
        )
    return portal


async def test_an_address_with_another_state_shows_what_is_open(house, asked):
    asked({"/findings": [FINDING]})
    page = await (await log_in(house, "union")).get("/findings", params={"state": "opne", "lang": "en"})
    assert (page.status_code, PAGE in page.text) == (200, True)


async def test_while_evaluation_is_away_a_finding_is_away_and_not_unknown(house, asked):
    asked({PAGE: FINDING | {"lessons": [], "whom": []}})
    browser = await log_in(house, "union")
    assert (await browser.get(PAGE)).status_code == 200
    asked({})
    page = await browser.get(PAGE)
    assert (page.status_code, "暂时" in page.text) == (503, True)
    listed = await browser.get("/findings", params={"lang": "en"})
    assert (listed.status_code, "does not answer at the moment" in listed.text) == (200, True)
