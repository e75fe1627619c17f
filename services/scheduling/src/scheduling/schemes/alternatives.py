"""The alternatives to a draft: compared side by side, and one of them taken."""

from dataclasses import dataclass

from contracts.refusals import NotFound
from contracts.values import OrderId
from scheduling.planner.manner import MannerName
from scheduling.planner.world import Alternative
from scheduling.schemes import commands, content, drafting, kept, rules, store, tailoring
from scheduling.schemes.rules import State
from scheduling.schemes.store import Stored, Version
from scheduling.schemes.world import read_surroundings
from servicekit.db import Tx
from servicekit.identity import Actor


@dataclass(frozen=True)
class Beside:
    """A scheme with its newest version, and what could be taken instead of the version that was drafted."""

    stored: Stored
    current: Version | None
    drafted: int
    alternatives: tuple[Alternative, ...]


async def read(tx: Tx, order_id: OrderId, *, by: Actor) -> Beside:
    """What can be compared; nothing once the scheme is confirmed or another draft is asked for."""
    stored, current = await commands.read_scheme(tx, order_id, None, by=by)
    return Beside(stored, current, *await store.alternatives(tx, order_id))


async def take(tx: Tx, order_id: OrderId, name: MannerName, *, by: Actor, if_match: str | None) -> Stored:
    """It becomes the newest version, as far as it still holds; no version when it lies on the desk already.

    What was pinned meanwhile stays at its time.
    """
    stored = await commands.lock(tx, order_id, by=by, if_match=if_match)
    rules.check_open(stored.scheme)
    _, beside = await store.alternatives(tx, order_id)
    wanted = next((each for each in beside if each.name == name), None)
    if wanted is None:
        raise NotFound("scheme.alternative_unknown", name=name)
    await store.draw_plan_number(tx)  # from here on nobody else puts anything into the plan
    around = await read_surroundings(tx, order_id)
    pinned = [each.placed for each in await store.pinned(tx, order_id)]
    asked = content.with_placed(wanted.draft, pinned)
    draft = tailoring.reckoned(tx, stored, await tailoring.taken_up(tx, stored, asked, around))
    current = await store.version_of(tx, order_id, stored.scheme.version)
    declined = stored.scheme.state is State.DECLINED
    if not declined and current is not None and content.same_plan(draft, current.draft):
        return stored
    made = await drafting.add_version(tx, stored, draft, by=by)
    before = current.draft if current else None
    await kept.keep_tailored(tx, order_id, made.scheme.version, draft, around.without_own_plan(), before)
    return made
