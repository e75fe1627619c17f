"""Pages: a template, a language, the headers that every page has."""

import json
from collections.abc import Awaitable, Callable, Mapping
from inspect import isawaitable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from portal.web.assets import Assets
from portal.web.back import page_above, page_of, pages_of
from portal.web.text import OTHER, Text
from portal.web.viewer import LOGIN, LogInFirst, NotForYou, text_of
from servicekit.problems import MEDIA, by_status
from servicekit.security import SECURITY

FAILED = 500
"""From this status on it is not the one who asked who has to change something."""
TEMPLATES = Path(__file__).parent / "templates"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def capital(words: str) -> str:
    """As what can be chosen begins, whatever stands before it elsewhere."""
    return words[:1].upper() + words[1:]


def environment(assets: Assets) -> Environment:
    """The templates. A name that is not given is an error, everything is escaped."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = assets.url
    made.filters["capital"] = capital
    return made


def page(
    request: Request,
    template: str,
    text: Text,
    *,
    status: int = 200,
    **given: Any,
) -> Response:
    """A whole page, or a part of one; never kept by anybody on the way."""
    templates: Environment = request.app.state.templates
    context: Mapping[str, Any] = {
        "t": text,
        "lang": text.language,
        "other_language": OTHER[text.language],
        "other_url": with_query(request, lang=OTHER[text.language]),
        "path": request.url.path,
        "posted": request.method == "POST",
        "began": getattr(request.state, "began", None),
        **given,
    }
    body = templates.get_template(template).render(context)
    return HTMLResponse(
        body,
        status,
        {
            "content-security-policy": POLICY,
            "cache-control": "no-store",
            "content-language": text.language,
            "vary": "cookie, accept-language",
        },
    )


def with_query(request: Request, **changed: str) -> str:
    """The same address with other parameters."""
    query = {**dict(request.query_params), **changed}
    return f"{request.url.path}?{urlencode(query)}"


def _why(refused: NotForYou, text: Text) -> str:
    said = text(refused.key, seconds=refused.wait)
    if not refused.roles:
        return said
    return said + text("error.only_for", roles=text.listed(text(f"role.{role}") for role in refused.roles))


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotForYou)
    response = _told(request, error.status, _why(error, text_of(request)))
    if error.wait:
        response.headers["retry-after"] = str(error.wait)
    return response


def answer_page_problems(app: FastAPI) -> None:
    """Somebody without login goes to the log-in page; somebody without right, or lost, reads why.

    Whoever looks at an address that only takes forms goes to the page that it belongs to.
    """

    async def log_in(request: Request, error: Exception) -> Response:
        assert isinstance(error, LogInFirst)
        if request.headers.get("hx-request"):  # a part of an open page: the whole page goes to the log-in
            return Response(status_code=204, headers={"hx-refresh": "true"})
        asked = {"back": error.back if request.method == "GET" else page_of(pages, request.url.path)}
        if LOGIN in request.cookies:  # they were logged in here: the page says that it is over
            asked["over"] = "page" if request.method == "GET" else "form"
        return RedirectResponse(f"/login?{urlencode(asked)}", 303)

    async def lost(request: Request, error: Exception) -> Response:
        if not _for_people(request):
            return by_status(request, error)
        return _told(request, 404, text_of(request)("error.no_page"))

    pages = pages_of(app)

    async def go_back(request: Request, error: Exception) -> Response:
        if not _for_people(request) or request.method != "GET":
            return await _as_page(by_status)(request, error)
        return RedirectResponse(page_above(pages, request.url.path), 303)

    for kind, answer in [*app.exception_handlers.items()]:
        app.add_exception_handler(kind, _as_page(answer))
    app.add_exception_handler(404, lost)
    app.add_exception_handler(405, go_back)
    app.add_exception_handler(LogInFirst, log_in)
    app.add_exception_handler(NotForYou, _refused)


def _for_people(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _names_nothing(error: Exception) -> bool:
    """No number can be what stands in the path: for a person the same as a number that nothing has."""
    return isinstance(error, RequestValidationError) and all(
        one.get("loc", ("",))[0] == "path" for one in error.errors()
    )


def _as_page(answer: Callable[..., Any]) -> Callable[[Request, Exception], Awaitable[Response]]:
    """What programs read as a problem, people read as a page: its sentence, a failure's number, and no more."""

    async def told(request: Request, error: Exception) -> Response:
        if _for_people(request) and _names_nothing(error):
            return _told(request, 404, text_of(request)("error.not_found"))
        problem = answer(request, error)
        given: Response = await problem if isawaitable(problem) else problem
        if not _for_people(request) or given.media_type != MEDIA:
            return given
        text = text_of(request)
        sentence = json.loads(bytes(given.body))["sentences"][text.language]
        response = _told(request, given.status_code, sentence)
        for name in ("retry-after", "allow"):
            if name in given.headers:
                response.headers[name] = given.headers[name]
        return response

    return told


def _told(request: Request, status: int, sentence: str) -> Response:
    response = page(
        request,
        "error.html",
        text_of(request),
        status=status,
        told=sentence,
        failed=status >= FAILED,
        visitor=LOGIN not in request.cookies,
    )
    response.headers.update(SECURITY)  # a failure's answer passes by whatever else sets them
    return response
