"""The union's catalogue (U11): units, filter, gaps, the sheet; and a changed catalogue that is checked."""

from typing import Annotated, Any

from fastapi import Form, Query
from starlette.datastructures import UploadFile
from starlette.responses import Response

from contracts.programme import Unit
from portal.desks.asking import SCHEDULING
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.catalogue import shown
from portal.desks.catalogue.asked import CheckedSeen, UnitSeen
from portal.desks.catalogue.shown import Filter
from portal.known import known
from portal.web.sheets import Sheet, excel
from portal.web.viewer import NotForYou
from servicekit.http import Router, takes_up_to, without_key

router = Router(prefix="/catalogue", include_in_schema=False)
MOST_BYTES = 12 * 1024 * 1024
"""A form with a sheet of 10 MB in it."""
MOST_SHOWN = 200
"""Rows of a kind on the page."""
COLUMNS = tuple(Unit.model_fields)
"""Columns of the catalogue's own file: the sheet can be changed and sent back."""
Word = Annotated[str, Query(max_length=100)]


@router.get("")
async def show_catalogue(
    at: Desk, q: Word = "", occupation: Word = "", level: Word = "", mode: Word = ""
) -> Response:
    """The units that are taught, found by words, occupation, level and way of teaching; and what is missing."""
    return await _page(at, Filter(q.strip(), occupation, level, mode))


@router.get("/list.xlsx")
async def download_catalogue(
    at: Desk, q: Word = "", occupation: Word = "", level: Word = "", mode: Word = ""
) -> Response:
    """The units that the page shows, in the columns of the catalogue's file."""
    at.only("union")
    found, names = await at.read_list(SCHEDULING, "/catalogue", UnitSeen), await at.names()
    if not isinstance(found, list):
        raise NotForYou("error.away")
    wanted = Filter(q.strip(), occupation, level, mode)
    units = known(at.tx).programmes.units
    rows = [
        [getattr(units[unit.unit], column) for column in COLUMNS]
        for unit in found
        if unit.unit in units and wanted.takes(unit, names)
    ]
    return excel([Sheet(at.text("catalogue.title"), COLUMNS, rows)], at.text("catalogue.title"))


@router.get("/programmes")
async def show_programmes(at: Desk) -> Response:
    """What each programme offers: services, levels with their parts and marks, limits, subsidies with sources."""
    at.only("union")
    names, programmes = await at.names(), known(at.tx).programmes
    return await at.page(
        "catalogue_programmes.html",
        programmes=[_programme(at, code) for code in programmes.programmes],
        allowances=_allowances(at), levels=[names.level(code) for code in _allowance_levels(at)],
    )  # fmt: skip


@router.post("/check")
@without_key  # nothing is kept of it
@takes_up_to(MOST_BYTES)
async def check_catalogue(at: Desk) -> Response:
    """A changed catalogue row by row, else what would be different; nothing is put in force."""
    at.only("union")
    form = await at.request.form()
    if wrong := await at.once(str(form.get("key", ""))):
        return await _page(at, Filter(), wrong)
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return await _page(at, Filter(), Wrong(at.text("survey.no_file"), 422))
    sent = (file.filename, await file.read())
    found = await at.ask(SCHEDULING, "/catalogue/check", CheckedSeen, file=sent)
    if isinstance(found, Wrong):
        return await _page(at, Filter(), found)
    return await _checked(at, found)


@router.post("/checked.csv")
@without_key
async def download_checked(
    at: Desk, *, file: Annotated[str, Form(max_length=2_000_000)], key: Key
) -> Response:
    """The checked catalogue as the file that a service is started with."""
    at.only("union")
    if wrong := await at.once(key):
        return await _page(at, Filter(), wrong)
    headers = {"content-disposition": "attachment; filename=catalogue.csv", "cache-control": "no-store"}
    content = file.replace("\r\n", "\n").encode()
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


async def _page(at: AtDesk, wanted: Filter, wrong: Wrong | None = None) -> Response:
    at.only("union")
    found, names = await at.read_list(SCHEDULING, "/catalogue", UnitSeen), await at.names()
    units = found if isinstance(found, list) else []
    programmes = known(at.tx).programmes
    programme = next(iter(programmes.programmes.values()))
    views = [shown.unit_view(unit, names) for unit in units if wanted.takes(unit, names)]
    rows = shown.coverage(units, programmes, programme, names) if units else []
    return await at.page(
        "catalogue.html", wrong=wrong, away=not isinstance(found, list), units=views, total=len(units), wanted=wanted,
        query=at.request.url.query, occupations=shown.occupations_of(units, names),
        levels=[(code, names.level(code)) for code in programme.levels],
        modes=[(code, at.text(f"catalogue.mode.{code}")) for code in sorted({unit.mode for unit in units})],
        rows=rows, gaps=sum(row.gaps for row in rows),
    )  # fmt: skip


async def _checked(at: AtDesk, found: CheckedSeen) -> Response:
    names, english = await at.names(), at.text.language == "en"

    def called(name_zh: str, name_en: str) -> str:
        return name_en if english else name_zh

    return await at.page(
        "catalogue_check.html", found=found,
        wrong_rows=[
            (at.text("catalogue.row", n=one.row) if one.row else at.text("catalogue.whole"), one.field,
             one.sentences[at.text.language])
            for one in found.wrong[:MOST_SHOWN]
        ],
        added=[
            (unit.code, called(unit.name_zh, unit.name_en),
             f"{names.occupation(unit.occupation)} {names.level(unit.level)}",
             at.text("catalogue.hours", count=unit.class_hours))
            for unit in found.added[:MOST_SHOWN]
        ],
        gone=[(unit.code, called(unit.name_zh, unit.name_en)) for unit in found.gone[:MOST_SHOWN]],
        changed=[(one.unit, names.unit(one.unit), sorted(one.fields.items())) for one in found.changed[:MOST_SHOWN]],
        touched=[
            (one.number, str(one.order_id), names.organisation(one.enterprise_id, one.enterprise_name),
             at.text.or_code("scheme_state", one.state), [names.unit(unit) for unit in one.units])
            for one in found.touched[:MOST_SHOWN]
        ],
    )  # fmt: skip


def _programme(at: AtDesk, code: str) -> dict[str, Any]:
    """A programme with its words and figures."""
    programmes = known(at.tx).programmes
    one, text, english = programmes.programmes[code], at.text, at.text.language == "en"
    levels = [programmes.levels[level] for level in one.levels]
    return {
        "code": code,
        "name": one.name_en if english else one.name_zh,
        "source": _source(at, one.source),
        "services": text.joined(text(f"service_line.{service}") for service in one.services),
        "modes": text.joined(text(f"catalogue.mode.{mode}") for mode in one.modes),
        "levels": [
            (level.name_en if english else level.name_zh,
             text.joined(text(f"part.{part}") for part in level.parts),
             str(level.pass_mark) if level.pass_mark is not None else "—", _source(at, level.source))
            for level in levels
        ],
        "figures": [
            (text(f"catalogue.figure.{name}"), f"{figure.value:,}", text(f"catalogue.unit.{name}"),
             _source(at, figure.source))
            for name in ("class_size_max", "sessions_per_week", "notice_days", "offer_answer_hours", "naming_hours",
                         "dispute_hours", "order_answer_working_days")
            for figure in [getattr(one, name)]
        ],
    }  # fmt: skip


def _allowance_levels(at: AtDesk) -> list[str]:
    allowances = known(at.tx).programmes.rules.subsidy.certificate_allowance_yuan.values()
    named = {level for each in allowances for level in each.amounts}
    return [level for level in known(at.tx).programmes.levels if level in named]


def _allowances(at: AtDesk) -> list[dict[str, Any]]:
    """What a certificate brings, by the place whose notice says so."""
    subsidy = known(at.tx).programmes.rules.subsidy
    return [
        {
            "place": at.text.or_code("catalogue.place", place),
            "ours": place == subsidy.place.value,
            "amounts": [
                at.text("catalogue.yuan", amount=f"{each.amounts[level]:,}") if level in each.amounts else "—"
                for level in _allowance_levels(at)
            ],
            "source": _source(at, each.source),
            "note": each.note or "",
        }
        for place, each in subsidy.certificate_allowance_yuan.items()
    ]


def _source(at: AtDesk, source: str) -> str:
    return at.text.or_code("catalogue.source", source.replace(" ", "_"))
