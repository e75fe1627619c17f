"""The college answers: accepts, substitutes, declines, says nothing in time, or gives a promise back."""

from collections.abc import Sequence

from contracts.instructor_dispatch import AssignmentAgreed
from contracts.refusals import Refused
from contracts.values import AssignmentId, CollegeId, PersonId, Reason
from instructor_dispatch.offers import freeing, rules, store, words
from instructor_dispatch.offers.commands import deciding, staffed
from instructor_dispatch.offers.commands.endings import end_other_half, staff_again
from instructor_dispatch.offers.commands.saying import Why, say
from instructor_dispatch.offers.commands.swaps import complete
from instructor_dispatch.offers.commands.taking import take
from instructor_dispatch.offers.rules import Offer
from instructor_dispatch.reservations import commands as reservations
from servicekit.clock import now
from servicekit.db import Position, Tx
from servicekit.identity import Actor
from servicekit.timers import set_deadline


async def held_version(tx: Tx, assignment_id: AssignmentId, *, college_id: CollegeId) -> int:
    """The offer's version, its order held: nobody changes it before our change."""
    await store.lock(tx, assignment_id, college_id=college_id)
    return await store.version_of(tx, assignment_id)


async def accept(
    tx: Tx,
    assignment_id: AssignmentId,
    person_id: PersonId | None,
    *,
    college_id: CollegeId,
    by: Actor,
) -> None:
    """The college sends the person proposed; to an open call, one of its own."""
    offer = await store.lock(tx, assignment_id, college_id=college_id)
    fact = rules.accept(offer, person_id, now=await now(tx))
    if isinstance(fact, AssignmentAgreed):
        await reservations.hold_choosing(tx)
        agreed, position = await say(tx, offer, fact, by=by)
        await complete(tx, agreed, because=position)
        return
    if offer.calls:
        await reservations.hold_choosing(tx)  # somebody else may have to be asked after it
        await deciding.answer(tx, offer, fact, by=by)
        return
    _, position = await say(tx, offer, fact, by=by)
    await staffed.look(tx, offer.order_id, because=position)


async def accept_all(
    tx: Tx, assignments: Sequence[AssignmentId], *, college_id: CollegeId, by: Actor
) -> dict[AssignmentId, Refused | None]:
    """Accept several, each for itself: nothing or why not, per offer. Orders are held together first."""
    await store.hold_orders(tx, assignments)
    answers: dict[AssignmentId, Refused | None] = {}
    for each in dict.fromkeys(assignments):
        try:
            async with tx.savepoint():
                await accept(tx, each, None, college_id=college_id, by=by)
            answers[each] = None
        except Refused as refused:
            answers[each] = refused
    return answers


async def substitute(
    tx: Tx,
    assignment_id: AssignmentId,
    person_id: PersonId,
    *,
    college_id: CollegeId,
    by: Actor,
) -> None:
    """The college sends somebody else of its own; whoever was held or promised is free again."""
    offer = await store.lock(tx, assignment_id, college_id=college_id)
    fact = rules.substitute(offer, person_id, now=await now(tx))
    await reservations.hold_choosing(tx)  # whoever is free by it may be asked for something else
    if offer.calls:
        await deciding.answer(tx, offer, rules.accept(offer, person_id, now=await now(tx)), by=by)
        return
    await reservations.hold_colleges(tx, [college_id])
    await reservations.free(tx, [assignment_id])
    await take(tx, offer, person_id)
    _, position = await say(tx, offer, fact, by=by)
    await staffed.look(tx, offer.order_id, because=position)


async def decline(
    tx: Tx,
    assignment_id: AssignmentId,
    why: Reason,
    own_words: str = "",
    *,
    college_id: CollegeId,
    by: Actor,
) -> None:
    """The college says no; the next best is asked in the same moment. Its own words are kept beside the offer."""
    offer = await store.lock(tx, assignment_id, college_id=college_id)
    fact = rules.decline(offer, why, now=await now(tx))
    await reservations.hold_choosing(tx)
    ended, position = await say(tx, offer, fact, by=by)
    await _keep(tx, ended, own_words)
    await _ask_the_next(tx, ended, position, lapsed=False)


async def withdraw(
    tx: Tx,
    assignment_id: AssignmentId,
    why: Reason,
    own_words: str = "",
    *,
    college_id: CollegeId,
    by: Actor,
) -> None:
    """The college gives a firm promise back: a no like any other, and the next best is asked in the same moment."""
    offer = await store.lock(tx, assignment_id, college_id=college_id)
    fact = rules.withdraw(offer, why, now=await now(tx))
    await reservations.hold_choosing(tx)
    ended, position = await say(tx, offer, fact, by=by)
    await _keep(tx, ended, own_words)
    await staffed.look(tx, offer.order_id, because=position)
    await _ask_the_next(tx, ended, position, lapsed=False)


async def lapse(tx: Tx, assignment_id: AssignmentId, *, because: Why = None) -> None:
    """Nobody answered in time; the next best is asked. Nothing when it was answered. It is no no: at another
    time the same person may be asked again.

    Its order is held with those of the swaps that wait in it, by whoever calls. Nothing further is held: an
    answered half's other order would come in a second statement, and wait for somebody who waits for us.
    """
    due = await store.read(tx, assignment_id)
    other = None if due.linked is None else await store.read(tx, due.linked)
    offer = freeing.silent_half(due, other, now=await now(tx))
    fact = rules.lapse(offer, now=await now(tx))
    if fact is None:
        return
    await reservations.hold_choosing(tx)
    ended, position = await say(tx, offer, fact, because=because)
    await _ask_the_next(tx, ended, position, lapsed=True)


async def _keep(tx: Tx, ended: Offer, own_words: str) -> None:
    if not own_words.strip():
        return
    said = await now(tx)
    await words.keep(tx, ended.assignment_id, own_words.strip(), said)
    end = tx.known.programmes.rules.words.end(said, tx.zone)
    await set_deadline(tx, words.ENDS, key=ended.assignment_id, subject=ended.order_id, due=end)


async def _ask_the_next(tx: Tx, ended: Offer, position: Position, *, lapsed: bool) -> None:
    if ended.person_id is not None:
        await store.add_pair(tx, ended.duty_id, ended.person_id, lapsed=lapsed)
    await end_other_half(tx, ended, because=position)
    if ended.open_call:
        await deciding.decide_if_all_answered(tx, ended.duty_id, because=position)
    await staff_again(tx, ended.duty_id, because=position)
