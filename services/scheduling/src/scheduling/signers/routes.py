"""Who may sign, over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel

from contracts.values import Code, OrganisationId, Signer
from scheduling.signers import commands
from servicekit.http import Request, Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(tags=["signers"])
ClerkOrCoordinator = Annotated[Actor, Depends(actor_with("enterprise", "union"))]
Dropping = Annotated[Actor, Depends(actor_with("enterprise", "union", "administrator"))]


class ApproverRequest(Request):
    """A user of one's own organisation, by id."""

    user: Code


class DropRequest(ApproverRequest):
    """Which approver or deputy; an administrator says of whom."""

    signer: Signer | None = None
    organisation: OrganisationId | None = None


class DeputyRequest(Request):
    """Who signs in one's own absence, from one day until another, both included."""

    deputy: Code
    first: date
    until: date


class DropDeputyRequest(Request):
    """Which deputy of one's own."""

    deputy: Code


class DeputyView(BaseModel):
    """Somebody who signs while somebody else is absent."""

    user: Code
    """Who is absent."""
    deputy: Code
    first: date
    until: date


class SignersView(BaseModel):
    """Who signs for one's own organisation: everybody of the role, where no approver is named."""

    approvers: tuple[Code, ...]
    deputies: tuple[DeputyView, ...]


@router.get("/signers", responses=refusals("scheme.organisation_missing", "signer.side_missing"))
async def read_signers(
    tx: Transaction,
    by: Dropping,
    signer: Signer | None = None,
    organisation: OrganisationId | None = None,
) -> SignersView:
    """Approvers and deputies of one's own organisation; an administrator says of which, in which role."""
    pens = await commands.read(tx, signer=signer, organisation=organisation, by=by)
    return SignersView(
        approvers=tuple(sorted(pens.approvers)),
        deputies=tuple(DeputyView.model_validate(each, from_attributes=True) for each in pens.deputies),
    )


@router.post(
    "/signers", status_code=204, responses=refusals("scheme.organisation_missing", "signer.not_named")
)
async def name_approver(asked: ApproverRequest, tx: Transaction, by: ClerkOrCoordinator) -> None:
    """Name an approver: from now on only those who are named sign for the organisation, and name others."""
    await commands.name(tx, asked.user, by=by)


@router.post(
    "/signers/drop",
    status_code=204,
    responses=refusals(
        "scheme.organisation_missing", "signer.not_named", "signer.not_there", "signer.side_missing"
    ),
)
async def drop_approver(asked: DropRequest, tx: Transaction, by: Dropping) -> None:
    """No longer an approver or deputy; when the last approver goes, everybody of the role signs again."""
    await commands.drop(tx, asked.user, signer=asked.signer, organisation=asked.organisation, by=by)


@router.post(
    "/deputies",
    status_code=204,
    responses=refusals(
        "scheme.organisation_missing", "signer.not_named", "signer.own_deputy", "signer.days_wrong"
    ),
)
async def name_deputy(asked: DeputyRequest, tx: Transaction, by: ClerkOrCoordinator) -> None:
    """Somebody of the same organisation and role signs while the one who asks is absent."""
    await commands.deputise(tx, asked.deputy, asked.first, asked.until, by=by)


@router.post(
    "/deputies/drop",
    status_code=204,
    responses=refusals("scheme.organisation_missing", "signer.not_there"),
)
async def drop_deputy(asked: DropDeputyRequest, tx: Transaction, by: ClerkOrCoordinator) -> None:
    """The deputy signs no more in the name of the one who asks."""
    await commands.drop_deputy(tx, asked.deputy, by=by)
