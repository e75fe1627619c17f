"""Acts of a phone: a worker signs in, or leaves before the end; each counts once, or is refused with its rule. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from contracts.programme_delivery import DeliveryRules
from contracts.values import ActId, Way, WorkerId
from evaluation.delivery.session import AHEAD, Session, SignIn, SignOut, State


class Taken(StrEnum):
    """What became of an act."""

    TAKEN = "taken"
    ALREADY = "already"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """To one act; `reason` is the rule that refused it, with its figures."""

    act_id: ActId
    outcome: Taken
    reason: str | None = None
    figures: Mapping[str, int | str] = field(default_factory=dict)


def sign_in(
    session: Session,
    cohort: Collection[WorkerId],
    signed: Mapping[WorkerId, SignIn],
    act: SignIn,
    *,
    at: datetime,
    limits: DeliveryRules,
    others: Collection[WorkerId] = (),
) -> Answer:
    """Whether an act counts. The same act again, or a second of the same worker, counts nothing more.

    `others` learn the same in another cohort of the order: whoever leads may call one of them in. When it is sent does
    not matter while the session is open: it may have been made without a network.
    """
    refused = not_here(session, cohort, act, others)
    figures: dict[str, int | str] = {}
    if refused is None:
        refused, figures = _not_then(session, act, at=at, limits=limits)
    earlier = signed.get(act.worker_id)
    if earlier is not None and (earlier.act_id == act.act_id or refused is None):
        return Answer(act.act_id, Taken.ALREADY)
    if refused is None and any(other.act_id == act.act_id for other in signed.values()):
        refused = "sign_in.act_of_another"
    return Answer(act.act_id, Taken.REFUSED if refused else Taken.TAKEN, refused, figures)


def sign_out(
    session: Session,
    signed: Mapping[WorkerId, SignIn],
    left: Mapping[WorkerId, SignOut],
    act: SignOut,
    *,
    at: datetime,
    limits: DeliveryRules,
) -> Answer:
    """Whether a worker's leaving counts: who is signed in leaves once, and not before they came."""
    earlier = left.get(act.worker_id)
    if earlier is not None and earlier.act_id == act.act_id:
        return Answer(act.act_id, Taken.ALREADY)
    came = signed.get(act.worker_id)
    refused, figures = _clock_wrong(act, at=at, limits=limits)
    if session.state is not State.OPEN:
        refused, figures = "sign_in.not_open" if session.state in AHEAD else "sign_in.closed", {}
    elif came is None:
        refused, figures = "sign_out.not_signed_in", {}
    elif refused is None and act.at < came.at:
        refused = "sign_out.before_sign_in"
    elif any(other.act_id == act.act_id for other in left.values()):
        refused, figures = "sign_in.act_of_another", {}
    if refused is None and earlier is not None:
        return Answer(act.act_id, Taken.ALREADY)
    return Answer(act.act_id, Taken.REFUSED if refused else Taken.TAKEN, refused, figures)


def _clock_wrong(
    act: SignIn | SignOut, *, at: datetime, limits: DeliveryRules
) -> tuple[str | None, dict[str, int | str]]:
    allowed = timedelta(minutes=limits.phone_ahead_minutes.value)
    if abs(act.clock_offset) > allowed.total_seconds():
        return "sign_in.clock_off", {"minutes": abs(act.clock_offset) // 60}
    if act.at - at > allowed:
        return "sign_in.clock_ahead", {"minutes": int((act.at - at).total_seconds()) // 60}
    return None, {}


def not_here(
    session: Session, cohort: Collection[WorkerId], act: SignIn, others: Collection[WorkerId] = ()
) -> str | None:
    """Why nobody signs in to the session, or not this worker."""
    if session.state in AHEAD:
        return "sign_in.not_open"
    if session.state is not State.OPEN:
        return "sign_in.closed"
    if act.worker_id in cohort:
        return None
    called = act.walk_in and act.way is Way.ROLL_CALL
    return None if called and act.worker_id in others else "sign_in.another_cohort"


def _not_then(
    session: Session, act: SignIn, *, at: datetime, limits: DeliveryRules
) -> tuple[str | None, dict[str, int | str]]:
    """The phone's clock against the session's time, and against now: phones are wrong by minutes, not by more."""
    wrong, figures = _clock_wrong(act, at=at, limits=limits)
    opens_at = session.slot.starts_at - timedelta(minutes=limits.sign_in_early_minutes.value)
    if wrong == "sign_in.clock_off":
        return wrong, figures
    if act.at < opens_at:
        return "sign_in.too_early", {"opens_at": session.local(opens_at)}
    if act.at >= session.slot.ends_at:
        return "sign_in.after_end", {}
    return wrong, figures
