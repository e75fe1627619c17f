"""Rows of schemes: one per accepted order, with what was ordered; every version with its content."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, String, bindparam, delete, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.refusals import NotFound
from contracts.scheduling import SchemeWithContent
from contracts.values import (
    DivisionCode,
    EnterpriseId,
    OrderId,
    OrderLine,
    OrderNumber,
    OrganisationName,
    ProgrammeCode,
    Reason,
    SessionId,
    ShiftPatternCode,
    Stage,
    UnionId,
)
from scheduling.planner.manner import MannerName
from scheduling.planner.world import Alternative, Cuts, Draft, Enterprise, OrderToPlan, Pinned
from scheduling.schemes import signing
from scheduling.schemes.rules import PROPOSES, Scheme, State
from scheduling.schemes.tables import plan, scheme, scheme_alternative, scheme_version
from servicekit.db import Tx
from servicekit.facts import hold_subject

scope = bindparam("scope", type_=String)
READ = select(scheme).where(
    scheme.c.order_id == bindparam("order_id"), or_(scope.is_(None), scheme.c.enterprise_id == scope)
)
SITES = select(
    scheme.c.enterprise_id, scheme.c.division, scheme.c.shift_pattern, scheme.c.shift_anchor, scheme.c.rooms
).order_by(scheme.c.changed_at, scheme.c.order_id)
_save = upsert(scheme)
SAVE = _save.on_conflict_do_update(
    index_elements=["order_id"],
    set_={c.name: _save.excluded[c.name] for c in scheme.c if c.name != "order_id"},
)
ADD_VERSION = insert(scheme_version)
READ_VERSION = select(scheme_version).where(
    scheme_version.c.order_id == bindparam("order_id"), scheme_version.c.version == bindparam("version")
)
PROPOSED = (
    select(scheme_version.c.order_id, scheme_version.c.content)
    .join(scheme, scheme.c.order_id == scheme_version.c.order_id)
    .where(
        scheme_version.c.version == scheme.c.version,
        scheme.c.state.in_(sorted(PROPOSES)),
        scheme_version.c.content.is_not(None),
        scheme.c.order_id != bindparam("but"),
    )
    .order_by(scheme_version.c.order_id)
)
PINNED = """
select placed -> 'session' ->> 'session_id' as session_id
from scheme s join scheme_version v on v.order_id = s.order_id and v.version = s.version,
     json_array_elements(v.content -> 'placed') placed
where s.state = $1 and placed ->> 'pinned' = 'true'"""
NEWEST = (
    select(scheme_version.c.content)
    .join(scheme, scheme.c.order_id == scheme_version.c.order_id)
    .where(
        scheme.c.order_id == bindparam("order_id"),
        scheme_version.c.version <= scheme.c.version,
        scheme_version.c.content.is_not(None),
    )
    .order_by(scheme_version.c.version.desc())
    .limit(1)
)
FIND_AGAIN = (
    update(scheme_version)
    .where(
        scheme_version.c.order_id == bindparam("of_order"),
        scheme_version.c.version == bindparam("of_version"),
    )
    .values(content=bindparam("found"))
)
CUTS = (
    select(scheme_version.c.cuts)
    .where(
        scheme_version.c.order_id == bindparam("order_id"),
        scheme_version.c.version <= bindparam("version"),
        scheme_version.c.cuts.is_not(None),
    )
    .order_by(scheme_version.c.version.desc())
    .limit(1)
)
ADD_ALTERNATIVE = insert(scheme_alternative)
ALTERNATIVES = select(scheme_alternative).where(scheme_alternative.c.order_id == bindparam("order_id"))
DROP_ALTERNATIVES = delete(scheme_alternative).where(scheme_alternative.c.order_id == bindparam("order_id"))
_first = upsert(plan).values(one=1, number=1)
DRAW = _first.on_conflict_do_update(index_elements=["one"], set_={"number": plan.c.number + 1}).returning(
    plan.c.number
)
NUMBER = select(plan.c.number)

LINES = TypeAdapter(tuple[OrderLine, ...])
DRAFT = TypeAdapter(Draft)
CUTS_TRIED = TypeAdapter(Cuts)
SIGNED = TypeAdapter(signing.Signed)


@dataclass(frozen=True)
class Ordered:
    """What was ordered, as the newest fact of the order says."""

    number: OrderNumber
    enterprise_id: EnterpriseId
    enterprise_name: OrganisationName
    union_id: UnionId
    programme: ProgrammeCode
    division: DivisionCode
    shift_pattern: ShiftPatternCode
    shift_anchor: date
    rooms: int
    lines: tuple[OrderLine, ...]
    cancelled: bool = False

    @property
    def enterprise(self) -> Enterprise:
        """Where it is taught."""
        return Enterprise(
            self.enterprise_id, self.division, self.shift_pattern, self.rooms, self.shift_anchor
        )


@dataclass(frozen=True)
class Stored:
    """A scheme as it is kept, with its order. `asked` counts how often a draft was asked for."""

    ordered: Ordered
    scheme: Scheme
    asked: int
    row_version: int
    changed_at: datetime

    def to_plan(self) -> OrderToPlan:
        """As the planner wants it, for the version after the newest."""
        ordered = self.ordered
        return OrderToPlan(
            self.scheme.order_id,
            self.scheme.version + 1,
            ordered.programme,
            ordered.enterprise,
            ordered.lines,
        )


@dataclass(frozen=True)
class Version:
    """A version with its content, who made it and when."""

    version: int
    hash: str
    draft: Draft
    made_by: str
    made_at: datetime


async def lock(tx: Tx, order_id: OrderId, *, of: EnterpriseId | None = None) -> Stored:
    """The scheme of the order, held to the end of the transaction; `scheme.unknown`, also for others' orders."""
    await hold_subject(tx, order_id)
    return await read(tx, order_id, of=of)


async def read(tx: Tx, order_id: OrderId, *, of: EnterpriseId | None = None) -> Stored:
    """The same, not held."""
    found = await find(tx, order_id, of=of)
    if found is None:
        raise NotFound("scheme.unknown", order_id=str(order_id))
    return found


async def find(tx: Tx, order_id: OrderId, *, of: EnterpriseId | None = None) -> Stored | None:
    """The scheme, if the order was accepted."""
    row = (await tx.execute(READ, {"order_id": order_id, "scope": of})).one_or_none()
    return _stored(row) if row else None


async def save(tx: Tx, stored: Stored) -> None:
    """Write the scheme as it is now."""
    ordered, scheme_ = stored.ordered, stored.scheme
    await tx.execute(
        SAVE,
        {
            "order_id": scheme_.order_id,
            "number": ordered.number,
            "enterprise_id": ordered.enterprise_id,
            "enterprise_name": ordered.enterprise_name,
            "union_id": ordered.union_id,
            "programme": ordered.programme,
            "division": ordered.division,
            "shift_pattern": ordered.shift_pattern,
            "shift_anchor": ordered.shift_anchor,
            "rooms": ordered.rooms,
            "lines": LINES.dump_python(ordered.lines, mode="json"),
            "cancelled": ordered.cancelled,
            "asked": stored.asked,
            "state": scheme_.state.value,
            "version": scheme_.version,
            "hash": scheme_.hash,
            "stages": [stage.value for stage in scheme_.stages],
            "unplaced": scheme_.unplaced,
            "in_force": scheme_.in_force,
            "reason": scheme_.reason.model_dump(mode="json") if scheme_.reason else None,
            "signed": SIGNED.dump_python(scheme_.signed, mode="json"),
            "sign_by": scheme_.sign_by,
            "reminded": scheme_.reminded,
            "escalated": scheme_.escalated,
            "row_version": stored.row_version,
            "changed_at": stored.changed_at,
        },
    )


async def add_version(tx: Tx, order_id: OrderId, version: Version, cuts: Cuts | None = None) -> None:
    """Keep a version; it never changes. `cuts`: how its cohorts came about, where they are new."""
    await tx.execute(
        ADD_VERSION,
        {
            "order_id": order_id,
            "version": version.version,
            "hash": version.hash,
            "content": DRAFT.dump_python(version.draft, mode="json"),
            "cuts": CUTS_TRIED.dump_python(cuts, mode="json") if cuts else None,
            "made_by": version.made_by,
            "made_at": version.made_at,
        },
    )


async def add_lost_version(tx: Tx, fact: SchemeWithContent, *, made_by: str, made_at: datetime) -> None:
    """Keep that there was this version; what it says was lost with a database."""
    kept = {"order_id": fact.order_id, "version": fact.version, "hash": fact.hash}
    await tx.execute(ADD_VERSION, kept | {"made_by": made_by, "made_at": made_at})


async def is_lost(tx: Tx, order_id: OrderId, version: int) -> bool:
    """Whether there was this version, and what it says is not known."""
    row = (await tx.execute(READ_VERSION, {"order_id": order_id, "version": version})).one_or_none()
    return row is not None and row.content is None


async def find_again(tx: Tx, order_id: OrderId, version: int, draft: Draft) -> None:
    """What a lost version says."""
    content = DRAFT.dump_python(draft, mode="json")
    await tx.execute(FIND_AGAIN, {"of_order": order_id, "of_version": version, "found": content})


async def version_of(tx: Tx, order_id: OrderId, version: int) -> Version | None:
    """A version of the order's scheme, if it was ever made, and what it says was not lost with a database."""
    row = (await tx.execute(READ_VERSION, {"order_id": order_id, "version": version})).one_or_none()
    if row is None or row.content is None:
        return None
    return Version(row.version, row.hash, DRAFT.validate_python(row.content), row.made_by, row.made_at)


async def cuts_of(tx: Tx, order_id: OrderId, version: int) -> Cuts | None:
    """How the cohorts of a version came about: what was tried for the draft that it goes back to."""
    found = await tx.scalar(CUTS, {"order_id": order_id, "version": version})
    return CUTS_TRIED.validate_python(found) if found else None


async def proposed(tx: Tx, *, but: OrderId) -> list[Draft]:
    """Newest versions of other orders that wait for approval or confirmation."""
    rows = (await tx.execute(PROPOSED, {"but": but})).all()
    return [DRAFT.validate_python(row.content) for row in rows]


async def pinned(tx: Tx, order_id: OrderId) -> tuple[Pinned, ...]:
    """Sessions that the coordinator keeps at their time, of the newest version whose content is known."""
    content = (await tx.execute(NEWEST, {"order_id": order_id})).scalar_one_or_none()
    if content is None or not any(placed.get("pinned") for placed in content["placed"]):
        return ()
    draft = DRAFT.validate_python(content)
    cohorts = {cohort.cohort_id: cohort for cohort in draft.cohorts}
    return tuple(Pinned(p, cohorts[p.session.cohort_id]) for p in draft.placed if p.pinned)


async def all_pinned(tx: Tx) -> frozenset[SessionId]:
    """Sessions of all schemes in force that the coordinator keeps at their time."""
    rows = await tx.driver.fetch(PINNED, State.CONFIRMED.value)
    return frozenset(UUID(row["session_id"]) for row in rows)


async def keep_alternatives(
    tx: Tx, order_id: OrderId, version: int, alternatives: Sequence[Alternative]
) -> None:
    """What could be taken instead of this drafted version; whatever was kept of older ones goes."""
    await drop_alternatives(tx, order_id)
    rows = [
        {
            "order_id": order_id,
            "name": each.name,
            "version": version,
            "content": DRAFT.dump_python(each.draft, mode="json"),
            "driving": each.driving,
        }
        for each in alternatives
    ]
    await tx.execute(ADD_ALTERNATIVE, rows)


async def drop_alternatives(tx: Tx, order_id: OrderId) -> None:
    """They are good for nothing any more."""
    await tx.execute(DROP_ALTERNATIVES, {"order_id": order_id})


async def alternatives(tx: Tx, order_id: OrderId) -> tuple[int, tuple[Alternative, ...]]:
    """The drafted version, and what could be taken instead, itself among them; 0 and nothing when it is too late."""
    rows = (await tx.execute(ALTERNATIVES, {"order_id": order_id})).all()
    found = (Alternative(row.name, DRAFT.validate_python(row.content), row.driving) for row in rows)
    names = [name.value for name in MannerName]
    kept = tuple(sorted(found, key=lambda each: names.index(each.name)))
    return (rows[0].version if rows else 0), kept


async def enterprises(tx: Tx) -> Mapping[EnterpriseId, Enterprise]:
    """Where is taught, as the newest order of each enterprise says."""
    return {
        row.enterprise_id: Enterprise(
            row.enterprise_id, row.division, row.shift_pattern, row.rooms, row.shift_anchor
        )
        for row in (await tx.execute(SITES)).all()
    }


async def plan_number(tx: Tx) -> int:
    """How often something new was put into the plan so far. Read before the rest of the world."""
    return await tx.scalar(NUMBER) or 0


async def draw_plan_number(tx: Tx) -> int:
    """Something new is put into the plan; whoever else does so waits until this transaction is over."""
    return int(await tx.scalar(DRAW))


def _stored(row: Row[Any]) -> Stored:
    ordered = Ordered(
        number=row.number,
        enterprise_id=row.enterprise_id,
        enterprise_name=row.enterprise_name,
        union_id=row.union_id,
        programme=row.programme,
        division=row.division,
        shift_pattern=row.shift_pattern,
        shift_anchor=row.shift_anchor,
        rooms=row.rooms,
        lines=LINES.validate_python(row.lines),
        cancelled=row.cancelled,
    )
    found = Scheme(
        order_id=row.order_id,
        state=State(row.state),
        version=row.version,
        hash=row.hash,
        stages=tuple(map(Stage, row.stages)),
        unplaced=row.unplaced,
        in_force=row.in_force,
        reason=Reason.model_validate(row.reason) if row.reason else None,
        signed=SIGNED.validate_python(row.signed),
        sign_by=row.sign_by,
        reminded=row.reminded,
        escalated=row.escalated,
    )
    return Stored(ordered, found, row.asked, row.row_version, row.changed_at)
