"""Who looks at a page, in which language; and forms that only our own page can have sent, once."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Request
from starlette.responses import Response

from portal.accounts import logins
from portal.accounts.store import Account
from portal.boards.cards import Desk
from portal.scope import Scope
from portal.settings import Settings
from portal.web.text import Text, language_wanted
from servicekit.db import Tx
from servicekit.http import Transaction

LOGIN, LANGUAGE = "sj_login", "sj_lang"
PERSON = "person"
ASK = partial(Query, max_length=200)


class LogInFirst(Exception):  # noqa: N818  an answer: the log-in page
    """Nobody is logged in in this browser; `back` is where they wanted to go."""

    def __init__(self, back: str) -> None:
        super().__init__("log in first")
        self.back = back


STATUS = {"error.not_found": 404, "error.away": 503}
"""What such an answer is for programs: a service that is away forbids nobody anything."""


class NotForYou(Exception):  # noqa: N818  an answer: a page that says why
    """The page is not for this account, or cannot be had now; `key` of the sentence why, `status` of the answer.

    `roles`: whose page it is, where that may be told. `wait` = in how many seconds it can be had; 0 = nobody knows.
    """

    def __init__(self, key: str, status: int = 403, roles: Collection[str] = (), *, wait: int = 0) -> None:
        super().__init__(key)
        self.key, self.roles, self.wait = key, roles, wait
        self.status = STATUS.get(key, status)


@dataclass(frozen=True)
class Viewer:
    """Somebody who is logged in."""

    account: Account
    text: Text

    @property
    def scope(self) -> Scope:
        """Whose orders they may see."""
        return Scope.of(self.account.roles, self.account.organisation, self.account.person)

    @property
    def home(self) -> str:
        """The desk that the viewer's side is called by on a board; somebody who is sent has the desk `person`."""
        scope = self.scope
        if scope.everything:
            return Desk.UNION
        if scope.enterprise:
            return Desk.ENTERPRISE
        return Desk.COLLEGE if scope.college else PERSON

    @property
    def turn(self) -> str:
        """The desk whose turn is the viewer's own; nothing for an administrator, who sees all and acts on none."""
        return "" if self.scope.everything and "union" not in self.account.roles else self.home


def settings_of(request: Request) -> Settings:
    """The portal's settings."""
    settings = request.app.state.service.settings
    assert isinstance(settings, Settings)
    return settings


def text_of(request: Request, lang: str | None = None) -> Text:
    """The language asked for, kept, or preferred by the browser."""
    wanted = language_wanted(lang, request.cookies.get(LANGUAGE), request.headers.get("accept-language"))
    return Text(wanted, ZoneInfo(settings_of(request).zone))


Language = Annotated[str | None, ASK(alias="lang", description="zh or en; kept in a cookie on the desks.")]


async def account_of(request: Request, tx: Tx) -> Account | None:
    """Who is logged in in this browser."""
    cookie = request.cookies.get(LOGIN)
    if not cookie:
        return None
    return await logins.whose_browser(tx, cookie, hours=settings_of(request).login_hours)


async def _viewer(request: Request, tx: Transaction, lang: Language = None) -> Viewer:
    request.state.began = time.time()  # before anything of the page is read
    account = await account_of(request, tx)
    if account is None:
        raise LogInFirst(_wanted(request))
    viewer = Viewer(account, text_of(request, lang))
    if viewer.scope.nothing:
        raise NotForYou("error.no_desk")
    return viewer


def _wanted(request: Request) -> str:
    """Where to go after the log-in; what a form was sent to is no page."""
    if request.method != "GET":
        return "/board"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


Looking = Annotated[Viewer, Depends(_viewer, scope="function")]
"""Who looks at the page; without a login the log-in page comes instead."""


def set_cookie(
    request: Request, response: Response, name: str, value: str, *, seconds: int, path: str = "/"
) -> None:
    """A cookie that scripts cannot read and other sites cannot send along."""
    secure = settings_of(request).secure
    options: dict[str, Any] = {"httponly": True, "samesite": "lax", "secure": secure, "path": path}
    response.set_cookie(name, value, max_age=seconds, **options)


def keep_language(request: Request, response: Response, lang: str | None) -> None:
    """Remember the language that was chosen."""
    if lang is not None:
        set_cookie(request, response, LANGUAGE, language_wanted(lang), seconds=365 * 86400)


def from_our_page(request: Request) -> bool:
    """Whether the browser says that the form was sent from this site; old browsers say nothing."""
    return request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
