"""Rows of duties and offers in, frozen state out. The order is the subject that is held."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from contracts.refusals import NotFound
from contracts.values import AssignmentId, CollegeId, Needs, OrderId, PersonId, Role, Slot
from instructor_dispatch.offers.assisting import assistants_of
from instructor_dispatch.offers.rules import LIVE, Duty, DutyState, Offer, OfferState
from instructor_dispatch.offers.tables import duty, offer, refused_pair
from servicekit.db import Tx
from servicekit.facts import hold_subject

_save_duty = insert(duty)
SAVE_DUTY = _save_duty.on_conflict_do_update(
    index_elements=["duty_id"],
    set_={c.name: _save_duty.excluded[c.name] for c in duty.c if not c.primary_key},
)
_save_offer = insert(offer)
SAVE_OFFER = _save_offer.on_conflict_do_update(
    index_elements=["assignment_id"],
    set_={c.name: _save_offer.excluded[c.name] for c in offer.c if c.name not in ("assignment_id", "version")}
    | {"version": offer.c.version + 1},
)
DUTIES = select(duty).where(duty.c.duty_id.in_(bindparam("ids", expanding=True)))
DUTIES_OF_ORDER = select(duty).where(duty.c.order_id == bindparam("order_id")).order_by(duty.c.duty_id)
OFFERS = select(offer).where(offer.c.assignment_id.in_(bindparam("ids", expanding=True)))
OFFERS_OF_DUTY = select(offer).where(offer.c.duty_id == bindparam("duty_id")).order_by(offer.c.assignment_id)
LIVE_OF_ORDER = (
    select(offer)
    .where(offer.c.order_id == bindparam("order_id"), offer.c.state.in_([s.value for s in LIVE]))
    .order_by(offer.c.assignment_id)
)
LIVE_OF_PERSON = (
    select(offer)
    .where(offer.c.person_id == bindparam("person_id"), offer.c.state.in_([s.value for s in LIVE]))
    .order_by(offer.c.assignment_id)
)
_other = offer.alias("other_half")
ORDERS_OF = (
    select(offer.c.assignment_id, offer.c.order_id, _other.c.order_id.label("linked_order"))
    .join(_other, _other.c.assignment_id == offer.c.linked, isouter=True)
    .where(offer.c.assignment_id.in_(bindparam("ids", expanding=True)))
)
VERSION = select(offer.c.version).where(offer.c.assignment_id == bindparam("id"))
ORDER_OF_DUTY = select(duty.c.order_id).where(duty.c.duty_id == bindparam("duty_id"))
_add_pair = insert(refused_pair)
ADD_PAIR = _add_pair.on_conflict_do_update(
    index_elements=["duty_id", "person_id"],
    set_={"lapsed": refused_pair.c.lapsed & _add_pair.excluded.lapsed},
)
FORGET_PAIRS = delete(refused_pair).where(refused_pair.c.duty_id == bindparam("of_duty"))
FORGET_LAPSED = FORGET_PAIRS.where(refused_pair.c.lapsed)
PAIRS = select(refused_pair.c.person_id, refused_pair.c.lapsed).where(
    refused_pair.c.duty_id == bindparam("duty_id")
)
TRY_HOLD = """
select o.order_id, pg_try_advisory_xact_lock(hashtextextended(o.order_id::text, 0)) as got
from offer o where o.assignment_id = $1"""
IN_A_SWAP = """
select exists (select 1 from offer where duty_id = $1 and linked is not null and state in ('offered', 'agreed'))"""
SWAPPED_WITH = """
select distinct other.order_id from offer o join offer other on other.assignment_id = o.linked
where o.order_id = any($1::uuid[]) and o.state in ('offered', 'agreed')"""
GAPS = """
select d.duty_id, d.order_id, d.occupation from duty d
where d.state = 'unstaffable' and (d.slot ->> 'starts_at')::timestamptz > $1
  and not exists (select from due where kind = $2 and key = d.duty_id::text)
order by (d.slot ->> 'starts_at')::timestamptz, d.duty_id"""
WAITS_FOR = "select exists (select from due where kind = $1 and key = $2)"
SET_STATE = update(duty).where(duty.c.duty_id == bindparam("of_duty")).values(state=bindparam("to"))


class Gap(NamedTuple):
    """A session or batch that nobody can come to as it stands."""

    duty_id: UUID
    order_id: OrderId
    occupation: str


async def gaps(tx: Tx, waiting_as: str, *, after: datetime) -> list[Gap]:
    """Gaps that have not begun and for which no deadline of this kind waits, earliest first."""
    return [Gap(*row) for row in await tx.driver.fetch(GAPS, after, waiting_as)]


async def waits(tx: Tx, kind: str, key: UUID) -> bool:
    """Whether a deadline of this kind waits already, or is being done."""
    found: bool = await tx.driver.fetchval(WAITS_FOR, kind, str(key))
    return found


async def hold_orders(tx: Tx, ids: Collection[AssignmentId]) -> set[AssignmentId]:
    """Hold the orders of these offers, of the other halves of their swaps too; answers which offers there are.

    An offer's order never changes, so it may be read before it is held.
    """
    rows = (await tx.execute(ORDERS_OF, {"ids": list(ids)})).all()
    await hold_subject(
        tx, *{order for row in rows for order in (row.order_id, row.linked_order) if order is not None}
    )
    return {row.assignment_id for row in rows}


async def swapped_with(tx: Tx, orders: Collection[OrderId]) -> list[OrderId]:
    """The orders of the other halves of swaps that wait for an answer in these orders."""
    rows = await tx.driver.fetch(SWAPPED_WITH, list(orders))
    return [row["order_id"] for row in rows]


async def lock(tx: Tx, assignment_id: AssignmentId, *, college_id: CollegeId | None = None) -> Offer:
    """The offer, its order held; `offer.unknown`, also when it was made to another college."""
    if await hold_orders(tx, [assignment_id]):
        found = await read(tx, assignment_id)
        if college_id is None or found.college_id == college_id:
            return found
    raise NotFound("offer.unknown", assignment_id=str(assignment_id))


async def version_of(tx: Tx, assignment_id: AssignmentId) -> int:
    """How often the offer's row was written: the ETag."""
    version: int = await tx.scalar(VERSION, {"id": assignment_id})
    return version


async def read(tx: Tx, assignment_id: AssignmentId) -> Offer:
    """The offer as it is now; its order is held already."""
    return _offer((await tx.execute(OFFERS, {"ids": [assignment_id]})).one())


async def try_hold_order_of(tx: Tx, assignment_id: AssignmentId) -> bool:
    """Hold the offer's order if nobody else does. Orders come before the choosing; whoever is late may not wait."""
    row = await tx.driver.fetchrow(TRY_HOLD, assignment_id)
    if row is None or not row["got"]:
        return False
    await hold_subject(tx, row["order_id"])  # ours already: draws the sequence without waiting
    return True


async def in_a_swap(tx: Tx, duty_id: UUID) -> bool:
    """Whether a linked offer for it waits for an answer."""
    return bool(await tx.driver.fetchval(IN_A_SWAP, duty_id))


async def offers_of_duty(tx: Tx, duty_id: UUID) -> list[Offer]:
    """Every offer ever made for it, oldest first."""
    return [_offer(row) for row in await tx.execute(OFFERS_OF_DUTY, {"duty_id": duty_id})]


async def live_of_order(tx: Tx, order_id: OrderId) -> list[Offer]:
    """What is offered, agreed or firm in the order."""
    return [_offer(row) for row in await tx.execute(LIVE_OF_ORDER, {"order_id": order_id})]


async def live_of_person(tx: Tx, person_id: PersonId) -> list[Offer]:
    """What this person is asked for or promised to."""
    return [_offer(row) for row in await tx.execute(LIVE_OF_PERSON, {"person_id": person_id})]


async def duty_of(tx: Tx, duty_id: UUID) -> Duty | None:
    """What is known of it, or nothing."""
    row = (await tx.execute(DUTIES, {"ids": [duty_id]})).one_or_none()
    return None if row is None else _duty(row)


async def duties_of_order(tx: Tx, order_id: OrderId) -> list[Duty]:
    """Every session and batch of the order."""
    return [_duty(row) for row in await tx.execute(DUTIES_OF_ORDER, {"order_id": order_id})]


async def lock_duty(tx: Tx, duty_id: UUID) -> Duty | None:
    """The session or batch, its order held; nothing when it is unknown."""
    order = await tx.scalar(ORDER_OF_DUTY, {"duty_id": duty_id})
    if order is None:
        return None
    await hold_subject(tx, order)
    return await duty_of(tx, duty_id)


async def save_duty(tx: Tx, state: Duty) -> None:
    """Write what is known of it now."""
    await tx.execute(
        SAVE_DUTY,
        {
            "duty_id": state.duty_id,
            "order_id": state.order_id,
            "role": state.role.value,
            "occupation": state.needs.occupation,
            "level": state.needs.level,
            "division": state.division,
            "site": state.site,
            "slot": state.slot.model_dump(mode="json"),
            "wanted": state.wanted,
            "barred": sorted(state.barred),
            "proposed": state.proposed,
            "cohort_id": state.cohort_id,
            "unit": state.unit,
            "revision": state.revision,
            "state": state.state.value,
        },
    )


async def set_duty_state(tx: Tx, duty_id: UUID, to: DutyState) -> None:
    """Open, told unstaffable, or off."""
    await tx.execute(SET_STATE, {"of_duty": duty_id, "to": to.value})


async def save(tx: Tx, state: Offer) -> None:
    """Write the offer as it is now."""
    await tx.execute(
        SAVE_OFFER,
        {
            "assignment_id": state.assignment_id,
            "order_id": state.order_id,
            "duty_id": state.duty_id,
            "role": state.role.value,
            "college_id": state.college_id,
            "person_id": state.person_id,
            "slot": state.slot.model_dump(mode="json"),
            "day": state.slot.day,
            "answer_by": state.answer_by,
            "step": state.step,
            "linked": state.linked,
            "state": state.state.value,
            "open_call": state.open_call,
            "answered_at": state.answered_at,
            "name_by": state.name_by,
            "reason": state.reason,
            "version": 1,
        },
    )


class Refusing(NamedTuple):
    """Who is not asked for something."""

    declined: frozenset[PersonId]
    """They said no: not at another time either."""
    lapsed: frozenset[PersonId]
    """Nobody answered for them: not at this time."""


async def add_pair(tx: Tx, duty_id: UUID, person_id: PersonId, *, lapsed: bool) -> None:
    """This person said no to it, or the offer lapsed; a no outlives a lapse."""
    await tx.execute(ADD_PAIR, {"duty_id": duty_id, "person_id": person_id, "lapsed": lapsed})


async def forget_pairs(tx: Tx, duty_id: UUID) -> None:
    """It is another question now: everybody may be asked."""
    await tx.execute(FORGET_PAIRS, {"of_duty": duty_id})


async def forget_lapsed(tx: Tx, duty_id: UUID) -> None:
    """It stands at another time: whose offer only lapsed may be asked again, who said no may not."""
    await tx.execute(FORGET_LAPSED, {"of_duty": duty_id})


async def pairs(tx: Tx, duty_id: UUID) -> Refusing:
    """Who is not asked for it."""
    rows = (await tx.execute(PAIRS, {"duty_id": duty_id})).all()
    return Refusing(
        frozenset(row.person_id for row in rows if not row.lapsed),
        frozenset(row.person_id for row in rows if row.lapsed),
    )


async def listed(
    tx: Tx,
    *,
    college_id: CollegeId | None = None,
    person_id: PersonId | None = None,
    duty_id: UUID | None = None,
    assignment_id: AssignmentId | None = None,
    states: Collection[OfferState] = (),
    since: date | None = None,
) -> list[tuple[Offer, int, Duty]]:
    """Offers by whatever is given, held on the day `since` or later, with versions and what they are for; by day."""
    statement: Select[Any] = (
        select(offer, *(c.label(f"duty__{c.name}") for c in duty.c))
        .join(duty, duty.c.duty_id == offer.c.duty_id)
        .order_by(offer.c.day, offer.c.answer_by, offer.c.assignment_id)
    )
    if college_id is not None:
        statement = statement.where(offer.c.college_id == college_id)
    if person_id is not None:
        statement = statement.where(offer.c.person_id == person_id)
    if duty_id is not None:
        statement = statement.where(offer.c.duty_id.in_([duty_id, assistants_of(duty_id)]))
    if assignment_id is not None:
        statement = statement.where(offer.c.assignment_id == assignment_id)
    if states:
        statement = statement.where(offer.c.state.in_([state.value for state in states]))
    if since is not None:
        statement = statement.where(offer.c.day >= since)
    return [(_offer(row), row.version, _duty(row, "duty__")) for row in await tx.execute(statement)]


async def one(
    tx: Tx, assignment_id: AssignmentId, *, college_id: CollegeId | None
) -> tuple[Offer, int, Duty]:
    """The offer with its version and what it is for; `offer.unknown`, also when it is another college's."""
    found = await listed(tx, college_id=college_id, assignment_id=assignment_id)
    if not found:
        raise NotFound("offer.unknown", assignment_id=str(assignment_id))
    return found[0]


def _offer(row: Row[Any]) -> Offer:
    return Offer(
        assignment_id=row.assignment_id,
        order_id=row.order_id,
        duty_id=row.duty_id,
        role=Role(row.role),
        college_id=row.college_id,
        person_id=row.person_id,
        slot=Slot.model_validate(row.slot),
        answer_by=row.answer_by,
        step=row.step,
        linked=row.linked,
        state=OfferState(row.state),
        open_call=row.open_call,
        answered_at=row.answered_at,
        name_by=row.name_by,
        reason=row.reason,
    )


def _duty(row: Row[Any], prefix: str = "") -> Duty:
    of = {name.removeprefix(prefix): value for name, value in row._mapping.items() if name.startswith(prefix)}  # noqa: SLF001  SQLAlchemy's own public view of a row
    return Duty(
        duty_id=of["duty_id"],
        order_id=of["order_id"],
        role=Role(of["role"]),
        needs=Needs(occupation=of["occupation"], level=of["level"]),
        slot=Slot.model_validate(of["slot"]),
        division=of["division"],
        site=of["site"],
        wanted=of["wanted"],
        barred=frozenset(of["barred"]),
        proposed=of["proposed"],
        cohort_id=of["cohort_id"],
        unit=of["unit"],
        revision=of["revision"],
        state=DutyState(of["state"]),
    )
