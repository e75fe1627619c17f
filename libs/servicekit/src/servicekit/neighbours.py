"""Asking another service over HTTP. Jobs do, and pages that show what is a neighbour's: no decision waits for one."""

import contextlib
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import httpx

SECONDS = 20.0
READ_SECONDS = 3.0
"""A person waits for the page."""
MOST_PEOPLE = 500
"""People in one question; their owners take more."""


@cache
def trusted() -> ssl.SSLContext:
    """Whom an `https` address may show; reading it takes longer than most answers, so it is read once."""
    return httpx.create_ssl_context()


@dataclass(frozen=True)
class Neighbours:
    """The ways to the other services: address and token are looked up at each question."""

    url_of: Callable[[str], str]
    token: Callable[[], str]
    transport: httpx.AsyncBaseTransport | None = None

    def _client(self, seconds: float) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self.transport, verify=trusted(), timeout=seconds)

    async def ask(self, service: str, path: str, body: Any) -> Any:
        """POST a question; `LookupError` when nobody told the address, `httpx.HTTPError` when it fails."""
        url = self.url_of(service)
        async with self._client(SECONDS) as client:
            answer = await client.post(
                f"{url}{path}", json=body, headers={"Authorization": f"Bearer {self.token()}"}
            )
            answer.raise_for_status()
            return answer.json()

    async def tell(self, service: str, path: str, body: Any) -> None:
        """POST what is answered with nothing; errors as of `ask`, and soon."""
        url = self.url_of(service)
        async with self._client(READ_SECONDS) as client:
            answer = await client.post(
                f"{url}{path}", json=body, headers={"Authorization": f"Bearer {self.token()}"}
            )
            answer.raise_for_status()

    async def read(self, service: str, path: str, token: str, *, seconds: float = READ_SECONDS) -> bytes:
        """GET what a page shows, as the one who looks at it; errors as of `ask`, and soon."""
        url = self.url_of(service)
        async with self._client(seconds) as client:
            answer = await client.get(f"{url}{path}", headers={"Authorization": f"Bearer {token}"})
            answer.raise_for_status()
            return answer.content

    async def stream(
        self, service: str, path: str, token: str
    ) -> tuple[Mapping[str, str], AsyncIterator[bytes]]:
        """GET a large file: what is said of it, and its pieces as they come; errors as of `ask`, before the first."""
        client = self._client(SECONDS)
        try:
            headers = {"Authorization": f"Bearer {token}"}
            asked = client.build_request("GET", f"{self.url_of(service)}{path}", headers=headers)
            answer = await client.send(asked, stream=True)
            if answer.is_error:
                await answer.aread()
            answer.raise_for_status()
        except BaseException:
            await client.aclose()
            raise

        async def pieces() -> AsyncIterator[bytes]:
            async with contextlib.aclosing(client), contextlib.aclosing(answer):
                async for piece in answer.aiter_raw():
                    yield piece

        return answer.headers, pieces()

    async def act(
        self,
        service: str,
        path: str,
        token: str,
        *,
        key: str,
        body: Any = None,
        method: str = "POST",
        if_match: int | None = None,
    ) -> httpx.Response:
        """Send what somebody does on a page, as that person, once for this key; errors as of `ask`, and soon.

        `if_match`: only if what was looked at is still the version there.
        """
        url = self.url_of(service)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        if if_match is not None:
            headers["If-Match"] = f'"{if_match}"'
        async with self._client(READ_SECONDS) as client:
            answer = await client.request(method, f"{url}{path}", headers=headers, json=body)
            answer.raise_for_status()
            return answer

    async def ask_as(
        self,
        service: str,
        path: str,
        token: str,
        *,
        body: Any = None,
        file: tuple[str, bytes] | None = None,
        beside: tuple[str, bytes] | None = None,
        key: str | None = None,
    ) -> bytes:
        """POST what somebody on a page wants, a file too, and one `beside` it; what is large takes a while."""
        url = self.url_of(service)
        headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
        files = {name: one for name, one in (("file", file), ("beside", beside)) if one} or None
        async with self._client(SECONDS) as client:
            answer = await client.post(f"{url}{path}", headers=headers, json=body, files=files)
            answer.raise_for_status()
            return answer.content

    async def people(
        self, owner: str, field: str, ids: Sequence[UUID], **more: str
    ) -> AsyncIterator[dict[str, Any]]:
        """What their owner tells of these people (`POST /people`), however many they are: one after the other."""
        for start in range(0, len(ids), MOST_PEOPLE):
            page = [str(one) for one in ids[start : start + MOST_PEOPLE]]
            for person in await self.ask(owner, "/people", {field: page, **more}):
                yield person
