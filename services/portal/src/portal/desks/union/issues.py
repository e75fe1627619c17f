"""What goes wrong, in one list: whose it is, for how long, and where it is mended. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from uuid import UUID

from portal.boards.cards import ENDED, Batch, Desk, OrderCard
from portal.boards.sessions import SessionRow
from portal.desks.union.due import page_of
from portal.stuck import Stuck
from portal.web.names import Names

OF_A_SESSION = frozenset({"unstaffable", "unplaced", "missed", "disputed"})
"""States of a session that go wrong."""
ORDER = (
    "stuck",
    "overdue",
    "missed",
    "unplaced",
    "unstaffable",
    "disputed",
    "objection",
    "batch",
    "marks",
    "returned",
)


@dataclass(frozen=True)
class Issue:
    """One of them."""

    kind: str
    title: str
    number: str
    enterprise: str
    what: str
    owner: str
    age: str
    colour: str
    url: str
    """Where it is mended."""
    story: str
    """Where whoever may not mend it reads of it."""


Aged = tuple[float, Issue]
"""Since when, in seconds of the calendar."""
COLOURS = {"stuck": "red", "overdue": "red", "missed": "red", "unplaced": "red"}


def issues_of(
    cards: Sequence[OrderCard],
    sessions: Iterable[SessionRow],
    stuck: Iterable[Stuck],
    names: Names,
    at: datetime,
    *,
    acts: bool = True,
) -> list[Issue]:
    """What is stuck and overdue first; of a kind the longest first.

    To whoever only looks on (`acts` is false) each leads to its order's story: the pages where it is mended are not
    theirs.
    """
    orders = {card.order_id: card for card in cards if card.state not in ENDED}
    found = [_stuck(one, orders, names) for one in stuck]
    for card in orders.values():
        found += _of_card(card, names, at)
    for row in sessions:
        if row.state in OF_A_SESSION and row.order_id in orders:
            found.append(_of_session(row, orders[row.order_id], names, at))
    listed = [issue for _, issue in sorted(found, key=lambda aged: (ORDER.index(aged[1].kind), aged[0]))]
    return listed if acts else [replace(issue, url=issue.story) for issue in listed]


def _of_card(card: OrderCard, names: Names, at: datetime) -> Iterable[Aged]:
    if card.deadline and card.deadline < at and card.waits_for != Desk.NOBODY:
        yield _issue("overdue", card, card.deadline, names, at, owner=card.waits_for)
    if card.objections:
        yield _issue("objection", card, card.since, names, at, count=card.objections)
    states = [batch.state for batch in card.batches.values()]
    if count := states.count("unstaffable"):
        yield _issue("batch", card, card.since, names, at, count=count)
    if card.wait == "assess":
        late, over = _unmarked(card, names, at)
        if missing := sum(max(0, each.candidates - each.assessed) for each in late):
            yield _issue("marks", card, over or card.since, names, at, count=missing)
    if card.wait == "mend":
        yield _issue("returned", card, card.since, names, at, owner=card.waits_for)


def _unmarked(card: OrderCard, names: Names, at: datetime) -> tuple[list[Batch], datetime | None]:
    """Batches whose day is over without all marks, and since when the first is; on the day itself they are entered."""
    today = at.astimezone(names.text.zone).date()
    late = [
        one
        for one in card.batches.values()
        if one.state == "planned" and (one.day is None or one.day < today)
    ]
    days = [one.day for one in late if one.day]
    return late, datetime.combine(min(days) + timedelta(days=1), time(), names.text.zone) if days else None


def _of_session(row: SessionRow, card: OrderCard, names: Names, at: datetime) -> Aged:
    when = names.text.moment(row.starts_at) if row.starts_at else "—"
    place = f"/orders/{card.order_id}/scheme?session={row.session_id}#tt"
    return _issue(
        row.state, card, row.starts_at if row.state == "missed" else card.since, names, at,
        url=f"/orders/{card.order_id}/story" if row.state == "disputed" else place,
        unit=names.unit(row.unit), when=when,
    )  # fmt: skip


def _stuck(one: Stuck, orders: Mapping[UUID, OrderCard], names: Names) -> Aged:
    card = next((card for id_, card in orders.items() if str(id_) == one.subject), None)
    text = names.text
    issue = Issue(
        kind="stuck",
        title=text("issue.is.stuck"),
        number=card.number if card else "—",
        enterprise=names.organisation(card.enterprise_id, card.enterprise_name) if card else one.subject,
        what=text(
            "issue.stuck", service=text.or_code("service", one.service), count=one.facts, command=one.show
        ),
        owner=text("issue.operator"),
        age=text.lasts(one.waits),
        colour="red",
        url=(story := f"/orders/{card.order_id}/story" if card else "/board"),
        story=story,
    )
    return one.since.timestamp(), issue


def _issue(
    kind: str,
    card: OrderCard,
    since: datetime | None,
    names: Names,
    at: datetime,
    *,
    owner: str = Desk.UNION,
    url: str = "",
    **figures: object,
) -> Aged:
    text = names.text
    wait = text.or_code("wait", card.wait, **(dict(card.figures) | figures)) if kind == "overdue" else ""
    issue = Issue(
        kind=kind,
        title=text(f"issue.is.{kind}"),
        number=card.number,
        enterprise=names.organisation(card.enterprise_id, card.enterprise_name),
        what=wait or text(f"issue.what.{kind}", **figures),
        owner=text(f"issue.of.{owner}"),
        age=text.lasts(at - since) if since else "—",
        colour=COLOURS.get(kind, "amber"),
        url=url or page_of(card, Desk.UNION) or f"/orders/{card.order_id}/story",
        story=f"/orders/{card.order_id}/story",
    )
    return (since or at).timestamp(), issue
