"""A worker's personal data on the pages: found on a roster, saved as one file, erased, and then nowhere to be read."""

import io
import json
import re
from zipfile import ZipFile

import pytest
from cryptography.exceptions import InvalidTag

from servicekit.columns import EncryptedText

from .scheme import logged_in
from .story import LINE, SERIALS, a_draft, a_number, good

KEY = re.compile(r'name="key" value="([^"]+)"')
NAMES = iter(("司马演示", "诸葛演示"))
ASKED = {"reason": "worker.asked_for_own"}


@pytest.fixture
def house(scheme_house):
    return scheme_house


@pytest.fixture
async def person(house):
    """Somebody on an order that was withdrawn: the page, the worker's number, and what names them."""
    clerk = house.client("order-intake", "enterprise")
    order, number = await a_draft(clerk, LINE), a_number(next(SERIALS))
    name = next(NAMES)
    rows = f"姓名,身份证号,班组,从业年限,现有等级\r\n{name},{number},A,8,"
    file = {"file": ("people.csv", rows.encode(), "text/csv")}
    good(await clerk.post(f"/orders/{order}/lines/1/roster?take=true", files=file))
    good(await clerk.post(f"/orders/{order}/submit"))
    (worker,) = [each["worker_id"] for each in (await clerk.get(f"/orders/{order}/trainees")).json()]
    await house.carry()
    return order, worker, (name, number)


def key_of(page, path):
    assert f'action="{path}"' in page.text, page.text
    return KEY.search(page.text.partition(f'action="{path}"')[2])[1]


async def readable(house) -> dict[str, str]:
    """Every cell of every service's database, encrypted ones as they say, by service."""
    found = {}
    for name, service in house.services.items():
        async with service.transactions.begin() as tx:
            cells = await _cells(tx)
        found[name] = "\n".join(cells)
    return found


async def _cells(tx) -> list[str]:
    cells = []
    for row in await tx.driver.fetch(
        "select table_name t, column_name c from information_schema.columns where table_schema = 'public'"
    ):
        for (told,) in await tx.driver.fetch(f'select "{row["c"]}" from "{row["t"]}"'):
            said = told
            if isinstance(told, bytes):
                try:
                    said = EncryptedText(f"{row['t']}.{row['c']}").process_result_value(told, None)
                except (InvalidTag, ValueError):
                    said = told.decode(errors="replace")
            cells.append(str(said))
    return cells


async def test_a_worker_is_found_saved_as_one_file_and_erased(house, person):
    order, worker, named = person
    union, page = await logged_in(house), f"/personal/{order}/{worker}"
    listed = await union.get("/personal", params={"order": order, "ending": named[1][-4:], "lang": "en"})
    assert (page in listed.text, "司**示" in listed.text, named[0] in listed.text) == (True, True, False)

    shown = await union.get(page, params={"lang": "en"})
    assert "has not ended" in shown.text
    assert f'action="{page}/erase"' not in shown.text
    saved = await union.post(f"{page}/export", data=ASKED | {"key": key_of(shown, f"{page}/export")})
    assert (saved.status_code, saved.headers["content-type"]) == (200, "application/zip"), saved.text
    assert saved.headers["cache-control"] == "no-store"
    with ZipFile(io.BytesIO(saved.content)) as files:
        told, read = json.loads(files.read("data.json")), files.read("data.html").decode()
    assert [told["order-intake"]["orders"][0][each] for each in ("name", "id_number")] == list(named)
    for word in (*named, "姓名 Name", "身份证号 ID number", "需求与名单 Demand and rosters"):
        assert word in read, word

    clerk = house.client("order-intake", "enterprise")
    good(await clerk.post(f"/orders/{order}/withdraw"))
    await house.carry()
    shown = await union.get(page, params={"lang": "en"})
    assert "given out by" in shown.text
    wish = {"reason": "worker.asked_to_be_erased", "typed": "nobody"}
    wrong = await union.post(f"{page}/erase", data=wish | {"key": key_of(shown, f"{page}/erase")})
    assert (wrong.status_code, worker[:8] in wrong.text) == (409, True)
    wish["typed"] = worker[:8]
    gone = await union.post(f"{page}/erase", data=wish | {"key": key_of(wrong, f"{page}/erase")})
    assert (gone.status_code, gone.headers["location"]) == (303, f"{page}?done=erased"), gone.text
    await house.carry()
    # not as `params`: they stand in place of what the address asks already
    after = await union.get(f"{gone.headers['location']}&lang=en")
    assert ("Erased." in after.text, "司**示" in after.text) == (True, False)
    left = await readable(house)
    assert [(service, word) for service, text in left.items() for word in named if word in text] == []
    assert worker in left["order-intake"]


async def test_an_enterprise_saves_its_own_people_and_erases_nobody(house, person):
    order, worker, _ = person
    page = f"/personal/{order}/{worker}"
    clerk = await logged_in(house, "clerk")
    shown = await clerk.get(page, params={"lang": "en"})
    assert (shown.status_code, f'action="{page}/erase"' in shown.text) == (200, False)
    saved = await clerk.post(f"{page}/export", data=ASKED | {"key": key_of(shown, f"{page}/export")})
    assert saved.headers["content-type"] == "application/zip"
    again = await clerk.post(f"{page}/export", data=ASKED | {"key": key_of(shown, f"{page}/export")})
    assert again.status_code == 403
    assert (await clerk.post(f"{page}/erase", data=ASKED | {"key": "x"})).status_code == 403
    chief = await logged_in(house, "chief")
    assert (await chief.get(page)).status_code == 403
