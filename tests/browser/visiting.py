"""The portal as the browser tests see it: facts are said to it, a browser visits it."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import uuid_utils
from aiokafka import AIOKafkaProducer
from playwright.async_api import Browser

from contracts.base import Envelope

PASSWORD = "a-long-password"
DESK, NARROW = {"width": 1389, "height": 868}, {"width": 390, "height": 844}


class RunningPortal:
    """The portal's address, and a way to let facts happen."""

    def __init__(self, url: str, database: str, producer: AIOKafkaProducer, prefix: str) -> None:
        self.url = url
        self._database = database
        self._producer = producer
        self._prefix = prefix
        self._sequences: Counter[tuple[str, str]] = Counter()

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

    async def _taken(self, ids) -> None:
        connection = await asyncpg.connect(self._database)
        try:
            async with asyncio.timeout(20):
                while await connection.fetchval(
                    "select count(*) from story_fact where id = any($1)", ids
                ) < len(ids):
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

    async def page(
        self,
        path: str = "/",
        *,
        size=None,
        language: str = "zh-CN",
        phone: bool = False,
        scripts: bool = True,
    ):
        more = {"is_mobile": True, "has_touch": True, "device_scale_factor": 2} if phone else {}
        context = await self._browser.new_context(
            locale=language, timezone_id="Asia/Shanghai", reduced_motion="reduce", base_url=self._url,
            viewport=size or (NARROW if phone else DESK), java_script_enabled=scripts, **more,
        )  # fmt: skip
        self._contexts.append(context)
        page = await context.new_page()
        page.on("console", lambda m: self.problems.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on(
            "response",
            lambda r: self.problems.append(f"{r.status} {urlsplit(r.url).path}") if r.status >= 500 else None,
        )
        await page.goto(path, wait_until="load")
        return page

    async def close(self):
        for context in self._contexts:
            await context.close()
