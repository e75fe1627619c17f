"""The two steps: a college takes an offer, then says who comes."""

from fastapi import Response

from contracts.values import AssignmentId
from instructor_dispatch.offers.commands import naming
from instructor_dispatch.offers.routes import College, OfferSeen, Substitution, as_it_is, check, college_of
from servicekit.http import IfMatch, Router, Transaction, refusals

router = Router(tags=["offers"])
ANSWER = ("offer.unknown", "offer.closed", "offer.too_late", "version.stale")


@router.post(
    "/offers/{assignment_id}/take",
    responses=refusals(*ANSWER, "offer.taken_already", "offer.linked", "offer.names_nobody"),
)
async def take(
    *,
    assignment_id: AssignmentId,
    tx: Transaction,
    by: College,
    response: Response,
    if_match: IfMatch = None,
) -> OfferSeen:
    """Take an offer for the college and say later who comes, by `name_by`; whom it proposes stays held."""
    await check(tx, assignment_id, by, if_match)
    await naming.take(tx, assignment_id, college_id=college_of(by), by=by)
    return await as_it_is(tx, assignment_id, by, response)


@router.post(
    "/offers/{assignment_id}/confirm", responses=refusals(*ANSWER, "offer.not_taken", "offer.names_nobody")
)
async def confirm(
    *,
    assignment_id: AssignmentId,
    tx: Transaction,
    by: College,
    response: Response,
    if_match: IfMatch = None,
) -> OfferSeen:
    """Whom the offer proposed comes."""
    await check(tx, assignment_id, by, if_match)
    await naming.confirm(tx, assignment_id, college_id=college_of(by), by=by)
    return await as_it_is(tx, assignment_id, by, response)


@router.post(
    "/offers/{assignment_id}/name",
    responses=refusals(
        *ANSWER, "offer.not_taken", "offer.begun", "person.unknown", "person.cannot_come", "person.taken"
    ),
)
async def name(
    *,
    assignment_id: AssignmentId,
    asked: Substitution,
    tx: Transaction,
    by: College,
    response: Response,
    if_match: IfMatch = None,
) -> OfferSeen:
    """Say who of the college comes; one who cannot is refused with every reason, and with who could (`choices`)."""
    await check(tx, assignment_id, by, if_match)
    await naming.name(tx, assignment_id, asked.person_id, college_id=college_of(by), by=by)
    return await as_it_is(tx, assignment_id, by, response)
