"""Changes of a scheme by hand over HTTP."""

from typing import Annotated

from fastapi import Depends, Path, Response

from contracts.values import OrderId
from scheduling.schemes import commands as schemes
from scheduling.schemes.by_hand import commands
from scheduling.schemes.by_hand.change import Changes
from scheduling.schemes.by_hand.commands import Seen
from scheduling.schemes.by_hand.views import LookedView
from scheduling.schemes.by_hand.views_differing import DifferencesView
from servicekit.http import IfMatch, Request, Router, Transaction, refusals, set_version, without_key
from servicekit.identity import Actor, actor_with

router = Router(prefix="/orders/{order_id}", tags=["changes by hand"])
Reader = Annotated[Actor, Depends(actor_with("enterprise", "union", "service"))]
Version = Annotated[int, Path(ge=1, le=1_000_000)]
Coordinator = Annotated[Actor, Depends(actor_with("union"))]
MAY_SAY = (
    "scheme.unknown", "scheme.not_open", "scheme.not_drafted", "scheme.session_unknown", "scheme.cohort_unknown",
    "scheme.unit_unknown",
)  # fmt: skip


class ChangesRequest(Request):
    """Changes that are judged together: all are done, or none."""

    changes: Changes


@router.post("/scheme/changes/look", responses=refusals(*MAY_SAY))
@without_key  # nothing is done
async def look_at_changes(
    order_id: OrderId, *, asked: ChangesRequest, tx: Transaction, by: Coordinator, response: Response
) -> LookedView:
    """What they would break, what would follow, and up to three repairs; nothing is done."""
    return _shown(await commands.look_at(tx, order_id, asked.changes, by=by), response)


@router.post("/scheme/changes", responses=refusals(*MAY_SAY, "change.breaks_rules"))
async def change_scheme(
    order_id: OrderId,
    *,
    asked: ChangesRequest,
    tx: Transaction,
    by: Coordinator,
    response: Response,
    if_match: IfMatch = None,
) -> LookedView:
    """Do them: a new version on the desk; in force, told at once or proposed. Refused with all that breaks."""
    return _shown(await commands.change(tx, order_id, asked.changes, by=by, if_match=if_match), response)


@router.post(
    "/scheme/undo",
    responses=refusals(
        "scheme.unknown",
        "scheme.not_open",
        "scheme.not_drafted",
        "change.nothing_to_undo",
        "change.breaks_rules",
    ),
)
async def undo_change(
    order_id: OrderId, *, tx: Transaction, by: Coordinator, response: Response, if_match: IfMatch = None
) -> LookedView:
    """Take the newest change back by its inverse; asked again, the one before. Refused where it no longer holds."""
    return _shown(await commands.undo(tx, order_id, by=by, if_match=if_match), response)


@router.get(
    "/schemes/{version}/differences/{other}", responses=refusals("scheme.unknown", "scheme.version_unknown")
)
async def read_differences(
    order_id: OrderId, version: Version, other: Version, *, tx: Transaction, by: Reader, response: Response
) -> DifferencesView:
    """What is another in `other` than in `version`: sessions, cohorts, needs, cost, and who is proposed."""
    stored, one = await schemes.read_scheme(tx, order_id, version, by=by)
    _, two = await schemes.read_scheme(tx, order_id, other, by=by)
    assert one is not None  # a version that is named and unknown is refused
    assert two is not None
    set_version(response, stored.row_version)
    return DifferencesView.of(order_id, one, two)


def _shown(seen: Seen, response: Response) -> LookedView:
    set_version(response, seen.stored.row_version)
    return LookedView.of(seen.stored.scheme.version, seen.desk, seen.looked, seen.repairs)
