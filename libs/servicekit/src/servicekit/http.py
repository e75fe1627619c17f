"""The door of persons: a transaction per request, committed before the answer leaves; idempotency; versions.

    router = Router(prefix="/orders", tags=["orders"])

    @router.post("/{order_id}/accept", status_code=204, responses=refusals("order.not_submitted"))
    async def accept_order(order_id: OrderId, tx: Transaction, by: Coordinator, today: Today) -> None: ...

Routes that change something (POST, PUT, PATCH, DELETE) need the header `Idempotency-Key`; the answer is
stored with the facts, a repeat gets the same one. `@without_key` for a route without effect (a login).
"""

import contextlib
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import date
from typing import Annotated, Any, TypeVar

import structlog
from fastapi import APIRouter, Depends, Header, Response
from fastapi import Request as HttpRequest
from fastapi.routing import APIRoute
from opentelemetry import trace
from opentelemetry.propagate import extract

from contracts.base import is_key
from contracts.refusals import Conflict, Invalid
from servicekit import clock, telemetry
from servicekit.asked import Request
from servicekit.bodies import WrongContent, body_of, comparable, given_again
from servicekit.db import Transactions, Tx
from servicekit.faults import passed
from servicekit.identity import actor_of
from servicekit.problems import Problem, refusals

__all__ = [
    "IdempotencyKey",
    "IfMatch",
    "Problem",
    "Request",
    "Router",
    "Today",
    "Transaction",
    "check_version",
    "refusals",
    "set_version",
    "takes_up_to",
    "without_key",
]

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
MOST_BYTES = 1_000_000
KEPT_HEADERS = ("content-type", "location", "etag", "songjiao-position", "content-disposition")
ASKED, ROUTE = "songjiao.asked", "route"
"""Where a request's scope says which of our routes it came to (`web.Measured`)."""
GIVEN = "select request, status, headers::text, body from answer_given($1, $2)"
E = TypeVar("E", bound=Callable[..., Any])


class _AnsweredBefore(Exception):  # noqa: N818  carries an answer
    """This command was done before; here is the answer it got."""

    def __init__(self, response: Response) -> None:
        super().__init__("answered before")
        self.response = response


def takes_up_to(most_bytes: int) -> Callable[[E], E]:
    """Let a route take a larger body than 1 MB (an Excel roster). Stands under the route's decorator."""

    def mark(endpoint: E) -> E:
        endpoint.__songjiao_most_bytes__ = most_bytes  # type: ignore[attr-defined]
        return endpoint

    return mark


def without_key(endpoint: E) -> E:
    """A route that changes nothing worth repeating safely, though its method may: login, question, search."""
    endpoint.__songjiao_without_key__ = True  # type: ignore[attr-defined]
    return endpoint


async def _key(  # a plain function would be handed to a thread, at every request
    idempotency_key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            description="A key of yours for this command, best a fresh UUID; else 8 to 128 letters, digits and "
            "`_ . : -`, never more than ten digits in a row. The same key again gets the same answer and has no "
            "second effect.",
        ),
    ],
) -> str:
    return idempotency_key


IdempotencyKey = Annotated[str, Depends(_key)]
"""The key of the command, for a route that wants to see it; checked and documented in any case."""


class KitRoute(APIRoute):
    """A route with body limit, content type, idempotency, position and trace."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **rest: Any) -> None:
        methods = set(rest.get("methods") or {"GET"})
        self.needs_key = bool(methods & UNSAFE) and not hasattr(endpoint, "__songjiao_without_key__")
        self.most_bytes: int = getattr(endpoint, "__songjiao_most_bytes__", MOST_BYTES)
        if self.needs_key:
            rest["dependencies"] = [*(rest.get("dependencies") or []), Depends(_key)]
        super().__init__(path, endpoint, **rest)

    def get_route_handler(self) -> Callable[[HttpRequest], Coroutine[Any, Any, Response]]:
        """FastAPI's handler with ours around it; it still runs inside the request's transaction."""
        answer = super().get_route_handler()

        async def handler(request: HttpRequest) -> Response:
            name = f"{request.method} {self.path}"
            request.scope.get(ASKED, {})[ROUTE] = name
            with _span(name, request):
                try:
                    request = await self._checked(request)
                    response = await answer(request)
                    await self._remember(request, response)
                except _AnsweredBefore as before:
                    return before.response
            return response

        return handler

    async def _checked(self, request: HttpRequest) -> HttpRequest:
        """The request with its body read, if size, content type and key are right."""
        request.state.key = None
        if self.needs_key:
            key = request.headers.get("idempotency-key")
            if key is not None and not is_key(key):
                raise Invalid("idempotency.key_invalid", field="header.idempotency-key")
            request.state.key = key
        if request.method not in UNSAFE:
            return request
        body = await body_of(request, self.most_bytes)
        expected = self._content_type()
        given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if body and expected and given != expected:
            raise WrongContent("request.content_type", field="header.content-type", expected=expected)
        request.state.hash = hashlib.sha256(
            b"\0".join([request.method.encode(), str(request.url.path).encode(), comparable(given, body)])
        ).digest()
        return HttpRequest(request.scope, given_again(body, request.receive))

    def _content_type(self) -> str | None:
        """What a body of this route must be; nothing when it takes none."""
        if self.body_field is None:
            return None
        return str(getattr(self.body_field.field_info, "media_type", None) or "application/json")

    async def _remember(self, request: HttpRequest, response: Response) -> None:
        """Name the position reached, and keep the answer with the facts: one transaction."""
        tx: Tx | None = getattr(request.state, "tx", None)
        if tx is None:
            return
        if tx.reached:
            last = {(position.source, position.subject): position for position in tx.reached}
            response.headers["Songjiao-Position"] = ", ".join(map(str, last.values()))
        key: str | None = request.state.key
        if key is None:
            return
        kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        body = bytes(response.body) if hasattr(response, "body") else b""
        await tx.said.write_with_answer(
            tx.driver, _who(request), key, request.state.hash, response.status_code, json.dumps(kept), body
        )


def _span(name: str, request: HttpRequest) -> contextlib.AbstractContextManager[object]:
    """The request's part of a trace: of the asker's, or of ours where somebody collects it."""
    if not telemetry.collected() and "traceparent" not in request.headers:
        return contextlib.nullcontext()
    return telemetry.tracer().start_as_current_span(
        name, extract(request.headers), kind=trace.SpanKind.SERVER
    )


class Router(APIRouter):
    """FastAPI's router, its routes with all that a service promises."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(route_class=KitRoute, **rest)


def _who(request: HttpRequest) -> str:
    actor = actor_of(request)
    return actor.user if actor else ""


async def _answered(tx: Tx, request: HttpRequest, key: str) -> None:
    """A repeat gets its first answer; a twin still at work is waited for; another request is refused, and one
    whose answer was lost with a database (`restoring`).
    """
    row = await tx.driver.fetchrow(GIVEN, _who(request), key)
    if row is None:
        return
    if not row["request"]:
        raise Conflict("idempotency.answer_lost", field="header.idempotency-key")
    if row["request"] != request.state.hash:
        raise Conflict("idempotency.other_request", field="header.idempotency-key")
    raise _AnsweredBefore(Response(row["body"], row["status"], json.loads(row["headers"])))


@asynccontextmanager
async def _transaction(request: HttpRequest) -> AsyncIterator[Tx]:
    transactions: Transactions = request.app.state.transactions
    async with transactions.begin() as tx:
        key: str | None = getattr(request.state, "key", None)
        tx.correlation = key
        tx.traceparent = telemetry.current_traceparent()  # the request's own, if it is one
        if key is not None:
            await _answered(tx, request, key)
        request.state.tx = tx
        structlog.contextvars.bind_contextvars(correlation=key)
        yield tx
        if tx.reached:
            passed("command.before_commit")
    if tx.reached:
        passed("command.after_commit")


async def transaction(request: HttpRequest) -> AsyncIterator[Tx]:
    """The request's transaction."""
    async with _transaction(request) as tx:
        yield tx


# "function": commit before the answer leaves, or a failed commit turns a "done" into a lie.
Transaction = Annotated[Tx, Depends(transaction, scope="function")]


async def _today(tx: Transaction) -> date:
    return await clock.today(tx)


Today = Annotated[date, Depends(_today, scope="function")]
"""The day of the transaction on the local calendar."""

IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description='The version the change was made for, as `ETag` told it: "7".'),
]


def check_version(if_match: str | None, current: int, *, needed: bool = False) -> None:
    """Refuse a change made for an older version: `version.stale`; without header only when it is needed."""
    if if_match is None:
        if needed:
            raise Invalid("version.missing", field="header.if-match")
        return
    yours = if_match.strip().removeprefix("W/").strip('"')
    if yours not in ("*", str(current)):
        raise Conflict("version.stale", field="header.if-match", yours=yours, current=current)


def set_version(response: Response, version: int) -> None:
    """Tell the version a read or a change has reached (`ETag`)."""
    response.headers["ETag"] = f'"{version}"'
