"""The assessor's pages: batches, candidates, marks."""

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path
from starlette.responses import RedirectResponse, Response

from portal.desks.asking import EVALUATION, missing
from portal.desks.assessor.seen import BatchLine, BatchSeen
from portal.desks.assessor.typed import SECOND, Fault, Typed, read
from portal.desks.at import AtDesk, Desk, Wrong
from portal.desks.evaluation.stands import before_posting
from portal.web.viewer import NotForYou
from servicekit.clock import now, today
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
Batch = Annotated[UUID, Path()]
PASS = 60
SHOWN = timedelta(days=60)
"""So long after it was held a batch at its end stays on the list."""


@router.get("/my/batches")
async def show_batches(at: Desk, *, earlier: bool = False) -> Response:
    """The batches that the assessor is sent to, by time; those long at their end when they are asked for."""
    at.only("assessor")
    since = "" if earlier else f"?since={await today(at.tx) - SHOWN}"
    found = await at.read_list(EVALUATION, f"/batches{since}", BatchLine)
    names, day = await at.names(), await today(at.tx)
    rows = [] if isinstance(found, str) else [
        (each, names.occupation(each.occupation), names.level(each.level),
         at.text.span(each.slot.starts_at, each.slot.ends_at), at.text(f"batch_is.{state_on(each, day)}"))
        for each in found
    ]  # fmt: skip
    wrong = Wrong(missing(found, at.text), 200) if isinstance(found, str) else None
    return await at.page(
        "assessor_batches.html", wrong=wrong, away=found == "away", rows=rows, earlier=earlier, bare=False
    )


def state_on(batch: BatchLine, day: date) -> str:
    """How far it is on this day, as the union reads it."""
    return before_posting(batch.slot.day, batch.assessed, day) if batch.state == "marking" else batch.state


@router.get("/my/batches/{batch}")
async def show_candidates(at: Desk, batch: Batch) -> Response:
    """Who is admitted, who is not and why, and what stands against the assessor."""
    at.only("assessor")
    seen = await _batch(at, batch)
    names = await at.names()
    refused = [
        (each.name, [names.in_full(one.code, one.figures) for one in each.reasons])
        for each in seen.refused_ones
    ]
    return await at.page("assessor_batch.html", refused=refused, **await _given(at, seen))


@router.get("/my/batches/{batch}/marks")
async def show_marks(at: Desk, batch: Batch) -> Response:
    """The marks, part by part."""
    at.only("assessor")
    return await _marks(at, await _batch(at, batch))


@router.post("/my/batches/{batch}/marks")
@without_key  # the form has a one-time key of its own
async def give_marks(at: Desk, batch: Batch) -> Response:
    """All that was typed, or nothing of it: first entries and second ones, each part by itself."""
    at.only("assessor")
    seen = await _batch(at, batch)
    form = {name: str(value) for name, value in (await at.request.form()).items()}
    typed = read(seen, form)
    if typed.faults:
        return await _marks(at, seen, typed, Wrong(_said(at, typed.faults), 422))
    if not typed.marks:
        return await _marks(at, seen, typed, Wrong(at.text("marks.nothing"), 422))
    key = form.get("key", "")
    if wrong := await at.once(key):
        return await _marks(at, seen, typed, wrong)
    for step, ((way, part), marks) in enumerate(typed.marks.items()):
        path = f"/batches/{batch}/marks" + ("/confirm" if way == SECOND else "")
        if wrong := await at.go_on(key, EVALUATION, path, {"part": part, "marks": marks}, step=step):
            return await _marks(at, await _batch(at, batch), typed, wrong)
    return RedirectResponse(f"/my/batches/{batch}/marks?taken={len(typed.kept)}", 303)


def _said(at: AtDesk, faults: tuple[Fault, ...]) -> str:
    return at.text.joined(at.text.or_code("my", each.key, **each.figures(at.text)) for each in faults[:6])


async def _batch(at: AtDesk, batch: UUID) -> BatchSeen:
    found = await at.read(EVALUATION, f"/batches/{batch}", BatchSeen)
    if isinstance(found, str):
        raise NotForYou("error.not_found" if found != "away" else "error.away")
    return found


async def _given(at: AtDesk, seen: BatchSeen) -> dict[str, Any]:
    names = await at.names()
    return {
        "seen": seen,
        "title": f"{names.occupation(seen.occupation)} · {names.level(seen.level)}",
        "when": at.text.span(seen.slot.starts_at, seen.slot.ends_at),
        "begun": seen.begun(await now(at.tx)),
        "conflict": at.viewer.account.person in seen.barred,
        "bare": False,
    }


async def _marks(
    at: AtDesk, seen: BatchSeen, typed: Typed | None = None, wrong: Wrong | None = None
) -> Response:
    waits = sum(
        any(each.stands(part) in {"first", "second", "differs"} for part in seen.parts)
        for each in seen.admitted_ones
    )
    differing = [
        (each, part) for each in seen.admitted_ones for part in seen.parts if each.stands(part) == "differs"
    ]
    at_fault = {each.field for each in typed.faults} if typed else set()
    return await at.page(
        "assessor_marks.html", wrong=wrong, kept=typed.kept if typed else {}, waits=waits, second=seen.lead == SECOND,
        differing=differing, pass_mark=PASS, at_fault=at_fault, **await _given(at, seen),
    )  # fmt: skip
