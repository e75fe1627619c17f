"""For how long each class of data is kept, by which rule, what was removed last and what is due next. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel

from contracts.programme import Programmes
from contracts.programme_dated import begun
from portal.web.text import Text

OWNERS: Mapping[str, str] = {
    "roster": "order-intake", "roster_unused": "order-intake", "training": "evaluation", "certificates": "evaluation",
    "devices": "evaluation", "places": "evaluation",
}  # fmt: skip
"""Who keeps it; what is not here is kept by several, by the portal, or by whoever runs the machine."""
YEAR = 365


class KeptSeen(BaseModel):
    """What an owner tells of a class."""

    of: str
    removed_at: datetime | None
    removed: int
    next_due: datetime | None
    waiting: int


@dataclass(frozen=True)
class KeptView:
    """A class of data as the page shows it."""

    what: str
    since: str
    period: str
    source: str
    last: str
    due: str


def rows(
    programmes: Programmes, seen: Mapping[str, KeptSeen], away: frozenset[str], text: Text, day: date
) -> list[KeptView]:
    """Every class: those of the rules, then words and notices, which have rules of their own."""
    personal = programmes.rules.personal
    found = [
        _row(of, personal.rule(of, day).days, personal.rule(of, day).source, seen, away, text)
        for of in personal.kept
    ]
    words = programmes.rules.words.kept
    rule = begun(words, day) or min(words, key=lambda each: each.since)
    found.append(_row("words", rule.days, rule.source, seen, away, text))
    if (notices := programmes.notices.on(day)) is not None:
        found.append(_row("notices", notices.kept_days, notices.source, seen, away, text))
    return found


def _row(
    of: str, days: int, source: str, seen: Mapping[str, KeptSeen], away: frozenset[str], text: Text
) -> KeptView:
    one = seen.get(of)
    last, due = (
        text("personal.kept.never"),
        text(f"personal.next.{of}") if text.has(f"personal.next.{of}") else "—",
    )
    if OWNERS.get(of) in away:
        last = due = text("personal.kept.away")
    elif one is not None:
        if one.removed_at is not None:
            last = text("personal.kept.removed", count=one.removed, when=text.stamp(one.removed_at))
        if one.next_due is not None:
            due = text("personal.kept.due", when=text.stamp(one.next_due), count=one.waiting)
        elif one.waiting:
            due = text("personal.kept.waiting", count=one.waiting)
        elif not text.has(f"personal.next.{of}"):
            due = text("personal.kept.nothing")
    elif of not in OWNERS:
        last = "—"
    years = days // YEAR
    return KeptView(
        what=text(f"personal.data.{of}"),
        since=text(f"personal.since.{of}"),
        period=text("personal.years", count=years) if years > 1 else text("personal.days", count=days),
        source=text.or_code("catalogue.source", source.replace(" ", "_")),
        last=last,
        due=due,
    )
