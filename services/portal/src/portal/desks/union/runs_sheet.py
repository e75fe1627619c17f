"""Improvements and scenarios as sheets: what the page shows side by side, one sheet a kind."""

from starlette.responses import Response

from portal.accounts.routes import token_for
from portal.desks.at import SECONDS, Desk
from portal.desks.union import runs
from portal.web.sheets import Sheet, excel
from portal.web.viewer import NotForYou
from servicekit.http import Router

router = Router(include_in_schema=False)


@router.get("/federation.xlsx")
async def download_runs(at: Desk) -> Response:
    """The figures of the plan in force and of each run."""
    at.only("union")
    text = at.text
    found = await runs.sections(at.tx, text, token_for(at.request, at.viewer.account, SECONDS))
    if isinstance(found, str):
        raise NotForYou("error.away")
    return excel(
        [
            _sheet(section, text(f"runs.kind.{section.kind}"), text("runs.in_force"), text("runs.state"))
            for section in found
        ],
        text("runs.title"),
    )


def _sheet(section: runs.Section, title: str, in_force: str, state: str) -> Sheet:
    head = ["", in_force, *(column.title for column in section.columns)]
    states = [state, "", *(column.state for column in section.columns)]
    rows = [[figure, now, *values] for figure, now, values in section.compared]
    return Sheet(title, head, [states, *rows])
