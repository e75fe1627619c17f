"""Who has signed which clause of the scheme on the desk, and who is still asked, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from portal.accounts import commands as accounts
from portal.desks.people.removal import removed_words
from portal.web.names import Names
from servicekit.db import Tx

SIDES = ("union", "enterprise")


class SignatureSeen(BaseModel):
    """A side at a clause."""

    signer: str
    hash: str | None
    version: int | None
    by: str | None
    deputy_of: str | None = None
    at: datetime | None
    asked: bool


class ClauseSeen(BaseModel):
    """A part of the version that is signed by itself."""

    clause: str
    hash: str
    signatures: list[SignatureSeen]


@dataclass(frozen=True)
class ClauseRow:
    """A clause, and how it stands with each side."""

    clause: str
    hash: str
    """Its first digits, to be compared."""
    sides: tuple[str, ...]


Users = Mapping[UUID, tuple[str, str | None]]


async def users_of(tx: Tx, told: Iterable[str | None]) -> Users:
    """Names of those who are told of by their account."""
    return await accounts.names_of(tx, {user for name in told if (user := _user(name))})


async def clause_rows(tx: Tx, clauses: list[ClauseSeen], names: Names) -> tuple[ClauseRow, ...]:
    """The clauses, with union and enterprise as columns."""
    signed = [one for clause in clauses for one in clause.signatures]
    told = [name for one in signed for name in (one.by, one.deputy_of)]
    users, gone = await users_of(tx, told), await removed_words(tx, names.text, told)
    return tuple(
        ClauseRow(
            names.text(f"clause.{clause.clause}"),
            clause.hash[:8],
            tuple(_side(side, clause.signatures, users, gone, names) for side in SIDES),
        )
        for clause in clauses
    )


def _side(
    side: str, signatures: Iterable[SignatureSeen], users: Users, gone: Mapping[str, str], names: Names
) -> str:
    text, one = names.text, next((each for each in signatures if each.signer == side), None)
    if one is None:
        return text("clause.not_theirs")
    if one.asked:
        return text("clause.asked_again", version=one.version) if one.version else text("clause.asked")
    if one.version is None or one.at is None:
        return text("clause.not_asked")

    def called(user: str | None) -> str:
        name, removed = name_of(user, users), gone.get(user or "")
        return text.aside(name, removed) if removed else name

    figures = {"version": one.version, "who": called(one.by), "when": text.moment(one.at)}
    if one.deputy_of:
        return text("clause.by_deputy", absent=called(one.deputy_of), **figures)
    return text("clause.signed", **figures).strip()


def name_of(user: str | None, users: Users) -> str:
    """What the account is called; of one that is not here, the end of its number."""
    id_ = _user(user)
    name, _ = users.get(id_ or UUID(int=0), ((user or "")[-6:] if id_ else "", None))
    return name


def _user(actor: str | None) -> UUID | None:
    try:
        return UUID(actor or "")
    except ValueError:
        return None
