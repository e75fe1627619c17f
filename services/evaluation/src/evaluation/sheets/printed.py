"""The sheet on paper: what is printed, by the template beside this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from contracts.values import WorkerId
from evaluation.paper import Paper
from evaluation.sheets.rules import Line

TEMPLATE = Path(__file__).with_name("sign_in_sheet.typ").read_bytes()
SPARE = 3
"""Empty lines, for whoever comes and is not on the list."""
WRITE_IN = "〓"
"""What printers have always set where they had no type: to be written in by hand."""


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
    ids: Mapping[WorkerId, str] = field(default_factory=dict)
    """Masked ID numbers of those whose names cannot be printed whole."""


def address_of(public_url: str, session: str, check: str) -> str:
    """What the code says: where this sheet is entered."""
    return f"{public_url}/sheets/{session}?k={check}"


def printed(paper: Paper, sheet: SignInSheet, public_url: str) -> bytes:
    """The PDF. Takes some 30 ms of one core: call it in a thread.

    A character that no font here has is a sign to be written in, which a note explains; who has it in their name finds
    themselves by the masked number beside it.
    """
    address = address_of(public_url, sheet.session, sheet.check)
    data = to_be_printed(paper, sheet) | {"address": address}
    return paper.compile(TEMPLATE, data, address)


def to_be_printed(paper: Paper, sheet: SignInSheet) -> dict[str, object]:
    """All that stands on it, and whether something of it is to be written in."""
    names = [each.name for each in sheet.lines]
    told = (sheet.enterprise, *sheet.occupation, *sheet.level, sheet.unit, sheet.lead, *names)
    lacking = paper.lacks("".join(told))
    shown = str.maketrans(dict.fromkeys(lacking, WRITE_IN))

    def pair(of: tuple[str, str]) -> list[str]:
        return [each.translate(shown) for each in of]

    return {
        "session": sheet.session,
        "check": sheet.check.upper(),
        "number": sheet.number,
        "enterprise": sheet.enterprise.translate(shown),
        "occupation": pair(sheet.occupation),
        "level": pair(sheet.level),
        "unit": sheet.unit.translate(shown),
        "when": sheet.when,
        "hours": sheet.hours,
        "lead": sheet.lead.translate(shown),
        "lines": [
            [each.no, each.name.translate(shown), sheet.ids.get(each.worker_id, "")] for each in sheet.lines
        ],
        "spare": SPARE,
        "write_in": WRITE_IN if lacking else "",
        "masked": bool(sheet.ids),
    }
