"""The portal as the browser tests see it: facts are said to it, a browser visits it."""

import asyncio
import base64
import contextlib
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import httpx
import uuid_utils
from aiokafka import AIOKafkaProducer
from playwright.async_api import Browser

from contracts.base import Envelope
from portal.notices.addresses import Waiting
from servicekit.columns import use_data_key

COUNT = "select count(*) from story_fact where id = any($1)"
LETTER = """
select l.id from address_letter l join account a on a.id = l.account_id where a.username = $1 and l.waits"""
DATA_KEY = base64.b64encode(b"k" * 32).decode()
PASSWORD = "a-long-password"
DESK, NARROW = {"width": 1389, "height": 868}, {"width": 390, "height": 844}


class Process:
    """A service's process, the portal's if nothing is said."""

    def __init__(self, port: int, environment: dict[str, str], log: Path, service: str = "portal") -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._environment = environment
        self._log = log
        self._service = service
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Until it is ready."""
        with self._log.open("ab") as out:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", self._service, env=self._environment, stdout=out, stderr=out
            )
        async with httpx.AsyncClient() as client, asyncio.timeout(150):
            while not await self._ready(client):
                assert self._process.returncode is None, self._log.read_text()
                await asyncio.sleep(0.1)

    async def _ready(self, client: httpx.AsyncClient) -> bool:
        with contextlib.suppress(httpx.HTTPError):
            return (await client.get(f"{self.url}/ready")).status_code == httpx.codes.OK
        return False

    async def stop(self) -> None:
        """Orderly, as an operator would."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await asyncio.wait_for(self._process.wait(), 40)


class RunningPortal:
    """The portal's address, and a way to let facts happen."""

    def __init__(self, process: "Process", database: str, producer: AIOKafkaProducer, prefix: str) -> None:
        self.url = process.url
        self._process = process
        self._database = database
        self._producer = producer
        self._prefix = prefix
        self._sequences: Counter[tuple[str, str]] = Counter()

    async def stop(self) -> None:
        """Stop the process; `start` again."""
        await self._process.stop()

    async def start(self) -> None:
        """Start it again, at the same address."""
        await self._process.start()

    async def tell(self, *facts, by: str = "service:order-intake", at=None, cause=None) -> list[Envelope]:
        """Say these facts as their services would, and wait until the portal has taken them."""
        told = []
        for fact in facts:
            self._sequences[fact.source, fact.subject] += 1
            told.append(
                Envelope.around(
                    fact, id=UUID(bytes=uuid_utils.uuid7().bytes), sequence=self._sequences[fact.source, fact.subject],
                    time=at or datetime.now(UTC), actor=by, causationid=cause,
                )
            )  # fmt: skip
            await self._producer.send(
                self._prefix + fact.topic, told[-1].to_bytes(), key=fact.subject.encode()
            )
        await self._producer.flush()
        await self._taken([each.id for each in told])
        return told

    async def account(
        self, username: str, *roles: str, organisation: str, person: UUID | None = None
    ) -> None:
        """Give somebody an account, with the password of all."""
        async with httpx.AsyncClient(base_url=self.url) as client:
            told = {"username": "admin", "password": PASSWORD}
            token = (await client.post("/token", json=told)).json()["access_token"]
            body = {
                "username": username, "password": PASSWORD, "roles": roles, "organisation": organisation,
                "person_id": str(person) if person else None, "name": "某人",
            }  # fmt: skip
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid_utils.uuid7())}
            answer = await client.post("/accounts", json=body, headers=headers)
            assert answer.status_code == httpx.codes.CREATED, answer.text

    async def confirm_address(self, who: str, address: str) -> None:
        """As if somebody had opened the link that was sent to their new mail address, and pressed its button."""
        connection = await asyncpg.connect(self._database)
        id_ = await connection.fetchval(LETTER, who)
        await connection.close()
        use_data_key(DATA_KEY)
        token = Waiting(id_, id_, address, datetime.now(UTC), "").token
        async with httpx.AsyncClient(base_url=self.url) as client:
            answer = await client.post(f"/mail/{token}")
            assert answer.status_code == httpx.codes.OK, answer.text

    async def _taken(self, ids) -> None:
        connection = await asyncpg.connect(self._database)
        try:
            async with asyncio.timeout(20):
                while await connection.fetchval(COUNT, ids) < len(ids):  # noqa: ASYNC110  another process takes them
                    await asyncio.sleep(0.02)
        finally:
            await connection.close()


class Visitor:
    """One browser context: pages that remember what went wrong on their consoles."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser = browser
        self._url = url
        self._contexts = []
        self.problems: list[str] = []
        self.answers: list[int] = []
        """Of pages and sent forms, in their order: not of what a page fetches beside."""

    async def page(
        self,
        path: str = "/",
        *,
        size=None,
        language: str = "zh-CN",
        phone: bool = False,
        scripts: bool = True,
        cookies=(),
    ):
        more = {"is_mobile": True, "has_touch": True, "device_scale_factor": 2} if phone else {}
        context = await self._browser.new_context(
            locale=language, timezone_id="Asia/Shanghai", reduced_motion="reduce", base_url=self._url,
            viewport=size or (NARROW if phone else DESK), java_script_enabled=scripts, **more,
        )  # fmt: skip
        self._contexts.append(context)
        await context.add_cookies(cookies)
        page = await context.new_page()
        page.on("console", lambda m: self.problems.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on(
            "response",
            lambda r: self.problems.append(f"{r.status} {urlsplit(r.url).path}") if r.status >= 500 else None,
        )
        page.on("response", self._answered)
        await page.goto(path, wait_until="load")
        return page

    def _answered(self, response):
        if response.request.is_navigation_request() or response.request.method != "GET":
            self.answers.append(response.status)

    async def close(self):
        for context in self._contexts:
            await context.close()
