"""What a certificate brings the enterprise or worker, until when, and where the figures come from."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contracts.programme import Programmes
from contracts.programme_subsidy import YearlyRules
from contracts.values import Code, LevelCode

FEN = 100
"""In a yuan."""


@dataclass(frozen=True)
class CertificateAllowance:
    """Yuan for one certificate, with the place whose notice says so."""

    yuan: Decimal
    place: Code
    source: str
    confidence: str | None


def certificate_allowance(
    level: LevelCode, programmes: Programmes, place: Code | None = None
) -> CertificateAllowance | None:
    """The allowance at a level; nothing where the notice names no amount. `place` none = the installation's."""
    rules = programmes.rules.subsidy
    place = place or rules.place.value
    notice = rules.certificate_allowance_yuan.get(place)
    amount = notice.amounts.get(level) if notice else None
    if notice is None or amount is None:
        return None
    return CertificateAllowance(amount, place, notice.source, notice.confidence)


def claimed_until(issued_on: date, programmes: Programmes) -> date | None:
    """Last day on which it can be claimed; nothing where no rule that has begun names one."""
    rule = programmes.rules.subsidy.claiming(issued_on)
    if rule is None:
        return None
    years, month = divmod(issued_on.month - 1 + rule.months, 12)
    year, month = issued_on.year + years, month + 1
    return date(year, month, min(issued_on.day, monthrange(year, month)[1]))


def in_a_year(fen: Sequence[int], rule: YearlyRules | None, before: Sequence[int] = ()) -> list[int]:
    """What of these amounts one person brings in one calendar year; `before` = what counts for them already.

    Without a rule all of it. Only the highest: Lianyungang's notice; so much at most: Dongguan's and Zhongshan's of
    2022 (`background.yaml`, `subsidy`). The highest first; of equal ones the one that stands first.
    """
    if rule is None:
        return list(fen)
    left = None if rule.most_yuan is None else max(0, int(rule.most_yuan * FEN) - sum(before))
    taken, paid = bool(before), [0] * len(fen)
    for at in sorted(range(len(fen)), key=lambda each: -fen[each]):
        if rule.highest_only and taken:
            continue
        paid[at] = fen[at] if left is None else min(fen[at], left)
        left = None if left is None else left - paid[at]
        taken = taken or paid[at] > 0
    return paid
