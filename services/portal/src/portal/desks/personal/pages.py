"""The pages of one worker's personal data, for the union and for the person's enterprise."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Query
from starlette.responses import RedirectResponse, Response

from contracts.refusals import NotFound
from portal import directory
from portal.accounts import commands as accounts
from portal.boards.cards import OrderCard
from portal.desks.asking import EVALUATION, INTAKE, missing
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.orders import card_of
from portal.desks.personal.file import in_both, zipped
from portal.desks.personal.kept import KeptSeen, rows
from portal.desks.personal.seen import HeldSeen, TraineeSeen, Whole, WorkerSeen
from portal.desks.personal.shown import (
    disclosed,
    fates,
    listed,
    logins,
    number_of,
    story,
    whole,
)
from portal.known import known
from portal.web.text import OTHER, Text
from portal.web.viewer import NotForYou
from servicekit.clock import today
from servicekit.http import Router, without_key

router = Router(prefix="/personal", include_in_schema=False)
ROLES = ("union", "enterprise")
Typed = Annotated[str, Form(max_length=40)]
Code = Annotated[str, Form(max_length=64)]
Order = Annotated[str, Query(max_length=40)]
Ending = Annotated[str, Query(max_length=8, pattern="^[0-9A-Za-z]*$")]


@router.get("")
async def find_worker(at: Desk, order: Order = "", ending: Ending = "") -> Response:
    """Whose data: somebody on the roster of an order, found by the end of their ID number or by their own."""
    at.only(*ROLES)
    found, wrong, number = None, None, order.strip()
    if number:
        try:
            card = await card_of(at.tx, at.viewer.scope, number)
        except NotFound:
            wrong = Wrong(at.text("personal.no_order", number=number), 404)
        else:
            told = await at.read_list(INTAKE, f"/orders/{card.order_id}/trainees", TraineeSeen)
            if isinstance(told, str):
                wrong = Wrong(missing(told, at.text), 503)
            else:
                found = listed(card.order_id, told, ending.strip())
    return await at.page("personal.html", wrong=wrong, order=number, ending=ending, rows=found)


@router.get("/kept")
async def show_kept(at: Desk) -> Response:
    """For how long each class of data is kept, what was removed last and what is due next."""
    at.only("union", "administrator")
    seen: dict[str, KeptSeen] = {}
    away: set[str] = set()
    for owner in (INTAKE, EVALUATION):
        told = await at.read_list(owner, "/kept", KeptSeen)
        if isinstance(told, str):
            away.add(owner)
        else:
            seen |= {each.of: each for each in told}
    found = rows(known(at.tx).programmes, seen, frozenset(away), at.text, await today(at.tx))
    return await at.page("personal_kept.html", rows=found, away=bool(away))


@router.get("/{order}/{worker}")
async def show_worker(
    at: Desk, order: str, worker: UUID, done: Annotated[str, Query(max_length=10)] = ""
) -> Response:
    """What is held where, what an erasure would do, and what was done."""
    return await _page(at, order, worker, done=done == "erased")


@router.post("/{order}/{worker}/export")
@without_key  # the form has a one-time key of its own
async def export_worker(at: Desk, order: str, worker: UUID, *, reason: Code, key: Key) -> Response:
    """Everything as one file; that it was given out is said before it is."""
    await _check(at, order)
    if wrong := await at.once(key):
        return await _page(at, order, worker, wrong)
    held = await at.read(EVALUATION, f"/workers/{worker}", Whole)
    if held == "away":
        return await _page(at, order, worker, Wrong(missing("away", at.text), 409))
    told = await at.ask(INTAKE, f"/workers/{worker}/export", Whole, body={"reason": {"code": reason}})
    if isinstance(told, Wrong):
        return await _page(at, order, worker, told)
    owners: dict[str, dict[str, Any]] = {
        "order-intake": whole(told.model_dump()),
        "evaluation": whole(held.model_dump()) if isinstance(held, Whole) else {},
        "portal": {"shown": [_named(one) for one in (await directory.names_of(at.tx, [worker])).values()]},
    }
    text, other = at.text, Text(OTHER[at.text.language], at.text.zone)
    texts = (text, other) if text.language == "zh" else (other, text)
    title = in_both(texts)("file", "title") + f" #{number_of(worker)}"
    said = f'attachment; filename="personal-{number_of(worker)}.zip"'
    headers = {"content-disposition": said, "cache-control": "no-store"}
    made = zipped(owners, in_both(texts), title, text.language)
    return Response(made, media_type="application/zip", headers=headers)


@router.post("/{order}/{worker}/erase")
@without_key
async def erase_worker(
    at: Desk, order: str, worker: UUID, *, reason: Code, typed: Typed = "", key: Key
) -> Response:
    """Erased, if no order needs the person any more and the number was typed again."""
    at.only("union")
    await _check(at, order)
    body = {"reason": {"code": reason}, "typed": typed}
    if wrong := await at.act(key, INTAKE, f"/workers/{worker}/erase", body):
        return await _page(at, order, worker, wrong, typed=typed)
    return RedirectResponse(f"/personal/{order}/{worker}?done=erased", 303)


async def _check(at: AtDesk, order: str) -> OrderCard:
    at.only(*ROLES)
    try:
        return await card_of(at.tx, at.viewer.scope, order)
    except NotFound:
        raise NotForYou("error.not_found") from None


async def _page(
    at: AtDesk, order: str, worker: UUID, wrong: Wrong | None = None, *, done: bool = False, typed: str = ""
) -> Response:
    card = await _check(at, order)
    seen = await at.read(INTAKE, f"/workers/{worker}", WorkerSeen)
    if not isinstance(seen, WorkerSeen):
        raise NotForYou("error.away" if seen == "away" else "error.not_found")
    held = await at.read(EVALUATION, f"/workers/{worker}", HeldSeen)
    names = await at.names()
    users = await accounts.names_of(at.tx, logins(seen))
    personal, english = known(at.tx).programmes.rules.personal, at.text.language == "en"
    named = next((one.masked_name for one in seen.orders if one.masked_name), None)
    return await at.page(
        "personal_worker.html", wrong=wrong, card=card, number=number_of(worker), worker=worker, name=named,
        away=held == "away", done=done and wrong is None, typed=typed,
        fates=fates(seen, held if isinstance(held, HeldSeen) else None, names),
        waits=[one.number for one in seen.orders if one.under_way],
        disclosed=disclosed(seen, names, users), story=story(seen, names, users),
        exports=[(code, words.en if english else words.zh) for code, words in personal.export_reasons.items()],
        erasures=[(code, words.en if english else words.zh) for code, words in personal.erasure_reasons.items()],
        may_erase=bool(at.viewer.account.roles & {"union"}) and named is not None,
    )  # fmt: skip


def _named(one: directory.Named) -> dict[str, str | None]:
    return {"name": one.name, "id_number": one.id_number}
