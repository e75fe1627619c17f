"""The page on which a college answers its offers, several in one act; and what it has promised, to give it back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Form, Query
from starlette.responses import RedirectResponse, Response

from portal.desks.asking import DISPATCH, missing
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.college.asked import (
    Offers,
    instead_of,
    next_session,
    offers_asked,
    offers_path,
    reasons_asked,
    told_beside,
    words_wanted,
)
from portal.desks.college.became import what_became
from portal.desks.college.offers import BEST, accepted_at_once, as_shown, groups_of, lapsing, people_of, waits
from portal.desks.college.seen import AnswersSeen, OfferSeen
from portal.web.lines import Lines
from portal.web.usual import usual
from portal.web.viewer import NotForYou
from servicekit.clock import now, today
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
View = Annotated[Literal["open", "firm"], usual("open")]
Do = Annotated[Literal["others", "no"], usual("others")]
Naming = Literal["substitute", "name", "accept"]
Done = Annotated[
    Literal["", "accepted", "substitute", "name", "accept", "take", "confirm", "decline", "withdraw"],
    usual(""),
]
Chosen = Annotated[list[UUID], Form(max_length=1000)]
Reason = Annotated[str, Form(max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]
Words = Annotated[str, Lines, Form()]
MOST_WORDS = 500
"""Characters of a no in own words; the field on the page says the same."""
Count = Annotated[int, Query(ge=0, le=1000), usual(1)]
LATE = timedelta(days=7)
"""So long after its session an offer may still stand on a page that was left open."""


@router.get("/offers")
async def show_offers(
    at: Desk,
    *,
    view: View = "open",
    of: Annotated[UUID | None, usual(None)] = None,
    do: Do = "others",
    done: Done = "",
    count: Count = 1,
) -> Response:
    """What waits for an answer; or (`firm`) what was promised and has not begun."""
    said = at.text(f"offers.done.{done}", count=count) if done else ""
    return await _offers(at, view, of=of, do=do, said=said)


@router.get("/offers/part")
async def show_offers_part(at: Desk, shown: Annotated[str, Query(max_length=20)] = "") -> Response:
    """The changing part: how many wait, what lapses soon, and whether the rows of the open page are others by now."""
    at.only("college")
    found = await at.read_list(DISPATCH, "/offers?state=open", OfferSeen)
    if isinstance(found, str):
        return at.part("offers_part.html", waiting=0, soon="", changed=False, missing=missing(found, at.text))
    moment = await now(at.tx)
    return at.part(
        "offers_part.html", waiting=sum(map(waits, found)), soon=_soon(at, found, moment),
        changed=as_shown(found) != shown, missing="",
    )  # fmt: skip


@router.get("/offers/{offer}/panel")
async def show_panel(at: Desk, offer: UUID, do: Do = "others") -> Response:
    """Who could come instead, or with which reason the answer is no: the changing part of a row."""
    at.only("college")
    found = await at.read(DISPATCH, f"/offers/{offer}", OfferSeen)
    if isinstance(found, str) and found != "away":
        raise NotForYou("error.not_found")
    if isinstance(found, str):
        return at.part("offer_panel.html", panel={"missing": missing(found, at.text)})
    return at.part("offer_panel.html", panel=await _panel(at, found, do))


@router.post("/offers/accept")
@without_key  # the form has a one-time key of its own
async def accept_selected(at: Desk, *, key: Key, ids: Chosen = []) -> Response:  # noqa: B006  read only
    """All that are selected in one act; of those that cannot be accepted any more the page says why."""
    at.only("college")
    if not ids:
        return await _offers(at, "open", Wrong(at.text("offers.select_some"), 422))
    before = await at.read_list(DISPATCH, offers_path("all", await today(at.tx) - LATE), OfferSeen)
    if wrong := await at.once(key):
        return await _offers(at, "open", wrong)
    body = {"assignment_ids": [str(each) for each in ids]}
    told = await at.ask(DISPATCH, "/offers/accept", AnswersSeen, body=body, key=key)
    if isinstance(told, Wrong):
        return await _offers(at, "open", told)
    answers = told.root
    accepted = sum(each.accepted for each in answers)
    if accepted == len(answers):
        return RedirectResponse(f"/offers?done=accepted&count={accepted}", 303)
    asked = [each for each in ([] if isinstance(before, str) else before) if each.assignment_id in ids]
    lines = await what_became(at, answers, asked, await told_beside(at, asked))
    said = at.text("offers.done.accepted", count=accepted) if accepted else ""
    wrong = Wrong(at.text("offers.not_all", count=len(answers) - accepted), 409)
    return await _offers(at, "open", wrong, said=said, lines=lines)


@router.post("/offers/{offer}/{naming}")
@without_key
async def send_somebody(
    at: Desk,
    offer: UUID,
    naming: Naming,
    *,
    person_id: Annotated[UUID, Form()],
    key: Key,
    view: View = "open",
) -> Response:
    """Somebody else of the college comes, or somebody at all: to an open call, or a place that was taken."""
    body = {"person_id": str(person_id)}
    return await _answer(at, offer, naming, key, view, body)


@router.post("/offers/{offer}/as-proposed/{taking}")
@without_key
async def as_proposed(at: Desk, offer: UUID, taking: Literal["take", "confirm"], *, key: Key) -> Response:
    """Taken for the college, to be named later; or whom the offer proposed is named."""
    return await _answer(at, offer, taking, key, "open", None)


@router.post("/offers/{offer}/no/{saying}")
@without_key
async def say_no(
    at: Desk,
    offer: UUID,
    saying: Literal["decline", "withdraw"],
    *,
    key: Key,
    reason: Reason = "",
    words: Words = "",
) -> Response:
    """Declined, or a promise given back, with one reason; own words where it says nothing alone, and nowhere else:
    with another reason their field is hidden, and what was typed there before is not said.
    """
    at.only("college")
    view: View = "firm" if saying == "withdraw" else "open"
    if reason and not await words_wanted(at, reason):
        words = ""
    said = {"reason": reason, "words": words.strip()}
    wrong = (
        "offers.no_reason" if not reason else "offers.words_long" if len(said["words"]) > MOST_WORDS else ""
    )
    if wrong:
        told = Wrong(at.text(wrong, most=MOST_WORDS, count=len(said["words"])), 422)
        return await _offers(at, view, told, of=offer, do="no", typed=said)
    return await _answer(at, offer, saying, key, view, said, do="no")


async def _answer(
    at: AtDesk,
    offer: UUID,
    how: Done,
    key: str,
    view: View,
    body: dict[str, str] | None,
    *,
    do: Do = "others",
) -> Response:
    at.only("college")
    if wrong := await at.act(key, DISPATCH, f"/offers/{offer}/{how}", body):
        return await _offers(at, view, wrong, of=offer, do=do, typed=body)
    return RedirectResponse(f"/offers?view={view}&done={how}", 303)


async def _offers(
    at: AtDesk, view: View, wrong: Wrong | None = None, *, of: UUID | None = None, do: Do = "others",
    said: str = "", lines: list[str] | None = None, typed: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    at.only("college")
    moment = await now(at.tx)
    found = await offers_asked(at, view, await today(at.tx) if view == "firm" else None)
    shown = found if isinstance(found, Offers) else None
    offers = (
        [each for each in shown.offers if view == "open" or each.slot.starts_at > moment] if shown else []
    )
    opened = next((each for each in offers if each.assignment_id == of), None)
    return await at.page(
        "offers.html", wrong=wrong, view=view, said=said, lines=lines or [],
        missing="" if shown else missing(found, at.text) if isinstance(found, str) else "",
        groups=groups_of(offers, shown.told) if shown else [],
        waiting=sum(map(waits, offers)), total=len(offers),
        ready=accepted_at_once([each for each in offers if each.ready(moment)], at.text),
        soon=_soon(at, offers, moment) if view == "open" else "", shown=as_shown(offers), changed=False,
        of=str(of) if opened else "", panel=await _panel(at, opened, do, typed) if opened else {},
        next=await _next(at) if shown and not offers and view == "open" else "",
    )  # fmt: skip


def _soon(at: AtDesk, offers: Sequence[OfferSeen], moment: datetime) -> str:
    soon = lapsing(offers, moment)
    return at.text("offers.soon", count=len(soon), time=at.text.moment(soon[0])) if soon else ""


async def _panel(at: AtDesk, offer: OfferSeen, do: Do, typed: dict[str, str] | None = None) -> dict[str, Any]:
    """Of a row: people and what can be said, or the reasons, with what was `typed` when it was refused."""
    firm = offer.state == "firm"
    given: dict[str, Any] = {
        "id": str(offer.assignment_id),
        "do": do,
        "missing": "",
        "view": "firm" if firm else "open",
    }
    if do == "no":
        return given | {
            "how": "withdraw" if firm else "decline", "reasons": await reasons_asked(at),
            "typed": typed or {"reason": "", "words": ""}, "most_words": MOST_WORDS,
        }  # fmt: skip
    found = await instead_of(at, offer)
    if isinstance(found, str):
        return given | {"missing": missing(found, at.text)}
    can, cannot = people_of(*found)
    other = {"taken": "name", "offered": "accept" if offer.open_call else "substitute"}.get(
        offer.state, "substitute"
    )
    return given | {
        "other": other, "best": can[:BEST], "more": can[BEST:], "cannot": cannot,
        "proposed": found[1].person(offer.person_id) if offer.person_id else "",
        "as_proposed": _as_proposed(offer),
    }  # fmt: skip


def _as_proposed(offer: OfferSeen) -> str:
    """What can be done without naming anybody else."""
    if offer.state == "taken":
        return "confirm" if offer.person_id else ""
    return "take" if offer.directed and offer.linked is None else ""


async def _next(at: AtDesk) -> str:
    """What comes for a college that has nothing to answer."""
    firm = await at.read_list(DISPATCH, offers_path("firm", await today(at.tx)), OfferSeen)
    found = None if isinstance(firm, str) else next_session(firm, await now(at.tx))
    return at.text("offers.next", time=at.text.moment(found.slot.starts_at)) if found else ""
