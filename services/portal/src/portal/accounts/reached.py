"""Which accounts somebody is reached by who is told something."""

from collections.abc import Iterable
from uuid import UUID

from servicekit.db import Tx

REACHED = """
select id from account where removed_at is null and roles::jsonb ?| $1::text[]
  and ($2::text is null or organisation = $2) and ($3::uuid is null or person_id = $3)"""

ORGANISATIONS = """
select distinct organisation from account
where removed_at is null and roles::jsonb ?| $1::text[] and organisation is not null order by 1"""


async def organisations_with(tx: Tx, roles: Iterable[str]) -> list[str]:
    """Organisations of which somebody with one of these roles has an account."""
    return [row["organisation"] for row in await tx.driver.fetch(ORGANISATIONS, list(roles))]


async def reached(
    tx: Tx, roles: Iterable[str], *, organisation: str | None = None, person: UUID | None = None
) -> list[UUID]:
    """Everybody with one of these roles; of this organisation or being this person, if one is named."""
    rows = await tx.driver.fetch(REACHED, list(roles), organisation, person)
    return [row["id"] for row in rows]
