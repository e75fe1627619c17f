"""A signed sheet is entered: by numbers, by ticks or by its Excel file; shown first, and then taken."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from portal.desks.asking import EVALUATION
from portal.desks.at import AtDesk, Desk, Wrong
from portal.desks.sheets import typed
from portal.desks.sheets.read import listed, told
from portal.desks.sheets.seen import AnswerSeen, AnswersSeen, FileSeen
from servicekit.http import Router, takes_up_to, without_key

router = Router(prefix="/sheets/{session}", include_in_schema=False)
MOST_BYTES = 12 * 1024 * 1024
"""A form with a file of 10 MB in it."""
MOST_FIELDS = 1000
KINDS: Mapping[str, str] = {"taken": "green", "already": "", "refused": "red"}
LINES: TypeAdapter[list[dict[str, str | int]]] = TypeAdapter(list[dict[str, str | int]])
OPEN = "open"
NUMBER = re.compile(r"[0-9]{1,4}")
Count = Annotated[int, Query(ge=0, le=1000)]
Mark = Annotated[str, Query(max_length=20)]


@router.get("")
async def show_sheet(at: Desk, session: UUID, k: Mark = "", taken: Count = 0, already: Count = 0) -> Response:
    """The numbered list, and where it is entered; `k` is the mark on the sheet that was scanned."""
    return await _page(
        at, session, k=k, done=(taken, already) if "taken" in at.request.query_params else None
    )


@router.post("/look")
@without_key  # nothing is kept of it
async def look(at: Desk, session: UUID) -> Response:
    """What would become of the numbers that were written, and the rows that were ticked."""
    found = await listed(at, session)
    form = await at.request.form(max_fields=MOST_FIELDS)
    wrote, k = str(form.get("who", ""))[:4000], str(form.get("mark", ""))[:20]
    ticked = [int(str(each)) for each in form.getlist("here") if NUMBER.fullmatch(str(each))]
    if wrong := await at.once(str(form.get("key", ""))):
        return await _page(at, session, wrong, wrote=wrote, k=k)
    read = typed.read(wrote, ticked)
    if read.unread or not read.lines:
        why = (
            at.text("signed.unread", what=at.text.listed(read.unread))
            if read.unread
            else at.text("signed.nobody")
        )
        return await _page(at, session, Wrong(why, 422), wrote=wrote, ticked=ticked, k=k)
    body = {"mark": k or found.mark, "lines": list(read.lines)}
    looked = await at.ask(EVALUATION, f"/sessions/{session}/list/look", AnswersSeen, body=body)
    if isinstance(looked, Wrong):
        return await _page(at, session, looked, wrote=wrote, ticked=ticked, k=k)
    return await _preview(at, session, looked.root, str(body["mark"]))


@router.post("/file")
@without_key  # nothing is kept of it
@takes_up_to(MOST_BYTES)
async def look_at_file(at: Desk, session: UUID) -> Response:
    """The same for a file that was filled in."""
    found = await listed(at, session)
    form = await at.request.form()
    if wrong := await at.once(str(form.get("key", ""))):
        return await _page(at, session, wrong)
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return await _page(at, session, Wrong(at.text("signed.no_file"), 422))
    sent = (file.filename, await file.read())
    looked = await at.ask(EVALUATION, f"/sessions/{session}/list/file", FileSeen, file=sent)
    if isinstance(looked, Wrong):
        return await _page(at, session, looked)
    return await _preview(at, session, looked.lines, looked.mark or found.mark)


@router.post("/take")
@without_key  # the form has a one-time key of its own
async def take(at: Desk, session: UUID) -> Response:
    """The lines that the preview carried: who counts is signed in."""
    at.only("union", "instructor")
    form = await at.request.form()
    key, mark = str(form.get("key", "")), str(form.get("mark", ""))[:20]
    if wrong := await at.once(key):
        return await _page(at, session, wrong)
    try:
        lines = LINES.validate_json(str(form.get("lines", "")))
    except ValidationError:
        return await _page(at, session, Wrong(at.text("signed.again"), 422))
    body = {"mark": mark, "lines": lines}
    done = await at.ask(EVALUATION, f"/sessions/{session}/list", AnswersSeen, body=body, key=key)
    if isinstance(done, Wrong):
        return await _page(at, session, done)
    outcomes = [each.outcome for each in done.root]
    count = f"taken={outcomes.count('taken')}&already={outcomes.count('already')}"
    return RedirectResponse(f"/sheets/{session}?{count}", 303)


async def _page(at: AtDesk, session: UUID, wrong: Wrong | None = None, **given: Any) -> Response:
    found = await listed(at, session)
    k = str(given.get("k", ""))
    another = bool(k) and k.lower() != found.mark
    return await at.page(
        "sign_in_sheet.html", wrong=wrong, session=str(session), seen=found, said=await told(at, session),
        open=found.state == OPEN, mark=k or found.mark, another=another, done=given.get("done"),
        wrote=given.get("wrote", ""), ticked=set(given.get("ticked", ())),
        back=f"/my/sessions/{session}" if at.viewer.scope.person else "/today",
        lies=f"/sheets/{session}",
    )  # fmt: skip


async def _preview(at: AtDesk, session: UUID, looked: Sequence[AnswerSeen], mark: str) -> Response:
    outcomes = [each.outcome for each in looked]
    order = list(KINDS)[::-1]
    rows = sorted(looked, key=lambda each: (order.index(each.outcome), each.no))
    return await at.page(
        "sign_in_sheet_look.html", session=str(session), said=await told(at, session), mark=mark,
        counts=[(at.text(f"signed.is.{one}"), outcomes.count(one), KINDS[one]) for one in KINDS],
        taken=outcomes.count("taken"),
        rows=[
            (
                each, at.text(f"signed.is.{each.outcome}"), KINDS[each.outcome],
                each.sentences.get(at.text.language, ""),
            )
            for each in rows
        ],
        lines=LINES.dump_json([each.line() for each in looked if each.outcome != "refused"]).decode(),
        lies=f"/sheets/{session}",
    )  # fmt: skip
