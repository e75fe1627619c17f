"""Pages that belong to no desk: log-in, log-out, static files, server push, the parts."""

from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Form, Query, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from portal.accounts import commands, logins
from portal.accounts.commands import Denied
from portal.accounts.letting_in import tried
from portal.accounts.people import Account
from portal.desks.orders import in_scope
from portal.web.limit import address_of
from portal.web.pages import page
from portal.web.parts import parts
from portal.web.parts_lists import lists
from portal.web.viewer import (
    LOGIN,
    Language,
    Looking,
    account_of,
    from_our_page,
    keep_language,
    set_cookie,
    settings_of,
    text_of,
)
from servicekit.http import Router, Transaction, without_key

router = Router(include_in_schema=False)
BEFORE_LOGIN = "sj_form"
BACK = "/board"
PHONE = {"instructor": "/my/week", "assessor": "/my/batches"}
"""Where the work of somebody begins who is sent and has no desk."""
Field = Annotated[str, Form(max_length=300)]
OVER = frozenset({"page", "form"})


@router.get("/")
async def home() -> Response:
    """The board is the front door."""
    return RedirectResponse(BACK, 303)


@router.get("/login")
async def show_login(
    request: Request, tx: Transaction, back: str = BACK, over: str = "", lang: Language = None
) -> Response:
    """The form; whoever is logged in already goes on. `over` = their login has ended, before a page or a form."""
    if await account_of(request, tx) is not None:
        return RedirectResponse(own_way(back), 303)
    return _login_page(request, back, lang, over=over if over in OVER else "")


@router.post("/login")
@without_key  # the form has a one-time key of its own
async def log_in(
    request: Request, username: Field, password: Field, key: Field, back: Field = BACK
) -> Response:
    """Check the password, log the browser in, go where they wanted to."""
    transactions = request.app.state.transactions
    browser = request.cookies.get(BEFORE_LOGIN, "")
    async with transactions.begin() as tx:
        ours = browser and from_our_page(request) and await commands.use_form_key(tx, key, browser)
    if not ours:
        return _login_page(request, back, None, problem="login.form_used", status=403)
    found = await tried(request, username, password)
    if isinstance(found, Denied):
        status = 401 if found.why == "wrong" else 429
        return _login_page(
            request,
            back,
            None,
            problem=f"login.{found.why}",
            status=status,
            username=username,
            minutes=found.minutes,
        )
    return await logged_in(request, found, back)


async def logged_in(request: Request, account: Account, back: str) -> Response:
    """The browser goes on with a cookie of its own making never: whatever it held before ends here."""
    hours = settings_of(request).login_hours
    async with request.app.state.transactions.begin() as tx:
        if before := request.cookies.get(LOGIN):
            await logins.log_out(tx, before)
        told = request.headers.get("user-agent", "")
        cookie = await logins.log_in(tx, account, hours=hours, browser=told, address=address_of(request))
    response = RedirectResponse(_home_of(account) if back == BACK else own_way(back), 303)
    set_cookie(request, response, LOGIN, cookie, seconds=int(hours * 3600))
    keep_language(request, response, account.language)
    response.delete_cookie(BEFORE_LOGIN, path="/login")
    return response


def _home_of(account: Account) -> str:
    """Whoever is only sent begins on the phone's page, everybody else at the board."""
    if account.roles <= PHONE.keys():
        return next((home for role, home in PHONE.items() if role in account.roles), BACK)
    return BACK


@router.post("/logout")
@without_key
async def log_out(request: Request, tx: Transaction, key: Field = "") -> Response:
    """End the browser's login; a form of another site cannot."""
    cookie = request.cookies.get(LOGIN, "")
    response = RedirectResponse("/login", 303)
    if cookie and from_our_page(request) and await commands.use_form_key(tx, key, cookie):
        await logins.log_out(tx, cookie)
        response.delete_cookie(LOGIN, path="/")
    return response


@router.get("/static/{name}")
async def static(request: Request, name: str) -> Response:
    """A built file."""
    answer: Response = request.app.state.assets.answer(request, name)
    return answer


@router.get("/sw.js")
async def service_worker(request: Request) -> Response:
    """The phone's service worker, for the whole site; asked for anew at each registration."""
    answer: Response = request.app.state.assets.answer(request, request.app.state.assets.manifest["sw.js"])
    answer.headers["cache-control"] = "no-cache"
    answer.headers["service-worker-allowed"] = "/"
    return answer


@router.get("/events")
async def events(
    request: Request, viewer: Looking, since: Annotated[float | None, Query(ge=0)] = None
) -> Response:
    """Which cards have a new version, as it happens (server-sent events), and at first which had since the page."""
    transactions, scope = request.app.state.transactions, viewer.scope

    async def theirs(orders: set[UUID]) -> set[UUID]:
        if scope.everything:
            return orders
        async with transactions.begin() as tx:
            return await in_scope(tx, scope, list(orders))

    signals = request.app.state.live.signals(theirs, since)
    return StreamingResponse(
        signals,
        media_type="text/event-stream",
        headers={"x-accel-buffering": "no", "cache-control": "no-store"},
    )


@router.get("/parts")
async def show_parts(request: Request, lang: Language = None) -> Response:
    """Every part of the pages in every state."""
    text = text_of(request, lang)
    response = page(request, "parts.html", text, **parts(text), **lists(text))
    keep_language(request, response, lang)
    return response


def _login_page(
    request: Request,
    back: str,
    lang: str | None,
    *,
    problem: str | None = None,
    status: int = 200,
    username: str = "",
    minutes: int = 0,
    over: str = "",
) -> Response:
    text = text_of(request, lang)
    browser = request.cookies.get(BEFORE_LOGIN) or commands.new_browser()
    told = text.refusal(problem, minutes=minutes) if problem else None
    response = page(
        request, "login.html", text, status=status,
        back=own_way(back), key=commands.new_form_key(browser), problem=told, username=username,
        over=text(f"login.over_{over}") if over else "",
        elsewhere=bool(settings_of(request).oidc_issuer),
    )  # fmt: skip
    secure = settings_of(request).secure
    response.set_cookie(
        BEFORE_LOGIN, browser, max_age=12 * 3600, httponly=True, samesite="lax", secure=secure, path="/login"
    )
    keep_language(request, response, lang)
    return response


def own_way(back: str) -> str:
    """A way back on this site only."""
    parts_ = urlsplit(back)
    own = not parts_.scheme and not parts_.netloc and back.startswith("/") and not back.startswith("//")
    return back if own and "\\" not in back and back.isprintable() else BACK
