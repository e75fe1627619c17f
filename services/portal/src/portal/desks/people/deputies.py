"""Who signs for one's own organisation, and who does while somebody is absent. Scheduling keeps and decides it."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Form
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from portal.accounts import people
from portal.accounts.people import Account
from portal.desks.asking import SCHEDULING, Missing, missing
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.people.removal import removed_words
from portal.desks.union.signatures import name_of, users_of
from servicekit.clock import today
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
PAGE = "/deputies"
SIGN = ("union", "enterprise")
"""Roles that sign."""
Id = Annotated[UUID, Form()]
Day = Annotated[date, Form()]


class DeputySeen(BaseModel):
    """Somebody who signs in somebody's absence, both days included."""

    user: str
    deputy: str
    first: date
    until: date


class SignersSeen(BaseModel):
    """Who signs: everybody of the role, where no approver is named."""

    approvers: list[str]
    deputies: list[DeputySeen]


@router.get("/deputies")
async def show_deputies(at: Desk) -> Response:
    """Approvers and deputies of one's own organisation."""
    return await _page(at)


@router.post("/deputies")
@without_key  # the form has a one-time key of its own
async def name_deputy(at: Desk, *, deputy: Id, first: Day, until: Day, key: Key) -> Response:
    """A colleague signs while the one who asks is absent."""
    body = {"deputy": str(deputy), "first": first.isoformat(), "until": until.isoformat()}
    return await _done(at, deputy, key, "/deputies", body)


@router.post("/deputies/drop")
@without_key
async def drop_deputy(at: Desk, *, deputy: Id, key: Key) -> Response:
    """The one who was absent is back."""
    return await _done(at, None, key, "/deputies/drop", {"deputy": str(deputy)})


@router.post("/deputies/signers")
@without_key
async def name_signer(at: Desk, *, user: Id, key: Key) -> Response:
    """From now on only those who are named sign."""
    return await _done(at, user, key, "/signers", {"user": str(user)})


@router.post("/deputies/signers/drop")
@without_key
async def drop_signer(at: Desk, *, user: Id, key: Key) -> Response:
    """Somebody signs no longer; when nobody is named, everybody of the role does."""
    return await _done(at, None, key, "/signers/drop", {"user": str(user)})


async def _done(at: AtDesk, colleague: UUID | None, key: str, path: str, body: dict[str, str]) -> Response:
    at.only(*SIGN)
    if colleague is not None and colleague not in {each.id for each in await _colleagues(at)}:
        wrong: Wrong | None = await at.once(key) or Wrong(at.text("deputy.not_a_colleague"), 422)
    else:
        wrong = await at.act(key, SCHEDULING, path, body)
    return await _page(at, wrong) if wrong else RedirectResponse(PAGE, 303)


async def _colleagues(at: AtDesk) -> list[Account]:
    """Whoever of one's own organisation has the role that signs."""
    role = next(role for role in SIGN if role in at.viewer.account.roles)
    return [each for each in await people.of_organisation(at.tx, at.organisation) if role in each.roles]


@dataclass(frozen=True)
class ApproverView:
    """Somebody who signs; `gone` says, in words, who removed them from the organisation and when."""

    id: str
    name: str
    gone: str


@dataclass(frozen=True)
class DeputyView:
    """Somebody who signs while somebody else is absent."""

    absent: str
    absent_gone: str
    deputy: str
    name: str
    gone: str
    days: DeputySeen
    mine: bool


@dataclass(frozen=True)
class Signers:
    """Everybody who is named, in words; by id those who are approvers."""

    approvers: tuple[ApproverView, ...]
    deputies: tuple[DeputyView, ...]
    ids: frozenset[str]


async def signers_of(at: AtDesk) -> Signers | Missing:
    """Whoever signs for the viewer's organisation; or why there is nothing to show."""
    seen = await at.read(SCHEDULING, "/signers", SignersSeen)
    if not isinstance(seen, SignersSeen):
        return seen
    me = str(at.viewer.account.id)
    ids = [*seen.approvers, *(each for one in seen.deputies for each in (one.user, one.deputy))]
    users, gone = await users_of(at.tx, ids), await removed_words(at.tx, at.text, ids)
    return Signers(
        tuple(ApproverView(id_, name_of(id_, users), gone.get(id_, "")) for id_ in seen.approvers),
        tuple(
            DeputyView(
                name_of(one.user, users), gone.get(one.user, ""), one.deputy, name_of(one.deputy, users),
                gone.get(one.deputy, ""), one, one.user == me,
            )
            for one in seen.deputies
        ),
        frozenset(seen.approvers),
    )  # fmt: skip


async def _page(at: AtDesk, wrong: Wrong | None = None) -> Response:
    at.only(*SIGN)
    me = str(at.viewer.account.id)
    found = await signers_of(at)
    told = found if isinstance(found, Signers) else Signers((), (), frozenset())
    colleagues = await _colleagues(at)
    return await at.page(
        "deputies.html", wrong=wrong, missing=missing(found, at.text) if isinstance(found, str) else "",
        approvers=told.approvers, deputies=told.deputies, day=at.text.day,
        colleagues=[(str(each.id), each.name) for each in colleagues if str(each.id) != me],
        others=[(str(each.id), each.name) for each in colleagues if str(each.id) not in told.ids],
        may_name=not told.ids or me in told.ids, first=(await today(at.tx)).isoformat(),
    )  # fmt: skip
