"""The web server around a service's application: orderly stop, security headers; no route of a plain router."""

import contextlib
from collections.abc import Iterator

import uvicorn
from fastapi import APIRouter
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servicekit.http import UNSAFE, KitRoute

SECURITY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}


class Server(uvicorn.Server):
    """uvicorn without its own signal handling, which ends an orderly stop by the signal itself: not exit 0."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Secure:
    """Puts the security headers on every answer that has none of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, secured if scope["type"] == "http" else send)


def check_routes(router: APIRouter) -> None:
    """A changing route outside `servicekit.http.Router` would lack its promises: refused at the start."""
    for route in router.routes:
        methods = getattr(route, "methods", None) or set()
        if methods & UNSAFE and not isinstance(route, KitRoute):
            raise TypeError(f"{route}: make it with servicekit.http.Router")
