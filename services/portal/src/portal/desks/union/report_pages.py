"""The city's report (U10): every breakdown with the sessions behind its figures, on the page and as a sheet."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from portal.boards.cards import OrderCard
from portal.boards.sessions import SessionRow
from portal.desks.at import AtDesk, Desk
from portal.desks.orders import all_cards, sessions_of
from portal.report import held_sessions, report
from portal.web.names import Names
from portal.web.sheets import Cell, Sheet, excel
from portal.web.viewer import NotForYou
from portal.whose import Whose, whose_people
from servicekit.clock import now
from servicekit.http import Router
from staffing.counting import DIMENSIONS, Figures, HeldSession, by, by_enterprise, count

router = Router(prefix="/report", include_in_schema=False)
By = Literal["", "county", "trade", "level", "programme", "college", "enterprise"]
PARTS = ("county", "trade", "level", "programme", "college", "enterprise")
FIGURES = ("report.sessions_short", "report.person_times", "report.heads", "report.class_hours")


@dataclass(frozen=True)
class PartRow:
    """A line of a breakdown; `share` of the person-times of its largest, in percent."""

    name: str
    url: str
    share: int
    sessions: int
    person_times: int
    heads: int
    class_hours: int


@dataclass(frozen=True)
class Part:
    """A breakdown."""

    code: str
    title: str
    rows: tuple[PartRow, ...]


@dataclass(frozen=True)
class HeldRow:
    """A session that was counted."""

    when: str
    order: str
    number: str
    enterprise: str
    unit: str
    college: str
    person_times: int
    class_hours: int


@router.get("")
async def show_report(at: Desk) -> Response:
    """Every figure of the season, and the breakdowns."""
    _only_all(at)
    return await at.page(
        "report.html", figures=await report(at.tx, at.viewer.scope), parts=await _parts(at),
        as_of=at.text.moment(await now(at.tx)),
    )  # fmt: skip


@router.get("/list.xlsx")
async def download_report(at: Desk) -> Response:
    """A sheet for each breakdown, and one of the sessions."""
    _only_all(at)
    text = at.text
    head = [text("report.place"), *(text(key) for key in FIGURES)]
    sheets = [
        Sheet(
            part.title,
            head,
            [[r.name, r.sessions, r.person_times, r.heads, r.class_hours] for r in part.rows],
        )
        for part in await _parts(at)
    ]
    told = ("column.when", "column.number", "column.enterprise", "column.unit", "column.college")
    columns = [text(key) for key in (*told, "report.person_times", "report.class_hours")]
    rows: list[Sequence[Cell]] = [
        [r.when, r.number, r.enterprise, r.unit, r.college, r.person_times, r.class_hours]
        for r in await _held(at, "", "")
    ]
    return excel([*sheets, Sheet(text("report.rows"), columns, rows)], text("report.title"))


@router.get("/rows")
async def show_rows(at: Desk, *, by: By = "", of: Annotated[str, Query(max_length=60)] = "") -> Response:
    """The sessions behind a figure."""
    _only_all(at)
    names = await at.names()
    return await at.page(
        "report_rows.html", rows=await _held(at, by, of), name=_called(names)[by](of) if by else ""
    )


def _only_all(at: AtDesk) -> None:
    if not at.viewer.scope.everything:
        raise NotForYou("error.forbidden")


async def _parts(at: AtDesk) -> list[Part]:
    cards, names = await _cards(at), await at.names()
    special = {card.order_id for card in cards.values() if card.special}
    whose = await whose_people(at.tx, at.viewer.scope)
    held = await held_sessions(at.tx, at.viewer.scope, special, whose)
    return [_part(name, _groups(name, held, cards, whose), names) for name in PARTS]


def _groups(
    name: str, held: Iterable[HeldSession], cards: Mapping[UUID, OrderCard], whose: Whose
) -> Mapping[str, Figures]:
    """Of a joint order each enterprise has its own people."""
    if name == "enterprise":
        return by_enterprise(held, whose.joint)
    return by(held, DIMENSIONS[name] if name in DIMENSIONS else lambda one: _programme(one, cards))


def _programme(one: HeldSession, cards: Mapping[UUID, OrderCard]) -> str | None:
    card = cards.get(one.order_id)
    return card.programme if card else None


def _part(name: str, found: Mapping[str, Figures], names: Names) -> Part:
    most = max((figures.person_times for figures in found.values()), default=0)
    return Part(
        name,
        names.text(f"report.{name}"),
        tuple(
            PartRow(
                name=_called(names)[name](code),
                url=f"/report/rows?{urlencode({'by': name, 'of': code})}",
                share=100 * figures.person_times // most if most else 0,
                sessions=figures.sessions,
                person_times=figures.person_times,
                heads=figures.heads,
                class_hours=figures.class_hours,
            )
            for code, figures in found.items()
        ),
    )


async def _held(at: AtDesk, name: str, of: str) -> list[HeldRow]:
    """Those that were closed, in time, with the person-times that count for the figure."""
    cards, names = await _cards(at), await at.names()
    whose = await whose_people(at.tx, at.viewer.scope)
    held = await held_sessions(at.tx, at.viewer.scope, set(), whose)
    counted = {one.session_id: _counted(name, of, one, cards, whose) for one in held}
    rows = await sessions_of(at.tx, at.viewer.scope, sorted({one.order_id for one in held}))
    return [
        _row(row, figures.person_times, cards, names)
        for row in rows
        if (figures := counted.get(row.session_id)) is not None
    ]


def _counted(
    name: str, of: str, one: HeldSession, cards: Mapping[UUID, OrderCard], whose: Whose
) -> Figures | None:
    """What the session adds to the figure: of a joint order the enterprise's own people; nothing = it is no part."""
    return _groups(name, [one], cards, whose).get(of) if name else count([one])


def _row(row: SessionRow, person_times: int, cards: Mapping[UUID, OrderCard], names: Names) -> HeldRow:
    card = cards.get(row.order_id)
    return HeldRow(
        when=names.text.span(row.starts_at, row.ends_at) if row.starts_at and row.ends_at else "—",
        order=str(row.order_id),
        number=card.number if card else "—",
        enterprise=names.organisation(row.enterprise_id, card.enterprise_name if card else None),
        unit=names.unit(row.unit),
        college=names.organisation(row.held_by),
        person_times=person_times,
        class_hours=row.class_hours,
    )


async def _cards(at: AtDesk) -> dict[UUID, OrderCard]:
    return {card.order_id: card for card in await all_cards(at.tx, at.viewer.scope)}


def _called(names: Names) -> dict[str, Callable[[str], str]]:
    """Names instead of codes."""

    def programme(code: str) -> str:
        row = names.programmes.programmes.get(code)
        return (row.name_en if names.text.language == "en" else row.name_zh) if row else code

    return {
        "county": names.division, "trade": names.occupation, "level": names.level_whole, "college": names.organisation,
        "enterprise": names.organisation,
        "programme": programme,
    }  # fmt: skip
