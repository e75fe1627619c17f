"""The cohorts of an order: the classes that its lines are cut into, with their names."""

from collections.abc import Mapping
from uuid import uuid5

from contracts.programme import Programme
from contracts.refusals import Invalid
from contracts.values import CrewCode, OrderLine, Stage, WorkerId
from scheduling.planner.world import CohortName, CohortPlan, OrderToPlan
from staffing.classes import CutName, cut_line

_NAMES = tuple(
    f"{letter}{series}" for series in ("", *range(2, 10)) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)


def cut(order: OrderToPlan, programme: Programme, how: CutName = CutName.BY_CREW) -> tuple[CohortPlan, ...]:
    """The cohorts of all lines that are taught, in letters A, B, C… by line, after Z A2, B2, C2…

    `Invalid` when an order needs more cohorts than there are names.
    """
    taught = [line for line in order.lines if programme.services.get(line.service) is Stage.DELIVERY]
    cuts = [
        (line, crews)
        for line in sorted(taught, key=lambda x: x.line)
        for crews in cut_line(line, programme.class_size_max.value, how)
    ]
    if len(cuts) > len(_NAMES):
        raise Invalid("order.too_many_cohorts", cohorts=len(cuts), most=len(_NAMES))
    return tuple(
        _cohort(order, line, letter, crews, how) for letter, (line, crews) in zip(_NAMES, cuts, strict=False)
    )


def _cohort(
    order: OrderToPlan,
    line: OrderLine,
    letter: CohortName,
    crews: Mapping[CrewCode, tuple[WorkerId, ...]],
    how: CutName,
) -> CohortPlan:
    other = "" if how is CutName.BY_CREW else f"{how}/"
    return CohortPlan(
        cohort_id=uuid5(order.order_id, f"{order.version}/{other}{line.line}/{letter}"),
        order_id=order.order_id,
        enterprise_id=order.enterprise.enterprise_id,
        line=line.line,
        letter=letter,
        crews={crew: len(people) for crew, people in sorted(crews.items())},
        workers=frozenset(w for people in crews.values() for w in people),
        earliest=line.earliest,
        latest=line.latest,
        release_cap=line.release_cap_minutes,
        bands=line.bands,
    )
