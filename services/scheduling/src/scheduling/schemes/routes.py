"""Schemes over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Path, Response
from pydantic import Field

from contracts.refusals import Invalid
from contracts.values import BandCode, Hash, OrderId, PersonId, Reason, ReasonCode, SessionId, because
from scheduling.known import known
from scheduling.planner.manner import MannerName
from scheduling.schemes import alternatives, commands, store, tailoring
from scheduling.schemes.by_hand import commands as by_hand
from scheduling.schemes.by_hand.change import Move
from scheduling.schemes.drafting import DRAFT
from scheduling.schemes.evaluation_views import evaluations_of
from scheduling.schemes.rules import Named
from scheduling.schemes.signing_views import clauses_of
from scheduling.schemes.views import AlternativesView, SchemeView
from servicekit.db import Tx
from servicekit.http import IfMatch, Request, Router, Transaction, refusals, set_version
from servicekit.identity import Actor, actor_with
from servicekit.trying import trying

router = Router(prefix="/orders/{order_id}", tags=["schemes"])
Reader = Annotated[Actor, Depends(actor_with("enterprise", "union", "service"))]
Coordinator = Annotated[Actor, Depends(actor_with("union"))]
Clerk = Annotated[Actor, Depends(actor_with("enterprise"))]
ClerkOrCoordinator = Annotated[Actor, Depends(actor_with("enterprise", "union"))]
Version = Annotated[int, Field(ge=1, le=1_000_000)]


class NamedRequest(Request):
    """The version that is signed, as it was seen."""

    version: Version
    hash: Hash


class ReasonRequest(Request):
    """A reason: a code with its figures."""

    code: ReasonCode
    figures: Annotated[dict[str, int | str], Field(default_factory=dict, max_length=8)]

    def reason(self) -> Reason:
        """As it stands in a fact: figures are numbers, codes and dates."""
        try:
            return because(self.code, **self.figures)
        except (TypeError, ValueError):
            raise Invalid("scheme.reason_wrong", field="body.reason.figures", reason=self.code) from None


class DeclineRequest(Request):
    """The version that is given back, and why: a reason of the programme, or several."""

    version: Version
    reason: ReasonRequest | None = None
    reasons: Annotated[tuple[ReasonRequest, ...], Field(max_length=8)] = ()

    def all(self) -> tuple[Reason, ...]:
        """Every reason that is named."""
        return tuple(each.reason() for each in (*([self.reason] if self.reason else []), *self.reasons))


class CancelRequest(Request):
    """Why the session is not held."""

    reason: ReasonRequest


class MoveRequest(Request):
    """Where the session is to be held; without a person, whoever suits best (at its own time, who is proposed)."""

    day: date
    band: BandCode
    person_id: PersonId | None = None


@router.get("/scheme", responses=refusals("scheme.unknown"))
async def read_scheme(order_id: OrderId, *, tx: Transaction, by: Reader, response: Response) -> SchemeView:
    """The scheme of an accepted order with its newest version; the row's version is the `ETag`."""
    stored, version = await commands.read_scheme(tx, order_id, None, by=by)
    set_version(response, stored.row_version)
    return await _view(tx, stored, version)


@router.get("/schemes/{version}", responses=refusals("scheme.unknown", "scheme.version_unknown"))
async def read_version(
    order_id: OrderId,
    version: Annotated[int, Path(ge=1, le=1_000_000)],
    *,
    tx: Transaction,
    by: Reader,
    response: Response,
) -> SchemeView:
    """One version of it, older ones too."""
    stored, found = await commands.read_scheme(tx, order_id, version, by=by)
    set_version(response, stored.row_version)
    return await _view(tx, stored, found)


@router.post(
    "/scheme/approve",
    status_code=204,
    responses=refusals(
        "scheme.unknown",
        "scheme.stale",
        "scheme.another_content",
        "scheme.content_lost",
        "scheme.not_drafted",
        "scheme.has_unplaced",
        "scheme.days_past",
        "signer.not_named",
        "signer.deputy_over",
        "signer.deputy_not_yet",
    ),
)
async def approve_scheme(
    order_id: OrderId,
    *,
    asked: NamedRequest,
    tx: Transaction,
    by: Coordinator,
    response: Response,
    if_match: IfMatch = None,
) -> None:
    """The union approves exactly this version."""
    named = Named(asked.version, asked.hash)
    set_version(response, await commands.approve(tx, order_id, named, by=by, if_match=if_match))


@router.post(
    "/scheme/confirm",
    status_code=204,
    responses=refusals(
        "scheme.unknown",
        "scheme.stale",
        "scheme.another_content",
        "scheme.content_lost",
        "scheme.not_approved",
        "scheme.days_past",
        "signer.not_named",
        "signer.deputy_over",
        "signer.deputy_not_yet",
    ),
)
async def confirm_scheme(
    order_id: OrderId,
    *,
    asked: NamedRequest,
    tx: Transaction,
    by: Clerk,
    response: Response,
    if_match: IfMatch = None,
) -> None:
    """The enterprise confirms exactly this version: its sessions come onto the timetable."""
    named = Named(asked.version, asked.hash)
    set_version(response, await commands.confirm(tx, order_id, named, by=by, if_match=if_match))


@router.post(
    "/scheme/decline",
    status_code=204,
    responses=refusals(
        "scheme.unknown",
        "scheme.stale",
        "scheme.not_drafted",
        "scheme.not_approved",
        "scheme.reason_wrong",
        "scheme.reason_missing",
        "scheme.reason_unknown",
        "signer.not_named",
        "signer.deputy_over",
        "signer.deputy_not_yet",
    ),
)
async def decline_scheme(
    order_id: OrderId,
    *,
    asked: DeclineRequest,
    tx: Transaction,
    by: ClerkOrCoordinator,
    response: Response,
    if_match: IfMatch = None,
) -> None:
    """Give the version back with its reasons: the coordinator tailors it or asks for another draft."""
    version = await commands.decline(tx, order_id, asked.version, asked.all(), by=by, if_match=if_match)
    set_version(response, version)


@router.post(
    "/scheme/redraft",
    status_code=204,
    responses=refusals("scheme.unknown", "scheme.not_open", "scheme.order_cancelled"),
)
async def redraft_scheme(
    order_id: OrderId, *, tx: Transaction, by: Coordinator, response: Response, if_match: IfMatch = None
) -> None:
    """Ask for another draft: it comes as the next version."""
    set_version(response, await commands.redraft(tx, order_id, by=by, if_match=if_match))


@router.get("/scheme/alternatives", responses=refusals("scheme.unknown"))
async def read_alternatives(
    order_id: OrderId, *, tx: Transaction, by: Coordinator, response: Response
) -> AlternativesView:
    """The draft beside the same order planned in other manners: figures, and the reasons line by line."""
    beside = await alternatives.read(tx, order_id, by=by)
    set_version(response, beside.stored.row_version)
    return AlternativesView.of(beside, known(tx).programmes.calendar_years)


@router.post(
    "/scheme/alternatives/{name}/take",
    status_code=204,
    responses=refusals("scheme.unknown", "scheme.not_open", "scheme.alternative_unknown"),
)
async def take_alternative(
    order_id: OrderId,
    name: MannerName,
    *,
    tx: Transaction,
    by: Coordinator,
    response: Response,
    if_match: IfMatch = None,
) -> None:
    """It becomes the next version; what of it no longer holds is left without a time, with the reasons."""
    stored = await alternatives.take(tx, order_id, name, by=by, if_match=if_match)
    set_version(response, stored.row_version)


@router.post(
    "/scheme/sessions/{session_id}/move",
    status_code=204,
    responses=refusals(
        "scheme.unknown", "scheme.not_open", "scheme.not_drafted", "scheme.session_unknown", "session.cannot_move",
        "session.not_moved",
    ),
)  # fmt: skip
async def move_session(
    order_id: OrderId,
    session_id: SessionId,
    *,
    asked: MoveRequest,
    tx: Transaction,
    by: Coordinator,
    response: Response,
    if_match: IfMatch = None,
) -> None:
    """Hold one session at another time, or propose another person: refused with every rule that it breaks."""
    wish = Move(session_id=session_id, day=asked.day, band=asked.band, person_id=asked.person_id)
    stored = await by_hand.move(tx, order_id, wish, by=by, if_match=if_match)
    set_version(response, stored.row_version)


@router.post(
    "/scheme/sessions/{session_id}/cancel",
    status_code=204,
    responses=refusals(
        "scheme.unknown", "scheme.session_unknown", "session.not_ahead", "session.last_of_order",
        "session.pinned", "scheme.reason_wrong",
    ),
)  # fmt: skip
async def cancel_session(
    order_id: OrderId,
    session_id: SessionId,
    *,
    asked: CancelRequest,
    tx: Transaction,
    by: Coordinator,
    response: Response,
    if_match: IfMatch = None,
) -> None:
    """Do not hold one session of the scheme in force: one that is still ahead, or that nobody opened in time."""
    reason = asked.reason.reason()
    stored = await tailoring.cancel_session(tx, order_id, session_id, reason, by=by, if_match=if_match)
    set_version(response, stored.row_version)


async def _view(tx: Tx, stored: store.Stored, version: store.Version | None) -> SchemeView:
    years = known(tx).programmes.calendar_years
    cuts = await store.cuts_of(tx, stored.scheme.order_id, version.version) if version else None
    drafting = await trying(tx, DRAFT, stored.scheme.order_id)
    clauses, examined = await clauses_of(tx, stored, version), await evaluations_of(tx, version)
    return SchemeView.of(stored, version, years, clauses, cuts, drafting, examined)
