"""Improvements and scenarios as sheets: side by side, one sheet a kind; and one of them session by session."""

from uuid import UUID

from starlette.responses import RedirectResponse, Response

from portal.accounts.routes import token_for
from portal.desks.at import SECONDS, Desk
from portal.desks.union import runs
from portal.desks.union.run_lines import run_view
from portal.web.sheets import Cell, Sheet, excel
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


@router.get("/federation/{kind}/{run}/list.xlsx")
async def download_run(at: Desk, kind: runs.Kind, run: UUID) -> Response:
    """Every session of a run that would be elsewhere, with its reasons and what became of it."""
    at.only("union")
    text, token = at.text, token_for(at.request, at.viewer.account, SECONDS)
    found = await run_view(at.tx, text, at.viewer.scope, kind, run, token)
    if isinstance(found, str):  # the page says why
        return RedirectResponse(f"/federation/{kind}/{run}", 303)
    head = [
        text("column.number"), text("column.unit"), text("runs.sheet.was"), text("runs.sheet.now"), text("runs.how"),
        text("runs.sheet.why"), text("runs.wins"), text("runs.changes"), text("runs.sheet.became"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            line.order, line.unit, line.was, line.now, line.how, text.joined(line.why), line.wins, line.changes,
            text.joined(line.became),
        ]
        for line in found.lines
    ]  # fmt: skip
    return excel([Sheet(text("runs.elsewhere"), head, rows)], found.title)
