"""People and permissions of one's own organisation: invited, listed, removed by whoever manages it."""

from datetime import timedelta
from operator import itemgetter
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Form, Query
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from contracts.refusals import Refused
from portal import directory
from portal.accounts import invitations, organisations, people
from portal.accounts.invitations import Invitation
from portal.accounts.people import Account
from portal.accounts.routes import Role
from portal.desks.asking import SCHEDULING
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.people.left import may_drop, still_named, what_waits
from portal.web.names import Names
from portal.web.viewer import NotForYou, settings_of
from servicekit.clock import offset
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
PAGE = "/people"
Of = Annotated[str, Form(max_length=64)]
Whose = Annotated[str, Query(max_length=64)]
MANAGES = "manages"


class MemberView(BaseModel):
    """Somebody of the organisation."""

    id: str
    name: str
    username: str
    roles: str
    manages: bool
    self: bool


class InvitedView(BaseModel):
    """Somebody who has not come yet."""

    id: str
    name: str
    roles: str
    until: str


@router.get("/people")
async def show_people(at: Desk, organisation: Whose = "", gone: UUID | None = None) -> Response:
    """Everybody of the organisation with roles, whoever is invited, and the form of an invitation.

    Of `gone`, who was just removed, it says what waits for them still.
    """
    return await _page(at, organisation, gone=gone)


@router.post("/people/invite")
@without_key  # the form has a one-time key of its own
async def invite(
    at: Desk, *, name: Annotated[str, Form(min_length=1, max_length=80)], roles: Annotated[list[Role], Form()],
    key: Key, organisation: Of = "", person: Annotated[str, Form(max_length=40)] = "",
    manages: Annotated[bool, Form()] = False,
) -> Response:  # fmt: skip
    """Make the link; it is shown on this page, once."""
    of = whose_people(at, organisation)
    if wrong := await at.once(key):
        return await _page(at, organisation, wrong)
    try:
        sent = UUID(person) if person else None
        token = await invitations.invite(
            at.tx, at.viewer.account, of, roles=roles, name=name, person=sent, manages=manages
        )
    except (Refused, ValueError) as no:
        return await _page(at, organisation, _wrong(at, no))
    link = f"{settings_of(at.request).public_url.rstrip('/')}/invited/{token}"
    return await _page(at, organisation, link=link)


@router.post("/people/invitations/cancel")
@without_key
async def cancel_invitation(
    at: Desk, *, invitation: Annotated[UUID, Form()], key: Key, organisation: Of = ""
) -> Response:
    """The link opens nothing any more."""
    of = whose_people(at, organisation)
    if wrong := await at.once(key):
        return await _page(at, organisation, wrong)
    try:
        await invitations.take_back(at.tx, at.viewer.account, of, invitation)
    except Refused as no:
        return await _page(at, organisation, _wrong(at, no))
    return _again(organisation)


@router.post("/people/remove")
@without_key
async def remove(at: Desk, *, account: Annotated[UUID, Form()], key: Key, organisation: Of = "") -> Response:
    """Somebody belongs here no longer: every login of theirs ends."""
    whose_people(at, organisation)
    if wrong := await at.once(key):
        return await _page(at, organisation, wrong)
    try:
        gone = await people.remove(at.tx, at.viewer.account, account)
    except Refused as no:
        return await _page(at, organisation, _wrong(at, no))
    return (
        RedirectResponse("/login", 303) if gone.id == at.viewer.account.id else _again(organisation, gone.id)
    )


@router.post("/people/signers/drop")
@without_key
async def drop_signer(
    at: Desk, *, user: Annotated[UUID, Form()], key: Key, organisation: Of = ""
) -> Response:
    """Somebody who is gone is named as a signer no longer; scheduling decides whether the viewer may say so."""
    of = whose_people(at, organisation)
    kind = await organisations.kind_of(at.tx, of) if of else None
    named = await still_named(at, of, kind, await people.of_organisation(at.tx, of))
    if isinstance(named, str):
        return await _page(at, organisation, Wrong(named, 409))
    if not may_drop(named, str(user)):
        return await _page(at, organisation, await at.once(key) or Wrong(at.text("people.not_named"), 422))
    body = {"user": str(user), "signer": kind, "organisation": of}
    if wrong := await at.act(key, SCHEDULING, "/signers/drop", body):
        return await _page(at, organisation, wrong)
    return _again(organisation)


@router.post("/people/manager")
@without_key
async def let_manage(
    at: Desk,
    *,
    account: Annotated[UUID, Form()],
    manages: Annotated[bool, Form()],
    key: Key,
    organisation: Of = "",
) -> Response:
    """Somebody manages the organisation from now on, or no longer."""
    whose_people(at, organisation)
    if wrong := await at.once(key):
        return await _page(at, organisation, wrong)
    try:
        await people.let_manage(at.tx, at.viewer.account, account, manages=manages)
    except Refused as no:
        return await _page(at, organisation, _wrong(at, no))
    return _again(organisation)


def whose_people(at: AtDesk, organisation: str) -> str | None:
    """The organisation that the page is about: one's own; of an administrator the one that the address names."""
    by = at.viewer.account
    if not by.may(organisations.ADMINISTRATOR):
        if not by.manages or organisation not in {"", by.organisation}:
            raise NotForYou("error.forbidden")
        return by.organisation
    return organisation or None


def _again(organisation: str, gone: UUID | None = None) -> Response:
    told = {"organisation": organisation if organisation.isascii() else "", "gone": str(gone or "")}
    query = urlencode({name: value for name, value in told.items() if value})
    return RedirectResponse(f"{PAGE}?{query}" if query else PAGE, 303)


def _wrong(at: AtDesk, no: Exception) -> Wrong:
    if isinstance(no, Refused):
        return Wrong(at.text.refusal(no.code, **no.parameters), no.status)
    return Wrong(at.text.refusal("account.person_not_theirs"), 422)


async def _page(
    at: AtDesk, organisation: str, wrong: Wrong | None = None, link: str = "", gone: UUID | None = None
) -> Response:
    of = whose_people(at, organisation)
    names, text, by = await at.names(), at.text, at.viewer.account
    kind = await organisations.kind_of(at.tx, of) if of else None
    if of and kind is None:
        raise NotForYou("error.not_found")
    roles = sorted(organisations.ROLES[kind] if kind else {organisations.ADMINISTRATOR})
    sent = await organisations.people_without_account(at.tx, of) if of and kind == "college" else []
    called = await directory.names_of(at.tx, sent)
    members = await people.of_organisation(at.tx, of)
    named = await still_named(at, of, kind, members)
    left = await people.gone(at.tx, of, gone) if gone else None
    ahead = await offset(at.tx)
    return await at.page(
        "people.html", wrong=wrong, link=link, of=of or "", gone=await what_waits(at, left) if left else None,
        named=() if isinstance(named, str) else named, unknown=named if isinstance(named, str) and left else "",
        whose=names.organisation(of) if of else text("people.installation"),
        members=[_member(each, names, by) for each in members],
        invited=[_invited(each, names, ahead) for each in await invitations.open_ones(at.tx, of)],
        roles=[(role, text(f"role.{role}")) for role in roles],
        sent=[(str(id_), called[id_].name if id_ in called else names.person(id_)) for id_ in sent],
        all=sorted(names.organisations.items(), key=itemgetter(1)) if by.may(organisations.ADMINISTRATOR) else [],
        managed=of is not None,
    )  # fmt: skip


def _roles(roles: frozenset[str], names: Names) -> str:
    return names.text.joined(names.text(f"role.{role}") for role in sorted(roles))


def _member(account: Account, names: Names, by: Account) -> MemberView:
    return MemberView(
        id=str(account.id), name=account.name, username=account.username, roles=_roles(account.roles, names),
        manages=account.manages, self=account.id == by.id,
    )  # fmt: skip


def _invited(one: Invitation, names: Names, ahead: timedelta) -> InvitedView:
    """A link is good by the machine's time, which a practice is `ahead` of."""
    until = names.text.stamp(one.until + ahead)
    return InvitedView(id=str(one.id), name=one.name, roles=_roles(one.roles, names), until=until)
