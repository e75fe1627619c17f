"""My account: the password, the browsers that are logged in, the language."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Form
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from contracts.refusals import Refused
from portal.accounts import logins, own
from portal.accounts.commands import Denied
from portal.accounts.letting_in import tried
from portal.accounts.logins import Browser
from portal.calendars import feeds
from portal.calendars.due import Holder
from portal.desks.account.shown import mail_of
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.notices.leaving import Wish
from portal.web.limit import address_of
from portal.web.text import Text
from portal.web.viewer import LOGIN, keep_language, set_cookie, settings_of
from servicekit.clock import offset
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
PAGE = "/account"
Secret = Annotated[str, Form(max_length=300)]


class BrowserView(BaseModel):
    """A browser that is logged in, in words."""

    id: str
    name: str
    where: str
    since: str
    used: str
    this: bool

    @classmethod
    def of(cls, browser: Browser, text: Text, ahead: timedelta) -> "BrowserView":
        """As a row of the table; a login goes by the machine's time, which a practice is `ahead` of."""
        return cls(
            id=str(browser.id),
            name=browser.name or text("account.some_browser"),
            where=browser.address,
            since=text.stamp(browser.since + ahead),
            used=text.stamp(browser.used_at + ahead),
            this=browser.this,
        )


@router.get("/account")
async def show_account(at: Desk) -> Response:
    """Who one is here, and what one may change about that."""
    return await account_page(at)


@router.post("/account/password")
@without_key  # the form has a one-time key of its own
async def change_password(at: Desk, *, old: Secret, new: Secret, again: Secret, key: Key) -> Response:
    """Another password ends every other login; this browser goes on with a new one."""
    if wrong := await at.once(key):
        return await account_page(at, wrong)
    if new != again:
        return await account_page(at, Wrong(at.text("account.not_the_same"), 422))
    account = at.viewer.account
    found = await tried(at.request, account.username, old)
    if isinstance(found, Denied):
        word = "account.old_wrong" if found.why == "wrong" else f"login.{found.why}"
        return await account_page(at, Wrong(at.text.refusal(word, minutes=found.minutes), 422))
    try:
        await own.set_password(at.tx, found, new)
    except Refused as no:
        return await account_page(at, Wrong(at.text.refusal(no.code, **no.parameters), no.status))
    hours = settings_of(at.request).login_hours
    told = at.request.headers.get("user-agent", "")
    cookie = await logins.log_in(at.tx, account, hours=hours, browser=told, address=address_of(at.request))
    response = RedirectResponse(f"{PAGE}?done=password", 303)
    set_cookie(at.request, response, LOGIN, cookie, seconds=int(hours * 3600))
    return response


@router.post("/account/browsers/end")
@without_key
async def end_browser(at: Desk, *, browser: Annotated[UUID, Form()], key: Key) -> Response:
    """One of one's own logins ends, wherever it is."""
    if wrong := await at.once(key):
        return await account_page(at, wrong)
    if not await logins.end_one(at.tx, at.viewer.account, browser):
        return await account_page(at, Wrong(at.text("account.browser_gone"), 409))
    return RedirectResponse(PAGE, 303)


@router.post("/account/browsers/end-all")
@without_key
async def end_browsers(at: Desk, *, key: Key) -> Response:
    """Every login of one's own ends, this one too."""
    if wrong := await at.once(key):
        return await account_page(at, wrong)
    await logins.end_all(at.tx, at.viewer.account.id)
    response = RedirectResponse("/login", 303)
    response.delete_cookie(LOGIN, path="/")
    return response


@router.post("/account/language")
@without_key
async def choose_language(
    at: Desk, *, language: Annotated[Literal["zh", "en"], Form()], key: Key
) -> Response:
    """The language of the pages, here and wherever one logs in."""
    if wrong := await at.once(key):
        return await account_page(at, wrong)
    await own.speak(at.tx, at.viewer.account, language)
    response = RedirectResponse(PAGE, 303)
    keep_language(at.request, response, language)
    return response


async def account_page(
    at: AtDesk, wrong: Wrong | None = None, link: str = "", typed: Wish | None = None
) -> Response:
    """The page; a refusal is told on it. `link` is the calendar's, just made; `typed` what mail was wished for."""
    account, text = at.viewer.account, at.text
    feed = await feeds.of(at.tx, account)
    ahead = await offset(at.tx)
    read = text.stamp(feed.read_at + ahead) if feed and feed.read_at else ""
    browsers = await logins.browsers_of(at.tx, account, at.request.cookies.get(LOGIN, ""))
    return await at.page(
        "account.html", wrong=wrong, account=account,
        roles=text.joined(text(f"role.{role}") for role in sorted(account.roles)),
        browsers=[BrowserView.of(each, text, ahead) for each in browsers],
        has_calendar=Holder.of(account) is not None, link=link, mail=await mail_of(at, typed),
        feed={"made": text.stamp(feed.made_at + ahead), "read": read} if feed else None,
        changed=at.request.query_params.get("done") == "password" and wrong is None,
    )  # fmt: skip
