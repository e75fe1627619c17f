"""A session's sign-in sheet on paper, for a place where no phone works: everybody of the cohort has a line to sign."""

from typing import Annotated, Any

from fastapi import Path
from starlette.responses import Response

from portal.desks.at import Desk
from portal.desks.instructor.sheet import SheetSeen, sheet, title_of
from portal.web.viewer import NotForYou
from servicekit.http import Router

router = Router(include_in_schema=False)
Session = Annotated[str, Path(max_length=60)]
SPARE = 3
"""Empty lines, for whoever comes and is not on the list."""


@router.get("/my/sessions/{session}/paper")
async def show_paper(at: Desk, session: Session) -> Response:
    """The sheet as it is printed; who has signed in on a phone already is marked."""
    at.only("instructor")
    seen = await sheet(at, session)
    if not isinstance(seen, SheetSeen):
        raise NotForYou("error.away" if seen == "away" else "error.not_found")
    told: dict[str, Any] = {**await title_of(at, seen)}
    rows = sorted(seen.rows, key=lambda row: row.name)
    return await at.page(
        "instructor_paper.html", seen=seen, rows=rows, spare=range(SPARE), session=session, **told
    )
