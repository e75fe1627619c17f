"""What a college or a person who is sent sees of an order: their own part of its card, and whose turn that is. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.boards.cards import (
    ENDED,
    HELD,
    Desk,
    Figures,
    OrderCard,
    Stage,
    Turn,
    examined_again,
    to_answer,
    to_teach,
)

OF_THE_ORDER = frozenset({
    "order.accepted", "order.amended", "order.started", "order.cancelled", "order.fulfilled",
})  # fmt: skip
"""Facts that everybody who takes part in an order may read: what it is about and how it ended."""
OF_A_SESSION = frozenset({
    "session.moved", "session.cancelled", "session.missed", "session.opened", "session.closed", "session.disputed",
    "session.confirmed", "session.photo_kept", "session.instructor_arrived", "attendance.corrected",
    "attendance.correction_proposed", "attendance.correction_refused",
})  # fmt: skip
"""Facts of a session for whoever holds it. Who else was proposed or asked for it is not theirs to know."""
OF_A_BATCH = frozenset({
    "evaluation.planned", "batch.moved", "batch.cancelled", "results.posted", "evaluation.completed",
})  # fmt: skip
OF_AN_OFFER = "assignment."


@dataclass(frozen=True)
class Own:
    """The offers, sessions and batches of an order that are a college's or a person's now."""

    offers: frozenset[str] = frozenset()
    sessions: frozenset[str] = frozenset()
    batches: frozenset[str] = frozenset()


def own_part(card: OrderCard, own: Own) -> OrderCard:
    """The card with nothing in it but their own part; counts, turn and deadline follow from that alone."""
    card = replace(
        card,
        offers={id_: offer for id_, offer in card.offers.items() if id_ in own.offers},
        sessions={id_: lesson for id_, lesson in card.sessions.items() if id_ in own.sessions},
        batches={id_: batch for id_, batch in card.batches.items() if id_ in own.batches},
        changes=tuple(
            change for change in card.changes if change.code == "amended" or change.session in own.sessions
        ),
        scheme=replace(card.scheme, sessions=0, unplaced=0),
        objections=0,
        issued=0,
        revoked=0,
        since=None,
    )
    turn = own_turn(card)
    return replace(
        card,
        stage=turn.stage,
        waits_for=turn.desk,
        wait=turn.wait,
        figures=turn.figures,
        deadline=turn.deadline,
    )


def own_turn(card: OrderCard) -> Turn:
    """Who has the ball in their part."""
    held = sum(lesson.state in HELD for lesson in card.sessions.values())
    figures: Figures = {"held": held, "count": held}
    if card.state in ENDED and not examined_again(card):
        return Turn(Stage(card.stage), Desk.NOBODY, card.state, figures)
    if turn := to_answer(card, Stage.DISPATCH) or _disputed(card) or to_teach(card):
        return turn
    if any(batch.state in {"planned", "unstaffable"} for batch in card.batches.values()):
        return Turn(Stage.EVALUATION, Desk.RUNNING, "own_batch")
    if held or card.batches:
        return Turn(Stage.TEACHING, Desk.NOBODY, "own_done", figures)
    return Turn(Stage.DISPATCH, Desk.NOBODY, "own_none")


def _disputed(card: OrderCard) -> Turn | None:
    count = sum(lesson.state == "disputed" for lesson in card.sessions.values())
    return Turn(Stage.TEACHING, Desk.UNION, "disputed", {"count": count}) if count else None


def is_theirs(name: str, data: Mapping[str, Any], own: Own, *, about_them: bool) -> bool:
    """Whether a fact of the order's story belongs to their part."""
    if name.startswith(OF_AN_OFFER):
        return about_them
    return (
        name in OF_THE_ORDER
        or (name in OF_A_SESSION and data.get("session_id") in own.sessions)
        or (name in OF_A_BATCH and data.get("batch_id") in own.batches)
    )
