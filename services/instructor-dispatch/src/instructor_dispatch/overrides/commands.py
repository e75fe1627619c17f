"""Putting a rule aside by name, and letting it count again. Offers read what is put aside through here."""

from datetime import date
from uuid import UUID

from contracts.overrides import OverrideGranted
from contracts.values import OverrideId, PersonId
from instructor_dispatch.overrides import rules, store
from instructor_dispatch.overrides.rules import Override
from servicekit.clock import now, today
from servicekit.db import Position, Tx
from servicekit.facts import hold_subject, record
from servicekit.identity import Actor


async def grant(tx: Tx, asked: OverrideGranted, note: str, *, by: Actor) -> Position:
    """The rule counts no more for what is named. The choosing is held: nobody grants the same beside it."""
    day = await today(tx)
    rules.grant(asked, await store.in_force(tx, day), tx.known, today=day)
    await hold_subject(tx, asked.override_id)
    await store.add(tx, rules.evolve(None, asked, by=by.user, at=await now(tx)), note)
    return await record(tx, asked, by=by)


async def withdraw(tx: Tx, override_id: OverrideId, *, by: Actor) -> None:
    """The rule counts again; what is promised stays promised."""
    override = await store.lock(tx, override_id)
    fact = rules.withdraw(override, today=await today(tx))
    await store.withdraw(tx, rules.evolve(override, fact, by=by.user, at=await now(tx)))
    await record(tx, fact, by=by)


async def in_force(tx: Tx, day: date) -> list[Override]:
    """Those that may hold for a session of this day."""
    return await store.in_force(tx, day)


async def listed(
    tx: Tx, *, rule: str | None, person_id: PersonId | None, duty_id: UUID | None
) -> list[store.Listed]:
    """All of these with their words: for who may read them."""
    return await store.listed(tx, rule=rule, person_id=person_id, duty_id=duty_id)
