"""Whoever belongs to an organisation no longer: what waits for them still, and where they are named as a signer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import exists, func, select

from portal.accounts.organisations import Kind
from portal.accounts.people import Account
from portal.boards.offers import FIRM, offer_row
from portal.boards.sessions import session_row
from portal.desks.asking import SCHEDULING, missing
from portal.desks.at import AtDesk
from portal.desks.orders import cards_of
from portal.desks.people.deputies import SIGN, SignersSeen
from portal.desks.people.removal import removed_words
from portal.desks.union.signatures import name_of, users_of
from servicekit.clock import now

TO_BE_HELD = ("scheduled", "opened", "closed", "disputed")
TO_BE_ANSWERED = ("offered", "taken", "agreed", "volunteered")
TO_BE_HELD_BATCH = "planned"


@dataclass(frozen=True)
class StillNamed:
    """Somebody who is gone and is named as a signer: `what` in words.

    `whose`: in words who names them no more, when it is not the one who looks.
    """

    id: str
    name: str
    what: str
    whose: str


@dataclass(frozen=True)
class Gone:
    """Whoever was just removed, what waits for them, and where somebody else is found for it."""

    name: str
    waits: tuple[str, ...]
    href: str


async def still_named(
    at: AtDesk, of: str | None, kind: Kind | None, members: Sequence[Account]
) -> tuple[StillNamed, ...] | str:
    """Whom scheduling has as signers of the organisation, and who is gone; or why that is not known, in words."""
    if of is None or kind not in SIGN:
        return ()
    own = not at.viewer.account.roles.isdisjoint(SIGN)
    query = "" if own else f"?{urlencode({'signer': kind, 'organisation': of})}"
    seen = await at.read(SCHEDULING, f"/signers{query}", SignersSeen)
    if not isinstance(seen, SignersSeen):
        return missing(seen, at.text)
    there = {str(each.id) for each in members}
    named = {
        "people.approver": seen.approvers,
        "people.absent": [one.user for one in seen.deputies],
        "people.deputy": [one.deputy for one in seen.deputies],
    }
    gone: dict[str, list[str]] = {}
    for word, ids in named.items():
        for id_ in sorted(set(ids) - there):
            gone.setdefault(id_, []).append(at.text(word))
    users, removed = await users_of(at.tx, gone), await removed_words(at.tx, at.text, gone)
    whose = ""
    if own and seen.approvers and str(at.viewer.account.id) not in seen.approvers:
        left = not there.isdisjoint(seen.approvers)
        whose = at.text("people.named_approver" if left else "people.named_administrator")
    return tuple(
        StillNamed(
            id_, name_of(id_, users), at.text.joined([*words, *filter(None, [removed.get(id_)])]), whose
        )
        for id_, words in gone.items()
        if id_ in {str(each) for each in users}
    )


async def what_waits(at: AtDesk, gone: Account) -> Gone:
    """Of somebody who was sent: sessions, batches and offers with their name; of anybody else nothing is their own."""
    if gone.person is None:
        return Gone(gone.name, (), "")
    text = at.text
    sessions, first = await _sessions(at, gone.person)
    batches = await _batches(at, gone.person)
    offers = await _offers(at, gone.person)
    waits = []
    if sessions:
        waits.append(text("people.waits_sessions", count=sessions, when=text.moment(first) if first else "—"))
    if batches:
        waits.append(text("people.waits_batches", count=batches))
    if offers:
        waits.append(text("people.waits_offers", count=offers))
    roles = at.viewer.account.roles
    href = f"/timetable/{gone.person}" if waits and "college" in roles else ""
    return Gone(gone.name, tuple(waits), href)


async def _sessions(at: AtDesk, person: UUID) -> tuple[int, Any]:
    row, offer = session_row.c, offer_row.c
    comes = exists().where(
        offer.session_id == row.session_id, offer.person_id == person, offer.state.in_(FIRM)
    )
    ahead = select(row.starts_at).where(comes, row.state.in_(TO_BE_HELD), row.ends_at > await now(at.tx))
    starts = [each.starts_at for each in await at.tx.execute(ahead.order_by(row.starts_at))]
    return len(starts), starts[0] if starts else None


async def _batches(at: AtDesk, person: UUID) -> int:
    row = offer_row.c
    wanted = select(row.order_id, row.batch_id).where(
        row.person_id == person, row.batch_id.is_not(None), row.state.in_(FIRM)
    )
    held = {(each.order_id, str(each.batch_id)) for each in await at.tx.execute(wanted)}
    cards = await cards_of(at.tx, at.viewer.scope, [order for order, _ in held])
    return sum(_to_be_held(cards[order].batches, batch) for order, batch in held if order in cards)


def _to_be_held(batches: Any, batch: str) -> bool:
    return batch in batches and batches[batch].state == TO_BE_HELD_BATCH


async def _offers(at: AtDesk, person: UUID) -> int:
    row = offer_row.c
    wanted = select(func.count()).where(row.person_id == person, row.state.in_(TO_BE_ANSWERED))
    return int((await at.tx.execute(wanted)).scalar_one())


def may_drop(named: Collection[StillNamed] | str, user: str) -> bool:
    """Whether it is one of those who are shown: nobody else is dropped from here."""
    return not isinstance(named, str) and user in {one.id for one in named}
