"""A session's sheet for a page: what evaluation tells, and what the session is called."""

from dataclasses import dataclass
from uuid import UUID

from portal.boards.sessions import SessionRow
from portal.desks.asking import EVALUATION
from portal.desks.at import AtDesk
from portal.desks.orders import session_in
from portal.desks.sheets.seen import ListSeen
from portal.web.names import names_for
from portal.web.viewer import NotForYou


@dataclass(frozen=True)
class Told:
    """The session in words."""

    unit: str = ""
    lead: str = ""
    when: str = ""
    where: str = ""


async def listed(at: AtDesk, session: UUID) -> ListSeen:
    """The sheet, for its lead and the union; to others there is none."""
    at.only("union", "instructor")
    found = await at.read(EVALUATION, f"/sessions/{session}/list", ListSeen)
    if not isinstance(found, ListSeen):
        raise NotForYou("error.away" if found == "away" else "error.not_found")
    return found


async def told(at: AtDesk, session: UUID) -> Told:
    """What the boards know of it; nothing when it is not on them yet."""
    row = await session_in(at.tx, at.viewer.scope, session)
    return Told() if row is None else await in_words(at, row)


async def in_words(at: AtDesk, row: SessionRow) -> Told:
    """A session of the boards."""
    lead = row.taught_by or row.person
    names = await names_for(at.tx, at.text, at.viewer.scope, [lead] if lead else [])
    return Told(
        unit=names.unit(row.unit),
        lead=names.person(lead) if lead else "",
        when=at.text.span(row.starts_at, row.ends_at) if row.starts_at and row.ends_at else "",
        where=names.organisation(row.enterprise_id),
    )
