"""The worker's pages behind a link of their own: how a session was, and months later how they fare. No login."""

from typing import Annotated

import httpx
from fastapi import Form, Request
from starlette.responses import Response

from portal.desks.aftercare.seen import AskedSeen, QuestionSeen
from portal.desks.aftercare.shown import FieldView, words
from portal.desks.asking import EVALUATION, told
from portal.desks.worker.pages import ask
from portal.known import known
from portal.web.names import names_for
from portal.web.pages import page
from portal.web.text import Text
from portal.web.viewer import text_of
from servicekit.db import Tx
from servicekit.http import Router, Transaction, without_key

router = Router(include_in_schema=False)
Field = Annotated[str, Form(max_length=200)]
SESSION = "session"


@router.get("/a/{link}")
async def show_questions(request: Request, link: str, tx: Transaction) -> Response:
    """What the link asks, or why it cannot be answered now."""
    return await _show(request, tx, link[:200])


@router.post("/a")
@without_key  # a link answers once
async def take_answers(
    request: Request,
    tx: Transaction,
    *,
    link: Field,
    said: Annotated[str, Form(alias="words", max_length=1000)] = "",
) -> Response:
    """Thank them, or say why not; what was typed stays."""
    text = text_of(request)
    form = {
        name.removeprefix("q-"): str(value)[:40]
        for name, value in (await request.form()).items()
        if name.startswith("q-")
    }
    body = {"link": link, "answers": form, "text": said.strip() or None}
    try:
        await known(tx).neighbours.tell(EVALUATION, "/answers", body)
    except httpx.HTTPStatusError as refused:
        return await _show(request, tx, link, why=told(refused.response, text), typed=form, said=said)
    except (LookupError, httpx.HTTPError):
        return await _show(request, tx, link, why=text("scan.away"), typed=form, said=said)
    return _page(request, text, done=True)


async def _show(
    request: Request, tx: Tx, link: str, why: str = "", typed: dict[str, str] | None = None, said: str = ""
) -> Response:
    text = text_of(request)
    seen = await ask(tx, text, "/answers/look", {"link": link}, AskedSeen)
    if isinstance(seen, str):
        return _page(request, text, status=409, why=seen)
    names = await names_for(tx, text)
    against = seen.sentences.get(text.language, "") if seen.reason else ""
    where = (
        f"{names.organisation(seen.enterprise_id)} · {names.occupation(seen.occupation)}"
        if seen.occupation
        else ""
    )
    kept = typed or dict(seen.answered or {})
    return _page(
        request, text, status=409 if why or against else 200, why=against or why, name=seen.name, where=where,
        title=text("answer.how" if seen.kind == SESSION else "answer.later", count=seen.months or 0),
        when=text.span(seen.slot.starts_at, seen.slot.ends_at) if seen.slot else "", link=link, words=said,
        fields=[] if against else [_field(each, kept, text) for each in seen.questions], scores=seen.kind == SESSION,
    )  # fmt: skip


def _field(one: QuestionSeen, kept: dict[str, str], text: Text) -> FieldView:
    choices = tuple(
        (each.code, words(each.words, text.or_code("answer.score", each.code), text)) for each in one.choices
    )
    return FieldView(one.code, words(one.words, one.code, text), choices, kept.get(one.code, ""), "")


def _page(request: Request, text: Text, *, status: int = 200, **given: object) -> Response:
    shown = dict.fromkeys(("why", "name", "where", "when", "link", "words", "title"), "") | given
    usual = {"done": False, "fields": [], "scores": False}
    return page(request, "worker_answer.html", text, status=status, **(usual | shown))
