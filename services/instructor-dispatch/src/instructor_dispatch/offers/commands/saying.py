"""The smallest steps: make an offer, or say what became of one. Row, reservation, deadline and fact together."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from contracts.instructor_dispatch import AssignmentFact, AssignmentOffered
from contracts.values import AssignmentId, CollegeId, PersonId, Reason
from instructor_dispatch.offers import freeing, rules, store
from instructor_dispatch.offers.commands.driving import drive_of
from instructor_dispatch.offers.commands.gaps import look_again
from instructor_dispatch.offers.commands.terms import term
from instructor_dispatch.offers.nearness import near_at
from instructor_dispatch.offers.rules import UNSETTLED, WAITS, Duty, Offer, OfferState
from instructor_dispatch.reservations import commands as reservations
from instructor_dispatch.reservations.rules import Row
from servicekit.clock import now
from servicekit.db import Cause, Position, Tx
from servicekit.facts import record
from servicekit.identity import Actor
from servicekit.ids import new_id
from servicekit.timers import drop_deadline, set_deadline
from staffing.rulebook import Rulebook

LAPSES = "offer.lapses"
REMINDS = "offer.reminds"
NEARS = "offer.nears"
"""What is asked for begins soon, and it may not be certain yet who comes."""
DECIDES = "call.decides"
"""An open call has had its answers: by the session or batch that it is for."""
Why = Cause | Position | None
"""The fact because of which something is said; none = the one that this reaction was called for."""


async def offer_to(
    tx: Tx,
    duty: Duty,
    college_id: CollegeId,
    person_id: PersonId | None,
    *,
    step: int,
    reasons: Sequence[Reason] = (),
    linked: AssignmentId | None = None,
    assignment_id: AssignmentId | None = None,
    hold: bool = True,
    by: Actor | None = None,
    because: Why = None,
) -> Offer | None:
    """Ask a college for a person, who is held from here on; nothing when he is taken.

    An open call names nobody and holds nobody; of a swap, who gives something up is not held yet (`hold`).
    """
    made = assignment_id or new_id()
    if person_id is not None and hold and not await reservations.reserve(tx, row_of(duty, person_id, made)):
        return None
    fact = AssignmentOffered(
        order_id=duty.order_id,
        assignment_id=made,
        session_id=duty.session_id,
        batch_id=duty.duty_id if duty.is_batch else None,
        role=duty.role,
        college_id=college_id,
        person_id=person_id,
        slot=duty.slot,
        answer_by=rules.answer_by(
            await term(tx, duty.order_id, lambda programme: programme.offer_answer_hours),
            now=await now(tx),
            starts_at=duty.slot.starts_at,
        ),
        step=step,
        linked=linked,
        reasons=tuple(reasons),
    )
    offer, position = await say(tx, None, fact, by=by, because=because)
    await wait_for_answer(tx, offer, because=position)
    return offer


async def wait_for_answer(tx: Tx, offer: Offer, *, because: Position) -> None:
    """Until then; `because` is the offer itself, or that it was taken and somebody is to be named. Where the date
    comes near before, it is looked at then.
    """
    about: dict[str, Any] = {"key": offer.assignment_id, "subject": offer.order_id, "because": because}
    await set_deadline(tx, LAPSES, due=offer.until, **about)
    near = _near(tx, offer)
    if near is not None and offer.state is not OfferState.OFFERED:
        # what has come near for this very drive was said while it was offered
        near = _near(tx, offer, await drive_of(tx, offer))
        near = near if near is not None and near > await now(tx) else None
    if near is not None:
        await set_deadline(tx, NEARS, due=near, **about)


def _near(tx: Tx, offer: Offer, drive: int | None = None) -> datetime | None:
    """When it is near for a drive, none = for the longest; nothing where it will be answered or over by then."""
    book: Rulebook = tx.known
    return near_at(offer, book.programmes.rules.dispatch.days_before(offer.slot.day, drive))


async def remind_then(tx: Tx, taken: Offer, *, because: Position) -> None:
    """The college is reminded to name somebody."""
    hours = await term(tx, taken.order_id, lambda programme: programme.naming_reminder_hours)
    due = rules.remind_at(hours, now=await now(tx), name_by=taken.until)
    await set_deadline(tx, REMINDS, key=taken.assignment_id, subject=taken.order_id, due=due, because=because)


async def decide_then(tx: Tx, volunteered: Offer, due: datetime, *, because: Position) -> None:
    """The call is decided then: so many minutes after the first answer, whoever answers after it."""
    await set_deadline(
        tx, DECIDES, key=volunteered.duty_id, subject=volunteered.order_id, due=due, because=because
    )


async def say(
    tx: Tx, before: Offer | None, fact: AssignmentFact, *, by: Actor | None = None, because: Why = None
) -> tuple[Offer, Position]:
    """What became of an offer: its row, its reservation and its deadline follow. Who is free may close a gap.

    The choosing is held wherever somebody becomes free.
    """
    after = await keep(tx, before, fact)
    position = await record(tx, fact, by=by, because=because)
    if before is not None and freeing.frees(before, after):
        await look_again(tx, after.college_id, because=position)
    return after, position


async def keep(tx: Tx, before: Offer | None, fact: AssignmentFact) -> Offer:
    """The offer after the fact; whoever does not come by it any more is free."""
    after = rules.evolve(before, fact)
    await store.save(tx, after)
    if before is not None and not after.live and after.person_id is not None:
        await reservations.hold_colleges(
            tx, [after.college_id]
        )  # before the person: whoever asks next does so
        await reservations.free(tx, [after.assignment_id])
    if after.state is OfferState.FIRM:
        await reservations.make_firm(tx, after.assignment_id)
    if after.state not in WAITS:
        await drop_deadline(tx, LAPSES, after.assignment_id)
    if after.state not in UNSETTLED and _near(tx, after) is not None:
        await drop_deadline(tx, NEARS, after.assignment_id)
    if before is not None and before.state is OfferState.TAKEN and after.state is not OfferState.TAKEN:
        await drop_deadline(tx, REMINDS, after.assignment_id)
    if before is not None and before.state is OfferState.VOLUNTEERED:
        offers = await store.offers_of_duty(tx, after.duty_id)
        if not any(each.state is OfferState.VOLUNTEERED for each in offers):
            await drop_deadline(tx, DECIDES, after.duty_id)
    return after


def row_of(duty: Duty, person_id: PersonId, assignment_id: AssignmentId, state: str = "held") -> Row:
    """The reservation that an offer needs."""
    return Row(
        person_id=person_id,
        starts_at=duty.slot.starts_at,
        ends_at=duty.slot.ends_at,
        kind="batch" if duty.is_batch else "session",
        state=state,
        assignment_id=assignment_id,
        division=duty.division,
        site=duty.site,
    )
