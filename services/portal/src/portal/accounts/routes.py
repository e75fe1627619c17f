"""Tokens for whoever talks to the services directly, and the accounts behind them."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Response
from fastapi import Request as HttpRequest
from pydantic import BaseModel, Field, SecretStr

from contracts.refusals import Conflict
from contracts.values import OrganisationId
from portal.accounts import commands, organisations
from portal.accounts.letting_in import let_in
from portal.accounts.rules import USERNAME
from portal.accounts.store import Account
from servicekit.http import Request, Router, Transaction, refusals, without_key
from servicekit.identity import Actor, actor_with

TOKEN_SECONDS = 900
router = Router(tags=["accounts"])
Administrator = Annotated[Actor, Depends(actor_with("administrator"))]
Role = Literal["enterprise", "union", "college", "instructor", "assessor", "administrator"]


class Credentials(Request):
    """Who wants a token."""

    username: str = Field(min_length=1, max_length=64)
    password: SecretStr = Field(max_length=256)


class Token(BaseModel):
    """A token for the header `Authorization: Bearer …` of every service."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  the word of the standard
    expires_in: int
    """Seconds."""


class NewAccount(Request):
    """An account to make."""

    username: str = Field(pattern=USERNAME)
    password: SecretStr = Field(min_length=10, max_length=256)
    roles: frozenset[Role] = Field(min_length=1)
    organisation: OrganisationId | None = None
    person_id: UUID | None = None
    """Id of the person sent, for instructors and assessors."""
    name: str = Field(min_length=1, max_length=80)
    manages: bool = False
    """Whether they say who belongs to their organisation."""


class MadeView(BaseModel):
    """An account that was made. The answer is kept, so that a repeat gets it again: it names nobody."""

    id: UUID
    username: str
    roles: list[str]
    organisation: str | None
    person_id: UUID | None
    manages: bool


class AccountView(MadeView):
    """An account as an administrator sees it."""

    name: str

    @classmethod
    def of(cls, account: Account) -> "AccountView":
        """Without the password's hash."""
        return cls(
            id=account.id,
            username=account.username,
            roles=sorted(account.roles),
            organisation=account.organisation,
            person_id=account.person,
            name=account.name,
            manages=account.manages,
        )


def token_for(request: HttpRequest, account: Account, seconds: int) -> str | None:
    """A token that speaks for this account; none when the portal has no key."""
    issuer = request.app.state.service.issuer
    if issuer is None:
        return None
    person = str(account.person) if account.person else None
    token: str = issuer.user_token(
        str(account.id), account.roles, account.organisation, person=person, seconds=seconds
    )
    return token


@router.post("/token", responses=refusals("login.wrong", "login.locked", "login.too_often"))
@without_key
async def give_token(asked: Credentials, request: HttpRequest, response: Response) -> Token:
    """A token of 15 minutes that names user, roles, organisation and person."""
    account = await let_in(request, asked.username, asked.password.get_secret_value())
    token = token_for(request, account, TOKEN_SECONDS)
    if token is None:
        raise Conflict("account.no_key")
    response.headers["Cache-Control"] = "no-store"
    return Token(access_token=token, expires_in=TOKEN_SECONDS)


@router.post(
    "/accounts",
    status_code=201,
    responses=refusals(
        "account.username_taken",
        "account.organisation_missing",
        "account.person_missing",
        "account.role_not_theirs",
    ),
)
async def make_account(asked: NewAccount, tx: Transaction, _: Administrator) -> MadeView:
    """Give somebody an account. Roles that the organisation cannot have are refused as soon as it is known."""
    if asked.organisation and (kind := await organisations.kind_of(tx, asked.organisation)):
        organisations.check_roles(kind, asked.roles - {"administrator"})
    new = await commands.make_account(
        tx,
        asked.username,
        asked.password.get_secret_value(),
        roles=asked.roles,
        organisation=asked.organisation,
        person=asked.person_id,
        name=asked.name,
        manages=asked.manages,
    )
    return MadeView.model_validate(AccountView.of(new).model_dump())


@router.get("/accounts")
async def list_accounts(tx: Transaction, _: Administrator) -> list[AccountView]:
    """Every account, by user name."""
    return [AccountView.of(account) for account in await commands.list_accounts(tx)]
