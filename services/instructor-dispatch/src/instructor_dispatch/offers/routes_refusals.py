"""How colleges answer, and how much they may still send. A college sees itself."""

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from contracts.refusals import Invalid
from contracts.values import CollegeId
from instructor_dispatch.colleges.rules import week_of
from instructor_dispatch.instructors.routes import Office, own
from instructor_dispatch.offers import answered, words
from instructor_dispatch.offers.commands.reasons import in_own_words, reasons_known
from instructor_dispatch.offers.rules import DECLINE
from servicekit.clock import now
from servicekit.http import Request, Router, Transaction, refusals
from staffing.moments import day_of
from staffing.rulebook import Rulebook

router = Router(tags=["refusals"])


class Between(Request):
    """Of sessions and batches from one day to another, both included."""

    since: Annotated[date, Field(alias="from")]
    until: Annotated[date, Field(alias="to")]


class Given(BaseModel):
    """A reason, how often it was given, and what people read."""

    reason: str
    times: int
    zh: str
    en: str


class CollegeAnswers(BaseModel):
    """How a college answered."""

    college_id: CollegeId
    asked: int
    """Offers and calls."""
    declined: int
    given_back: int
    """Firm promises that were withdrawn."""
    late: int
    """Time over: nothing answered, or nobody named for a place that was taken."""
    unanswered: int
    unnamed: int
    percent_refused: int | None
    """Declined, given back or late, of what was asked; none = nothing was asked."""
    reasons: list[Given]


class ReasonSeen(BaseModel):
    """What may be said."""

    reason: str
    zh: str
    en: str
    words: bool
    """Whether it says nothing alone: the college writes why, too."""


class WordsSeen(words.Said):
    """What a college wrote when it said no to an offer, or gave a promise back."""


class QuotaSeen(BaseModel):
    """How much of its agreement a college is held to."""

    college_id: CollegeId
    valid_from: date
    valid_until: date
    agreed: int
    """Sessions in the agreement's whole time."""
    used: int
    left: int
    week: date
    """Monday of the week."""
    agreed_week: int
    used_week: int
    left_week: int
    """No more than is left in all."""


@router.get("/refusals", responses=refusals("load.ends_before_it_begins"))
async def refused(tx: Transaction, by: Office, asked: Annotated[Between, Query()]) -> list[CollegeAnswers]:
    """How often each college said no, why, and how often it was late."""
    if not asked.since <= asked.until:
        raise Invalid("load.ends_before_it_begins", field="to")
    words = reasons_known(tx.known)
    given: dict[CollegeId, list[Given]] = {}
    for each in await answered.refusals(tx, asked.since, asked.until, own(by)):
        code = each.reason.removeprefix(DECLINE)
        zh, en = words.get(code, (code, code))
        given.setdefault(each.college_id, []).append(Given(reason=code, times=each.times, zh=zh, en=en))
    return [
        _answers(each, given.get(each.college_id, []))
        for each in await answered.answers(tx, asked.since, asked.until, own(by))
    ]


@router.get("/refusals/reasons")
async def reasons(tx: Transaction, _: Office) -> list[ReasonSeen]:
    """What a college may say when it does not come: data of the programmes."""
    wanted = in_own_words(tx.known)
    return [
        ReasonSeen(reason=code, zh=zh, en=en, words=code in wanted)
        for code, (zh, en) in reasons_known(tx.known).items()
    ]


@router.get("/refusals/words")
async def own_words(tx: Transaction, by: Office) -> list[WordsSeen]:
    """What colleges wrote beside a reason, newest first, at most fifty: the union everybody's, a college its own."""
    return [
        WordsSeen(**each.model_dump() | {"reason": each.reason.removeprefix(DECLINE)})
        for each in await words.newest(tx, own(by))
    ]


@router.get("/quota")
async def quota(tx: Transaction, by: Office, day: Annotated[date | None, Query()] = None) -> list[QuotaSeen]:
    """Of the agreements that hold on the day (today): what is used and left, in its week and in all."""
    book: Rulebook = tx.known
    wanted = day or day_of(book.clock.minute(await now(tx)))
    week = week_of(wanted)
    return [_quota(each, week[0]) for each in await answered.quotas(tx, wanted, week, own(by))]


def _answers(found: answered.Answers, given: list[Given]) -> CollegeAnswers:
    late = found.unanswered + found.unnamed
    refused = found.declined + found.given_back + late
    return CollegeAnswers(
        **found._asdict(),
        late=late,
        percent_refused=round(100 * refused / found.asked) if found.asked else None,
        reasons=given,
    )


def _quota(found: answered.Quota, monday: date) -> QuotaSeen:
    left = max(found.sessions_total - found.held_total, 0)
    return QuotaSeen(
        college_id=found.college_id,
        valid_from=found.valid_from,
        valid_until=found.valid_until,
        agreed=found.sessions_total,
        used=found.held_total,
        left=left,
        week=monday,
        agreed_week=found.sessions_week,
        used_week=found.held_week,
        left_week=min(max(found.sessions_week - found.held_week, 0), left),
    )
