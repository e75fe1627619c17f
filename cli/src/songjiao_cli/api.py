"""Asking the services over HTTP, as a person with a role: tokens, idempotency keys, refusals in words."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from uuid_utils import uuid7

TOKEN_SECONDS = 600.0


class Refusal(Exception):  # noqa: N818  an answer, said to a person
    """A service said no. `status` and the problem's `code`, with its sentence."""

    def __init__(self, request: str, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.problem = dict(problem)
        self.code = str(problem.get("code", problem.get("type", status)))
        super().__init__(f"{request}: {status} {self.code} {problem.get('detail', '')}".strip())


@dataclass
class Person:
    """Somebody with an account; signs in at the portal when first needed."""

    username: str
    password: str
    role: str = ""
    token: str = ""
    until: float = 0.0


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
        """The answer's JSON (`None` for 204); `Refusal` for 4xx and 5xx. A lost answer is asked for again."""
        headers = {"Idempotency-Key": str(uuid7())} if method != "GET" else {}
        if who is not None:
            headers["Authorization"] = f"Bearer {await self.token_of(who)}"
        self.calls += 1
        url = f"{self.urls[service]}{path}"
        for attempt in range(4):
            try:
                answer = await self.client.request(
                    method, url, json=json, files=files, params=params, headers=headers
                )
                break
            except httpx.TransportError:
                if attempt == 3:  # noqa: PLR2004  the fourth try was the last
                    raise
        if answer.status_code >= httpx.codes.BAD_REQUEST:
            raise Refusal(f"{method} {service}{path}", answer.status_code, _problem(answer))
        return answer.json() if answer.content else None

    async def token_of(self, who: Person) -> str:
        """A token that is still good; fetched from the portal when there is none."""
        if time.monotonic() > who.until:
            answer = await self.client.post(
                f"{self.urls['portal']}/token", json={"username": who.username, "password": who.password}
            )
            if answer.status_code >= httpx.codes.BAD_REQUEST:
                raise Refusal("POST portal/token", answer.status_code, _problem(answer))
            granted = answer.json()
            who.token = granted["access_token"]
            who.until = time.monotonic() + min(TOKEN_SECONDS, float(granted["expires_in"]) - 60)
        return who.token

    async def close(self) -> None:
        """Give the connections back."""
        await self.client.aclose()


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        read = answer.json()
    except ValueError:
        read = {"detail": answer.text[:200]}
    return read if isinstance(read, dict) else {"detail": str(read)[:200]}
