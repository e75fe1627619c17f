"""Asking the services over HTTP, as a person with a role: tokens, idempotency keys, refusals in words."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import httpx
from uuid_utils import uuid7

TOKEN_SECONDS = 600.0
TRIES = 4


class Refusal(Exception):  # noqa: N818  an answer, said to a person
    """A service said no. `status` and the problem's `code`, with its sentence."""

    def __init__(self, request: str, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.problem = dict(problem)
        self.code = str(problem.get("code", problem.get("type", status)))
        sentences = dict.fromkeys(problem.get("sentences", {}).values())
        said = " ".join(sentences) or problem.get("title") or problem.get("detail") or "refused"
        super().__init__(f"{said} ({request}: {status} {self.code})")


class NoAnswer(Exception):  # noqa: N818  said to a person
    """A service does not answer; the message says which, and where it should."""

    def __init__(self, service: str, url: str, why: Exception) -> None:
        self.service = service
        super().__init__(f"{service} does not answer at {url} ({type(why).__name__})")


@dataclass
class Person:
    """Somebody with an account, who signs in at the portal when first needed; or with a key to make tokens."""

    username: str
    password: str
    role: str = ""
    token: str = ""
    until: float = 0.0
    own_token: Callable[[], str] | None = None


@dataclass
class Api:
    """The services' public HTTP, one connection pool."""

    urls: Mapping[str, str]
    client: httpx.AsyncClient = field(
        default_factory=lambda: httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=32))
    )
    calls: int = 0

    async def call(
        self,
        who: Person | None,
        method: str,
        service: str,
        path: str,
        *,
        json: Any = None,
        files: Any = None,
        params: Any = None,
    ) -> Any:
        """The answer's JSON (`None` for 204); `Refusal` for 4xx and 5xx, `NoAnswer` when there is none."""
        headers = {"Idempotency-Key": str(uuid7())} if method != "GET" else {}
        if who is not None:
            headers["Authorization"] = f"Bearer {await self.token_of(who)}"
        self.calls += 1
        answer = await self._asked(
            method, service, path, json=json, files=files, params=params, headers=headers
        )
        if answer.status_code >= httpx.codes.BAD_REQUEST:
            raise Refusal(f"{method} {service}{path}", answer.status_code, _problem(answer))
        return answer.json() if answer.content else None

    async def token_of(self, who: Person) -> str:
        """A token that is still good; fetched from the portal when there is none."""
        if who.own_token is not None:
            return who.own_token()
        if time.monotonic() > who.until:
            body = {"username": who.username, "password": who.password}
            answer = await self._asked("POST", "portal", "/token", json=body)
            if answer.status_code >= httpx.codes.BAD_REQUEST:
                raise Refusal("POST portal/token", answer.status_code, _problem(answer))
            granted = answer.json()
            who.token = granted["access_token"]
            who.until = time.monotonic() + min(TOKEN_SECONDS, float(granted["expires_in"]) - 60)
        return who.token

    async def _asked(self, method: str, service: str, path: str, **rest: Any) -> httpx.Response:
        """The answer; a lost one is asked for again, with the same key."""
        for _ in range(TRIES):
            try:
                return await self.client.request(method, f"{self.urls[service]}{path}", **rest)
            except httpx.TransportError as error:
                lost = error
        raise NoAnswer(service, self.urls[service], lost) from lost

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        read = answer.json()
    except ValueError:
        read = {"detail": answer.text[:200]}
    return read if isinstance(read, dict) else {"detail": str(read)[:200]}
