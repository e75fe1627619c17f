"""A rule is put aside, and may let somebody come who could not: what nobody could come to is looked at again."""

from collections.abc import Collection
from uuid import UUID

from contracts.overrides import OverrideGranted
from contracts.refusals import Conflict
from contracts.values import AssignmentId, OverrideId
from instructor_dispatch.instructors import commands as instructors
from instructor_dispatch.offers import loads
from instructor_dispatch.offers.commands.gaps import look_again, look_again_at
from instructor_dispatch.overrides import commands as overrides
from instructor_dispatch.reservations import commands as reservations
from servicekit.db import Tx
from servicekit.identity import Actor


async def grant(tx: Tx, asked: OverrideGranted, note: str, *, by: Actor) -> None:
    """Put a rule aside by name; a session need not be known here yet, it may be planned because of it."""
    await reservations.hold_choosing(tx)
    college = None
    if asked.person_id is not None:
        person = await instructors.known(tx, asked.person_id)
        if person.retired:
            raise Conflict("person.retired", person_id=str(asked.person_id))
        college = person.college_id
    position = await overrides.grant(tx, asked, note, by=by)
    duty_id: UUID | None = asked.session_id or asked.batch_id
    if duty_id is not None:
        await look_again_at(tx, duty_id, because=position)
    elif college is not None:
        await look_again(tx, college, because=position)


async def withdraw(tx: Tx, override_id: OverrideId, *, by: Actor) -> None:
    """The rule counts again for whoever is chosen from now on."""
    await reservations.hold_choosing(tx)
    await overrides.withdraw(tx, override_id, by=by)


async def covered(tx: Tx, ids: Collection[OverrideId]) -> dict[OverrideId, list[AssignmentId]]:
    """The live assignments that each of these is about."""
    return await loads.covered(tx, ids) if ids else {}
