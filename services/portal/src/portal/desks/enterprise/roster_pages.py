"""The import of a roster: each row explained, mended in place, and nothing kept before it is taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Form
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from portal.desks.asking import INTAKE
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.enterprise import carried
from portal.desks.enterprise.asked import (
    DRAFTED,
    FIELDS,
    TAKEN,
    ColumnSeen,
    OrderSeen,
    RosterSeen,
    RowSeen,
    SheetSeen,
)
from portal.desks.enterprise.carried import Carried
from portal.desks.enterprise.on_line import on_line
from portal.desks.enterprise.orders import MOST_BYTES, of_the_enterprise
from portal.web.names import Names
from portal.web.sheets import Sheet, excel
from portal.web.viewer import NotForYou
from servicekit.http import Router, takes_up_to, without_key

router = Router(include_in_schema=False)
MOST_FIELDS = 12_000
MOST_SHOWN = 200
"""Rows of a kind on the page; the Excel file of the rest has all."""
LOOKED_BYTES = 6 * 1024 * 1024
Line = Annotated[int, Form(ge=1, le=99)]


@dataclass(frozen=True)
class RowView:
    """A row that is not simply taken: its cells as they can be mended, and why."""

    row: int
    cells: tuple[tuple[str, str], ...]
    """Field and what stands there."""
    why: tuple[str, ...]
    hidden: bool
    who: str


@dataclass(frozen=True)
class Looked:
    """A roster that is looked at."""

    total: int
    taken: int
    mended: int
    refused: tuple[RowView, ...]
    double: tuple[RowView, ...]
    changed: tuple[RowView, ...]
    """Mended at sight, shown what."""
    hidden: int
    more: int
    """Rows that need somebody and are not on the page."""
    sheet: str
    """All rows, as the page carries them."""


@router.get("/orders/{order}/lines/{line}/roster")
async def show_roster(at: Desk, order: str, line: int) -> Response:
    """What a roster looks like, and where it is sent from."""
    return await _page(at, await _open(at, order, line), line)


@router.post("/orders/{order}/lines/{line}/roster")
@without_key  # nothing is kept of it
@takes_up_to(MOST_BYTES)
async def send_roster(at: Desk, order: str, line: int) -> Response:
    """Look at a file, with the columns as somebody said or as they are guessed."""
    seen = await _open(at, order, line)
    form = await at.request.form()
    chosen = {field: str(form.get(f"c.{field}", "")) for field in FIELDS}
    columns = ",".join(f"{field}:{column}" for field, column in chosen.items() if column.isdecimal())
    if wrong := await at.once(str(form.get("key", ""))):
        return await _page(at, seen, line, wrong=wrong)
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return await _page(at, seen, line, wrong=Wrong(at.text("rs.no_file"), 422))
    return await look_at_file(at, seen, line, file, columns)


@router.post("/orders/{order}/lines/{line}/roster/look")
@without_key  # nothing is kept of it
@takes_up_to(LOOKED_BYTES)
async def look_again(at: Desk, order: str, line: int) -> Response:
    """What would become of the rows as they were mended: the changing part of the page, or the page."""
    seen = await _open(at, order, line)
    rows = await _mended(at)
    told = await _looked(at, seen, line, rows)
    if "hx-request" not in at.request.headers:
        return await _page(at, seen, line, told)
    wrong = told.text if isinstance(told, Wrong) else ""
    shown = None if isinstance(told, Wrong) else told
    return at.part(
        "enterprise_roster_part.html", looked=shown, wrong=wrong, order=seen, line=line, fields=FIELDS
    )


@router.post("/orders/{order}/lines/{line}/roster/take")
@without_key  # the form has a one-time key of its own
@takes_up_to(LOOKED_BYTES)
async def take(at: Desk, order: str, line: int) -> Response:
    """The good rows stand on the line; when fewer are good than the button said, the page says so first."""
    seen = await _open(at, order, line)
    rows = await _mended(at)
    form = await at.request.form(max_fields=MOST_FIELDS)
    key, said = str(form.get("key", "")), str(form.get("taken", ""))
    told = await _looked(at, seen, line, rows)
    if isinstance(told, Wrong) or (wrong := await at.once(key)):
        return await _page(at, seen, line, told, wrong=None if isinstance(told, Wrong) else wrong)
    if not told.taken or (said.isdecimal() and told.taken < int(said)):
        return await _page(
            at, seen, line, told, wrong=Wrong(at.text("rs.fewer", taken=told.taken, said=said or 0), 409)
        )
    way = f"/orders/{seen.order_id}/lines/{line}/roster/take"
    done = await at.ask(INTAKE, way, RosterSeen, body=carried.body_of(rows), key=key)
    if isinstance(done, Wrong):
        return await _page(at, seen, line, told, wrong=done)
    place = f"/orders/{seen.order_id}/edit?done=taken&line={line}&taken={done.taken}&of={told.total}"
    return RedirectResponse(place, 303)


@router.post("/orders/{order}/lines/{line}/roster/rest.xlsx")
@without_key  # nothing is kept of it
@takes_up_to(LOOKED_BYTES)
async def save_rest(at: Desk, order: str, line: int) -> Response:
    """The rows that are not taken, with why not in a column of their own."""
    seen = await _open(at, order, line)
    rows = await _mended(at)
    answer = await _judged(at, seen, line, rows)
    if isinstance(answer, Wrong):
        return await _page(at, seen, line, answer)
    cells = {number: values for number, values, _ in rows}
    rest: list[tuple[str | int, ...]] = [
        (each.row, *map(carried.shown, cells[each.row]), at.text.joined(_why(each, at)))
        for each in answer.rows if each.state not in {"taken", "mended"}
    ]  # fmt: skip
    head = [at.text("rs.row"), *(at.text(f"rs.field.{field}") for field in FIELDS), at.text("rs.why")]
    name = at.text("rs.rest_name", number=seen.number)
    return excel([Sheet(name, head, rest, typed_as_text=True)], name)


@router.post("/orders/{order}/lines/{line}/roster/undo")
@without_key  # the form has a one-time key of its own
async def undo(at: Desk, order: str, line: int, *, key: Key) -> Response:
    """The last import is taken back as a whole."""
    seen = await _open(at, order, line)
    if wrong := await at.act(key, INTAKE, f"/orders/{seen.order_id}/lines/{line}/roster/undo"):
        return await _page(at, seen, line, wrong=wrong)
    return RedirectResponse(f"/orders/{seen.order_id}/edit?done=undone&line={line}", 303)


@router.get("/roster-template.xlsx")
async def save_template(at: Desk) -> Response:
    """An empty roster: the headings, and three rows that show how they are filled in."""
    at.only("enterprise")
    head = [at.text(f"rs.field.{field}") for field in FIELDS]
    name = at.text("rs.template_name")
    rows = samples(at, await at.names())
    return excel([Sheet(name, head, rows, typed_as_text=True)], name)


async def look_at_file(
    at: AtDesk, seen: OrderSeen, line: int, file: UploadFile, columns: str = "", others: Sequence[int] = ()
) -> Response:
    """A file as it was sent, each row explained; `others`: lines whose files were sent with it and are not read."""
    way = f"/orders/{seen.order_id}/lines/{line}/roster/sheet{f'?columns={columns}' if columns else ''}"
    answer = await at.ask(INTAKE, way, SheetSeen, file=(file.filename or "", await file.read()))
    if isinstance(answer, Wrong):
        return await _page(at, seen, line, wrong=Wrong(answer.text, 422), others=others)
    told = _shown(answer.rows, carried.carried(answer.rows), at)
    return await _page(at, seen, line, told, columns=answer.columns, others=others)


def samples(at: AtDesk, said: Names) -> list[tuple[str, ...]]:
    """How a row looks; no number's check sum is right, so that nobody is taken of rows that are left in."""
    people = [at.text(f"rs.sample.{n}") for n in (1, 2, 3)]
    numbers = ("350402199001010016", "350402198506150037", "35040219920320004X")
    levels = (said.level("L5"), "", said.level("L4"))
    return [(name, number, "A", years, level) for name, number, years, level in zip(
        people, numbers, ("8", "12", ""), levels, strict=True
    )]  # fmt: skip


async def _open(at: AtDesk, order: str, line: int) -> OrderSeen:
    seen = await of_the_enterprise(at, order)
    if seen.state not in DRAFTED | TAKEN or line not in {one.line for one in seen.on_desk}:
        raise NotForYou("error.not_found")
    return seen


async def _mended(at: AtDesk) -> list[Carried]:
    form = await at.request.form(max_fields=MOST_FIELDS)
    told = {name: value for name, value in form.items() if isinstance(value, str)}
    return carried.mended(carried.unpacked(told.get("sheet", "")), told)


async def _judged(at: AtDesk, seen: OrderSeen, line: int, rows: list[Carried]) -> RosterSeen | Wrong:
    way = f"/orders/{seen.order_id}/lines/{line}/roster/look"
    return await at.ask(INTAKE, way, RosterSeen, body=carried.body_of(rows))


async def _looked(at: AtDesk, seen: OrderSeen, line: int, rows: list[Carried]) -> Looked | Wrong:
    answer = await _judged(at, seen, line, rows)
    return answer if isinstance(answer, Wrong) else _shown(answer.rows, rows, at)


def _shown(rows: list[RowSeen], all_rows: list[Carried], at: AtDesk) -> Looked:
    cells = {number: (values, hidden) for number, values, hidden in all_rows}
    by_state: dict[str, list[RowView]] = {"taken": [], "mended": [], "refused": [], "double": []}
    for row in rows:
        values, hidden = cells[row.row]
        by_state[row.state].append(
            RowView(
                row.row, tuple(zip(FIELDS, map(carried.shown, values), strict=True)), tuple(_why(row, at)), hidden,
                " ".join(part for part in (row.masked_name, row.masked) if part),
            )
        )  # fmt: skip
    return Looked(
        total=len(rows),
        taken=len(by_state["taken"]) + len(by_state["mended"]),
        mended=len(by_state["mended"]),
        refused=tuple(by_state["refused"][:MOST_SHOWN]),
        double=tuple(by_state["double"][:MOST_SHOWN]),
        changed=tuple(by_state["mended"][:MOST_SHOWN]),
        hidden=sum(hidden for _, _, hidden in all_rows),
        more=max(0, len(by_state["refused"]) - MOST_SHOWN),
        sheet=carried.packed(all_rows),
    )


def _why(row: RowSeen, at: AtDesk) -> list[str]:
    return [said.get(at.text.language, "") for said in row.sentences]


async def _page(
    at: AtDesk,
    seen: OrderSeen,
    line: int,
    looked: Looked | Wrong | None = None,
    *,
    wrong: Wrong | None = None,
    columns: list[ColumnSeen] | None = None,
    others: Sequence[int] = (),
) -> Response:
    if isinstance(looked, Wrong):
        looked, wrong = None, looked
    names = await at.names()
    one = next(each for each in seen.on_desk if each.line == line)
    words = [at.text(f"service_line.{one.service}"), names.occupation(one.occupation)]
    what = " ".join([*words, names.level(one.level)] if one.level else words)
    same = None if one.people else next((each for each in seen.on_desk if each.people), None)
    return await at.page(
        "enterprise_roster.html", wrong=wrong, order=seen, line=line, what=what, looked=looked, fields=FIELDS,
        columns=[_masked(one) for one in columns or []], standing=one.people, samples=samples(at, names), others=others,
        people=await on_line(at, seen, line) if one.people and looked is None else None,
        same=same, lies=f"/orders/{seen.order_id}/lines/{line}/roster",
    )  # fmt: skip


def _masked(one: ColumnSeen) -> ColumnSeen:
    """A column's samples; of ID numbers no more than the last four characters."""
    if one.field != "id_number":
        return one
    return one.model_copy(
        update={"samples": ["*" * max(len(each) - 4, 0) + each[-4:] for each in one.samples]}
    )
