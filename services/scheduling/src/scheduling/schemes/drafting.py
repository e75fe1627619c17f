"""From an accepted order to a version of its scheme: asked for, computed outside, saved if it still fits."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from contracts.order_intake import OrderAccepted, OrderAmended, OrderCancelled, OrderPooled
from contracts.refusals import Refused
from contracts.scheduling import FromRun, SchemeFact
from contracts.values import OrderId, Reason, SessionId, because
from scheduling.known import known
from scheduling.planner import alternatives as plan_alternatives
from scheduling.planner.keeping import KeptReasons, to_keep
from scheduling.planner.world import (
    Alternative,
    CohortPlan,
    Cuts,
    Draft,
    OrderToPlan,
    Pinned,
    Session,
    World,
    programme_of,
)
from scheduling.schemes import content, deadlines, kept, rules, store
from scheduling.schemes.rules import OPEN, Scheme, State
from scheduling.schemes.store import Ordered, Stored
from scheduling.schemes.world import Surroundings, book_of, read_surroundings
from scheduling.sessions import commands as sessions
from servicekit.clock import now
from servicekit.db import Cause, Position, Tx
from servicekit.evolution import position_of
from servicekit.facts import record_all
from servicekit.identity import Actor
from servicekit.timers import ask_for

DRAFT = "scheme.draft"
PLANNER = "planner"
PLANNABLE = OPEN | {State.PLANNING, State.WITHDRAWN}


@dataclass(frozen=True)
class Question:
    """An order to be planned, and the world it has to fit into. `asked` = which asking this answers."""

    asked: int
    order: OrderToPlan
    around: Surroundings
    taught: tuple[tuple[CohortPlan, Session], ...]
    """Sessions of this order that took place before it was amended."""


@dataclass(frozen=True)
class Answer:
    """A draft and its alternatives, or why there can be none; good for the plan as it was at `number`."""

    asked: int
    version: int
    number: int
    drafts: tuple[Alternative, ...] = ()
    kept: Mapping[SessionId, KeptReasons] = field(default_factory=dict)
    """The reasons for the first draft's choices."""
    refused: Reason | None = None


async def note_accepted(tx: Tx, fact: OrderAccepted, *, because: Cause) -> None:
    """An order to plan for: nobody starts from an empty sheet."""
    ordered = Ordered(
        number=fact.number,
        enterprise_id=fact.enterprise_id,
        enterprise_name=fact.enterprise_name,
        union_id=fact.union_id,
        programme=fact.programme,
        division=fact.division,
        shift_pattern=fact.shift_pattern,
        shift_anchor=fact.shift_anchor,
        rooms=fact.rooms,
        lines=fact.lines,
    )
    before = await store.find(tx, fact.order_id)
    if before is not None:  # it was part of a joint order meanwhile: its versions count on
        await ask(tx, replace(before, ordered=ordered), because=because)
        return
    await store.save(tx, Stored(ordered, Scheme(fact.order_id), 1, 1, await now(tx)))
    await ask_for(tx, DRAFT, key=fact.order_id, subject=fact.order_id, because=because)


async def note_amended(tx: Tx, fact: OrderAmended, *, because: Cause) -> None:
    """The scheme of the old lines no longer fits: what was not held is withdrawn, and a new draft made."""
    stored = _amended(await store.lock(tx, fact.order_id), fact)
    reason = _reason("order.amended", revision=fact.revision)
    stored = await withdraw(tx, stored, reason, because=because)
    await ask(tx, stored, because=because)


async def note_cancelled(tx: Tx, order_id: OrderId, reason: Reason, *, because: Cause) -> None:
    """Nothing more is planned; what was planned is freed, what was held stays."""
    stored = _cancelled(await store.lock(tx, order_id))
    await withdraw(tx, stored, reason, because=because)


async def note_pooled(tx: Tx, fact: OrderPooled, *, because: Cause) -> None:
    """The joint order has a scheme for it; an order that was not accepted before has none of its own."""
    if await store.find(tx, fact.order_id) is not None:
        reason = _reason("order.pooled", number=fact.joint_number)
        await note_cancelled(tx, fact.order_id, reason, because=because)


async def remember_pooled(tx: Tx, fact: OrderPooled, _cause: Cause) -> None:
    """Nothing is planned for it alone; what was withdrawn has facts of its own."""
    if await store.find(tx, fact.order_id) is not None:
        await store.save(tx, _cancelled(await store.lock(tx, fact.order_id)))


async def remember_amended(tx: Tx, fact: OrderAmended, cause: Cause) -> None:
    """The new lines, and the draft that was asked for; what was withdrawn has facts of its own."""
    await ask(tx, _amended(await store.lock(tx, fact.order_id), fact), because=cause)


async def remember_cancelled(tx: Tx, fact: OrderCancelled, _cause: Cause) -> None:
    """Nothing more is planned; what was withdrawn has facts of its own."""
    stored = _cancelled(await store.lock(tx, fact.order_id))
    await store.save(tx, stored)


def _amended(stored: Stored, fact: OrderAmended) -> Stored:
    return replace(stored, ordered=replace(stored.ordered, lines=fact.lines))


def _cancelled(stored: Stored) -> Stored:
    return replace(stored, ordered=replace(stored.ordered, cancelled=True))


async def withdraw(tx: Tx, stored: Stored, reason: Reason, *, because: Cause) -> Stored:
    """Say that the scheme no longer holds, and cancel whatever of it was not held."""
    withdrawn = rules.withdraw(stored.scheme, reason)
    await store.drop_alternatives(tx, stored.scheme.order_id)
    cancelled = await sessions.cancel_all(tx, stored.scheme.order_id, reason)
    before, scheme = stored.scheme, rules.evolve(stored.scheme, withdrawn) if withdrawn else stored.scheme
    stored = await keep(tx, stored, scheme)
    await record_all(tx, [*([withdrawn] if withdrawn else []), *cancelled], because=because)
    await deadlines.follow(tx, before, scheme, stored.ordered, because=because)
    return stored


async def ask(tx: Tx, stored: Stored, *, because: Cause | None = None) -> Stored:
    """Ask for a draft; one that is being computed is good for nothing any more, and what could be taken neither."""
    order_id = stored.scheme.order_id
    await store.drop_alternatives(tx, order_id)
    stored = replace(stored, asked=stored.asked + 1)
    stored = await keep(tx, stored, stored.scheme)
    await ask_for(tx, DRAFT, key=order_id, subject=order_id, because=because)
    return stored


async def read(tx: Tx, order_id: OrderId) -> Question | None:
    """What the planner needs; nothing when there is nothing left to plan."""
    stored = await store.read(tx, order_id)
    if stored.ordered.cancelled or stored.scheme.state not in PLANNABLE:
        return None
    around = (await read_surroundings(tx, order_id)).without_own_plan()
    taught = tuple(
        (around.cohorts[placed.session.cohort_id], placed.session)
        for placed in around.sessions
        if placed.held and around.cohorts[placed.session.cohort_id].order_id == order_id
    )
    order = replace(stored.to_plan(), pinned=await _pinned(tx, stored))
    return Question(stored.asked, order, around, taught)


async def _pinned(tx: Tx, stored: Stored) -> tuple[Pinned, ...]:
    """Pinned sessions at their times: what was told to people counts, though another time was signed.

    On a desk the version has them where they are to be.
    """
    order_id = stored.scheme.order_id
    pinned = await store.pinned(tx, order_id)
    if not pinned or stored.scheme.state in OPEN:
        return pinned
    book = known(tx).book
    told = {row.told.session_id: row for row in await sessions.of_order(tx, order_id)}
    return tuple(
        replace(pin, placed=replace(sessions.as_placed(told[id_], book), pinned=True)) if id_ in told else pin
        for pin in pinned
        for id_ in (pin.placed.session.session_id,)
    )


def compute(question: Question) -> Answer:
    """The drafts; an order that cannot be planned as it is gets the reason instead."""
    book, order = book_of(question.around.folder), question.order
    answer = partial(Answer, question.asked, order.version, question.around.number)
    world = question.around.world(book)
    try:
        drafts = plan_alternatives(order, world)
    except Refused as refused:
        return answer(refused=_reason(refused.code, **refused.parameters))
    drafts = tuple(replace(each, draft=_to_teach(question, each.draft, world)) for each in drafts)
    first = drafts[0].draft
    enterprises = {**world.enterprises, order.enterprise.enterprise_id: order.enterprise}
    standing = kept.with_choices(replace(world, enterprises=enterprises), first)
    return answer(drafts, to_keep(standing, first.placed))


def _to_teach(question: Question, drafted: Draft, world: World) -> Draft:
    """The draft without what was taught before the order was amended."""
    if not question.taught:
        return drafted
    order = question.order
    drafted = content.without_taught(drafted, question.taught)
    return content.reckoned(drafted, order.lines, order.enterprise, programme_of(world, order), world.book)


async def save(tx: Tx, order_id: OrderId, answer: Answer) -> None:
    """Write the version, if the order is still the one that was planned for and nobody else took what it proposes.

    Else it is asked for again: of two drafts that are made at once, the later sees the first.
    """
    stored = await store.lock(tx, order_id)
    scheme = stored.scheme
    if stored.ordered.cancelled or scheme.state not in PLANNABLE:
        return
    stale = stored.asked != answer.asked or scheme.version + 1 != answer.version
    if stale or (answer.drafts and await store.draw_plan_number(tx) != answer.number + 1):
        await ask_for(tx, DRAFT, key=order_id, subject=order_id)
        return
    if answer.drafts:
        first = answer.drafts[0]
        await add_version(tx, stored, first.draft, cuts=first.cuts)
        await kept.keep_version(tx, order_id, answer.version, first.draft, answer.kept)
        await store.keep_alternatives(tx, order_id, answer.version, answer.drafts)
        return
    assert answer.refused is not None  # one of the two
    await say(tx, stored, rules.cannot_be_planned(scheme, answer.refused))


async def add_version(
    tx: Tx,
    stored: Stored,
    drafted: Draft,
    *,
    by: Actor | None = None,
    because: Cause | None = None,
    cuts: Cuts | None = None,
    only_pins: bool = False,
    run: FromRun | None = None,
) -> Stored:
    """The draft becomes the newest version of the order's scheme.

    `only_pins` = the one in force but for its pins; `run` = what it was taken from.
    """
    terms = await deadlines.terms(tx, stored.ordered)
    adopted_at = await now(tx) if run else None
    fact = rules.new_version(
        stored.scheme, drafted, terms, only_pins=only_pins, run=run, adopted_at=adopted_at
    )
    made_by = by.user if by else PLANNER
    stored = await say(tx, stored, fact, by=by, because=because)
    version = store.Version(fact.version, fact.hash, drafted, made_by, await now(tx))
    await store.add_version(tx, fact.order_id, version, cuts)
    return stored


async def say(
    tx: Tx,
    stored: Stored,
    fact: SchemeFact,
    *,
    by: Actor | None = None,
    because: Cause | Position | None = None,
) -> Stored:
    """The scheme after the fact, and the fact."""
    before = stored.scheme
    stored = await keep(tx, stored, rules.evolve(before, fact))
    reached = await record_all(tx, [fact], by=by, because=because)
    await deadlines.follow(tx, before, stored.scheme, stored.ordered, because=reached[-1])
    return stored


async def fold(tx: Tx, fact: SchemeFact, cause: Cause) -> Stored:
    """The scheme after a fact of its own that is all that is left of it."""
    before = await store.lock(tx, fact.order_id)
    stored = await keep(tx, before, rules.evolve(before.scheme, fact))
    told = position_of(cause)
    await deadlines.follow(tx, before.scheme, stored.scheme, stored.ordered, because=told)
    return stored


async def remind(tx: Tx, order_id: OrderId, *, because: Cause | None) -> None:
    """The time for a signature is nearly over."""
    stored = await store.lock(tx, order_id)
    fact = rules.remind(stored.scheme, deadlines.whom_to_remind(stored.scheme, stored.ordered))
    if fact is not None:
        await say(tx, stored, fact, because=because)


async def escalate(tx: Tx, order_id: OrderId, *, because: Cause | None) -> None:
    """The time for a signature is over."""
    stored = await store.lock(tx, order_id)
    time = known(tx).programme(stored.ordered.programme).signing_time
    fact = rules.escalate(stored.scheme, deadlines.whom_to_tell(stored.scheme, stored.ordered, time))
    if fact is not None:
        await say(tx, stored, fact, because=because)


async def keep(tx: Tx, stored: Stored, scheme: Scheme) -> Stored:
    """Write the scheme as the next version of its row."""
    stored = replace(stored, scheme=scheme, row_version=stored.row_version + 1, changed_at=await now(tx))
    await store.save(tx, stored)
    return stored


def _reason(code: str, **figures: object) -> Reason:
    """A refusal's code and figures as a fact may carry them; whatever is no figure is left out."""
    kept = {}
    for name, value in figures.items():
        try:
            because(code, **{name: value})  # type: ignore[arg-type]
        except ValueError:
            continue
        kept[name] = value
    return because(code, **kept)  # type: ignore[arg-type]
