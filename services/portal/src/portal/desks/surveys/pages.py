"""The union's surveys (U12): rounds, a new one, who answered what, what becomes of it."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Form
from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from portal.boards.house import enterprise_row
from portal.desks.asking import INTAKE
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.surveys import shown
from portal.desks.surveys.asked import NewSeen, OneSurveySeen, SurveySeen
from portal.web.sheets import Sheet, excel
from portal.web.viewer import NotForYou
from servicekit.clock import today
from servicekit.http import Router, without_key

router = Router(prefix="/surveys", include_in_schema=False)
Word = Annotated[str, Form(max_length=64)]
Who = Annotated[Literal["all", "pilot", "chosen"], Form()]
Chosen = Annotated[list[str], Form(max_length=5000)]
ENTERPRISES = select(
    enterprise_row.c.enterprise_id, enterprise_row.c.division, enterprise_row.c.pilot
).order_by(enterprise_row.c.division, enterprise_row.c.enterprise_id)


@dataclass(frozen=True)
class TypedRound:
    """A new round as it stands in the form."""

    programme: str = ""
    channel: str = "online"
    who: str = "all"
    closes_on: str = ""
    enterprises: tuple[str, ...] = ()


@router.get("")
async def show_surveys(at: Desk) -> Response:
    """The rounds, open ones first, and the form of a new one."""
    return await _list(at)


@router.post("/open")
@without_key  # the form has a one-time key of its own
async def open_round(
    at: Desk, *, programme: Word, channel: Word, who: Who, key: Key,
    closes_on: Annotated[str, Form(max_length=10)] = "", enterprise: Chosen = [],  # noqa: B006
) -> Response:  # fmt: skip
    """A round begins; a refusal is told on the page, and what was chosen stays."""
    at.only("union")
    typed = TypedRound(programme, channel, who, closes_on, tuple(enterprise))
    if wrong := await at.once(key):
        return await _list(at, wrong, typed)
    asked = await _asked(at, who, enterprise)
    if who != "all" and not asked:
        return await _list(at, Wrong(at.text("survey.nobody_chosen"), 422), typed)
    found = await at.read_list(INTAKE, "/surveys", SurveySeen)
    rounds = [one.round for one in found if one.programme == programme] if isinstance(found, list) else []
    body = {
        "programme": programme, "round": max(rounds, default=0) + 1, "channel": channel, "enterprises": asked,
        "closes_on": closes_on or None,
    }  # fmt: skip
    made = await at.ask(INTAKE, "/surveys", NewSeen, body=body, key=key)
    if isinstance(made, Wrong):
        return await _list(at, made, typed)
    return RedirectResponse(f"/surveys/{made.survey_id}?done=opened", 303)


@router.get("/{survey}")
async def show_survey(at: Desk, survey: UUID) -> Response:
    """A round: who was asked, who answered what, what became of it."""
    return await page_of(at, survey)


@router.post("/{survey}/remind")
@without_key
async def remind(at: Desk, survey: UUID, *, key: Key) -> Response:
    """Whoever is silent hears it once more."""
    return await _do(at, survey, key, "remind", "reminded")


@router.post("/{survey}/close")
@without_key
async def close(at: Desk, survey: UUID, *, key: Key) -> Response:
    """No more answers."""
    return await _do(at, survey, key, "close", "closed")


@router.post("/{survey}/order")
@without_key
async def make_order(at: Desk, survey: UUID, *, enterprise: Word, key: Key) -> Response:
    """An answer becomes a draft order on the enterprise's desk."""
    if not enterprise.isascii() or "/" in enterprise:
        return await page_of(at, survey, Wrong(at.text("plan.missing_none"), 422))
    return await _do(at, survey, key, f"answers/{enterprise}/order", "drafted")


@router.get("/{survey}/answers.xlsx")
async def download_answers(at: Desk, survey: UUID) -> Response:
    """All answers, with a row to be filled in for everybody who is silent; it can be read back in."""
    one, names = await read_round(at, survey), await at.names()
    programme = names.programmes.programmes.get(one.survey.programme)
    head = [at.text(f"survey.column.{column}") for column in (*shown.COLUMNS, *shown.MORE)]
    rows = shown.sheet_rows(one.survey, one.answers, programme, names)
    name = at.text("survey.sheet", round=one.survey.round)
    return excel([Sheet(name, head, rows)], name)


async def read_round(at: AtDesk, survey: UUID) -> OneSurveySeen:
    """The round with its answers, for the union."""
    at.only("union")
    found = await at.read(INTAKE, f"/surveys/{survey}", OneSurveySeen)
    if not isinstance(found, OneSurveySeen):
        raise NotForYou("error.away" if found == "away" else "error.not_found")
    return found


async def page_of(at: AtDesk, survey: UUID, wrong: Wrong | None = None) -> Response:
    """The page of a round."""
    one, names, day = await read_round(at, survey), await at.names(), await today(at.tx)
    programme = names.programmes.programmes.get(one.survey.programme)
    asked = at.request.query_params
    return await at.page(
        "surveys_one.html", wrong=wrong, one=shown.round_view(one.survey, names, day), open=one.survey.open,
        answers=[shown.answer_view(each, programme, names) for each in one.answers],
        silent=[names.organisation(each) for each in shown.silent(one.survey, one.answers)],
        ranked=shown.ranked(one.answers, names), problems=shown.problems(one.answers, programme, names),
        heads=sum(need.heads for each in one.answers for need in each.needs), done=_done(at),
        reminded=at.text.day(one.survey.reminded_on) if one.survey.reminded_on else "",
        taken={name: int(asked[name]) for name in ("new", "changed", "same") if asked.get(name, "")[:5].isdecimal()},
    )  # fmt: skip


async def _do(at: AtDesk, survey: UUID, key: str, what: str, done: str) -> Response:
    at.only("union")
    if wrong := await at.act(key, INTAKE, f"/surveys/{survey}/{what}"):
        return await page_of(at, survey, wrong)
    return RedirectResponse(f"/surveys/{survey}?done={done}", 303)


def _done(at: AtDesk) -> str:
    done = at.request.query_params.get("done", "")
    return at.text(f"survey.done.{done}") if at.text.has(f"survey.done.{done}") else ""


async def _asked(at: AtDesk, who: str, chosen: list[str]) -> list[str]:
    if who == "all":
        return []
    rows = list(await at.tx.execute(ENTERPRISES))
    if who == "pilot":
        return [row.enterprise_id for row in rows if row.pilot]
    wanted = set(chosen)
    return [row.enterprise_id for row in rows if row.enterprise_id in wanted]


async def _list(at: AtDesk, wrong: Wrong | None = None, typed: TypedRound | None = None) -> Response:
    at.only("union")
    found = await at.read_list(INTAKE, "/surveys", SurveySeen)
    names, day = await at.names(), await today(at.tx)
    rounds = sorted(found, key=_newest) if isinstance(found, list) else []
    rows = [dict(row._mapping) for row in await at.tx.execute(ENTERPRISES)]  # noqa: SLF001
    return await at.page(
        "surveys.html", wrong=wrong, away=not isinstance(found, list),
        rounds=[shown.round_view(one, names, day) for one in rounds], today=day.isoformat(),
        programmes=shown.ways_of_asking(names), typed=typed or TypedRound(),
        pilots=sum(row["pilot"] for row in rows),
        enterprises=[
            (row["enterprise_id"], names.organisation(row["enterprise_id"]), names.division(row["division"]))
            for row in rows
        ],
    )  # fmt: skip


def _newest(one: SurveySeen) -> tuple[bool, int, int]:
    return not one.open, -date.toordinal(one.opened_on), -one.round
