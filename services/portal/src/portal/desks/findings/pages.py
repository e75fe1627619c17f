"""The union's pages of what is worth a second look: the list, one with its evidence, the answer, the end."""

from typing import Annotated, Literal, get_args
from uuid import UUID

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from portal.accounts import commands as accounts
from portal.desks.asking import EVALUATION
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.college.asked import people_named
from portal.desks.findings.seen import FindingSeen, FindingWholeSeen
from portal.desks.findings.shown import case_of, row_of, user_of
from portal.web.sheets import Sheet, excel
from portal.web.usual import usual
from portal.web.viewer import NotForYou
from servicekit.http import Router, without_key

router = Router(prefix="/findings", include_in_schema=False)
State = Literal["open", "answered", "closed"]
STATES: tuple[State, ...] = get_args(State)
Asked = Literal["enterprise", "college", "instructor"]
Answer = Literal[
    "finding.as_it_was", "finding.entry_wrong", "finding.agreed_before", "finding.helped_others", "finding.cannot_say"
]  # fmt: skip
Ending = Literal["finding.explained", "finding.corrected", "finding.confirmed"]
ASKED: tuple[Asked, ...] = get_args(Asked)
ANSWERS: tuple[Answer, ...] = get_args(Answer)
ENDINGS: tuple[Ending, ...] = get_args(Ending)
COLUMNS = ("kind", "said", "number", "enterprise", "state", "found", "ended")
MOST_WORDS = 1000


@router.get("")
async def show_findings(at: Desk, state: Annotated[State, usual("open")] = "open") -> Response:
    """All in one state; those that nobody has asked about yet first."""
    found = await _all(at)
    names = await at.names()
    known = found or []
    return await at.page(
        "findings.html", away=found is None, state=state,
        states=[(one, at.text(f"finding.is.{one}"), sum(each.state == one for each in known)) for one in STATES],
        rows=[row_of(each, names) for each in known if each.state == state],
        empty=at.text(f"finding.none_{state}"),
    )  # fmt: skip


@router.get("/list.xlsx")
async def download_findings(at: Desk) -> Response:
    """All of them as a sheet."""
    found = await _all(at)
    if found is None:
        raise NotForYou("error.away")
    names, text = await at.names(), at.text
    rows = [
        [row.kind, row.said, row.number, row.enterprise, row.state, row.found, row.ended]
        for row in (row_of(each, names) for each in found)
    ]
    heads = [text(f"finding.column.{name}") for name in COLUMNS]
    return excel([Sheet(text("finding.title"), heads, rows)], text("finding.title"))


@router.get("/{finding}")
async def show_finding(at: Desk, finding: UUID) -> Response:
    """One with the sessions and people that show it."""
    return await _one(at, finding)


@router.post("/{finding}/answer")
@without_key  # the form has a one-time key of its own
async def answer_finding(
    at: Desk,
    finding: UUID,
    *,
    asked: Annotated[Asked, Form()],
    reason: Annotated[Answer, Form()],
    words: Annotated[str, Form(max_length=MOST_WORDS)] = "",
    key: Key,
) -> Response:
    """The union writes down what somebody answered who was asked."""
    at.only("union")
    body = {"asked": asked, "reason": reason, "text": words.strip() or None}
    path = f"/findings/{finding}/answer"
    if wrong := await at.act(key, EVALUATION, path, body, arrives=False):
        return await _one(at, finding, wrong, typed=(asked, reason, words))
    return RedirectResponse(f"/findings/{finding}", 303)


@router.post("/{finding}/close")
@without_key
async def close_finding(at: Desk, finding: UUID, *, reason: Annotated[Ending, Form()], key: Key) -> Response:
    """Somebody else closes it."""
    at.only("union")
    path = f"/findings/{finding}/close"
    if wrong := await at.act(key, EVALUATION, path, {"reason": reason}, arrives=False):
        return await _one(at, finding, wrong)
    return RedirectResponse(f"/findings/{finding}", 303)


async def _all(at: AtDesk) -> list[FindingSeen] | None:
    at.only("union")
    found = await at.read_list(EVALUATION, "/findings", FindingSeen)
    return found if isinstance(found, list) else None


async def _one(
    at: AtDesk, finding: UUID, wrong: Wrong | None = None, typed: tuple[str, str, str] = ("", "", "")
) -> Response:
    at.only("union")
    found = await at.read(EVALUATION, f"/findings/{finding}", FindingWholeSeen)
    if not isinstance(found, FindingWholeSeen):
        raise NotForYou("error.away" if found == "away" else "error.not_found")
    sent = {*found.people, *(each.lead for each in found.lessons if each.lead)}
    names = await people_named(at, sent)
    logins = {user for one in (found.answered_by, found.closed_by) if (user := user_of(one))}
    users = await accounts.names_of(at.tx, logins)
    return await at.page(
        "finding.html", wrong=wrong, one=case_of(found, names, users), typed=typed, most=MOST_WORDS,
        asked=[(one, at.text(f"finding.asked.{one}")) for one in ASKED],
        answers=[(code, names.reason(code, {})) for code in ANSWERS],
        endings=[(code, names.reason(code, {})) for code in ENDINGS],
        own=str(at.viewer.account.id) == found.answered_by,
    )  # fmt: skip
