"""What a certificate brings the enterprise or worker, and where the figure comes from."""

from dataclasses import dataclass
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
