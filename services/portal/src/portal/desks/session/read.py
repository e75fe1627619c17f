"""A session's report for a page, and what a report can choose from."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.desks.asking import EVALUATION
from portal.desks.at import AtDesk
from portal.desks.session.seen import PhotoSeen, ReportSeen
from portal.known import known

Choices = list[tuple[str, str]]
KILO = 1024


@dataclass(frozen=True)
class Lists:
    """Code and word of each incident and material that any programme lists."""

    incidents: Choices
    materials: Choices


async def lists_of(at: AtDesk) -> Lists:
    """In the order of the programmes; evaluation refuses what is not of the session's own."""
    names = await at.names()
    every = known(at.tx).programmes.programmes.values()
    return Lists(
        [
            (code, names.reason(code, {}))
            for code in dict.fromkeys(c for p in every for c in p.session_incidents)
        ],
        [
            (code, names.reason(code, {}))
            for code in dict.fromkeys(c for p in every for c in p.session_materials)
        ],
    )


async def reported(at: AtDesk, session: UUID) -> dict[str, Any]:
    """What the session's page shows of it: the words, what happened, what was handed out, the photos."""
    report = await at.read(EVALUATION, f"/sessions/{session}/report", ReportSeen)
    if not isinstance(report, ReportSeen):
        return {"report": None}
    names = await at.names()
    return {
        "report": report,
        "incidents": [names.reason(each, {}) for each in report.incidents],
        "materials": [(names.reason(each.material, {}), each.count) for each in report.materials],
        "photos": [
            (
                each.photo_id,
                at.text.moment(each.kept_at),
                max(1, each.size // KILO),
                each.sha256,
                each.place or "",
            )
            for each in report.photos
        ],
    }


async def photographed(at: AtDesk, session: UUID) -> list[PhotoSeen]:
    """The session's photos; none while evaluation does not tell."""
    found = await at.read(EVALUATION, f"/sessions/{session}/report", ReportSeen)
    return found.photos if isinstance(found, ReportSeen) else []
