"""What the lead reports of a session beside who was there. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.programme_rules import Programme
from contracts.refusals import Invalid
from contracts.values import Code, Handed


@dataclass(frozen=True)
class Report:
    """Codes go into the fact; both texts stay here, encrypted."""

    text: str | None = None
    incidents: tuple[Code, ...] = ()
    incident_text: str | None = None
    materials: tuple[Handed, ...] = ()


def check(report: Report, programme: Programme) -> None:
    """Only what the programme lists (`session_incidents`, `session_materials`), each once."""
    for incident in report.incidents:
        if incident not in programme.session_incidents:
            raise Invalid("report.incident_unknown", field="body.incidents", incident=incident)
    handed = [each.material for each in report.materials]
    for material in handed:
        if material not in programme.session_materials:
            raise Invalid("report.material_unknown", field="body.materials", material=material)
    told: Sequence[Code] = (*report.incidents, *handed)
    if len(set(told)) < len(told):
        raise Invalid("report.twice", field="body")
