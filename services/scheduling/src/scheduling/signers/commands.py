"""What people do about who signs; and the question, when somebody does."""

from datetime import date

from contracts.refusals import Invalid, NotAllowed
from contracts.values import Code, Deputised, OrganisationId, Signer
from scheduling.signers import rules, store
from scheduling.signers.rules import Pens, Side
from servicekit.clock import now, today
from servicekit.db import Tx
from servicekit.identity import Actor


def side_of(by: Actor) -> Side:
    """The organisation for which somebody acts, in its role."""
    signer = Signer.UNION if by.may("union") else Signer.ENTERPRISE
    if by.organisation is None:
        raise Invalid("scheme.organisation_missing")
    return Side(signer, by.organisation)


async def signs_as(tx: Tx, side: Side, *, by: Actor) -> Deputised | None:
    """Whether somebody may sign for the side of an order: in their own name, or whose deputy they are."""
    pens = await store.pens(tx, side)
    if by.organisation != side.organisation and pens.approvers:
        raise NotAllowed("signer.not_named")
    return rules.signs_as(by.user, pens, await today(tx))


async def read(tx: Tx, *, signer: Signer | None, organisation: OrganisationId | None, by: Actor) -> Pens:
    """Who is named for one's own side; for the one that an administrator names."""
    return await store.pens(tx, _side(signer, organisation, by=by))


async def name(tx: Tx, user: Code, *, by: Actor) -> None:
    """From now on only those who are named sign, this user among them."""
    side = side_of(by)
    await store.hold(tx, side)
    rules.check_may_name(by.user, await store.pens(tx, side))
    await store.add_approver(tx, side, user, by=by.user, at=await now(tx))


async def drop(
    tx: Tx, user: Code, *, signer: Signer | None, organisation: OrganisationId | None, by: Actor
) -> None:
    """No longer named, as approver or deputy; when the last approver goes, everybody of the role signs again.

    An administrator says for which side: somebody must be able to when the only approver is gone.
    """
    side = _side(signer, organisation, by=by)
    await store.hold(tx, side)
    pens = await store.pens(tx, side)
    if by.may("union", "enterprise"):
        rules.check_may_name(by.user, pens)
    rules.check_there(user, rules.named(pens))
    await store.drop(tx, side, user)


def _side(signer: Signer | None, organisation: OrganisationId | None, *, by: Actor) -> Side:
    """One's own; an administrator has none and says which."""
    if by.may("union", "enterprise"):
        return side_of(by)
    if signer is None or organisation is None:
        raise Invalid("signer.side_missing", field="body.organisation")
    return Side(signer, organisation)


async def deputise(tx: Tx, deputy: Code, first: date, until: date, *, by: Actor) -> None:
    """Somebody signs for the one who asks, while they are absent."""
    side = side_of(by)
    await store.hold(tx, side)
    pens = await store.pens(tx, side)
    one = rules.deputise(by.user, deputy, first, until, pens, await today(tx))
    await store.save_deputy(tx, side, one, at=await now(tx))


async def drop_deputy(tx: Tx, deputy: Code, *, by: Actor) -> None:
    """The one who asks is back, or chooses another."""
    side = side_of(by)
    pens = await store.pens(tx, side)
    rules.check_there(deputy, {each.deputy for each in pens.deputies if each.user == by.user})
    await store.drop_deputy(tx, side, by.user, deputy)
