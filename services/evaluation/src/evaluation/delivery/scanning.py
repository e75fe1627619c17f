"""The workers scan: the code's secret for the instructor's phone, a ticket for a scan, a sign-in for a ticket."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

import uuid_utils

from contracts.refusals import NotFound, Refused
from contracts.values import SessionId, Way, WorkerId
from evaluation import actors, directory, links
from evaluation.delivery import (
    acts,
    codes,
    commands,
    keeping,
    looked,
    merging,
    phones,
    rules,
    store,
    ticket_store,
    tickets,
)
from evaluation.delivery.acts import Taken
from evaluation.delivery.session import AHEAD, Session, SignIn, State
from evaluation.delivery.sources import merged
from evaluation.delivery.tickets import Ticket
from evaluation.known import known
from evaluation.links import Link
from evaluation.orders import commands as orders
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.identity import Actor


@dataclass(frozen=True)
class Signed:
    """Who is signed in, and since when; or why not."""

    outcome: Taken
    worker_id: WorkerId | None = None
    at: datetime | None = None
    reason: str | None = None
    figures: dict[str, int | str] | None = None
    answer: str | None = None
    """The link by which they say later how it was."""


class CodesMade(NamedTuple):
    """What a phone makes the session's codes of; `seconds` = how long each is shown."""

    secret: bytes
    seconds: int
    now: datetime


async def codes_for(tx: Tx, session_id: SessionId, *, by: Actor) -> CodesMade:
    """The secret of the session's codes, for its lead only, and what time it is here."""
    session = await commands.session_for(tx, session_id, seen_by=by)
    rules.check_lead(session, actors.person_of(by))
    limits = keeping.scan_limits(tx, session)
    return CodesMade(codes.secret_of(known(tx).code_key, session_id), limits.code_seconds, await now(tx))


async def exchange(tx: Tx, code: str) -> tuple[Session, Ticket, datetime]:
    """A ticket for the code that is on the screen now, and until when it is good.

    Refused when it is not on the screen, or nobody can sign in now.
    """
    told = codes.read(code)
    try:
        session = await store.read(tx, told.session_id)
    except NotFound:
        raise Refused("sign_in.code_unknown") from None
    moment, limits = await now(tx), keeping.scan_limits(tx, session)
    codes.check(codes.secret_of(known(tx).code_key, told.session_id), told, moment, limits.code_seconds)
    if session.state in AHEAD:
        raise Refused("sign_in.not_open")
    if session.state is not State.OPEN:
        raise Refused("sign_in.closed")
    ticket = Ticket(uuid4(), session.session_id, moment)
    await ticket_store.save(tx, ticket)
    return session, ticket, moment + tickets.lasts(limits)


async def sign_in(tx: Tx, ticket_id: UUID, digits: str, device: str | None = None) -> Signed:
    """Whom the digits name is signed in. A no is an answer, so that the try is kept.

    `device` = the number by which the phone is known again within this session; only its mark is kept.
    """
    session = await store.lock(tx, tickets.check_known(await ticket_store.read(tx, ticket_id)).session_id)
    ticket = tickets.check_known(await ticket_store.read(tx, ticket_id))
    moment = await now(tx)
    cohort = await store.workers_of(tx, session.cohort_id)
    people = await directory.known_workers(tx, cohort)
    limits = keeping.scan_limits(tx, session)
    wrong = await ticket_store.wrong_since(tx, session.session_id, moment - tickets.lasts(limits))
    last_four = {worker: told.last_four for worker, told in people.items()}
    found = tickets.find(ticket, digits, last_four, wrong=wrong, at=moment, limits=limits)
    if found.worker_id is None:
        await ticket_store.save(tx, found.ticket)
        return Signed(Taken.REFUSED, reason=found.reason, figures=dict(found.figures))
    signed = await store.signed(tx, session.session_id)
    mark = phones.mark_of(known(tx).code_key, session.session_id, device) if device else None
    act = SignIn(UUID(bytes=uuid_utils.uuid7().bytes), found.worker_id, moment, Way.SCAN, device=mark)
    answer = acts.sign_in(session, cohort, signed, act, at=moment, limits=keeping.limits(tx))
    if answer.outcome is Taken.REFUSED:
        return Signed(Taken.REFUSED, reason=answer.reason, figures=dict(answer.figures))
    await merging.keep(tx, session.session_id, merged(signed, [act], lambda _, __: answer))
    if mark and not any(each.device for each in signed.values()):
        await looked.await_marks_end(tx, session, moment)
    since = signed.get(found.worker_id, act).at
    await ticket_store.save(tx, replace(found.ticket, worker_id=found.worker_id, at=since))
    link = links.made(known(tx).code_key, Link("session", session.session_id, found.worker_id))
    order = await orders.known(tx, session.order_id)
    asked = known(tx).programmes.programmes[order.programme].satisfaction is not None
    return Signed(answer.outcome, found.worker_id, since, answer=link if asked else None)
