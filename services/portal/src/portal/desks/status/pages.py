"""The status for an operator (P4): every service, what waits for a person, what is tried again; replay after a mend."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from contracts.refusals import Refused
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.orders import cards_of
from portal.desks.status import shown
from portal.desks.status.asked import everything, replay_at, resume_at
from servicekit.clock import now, real_now
from servicekit.http import Router, without_key

router = Router(prefix="/status", include_in_schema=False)
Service = Annotated[
    Literal["portal", "order-intake", "scheduling", "instructor-dispatch", "evaluation"], Form()
]
Word = Annotated[str, Form(max_length=200)]


@router.get("")
async def show_status(at: Desk) -> Response:
    """Every service and what is stuck, now."""
    return await _page(at)


@router.get("/part")
async def show_status_part(at: Desk) -> Response:
    """The changing part, for a page that is open."""
    return at.part("status_part.html", **await _told(at))


@router.post("/replay")
@without_key  # the form has a one-time key of its own
async def replay(at: Desk, *, service: Service, consumer: Word, subject: Word, key: Key) -> Response:
    """Apply what is parked of a subject, once the cause is mended; what came of it is told."""
    at.only("administrator")
    if wrong := await at.once(key):
        return await _page(at, wrong)
    try:
        left = await replay_at(at, key, service, consumer, subject)
    except Refused as no:
        left = _refused(at, no)
    if isinstance(left, Wrong):
        return await _page(at, left)
    if left:
        return await _page(at, Wrong(at.text("status.still", count=left), 409))
    return RedirectResponse("/status?done=replayed", 303)


@router.post("/resume")
@without_key
async def resume(at: Desk, *, service: Service, consumer: Word, key: Key) -> Response:
    """A consumer that was stopped works again."""
    at.only("administrator")
    if wrong := await at.once(key):
        return await _page(at, wrong)
    try:
        wrong = await resume_at(at, key, service, consumer)
    except Refused as no:
        wrong = _refused(at, no)
    return await _page(at, wrong) if wrong else RedirectResponse("/status?done=resumed", 303)


def _refused(at: AtDesk, no: Refused) -> Wrong:
    return Wrong(at.text.refusal(no.code, **no.parameters), no.status)


async def _page(at: AtDesk, wrong: Wrong | None = None) -> Response:
    at.only("administrator")
    done = at.request.query_params.get("done", "")
    said = at.text(f"status.done.{done}") if at.text.has(f"status.done.{done}") else ""
    return await at.page("status.html", wrong=wrong, done=said, **await _told(at))


async def _told(at: AtDesk) -> dict[str, Any]:
    at.only("administrator")
    told, names, moment = await everything(at), await at.names(), await now(at.tx)
    subjects = {subject for each in told for subject in each.subjects}
    orders = await cards_of(at.tx, at.viewer.scope, [id_ for one in subjects if (id_ := _id(one))])
    cards, machine = shown.by_subject(orders), real_now()
    return {
        "services": [shown.service_view(one, at.text, machine) for one in told],
        "parked": shown.parked_views(told, cards, names, machine),
        "retries": shown.retry_views(told, cards, names, machine),
        "as_of": at.text.clock(moment),
    }


def _id(subject: str) -> UUID | None:
    try:
        return UUID(subject)
    except ValueError:
        return None
