"""What a person does about parked facts: replay after a mend, skip with a reason, resume a consumer."""

from uuid import UUID

from contracts.refusals import Conflict, NotFound
from servicekit import heads, parking
from servicekit.db import Tx
from servicekit.facts import hold_with
from servicekit.parking import Parked
from servicekit.taking import Taking

PAUSED = "select reason from paused where consumer = $1"
PAUSE = "insert into paused (consumer, reason) values ($1, $2) on conflict (consumer) do nothing"
RESUME = "delete from paused where consumer = $1"


async def replay(taking: Taking, tx: Tx, subject: str) -> list[Parked]:
    """Apply the parked facts of a subject in order, up to the first that fails again; answers what is left."""
    return await _go_on(taking, tx, subject, await _locked(taking, tx, subject), missing=0)


async def skip(taking: Taking, tx: Tx, subject: str, id_: UUID, *, by: str, reason: str) -> list[Parked]:
    """Do without the first parked fact (`id_` says which one was looked at), then go on with the rest.

    When the first is a *gap*, it is its missing forerunners that are done without, and it is applied itself.
    """
    rows = await _locked(taking, tx, subject)
    first = rows[0]
    if first.id != id_:
        raise Conflict("parked.another_first", first=str(first.id))
    pair = (first.sender, first.subject)
    if first.reason == "gap" and first.sequence:
        last = await heads.hold(tx, taking.consumer, [pair])
        return await _go_on(taking, tx, subject, rows, missing=first.sequence - 1 - last[pair])
    await parking.skip(tx, first, by=by, reason=reason)
    if first.sequence:
        await heads.advance(tx, taking.consumer, {pair: first.sequence})
        return await _go_on(taking, tx, subject, rows[1:], missing=0)
    # an unreadable fact had a sequence that nobody knows: the next may be one further on
    return await _go_on(taking, tx, subject, rows[1:], missing=1)


async def _locked(taking: Taking, tx: Tx, subject: str) -> list[Parked]:
    """The parked rows under their locks, taken in the order the consumer takes them."""
    await parking.lock(tx, taking.consumer, [subject])
    if taking.reactions.records_facts:
        await hold_with(tx, [subject], taking.reactions.bound)
    rows = await parking.rows_of(tx, taking.consumer, subject)
    if not rows:
        raise NotFound("parked.unknown", consumer=taking.consumer, subject=subject)
    return rows


async def _go_on(taking: Taking, tx: Tx, subject: str, rows: list[Parked], *, missing: int) -> list[Parked]:
    pairs = sorted({(row.sender, subject) for row in rows if row.sequence})
    last = await heads.hold(tx, taking.consumer, pairs) if pairs else {}
    left = await taking.drain(tx, subject, last, missing=missing)
    moved = {pair: sequence for pair, sequence in last.items() if sequence}
    if moved:
        await heads.advance(tx, taking.consumer, moved)
    return left


async def paused(tx: Tx, consumer: str) -> str | None:
    """Why the consumer waits for a person, if it does."""
    reason: str | None = await tx.driver.fetchval(PAUSED, consumer)
    return reason


async def pause(tx: Tx, consumer: str, reason: str) -> None:
    """Stop the consumer, all its members, until somebody resumes it."""
    await tx.driver.execute(PAUSE, consumer, reason)


async def resume(tx: Tx, consumer: str) -> None:
    """Let the consumer work again."""
    await tx.driver.execute(RESUME, consumer)


def taking_of(all_: dict[str, Taking], consumer: str) -> Taking:
    """The consumer of this name; `parked.no_consumer` when it is not this service's."""
    found = all_.get(consumer)
    if found is None:
        raise NotFound("parked.no_consumer", consumer=consumer)
    return found
