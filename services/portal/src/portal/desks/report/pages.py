"""The city's report (U10): its figures by every cut, charts and a map, and the rows behind each figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from contracts.refusals import Invalid
from portal.desks.aftercare.pages import rounds_of
from portal.desks.aftercare.shown import rate_of
from portal.desks.asking import EVALUATION
from portal.desks.at import AtDesk, Desk, Wrong
from portal.desks.places.drawn import Drive, Houses, Spot
from portal.desks.places.read import houses_of
from portal.desks.places.shown import MapView, map_view
from portal.desks.report.charts import charts_of
from portal.desks.report.counted import Counted, cut, held_at_works, only, part_of, sums
from portal.desks.report.figures import called, parts_of, query_of, said, whole_of
from portal.desks.report.period import Period, period, usual
from portal.desks.report.read import counted
from portal.desks.report.rows import What, rows_behind
from portal.desks.report.session import SheetSeen, acts_of, session_of
from portal.desks.report.sheets import sheet_of, sheets_of
from portal.known import known
from portal.web.names import Names
from portal.web.sheets import excel
from portal.web.usual import usual as usual_word
from portal.web.viewer import NotForYou
from servicekit.clock import now
from servicekit.http import Router
from staffing.subsidies import certificate_allowance

router = Router(prefix="/report", include_in_schema=False)
By = Annotated[
    Literal["", "county", "trade", "level", "programme", "month", "college", "enterprise"], usual_word("")
]
One = Annotated[UUID | None, usual_word(None)]
Which = Annotated[What, usual_word("sessions")]
Typed = Annotated[str, Query(max_length=40)]
Of = Annotated[str, Query(max_length=60)]
ALL: tuple[What, ...] = ("sessions", "planned", "heads", "specials", "certificates")


@dataclass(frozen=True)
class Usual:
    """A period that is asked for often."""

    text: str
    url: str
    current: bool


@router.get("")
async def show_report(at: Desk, first: Typed = "", last: Typed = "") -> Response:
    """Every figure of the period, by every cut."""
    _only_all(at)
    asked, wrong = _period(at, first, last)
    found, names, present = await counted(at.tx, at.viewer.scope, asked), await at.names(), await now(at.tx)
    parts = parts_of(found, asked, names)
    today = present.astimezone(at.text.zone).date()
    rounds = await rounds_of(at, asked) if "union" in at.viewer.account.roles else None
    return await at.page(
        "report.html", wrong=wrong, first=first, last=last, query=query_of(asked),
        whole=whole_of(found, asked), parts=parts, charts=charts_of(parts, at.text),
        usual=[
            Usual(at.text(f"report.usual.{name}"), f"/report?{query_of(one)}", one == asked and not wrong)
            for name, one in usual(today).items()
        ],
        map=_map(found, asked, await houses_of(at.tx, at.viewer.scope), names),
        rate=rate_of(rounds) if rounds is not None else None, sources=_sources(at), as_of=at.text.moment(present),
    )  # fmt: skip


@router.get("/list.xlsx")
async def download_report(at: Desk, first: Typed = "", last: Typed = "") -> Response:
    """A sheet of the whole, one for each cut, and one for each kind of rows; a period that cannot be is refused."""
    _only_all(at)
    asked = period(first, last)
    found, names = await counted(at.tx, at.viewer.scope, asked), await at.names()
    rows = [sheet_of(rows_behind(what, found, names), at.text(f"report.rows.{what}")) for what in ALL]
    sheets = sheets_of(whole_of(found, asked), parts_of(found, asked, names), rows, at.text)
    return excel(sheets, at.text("report.title"))


@router.get("/rows")
async def show_rows(
    at: Desk, *, what: Which = "sessions", by: By = "", of: Of = "", first: Typed = "", last: Typed = "",
    worker: One = None, order: One = None,
) -> Response:  # fmt: skip
    """What a figure was counted from; of one worker or one special session the sessions alone."""
    _only_all(at)
    asked, wrong = _period(at, first, last)
    names = await at.names()
    part = part_of(by, of, await counted(at.tx, at.viewer.scope, asked))
    more = {"by": by, "of": of} if by else {}
    here = query_of(asked, **more)
    more |= {name: str(one) for name, one in (("worker", worker), ("order", order)) if one}
    if worker or order:
        part = only(part, worker=worker, order=order)
    name = called(names)[by](of) if by and of else ""
    whose = at.text("report.worker_of", number=str(worker)[-6:]) if worker else ""
    return await at.page(
        "report_rows.html", wrong=wrong, what=what, shown=rows_behind(what, part, names, here),
        name=at.text.listed(each for each in (name, whose) if each), query=query_of(asked),
        excel=f"/report/rows.xlsx?{query_of(asked, what=what, **more)}", period=_said(asked, at),
    )  # fmt: skip


@router.get("/rows.xlsx")
async def download_rows(
    at: Desk, *, what: Which = "sessions", by: By = "", of: Of = "", first: Typed = "", last: Typed = "",
    worker: One = None, order: One = None,
) -> Response:  # fmt: skip
    """The same as a sheet, refused likewise."""
    _only_all(at)
    asked = period(first, last)
    part = part_of(by, of, await counted(at.tx, at.viewer.scope, asked))
    if worker or order:
        part = only(part, worker=worker, order=order)
    title = at.text(f"report.rows.{what}")
    return excel([sheet_of(rows_behind(what, part, await at.names()), title)], title)


@router.get("/sessions/{session}")
async def show_session(at: Desk, session: UUID) -> Response:
    """A session with each sign-in that was counted; how somebody signed in is evaluation's to say, to the union."""
    _only_all(at)
    row = await session_of(at.tx, at.viewer.scope, session)
    if row is None:
        raise NotForYou("error.not_found")
    found = await at.read(EVALUATION, f"/sessions/{session}", SheetSeen)
    sheet = found if isinstance(found, SheetSeen) else None
    return await at.page("report_session.html", one=acts_of(row, sheet, await at.names()))


def _only_all(at: AtDesk) -> None:
    if not at.viewer.scope.everything:
        raise NotForYou("error.forbidden", roles=("union", "administrator"))


def _period(at: AtDesk, first: str, last: str) -> tuple[Period, Wrong | None]:
    """What was asked for; everything, and why, when it cannot be meant."""
    try:
        return period(first, last), None
    except Invalid as wrong:
        return Period(), Wrong(at.text.sentence(wrong.code, wrong.parameters), wrong.status)


def _said(asked: Period, at: AtDesk) -> str:
    if asked == Period():
        return at.text("report.usual.all")
    days = {"first": asked.first or "…", "last": asked.last or "…"}
    return at.text("report.days", **days)


def _map(found: Counted, asked: Period, houses: Houses, names: Names) -> MapView:
    """Sessions at works by place, and who drove there: what was online was nowhere."""
    text = names.text
    parts = {code: sums(part).sessions for code, part in cut("county", held_at_works(found)).items()}
    of = {code: query_of(asked, what="onsite", by="county", of=code) for code in parts}
    spots = {
        code: Spot(held, text("report.held_there", count=held), f"/report/rows?{of[code]}")
        for code, held in parts.items()
        if held
    }
    return map_view(
        text("report.map"),
        text("report.whole.onsite"),
        spots,
        _drives(found, houses.colleges),
        houses,
        names,
    )


def _drives(found: Counted, colleges: Mapping[str, str]) -> list[Drive]:
    drives: dict[tuple[str, str], int] = {}
    for one in found.taught:
        if one.onsite and one.held.college in colleges:
            way = (str(one.held.college), one.held.division)
            drives[way] = drives.get(way, 0) + 1
    return [Drive(colleges[college], to, college, sessions) for (college, to), sessions in drives.items()]


def _sources(at: AtDesk) -> dict[str, str]:
    """Where the yuan come from."""
    programmes = known(at.tx).programmes
    funding = programmes.rules.funding
    rates = {
        level: allowance.yuan
        for level in programmes.levels
        if (allowance := certificate_allowance(level, programmes)) is not None
    }
    return {
        "fee": said(funding.lecture_fee_yuan_per_class_hour.value),
        "way": said(funding.travel_yuan_per_onsite_session.value),
        "rates": at.text.joined(f"{code} {said(yuan)}" for code, yuan in rates.items()),
    }
