"""One enterprise's part of a joint order: the same facts with its own people only. Pure."""

from collections.abc import Iterable, Sequence

from contracts.base import Fact
from contracts.evaluation import (
    AttendanceCorrected,
    CandidateFact,
    CertificateIssued,
    CertificateRevoked,
    DeliveryCompleted,
    SessionClosed,
)
from contracts.order_intake import OrderAccepted, OrderAmended, OrderPoolProposed
from contracts.scheduling import SchemeConfirmed
from contracts.values import EnterpriseId, OrderLine, WorkerId
from servicekit.db import Cause

Known = Sequence[tuple[Fact, Cause]]


def enterprises_of(known: Known) -> tuple[EnterpriseId, ...]:
    """Whose people stand on the lines of an accepted joint order; nobody's of any other order.

    Who leaves does so before teaching begins: of theirs nothing is to be proven.
    """
    found: dict[EnterpriseId, None] = {}
    for fact, _ in known:
        if isinstance(fact, OrderAccepted | OrderAmended):
            people = (t.enterprise_id for line in fact.lines for t in line.trainees)
            found = {each: None for each in people if each}
    return tuple(found)


def part_of(known: Known, enterprise: EnterpriseId) -> list[tuple[Fact, Cause]]:
    """The story as far as it is about this enterprise's people. What was counted over all of them is left out."""
    own = frozenset(_own_people(known, enterprise))
    return [(part, cause) for fact, cause in known if (part := _part(fact, enterprise, own)) is not None]


def _own_people(known: Known, enterprise: EnterpriseId) -> Iterable[WorkerId]:
    for fact, _ in known:
        if isinstance(fact, OrderPoolProposed | OrderAccepted | OrderAmended):
            for line in fact.lines:
                yield from (t.worker_id for t in line.trainees if t.enterprise_id == enterprise)


def _part(fact: Fact, enterprise: EnterpriseId, own: frozenset[WorkerId]) -> Fact | None:  # noqa: PLR0911  one line per fact
    match fact:
        case OrderPoolProposed() | OrderAccepted() | OrderAmended():
            return fact.model_copy(update={"lines": tuple(_line(line, enterprise) for line in fact.lines)})
        case SchemeConfirmed():
            cohorts = tuple(
                cohort.model_copy(update={"workers": tuple(w for w in cohort.workers if w in own)})
                for cohort in fact.cohorts
            )
            return fact.model_copy(update={"cohorts": cohorts})
        case SessionClosed():
            return fact.model_copy(
                update={"attended": tuple(each for each in fact.attended if each.worker_id in own)}
            )
        case DeliveryCompleted():
            return None
        case AttendanceCorrected() | CandidateFact() | CertificateIssued():
            return fact if fact.worker_id in own else None
        case CertificateRevoked():
            return fact  # one of somebody else's is not known in this part
    return fact


def _line(line: OrderLine, enterprise: EnterpriseId) -> OrderLine:
    return line.model_copy(
        update={"trainees": tuple(t for t in line.trainees if t.enterprise_id == enterprise)}
    )
