"""Fairness over the year as an Excel file: everybody's sessions, hours, trips, evenings and weekends."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from portal.desks.asking import DISPATCH
from portal.desks.at import Desk
from portal.desks.union.fair import KINDS, MINUTES, YearSeen
from portal.web.names import names_for
from portal.web.sheets import Cell, Sheet, excel
from portal.web.viewer import NotForYou
from servicekit.http import Router

router = Router(include_in_schema=False)


@router.get("/fairness.xlsx")
async def fairness_sheet(at: Desk, year: Annotated[int | None, Query(ge=2000, le=2100)] = None) -> Response:
    """A row a person: what they have, and what would be fair where a share is agreed; a college its own people."""
    at.only("union", "college")
    seen = await at.read(DISPATCH, f"/fairness?year={year}" if year else "/fairness", YearSeen)
    if isinstance(seen, str):
        raise NotForYou("error.away")
    people = [each for each in seen.people if each.person_id]
    names = await names_for(
        at.tx, at.text, at.viewer.scope, {each.person_id for each in people if each.person_id}
    )
    text = at.text
    columns = [text("fair.name"), text("fair.college"), text("fair.agreed")]
    for kind in KINDS:
        columns += [text(f"fair.{kind}"), text("fair.sheet_fair", what=text(f"fair.{kind}"))]
    rows: list[list[Cell]] = []
    for each in people:
        row: list[Cell] = [
            names.person(each.person_id),
            names.organisation(each.college_id),
            each.agreed_percent,
        ]
        for kind in KINDS:
            figure, by = getattr(each, kind), MINUTES if kind == "minutes" else 1
            row += [figure.has / by, None if figure.fair is None else figure.fair / by]
        rows.append(row)
    title = text("fair.title")
    return excel([Sheet(title, columns, rows)], f"{title} {seen.year}")
