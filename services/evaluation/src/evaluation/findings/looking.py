"""The jobs that look: at a session that was closed or set right, and at a batch with results."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.programme_findings import FindingRules
from contracts.refusals import Invalid
from contracts.values import OrderId, SessionId, WorkerId
from evaluation.delivery import looked
from evaluation.delivery.looked import Beside
from evaluation.delivery.session import Session
from evaluation.examinations.commands import looked as batches
from evaluation.findings import commands
from evaluation.findings.checks import (
    Crews,
    Examined,
    Finding,
    Meeting,
    Sign,
    Ways,
    look_at_batch,
    look_at_session,
    room_for,
)
from evaluation.known import known
from evaluation.orders import commands as orders
from evaluation.orders.commands import Order
from servicekit.db import Tx
from servicekit.timers import Due, Job
from staffing.rulebook import Rulebook
from staffing.shifts import CrewCalendar


@dataclass(frozen=True)
class Around:
    """What the checks of a session need."""

    meeting: Meeting
    near: Sequence[Meeting]
    cohort: Sequence[Meeting]
    crews: Crews
    limits: FindingRules
    ways: Ways


class LookAtSession(Job[Around | None, list[Finding]]):
    """Is something about the session worth a second look? Asked when it is closed or set right."""

    async def read(self, tx: Tx, due: Due) -> Around | None:
        """The session and what was held around it; nothing when it was not held, or nobody knows its order."""
        found = await looked.beside(tx, UUID(due.key))
        order = await orders.find(tx, OrderId(due.subject))
        if found is None or order is None:
            return None
        programmes, book = known(tx).programmes, known(tx).book
        limits = programmes.rules.finding(found.session.slot.day)
        size = programmes.programmes[order.programme].class_size_max.value

        def meeting(each: Session) -> Meeting:
            return _meeting(each, found.devices, room_for(each.enterprise_id, size, limits))

        return Around(
            meeting=meeting(found.session),
            near=[meeting(each) for each in found.near],
            cohort=[meeting(each) for each in found.cohort],
            crews=_crews(order, found, book),
            limits=limits,
            ways=Ways.of(programmes),
        )

    def compute(self, given: Around | None) -> list[Finding]:
        """All checks."""
        if given is None:
            return []
        return look_at_session(
            given.meeting,
            near=given.near,
            cohort=given.cohort,
            crews=given.crews,
            limits=given.limits,
            ways=given.ways,
        )

    async def save(self, tx: Tx, due: Due, output: list[Finding]) -> None:
        """What nobody was told yet; which phone was whose is forgotten."""
        await commands.tell(tx, output, because=due.cause)
        await looked.done_with(tx, UUID(due.key))


class LookAtBatch(Job[tuple[Examined, list[Meeting]], list[Finding]]):
    """Has somebody who assesses a batch taught one of its candidates? Asked when results stand."""

    async def read(self, tx: Tx, due: Due) -> tuple[Examined, list[Meeting]]:
        """The batch, and all that its assessors have ever led."""
        batch, assessors = await batches.assessed(tx, UUID(due.key))
        candidates = frozenset(each.worker_id for each in batch.admitted)
        led = await looked.led_by(tx, sorted(assessors))
        examined = Examined(batch.batch_id, batch.order_id, candidates, assessors)
        return examined, [_meeting(each, {}, 0) for each in led]

    def compute(self, given: tuple[Examined, list[Meeting]]) -> list[Finding]:
        """The check of batches."""
        return look_at_batch(*given)

    async def save(self, tx: Tx, due: Due, output: list[Finding]) -> None:
        """What nobody was told yet."""
        await commands.tell(tx, output, because=due.cause)


def _meeting(session: Session, devices: Mapping[tuple[SessionId, WorkerId], str], most: int) -> Meeting:
    return Meeting(
        session_id=session.session_id,
        order_id=session.order_id,
        cohort_id=session.cohort_id,
        enterprise_id=session.enterprise_id,
        division=session.division,
        slot=session.slot,
        led_by=session.opened_by,
        signs=tuple(
            Sign(
                each.worker_id,
                each.minutes,
                each.way,
                None if each.on_paper else each.at,  # a sheet's times are nobody's clock
                devices.get((session.session_id, each.worker_id)),
            )
            for each in session.attended
        ),
        most=most,
        onsite=session.onsite,
    )


def _crews(order: Order, found: Beside, book: Rulebook) -> Crews:
    """Shifts of the order's own people, where pattern and crew are known; of others' people nothing is known."""
    if order.shift_pattern is None or found.crews is None:
        return Crews()
    of: dict[WorkerId, CrewCalendar] = {}
    for trainee in (each for line in order.lines for each in line.trainees):
        if trainee.enterprise_id in (None, order.enterprise_id):
            with contextlib.suppress(Invalid):  # a crew that the pattern does not have
                of[trainee.worker_id] = book.crew(order.shift_pattern, trainee.crew, order.shift_anchor)
    return Crews(found.crews, of)
