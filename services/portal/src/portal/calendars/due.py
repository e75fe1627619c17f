"""What stands in somebody's calendar now, read from the boards: their sessions and batches, their works' sessions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists, false, or_, select
from sqlalchemy.sql.elements import ColumnElement

from contracts.evaluation import BatchMoved, EvaluationPlanned
from contracts.values import Mode, Slot
from portal.accounts.people import Account
from portal.boards.offers import FIRM, offer_row
from portal.boards.orders import order_card
from portal.boards.sessions import session_row
from portal.calendars.entries import Entry
from portal.scope import Scope
from portal.web.names import Names
from servicekit.db import Tx, UtcTime

NOT_HELD = ("cancelled", "unplaced")
"""States of a session that has no time any more."""
BATCH_FACTS = (EvaluationPlanned.type, BatchMoved.type)
SESSIONS = (
    select(
        session_row.c.session_id, session_row.c.order_id, session_row.c.starts_at, session_row.c.ends_at,
        session_row.c.unit, session_row.c.level, session_row.c.mode, session_row.c.division,
        session_row.c.class_hours, order_card.c.number, order_card.c.enterprise_id, order_card.c.enterprise_name,
    )
    .join(order_card, order_card.c.order_id == session_row.c.order_id)
    .where(
        session_row.c.state.not_in(NOT_HELD),
        session_row.c.ends_at > bindparam("since", type_=UtcTime()),
    )
)  # fmt: skip
BATCHES = """
select distinct on (f.data ->> 'batch_id') f.data::text as data, c.number, c.enterprise_id, c.enterprise_name
from offer_row o join order_card c using (order_id)
join story_fact f on f.subject = o.order_id::text and f.type = any($2::text[])
  and f.data ->> 'batch_id' = o.batch_id::text
where o.person_id = $1 and o.batch_id is not null and o.state = any($3::text[])
  and c.batches -> o.batch_id::text ->> 'state' is distinct from 'cancelled'
order by f.data ->> 'batch_id', f.arrived desc"""
"""Times of a batch are on no board: the newest fact that placed it has them."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose calendar it is: a person who is sent, or a clerk of an enterprise. `id` tells it from others'."""

    id: UUID
    person: UUID | None
    enterprise: str | None

    @classmethod
    def of(cls, account: Account) -> "Holder | None":
        """Of an account; nothing for one that neither is sent nor hosts."""
        scope = Scope.of(account.roles, account.organisation, account.person)
        if not (scope.person or scope.enterprise):
            return None
        return cls(scope.person or account.id, scope.person, scope.enterprise)


async def entries_of(tx: Tx, holder: Holder, names: Names, since: datetime, url: str) -> list[Entry]:
    """All that ends after `since` and is firm; `url` is where browsers reach the portal."""
    whose: ColumnElement[bool] = false()
    if holder.person is not None:
        whose = exists().where(
            offer_row.c.session_id == session_row.c.session_id,
            offer_row.c.person_id == holder.person,
            offer_row.c.state.in_(FIRM),
        )
    if holder.enterprise is not None:
        whose = or_(whose, order_card.c.enterprise_id == holder.enterprise)
    sessions = (await tx.execute(SESSIONS.where(whose), {"since": since})).mappings()
    found = [_session(dict(row), holder, names, url) for row in sessions]
    if holder.person is not None:
        batches = await tx.driver.fetch(BATCHES, holder.person, list(BATCH_FACTS), list(FIRM))
        found += [entry for row in batches if (entry := _batch(dict(row), names, url)).ends_at > since]
    return found


def _session(row: Mapping[str, Any], holder: Holder, names: Names, url: str) -> Entry:
    text = names.text
    place = text("calendar.online") if row["mode"] == Mode.ONLINE else _place(row, names, row["division"])
    page = f"/my/sessions/{row['session_id']}" if holder.person else f"/orders/{row['order_id']}/story"
    return Entry(
        about=row["session_id"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        title=text("calendar.session", unit=names.unit(row["unit"]), level=names.level(row["level"])),
        place=place,
        note=text("calendar.session_note", number=row["number"], hours=row["class_hours"]),
        url=url + page,
    )


def _batch(row: Mapping[str, Any], names: Names, url: str) -> Entry:
    told, text = json.loads(row["data"]), names.text
    slot = Slot.model_validate(told["slot"])
    occupation, level = names.occupation(told["occupation"]), names.level(told["level"])
    return Entry(
        about=UUID(told["batch_id"]),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        title=text("calendar.batch", occupation=occupation, level=level),
        place=_place(row, names, told["division"]),
        note=text("calendar.batch_note", number=row["number"], count=told["candidates"]),
        url=f"{url}/my/batches/{told['batch_id']}",
    )


def _place(row: Mapping[str, Any], names: Names, division: str) -> str:
    enterprise = names.organisation(row["enterprise_id"], row["enterprise_name"])
    return names.text("calendar.place", enterprise=enterprise, division=names.division(division))
