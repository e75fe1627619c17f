"""Every screen in both sizes and languages, as pictures for a person to look at, and one sheet of all of them.

make shots        # -> build/shots/looks/*.png, build/shots/all.png
"""

import os
from pathlib import Path

import pytest
from PIL import Image
from screens import SCREENS
from visiting import DESK, NARROW, PASSWORD

SHOTS = Path(__file__).parents[2] / "build" / "shots" / "looks"
AXE = Path(__file__).parents[2] / "services" / "portal" / "build" / "tests" / "axe.min.js"
ONLY = os.environ.get("ONLY", "")
THUMB = 360
LOOKS = [(language, phone) for language in ("zh-CN", "en-GB") for phone in (False, True)]
VIOLATIONS = """axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa']})
.then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html + n.failureSummary).join(' | ')))"""
OUTSIDE = """[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right >
document.documentElement.clientWidth + 1 && !e.closest('[tabindex="0"][role="region"]')).slice(0, 3)
.map(e => e.outerHTML.slice(0, 120))"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def a_page(visitor, path, who, language, *, phone):
    size = NARROW if phone else DESK
    page = await visitor.page(f"/login?back={path.replace('&', '%26').replace('?', '%3F')}", size=size,
                              language=language, phone=phone)  # fmt: skip
    if who:
        await page.fill("#username", who)
        await page.fill("#password", PASSWORD)
        await page.press("#password", "Enter")
        await page.wait_for_selector("main")
    else:
        await page.goto(path)
    await page.wait_for_load_state("load")
    return page


@pytest.mark.parametrize("name", [name for name in SCREENS if ONLY in name])
async def test_a_screen_fits_and_axe_finds_nothing(name, house, visitor):
    SHOTS.mkdir(parents=True, exist_ok=True)
    screen, wrong = SCREENS[name], []
    path = screen.path.format(**house.known)
    for language, phone in LOOKS:
        shown = f"{name}-{'phone' if phone else 'desk'}-{language[:2]}"
        page = await a_page(visitor, path, screen.who, language, phone=phone)
        if screen.file:
            await page.set_input_files("input[type=file]", screen.file.format(**house.known))
        if screen.press:
            await page.locator(screen.press).first.click()
            await page.wait_for_selector(screen.until)
        await page.screenshot(path=SHOTS / f"{shown}.png", full_page=phone)
        if (wide := await page.evaluate(SIDEWAYS)) > 0:
            wrong.append(f"{shown}: {wide} px too wide")
        await page.evaluate(AXE.read_text(encoding="utf-8"))
        wrong += [f"{shown}: {found}" for found in await page.evaluate(VIOLATIONS)]
        if phone:
            await page.set_viewport_size({"width": 320, "height": 640})
            if (wide := await page.evaluate(SIDEWAYS)) > 0:
                wrong.append(f"{shown}: {wide} px too wide at 320 px")
    assert wrong == []
    assert visitor.problems == []


def test_one_sheet_shows_all():
    pictures = sorted(SHOTS.glob("*.png"))
    rows = [pictures[at : at + 4] for at in range(0, len(pictures), 4)]
    height = THUMB * 2 // 3
    sheet = Image.new("RGB", (THUMB * 4, height * len(rows)), "white")
    for down, row in enumerate(rows):
        for along, picture in enumerate(row):
            with Image.open(picture) as shot:
                shot.thumbnail((THUMB - 8, height - 8))
                sheet.paste(shot, (along * THUMB, down * height))
    sheet.save(SHOTS.parent / "all.png")
    assert pictures
