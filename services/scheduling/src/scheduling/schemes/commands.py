"""What people do with a scheme: approve, confirm, decline, ask for another draft; and reading it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from contracts.programme import Signatures
from contracts.refusals import Conflict, NotFound, Refused
from contracts.scheduling import SessionCancelled, SessionMoved, SessionScheduled
from contracts.values import Deputised, OrderId, Reason, Signer, because
from scheduling.known import known
from scheduling.planner.world import Draft
from scheduling.schemes import deadlines, drafting, returns, rules, store
from scheduling.schemes.content import differences
from scheduling.schemes.rules import Named
from scheduling.schemes.signing import asked_of
from scheduling.schemes.store import Stored, Version
from scheduling.sessions import commands as sessions
from scheduling.sessions.commands import scope_of
from scheduling.sessions.rules import AHEAD
from scheduling.signers import commands as signers
from scheduling.signers.rules import Side
from servicekit.clock import now, today
from servicekit.db import Position, Tx
from servicekit.facts import record_all
from servicekit.http import check_version
from servicekit.identity import Actor


@dataclass(frozen=True)
class OnTheTimetable:
    """What a confirmation changes there."""

    scheduled: tuple[SessionScheduled, ...]
    moved: tuple[SessionMoved, ...]
    cancelled: tuple[SessionCancelled, ...]

    @property
    def first(self) -> date | None:
        """The earliest day of what is new or moved."""
        return min((fact.slot.day for fact in (*self.scheduled, *self.moved)), default=None)


async def approve(tx: Tx, order_id: OrderId, named: Named, *, by: Actor, if_match: str | None = None) -> int:
    """The union approves the version that it names; the row's new version.

    It is in force by that where nothing is new of what the enterprise signs.
    """
    stored = await lock(tx, order_id, by=by, if_match=if_match)
    deputy = await signers.signs_as(tx, _side(stored, Signer.UNION), by=by)
    version = await _check_named(tx, stored, named)
    changes = await _changes(tx, stored, version.draft)
    terms = await deadlines.terms(tx, stored.ordered)
    asked = rules.to_sign(stored.scheme, version.draft, terms.signatures)
    approved = rules.approve(
        stored.scheme, asked, terms, first=changes.first, today=await today(tx), deputy=deputy
    )
    stored = await drafting.say(tx, stored, approved, by=by)
    if asked_of(asked, Signer.ENTERPRISE):
        return stored.row_version
    return (await _bring_into_force(tx, stored, version, changes, because=tx.reached[-1])).row_version


async def confirm(tx: Tx, order_id: OrderId, named: Named, *, by: Actor, if_match: str | None = None) -> int:
    """The enterprise confirms: one enterprise, one scheme. Its sessions come onto the timetable, each with a fact."""
    stored = await lock(tx, order_id, by=by, if_match=if_match)
    deputy = await signers.signs_as(tx, _side(stored, Signer.ENTERPRISE), by=by)
    version = await _check_named(tx, stored, named)
    changes = await _changes(tx, stored, version.draft)
    return (await _bring_into_force(tx, stored, version, changes, by=by, deputy=deputy)).row_version


async def _bring_into_force(
    tx: Tx,
    stored: Stored,
    version: Version,
    changes: OnTheTimetable,
    *,
    by: Actor | None = None,
    because: Position | None = None,
    deputy: Deputised | None = None,
) -> Stored:
    confirmed = rules.confirm(
        stored.scheme,
        version.draft.cohorts,
        rules.to_sign(stored.scheme, version.draft, _signatures(tx, stored)),
        scheduled=len(changes.scheduled),
        first=changes.first,
        by_hand=rules.closed_by_hand(
            stored.ordered.lines, known(tx).book.programmes.programmes[stored.ordered.programme]
        ),
        today=await today(tx),
        deputy=deputy,
    )
    stored = await drafting.say(tx, stored, confirmed, by=by, because=because)
    await store.drop_alternatives(tx, stored.scheme.order_id)
    await sessions.schedule(tx, changes.scheduled, version.draft.cohorts, version=confirmed.version)
    await sessions.apply(tx, [*changes.cancelled, *changes.moved])
    facts = [*changes.cancelled, *changes.moved, *changes.scheduled]
    await record_all(tx, facts, by=by, because=because)
    return stored


def _side(stored: Stored, signer: Signer) -> Side:
    ordered = stored.ordered
    return Side(signer, ordered.union_id if signer is Signer.UNION else ordered.enterprise_id)


def _signatures(tx: Tx, stored: Stored) -> Signatures:
    return known(tx).programme(stored.ordered.programme).signatures


async def decline(
    tx: Tx,
    order_id: OrderId,
    version: int,
    reasons: Sequence[Reason],
    *,
    by: Actor,
    if_match: str | None = None,
) -> int:
    """Either side gives the version back for reasons of the programme: the coordinator's turn.

    It takes back what was signed, so where approvers are named only they do it.
    """
    stored = await lock(tx, order_id, by=by, if_match=if_match)
    signer = Signer.UNION if by.may("union") else Signer.ENTERPRISE
    await signers.signs_as(tx, _side(stored, signer), by=by)
    named = returns.check(reasons, known(tx).programme(stored.ordered.programme).return_reasons)
    fact = rules.decline(stored.scheme, named, version=version, by_enterprise=not by.may("union"))
    await returns.note(tx, fact, await now(tx))
    return (await drafting.say(tx, stored, fact, by=by)).row_version


async def redraft(tx: Tx, order_id: OrderId, *, by: Actor, if_match: str | None = None) -> int:
    """The coordinator asks for another draft; it comes as the next version."""
    stored = await lock(tx, order_id, by=by, if_match=if_match)
    if stored.ordered.cancelled:
        raise Refused("scheme.order_cancelled")
    rules.check_open(stored.scheme)
    return (await drafting.ask(tx, stored)).row_version


async def lock(tx: Tx, order_id: OrderId, *, by: Actor, if_match: str | None) -> Stored:
    """The scheme that somebody may see, held to the end; `version.stale` when they saw an older one."""
    stored = await store.lock(tx, order_id, of=scope_of(by))
    check_version(if_match, stored.row_version)
    return stored


async def read_scheme(
    tx: Tx, order_id: OrderId, version: int | None, *, by: Actor
) -> tuple[Stored, Version | None]:
    """The scheme with its newest version (nothing while there is none), or with an older one."""
    stored = await store.read(tx, order_id, of=scope_of(by))
    found = await store.version_of(tx, order_id, stored.scheme.version if version is None else version)
    if found is None and version is not None:
        raise NotFound("scheme.version_unknown", version=version)
    return stored, found


async def _check_named(tx: Tx, stored: Stored, named: Named) -> Version:
    """The version that somebody signs: `scheme.stale` for an older one, `scheme.another_content` for another hash,
    `scheme.content_lost` when a database was lost with what it says: it is drafted anew.
    """
    scheme = stored.scheme
    current = await store.version_of(tx, scheme.order_id, scheme.version)
    changed: tuple[str, ...] = ()
    if current is not None and named.version != scheme.version:
        theirs = await store.version_of(tx, scheme.order_id, named.version)
        changed = differences(theirs.draft, current.draft) if theirs else ("version",)
    rules.check_named(scheme, named, changed)
    if current is None:
        raise Conflict("scheme.content_lost", version=scheme.version)
    return current


async def _changes(tx: Tx, stored: Stored, draft: Draft) -> OnTheTimetable:
    """The version against what stands on the timetable: only what is still ahead is moved or cancelled."""
    book = known(tx).book
    rows = {row.told.session_id: row for row in await sessions.of_order(tx, stored.scheme.order_id)}
    wanted = {placed.session.session_id: placed for placed in draft.placed}
    reason = because("scheme.confirmed", version=stored.scheme.version)
    ahead = {id_: row for id_, row in rows.items() if row.state in AHEAD}
    moved = [
        sessions.moved(row, wanted[id_], reason, book)
        for id_, row in ahead.items()
        if id_ in wanted and book.slot(wanted[id_].day, wanted[id_].band) != row.told.slot
    ]
    cancelled = [sessions.cancelled(row, reason) for id_, row in ahead.items() if id_ not in wanted]
    return OnTheTimetable(
        scheduled=rules.sessions_to_schedule(draft, stored.ordered.lines, book, known=rows),
        moved=tuple(moved),
        cancelled=tuple(fact for fact in cancelled if fact is not None),
    )
