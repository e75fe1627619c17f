"""Asking the other services over HTTP, as the portal itself. Only jobs do: pages render without neighbours."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

SECONDS = 15.0


@dataclass(frozen=True)
class Neighbours:
    """The ways to the other services: address and token are looked up at each question."""

    url_of: Callable[[str], str]
    token: Callable[[], str]

    async def ask(self, service: str, path: str, body: Any) -> Any:
        """POST a question; `LookupError` when nobody told the address, `httpx.HTTPError` when it fails."""
        url = self.url_of(service)
        async with httpx.AsyncClient(timeout=SECONDS) as client:
            answer = await client.post(
                f"{url}{path}", json=body, headers={"Authorization": f"Bearer {self.token()}"}
            )
            answer.raise_for_status()
            return answer.json()
