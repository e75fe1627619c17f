"""Somebody at a desk: what they look at and do there goes through here, so that a page says only what is its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import httpx
from fastapi import Depends, Form, Request
from pydantic import BaseModel
from starlette.responses import Response, StreamingResponse

from portal.accounts import commands
from portal.accounts.routes import token_for
from portal.arriving import arrived
from portal.desks import asking
from portal.desks.asking import Missing, Seen
from portal.desks.frame import frame
from portal.known import known
from portal.web.names import Names, names_for
from portal.web.pages import page
from portal.web.text import OTHER, Text
from portal.web.viewer import (
    LOGIN,
    Language,
    Looking,
    NotForYou,
    Viewer,
    from_our_page,
    keep_language,
    settings_of,
)
from servicekit.db import Tx
from servicekit.http import Transaction
from servicekit.neighbours import READ_SECONDS

HANDED_ON = ("content-type", "content-length", "content-disposition")
"""What a service says of a file."""
SECONDS = 60
"""How long the token lasts by which a service is asked for a page."""
Key = Annotated[str, Form(max_length=300)]
"""The one-time key of a form."""


@dataclass(frozen=True)
class Wrong:
    """Why what somebody wanted was not done: in words, and the page's status."""

    text: str
    status: int


@dataclass(frozen=True)
class AtDesk:
    """Who looks, with which language and rights, in this request."""

    request: Request
    tx: Tx
    viewer: Viewer
    language: str | None

    @property
    def text(self) -> Text:
        """What pages say."""
        return self.viewer.text

    @property
    def organisation(self) -> str:
        """Code of the viewer's own organisation; empty for an administrator."""
        return self.viewer.account.organisation or ""

    def only(self, *roles: str) -> None:
        """`NotForYou` unless the viewer has one of these roles."""
        if self.viewer.account.roles.isdisjoint(roles):
            raise NotForYou("error.forbidden", roles=roles)

    async def names(self) -> Names:
        """Names instead of codes."""
        return await names_for(self.tx, self.text)

    async def read(self, service: str, path: str, what: type[Seen]) -> Seen | Missing:
        """What a service tells the viewer, or why it does not."""
        return await asking.read(self.tx, self._token(), service, path, what)

    async def read_list(self, service: str, path: str, what: type[asking.One]) -> list[asking.One] | Missing:
        """The same of an answer that is a list."""
        return await asking.read_list(self.tx, self._token(), service, path, what)

    async def fetch(self, service: str, path: str, *, seconds: float = READ_SECONDS) -> bytes | Missing:
        """A file of a service, for the viewer; `seconds` more where it has to be made first."""
        return await asking.fetch(self.tx, self._token(), service, path, seconds=seconds)

    async def handed(self, service: str, path: str) -> Response | Wrong:
        """A large file of a service, handed on as it comes; its length is known before, where the service knows it."""
        found = await asking.handed(self.tx, self._token(), service, path, self.text)
        if isinstance(found, str):
            return Wrong(found, 409)
        said, pieces = found
        kept = {name: said[name] for name in HANDED_ON if name in said}
        return StreamingResponse(pieces, headers=kept | {"cache-control": "no-store"})

    async def act(
        self,
        key: str,
        service: str,
        path: str,
        body: BaseModel | Mapping[str, Any] | None = None,
        *,
        method: str = "POST",
        if_match: int | None = None,
        arrives: bool = True,
    ) -> Wrong | None:
        """Do it at the service, as the viewer, once for this form; nothing when it is done.

        `arrives` = until the portal's own boards know of it; not needed where the next page asks that service itself.
        """
        if wrong := await self.once(key):
            return wrong
        return await self.go_on(key, service, path, body, method=method, if_match=if_match, arrives=arrives)

    async def go_on(
        self,
        key: str,
        service: str,
        path: str,
        body: BaseModel | Mapping[str, Any] | None = None,
        *,
        method: str = "POST",
        step: int = 0,
        if_match: int | None = None,
        arrives: bool = True,
    ) -> Wrong | None:
        """One of several things that a form does, after `once`; `step` tells them apart when the form comes again."""
        given = body.model_dump(mode="json", exclude_none=True) if isinstance(body, BaseModel) else body
        nonce = key.partition(".")[0]
        answer = await asking.done(
            self.tx, self._token(), service, path, key=f"{nonce}-{step}" if step else nonce, text=self.text,
            body=given, method=method, if_match=if_match,
        )  # fmt: skip
        if isinstance(answer, str):
            return Wrong(answer, 409)
        if arrives:
            reached = answer.headers.get("songjiao-position", "")
            await arrived(self.tx, reached, seconds=settings_of(self.request).own_act_seconds)
        return None

    async def ask(
        self,
        service: str,
        path: str,
        what: type[Seen],
        *,
        body: Mapping[str, Any] | None = None,
        file: tuple[str, bytes] | None = None,
        key: str | None = None,
    ) -> Seen | Wrong:
        """What the service answers the viewer to what is sent, a file too; `key` = a form's, for an act."""
        answer = await asking.asked(
            self.tx, self._token(), service, path, what, self.text, body=body, file=file,
            key=key.partition(".")[0] if key else None,
        )  # fmt: skip
        return Wrong(answer, 409) if isinstance(answer, str) else answer

    async def made(self, service: str, path: str, body: Mapping[str, Any]) -> bytes | Wrong:
        """The file that the service makes for the viewer of what is sent."""
        answer = await asking.made(self.tx, self._token(), service, path, self.text, body=body)
        return Wrong(answer, 409) if isinstance(answer, str) else answer

    async def give(
        self, key: str, service: str, path: str, file: tuple[str, bytes], beside: tuple[str, bytes] | None
    ) -> Wrong | None:
        """Give the service a file, and another that belongs to it; nothing when it has it."""
        answer = await asking.made(
            self.tx, self._token(), service, path, self.text, file=file, beside=beside, key=key
        )
        return Wrong(answer, 409) if isinstance(answer, str) else None

    async def sent(self, key: str, service: str, path: str, body: Any) -> httpx.Response | None:
        """What the service answers the viewer, a refusal too; nothing when nobody answers. For scripts of our pages."""
        token = self._token()
        if token is None:
            return None
        try:
            return await known(self.tx).neighbours.act(service, path, token, key=key, body=body)
        except httpx.HTTPStatusError as refused:
            return refused.response
        except (LookupError, httpx.HTTPError):
            return None

    async def once(self, key: str) -> Wrong | None:
        """Why the form cannot be taken: it is not ours, or was used."""
        if from_our_page(self.request) and await commands.use_form_key(self.tx, key, self._browser()):
            return None
        return Wrong(self.text("plan.form_used"), 403)

    def new_key(self) -> str:
        """A one-time key for a form."""
        return commands.new_form_key(self._browser())

    async def page(
        self, template: str, *, wrong: Wrong | None = None, lies: str = "", **given: Any
    ) -> Response:
        """The page in the desk's frame; a refusal is told on it and gives the status.

        `lies`: the address of what a form has made, where its own is another's or an empty page's: in the other
        language it is looked at there.
        """
        if lies and self.request.method == "POST":
            given["other_url"] = f"{lies}?lang={OTHER[self.text.language]}"
        response = page(
            self.request, template, self.text, status=wrong.status if wrong else 200, wrong=wrong.text if wrong else "",
            new_key=self.new_key, **given, **await frame(self.request, self.tx, self.viewer),
        )  # fmt: skip
        keep_language(self.request, response, self.language)
        return response

    def part(self, template: str, **given: Any) -> Response:
        """The changing part of a page that is open."""
        return page(self.request, template, self.text, new_key=self.new_key, **given)

    def _browser(self) -> str:
        return self.request.cookies.get(LOGIN, "")

    def _token(self) -> str | None:
        return token_for(self.request, self.viewer.account, SECONDS)


async def _at_desk(request: Request, tx: Transaction, viewer: Looking, lang: Language = None) -> AtDesk:
    return AtDesk(request, tx, viewer, lang)


Desk = Annotated[AtDesk, Depends(_at_desk, scope="function")]
"""The desk that a page is looked at from; without a login the log-in page comes instead."""
