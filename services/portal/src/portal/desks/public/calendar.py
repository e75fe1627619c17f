"""The personal calendar behind its secret link: no login, no cookie, limited by address."""

import hashlib
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Path, Request
from starlette.responses import PlainTextResponse, Response

from portal.calendars import feeds
from portal.calendars.due import Holder, entries_of
from portal.calendars.entries import KEPT_DAYS
from portal.calendars.written import written
from portal.web.limit import address_of
from portal.web.names import names_for
from portal.web.text import Text, language_wanted
from portal.web.viewer import settings_of
from servicekit.clock import now
from servicekit.http import Router, Transaction

router = Router(include_in_schema=False)
HEADERS = {"cache-control": "private, no-cache", "x-robots-tag": "noindex"}


@router.get("/calendar/{secret}.ics")
async def read_calendar(
    request: Request, tx: Transaction, secret: Annotated[str, Path(max_length=60)]
) -> Response:
    """What is planned and what was cancelled; `304` when nothing is different from what the program has."""
    if not request.app.state.calendars.allows(address_of(request)):
        return PlainTextResponse("429", 429, {"retry-after": "60"})
    account = await feeds.whose(tx, secret)
    holder = Holder.of(account) if account is not None else None
    if account is None or holder is None:
        return PlainTextResponse("404", 404, HEADERS)
    settings, at = settings_of(request), await now(tx)
    text = Text(language_wanted(account.language), ZoneInfo(settings.zone))
    names = await names_for(tx, text)
    url = settings.public_url.rstrip("/")
    due = await entries_of(tx, holder, names, at - KEPT_DAYS, url)
    kept = await feeds.told(tx, account, due, at)
    body = written(kept, holder=holder.id, name=text("calendar.name"), language=text.language)
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=HEADERS | {"etag": tag})
    return Response(body, media_type="text/calendar; charset=utf-8", headers=HEADERS | {"etag": tag})
