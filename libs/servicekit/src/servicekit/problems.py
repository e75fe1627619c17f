"""Every "no" as RFC 9457 problem details, in one place: rule, field, sentence in both languages."""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg
import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel
from pydantic_core import to_jsonable_python
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from contracts.refusals import Refused
from contracts.sentences import LANGUAGES, sentences_of
from servicekit import telemetry
from servicekit.fields import FieldProblem, field_problem, path
from servicekit.passing import passing, unstorable
from servicekit.security import SECURITY

MEDIA = "application/problem+json"
RETRY_SECONDS = "1"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:\d\d|Z)")
PASSING = "passing"
"""Set in a request's state when its failure may pass by itself."""

log = structlog.get_logger("http")


class Problem(BaseModel):
    """The answer to a request that was refused."""

    type: str
    title: str
    status: int
    code: str
    field: str | None = None
    parameters: dict[str, Any] = {}
    sentences: dict[str, str]
    """The same in every language."""
    errors: list[FieldProblem] = []


def refusals(*codes: str) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: the rules that may say no, in the documentation."""
    told = "\n".join(f"- `{code}`: {sentences_of(code, {})['en']}" for code in codes)
    return {"4XX": {"model": Problem, "description": f"Refused by a rule.\n\n{told}"}}


def language_of(request: Request) -> str:
    """The language the asker prefers, of those we have."""
    wanted: list[tuple[float, int, str]] = []
    for at, part in enumerate(request.headers.get("accept-language", "").split(",")):
        tag, _, quality = part.strip().partition(";q=")
        try:
            wanted.append((-float(quality or 1), at, tag[:2].lower()))
        except ValueError:
            continue
    return next((tag for _, _, tag in sorted(wanted) if tag in LANGUAGES), LANGUAGES[0])


def problem(
    request: Request,
    status: int,
    code: str,
    *,
    field: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    errors: Sequence[FieldProblem] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer, counted."""
    telemetry.REFUSALS.labels(code).inc()
    figures = to_jsonable_python(dict(parameters or {}), fallback=str)
    told = {name: _as_told(request, value) for name, value in (parameters or {}).items()}
    sentences = sentences_of(code, told)
    if isinstance(figures.get("reasons"), list):
        figures["reasons"] = [_in_words(each) for each in figures["reasons"]]
    language = language_of(request)
    body = Problem(
        type=f"urn:songjiao:refusal:{code}",
        title=sentences[language],
        status=status,
        code=code,
        field=field,
        parameters=figures,
        sentences=sentences,
        errors=list(errors),
    )
    return Response(
        orjson.dumps(body.model_dump()),
        status,
        {"content-language": language, **(headers or {})},
        MEDIA,
    )


def _as_told(request: Request, value: Any) -> Any:
    """A moment by the clock on the wall, where the service knows which: people do not read UTC."""
    if isinstance(value, str) and MOMENT.fullmatch(value):
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime) or value.tzinfo is None:
        return to_jsonable_python(value, fallback=str)
    return value.astimezone(request.app.state.transactions.zone).strftime("%Y-%m-%d %H:%M")


def _in_words(reason: Any) -> Any:
    """A reason with its sentence in every language beside its code."""
    if not isinstance(reason, dict) or "code" not in reason:
        return reason
    return reason | {"sentences": sentences_of(str(reason["code"]), reason.get("figures") or {})}


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    headers = {"www-authenticate": "Bearer"} if error.status == 401 else None  # noqa: PLR2004
    return problem(
        request, error.status, error.code, field=error.field, parameters=error.parameters, headers=headers
    )


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problems: list[FieldProblem] = []
    for one in error.errors()[:100]:
        kind, place = str(one.get("type", "")), path(one.get("loc", ()))
        if kind == "json_invalid":
            return problem(request, 400, "request.not_json", field=place)
        if place == "header.idempotency-key" and kind == "missing":
            return problem(request, 400, "idempotency.key_missing", field=place)
        problems.append(field_problem(one))
    return problem(
        request,
        422,
        "request.invalid",
        field=problems[0].field if problems else None,
        parameters={"count": len(problems)},
        errors=problems,
    )


def by_status(request: Request, error: Exception) -> Response:
    """What the framework itself refuses: an address, a method, a body."""
    assert isinstance(error, HTTPException)
    code = {
        400: "request.malformed",
        404: "request.no_such_address",
        405: "request.method",
        413: "request.too_large",
    }.get(error.status_code, "request.malformed")
    return problem(
        request, error.status_code, code, parameters={"kilobytes": ""}, headers=dict(error.headers or {})
    )


def _database(request: Request, error: Exception) -> Response:
    if passing(error):
        log.warning("cannot be done just now", error=repr(error))
        setattr(request.state, PASSING, True)
        return problem(request, 503, "service.passing", headers={"retry-after": RETRY_SECONDS})
    if unstorable(error):
        return problem(request, 422, "request.value")
    return _failed(request, error)


def _failed(request: Request, error: Exception) -> Response:
    incident = secrets.token_hex(4)
    log.error("request failed", incident=incident, route=_route(request), exc_info=error)
    # the answer to what nobody foresaw passes by the middleware that sets the headers
    return problem(request, 500, "service.failed", parameters={"incident": incident}, headers=SECURITY)


def _route(request: Request) -> str:
    """The template of the address: what stands in the address itself can be a secret."""
    for route in iter_route_contexts(request.app.routes):
        pattern = getattr(route, "path_regex", None)  # none: something mounted
        if pattern and pattern.match(request.url.path) and request.method in (route.methods or ()):
            return f"{request.method} {route.path}"
    return request.method


def answer_problems(app: FastAPI) -> None:
    """Every failure of this application leaves as problem details."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, by_status)
    for kind in (
        SQLAlchemyError,
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        asyncpg.exceptions.InternalClientError,
        OSError,
    ):
        app.add_exception_handler(kind, _database)
    app.add_exception_handler(Exception, _failed)
