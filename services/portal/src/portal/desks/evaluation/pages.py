"""The union's pages of evaluation (U8): batches by what they wait for, one batch, an order's batches to be planned."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Query, Request
from starlette.responses import RedirectResponse, Response

from contracts.values import ServiceLine
from portal.boards.cards import Line, OrderCard
from portal.desks.asking import EVALUATION, missing
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.evaluation import arranged, eligible, second
from portal.desks.evaluation.batches import rows_of
from portal.desks.evaluation.seen import BatchSeen
from portal.desks.evaluation.shown import batch_page, on_sunday, still_to_take
from portal.desks.orders import all_cards, cards_under_way
from portal.desks.past_orders import evaluated
from portal.desks.union import calling
from portal.desks.union.pages import of_the_union
from portal.web.names import Names
from portal.web.sheets import Sheet, excel
from portal.web.viewer import NotForYou
from servicekit.clock import now
from servicekit.http import Router, without_key

router = Router(prefix="/evaluation", include_in_schema=False)
Code = Annotated[str, Form(max_length=60)]
Day = Annotated[date, Form()]
Band = Annotated[str, Form(max_length=12)]
Planned = Annotated[date | None, Query(description="The day of a batch that was planned just now.")]
MOST_ENDED = 60
"""Orders at their end whose batches are on the page; the sheet has all."""


@router.get("")
async def show_batches(at: Desk, planned: Planned = None) -> Response:
    """What waits for the union, then what goes on by itself."""
    at.only("union")
    scope = at.viewer.scope
    going, _ = await cards_under_way(at.tx, scope)
    over = await evaluated(at.tx, scope, most=MOST_ENDED)
    groups = rows_of([*going, *over], await at.names(), await _today(at))
    return await at.page("evaluation.html", groups=groups, ended_most=len(over) == MOST_ENDED,
        said=at.text("batch.sunday", day=at.text.day(planned)) if planned and on_sunday(planned) else "",
    )  # fmt: skip


@router.get("/list.xlsx")
async def download_batches(at: Desk) -> Response:
    """The same as a sheet."""
    at.only("union")
    every = await all_cards(at.tx, at.viewer.scope)
    text, groups = at.text, rows_of(every, await at.names(), await _today(at))
    head = [text(f"column.{name}") for name in ("number", "enterprise", "what", "state")]
    rows = [[one.number, one.enterprise, one.what, one.state] for rows in groups.values() for one in rows]
    return excel([Sheet(text("evaluation.title"), head, rows)], text("evaluation.title"))


@router.get("/orders/{order}")
async def show_plan(at: Desk, order: str) -> Response:
    """The form by which a batch is planned for a line."""
    return await _plan(at, order)


@router.post("/orders/{order}")
@without_key  # the form has a one-time key of its own
async def plan_batch(
    at: Desk, order: str, *, line: Annotated[int, Form(ge=1, le=99)], day: Day, band: Band, key: Key
) -> Response:
    """It is planned: everybody of the line is eligible, or not with every reason."""
    card = await of_the_union(at.tx, at.viewer, order)
    body = {"line": line, "day": day.isoformat(), "band": band}
    if wrong := await at.act(key, EVALUATION, f"/orders/{card.order_id}/batches", body):
        return await _plan(at, order, wrong)
    return RedirectResponse(f"/evaluation?planned={day}", 303)


@router.get("/batches/{batch}")
async def show_batch(at: Desk, batch: UUID) -> Response:
    """Who is eligible, whose marks wait for a second person, what follows."""
    return await _batch(at, batch)


@router.post("/batches/{batch}/post")
@without_key
async def post_results(at: Desk, batch: UUID, *, key: Key) -> Response:
    """The results are posted for objections."""
    return await _acted(at, batch, key, EVALUATION, f"/batches/{batch}/post")


@router.post("/batches/{batch}/issue")
@without_key
async def issue(at: Desk, batch: UUID, *, count: Annotated[str, Form(max_length=6)], key: Key) -> Response:
    """Certificates for everybody who passed, once the typed count is theirs: it cannot be taken back as a whole."""
    seen = await _seen(at, batch)
    if seen is None:  # nobody can say what the typed count is compared with
        return await _batch(at, batch, Wrong(missing("away", at.text), 409), count=count)
    if count.strip() != str(len(seen.passed)):
        told = at.text("batch.count_wrong", typed=count.strip() or "—", count=len(seen.passed))
        return await _batch(at, batch, Wrong(told, 422), count=count)
    return await _acted(at, batch, key, EVALUATION, f"/batches/{batch}/certificates")


@router.post("/batches/{batch}/move")
@without_key
async def move_batch(at: Desk, batch: UUID, *, day: Day, band: Band, key: Key) -> Response:
    """It is held at another time; assessors are asked for anew."""
    body = {"day": day.isoformat(), "band": band}
    return await _acted(at, batch, key, EVALUATION, f"/batches/{batch}/move", body)


@router.post("/batches/{batch}/call")
@without_key
async def call_for_assessors(at: Desk, batch: UUID, *, key: Key) -> Response:
    """All colleges are asked at once."""
    seen = await _seen(at, batch)
    if seen is None:
        return await _batch(at, batch, Wrong(missing("away", at.text), 409))
    if wrong := await calling.call(at, key, "batches", batch, seen.slot.day):
        return await _batch(at, batch, wrong)
    return RedirectResponse(f"/evaluation/batches/{batch}", 303)


@router.post("/batches/{batch}/second")
@without_key
async def enter_second(at: Desk, batch: UUID, request: Request, *, part: Code, key: Key) -> Response:
    """The marks as a second person reads them; fields that stay empty are not entered."""
    form = {name: str(value).strip() for name, value in (await request.form()).items()}
    seen = await _seen(at, batch)
    if seen is None:
        return await _batch(at, batch, Wrong(missing("away", at.text), 409), kept=form)
    marks, faults = second.read(seen, part, form)
    if faults:
        said = at.text.joined(at.text(f"my.{each.key}", **each.figures(at.text)) for each in faults[:6])
        return await _batch(at, batch, Wrong(said, 422), kept=form)
    if not marks:
        return await _batch(at, batch, Wrong(at.text("batch.nothing_typed"), 422), kept=form)
    body = {"part": part, "marks": marks}
    return await _acted(at, batch, key, EVALUATION, f"/batches/{batch}/marks/confirm", body, kept=form)


@router.post("/batches/{batch}/settle/{evaluation}")
@without_key
async def settle(
    at: Desk, batch: UUID, evaluation: UUID, *, upheld: Code, reason: Code, key: Key
) -> Response:
    """An objection is answered; upheld, the candidate is marked again."""
    body = {"reason": {"code": reason}, "upheld": upheld == "yes"}
    return await _acted(at, batch, key, EVALUATION, f"/evaluations/{evaluation}/objections/settle", body)


@router.post("/batches/{batch}/excuse/{evaluation}")
@without_key
async def excuse(at: Desk, batch: UUID, evaluation: UUID, *, reason: Code, key: Key) -> Response:
    """Who was absent had a reason: the next examination is the same attempt."""
    body = {"reason": {"code": reason}}
    return await _acted(at, batch, key, EVALUATION, f"/evaluations/{evaluation}/excuse", body)


@router.post("/batches/{batch}/rooms")
@without_key
async def arrange_rooms(at: Desk, batch: UUID, request: Request, *, key: Key) -> Response:
    """In which rooms it is held, and who watches over them."""
    form = {name: str(value).strip() for name, value in (await request.form()).items()}
    path = f"/batches/{batch}/rooms"
    return await _acted(at, batch, key, EVALUATION, path, arranged.asked(form), rooms_typed=form)


@router.post("/batches/{batch}/evidence/{evaluation}")
@without_key
async def note_evidence(at: Desk, batch: UUID, evaluation: UUID, request: Request, *, key: Key) -> Response:
    """A paper was seen about somebody who was refused: they are asked again at once."""
    body = eligible.asked({name: str(value).strip() for name, value in (await request.form()).items()})
    return await _acted(at, batch, key, EVALUATION, f"/evaluations/{evaluation}/evidence", body)


async def _today(at: AtDesk) -> date:
    return (await now(at.tx)).astimezone(at.text.zone).date()


async def _acted(
    at: AtDesk,
    batch: UUID,
    key: str,
    service: str,
    path: str,
    body: dict[str, Any] | None = None,
    **typed: Any,
) -> Response:
    at.only("union")
    if wrong := await at.act(key, service, path, body):
        return await _batch(at, batch, wrong, **typed)
    return RedirectResponse(f"/evaluation/batches/{batch}", 303)


async def _seen(at: AtDesk, batch: UUID) -> BatchSeen | None:
    at.only("union")
    found = await at.read(EVALUATION, f"/batches/{batch}", BatchSeen)
    if found == "none":
        raise NotForYou("error.not_found")
    return found if isinstance(found, BatchSeen) else None


async def _batch(
    at: AtDesk,
    batch: UUID,
    wrong: Wrong | None = None,
    count: str = "",
    kept: dict[str, str] | None = None,
    rooms_typed: dict[str, str] | None = None,
) -> Response:
    seen = await _seen(at, batch)
    names, sent = await arranged.sent_people(at)
    today = await _today(at)
    card = await of_the_union(at.tx, at.viewer, str(seen.order_id)) if seen else None
    return await at.page(
        "evaluation_batch.html", wrong=wrong, count=count, kept=kept or {}, batch=batch, card=card,
        enterprise=names.organisation(card.enterprise_id, card.enterprise_name) if card else "",
        shown=batch_page(seen, names, today) if seen else None, bands=_bands(names),
        day=seen.slot.day.isoformat() if seen else "", band=seen.slot.band if seen else "",
        refused=eligible.not_eligible(seen, names) if seen else (), about=eligible.choices(names),
        rooms=arranged.rooms_page(seen, names, rooms_typed) if seen else None, sent=sent, rooms_typed=rooms_typed,
        papers=eligible.PAPERS, today=today.isoformat(), asks=seen is not None and seen.state == "marking",
    )  # fmt: skip


async def _plan(at: AtDesk, order: str, wrong: Wrong | None = None) -> Response:
    card = await of_the_union(at.tx, at.viewer, order)
    names = await at.names()
    asked = [line for line in card.lines if line.service == ServiceLine.SKILL_EVALUATION]
    lines = [
        (line.line, " ".join((names.occupation(line.occupation), names.level(line.level), heads)))
        for line in asked
        if (heads := await _heads(at, card, line))
    ]
    return await at.page(
        "evaluation_plan.html", wrong=wrong, card=card, lines=lines, bands=_bands(names), asked=bool(asked),
        enterprise=names.organisation(card.enterprise_id, card.enterprise_name),
    )  # fmt: skip


async def _heads(at: AtDesk, card: OrderCard, line: Line) -> str:
    """How many a new batch of the line takes; all where nobody tells of the batches before; nothing said of nobody."""
    before = [
        await at.read(EVALUATION, f"/batches/{batch_id}", BatchSeen)
        for batch_id, batch in card.batches.items()
        if batch.line == line.line and batch.state != "cancelled"
    ]
    seen = [one for one in before if isinstance(one, BatchSeen)]
    if not seen or len(seen) < len(before):
        return at.text("evaluation.heads", count=line.heads)
    left = still_to_take(line.heads, seen)
    return at.text("evaluation.takes", count=left, heads=line.heads) if left > 0 else ""


def _bands(names: Names) -> list[tuple[str, str]]:
    return [(code, names.band(code)) for code in names.programmes.bands]
