"""What a batch needs and what is there: seats, invigilators, assessors, a panel, minutes; and who may not invigilate.

Figures are dated data (`evaluation.batch` in the rules); who may invigilate is the programme's. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from contracts.examined import BatchArranged
from contracts.programme_evaluation import BatchFigures
from contracts.programme_rules import InvigilatorRules
from contracts.refusals import Invalid, NotAllowed, Refused
from contracts.values import ExamRoom, Invigilator, Part, PersonId, Reason, because
from evaluation.examinations.batch import Batch, BatchState
from evaluation.examinations.marking import Panel


class What(StrEnum):
    """What is counted."""

    SEATS = "seats"
    INVIGILATORS = "invigilators"
    ASSESSORS = "assessors"
    REVIEW_PANEL = "review_panel"
    THEORY_MINUTES = "theory_minutes"
    REVIEW_MINUTES = "review_minutes"


@dataclass(frozen=True)
class Need:
    """So many are there, so many are wanted; of one room where it is told."""

    what: What
    there: int
    wanted: int
    room: int | None = None

    @property
    def met(self) -> bool:
        """Enough is there."""
        return self.there >= self.wanted


def needs(batch: Batch, panel: Panel, figures: BatchFigures) -> tuple[Need, ...]:
    """Everything by the figures of the batch's day: invigilators at least 1:15 and two a room, an odd panel."""
    return tuple(_needs(batch, panel, figures))


def _needs(batch: Batch, panel: Panel, figures: BatchFigures) -> Iterator[Need]:
    heads, firm = len(batch.admitted), len(panel.firm)
    if Part.THEORY in batch.parts:
        yield Need(What.SEATS, sum(room.seats for room in batch.rooms), heads)
        left = heads
        for room in batch.rooms:
            seated = min(left, room.seats)
            left -= seated
            wanted = max(figures.invigilators_a_room, -(-seated // figures.candidates_per_invigilator))
            there = sum(each.room == room.room for each in batch.invigilators)
            yield Need(What.INVIGILATORS, there, wanted if seated else 0, room.room)
    yield Need(What.ASSESSORS, _odd(firm), batch.assessors)
    minutes = int((batch.slot.ends_at - batch.slot.starts_at).total_seconds()) // 60
    if Part.THEORY in batch.parts:
        yield Need(What.THEORY_MINUTES, minutes, figures.theory_minutes)
    if Part.REVIEW in batch.parts:
        yield Need(What.REVIEW_PANEL, _odd(firm), figures.review_panel)
        yield Need(What.REVIEW_MINUTES, minutes - figures.theory_minutes, figures.review_minutes)


def _odd(people: int) -> int:
    """As many of them as can decide together."""
    return people if people % 2 else max(0, people - 1)


def arrange(
    batch: Batch,
    rooms: Sequence[ExamRoom],
    invigilators: Sequence[Invigilator],
    panel: Panel,
    rules: InvigilatorRules,
) -> BatchArranged:
    """Rooms, and who watches over them, in the place of what was arranged before."""
    if batch.state is not BatchState.MARKING:
        raise Refused("batch.not_open", state=batch.state)
    known = {room.room for room in rooms}
    people = [each.invigilator_id for each in invigilators]
    if len(set(people)) < len(people):
        raise Invalid("invigilator.twice", field="body.invigilators")
    for each in invigilators:
        if each.room not in known:
            raise Invalid("invigilator.no_such_room", field="body.invigilators", room=each.room)
    for reason in against(invigilators, panel, rules):
        raise NotAllowed(reason.code, field="body.invigilators", **reason.figures)
    return BatchArranged(
        order_id=batch.order_id, batch_id=batch.batch_id, rooms=tuple(rooms), invigilators=tuple(invigilators)
    )


def against(invigilators: Sequence[Invigilator], panel: Panel, rules: InvigilatorRules) -> tuple[Reason, ...]:
    """Why somebody may not invigilate; asked again whenever it is looked at, for assessors and lessons change."""
    return tuple(reason for each in invigilators if (reason := _against(each, panel, rules)) is not None)


def _against(each: Invigilator, panel: Panel, rules: InvigilatorRules) -> Reason | None:
    if not each.sent:
        return None if rules.of_the_enterprise else because("invigilator.same_enterprise")
    person: PersonId = each.invigilator_id
    if person in panel.taught and not rules.may_have_taught:
        return because("invigilator.taught_the_cohort", person=person)
    if person in panel.sent and not rules.may_assess:
        return because("invigilator.assesses", person=person)
    return None
