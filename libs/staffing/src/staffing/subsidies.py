"""What a certificate brings the enterprise or worker, until when, and where the figures come from."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contracts.programme import Programmes
from contracts.values import Code, LevelCode


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
