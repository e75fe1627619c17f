"""The web server around a service's application: orderly stop, security headers, second tries."""

import asyncio
import contextlib
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping

import uvicorn
from fastapi import APIRouter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servicekit import telemetry
from servicekit.http import ASKED, ROUTE, UNSAFE, KitRoute
from servicekit.problems import PASSING
from servicekit.security import SECURITY
from servicekit.settings import Settings
from servicekit.starts import WrongStart


class Server(uvicorn.Server):
    """uvicorn without its own signal handling, which ends an orderly stop by the signal itself: not exit 0."""

    @classmethod
    def of(cls, app: ASGIApp, settings: Settings) -> "Server":
        """The server of a service, where its settings say."""
        return cls(
            uvicorn.Config(
                app,
                host=settings.host,
                port=settings.port,
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,
                timeout_graceful_shutdown=int(settings.graceful_seconds) or 1,
            )
        )

    async def serve_as(self, settings: Settings) -> None:
        """Answer requests until told to stop: on the socket that was handed over, or on an own one."""
        await self.serve(None if settings.listener is None else [_handed_over(settings.listener)])

    def stop_when_told(self) -> Callable[[], None]:
        """End in order on SIGTERM and SIGINT; answers what ends it from inside."""

        def stop() -> None:
            self.should_exit = True

        for told in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(told, stop)
        return stop

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _handed_over(number: int) -> socket.socket:
    """The socket that whoever started us has opened; processes that we start do not get it. `WrongStart` if there is
    none of this number.
    """
    try:
        listener = socket.socket(fileno=number)
    except OSError as error:
        raise WrongStart(
            f"SONGJIAO_LISTENER is {number}, which is no open socket ({error.strerror}): leave it out, and the service "
            "listens on SONGJIAO_PORT"
        ) from None
    listener.set_inheritable(False)
    return listener


class Measured:
    """How long each answer of a route of ours took, commit and second tries in it, by the status that was told."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        asked: dict[str, str] = {}

        def observe(status: int) -> None:
            if route := asked.pop(ROUTE, None):
                telemetry.HTTP_SECONDS.labels(route, str(status)).observe(time.perf_counter() - began)

        async def measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                observe(message["status"])
            await send(message)

        try:
            await self.app({**scope, ASKED: asked}, receive, measured)
        except Exception:
            observe(500)  # a bug: its answer is given further out
            raise


class Secure:
    """Puts the security headers on every answer that has none of its own; `more` where they are needed."""

    def __init__(self, app: ASGIApp, more: Mapping[str, str] = SECURITY) -> None:
        self.app = app
        self._headers = [(name.encode(), value.encode()) for name, value in more.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message.setdefault("headers", [])
                names = {name.lower() for name, _ in given}
                message["headers"] = [*given, *(pair for pair in self._headers if pair[0] not in names)]
            await send(message)

        await self.app(scope, receive, secured if scope["type"] == "http" else send)


PAUSES = (0.05, 0.25)
TRIES_SECONDS = 2.0
"""A failure that took longer, a time-out, would only take as long again: it is told at once."""


class Patient:
    """Does a command again, at most twice, when its failure is a passing one: nothing was answered yet.

    Only what has an idempotency key: whether the failed try was committed may be unknown, and the key finds
    its answer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in UNSAFE:
            await self.app(scope, receive, send)
            return
        ends = time.monotonic() + TRIES_SECONDS
        asked = _Asked(receive)
        for pause in (*PAUSES, None):
            state: dict[str, object] = dict(scope.get("state", {}))
            held = _Held(send, lambda: pause is not None and time.monotonic() < ends and _may_pass(state))  # noqa: B023
            await self.app({**scope, "state": state}, asked.from_its_beginning(), held)
            if pause is None or not held.back:
                return
            telemetry.HTTP_RETRIES.inc()
            await asyncio.sleep(pause)


def _may_pass(state: dict[str, object]) -> bool:
    """Whether this try failed by passing, and may be done again."""
    return bool(state.get(PASSING)) and state.get("key") is not None


class _Asked:
    """What came of a request, kept to be read again."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._messages: list[Message] = []

    def from_its_beginning(self) -> Receive:
        at = 0

        async def receive() -> Message:
            nonlocal at
            if at == len(self._messages):
                self._messages.append(await self._receive())
            at += 1
            return self._messages[at - 1]

        return receive


class _Held:
    """Sends an answer on, unless it is one to hold back."""

    def __init__(self, send: Send, hold: Callable[[], bool]) -> None:
        self._send = send
        self._hold = hold
        self.back = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.back = self._hold()
        if not self.back:
            await self._send(message)


def check_routes(router: APIRouter) -> None:
    """A changing route outside `servicekit.http.Router` would lack its promises: refused at the start."""
    for route in router.routes:
        methods = getattr(route, "methods", None) or set()
        if methods & UNSAFE and not isinstance(route, KitRoute):
            raise TypeError(f"{route}: make it with servicekit.http.Router")
