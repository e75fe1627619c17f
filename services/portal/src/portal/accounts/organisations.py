"""What kind of organisation somebody belongs to, and which roles its people can have."""

from collections.abc import Iterable
from typing import Literal
from uuid import UUID

from contracts.refusals import Invalid
from portal.known import known
from servicekit.db import Tx

Kind = Literal["union", "enterprise", "college"]
ROLES: dict[Kind, frozenset[str]] = {
    "union": frozenset({"union"}),
    "enterprise": frozenset({"enterprise"}),
    "college": frozenset({"college", "instructor", "assessor"}),
}
ADMINISTRATOR = "administrator"
ENTERPRISE = "select true from enterprise_row where enterprise_id = $1"
COLLEGE = "select true from college_row where college_id = $1"
SENDS = "select true from person_row where person_id = $1 and college_id = $2 and not retired"
PEOPLE = """select person_id from person_row p where college_id = $1 and not retired
and not exists (select from account a where a.person_id = p.person_id and a.removed_at is null)"""


async def kind_of(tx: Tx, organisation: str) -> Kind | None:
    """Union, enterprise or college; nothing while nobody has told of it."""
    if organisation in known(tx).programmes.demo.unions:
        return "union"
    if await tx.driver.fetchval(ENTERPRISE, organisation):
        return "enterprise"
    return "college" if await tx.driver.fetchval(COLLEGE, organisation) else None


def check_roles(kind: Kind | None, roles: Iterable[str]) -> None:
    """An organisation's people have its own roles only: no enterprise has a coordinator, nobody an administrator."""
    allowed = ROLES[kind] if kind else frozenset({ADMINISTRATOR})
    for role in sorted(roles):
        if role not in allowed:
            raise Invalid("account.role_not_theirs", field="roles", role=role)


async def check_person(tx: Tx, organisation: str | None, person: UUID | None) -> None:
    """Whoever is sent is somebody whom this college sends."""
    if person is not None and not await tx.driver.fetchval(SENDS, person, organisation):
        raise Invalid("account.person_not_theirs", field="person_id")


async def people_without_account(tx: Tx, college: str) -> list[UUID]:
    """Whom the college sends and nobody has invited yet."""
    return [row["person_id"] for row in await tx.driver.fetch(PEOPLE, college)]
