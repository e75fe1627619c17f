"""Which batches wait for the union, and for what: from the cards of the orders. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.boards.cards import ENDED, Batch, OrderCard
from portal.desks.evaluation.stands import before_posting
from portal.web.names import Names

TO_PLAN = "plan_batch"
GROUPS = (
    "objection",
    "unstaffable",
    "plan",
    "post",
    "issue",
    "unmarked",
    "assessors",
    "planned",
    "marking",
    "posted",
    "completed",
)
"""In the order in which they wait for the union; the last five wait for nobody here."""


@dataclass(frozen=True)
class BatchRow:
    """A batch, or an order that waits for one."""

    group: str
    number: str
    order: str
    enterprise: str
    what: str
    state: str
    kind: str
    url: str


KINDS = {"objection": "red", "unstaffable": "red", "completed": "green"} | dict.fromkeys(
    ("plan", "post", "issue", "unmarked"), "amber"
)


def rows_of(cards: Iterable[OrderCard], names: Names, today: date) -> dict[str, list[BatchRow]]:
    """By group, as they stand on this day; a group without rows is left out."""
    found: dict[str, list[BatchRow]] = {group: [] for group in GROUPS}
    for card in cards:
        for group, batch_id, batch in _groups(card, today):
            found[group].append(_row(group, card, batch_id, batch, names))
    return {group: rows for group, rows in found.items() if rows}


def _groups(card: OrderCard, today: date) -> Iterable[tuple[str, str, Batch | None]]:
    if card.wait == TO_PLAN and card.state not in ENDED:
        yield "plan", "", None
    for batch_id, batch in card.batches.items():
        if batch.state == "cancelled":
            continue
        group = _group(card, batch, today)
        if group in {"planned", "marking"} and _asked(card, batch_id):
            group = "assessors"
        yield group, batch_id, batch


def _asked(card: OrderCard, batch_id: str) -> int:
    """Offers of the batch without an answer, or without a name: its assessors are not certain."""
    return sum(offer.batch == batch_id for offer in card.offers.values())


def _group(card: OrderCard, batch: Batch, today: date) -> str:
    match batch.state:
        case "unstaffable":
            return "unstaffable"
        case "posted":
            if card.objections:
                return "objection"
            return "issue" if batch.until and batch.until < today else "posted"
        case "planned":
            return _before_posting(batch, today)
    return "completed"


def _before_posting(batch: Batch, today: date) -> str:
    if batch.candidates and batch.assessed >= batch.candidates:
        return "post"
    return before_posting(batch.day, batch.assessed, today)


def _row(group: str, card: OrderCard, batch_id: str, batch: Batch | None, names: Names) -> BatchRow:
    text = names.text
    figures = {"assessed": batch.assessed, "candidates": batch.candidates} if batch else {}
    figures["count"] = _asked(card, batch_id)
    days = {"until": batch.until, "day": batch.day} if batch else {}
    told = {name: text.day(day) if day else "—" for name, day in days.items()}
    lines = [line for line in card.lines if not batch or line.line == batch.line] or list(card.lines)
    comma = "、" if text.language == "zh" else ", "
    return BatchRow(
        group=group,
        number=card.number,
        order=str(card.order_id),
        enterprise=names.organisation(card.enterprise_id, card.enterprise_name),
        what=comma.join(f"{names.occupation(line.occupation)} {names.level(line.level)}" for line in lines),
        state=text(f"evaluation.is.{group}", **told, **figures),
        kind=KINDS.get(group, "blue"),
        url=f"/evaluation/batches/{batch_id}" if batch_id else f"/evaluation/orders/{card.order_id}",
    )
