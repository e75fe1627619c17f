"""The screens of enterprises, colleges and those who are sent, as pictures, like those of `test_shots`."""

import base64
from pathlib import Path
from tempfile import mkdtemp
from uuid import UUID

import pytest
from alone import alone
from faults.story import HEAD, a_number, good
from screens import Screen
from screens_sides import SIDES, SIDES_AWAY
from stories_sides import tell_sides
from test_shots import LOOKS, a_page, faults_of, lay_together, looked_at

from evaluation.delivery import codes
from servicekit.clock import now

SERIALS = range(9001, 9100)


@pytest.fixture(scope="module")
async def sides(house):
    """The house with what these screens show."""
    await tell_sides(house)
    lay_out_rosters(house)
    day = good(await house.client("evaluation", "union").get(f"/sessions/{house.known['open_session']}"))[
        "slot"
    ]["day"]
    house.known["week_taught"] = day
    return house


def lay_out_rosters(house):
    """A roster with a row of every kind, and a file that is none."""
    numbers = [a_number(n) for n in SERIALS[:30]]
    rows = [f"演示{'甲乙丙丁戊己庚'[n % 7]},{number},A,8,L5" for n, number in enumerate(numbers)]
    rows += [
        f" 演 示 乙 ,{numbers[1]},甲,3,",
        f"演示丙,{numbers[0][:17]},B,2,",
        "演示丁,,Q,,L9",
        ",350402199001010016,A,1,",
    ]
    rows += [f"阿卜杜勒·热合曼·买买提,{a_number(SERIALS[40])},一班,４,四级"]
    place = Path(mkdtemp())
    for name, text in (("mixed", "\n".join([HEAD, *rows])), ("wrong", "型号,数量\nA3,5\n")):
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
        house.known[f"roster_{name}"] = str(place / f"{name}.csv")


@pytest.mark.parametrize("name", SIDES)
async def test_a_screen_fits_and_axe_finds_nothing(name, sides, visitor):
    assert await looked_at(name, SIDES[name], sides, visitor) == []


@pytest.mark.parametrize("name", SIDES_AWAY)
async def test_a_screen_says_so_when_nobody_else_answers(name, sides, visitor):
    with alone(sides):
        found = await looked_at(name, SIDES_AWAY[name], sides, visitor)
    assert [one for one in found if "503" not in one] == [], "what a page's script asks for is away too"


async def test_the_workers_page_after_the_scan(sides, visitor):
    assert await looked_at("w-scan", Screen(f"/s/{await a_code(sides)}", who=""), sides, visitor) == []


TYPED = {
    "w-scan-refused": ("", {"#digits": "0000"}, ".ph-big", "#why"),
    "p-people-link": ("hr", {"#name": "欧阳文静"}, "form[action='/people/invite'] button", "#link"),
    "p-account-wrong": ("hr", {"#old": "not-the-password", "#new": "another-password", "#again": "another-password"},
                        "form[action='/account/password'] button", "[role=alert]"),
    "p-invited-wrong": ("", {"#username": "hr", "#password": "a-long-password", "#again": "another-password"},
                        "form .wide", "[role=alert]"),
    "a-marks-wrong": ("assessor1", {".mk-in": "104"}, ".ph-big", "[role=alert]:not([hidden])"),
    "i-roll-called": ("lead", {}, "[data-here], .ph-row form button", ".ph-row .tg"),
}  # fmt: skip
PATHS = {"p-account-wrong": "/account", "p-people-link": "/people", "p-invited-wrong": "/invited/{invitation}",
         "a-marks-wrong": "/my/batches/{marking}/marks", "i-roll-called": "/my/sessions/{open_session}"}  # fmt: skip


@pytest.mark.parametrize("name", TYPED)
async def test_a_screen_after_something_was_typed(name, sides, visitor):
    (who, typed, press, until), wrong = TYPED[name], []
    for language, phone in LOOKS:
        path = PATHS[name].format(**sides.known) if name in PATHS else f"/s/{await a_code(sides)}"
        page = await a_page(visitor, path, who, language, phone=phone)
        for field, value in typed.items():
            await page.locator(field).first.fill(value)
        await page.locator(press).first.click()
        await page.wait_for_selector(until)
        wrong += await faults_of(page, f"{name}-{'phone' if phone else 'desk'}-{language[:2]}", phone=phone)
    lay_together(name)
    assert wrong == []


async def a_code(sides):
    """What a phone reads just now from the instructor's."""
    session = sides.known["open_session"]
    lead = sides.client("evaluation", "instructor", person=sides.known["lead"])
    told = good(await lead.get(f"/sessions/{session}/code-key"))
    async with sides.services["evaluation"].transactions.begin() as tx:
        window = codes.window_of(await now(tx), told["seconds"])
    return codes.code_of(base64.b64decode(told["secret"]), UUID(session), window)
