"""An enterprise's surveys (P3): a short form, mended until the round ends, and what became of it. No script needed."""

from collections.abc import Sequence
from uuid import UUID

from starlette.responses import RedirectResponse, Response

from portal.desks.asking import INTAKE
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.enterprise.typed import occupation_option
from portal.desks.surveys import shown, typed
from portal.desks.surveys.asked import DraftSeen, OwnSurveySeen
from portal.desks.surveys.typed import TypedNeed
from portal.known import known
from portal.web.viewer import NotForYou
from servicekit.clock import today
from servicekit.http import Router, without_key

router = Router(prefix="/survey", include_in_schema=False)
OWN = "/surveys/mine"


@router.get("")
async def show_own(at: Desk) -> Response:
    """What is asked of the enterprise now, and what it answered before."""
    at.only("enterprise")
    found = await at.read_list(INTAKE, OWN, OwnSurveySeen)
    names, day = await at.names(), await today(at.tx)
    rows = [(one, shown.own_state(one, day)) for one in found] if isinstance(found, list) else []
    return await at.page(
        "survey_own.html", away=not isinstance(found, list),
        rows=[
            (str(one.survey_id), _name(at, one), shown.programme_name(one.programme, names), _until(at, one),
             at.text(f"survey.own.{state}"), kind, state, one.reminded)
            for one, (state, kind) in sorted(rows, key=lambda row: row[1][0] != "wanted")
        ],
    )  # fmt: skip


@router.get("/{survey}")
async def show_form(at: Desk, survey: UUID) -> Response:
    """The form, with what was answered."""
    return await _page(at, await _own(at, survey))


@router.post("/{survey}")
@without_key  # the form has a one-time key of its own
async def send(at: Desk, survey: UUID) -> Response:
    """An answer, or another in its place; what is missing is told at its field and what was typed stays."""
    one = await _own(at, survey)
    form = {name: value for name, value in (await at.request.form()).multi_items() if isinstance(value, str)}
    needs, programmes = typed.needs_of(form), known(at.tx).programmes
    if wrong := await at.once(form.get("key", "")):
        return await _page(at, one, wrong, needs)
    if missing := typed.wanting(needs, programmes, at.text):
        incomplete = Wrong(at.text("survey.incomplete", count=len(missing)), 422)
        return await _page(at, one, incomplete, needs, missing)
    body: dict[str, object] = {"needs": typed.body_of(needs, programmes)}
    path, method = f"/surveys/{survey}/answers", "POST"
    if one.answer is None:
        body |= {"enterprise_id": at.organisation, "person_times": 1}
    else:
        path, method = f"{path}/{at.organisation}", "PUT"
    if wrong := await at.go_on(form["key"], INTAKE, path, body, method=method):
        return await _page(at, one, wrong, needs)
    return RedirectResponse(f"/survey/{survey}?done=1", 303)


@router.post("/{survey}/withdraw")
@without_key
async def withdraw(at: Desk, survey: UUID, *, key: Key) -> Response:
    """The answer is taken back; the form is there for another one."""
    one = await _own(at, survey)
    path = f"/surveys/{survey}/answers/{at.organisation}/withdraw"
    if wrong := await at.act(key, INTAKE, path):
        return await _page(at, one, wrong)
    return RedirectResponse(f"/survey/{survey}?withdrawn=1", 303)


@router.post("/{survey}/order")
@without_key
async def make_order(at: Desk, survey: UUID, *, key: Key) -> Response:
    """The answer becomes a draft order, which is opened."""
    one = await _own(at, survey)
    if wrong := await at.once(key):
        return await _page(at, one, wrong)
    path = f"/surveys/{survey}/answers/{at.organisation}/order"
    made = await at.ask(INTAKE, path, DraftSeen, body={}, key=key)
    if isinstance(made, Wrong):
        return await _page(at, one, made)
    return RedirectResponse(f"/orders/{made.order_id}/edit", 303)


async def _own(at: AtDesk, survey: UUID) -> OwnSurveySeen:
    at.only("enterprise")
    found = await at.read_list(INTAKE, OWN, OwnSurveySeen)
    if not isinstance(found, list):
        raise NotForYou("error.away")
    one = next((each for each in found if each.survey_id == survey), None)
    if one is None:
        raise NotForYou("error.not_found")
    return one


async def _page(
    at: AtDesk,
    one: OwnSurveySeen,
    wrong: Wrong | None = None,
    needs: Sequence[TypedNeed] | None = None,
    missing: Sequence[tuple[str, str]] = (),
) -> Response:
    names, day, programmes = await at.names(), await today(at.tx), known(at.tx).programmes
    programme, english = programmes.programmes.get(one.programme), at.text.language == "en"
    state, kind = shown.own_state(one, day)
    answered = typed.shown_again(one.answer.needs, programmes, english=english) if one.answer else []
    return await at.page(
        "survey_form.html", wrong=wrong, missing=missing, at_fault={field for field, _ in missing},
        survey=str(one.survey_id), name=_name(at, one), programme=shown.programme_name(one.programme, names),
        until=_until(at, one), state=at.text(f"survey.own.{state}"), kind=kind, done="done" in at.request.query_params,
        withdrawn="withdrawn" in at.request.query_params and one.answer is None,
        open=shown.state_of(one.open, one.closes_on, day)[0] == "open", reminded=one.reminded,
        answer=shown.answer_view(one.answer, programme, names) if one.answer else None,
        noted=one.answer is not None and one.answer.noted_by_union,
        order=f"/orders/{one.answer.order_id}/edit" if one.answer and one.answer.order_id else "",
        needs=list(needs) if needs is not None else typed.with_room(answered),
        services=[(code, at.text(f"service_line.{code}")) for code in programme.services] if programme else [],
        levels=[(code, names.level_whole(code)) for code in programme.levels] if programme else [],
        problems=[(code, word.en if english else word.zh) for code, word in programme.survey_problems.items()]
        if programme else [],
        shifts=[(code, shown.shifts_of(code, names)) for code in programmes.shifts],
        occupations=[
            (occupation_option(code, programmes, english=english), row.name_zh if english else row.name_en)
            for code, row in programmes.occupations.items()
        ],
    )  # fmt: skip


def _name(at: AtDesk, one: OwnSurveySeen) -> str:
    return at.text("survey.round", round=one.round)


def _until(at: AtDesk, one: OwnSurveySeen) -> str:
    return (
        at.text("survey.until", day=at.text.day(one.closes_on)) if one.closes_on else at.text("survey.no_end")
    )
