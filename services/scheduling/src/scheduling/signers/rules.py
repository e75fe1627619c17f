"""Who may sign. Where nobody is named, everybody of the role may; else those who are named, and their deputies."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from contracts.refusals import Invalid, NotAllowed, Refused
from contracts.values import Code, Deputised, OrganisationId, Signer

MOST_DAYS = 366


@dataclass(frozen=True)
class Side:
    """An organisation in its role."""

    signer: Signer
    organisation: OrganisationId


@dataclass(frozen=True)
class Deputy:
    """Somebody who signs while somebody else is absent, both days included."""

    user: Code
    """Who is absent."""
    deputy: Code
    first: date
    until: date


@dataclass(frozen=True)
class Pens:
    """Everybody who is named for a side. Without approvers everybody of the role signs."""

    approvers: frozenset[Code] = frozenset()
    deputies: tuple[Deputy, ...] = ()


def signs_as(user: Code, pens: Pens, today: date) -> Deputised | None:
    """Nothing when the user signs in their own name, or whose deputy they are; refused when they may not sign.

    `signer.deputy_over` and `signer.deputy_not_yet` say the day; `signer.not_named` is for everybody else.
    """
    if user in pens.approvers:
        return None
    mine = [d for d in pens.deputies if d.deputy == user and (not pens.approvers or d.user in pens.approvers)]
    now = [d for d in mine if d.first <= today <= d.until]
    if now:
        one = max(now, key=lambda d: (d.until, d.user))
        return Deputised(instead_of=one.user, by=user, until=one.until)
    if not pens.approvers:
        return None
    ahead = min((d.first for d in mine if d.first > today), default=None)
    if ahead is not None:
        raise NotAllowed("signer.deputy_not_yet", first=ahead.isoformat())
    if mine:
        raise NotAllowed("signer.deputy_over", until=max(d.until for d in mine).isoformat())
    raise NotAllowed("signer.not_named")


def check_may_name(user: Code, pens: Pens) -> None:
    """Once approvers are named, they alone change who is: nobody names themselves. A deputy does not."""
    if pens.approvers and user not in pens.approvers:
        raise NotAllowed("signer.not_named")


def deputise(user: Code, deputy: Code, first: date, until: date, pens: Pens, today: date) -> Deputy:
    """Whoever will be absent names a deputy, from one day until another."""
    check_may_name(user, pens)
    if deputy == user:
        raise Invalid("signer.own_deputy", field="body.deputy")
    if not today <= until or not first <= until or (until - first).days > MOST_DAYS:
        raise Invalid(
            "signer.days_wrong", field="body.until", first=first.isoformat(), until=until.isoformat()
        )
    return Deputy(user, deputy, first, until)


def named(pens: Pens) -> frozenset[Code]:
    """Whoever is named for the side in any way: approvers, those who are absent, their deputies."""
    return pens.approvers | {each for one in pens.deputies for each in (one.user, one.deputy)}


def check_there(user: Code, there: Collection[Code]) -> None:
    """Only who is named is dropped."""
    if user not in there:
        raise Refused("signer.not_there", user=user)
