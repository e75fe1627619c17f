"""On a phone whose services are away one note says so; why something was refused is said beside it all the same."""

import re
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from browsing import PASSWORD, log_in

from portal.accounts import commands

ALERTS = re.compile(r'<p class="nt red"([^>]*)>(.*?)</p>')
SESSION = UUID(int=7)
STYLE = Path(__file__).parents[1] / "web" / "own" / "app" / "phone.css"


@pytest.fixture(scope="module")
async def phone(portal):
    async with portal.transactions.begin() as tx:
        await commands.make_account(
            tx,
            "teacher",
            PASSWORD,
            roles={"instructor", "assessor"},
            organisation="smtc",
            person=uuid4(),
            name="王",
        )
    return portal


def shown(page):
    return [(("data-away" in how), said) for how, said in ALERTS.findall(page.text) if "hidden" not in how]


@pytest.mark.parametrize("path", [f"/my/sessions/{SESSION}", "/my/batches"])
async def test_that_a_service_is_away_is_marked_as_the_same_that_the_phone_says(phone, path):
    page = await (await log_in(phone, "teacher")).get(path)
    assert [away for away, _ in shown(page)] == [True]


async def test_a_refusal_is_told_though_the_service_is_away(phone):
    client = await log_in(phone, "teacher")
    page = await client.post(f"/my/sessions/{uuid4()}/open", data={"key": "used"}, params={"lang": "en"})
    ((away, said),) = shown(page)
    assert (page.status_code, away) == (403, False), said


def test_beside_the_phones_own_note_only_what_says_the_same_is_hidden():
    (hidden,) = re.findall(r"\.ph-net:not\(\[hidden\]\) ~ ([^{]+) \{ display: none", STYLE.read_text())
    assert hidden == "[data-away]"
