"""When a line of a signed sheet counts. House rules (`delivery.paper` in `rules/rules.yaml`). Pure."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from contracts.programme_delivery import DeliveryRules
from contracts.refusals import Refused
from contracts.values import WorkerId
from evaluation.delivery import acts
from evaluation.delivery.acts import Answer, Taken
from evaluation.delivery.session import AHEAD, Session, SignIn, State


def check_can_be_entered(session: Session, *, at: datetime, limits: DeliveryRules) -> None:
    """A sheet is entered while its session is open, and no later after its end than the rule of its day says."""
    paper = limits.on_paper(session.slot.day)
    if paper is None:
        raise Refused("paper.not_allowed")
    if session.state in AHEAD:
        raise Refused("sign_in.not_open")
    if session.state is not State.OPEN:
        raise Refused("sign_in.closed")
    until = session.slot.ends_at + timedelta(hours=paper.hours)
    if at >= until:
        raise Refused("paper.too_late", until=session.local(until))


def sign_in(
    session: Session,
    cohort: Collection[WorkerId],
    signed: Mapping[WorkerId, SignIn],
    act: SignIn,
    *,
    at: datetime,
    limits: DeliveryRules,
) -> Answer:
    """Whether a line counts. Paper has no clock: only what stands on it is looked at."""
    refused = acts.not_here(session, cohort, act)
    figures: dict[str, int | str] = {}
    if refused is None:
        refused, figures = _wrong_time(session, act, at=at, limits=limits)
    if refused is not None:
        return Answer(act.act_id, Taken.REFUSED, refused, figures)
    return Answer(act.act_id, Taken.ALREADY if act.worker_id in signed else Taken.TAKEN)


def _wrong_time(
    session: Session, act: SignIn, *, at: datetime, limits: DeliveryRules
) -> tuple[str | None, dict[str, int | str]]:
    opens_at = session.slot.starts_at - timedelta(minutes=limits.sign_in_early_minutes.value)
    if act.at < opens_at:
        return "sign_in.too_early", {"opens_at": session.local(opens_at)}
    if act.at >= session.slot.ends_at:
        return "sign_in.after_end", {}
    if act.at > at:
        return "paper.not_yet", {}
    if act.left_at is not None and act.left_at <= act.at:
        return "paper.left_before", {}
    return None, {}
