"""Every screen in both sizes and languages, as pictures for a person to look at, and a sheet of each.

make shots                              # -> build/shots/looks/*.png, build/shots/sheets/*.png, build/shots/all.png
                                        #    870 pictures in half an hour on two cores
make shots ARGS='-k "board or scheme"'  # these screens only
"""

from pathlib import Path

import pytest
from alone import alone
from screens import SCREENS
from screens_union import AWAY, UNION
from sheets import sheet_of
from visiting import DESK, NARROW, PASSWORD

from portal.web.viewer import LOGIN

SHOTS = Path(__file__).parents[2] / "build" / "shots" / "looks"
SHEETS = SHOTS.parent / "sheets"
AXE = Path(__file__).parents[2] / "services" / "portal" / "build" / "tests" / "axe.min.js"
LOOKS = [(language, phone) for language in ("zh-CN", "en-GB") for phone in (False, True)]
VIOLATIONS = """axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa']})
.then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html + n.failureSummary).join(' | ')))"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDEST = """[...document.querySelectorAll('body *')].reduce((most, e) =>
e.getBoundingClientRect().right > most.getBoundingClientRect().right ? e : most).outerHTML.slice(0, 160)"""
SMALL = """[...document.querySelectorAll('main :is(a.bt, button, .sw a, summary, input:not([type=hidden]))')]
.filter(e => e.offsetHeight > 0 && Math.max(e.offsetHeight, e.closest('label')?.offsetHeight ?? 0) < 24)
.map(e => e.outerHTML)"""
CUT = """[...document.querySelectorAll('.tg, .bt, .ck, .oc *, .nb li *, .tl-b *, .kv dd')].filter(e => {
const box = e.closest('.oc, .nb li, .kv, td, .tl-b, .panel');
const at = e.getBoundingClientRect();
return box && !e.closest('.hidden') && at.width > 1 && at.right > box.getBoundingClientRect().right + 1})
.slice(0, 3).map(e => e.outerHTML.slice(0, 160))"""
TABLES = """[...document.querySelectorAll('.tb:not(.wide)')].filter(e => e.scrollWidth > e.clientWidth + 1)
.map(e => e.getAttribute('aria-label') ?? e.getAttribute('aria-labelledby'))"""
BROKEN = """[...document.querySelectorAll('.ln-head h2, .tb td > code:only-child, .tb td .num')]
.filter(e => e.innerText && e.offsetHeight > 0 && e.getBoundingClientRect().height
- (e.matches('td') ? 20 : 0) > 1.9 * parseFloat(getComputedStyle(e).lineHeight)).map(e => e.outerHTML.slice(0, 160))"""
"""Names of lanes, hashes and times that stand on two lines."""
SMALL_LETTERS = """!document.documentElement.lang.startsWith('en') ? [] :
[...document.querySelectorAll(`main :is(.tg, .nb .t, .kv dt, .tb th, .bt, h1, h2, h3, dt, legend, option,
.ph-taps span)`)]
.filter(e => /^[a-z]/.test(e.textContent.trim()) && !e.querySelector('code, kbd, .tg')
&& getComputedStyle(e, '::first-letter').textTransform !== 'uppercase').map(e => e.outerHTML.slice(0, 160))"""
"""English headings, labels, choices and states that do not begin like a label."""
WIDTHS = {True: (320,), False: (768, 1024, 1280)}
"""At which nothing may stick out, on a phone and not."""


async def a_page(visitor, path, who, language, *, phone):
    if who and who not in visitor.logged_in:
        visitor.logged_in[who] = await cookies_of(visitor, who)
    cookies = visitor.logged_in[who] if who else ()
    return await visitor.page(
        path, size=NARROW if phone else DESK, language=language, phone=phone, cookies=cookies
    )


async def cookies_of(visitor, who):
    """With which the portal knows them, once they have logged in."""
    page = await visitor.page("/login", size=DESK)
    await page.fill("#username", who)
    await page.fill("#password", PASSWORD)
    await page.press("#password", "Enter")
    await page.wait_for_url(lambda url: "/login" not in url)
    return [one for one in await page.context.cookies() if one["name"] == LOGIN]


async def pressed(page, screen, house):
    """What is chosen and pressed first."""
    if screen.file:
        await page.set_input_files("input[type=file]", screen.file.format(**house.known))
    for press in (screen.press,) if isinstance(screen.press, str) else screen.press:
        if press:
            await page.locator(press).first.click()
            await page.wait_for_load_state("load")
    if screen.press:
        await page.wait_for_selector(screen.until)


async def faults_of(page, shown, *, phone):
    """Its picture as it stands now; what axe and the widths find wrong with it."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=SHOTS / f"{shown}.png", full_page=phone)
    wrong = []
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    for what, found in (
        ("axe", VIOLATIONS),
        ("under 24 px", SMALL),
        ("sticks out", CUT),
        ("a table is cut off", TABLES),
        ("breaks over lines", BROKEN),
        ("begins small", SMALL_LETTERS),
    ):
        wrong += [f"{shown}: {what}: {one}" for one in await page.evaluate(found)]
    for width in (page.viewport_size["width"], *WIDTHS[phone]):
        await page.set_viewport_size({"width": width, "height": 700})
        if (wide := await page.evaluate(SIDEWAYS)) > 0:
            wrong.append(f"{shown}: {wide} px too wide at {width} px: {await page.evaluate(WIDEST)}")
    return wrong


def lay_together(name):
    """Its pictures on one sheet."""
    SHEETS.mkdir(exist_ok=True)
    sheet_of(name, SHOTS).save(SHEETS / f"{name}.png")


async def looked_at(name, screen, house, visitor):
    """Its pictures; what is wrong with them."""
    path, wrong = screen.path.format(**house.known), []
    for language, phone in LOOKS:
        shown = f"{name}-{'phone' if phone else 'desk'}-{language[:2]}"
        page = await a_page(visitor, path, screen.who, language, phone=phone)
        await pressed(page, screen, house)
        if visitor.answers[-1] != screen.status:
            wrong.append(f"{shown}: answered {visitor.answers[-1]}, not {screen.status}")
        wrong += await faults_of(page, shown, phone=phone)
    lay_together(name)
    told = (f"a status of {screen.status} ", f"{screen.status} {path.partition('?')[0]}")
    return wrong + [one for one in visitor.problems if not any(each in one for each in told)]


@pytest.mark.parametrize("name", SCREENS | UNION)
async def test_a_screen_fits_and_axe_finds_nothing(name, house, visitor):
    assert await looked_at(name, (SCREENS | UNION)[name], house, visitor) == []


@pytest.mark.parametrize("name", AWAY)
async def test_a_screen_says_so_when_nobody_else_answers(name, house, visitor):
    with alone(house):
        assert await looked_at(name, AWAY[name], house, visitor) == []
