"""What is missing until an order's subsidy can be claimed, and whose turn it is; from the first day on. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from contracts.values import Code
from evaluation.delivery.session import Delivery, Session, State
from evaluation.examinations.batch import Batch, BatchState, CandidateState

Who = Literal["enterprise", "union", "signers", "instructor", "assessor"]
"""`signers` = union and enterprise: whose signature a scheme waits for is scheduling's to say."""


@dataclass(frozen=True)
class Missing:
    """So many of something, and who brings it; `by` = the day that is known for it."""

    what: Code
    count: int
    who: Who
    by: date | None = None


def missing(
    sessions: Sequence[Session],
    batches: Sequence[Batch],
    *,
    delivery: Delivery,
    trains: bool,
    candidates_unplanned: int,
    today: date,
) -> list[Missing]:
    """In the order in which it has to come. `trains` = the order has training, for which a scheme is agreed first."""
    standing = [each for each in sessions if each.state is not State.CANCELLED]
    ahead = [each for each in standing if each.state is State.PLANNED]
    found = [
        Missing("scheme", int(trains and delivery.promised == 0), "signers"),
        Missing("sessions_unplanned", max(0, delivery.promised - delivery.arrived), "union"),
        Missing(
            "sessions_ahead", len(ahead), "instructor", max((each.slot.day for each in ahead), default=None)
        ),
        Missing("sessions_missed", _in(standing, State.MISSED), "union"),
        Missing("sessions_open", _in(standing, State.OPEN), "instructor"),
        Missing("sessions_unconfirmed", _in(standing, State.CLOSED), "enterprise"),
        Missing("sessions_disputed", _in(standing, State.DISPUTED), "union"),
        Missing("candidates_unplanned", candidates_unplanned, "union"),
        *_of_batches([each for each in batches if each.state is not BatchState.CANCELLED], today),
    ]
    return [each for each in found if each.count]


def _in(sessions: Sequence[Session], state: State) -> int:
    return sum(each.state is state for each in sessions)


def _of_batches(batches: Sequence[Batch], today: date) -> list[Missing]:
    marking = [each for each in batches if each.state is BatchState.MARKING]
    unmarked = [sum(one.state is not CandidateState.ASSESSED for one in each.admitted) for each in marking]
    days = [each.slot.day for each, left in zip(marking, unmarked, strict=True) if left]
    posted = [each for each in batches if each.state is BatchState.POSTED and each.objections_until]
    last = max((each.objections_until for each in posted if each.objections_until), default=None)
    over = [each for each in posted if each.objections_until and each.objections_until < today]
    return [
        Missing("marks", sum(unmarked), "assessor", max(days, default=None)),
        Missing("results_unposted", sum(not left for left in unmarked), "union"),
        Missing("objections", sum(one.objection for each in posted for one in each.candidates), "union"),
        Missing("posting_days", len(posted) - len(over), "union", last),
        Missing("certificates_unissued", sum(len(each.passed) for each in over), "union"),
    ]
