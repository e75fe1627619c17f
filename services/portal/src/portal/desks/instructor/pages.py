"""The instructor's pages. Each can be read and used without a script; with one, they also work without a network."""

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Form, Path
from fastapi.responses import JSONResponse
from starlette.responses import RedirectResponse, Response

from portal.desks.asking import EVALUATION, Missing, missing
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.instructor import week
from portal.desks.instructor.sheet import (
    HandedOut,
    KeySeen,
    Sent,
    SheetSeen,
    end_of,
    kept,
    key_of,
    send,
    sheet,
    times_of,
    title_of,
)
from portal.desks.session.read import lists_of, photographed
from portal.web.lines import Lines
from portal.web.viewer import NotForYou, from_our_page
from servicekit.clock import now
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
Session = Annotated[UUID, Path()]
Field = Annotated[str, Lines, Form(max_length=2000)]
Codes = Annotated[list[str], Form(max_length=20)]
TAPS = ("plan", "class", "place")
"""What a report says in three taps, each with the answers `my.report.<tap>.<answer>`."""
MATERIAL, COUNT = "material.", re.compile(r"[0-9]{1,4}")
GOES_ON = ("planned", "open")
"""States in which a phone keeps the roster; afterwards it wipes the names."""
ANSWERS = ("good", "so", "bad")


@router.get("/my/week")
async def show_week(at: Desk) -> Response:
    """The next session big, then the others; moved ones with the time before."""
    at.only("instructor")
    person = at.viewer.account.person
    moment = await now(at.tx)
    found = await week.lessons(at.tx, await at.names(), person, moment) if person else []
    first, others = (found[0], found[1:]) if found else (None, [])
    later = await week.first_later(at.tx, await at.names(), person, moment) if person and not found else None
    return await at.page(
        "instructor_week.html", first=first, others=others, later=later, bare=False, everything=found
    )


@router.get("/my/shell")
async def show_shell(at: Desk) -> Response:
    """The pages without anybody's name or session, which a phone keeps; it fills them from what else it keeps."""
    at.only("instructor")
    return await at.page("instructor_shell.html", bare=True, **await _nothing(at))


@router.post("/my/sessions/{session}/open")
@without_key  # the form has a one-time key of its own
async def open_session(at: Desk, session: Session, key: Key) -> Response:
    """Open it; a refusal is told on the session's page."""
    at.only("instructor")
    if wrong := await at.act(key, EVALUATION, f"/sessions/{session}/open", arrives=False):
        return await sign_page(at, session, wrong)
    return RedirectResponse(f"/my/sessions/{session}", 303)


@router.get("/my/sessions/{session}")
async def show_session(at: Desk, session: Session) -> Response:
    """The code, the counts, and who is missing."""
    at.only("instructor")
    return await sign_page(at, session)


@router.get("/my/sessions/{session}/sheet")
async def read_sheet(at: Desk, session: Session) -> Response:
    """What the phone keeps of the session, names included, until it is taken or 48 hours are over."""
    at.only("instructor")
    seen, key = await asyncio.gather(sheet(at, str(session)), key_of(at, str(session)))
    if seen == "away":
        return JSONResponse({"why": seen}, 503, {"cache-control": "no-store"})
    if not isinstance(seen, SheetSeen):
        raise NotForYou("error.not_found")
    return JSONResponse(
        kept(seen, key, await title_of(at, seen), await times_of(at, seen)),
        headers={"cache-control": "no-store"},
    )


@router.post("/my/sessions/{session}/sync")
@without_key  # every act has an id of its own
async def sync(at: Desk, session: Session, given: Sent) -> Response:
    """Take what the phone has kept: each act is taken, there already, or refused with the reason."""
    at.only("instructor")
    if not from_our_page(at.request):
        raise NotForYou("error.forbidden")
    return JSONResponse(await send(at, str(session), given), headers={"cache-control": "no-store"})


@router.post("/my/sessions/{session}/call")
@without_key
async def call_one(at: Desk, session: Session, *, worker: Field, key: Key) -> Response:
    """Roll call: somebody is called and answers. Without a script."""
    at.only("instructor")
    told = await key_of(at, str(session))
    moment = told.now if isinstance(told, KeySeen) else datetime.now(UTC)
    act = {"act_id": str(uuid4()), "worker_id": worker, "at": moment.isoformat(), "way": "roll_call"}
    wrong = await at.once(key)
    if wrong is None:
        try:
            answer = await send(at, str(session), Sent.model_validate({"acts": [act]}))
        except ValueError:
            answer = {"wrong": at.text("my.nobody")}
        refused = [each["why"] for each in answer.get("acts", []) if each["outcome"] == "refused"]
        why = answer.get("wrong") or next(iter(refused), "")
        wrong = Wrong(why, 409) if why else None
    if wrong:
        return await sign_page(at, session, wrong)
    return RedirectResponse(f"/my/sessions/{session}#roll", 303)


@router.post("/my/sessions/{session}/close")
@without_key
async def close_session(
    at: Desk, session: Session, *, key: Key, plan: Field = "", class_: Annotated[str, Form(alias="class")] = "",
    place: Field = "", text: Field = "", left: Annotated[str, Form(max_length=5)] = "",
    incident: Codes = [], incident_text: Field = "",  # noqa: B006
) -> Response:  # fmt: skip
    """Close it with the report; a refusal is told on the session's page, and what was written stays."""
    at.only("instructor")
    said = {"plan": plan, "class": class_, "place": place}
    report = report_of(at, said, text)
    handed = handed_out({name: str(value) for name, value in (await at.request.form()).items()})
    sent = Sent(
        close=report, closed_ago=0, left=left, incidents=incident, incident_text=incident_text.strip(),
        materials=handed,
    )  # fmt: skip
    typed = {"text": text, "left": left, "incident_text": incident_text, "incidents": incident}
    body = await end_of(at, str(session), sent)
    if isinstance(body, Wrong):
        return await sign_page(at, session, body, said=said | typed)
    if wrong := await at.act(key, EVALUATION, f"/sessions/{session}/close", body, arrives=False):
        return await sign_page(at, session, wrong, said=said | typed)
    return RedirectResponse(f"/my/sessions/{session}", 303)


def handed_out(form: Mapping[str, str]) -> list[HandedOut]:
    """What was handed out, by the fields of the form; what is no number, or none, was not."""
    told = {name: value.strip() for name, value in form.items() if name.startswith(MATERIAL)}
    return [
        HandedOut(material=name, count=int(value))
        for name, value in told.items()
        if COUNT.fullmatch(value) and int(value)
    ]


def report_of(at: AtDesk, said: dict[str, str], text: str) -> str:
    """The three taps and the words, as one text."""
    told = [at.text(f"my.report.{tap}.{said[tap]}") for tap in TAPS if said.get(tap) in ANSWERS]
    return at.text.joined([*told, text.strip()] if text.strip() else told)


async def sign_page(
    at: AtDesk, session: UUID, wrong: Wrong | None = None, said: dict[str, Any] | None = None
) -> Response:
    """The session's page, with what was refused."""
    seen, key = await asyncio.gather(sheet(at, str(session)), key_of(at, str(session)))
    if not isinstance(seen, SheetSeen):
        return await _lost(at, seen, wrong)
    title, times = await title_of(at, seen), await times_of(at, seen)
    given = await _nothing(at) | {"seen": seen, "said": said or {}, "times": times, **title}
    if seen.state != "planned":
        given["photos"] = await photographed(at, session)
    if seen.state in GOES_ON:  # the code stands there before anything more is asked for
        given["kept"] = kept(seen, key, title, times)
    return await at.page("instructor_session.html", wrong=wrong, bare=False, **given)


async def _lost(at: AtDesk, why: Missing, wrong: Wrong | None) -> Response:
    """The page without names: the phone goes on with what it keeps, as without a network."""
    if why != "away":
        raise NotForYou("error.not_found")
    wrong = wrong or Wrong(missing(why, at.text), 200)
    away = wrong.text == missing(why, at.text)  # the phone's own note says the same
    return await at.page("instructor_shell.html", wrong=wrong, away=away, bare=True, **await _nothing(at))


async def _nothing(at: AtDesk) -> dict[str, Any]:
    listed = await lists_of(at)
    return {
        "incidents": listed.incidents, "materials": listed.materials, "photos": None,
        "seen": None, "times": None, "kept": None, "title": "", "when": "", "where": "", "hours": "", "said": {},
        "taps": TAPS, "answers": ANSWERS, "first": None, "later": None, "others": [], "everything": [],
    }  # fmt: skip
