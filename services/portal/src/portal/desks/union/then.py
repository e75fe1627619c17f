"""An order as it was, in words: for the page, for programs, for the command line."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from contracts.values import ServiceLine
from portal.accounts import commands as accounts
from portal.boards.cards import OrderCard
from portal.boards.offers import OfferRow
from portal.boards.schemes import SchemeVersion
from portal.boards.sessions import SessionRow
from portal.desks.claims import claim_words
from portal.desks.past import Past
from portal.desks.signed import ContentSeen, content_of
from portal.desks.union.examined import examined_only
from portal.desks.union.lessons import KINDS
from portal.desks.union.planned import PlannedView, lost, planned, yuan
from portal.desks.union.shown import as_on, card_view
from portal.scope import Scope
from portal.web.names import Names, names_for
from portal.web.text import Text
from servicekit.db import Tx


class SessionThen(BaseModel):
    """A session as it was to be held, or had been."""

    session_id: UUID
    when: str
    unit: str
    college: str
    person: str
    state: str
    kind: str
    """Colour of the state's tag."""


class OfferThen(BaseModel):
    """An offer and its answer up to then."""

    what: str
    college: str
    person: str
    answer_by: str
    state: str


class SchemeThen(BaseModel):
    """A version in force or on somebody's desk; with its content as it was signed, where that can be read."""

    version: int
    state: str
    hash: str
    approved: str
    """When and by whom; empty before."""
    figures: str
    lost: str
    """Working time that it takes, where that is known."""
    content: list[PlannedView] | None
    told: str
    """Whether the content is the one with this hash, or why it is not shown."""
    same: bool
    """The content that is kept has the hash that was drafted, and approved if it was."""


class ThenView(BaseModel):
    """Where the order stood."""

    at: datetime
    time: str
    """The moment, in words."""
    state: str
    stage: int
    stage_text: str
    steps: tuple[str, ...]
    """The seven stages: done, now, stopped, open, or none."""
    enterprise: str
    waits_for: str
    wait: str
    figures: dict[str, int | str]
    lines: list[str]
    sessions: list[SessionThen]
    offers: list[OfferThen]
    outcomes: list[str]
    schemes: list[SchemeThen]


async def then_view(tx: Tx, text: Text, scope: Scope, past: Past, token: str | None, home: str) -> ThenView:
    """All of it."""
    seen = await asyncio.gather(
        *(
            content_of(tx, token, past.card.order_id, one) for one in past.schemes
        )  # all at once: none touches `tx`
    )
    contents = {one.version: content for one, content in zip(past.schemes, seen, strict=True)}
    people = {row.person for row in past.sessions} | {offer.person_id for offer in past.offers}
    for content in contents.values():
        if isinstance(content, ContentSeen):
            people |= {planned.person_id for planned in content.sessions}
    names = await names_for(tx, text, scope, {person for person in people if person})
    card = as_on(past.card, names, past.at)
    view = card_view(card, names, past.at, seen=card.version, home=home)
    rows = {row.session_id: row for row in past.sessions}
    users = await accounts.names_of(tx, [user for one in past.schemes if (user := _user(one.approved_by))])
    return ThenView(
        at=past.at,
        time=text.stamp(past.at),
        state=text.or_code("order_state", card.state),
        stage=card.stage,
        stage_text=view.stage_text,
        steps=view.steps,
        enterprise=view.enterprise,
        waits_for=text("lane.own") if view.mine else text(f"lane.{card.waits_for}"),
        wait=view.wait,
        figures=card.figures,
        lines=[_line(card, n, names) for n in range(len(card.lines))],
        sessions=[_session(row, names) for row in past.sessions],
        offers=[_offer(offer, rows, names) for offer in past.offers],
        outcomes=_outcomes(card, names),
        schemes=[_scheme(one, contents[one.version], users, names, past) for one in past.schemes],
    )


def _line(card: OrderCard, n: int, names: Names) -> str:
    line = card.lines[n]
    return names.text(
        "line.named", service=names.text(f"service_line.{line.service}"), level=names.level(line.level),
        occupation=names.occupation(line.occupation), count=line.heads,
    )  # fmt: skip


def _session(row: SessionRow, names: Names) -> SessionThen:
    state = "unstaffed" if row.state == "scheduled" and row.person is None else row.stands
    return SessionThen(
        session_id=row.session_id,
        when=names.text.span(row.starts_at, row.ends_at) if row.starts_at and row.ends_at else "—",
        unit=names.unit(row.unit),
        college=names.organisation(row.college) if row.college else "",
        person=names.person(row.person) if row.person else "",
        state=names.text(f"session_state.{state}"),
        kind=KINDS.get(state, "blue"),
    )


def _offer(offer: OfferRow, rows: Mapping[UUID, SessionRow], names: Names) -> OfferThen:
    row = rows.get(offer.session_id) if offer.session_id else None
    what = names.text("batch.named")
    if offer.session_id:
        starts = row.starts_at if row else None
        what = (
            names.text.moment(starts)
            if starts
            else names.text("session.unknown", number=str(offer.session_id)[-6:])
        )
    return OfferThen(
        what=what,
        college=names.organisation(offer.college_id),
        person=names.person(offer.person_id),
        answer_by=names.text(
            "then.name_by" if offer.state == "taken" else "then.answer_by",
            time=names.text.moment(offer.answer_by),
        )
        if offer.open and offer.answer_by
        else "",
        state=names.text(f"offer_state.{offer.state}"),
    )


def _outcomes(card: OrderCard, names: Names) -> list[str]:
    text = names.text
    told = [
        text(
            "then.batch",
            state=text(f"batch_state.{batch.state}"),
            candidates=batch.candidates,
            assessed=batch.assessed,
        )
        for batch in card.batches.values()
    ]
    if card.issued:
        told.append(text("then.certificates", issued=card.issued, revoked=card.revoked))
    return told


def _scheme(
    one: SchemeVersion, content: ContentSeen | str, users: Mapping[UUID, tuple[str, str | None]], names: Names,
    past: Past,
) -> SchemeThen:  # fmt: skip
    text = names.text
    seen = content if isinstance(content, ContentSeen) else None
    same = seen is not None and seen.hash == one.hash and one.signed in (None, one.hash)
    who = users.get(_user(one.approved_by) or UUID(int=0))
    name = who[0] if who else text("person.unknown", number=(one.approved_by or "")[-6:])
    asked = [line.heads for line in past.card.lines if line.service == ServiceLine.SKILL_EVALUATION]
    figures = text(
        "then.figures_examined" if examined_only(asked, range(one.cohorts), range(one.sessions)) else "then.figures",
        people=sum(asked), cohorts=one.cohorts, sessions=one.sessions, unplaced=one.unplaced, hours=one.class_hours,
        cost=yuan(one.cost), subsidy=yuan(one.subsidy_expected),
    )  # fmt: skip
    days = [each.day for each in seen.sessions if each.day] if seen else []
    if one.subsidy_expected:
        day = max([*days, past.at.astimezone(text.zone).date()])
        figures = text.joined((figures, claim_words(names.programmes, text, day)))
    return SchemeThen(
        version=one.version,
        state=text(f"scheme_state.{one.state}"),
        hash=one.hash,
        approved=text("then.approved", time=text.stamp(one.approved_at), who=name) if one.approved_at else "",
        figures=figures,
        lost=lost(seen.cost, names) if seen else "",
        content=[planned(each, names) for each in seen.sessions] if seen else None,
        told=text(f"then.content_{'same' if same else 'other' if seen else content}"),
        same=same,
    )  # fmt: skip


def _user(actor: str | None) -> UUID | None:
    try:
        return UUID(actor or "")
    except ValueError:
        return None
