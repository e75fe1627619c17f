"""Steps 0 to 2: the proposal, the next best, a swap. Only people change here; another time is scheduling's."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.instructor_dispatch import (
    AssignmentOffered,
    BatchUnstaffable,
    SessionUnassisted,
    SessionUnstaffable,
    StepTried,
)
from contracts.values import AssignmentId, Reason, Role
from contracts.values import because as reason
from instructor_dispatch.offers import ranking, rules, store, unlocks
from instructor_dispatch.offers.assisting import assistants_of
from instructor_dispatch.offers.commands import field as fields
from instructor_dispatch.offers.commands.saying import Why, offer_to
from instructor_dispatch.offers.commands.seeing import Seen
from instructor_dispatch.offers.ranking import Choice, Field, Opening, Ranking
from instructor_dispatch.offers.rules import Duty, DutyState, Offer, OfferState
from instructor_dispatch.reservations import commands as reservations
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.facts import record
from servicekit.ids import new_id
from staffing.diary import Fixed

SWAP = "dispatch.swap"
MOST_OPENINGS = 12
"""Openings that are looked at for a swap (count): the search stays within the request."""


@dataclass(frozen=True, slots=True)
class Search:
    """What was tried in vain, by step, and what would unlock it."""

    steps: tuple[tuple[int, tuple[Reason, ...]], ...]
    unlocks: tuple[Reason, ...] = ()

    def told(self) -> dict[str, Any]:
        """As the fact has it."""
        return {
            "tried": tuple(each for _, reasons in self.steps for each in reasons),
            "steps": tuple(StepTried(step=step, reasons=reasons) for step, reasons in self.steps),
            "unlocks": self.unlocks,
        }


async def staff(tx: Tx, duty: Duty, *, step: int, told: bool = False, because: Why = None) -> None:
    """Ask the best who can come, as many as are missing; if nobody can, a swap; else say what was tried.

    Nothing while an open call waits for answers: the coordinator has taken over. `told`: that nobody can come is
    known, and not said again while it is as it was.
    """
    await reservations.hold_choosing(tx)
    offers = await store.offers_of_duty(tx, duty.duty_id)
    missing = wanted = rules.missing(duty, offers)
    if duty.state is DutyState.OFF or missing <= 0 or any(each.undecided for each in offers):
        return
    if duty.begun(await now(tx)):
        await _unstaffable(tx, duty, missing, Search(((1, (reason("dispatch.begun"),)),)), because)
        return
    seen = Seen()
    field = await fields.load(tx, duty, seen=seen)
    ranked = ranking.rank(field)
    for choice in ranked.choices:
        if await _ask(tx, duty, choice, ranked, step=step, because=because):
            missing -= 1
        if missing == 0:
            await _open(tx, duty)
            return
    tried = [(1, ranked.tried())]
    if duty.role is Role.LEAD:
        # whoever could come and was taken meanwhile stands otherwise than we have seen
        no_swap = await _swap(tx, field, Seen() if ranked.choices else seen, because)
        if no_swap is None:
            await _open(tx, duty)
            return
        tried.append((2, (no_swap,)))
    if not told or missing < wanted:
        await _unstaffable(tx, duty, missing, Search(tuple(tried), unlocks.unlocks(field)), because)


async def _ask(tx: Tx, duty: Duty, choice: Choice, ranked: Ranking, *, step: int, because: Why) -> bool:
    """Whether the person was free and is held now."""
    first_choice = step == 1 or duty.proposed is None or choice.person_id == duty.proposed
    made = await offer_to(
        tx,
        duty,
        choice.college_id,
        choice.person_id,
        step=step if first_choice else max(step, 1),
        reasons=ranked.reasons_for(choice),
        because=because,
    )
    return made is not None


async def _open(tx: Tx, duty: Duty) -> None:
    if duty.state is not DutyState.OPEN:
        await store.set_duty_state(tx, duty.duty_id, DutyState.OPEN)


async def _unstaffable(tx: Tx, duty: Duty, missing: int, search: Search, because: Why) -> None:
    """Nobody can come as it stands: the turn of whoever planned it."""
    await store.set_duty_state(tx, duty.duty_id, DutyState.UNSTAFFABLE)
    if duty.role is Role.ASSISTANT:
        await record(
            tx,
            SessionUnassisted(
                order_id=duty.order_id,
                session_id=assistants_of(duty.duty_id),
                missing=missing,
                **search.told(),
            ),
            because=because,
        )
        return
    if duty.is_batch:
        await record(
            tx,
            BatchUnstaffable(order_id=duty.order_id, batch_id=duty.duty_id, missing=missing, **search.told()),
            because=because,
        )
        return
    declined = sorted((await store.pairs(tx, duty.duty_id)).declined)
    await record(
        tx,
        SessionUnstaffable(
            order_id=duty.order_id,
            session_id=duty.duty_id,
            declined=tuple(declined),
            **search.told(),
        ),
        because=because,
    )


async def _swap(tx: Tx, field: Field, seen: Seen, because: Why) -> Reason | None:
    """Somebody could come if one of his sessions went to somebody else: two linked offers, nothing released yet.

    Nothing when they are made; else why there is no swap, as far as was looked.
    """
    openings, movable, left = await _openings(tx, field)
    found = {thing: await _others_for(tx, duty, seen) for thing, (_, duty) in movable.items()}
    swap = ranking.best_swap(openings, lambda thing: found[thing])
    if swap is None:
        return reason("dispatch.swaps_left", left=left) if left else reason("dispatch.no_swap")
    gives, duty = movable[swap.gives_up]
    comes, instead = new_id(), new_id()
    why = reason(SWAP, gives_up=gives.duty_id, minutes=swap.comes.minutes + swap.instead.minutes)
    taken_over = await offer_to(
        tx,
        duty,
        swap.instead.college_id,
        swap.instead.person_id,
        step=2,
        reasons=(why,),
        linked=comes,
        assignment_id=instead,
        because=because,
    )
    if taken_over is None:
        return reason("dispatch.no_swap")
    await offer_to(
        tx,
        field.duty,
        swap.comes.college_id,
        swap.comes.person_id,
        step=2,
        reasons=(why,),
        linked=instead,
        assignment_id=comes,
        hold=False,
        because=because,
    )
    return None


def is_given_up(offered: AssignmentOffered) -> bool:
    """Whether this is the half of a swap whose person gives something up for it: he is not held yet."""
    swap = next((each for each in offered.reasons if each.code == SWAP), None)
    return swap is not None and swap.figures["gives_up"] != str(offered.session_id)


async def _openings(tx: Tx, field: Field) -> tuple[list[Opening], dict[Fixed, tuple[Offer, Duty]], int]:
    """The best openings, the sessions that are given up in them, and how many openings were not looked at: one
    too many, or somebody holds the order at this moment.
    """
    moment = await now(tx)
    openings: list[Opening] = []
    movable: dict[Fixed, tuple[Offer, Duty]] = {}
    left = 0
    for opening in ranking.could_come_without(field):
        thing = opening.gives_up
        if (
            len(openings) == MOST_OPENINGS
            or thing.id is None
            or not await store.try_hold_order_of(tx, thing.id)
        ):
            left += 1
        elif (given_up := await _movable(tx, thing.id, moment)) is not None:
            openings.append(opening)
            movable[thing] = given_up
    return openings, movable, left


async def _movable(tx: Tx, assignment_id: AssignmentId, moment: datetime) -> tuple[Offer, Duty] | None:
    """A firm lead of a session that has not begun and is in no other swap; its order is held."""
    offer = await store.read(tx, assignment_id)
    duty = await store.duty_of(tx, offer.duty_id)
    if offer.state is not OfferState.FIRM or duty is None or duty.role is not Role.LEAD or duty.begun(moment):
        return None
    if duty.state is not DutyState.OPEN or await store.in_a_swap(tx, duty.duty_id):
        return None
    return offer, duty


async def _others_for(tx: Tx, duty: Duty, seen: Seen) -> list[Choice]:
    """Who else could take a session over, best first, the planner's proposal put aside."""
    field = await fields.load(tx, replace(duty, proposed=None), seen=seen)
    return list(ranking.rank(field).choices)
