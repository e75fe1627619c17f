"""Answers to an open call: held for a short window, then decided by fairness; at once when nobody else may answer."""

from uuid import UUID

from contracts.instructor_dispatch import AssignmentAccepted, AssignmentAgreed, AssignmentVolunteered
from contracts.values import Reason
from instructor_dispatch.colleges import commands as colleges
from instructor_dispatch.colleges.rules import Agreement, week_of
from instructor_dispatch.instructors import commands as instructors
from instructor_dispatch.offers import burdens, counts, rules, store, tiebreak
from instructor_dispatch.offers.commands import calls, staffed
from instructor_dispatch.offers.commands.saying import Why, decide_then, say
from instructor_dispatch.offers.commands.taking import duty_of, take
from instructor_dispatch.offers.commands.terms import term
from instructor_dispatch.offers.rules import Offer, OfferState
from instructor_dispatch.offers.shares import Burden
from instructor_dispatch.offers.tiebreak import Volunteer, share
from instructor_dispatch.reservations import commands as reservations
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.identity import Actor
from staffing.moments import season_of


async def answer(tx: Tx, offer: Offer, told: AssignmentAccepted | AssignmentAgreed, *, by: Actor) -> None:
    """The college names somebody, who is held: firm at once, unless others may still answer within the window.

    The choosing is held.
    """
    await take(tx, offer, told.person_id)
    rivals = [
        each
        for each in await store.offers_of_duty(tx, offer.duty_id)
        if each.undecided and each.assignment_id != offer.assignment_id
    ]
    minutes = await term(tx, offer.order_id, lambda programme: programme.call_window_minutes)
    if not rivals or not minutes:
        _, position = await say(tx, offer, told, by=by)
        await calls.answered(tx, offer, position)
        await staffed.look(tx, offer.order_id, because=position)
        return
    moment = await now(tx)
    first = min((each.answered_at for each in rivals if each.answered_at is not None), default=moment)
    due = rules.decides_at(minutes, first=first, starts_at=offer.slot.starts_at)
    fact = AssignmentVolunteered(
        **offer.about(),
        college_id=offer.college_id,
        person_id=told.person_id,
        answered_at=moment,
        decides_at=due,
    )
    held, position = await say(tx, offer, fact, by=by)
    await decide_then(tx, held, due, because=position)
    await decide_if_all_answered(tx, offer.duty_id, because=position)


async def decide_if_all_answered(tx: Tx, duty_id: UUID, *, because: Why = None) -> None:
    """Nobody is left who might still answer: there is nothing to wait for. The choosing is held."""
    if not any(each.calls for each in await store.offers_of_duty(tx, duty_id)):
        await _decide(tx, duty_id, because)


async def decide(tx: Tx, duty_id: UUID, *, because: Why = None) -> None:
    """The window is over: of those who answered, the least loaded come. Its order is held by whoever calls."""
    await reservations.hold_choosing(tx)
    await _decide(tx, duty_id, because)


async def _decide(tx: Tx, duty_id: UUID, because: Why) -> None:
    offers = await store.offers_of_duty(tx, duty_id)
    answered = {each.assignment_id: each for each in offers if each.state is OfferState.VOLUNTEERED}
    if not answered:
        return
    first = next(iter(answered.values()))
    places = rules.missing(await duty_of(tx, first), offers)
    volunteers = [await _weigh(tx, each) for each in answered.values()]
    decision = tiebreak.decide(volunteers, places)
    last = because
    for assignment_id, why in decision.others:  # freed first: a quota that is full by them is not in the way
        _, last = await say(
            tx, answered[assignment_id], rules.release(answered[assignment_id], why), because=because
        )
    for assignment_id, why in decision.chosen:
        _, last = await say(
            tx, answered[assignment_id], _comes(answered[assignment_id], why), because=because
        )
    await calls.answered(tx, first, last)
    await staffed.look(tx, first.order_id, because=last)


def _comes(offer: Offer, why: Reason) -> AssignmentAccepted:
    if offer.person_id is None:
        raise LookupError(f"{offer.assignment_id} was answered and names nobody")
    return AssignmentAccepted(
        **offer.about(), college_id=offer.college_id, person_id=offer.person_id, reasons=(why,)
    )


async def _weigh(tx: Tx, offer: Offer) -> Volunteer:
    """The load of who answered: what they hold already, this one counted."""
    if offer.person_id is None or offer.answered_at is None:
        raise LookupError(f"{offer.assignment_id} is no answer")
    day = offer.slot.day
    (college,) = await colleges.colleges(tx, [offer.college_id])
    agreed = college.agreement_on(day)
    (person,) = await instructors.people(tx, [offer.person_id])
    held = await burdens.of_people(tx, [offer.person_id], season_of(day))
    return Volunteer(
        assignment_id=offer.assignment_id,
        college=share(await _held(tx, offer, agreed), agreed.target) if agreed else None,
        person=share(held.get(offer.person_id, Burden()).sessions, person.fair_load),
        answered_at=offer.answered_at,
    )


async def _held(tx: Tx, offer: Offer, agreed: Agreement) -> int:
    terms = {offer.college_id: (agreed.valid_from, agreed.valid_until)}
    return (await counts.of_colleges(tx, terms, week_of(offer.slot.day)))[offer.college_id][0]
