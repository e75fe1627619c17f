"""One order from the survey to the check of a certificate, everything that people do done in a browser.

Only the clock is moved otherwise. `Album` is shown each desk when there is something to see.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from playwright.async_api import Browser

from songjiao_cli.api import Person
from songjiao_cli.bench import desks_ready as ready
from songjiao_cli.bench import desks_tasks as tasks
from songjiao_cli.bench.desks_hand import Hand, at_desk, before, leave
from songjiao_cli.season.acts.teaching import lead_of
from songjiao_cli.season.people import Worker, workforce
from songjiao_cli.season.stage import Stage

OCCUPATION, LEVEL = "6-31-01-02", "L5"
"""Three sessions for a cohort."""
CLASS = 4
ADDRESS = re.compile(r"/c/[YS]\d{21}\?k=\w+")
Album = Callable[[str, Hand], Awaitable[None]]


async def no_album(_name: str, _hand: Hand) -> None:
    """Nobody takes pictures."""


@dataclass
class Story:
    """Who tells it, in which language."""

    stage: Stage
    browser: Browser
    language: str
    number: int
    """Tells its people from all others'."""
    album: Album = no_album
    order: UUID = field(init=False)
    problems: list[str] = field(default_factory=list)

    @property
    def people(self) -> list[Worker]:
        """Who is to learn."""
        return workforce(self.number, CLASS, ["A"], self.stage.seed)

    async def tell(self) -> str:
        """The verdict on the certificate at its end."""
        survey = await self._as(self.stage.coordinator, "/surveys", self._asks)
        await self._as(ready.clerk(self.stage), "/survey", partial(self._answers, survey))
        await self._as(self.stage.coordinator, "/board", self._takes)
        await self._as(ready.clerk(self.stage), "/board", self._confirms)
        await self._colleges_accept("offers")
        first = True
        while session := await self._next_session():
            await self._taught(session, first=first)
            first = False
        await self._as(ready.clerk(self.stage), "/sessions", self._confirms_held)
        await self._examined()
        return await self._as(None, "", self._checks, phone=True)

    async def _asks(self, hand: Hand) -> str:
        await hand.click('form[action="/surveys/open"] .bt.primary', at="**done=opened", shows=tasks.DONE)
        return hand.page.url.split("/surveys/")[1][:36]

    async def _answers(self, survey: str, hand: Hand) -> None:
        await hand.click(f'a[href="/survey/{survey}"]', shows="#n1-service")
        await hand.choose("#n1-service", "theory_training")
        await hand.fill("#n1-occupation", OCCUPATION)
        await hand.choose("#n1-level", LEVEL)
        await hand.fill("#n1-heads", str(CLASS))
        await hand.click(".su-form .bt.primary", at="**done=1", shows=tasks.DONE)
        await hand.click(
            f'form[action="/survey/{survey}/order"] .bt.primary', at="**/edit", shows="#l1-occupation"
        )
        await self._orders(hand)

    async def _orders(self, hand: Hand) -> None:
        cells = [[one.name, one.id_number, one.crew, one.years_in_trade, ""] for one in self.people]
        cells[2][2] = "Q"
        sheet = ready.sheet_of(cells)
        earliest = ready.today(self.stage) + ready.AHEAD
        latest = earliest + ready.LONG
        for name, day in (("earliest", earliest), ("latest", latest)):
            await hand.fill(f"#l1-{name}", day.isoformat())
        await hand.tick(f'[name="l1.band"][value="{ready.BAND}"]')
        await self._roster(hand, 1, sheet, "order")
        await hand.click('button[name="do"][value="add"]', shows="#l2-occupation")
        await hand.choose("#l2-service", "skill_evaluation")
        await hand.fill("#l2-occupation", OCCUPATION)
        await hand.choose("#l2-level", LEVEL)
        await self._roster(hand, 2, sheet, "")
        await hand.click(tasks.SUBMIT, at="**done=submit**", shows=tasks.DONE)
        self.order = UUID(hand.page.url.split("/orders/")[1][:36])

    async def _roster(self, hand: Hand, line: int, sheet: bytes, picture: str) -> None:
        await hand.upload(f"#l{line}-file", "花名册.xlsx", sheet)
        if picture:
            await self.album(picture, hand)
        await hand.click(tasks.SUBMIT, shows=".rs-sum")
        if picture:
            await self.album("roster", hand)
        await hand.fill("#e-4-crew", "A", gone="#row-4")
        await hand.click('button[formaction$="/roster/take"]', at="**done=taken**", shows=tasks.DONE)

    async def _takes(self, hand: Hand) -> None:
        await self.album("board", hand)

        async def movable() -> tuple[UUID, date]:
            session, day = await ready.movable(self.stage, self.order)
            await hand.click(f"#b-{session}", shows=".tl-side")
            await self.album("draft", hand)
            await hand.page.keyboard.press("Escape")  # the side closes: its next opening is then waited for
            await hand.page.locator(".tl-side").wait_for(state="hidden")
            return session, day

        number = await ready.number_of(self.stage, self.order)
        await tasks.take_and_approve(hand, self.order, number, movable)

    async def _confirms(self, hand: Hand) -> None:
        await hand.click(f"#do-{self.order}", shows=f'form[action="/orders/{self.order}/confirm"]')
        await self.album("confirm", hand)
        await hand.send(
            f'form[action="/orders/{self.order}/confirm"] .bt.primary',
            gone=f'form[action="/orders/{self.order}/confirm"]',
        )

    async def _colleges_accept(self, picture: str) -> None:
        await self.stage.conductor.quiet()
        for college in self.stage.offices.values():

            async def accept(hand: Hand) -> None:
                if picture:
                    await self.album(picture, hand)
                if await hand.page.locator("[data-accept]").count():
                    await hand.press("a", at="**done=accepted**", shows=".nt.green")

            await self._as(college, "/offers", accept)
        await self.stage.conductor.quiet()

    async def _sessions(self) -> list[dict[str, Any]]:
        asked = {"order_id": str(self.order)}
        return await self.stage.api.call(
            self.stage.coordinator, "GET", "scheduling", "/sessions", params=asked
        )

    async def _next_session(self) -> dict[str, Any] | None:
        now = self.stage.conductor.now
        found = [
            one for one in await self._sessions() if datetime.fromisoformat(one["slot"]["starts_at"]) > now
        ]
        return min(found, key=lambda one: one["slot"]["starts_at"], default=None)

    async def _taught(self, session: dict[str, Any], *, first: bool) -> None:
        teacher = await self.stage.sent(await lead_of(self.stage, session))
        await self.stage.conductor.move_to(datetime.fromisoformat(session["slot"]["starts_at"]))

        async def present(code: str, hand: Hand) -> None:
            if first:
                await self.album("session", hand)
                for worker in self.people:  # each scans what the instructor's phone shows by then
                    code = await hand.page.locator("[data-qr]").get_attribute("data-address") or code
                    await self._as(None, "", partial(self._signs_in, code, worker), phone=True)
            else:
                await self._are_called(hand)
            await ready.over(self.stage, session)

        async def teach(hand: Hand) -> None:
            await tasks.teach(hand, partial(present, hand=hand))

        await self._as(teacher, "/my/week", teach, phone=True)
        await self.stage.conductor.quiet()

    async def _are_called(self, hand: Hand) -> None:
        for left in reversed(range(CLASS)):
            await hand.click("[data-here]", shows=f'[data-count="out"]:text-is("{left}")')

    async def _signs_in(self, code: str, worker: Worker, hand: Hand) -> None:
        await hand.open(code, shows="#digits")
        await hand.fill("#digits", worker.id_number[-4:])
        await hand.click(".ph-big", shows="[data-signed]")
        await self.album("signed", hand)

    async def _confirms_held(self, hand: Hand) -> None:
        await hand.click('form[action="/sessions/confirm"] .bt.primary', at="**done=*", shows=tasks.DONE)

    async def _examined(self) -> None:
        day = ready.for_an_examination(self.stage)
        await self.stage.conductor.quiet()
        batch = await self._as(self.stage.coordinator, "/evaluation", partial(self._plans, day))
        await self._colleges_accept("")
        seen = await self.stage.api.call(self.stage.coordinator, "GET", "evaluation", f"/batches/{batch}")
        await self.stage.conductor.move_to(datetime.fromisoformat(seen["slot"]["starts_at"]))
        for person in sorted(seen["assessors"], key=self.stage.ordinal)[:2]:
            await self._as(
                await self.stage.sent(person), "/my/batches", partial(self._marks, batch), phone=True
            )
        await self.stage.conductor.move_to(datetime.fromisoformat(seen["slot"]["ends_at"]))
        await self._as(self.stage.coordinator, f"/evaluation/batches/{batch}", self._posts)
        seen = await self.stage.api.call(self.stage.coordinator, "GET", "evaluation", f"/batches/{batch}")
        until = date.fromisoformat(seen["objections_until"])
        await self.stage.conductor.move_to(self.stage.at(until + timedelta(days=1), 9))
        await self._as(self.stage.coordinator, f"/evaluation/batches/{batch}", self._issues)
        await self.stage.conductor.quiet()

    async def _plans(self, day: date, hand: Hand) -> str:
        await hand.click(f'a[href="/evaluation/orders/{self.order}"]', shows="#day")
        await hand.fill("#day", day.isoformat())
        await hand.choose("#band", "am")
        await hand.click(
            ".ev-form .bt.primary", at="**/evaluation?planned=**", shows='a[href^="/evaluation/batches/"]'
        )
        found = await self.stage.api.call(
            self.stage.coordinator, "GET", "evaluation", f"/orders/{self.order}/batches"
        )
        return found[-1]["batch_id"]

    async def _marks(self, batch: str, hand: Hand) -> None:
        await hand.click(f'a[href="/my/batches/{batch}"]', shows='a[href$="/marks"]')
        await hand.click('a[href$="/marks"]', shows=".mk-in")
        for at, place in enumerate(await hand.page.locator(".mk-in").all()):
            await place.fill(f"{70 + at}")
        await self.album("marks", hand)
        await hand.send(".ph-bar button", gone=".mk-in")

    async def _posts(self, hand: Hand) -> None:
        await hand.send('form[action$="/post"] .bt.primary', gone='form[action$="/post"]')

    async def _issues(self, hand: Hand) -> None:
        await hand.fill("#count", str(CLASS))
        await self.album("issue", hand)
        await hand.send('form[action$="/issue"] .bt.primary', gone="#count")

    async def _checks(self, hand: Hand) -> str:
        address = await self._as(ready.clerk(self.stage), "/certificates", self._fetches)
        await hand.open(address, shows="[data-verdict]")
        await self.album("check", hand)
        return await hand.page.locator("[data-verdict]").get_attribute("data-verdict") or ""

    async def _fetches(self, hand: Hand) -> str:
        await self.album("certificates", hand)
        found = await hand.page.locator('a[href*="/c/"]').first.get_attribute("href") or ""
        assert ADDRESS.search(found), found
        return found

    async def _as(
        self, who: Person | None, home: str, do: Callable[[Hand], Awaitable[Any]], *, phone: bool = False
    ) -> Any:
        portal = self.stage.api.urls["portal"]
        asked = {"language": self.language, "phone": phone}
        hand = await (
            at_desk(self.browser, portal, who, home, **asked)
            if who
            else before(self.browser, portal, **asked)
        )
        try:
            done = await do(hand)
            lang = await hand.page.locator("html").get_attribute("lang") or ""
            assert lang[:2] == self.language[:2], f"{hand.page.url} speaks {lang}"
        finally:
            await leave(hand)
        self.problems += hand.problems
        return done
