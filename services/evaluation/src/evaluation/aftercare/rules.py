"""Who answers what, until when: how a session was, and how people fare later. Pure; local days.

No notice tells how often people are asked: questions, months and days are the programme's (`satisfaction`,
`followup`), each with its source.
"""

from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from contracts.aftercare import (
    Answered,
    AskedLater,
    FollowupAnswered,
    FollowupDue,
    FollowupReminded,
    SatisfactionGiven,
    Scored,
)
from contracts.programme_aftercare import FollowupRules, SatisfactionRules
from contracts.refusals import Invalid, Refused
from contracts.values import EnterpriseId, OrderId, WorkerId
from evaluation.delivery.session import HELD, Session

By = Literal["enterprise", "worker"]
SCORES = tuple(str(score) for score in range(1, 6))


@dataclass(frozen=True)
class Followup:
    """What is asked of one worker, and what was answered."""

    order_id: OrderId
    months: int
    worker_id: WorkerId
    enterprise_id: EnterpriseId
    due_on: date
    answers_by: date
    answers: Mapping[str, str] | None = None
    answered_by: str | None = None
    answered_on: date | None = None
    reminded_on: date | None = None

    def overdue(self, today: date) -> bool:
        """Not answered, and its last day is over."""
        return self.answers is None and today > self.answers_by


def answered_until(session: Session, rules: SatisfactionRules) -> datetime:
    """Until this moment somebody who was there may answer; a session that was told without its end by its plan."""
    return (session.closed_at or session.slot.ends_at) + timedelta(days=rules.days.value)


def may_give(
    session: Session,
    worker_id: WorkerId,
    rules: SatisfactionRules | None,
    *,
    given: bool,
    at: datetime,
) -> SatisfactionRules:
    """Only who was there answers, once the session was closed, once, in time. A second answer is refused."""
    if rules is None:
        raise Refused("satisfaction.not_asked")
    if session.state not in HELD:
        raise Refused("satisfaction.not_yet", ends=session.local(session.slot.ends_at))
    if worker_id not in session.workers:
        raise Refused("satisfaction.not_present")
    if given:
        raise Refused("satisfaction.given_already")
    until = answered_until(session, rules)
    if at >= until:
        raise Refused("satisfaction.too_late", until=session.local(until))
    return rules


def give(
    session: Session, answer_id: UUID, answers: Mapping[str, str], rules: SatisfactionRules, today: date
) -> SatisfactionGiven:
    """Every question from 1 to 5."""
    _check_answers(answers, dict.fromkeys(rules.questions, SCORES))
    return SatisfactionGiven(
        order_id=session.order_id,
        session_id=session.session_id,
        answer_id=answer_id,
        scores=tuple(Scored(question=each, score=int(answers[each])) for each in rules.questions),
        given_on=today,
    )


def ended(due_on: date, months: int) -> date:
    """When about the order had ended that is asked about on this day: never later than it had."""
    return months_after(due_on, -months) - timedelta(days=3)


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def due(
    order_id: OrderId,
    months: int,
    people: Sequence[tuple[WorkerId, EnterpriseId]],
    rules: FollowupRules,
    due_on: date,
) -> FollowupDue | None:
    """Everybody who was taught or certified is asked; nothing where that is nobody."""
    if not people:
        return None
    return FollowupDue(
        order_id=order_id,
        months=months,
        people=tuple(AskedLater(worker_id=each, enterprise_id=of) for each, of in people),
        due_on=due_on,
        answers_by=due_on + timedelta(days=rules.answer_days.value),
    )


def answer(
    row: Followup, answers: Mapping[str, str], rules: FollowupRules, *, by: By, today: date
) -> FollowupAnswered | None:
    """What is not answered can be at any time; what is may be set right until its last day. Nothing if it is so."""
    _check_answers(answers, {question: tuple(one.answers) for question, one in rules.questions.items()})
    if row.answers is not None and dict(row.answers) == dict(answers):
        return None
    if by == "enterprise" and row.answered_by == "worker":
        raise Refused("followup.answered_by_worker")
    if row.answers is not None and today > row.answers_by:
        raise Refused("followup.answered_already", until=row.answers_by)
    return FollowupAnswered(
        order_id=row.order_id,
        months=row.months,
        worker_id=row.worker_id,
        answers=tuple(Answered(question=each, answer=answers[each]) for each in rules.questions),
        by=by,
        answered_on=today,
    )


def remind(rows: Sequence[Followup], enterprise_id: EnterpriseId, today: date) -> FollowupReminded:
    """The union reminds once a day, while something is not answered."""
    waiting = [each for each in rows if each.enterprise_id == enterprise_id and each.answers is None]
    if not waiting:
        raise Refused("followup.nothing_waits")
    if any(each.reminded_on == today for each in waiting):
        raise Refused("followup.reminded_today")
    first = waiting[0]
    return FollowupReminded(
        order_id=first.order_id,
        months=first.months,
        enterprise_id=enterprise_id,
        waiting=len(waiting),
        reminded_on=today,
    )


def _check_answers(answers: Mapping[str, str], questions: Mapping[str, Collection[str]]) -> None:
    for question, choice in questions.items():
        if answers.get(question) not in choice:
            raise Invalid(
                "aftercare.answer_unknown", field=f"body.answers.{question}", question=question,
                answer=answers.get(question, ""), allowed=", ".join(choice),
            )  # fmt: skip
    if unknown := sorted(answers.keys() - questions.keys()):
        raise Invalid("aftercare.question_unknown", field="body.answers", question=unknown[0])
