"""An order's claims in words. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.desks.subsidy.seen import ClaimSeen, MissingSeen, RowSeen, StandSeen
from portal.web.names import Names
from portal.web.text import Text

FEN = 100
SOON = 30
"""Days: from then on the countdown is amber."""
MONEY = re.compile(r"\d{1,7}(\.\d{1,2})?", re.ASCII)


@dataclass(frozen=True)
class Step:
    """What is missing, who brings it, until when."""

    what: str
    who: str
    by: str


@dataclass(frozen=True)
class Line:
    """A certificate: what it brings and whether it can be claimed."""

    name: str
    number: str
    what: str
    issued: str
    yuan: str
    until: str
    state: str
    kind: str


@dataclass(frozen=True)
class Filed:
    """A claim that was made."""

    id: UUID
    enterprise: str
    on: str
    count: int
    fallen: str
    yuan: str
    state: str
    kind: str
    paid: str
    why: str
    open: bool
    most: str
    """What it asks for, as it is typed into a field."""


@dataclass(frozen=True)
class Shown:
    """What the page of an order's claims says."""

    claimable: int
    yuan: str
    until: str
    left: str
    kind: str
    rule: str
    steps: Sequence[Step]
    lines: Sequence[Line]
    filed: Sequence[Filed]


def yuan(fen: int) -> str:
    """1,234.50: exact, never by a fraction in binary."""
    return f"{fen // FEN:,}.{fen % FEN:02d}"


def fen_of(typed: str) -> int | None:
    """What somebody has typed, in fen; nothing when it is no amount of money."""
    plain = unicodedata.normalize("NFKC", typed).strip().replace(",", "")  # full-width digits and commas too
    if not MONEY.fullmatch(plain):
        return None
    whole, _, part = plain.partition(".")
    return int(whole) * FEN + int(part.ljust(2, "0"))


def shown(seen: StandSeen, names: Names) -> Shown:
    """The whole page."""
    return Shown(
        claimable=seen.claimable,
        yuan=yuan(seen.fen),
        until=seen.until.isoformat() if seen.until else "",
        left=left(seen.days_left, names.text),
        kind="amber" if seen.days_left is not None and seen.days_left <= SOON else "blue",
        rule=_rule(seen, names),
        steps=[step(each, names.text) for each in seen.missing],
        lines=[_line(each, names) for each in seen.rows],
        filed=[_filed(each, names) for each in seen.claims],
    )


def left(days: int | None, text: Text) -> str:
    """The countdown; nothing when nothing can be claimed, or no rule names a day."""
    if days is None:
        return ""
    return text("subsidy.left", count=days) if days else text("subsidy.last_day")


def step(one: MissingSeen, text: Text) -> Step:
    """What is missing."""
    return Step(
        what=text.or_code("subsidy.missing", one.what, count=one.count),
        who=text.or_code("subsidy.who", one.who),
        by=text.day(one.by) if one.by else "",
    )


def _rule(seen: StandSeen, names: Names) -> str:
    rule = seen.rule
    if rule.months is None or rule.since is None:
        return names.text("claim.none")
    source = names.text.or_code("catalogue.source", rule.source.replace(" ", "_"))
    return names.text("claim.within", months=rule.months, since=rule.since.isoformat(), source=source)


def _line(one: RowSeen, names: Names) -> Line:
    text = names.text
    claimed = one.against is not None and one.against.code == "claim.claimed"
    return Line(
        name=one.name,
        number=one.number,
        what=f"{names.occupation(one.occupation)} {names.level_whole(one.level)}",
        issued=one.issued_on.isoformat(),
        yuan=yuan(one.fen) if one.fen else "—",
        until=one.until.isoformat() if one.until else "—",
        state=_why(one, names)
        if one.against and not claimed
        else text("subsidy.claimed" if claimed else "subsidy.can"),
        kind="green" if claimed else "amber" if one.against else "blue",
    )


def _why(one: RowSeen, names: Names) -> str:
    assert one.against is not None  # asked of those only
    return names.in_full(one.against.code, one.against.figures)


def _filed(one: ClaimSeen, names: Names) -> Filed:
    state = one.state
    if state == "settled":
        state = "paid" if one.paid_fen == one.fen else "in_part" if one.paid_fen else "refused"
    kinds = {"filed": "blue", "paid": "green", "in_part": "amber", "refused": "red"}
    return Filed(
        id=one.claim_id,
        enterprise=names.organisation(one.enterprise_id),
        on=one.filed_on.isoformat(),
        count=one.certificates,
        fallen=names.text("subsidy.fallen", count=one.fallen) if one.fallen else "",
        yuan=yuan(one.fen),
        state=names.text(f"subsidy.is.{state}"),
        kind=kinds.get(state, "amber"),
        paid=yuan(one.paid_fen) if one.paid_fen is not None else "",
        why=names.reason(one.reason.code, one.reason.figures) if one.reason else "",
        open=one.state == "filed",
        most=f"{one.fen // FEN}.{one.fen % FEN:02d}",
    )
