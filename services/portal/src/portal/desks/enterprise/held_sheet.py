"""The sessions of an enterprise as a sheet: what was held with its counts, and what is to come."""

from starlette.responses import Response

from portal.boards.sessions import SessionRow
from portal.desks.at import Desk
from portal.desks.orders import numbers_of, own_sessions
from portal.web.names import names_for
from portal.web.sheets import Cell, Sheet, excel
from servicekit.http import Router
from staffing.counting import person_times

router = Router(include_in_schema=False)


@router.get("/sessions.xlsx")
async def download_sessions(at: Desk) -> Response:
    """Every session of the enterprise's own orders, in time."""
    at.only("enterprise")
    rows = await own_sessions(at.tx, at.viewer.scope)
    numbers = await numbers_of(at.tx, at.viewer.scope, {row.order_id for row in rows})
    sent = {row.session_id: row.taught_by or row.person for row in rows}
    names = await names_for(at.tx, at.text, at.viewer.scope, [one for one in sent.values() if one])
    text = at.text
    head = [
        text("column.when"), text("column.unit"), text("column.person"), text("column.college"), text("column.state"),
        text("hd.present"), text("cf.hours"), text("column.number"),
    ]  # fmt: skip

    def line(row: SessionRow) -> list[Cell]:
        return [
            text.span(row.starts_at, row.ends_at) if row.starts_at and row.ends_at else "—", names.unit(row.unit),
            names.person(sent[row.session_id]), names.organisation(row.held_by or row.college), names.state(row.stands),
            None if row.attended is None else person_times(row), row.class_hours, numbers.get(row.order_id, "—"),
        ]  # fmt: skip

    return excel([Sheet(text("hd.title"), head, [line(row) for row in rows])], text("hd.title"))
