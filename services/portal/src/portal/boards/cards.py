"""The card of an order: what is known of it, and whose turn it is. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from contracts.values import ServiceLine
from servicekit.boards import renewed

Figures = dict[str, int | str]
ENDED = frozenset({"rejected", "withdrawn", "cancelled", "fulfilled", "dissolved"})
MOST_CHANGES = 12


class Stage(IntEnum):
    """The seven stages of an order."""

    PLACED = 1
    ACCEPTED = 2
    SCHEME = 3
    DISPATCH = 4
    TEACHING = 5
    EVALUATION = 6
    CERTIFICATES = 7


class Desk(StrEnum):
    """Who has the ball."""

    UNION = "union"
    ENTERPRISE = "enterprise"
    COLLEGE = "college"
    SYSTEM = "system"
    RUNNING = "running"
    """Nobody is waited for: teaching or evaluation goes on."""
    NOBODY = "nobody"
    """The order has ended."""


@dataclass(frozen=True)
class Line:
    """A line of the order, without its people."""

    line: int
    service: str
    occupation: str
    level: str
    heads: int


@dataclass(frozen=True)
class Scheme:
    """The newest version of the order's scheme."""

    version: int = 0
    state: str = "none"
    sessions: int = 0
    unplaced: int = 0
    in_force: bool = False
    """A version was confirmed and holds, whatever lies on the desk beside it."""
    hash: str = ""
    sign_by: datetime | None = None
    """When the time of whoever is asked to sign it is over."""
    escalated: bool = False
    """It is over, and somebody above has heard of it."""


@dataclass(frozen=True)
class Lesson:
    """A session as far as the card needs it."""

    state: str = "scheduled"
    starts: datetime | None = None
    ends: datetime | None = None
    firm: bool = False
    closed: datetime | None = None
    """From here on the enterprise's time to confirm or dispute it runs."""


@dataclass(frozen=True)
class OpenOffer:
    """An offer without an answer."""

    college: str
    answer_by: datetime
    session: str | None = None
    batch: str | None = None
    taken: bool = False
    """The college has taken it; `answer_by` is when somebody is to be named."""
    near: bool = False
    """The date is near, and nobody is certain yet."""


@dataclass(frozen=True)
class Batch:
    """A batch of evaluations."""

    state: str = "planned"
    candidates: int = 0
    assessed: int = 0
    until: date | None = None
    """Last day for objections, once the results are posted."""
    line: int = 0
    """The order's line that it examines; 0 = not told here."""
    day: date | None = None
    """When it is held."""


@dataclass(frozen=True)
class Change:
    """Something that is different from what people had in mind; shown until the order was looked at."""

    code: str
    version: int
    at: datetime
    session: str | None = None
    """The session that it is about, if it is about one."""


@dataclass(frozen=True)
class OrderCard:
    """One order on the board. Everything below `changes` follows from the rest (`whose_turn`)."""

    order_id: UUID
    number: str = ""
    enterprise_id: str = ""
    enterprise_name: str = ""
    programme: str = ""
    division: str = ""
    lines: tuple[Line, ...] = ()
    special: bool = False
    state: str = ""
    scheme: Scheme = field(default_factory=Scheme)
    stages: tuple[str, ...] = ()
    sessions: dict[str, Lesson] = field(default_factory=dict)
    offers: dict[str, OpenOffer] = field(default_factory=dict)
    by_hand: tuple[int, ...] = ()
    """Lines that no stage ends."""
    closed: tuple[int, ...] = ()
    """Lines that the union has closed by hand."""
    delivered: bool = False
    batches: dict[str, Batch] = field(default_factory=dict)
    objections: int = 0
    """Raised and not settled."""
    issued: int = 0
    revoked: int = 0
    joint: UUID | None = None
    """The joint order that it is asked for or part of; of a joint order its own id."""
    answer_by: datetime | None = None
    """Until when consent to a joint order is waited for."""
    changes: tuple[Change, ...] = ()
    stage: int = Stage.PLACED
    waits_for: str = Desk.NOBODY
    wait: str = ""
    figures: Figures = field(default_factory=dict)
    since: datetime | None = None
    deadline: datetime | None = None
    version: int = 0
    updated: datetime | None = None


@dataclass(frozen=True)
class Turn:
    """Where the order stands: its stage, who is waited for, for what, with which figures, until when."""

    stage: Stage
    desk: Desk
    wait: str
    figures: Figures = field(default_factory=dict)
    deadline: datetime | None = None


def settled(card: OrderCard, at: datetime, **known: Any) -> OrderCard:
    """The card with what is newly known, one version on, and whose turn it is now."""
    card = renewed(card, **known, version=card.version + 1, updated=at)
    turn = whose_turn(card)
    same = (turn.desk, turn.wait) == (card.waits_for, card.wait)
    return renewed(
        card,
        stage=turn.stage,
        waits_for=turn.desk,
        wait=turn.wait,
        figures=turn.figures,
        deadline=turn.deadline,
        since=card.since if same else at,
    )


def changed(card: OrderCard, code: str, at: datetime, session: object = None) -> tuple[Change, ...]:
    """The card's changes with one more, of the version that comes next."""
    about = str(session) if session is not None else None
    return (*card.changes, Change(code, card.version + 1, at, about))[-MOST_CHANGES:]


def whose_turn(card: OrderCard) -> Turn:  # noqa: PLR0911  one line per turn
    """From what is known of an order to who has the ball. The first that is stuck counts."""
    if examined_again(card):
        return _stuck(card) or to_answer(card, Stage.EVALUATION) or _to_evaluate(card)
    if card.state in ENDED:
        return Turn(Stage(card.stage), Desk.NOBODY, card.state, _ended(card))
    if card.joint is not None and (turn := _of_pool(card)) is not None:
        return turn
    if card.state in {"", "submitted"}:
        return Turn(Stage.ACCEPTED, Desk.UNION, "accept")
    if card.state == "returned":
        return Turn(Stage.PLACED, Desk.ENTERPRISE, "mend")
    # a declined revision beside the version in force is nobody's turn: what is in force goes on
    if card.scheme.state != "confirmed" and not (card.scheme.state == "declined" and card.scheme.in_force):
        return _of_scheme(card.scheme)
    return _stuck(card) or _to_staff(card) or to_teach(card) or _to_evaluate(card)


def _of_pool(card: OrderCard) -> Turn | None:
    """While consents are waited for, and once the joint order goes on for it; nothing for a joint one in force."""
    if card.state == "pooled":
        return Turn(Stage.SCHEME, Desk.RUNNING, "pooled")
    if card.state == "pooling":
        return Turn(Stage.ACCEPTED, Desk.RUNNING, "pooling", deadline=card.answer_by)
    if card.joint == card.order_id:
        return None
    if card.answer_by is not None:
        return Turn(Stage.ACCEPTED, Desk.ENTERPRISE, "consent", deadline=card.answer_by)
    return Turn(Stage.ACCEPTED, Desk.RUNNING, "pooling")


def examined_again(card: OrderCard) -> bool:
    """Whether the order is fulfilled, and a further batch is under way for those who failed."""
    return card.state == "fulfilled" and any(
        batch.state in {"planned", "unstaffable", "posted"} for batch in card.batches.values()
    )


def _ended(card: OrderCard) -> Figures:
    held = sum(lesson.state in HELD for lesson in card.sessions.values())
    return {"held": held, "count": held}


def _of_scheme(scheme: Scheme) -> Turn:
    figures: Figures = {"version": scheme.version, "sessions": scheme.sessions, "unplaced": scheme.unplaced}
    match scheme.state:
        case "drafted" | "revised":
            return Turn(Stage.SCHEME, Desk.UNION, "approve", figures, scheme.sign_by)
        case "declined":
            return Turn(Stage.SCHEME, Desk.UNION, "redraft", figures)
        case "approved":
            return Turn(Stage.SCHEME, Desk.ENTERPRISE, "confirm", figures, scheme.sign_by)
    return Turn(Stage.SCHEME, Desk.SYSTEM, "draft", figures)


HELD = frozenset({"closed", "confirmed", "disputed"})


BEGUN = HELD | {"opened"}


def _taught(card: OrderCard) -> Stage:
    begun = not BEGUN.isdisjoint(_states(card))
    if card.delivered:
        return Stage.EVALUATION
    return Stage.TEACHING if begun else Stage.DISPATCH


def _states(card: OrderCard) -> list[str]:
    return [lesson.state for lesson in card.sessions.values()]


def _count(card: OrderCard, state: str) -> int:
    return _states(card).count(state)


def _stuck(card: OrderCard) -> Turn | None:
    """What only the union can mend."""
    stage = _taught(card)
    if n := _count(card, "unplaced"):
        return Turn(stage, Desk.UNION, "place", {"count": n})
    if n := _count(card, "missed"):
        return Turn(stage, Desk.UNION, "missed", {"count": n})
    if n := sum(batch.state == "unstaffable" for batch in card.batches.values()):
        return Turn(Stage.EVALUATION, Desk.UNION, "batch_unstaffable", {"count": n})
    if n := _count(card, "disputed"):
        return Turn(stage, Desk.UNION, "disputed", {"count": n})
    if card.objections:
        return Turn(Stage.EVALUATION, Desk.UNION, "objection", {"count": card.objections})
    return None


def to_answer(card: OrderCard, stage: Stage) -> Turn | None:
    """Offers without an answer, then places taken for which nobody is named; the nearest one's is the deadline."""
    unanswered = [offer for offer in card.offers.values() if not offer.taken]
    waiting = unanswered or list(card.offers.values())
    if not waiting:
        return None
    colleges = sorted({offer.college for offer in waiting})
    firm = sum(lesson.firm for lesson in card.sessions.values())
    figures: Figures = {"count": len(waiting), "college": colleges[0], "others": len(colleges) - 1}
    until = min(offer.answer_by for offer in waiting)
    return Turn(stage, Desk.COLLEGE, "answer" if unanswered else "name", figures | {"firm": firm}, until)


def _to_staff(card: OrderCard) -> Turn | None:
    """Colleges that have not answered, then sessions that nobody was asked for yet."""
    stage = _taught(card)
    if answer := to_answer(card, stage):
        return answer
    if n := _count(card, "unstaffable"):
        return Turn(stage, Desk.SYSTEM, "replan", {"count": n})
    if n := sum(lesson.state == "scheduled" and not lesson.firm for lesson in card.sessions.values()):
        return Turn(stage, Desk.SYSTEM, "offer", {"count": n})
    return None


def to_teach(card: OrderCard) -> Turn | None:
    """Sessions to hold, then sessions to confirm."""
    live = [lesson for lesson in card.sessions.values() if lesson.state != "cancelled"]
    held = sum(lesson.state in HELD for lesson in live)
    figures: Figures = {"held": held, "sessions": len(live)}
    if any(lesson.state == "opened" for lesson in live):
        return Turn(Stage.TEACHING, Desk.RUNNING, "teaching", figures)
    if held < len(live):
        starts = [lesson.starts for lesson in live if lesson.state == "scheduled" and lesson.starts]
        if starts:
            figures["starts"] = min(starts).isoformat()
        return Turn(Stage.TEACHING, Desk.RUNNING, "next", figures)
    if n := _count(card, "closed"):
        return Turn(Stage.TEACHING, Desk.ENTERPRISE, "confirm_sessions", figures | {"count": n})
    return None


def _to_evaluate(card: OrderCard) -> Turn:
    """Batches to post, to plan, to mark, to certify."""
    if "evaluation" not in card.stages:
        return _to_close(card, Stage.TEACHING)
    batches = [batch for batch in card.batches.values() if batch.state != "cancelled"]
    candidates = sum(batch.candidates for batch in batches)
    assessed = sum(batch.assessed for batch in batches)
    figures: Figures = {"candidates": candidates, "assessed": assessed, "certificates": card.issued}
    marking = [batch for batch in batches if batch.state == "planned"]
    if any(batch.assessed >= batch.candidates for batch in marking):
        return Turn(Stage.EVALUATION, Desk.UNION, "post", figures)
    if _not_planned(card, batches):
        return Turn(Stage.EVALUATION, Desk.UNION, "plan_batch")
    if marking:
        return Turn(Stage.EVALUATION, Desk.RUNNING, "assess", figures)
    return _to_certify(card, batches, figures) or _to_close(card, Stage.CERTIFICATES)


def _to_certify(card: OrderCard, batches: Collection[Batch], figures: Figures) -> Turn | None:
    """Results are posted, then certificates are issued."""
    posted = [batch.until for batch in batches if batch.state == "posted" and batch.until]
    if not posted:
        return None
    if card.issued:
        return Turn(Stage.CERTIFICATES, Desk.UNION, "issue", figures)
    return Turn(Stage.EVALUATION, Desk.RUNNING, "posted", figures | {"until": min(posted).isoformat()})


def _to_close(card: OrderCard, stage: Stage) -> Turn:
    """What no stage ends is closed by the union; the rest ends by itself."""
    if n := len(set(card.by_hand) - set(card.closed)):
        return Turn(stage, Desk.UNION, "close_lines", {"count": n})
    return Turn(stage, Desk.SYSTEM, "close")


def _not_planned(card: OrderCard, batches: Collection[Batch]) -> bool:
    """Whether a line of the order as it is now asks for an evaluation and has no batch that was not cancelled."""
    asked = {line.line for line in card.lines if line.service == ServiceLine.SKILL_EVALUATION}
    planned = {batch.line for batch in batches}
    return not planned or not (asked <= planned or 0 in planned)
