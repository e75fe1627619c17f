"""Facts become notices for the people whose turn it is. A consumer of its own that is never rebuilt: nobody is told
twice, whatever becomes of the boards. It keeps what it must know of orders and batches itself, so that no board has to
be as far as it is.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from contracts.aftercare import FollowupDue, FollowupReminded
from contracts.base import Envelope, Fact
from contracts.evaluation import (
    BatchCancelled,
    BatchMoved,
    BatchWithPlace,
    CandidateAssessed,
    CertificateIssued,
    CertificateRevoked,
    EvaluationCompleted,
    EvaluationPlanned,
    ResultsPosted,
    SessionClosed,
    SessionConfirmed,
    SessionDisputed,
)
from contracts.instructor_dispatch import (
    AssignmentAccepted,
    AssignmentAgreed,
    AssignmentDeclined,
    AssignmentLapsed,
    AssignmentOffered,
    AssignmentReleased,
    AssignmentReminded,
    AssignmentSubstituted,
    AssignmentTaken,
    AssignmentVolunteered,
)
from contracts.order_intake import (
    OrderAccepted,
    OrderPoolAsked,
    OrderPoolConsented,
    OrderPoolDeclined,
    OrderPooled,
    OrderPoolProposed,
    OrderRejected,
    OrderReturned,
    OrderSubmitted,
    OrderWithdrawn,
    SurveyAnswered,
    SurveyClosed,
    SurveyOpened,
    SurveyReminded,
)
from contracts.programme_notices import FIELDS, Notice, NoticeSets
from contracts.scheduling import (
    SchemeApproved,
    SchemeConfirmed,
    SchemeDeclined,
    SchemeDrafted,
    SchemeEscalated,
    SchemeReminded,
    SchemeRevised,
    SchemeWithdrawn,
    SessionCancelled,
    SessionMoved,
)
from portal.accounts.reached import organisations_with, reached
from portal.known import known
from portal.notices import leaving, store
from portal.notices.rules import PERSONS, ROLES, figures_of, made_by, over_by, starts_at
from servicekit.clock import now, real_now
from servicekit.db import Cause, Tx
from servicekit.reactions import Reactions

MARKS = ["marks_wanted"]
"""Over too when the last candidate of the batch is assessed: that is counted, no single fact says it."""
ORGANISATIONS = ("enterprise_id", "union_id")
told = Reactions("portal-notices", records_facts=False)


@told.on_chunk
async def when_facts_arrive_forget_old_notices(tx: Tx, _: Sequence[Envelope]) -> None:
    """They are kept for the time that the rules say."""
    at = await now(tx)
    if rules := known(tx).programmes.notices.on(at.astimezone(tx.zone).date()):
        for statement in (store.FORGET, store.FORGET_MAILS):
            await tx.driver.execute(statement, at - timedelta(days=rules.kept_days))
        await tx.driver.execute(store.FORGET_LETTERS, real_now() - timedelta(days=rules.kept_days))


@told.on(OrderSubmitted, OrderAccepted, OrderPoolProposed)
async def when_order_is_told_know_whose_it_is(tx: Tx, fact: Any, _: Cause) -> None:
    """Later facts name the order only."""
    union = getattr(fact, "union_id", None)
    await tx.driver.execute(store.KNOW_ORDER, fact.order_id, fact.enterprise_id, union)


@told.on(EvaluationPlanned, BatchMoved)
async def when_batch_is_placed_know_its_end(tx: Tx, fact: BatchWithPlace, _: Cause) -> None:
    """From then on its marks are waited for."""
    await tx.driver.execute(store.KNOW_BATCH, fact.batch_id, fact.slot.ends_at, fact.candidates)


@told.on(CandidateAssessed)
async def when_all_are_assessed_want_no_marks(tx: Tx, fact: CandidateAssessed, _: Cause) -> None:
    """Every candidate has marks that a second person has confirmed."""
    if await tx.driver.fetchval(store.ASSESSED, fact.batch_id):
        await tx.driver.execute(store.END, fact.batch_id, MARKS, None, await now(tx))


@told.on(
    OrderSubmitted, OrderAccepted, OrderReturned, OrderRejected, OrderWithdrawn, OrderPooled, OrderPoolAsked,
    OrderPoolConsented, OrderPoolDeclined, SurveyOpened, SurveyReminded, SurveyAnswered, SurveyClosed,
    SchemeDrafted, SchemeRevised, SchemeApproved, SchemeConfirmed, SchemeDeclined, SchemeWithdrawn, SchemeReminded,
    SchemeEscalated, SessionMoved, SessionCancelled,
    AssignmentOffered, AssignmentTaken, AssignmentReminded, AssignmentVolunteered, AssignmentAgreed,
    AssignmentAccepted, AssignmentSubstituted, AssignmentDeclined, AssignmentLapsed, AssignmentReleased,
    SessionClosed, SessionConfirmed, SessionDisputed, EvaluationPlanned, BatchMoved, BatchCancelled, ResultsPosted,
    EvaluationCompleted, CertificateIssued, CertificateRevoked, FollowupDue, FollowupReminded,
)  # fmt: skip
async def when_it_is_somebodys_turn_tell_them(tx: Tx, fact: Fact, cause: Cause) -> None:
    """What the rules of the fact's day say: some notices are over, some are made."""
    rules = known(tx).programmes.notices.on(cause.time.astimezone(tx.zone).date())
    if rules is None:
        return
    at = await now(tx)
    for over in over_by(rules, fact):
        addresses = None if over.addresses is None else list(over.addresses)
        await tx.driver.execute(store.END, over.about, list(over.kinds), addresses, at)
    if cause.time < at - timedelta(hours=rules.oldest_hours):
        return
    for each in made_by(rules, fact):
        await _make(tx, each, fact, cause)


async def _make(tx: Tx, notice: Notice, fact: Fact, cause: Cause) -> None:
    order = getattr(fact, "order_id", None)
    ids = [id_ for id_ in (order, getattr(fact, "batch_id", None)) if id_ is not None]
    rows = await tx.driver.fetch(store.KNOWN, ids)
    ends_at = next((row["ends_at"] for row in rows if row["ends_at"]), None)
    starts = starts_at(notice, fact, cause.time, ends_at)
    if starts is None:
        return
    of_order = {name: row[name] for row in rows for name in ORGANISATIONS if row[name]}
    for address in await _addresses(tx, notice, fact, of_order):
        person = UUID(address) if notice.to in PERSONS else None
        organisation = None if person else address or None
        accounts = await reached(tx, ROLES[notice.to], organisation=organisation, person=person)
        if not accounts:
            continue
        about, figures = getattr(fact, notice.about), json.dumps(figures_of(fact))
        made = await tx.driver.fetch(
            store.MAKE, accounts, notice.kind, about, address, order, cause.id, figures, starts
        )
        if notice.mail_after_minutes is not None:
            after = timedelta(minutes=notice.mail_after_minutes)
            await leaving.plan(tx, [row["account_id"] for row in made], notice.kind, cause.id, after)


async def _addresses(tx: Tx, notice: Notice, fact: Fact, of_order: dict[str, str]) -> list[str]:
    """Codes of organisations or ids of people, none where nobody is named or known; "" = everybody with the role."""
    match notice.to:
        case "enterprise" if isinstance(fact, FollowupDue):  # of a joint order several
            return sorted({each.enterprise_id for each in fact.people})
        case "enterprise" if hasattr(fact, "order_id"):
            named = getattr(fact, "enterprise_id", None) or of_order.get("enterprise_id")
            return [named] if named else []
        case "enterprise":  # those of a survey that are asked; none named = all of them
            asked = getattr(fact, "enterprises", ())
            return list(asked) or await organisations_with(tx, ROLES[notice.to])
        case "union":
            return [of_order.get("union_id", "")]
    told_ = getattr(fact, FIELDS[notice.to])
    return [] if told_ is None else [str(told_)]


def unheard(sets: NoticeSets) -> list[str]:
    """Facts that the rules name and nothing here reacts to: the rules ask for what cannot be done."""
    named = {type_ for each in sets.sets for one in each.notices for type_ in (*one.because, *one.until)}
    return sorted(named - told.types)
