"""The sheet on paper: what is printed, by the template beside this."""

from dataclasses import dataclass
from pathlib import Path

from evaluation.paper import Paper
from evaluation.sheets.rules import Line

TEMPLATE = Path(__file__).with_name("sign_in_sheet.typ").read_bytes()
SPARE = 3
"""Empty lines, for whoever comes and is not on the list."""


@dataclass(frozen=True)
class SignInSheet:
    """What is printed. Pairs are Chinese and English."""

    session: str
    check: str
    number: str
    """Of the order."""
    enterprise: str
    occupation: tuple[str, str]
    level: tuple[str, str]
    unit: str
    when: str
    hours: int
    lead: str
    """Who teaches; empty = to be written in."""
    lines: tuple[Line, ...]


def address_of(public_url: str, session: str, check: str) -> str:
    """What the code says: where this sheet is entered."""
    return f"{public_url}/sheets/{session}?k={check}"


def printed(paper: Paper, sheet: SignInSheet, public_url: str) -> bytes:
    """The PDF. Takes some 30 ms of one core: call it in a thread."""
    address = address_of(public_url, sheet.session, sheet.check)
    data = {
        "address": address,
        "session": sheet.session,
        "check": sheet.check.upper(),
        "number": sheet.number,
        "enterprise": sheet.enterprise,
        "occupation": sheet.occupation,
        "level": sheet.level,
        "unit": sheet.unit,
        "when": sheet.when,
        "hours": sheet.hours,
        "lead": sheet.lead,
        "lines": [[each.no, each.name] for each in sheet.lines],
        "spare": SPARE,
    }
    return paper.compile(TEMPLATE, data, address)
