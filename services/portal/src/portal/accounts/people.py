"""The people of an organisation, and whoever says who they are."""

from uuid import UUID

from contracts.refusals import Conflict, NotFound
from portal.accounts import logins, removed, store
from portal.accounts.organisations import ADMINISTRATOR
from portal.accounts.store import Account
from servicekit.clock import real_now
from servicekit.db import Tx

__all__ = ["Account", "found", "gone", "let_manage", "may_manage", "of_organisation", "remove", "still_there"]

LOCK_MANAGERS = """
select id from account where organisation is not distinct from $1 and removed_at is null
and (manages or roles::jsonb ? 'administrator') order by id for update"""
MANAGES = "update account set manages = $2 where id = $1"


async def of_organisation(tx: Tx, organisation: str | None) -> list[Account]:
    """Everybody of an organisation, by user name; without one those who belong to none."""
    return await store.of_organisation(tx, organisation)


async def found(tx: Tx, username: str) -> Account | None:
    """Whose user name this is, if anybody's."""
    return await store.by_username(tx, username)


def may_manage(by: Account, organisation: str | None) -> bool:
    """An administrator everywhere; whoever manages an organisation, there."""
    return by.may(ADMINISTRATOR) or (
        by.manages and organisation is not None and by.organisation == organisation
    )


async def remove(tx: Tx, by: Account, id_: UUID) -> Account:
    """Somebody belongs to the organisation no longer: every login ends. Refused for whoever is the last to manage."""
    gone = await _managed(tx, by, id_)
    await _not_the_last(tx, gone)
    await removed.remove(tx, gone.id, by=by.id, at=real_now())
    await logins.end_all(tx, gone.id)
    return gone


async def gone(tx: Tx, of: str | None, id_: UUID) -> Account | None:
    """Whoever belonged to this organisation and was removed."""
    found = await store.gone(tx, id_)
    return found if found is not None and found.organisation == of else None


async def let_manage(tx: Tx, by: Account, id_: UUID, *, manages: bool) -> Account:
    """Somebody manages the organisation from now on, or no longer."""
    one = await _managed(tx, by, id_)
    if not manages:
        await _not_the_last(tx, one)
    await tx.driver.execute(MANAGES, one.id, manages)
    return one


async def _managed(tx: Tx, by: Account, id_: UUID) -> Account:
    """Whom `by` may decide about; another organisation's people do not exist."""
    found = await store.by_id(tx, id_)
    if found is None or not may_manage(by, found.organisation):
        raise NotFound("account.unknown")
    return found


async def _not_the_last(tx: Tx, one: Account) -> None:
    """Rows of all who manage are locked first: two who remove each other at once do not both succeed."""
    rows = [row["id"] for row in await tx.driver.fetch(LOCK_MANAGERS, one.organisation)]
    if rows == [one.id]:
        raise Conflict("account.last_manager")


async def still_there(tx: Tx, id_: UUID) -> Account | None:
    """The account of this id; nothing once it was removed."""
    return await store.by_id(tx, id_)
