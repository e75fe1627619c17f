"""Until when a subsidy is claimed, and which dated rule says so; where the rule data have none, that is said. Pure."""

from datetime import date

from contracts.programme import Programmes
from contracts.values import LevelCode
from portal.web.text import Text
from staffing.subsidies import certificate_allowance, claimed_until


def claim_words(programmes: Programmes, text: Text, day: date) -> str:
    """Of certificates that will be issued about this day."""
    rule = programmes.rules.subsidy.claiming(day)
    if rule is None:
        return text("claim.none")
    source = text.or_code("catalogue.source", rule.source.replace(" ", "_"))
    return text("claim.within", months=rule.months, since=rule.since.isoformat(), source=source)


def claim_of(issued_on: date, level: LevelCode, programmes: Programmes, text: Text) -> str:
    """Of a certificate that is issued: its last day; nothing at a level that no allowance is known for."""
    if certificate_allowance(level, programmes) is None:
        return ""
    until = claimed_until(issued_on, programmes)
    return until.isoformat() if until else text("claim.none")
