"""What people do at their desks, click by click: the tasks whose steps are counted. Each begins at the desk's home."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from songjiao_cli.bench.desks_hand import Hand

DONE = ".nt[role=status]"
SUBMIT = 'button[name="do"][value="submit"]'
TAPS = ("plan", "class", "place")


@dataclass(frozen=True)
class Wanted:
    """What a clerk has on the desk: the order in mind, and a sheet of people with rows to be mended."""

    occupation: str
    level: str
    earliest: date
    latest: date
    band: str
    sheet: bytes
    mends: Sequence[tuple[int, str, str]] = ()
    """Row, field, and what should stand there."""


async def order_training(hand: Hand, wanted: Wanted) -> UUID:
    """The clerk orders training for the people of an Excel file, mends its bad rows, and submits; the order's id."""
    await hand.click('a[href="/orders/new"]', shows="#l1-occupation")
    await hand.fill("#l1-occupation", wanted.occupation)
    await hand.choose("#l1-level", wanted.level)
    await hand.fill("#l1-earliest", wanted.earliest.isoformat())
    await hand.fill("#l1-latest", wanted.latest.isoformat())
    await hand.tick(f'[name="l1.band"][value="{wanted.band}"]')
    await hand.upload("#l1-file", "花名册.xlsx", wanted.sheet)
    await hand.click(SUBMIT, shows=".rs-sum")
    for row, field, right in wanted.mends:
        await hand.fill(f"#e-{row}-{field}", right, gone=f"#row-{row}")
    await hand.click('button[formaction$="/roster/take"]', at="**done=taken**", shows=DONE)
    await hand.click(SUBMIT, at="**done=submit**", shows=DONE)
    return UUID(hand.page.url.split("/orders/")[1][:36])


async def take_and_approve(
    hand: Hand, order: UUID, number: str, movable: Callable[[], Awaitable[tuple[UUID, date]]]
) -> float:
    """The coordinator takes the order, reads why a session is when it is, moves it to another day, approves.

    `movable` = a session on the page, and a day that is free for it. The answer: seconds until the draft was there,
    the planner's work. Among more cards than the board shows, the order is searched for first, by its number.
    """
    card = f"#do-{order}"
    if not await hand.page.locator(card).count():
        await hand.fill("#find", number, shows=card)
    await hand.click(card, shows=f'form[action="/orders/{order}/intake"]')
    await hand.click(f'form[action="/orders/{order}/intake"] .bt.primary', at="**/scheme", shows="h1")
    drafted = await hand.sees("[data-block]")
    session, day = await movable()
    await hand.click(f"#b-{session}", shows=".tl-side .tl-why li")
    await hand.press("m", shows="#move-day:focus")
    await hand.fill("#move-day", day.isoformat())
    await hand.click('details[data-opens="m"] form button', shows=".tl-looked")
    await hand.click(".tl-looked form .bt.primary", shows=".tl-note.violet")
    await hand.send('form[action$="/scheme/approve"] button', gone='form[action$="/scheme/approve"]')
    return drafted


async def restaff_whom_is_ill(hand: Hand, person: str) -> int:
    """The coordinator hears that an instructor is ill: all sessions of today and tomorrow go to others; how many."""
    await hand.click('.sh-link[href="/dispatch"]', shows="#person")
    await hand.choose("#person", person)
    await hand.click(".dw-ill .bt.primary", shows='form[method="post"][action="/dispatch/ill"]')
    await hand.click(
        'form[method="post"][action="/dispatch/ill"] .bt.primary', at="**freed=**", shows=".dw-said"
    )
    return await hand.page.locator(".dw-said").count()


async def answer_offers(hand: Hand) -> None:
    """The college accepts what waits but for two: for one somebody else comes, one is declined with a reason."""
    await hand.click('.sh-link[href="/offers"]', shows="[data-accept]")
    await hand.click("[data-row]", shows=".of-panel .of-one")
    await hand.click(".of-panel .of-one", at="**done=substitute**", shows=".nt.green")
    await hand.click(".of-no", shows=".of-panel .of-why")
    await hand.click(".of-why label", shows=".of-why input:checked")
    await hand.click(".of-saying .bt.danger", at="**done=decline**", shows=".nt.green")
    await hand.press("a", at="**done=accepted**", shows=".nt.green")


async def teach(hand: Hand, scanned: Callable[[str], Awaitable[None]]) -> None:
    """The instructor opens the session, everybody scans the code (`scanned`: its address), and closes with a report."""
    await hand.click("[data-first] form[data-open] button", shows="[data-code]:not([hidden]) path")
    await scanned(await hand.page.locator("[data-qr]").get_attribute("data-address") or "")
    await hand.click('.ph-bar a[href="#close"]', shows="#close-h")
    for tap in TAPS:
        await hand.click(f'label:has(input[name="{tap}"][value="good"])')
    await hand.click("#close .ph-big", shows='[data-when="closed"]:not([hidden])')


async def confirm_marks(
    hand: Hand, batch: str, marks: Sequence[tuple[str, str]], anew: Sequence[tuple[str, str]]
) -> None:
    """The second assessor enters all marks blind, sees which differ from the first one's, enters those anew.

    Each mark: field and value.
    """
    await hand.click(f'a[href="/my/batches/{batch}"]', shows='a[href$="/marks"]')
    await hand.click('a[href$="/marks"]', shows=".mk-in")
    for field, value in marks:
        await hand.mark(f'[name="{field}"]', value)
    await hand.click(".ph-bar button", at="**/marks*", shows=".mk-two")
    for field, value in anew:
        await hand.mark(f'[name="{field}"]', value)
    await hand.send(".ph-bar button", gone=".mk-in")


async def check_certificate(hand: Hand, address: str) -> None:
    """Anybody scans the code on a certificate."""
    await hand.open(address, shows='[data-verdict="valid"]')
