"""Answers collected on paper: the sheet is looked at, shown, and taken as a whole."""

from collections.abc import Mapping
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from portal.desks.asking import INTAKE
from portal.desks.at import AtDesk, Desk, Wrong
from portal.desks.surveys import shown
from portal.desks.surveys.asked import LookedSeen, PaperAnswerSeen, RowState, TakenSeen
from portal.desks.surveys.pages import page_of, read_round
from servicekit.http import Router, takes_up_to, without_key

router = Router(prefix="/surveys/{survey}/paper", include_in_schema=False)
MOST_BYTES = 12 * 1024 * 1024
"""A form with a sheet of 10 MB in it."""
TAKEN = frozenset({"new", "changed"})
"""States of rows from which something would follow."""
MOST_SHOWN = 300
"""Rows of a kind on the page."""
KINDS: Mapping[RowState, str] = {
    "new": "green", "changed": "violet", "meanwhile": "amber", "same": "", "refused": "red",
}  # fmt: skip
ANSWERS: TypeAdapter[list[PaperAnswerSeen]] = TypeAdapter(list[PaperAnswerSeen])


@router.post("")
@without_key  # nothing is kept of it
@takes_up_to(MOST_BYTES)
async def look_at_sheet(at: Desk, survey: UUID) -> Response:
    """What a sheet holds: each row with what would become of it."""
    at.only("union")
    form = await at.request.form()
    if wrong := await at.once(str(form.get("key", ""))):
        return await page_of(at, survey, wrong)
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return await page_of(at, survey, Wrong(at.text("survey.no_file"), 422))
    sent = (file.filename, await file.read())
    looked = await at.ask(INTAKE, f"/surveys/{survey}/paper/look", LookedSeen, file=sent)
    if isinstance(looked, Wrong):
        return await page_of(at, survey, looked)
    return await _preview(at, survey, looked)


@router.post("/take")
@without_key
@takes_up_to(MOST_BYTES)
async def take_sheet(at: Desk, survey: UUID) -> Response:
    """The answers that the preview carried, all of them or none; of those said meanwhile only what was chosen."""
    at.only("union")
    form = await at.request.form()
    key = str(form.get("key", ""))
    if wrong := await at.once(key):
        return await page_of(at, survey, wrong)
    try:
        answers = ANSWERS.validate_json(str(form.get("answers", "")))
    except ValidationError:
        return await page_of(at, survey, Wrong(at.text("survey.sheet_again"), 422))
    over, kept = set(form.getlist("over")), set(str(form.get("meanwhile", "")).split())
    chosen = [each for each in answers if each.enterprise_id not in kept or each.enterprise_id in over]
    if not chosen:
        return await page_of(at, survey, Wrong(at.text("survey.nothing_taken"), 422))
    body = {"answers": [answer.model_dump(exclude_none=True) for answer in chosen]}
    taken = await at.ask(INTAKE, f"/surveys/{survey}/paper/take", TakenSeen, body=body, key=key)
    if isinstance(taken, Wrong):
        return await page_of(at, survey, taken)
    told = f"new={taken.new}&changed={taken.changed}&same={taken.same}"
    return RedirectResponse(f"/surveys/{survey}?{told}", 303)


async def _preview(at: AtDesk, survey: UUID, looked: LookedSeen) -> Response:
    one, names = await read_round(at, survey), await at.names()
    programme = names.programmes.programmes.get(one.survey.programme)
    states = [row.state for row in looked.rows]
    rows = sorted(looked.rows, key=lambda row: (list(KINDS).index(row.state) != len(KINDS) - 1, row.row))
    since = {row.enterprise_id: row.since for row in looked.rows if row.state == "meanwhile"}
    return await at.page(
        "surveys_paper.html", survey=str(survey), name=shown.round_name(one.survey, names),
        counts=[(at.text(f"survey.row.{state}"), states.count(state), kind) for state, kind in KINDS.items()],
        rows=[
            (
                row.row, at.text(f"survey.row.{row.state}"), KINDS[row.state], names.organisation(row.enterprise_id),
                shown.need_view(row.need, programme, names) if row.need else None,
                row.sentences.get(at.text.language, ""),
            )
            for row in rows[:MOST_SHOWN]
        ],
        more=max(0, len(rows) - MOST_SHOWN),
        taken=len({row.enterprise_id for row in looked.rows if row.state in TAKEN}),
        meanwhile=[
            (each, at.text("survey.meanwhile_since", name=names.organisation(each), day=at.text.day(day)) if day
             else at.text("survey.meanwhile_withdrawn", name=names.organisation(each)))
            for each, day in since.items()
        ],
        answers=ANSWERS.dump_json(looked.answers, exclude_none=True).decode(),
    )  # fmt: skip
