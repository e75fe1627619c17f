"""The pages of what comes after: means and response for the union, one table to answer for the enterprise."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import TypeAdapter, ValidationError
from starlette.responses import RedirectResponse, Response

from contracts.refusals import Invalid
from portal.desks.aftercare.read import colleges_of, told_of
from portal.desks.aftercare.seen import FollowupsSeen, RoundSeen, ToldSeen
from portal.desks.aftercare.shown import (
    Means,
    Rate,
    means_by,
    means_of,
    person_of,
    programme_of,
    rate_of,
    rates_by,
    round_of,
    typed_answers,
)
from portal.desks.asking import EVALUATION
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.report.figures import query_of
from portal.desks.report.period import Period, period
from portal.web.names import Names
from portal.web.sheets import Cell, Sheet, excel
from portal.web.viewer import NotForYou
from servicekit.http import Router, takes_up_to, without_key

router = Router(prefix="/aftercare", include_in_schema=False)
ROLES = ("union", "enterprise")
WORDS = TypeAdapter(list[str])
MOST_BYTES = 2_000_000
"""A row of every person that a line may have."""
Typed = Annotated[str, Query(max_length=40)]


@router.get("")
async def show_aftercare(at: Desk, first: Typed = "", last: Typed = "") -> Response:
    """How people fare by order and months, what is overdue; for the union also how sessions were."""
    at.only(*ROLES)
    asked, wrong = _period(at, first, last)
    rounds, told = await rounds_of(at, asked), await _told(at, asked)
    names = await at.names()
    questions = _questions(told or [], names)
    shown = [
        round_of(each, names) for each in sorted(rounds or [], key=lambda one: (-one.overdue, one.due_on))
    ]
    return await at.page(
        "aftercare.html", wrong=wrong, first=first, last=last, query=query_of(asked), away=rounds is None,
        rounds=shown, rate=rate_of(rounds or []),
        programmes=[(programme_of(code, names), one) for code, one in _by_programme(rounds or []).items()],
        months=[(at.text("aftercare.months", count=int(code)), one) for code, one in _by_months(rounds or []).items()],
        seen_whole=_union(at), told=told is not None, questions=[names_of(one, names) for one in questions],
        whole=means_of("", at.text("aftercare.all"), told or [], questions, at.text),
        by_order=_by_order(told or [], questions, names),
        by_college=await _by_college(at, told or [], questions, names),
    )  # fmt: skip


@router.get("/list.xlsx")
async def download_aftercare(at: Desk, first: Typed = "", last: Typed = "") -> Response:
    """The same as sheets; a period that cannot be is refused."""
    at.only(*ROLES)
    asked = period(first, last)
    rounds, told = await rounds_of(at, asked), await _told(at, asked)
    if rounds is None or (told is None and _union(at)):
        raise NotForYou("error.away", 503)
    names, text = await at.names(), at.text
    head = [
        text(f"aftercare.column.{name}")
        for name in (
            "number",
            "enterprise",
            "programme",
            "months",
            "due_on",
            "answers_by",
            "due",
            "answered",
            "overdue",
        )
    ]
    lines: list[list[Cell]] = [
        [one.number, one.enterprise, one.programme, one.at, one.due_on, one.answers_by, one.rate.due,
         one.rate.answered, one.rate.overdue]
        for one in (round_of(each, names) for each in rounds)
    ]  # fmt: skip
    sheets = [Sheet(text("aftercare.later"), head, lines)]
    if told is not None:
        questions = _questions(told, names)
        columns = [text("aftercare.column.number"), *map(text, ("aftercare.present", "aftercare.answers"))]
        rows: list[list[Cell]] = [
            [one.name, one.present, one.said, *(one.means or ["—"] * len(questions))]
            for one in _by_order(told, questions, names)
        ]
        sheets.append(
            Sheet(text("aftercare.how"), [*columns, *(names_of(one, names) for one in questions)], rows)
        )
    return excel(sheets, text("aftercare.title"))


@router.get("/orders/{order}")
async def show_order(at: Desk, order: UUID) -> Response:
    """One order: its people by months, and for the union how its sessions were."""
    return await _order(at, order)


@router.post("/orders/{order}/{months}")
@takes_up_to(MOST_BYTES)
@without_key  # the form has a one-time key of its own
async def answer_for_people(at: Desk, order: UUID, months: int, *, key: Key) -> Response:
    """The clerk answers for those rows that are filled in."""
    at.only("enterprise")
    form = {name: str(value) for name, value in (await at.request.form()).items()}
    seen = await _followups(at, order)
    if seen is None:
        return await _order(at, order, Wrong(at.text("plan.missing_away"), 409), typed=form)
    told = typed_answers(form, seen.questions)
    if not told:
        return await _order(at, order, Wrong(at.text("aftercare.nothing_typed"), 422), typed=form)
    people = [{"worker_id": worker, "answers": answers} for worker, answers in told.items()]
    path = f"/orders/{order}/followups/{months}"
    if wrong := await at.act(key, EVALUATION, path, {"people": people}, arrives=False):
        return await _order(at, order, wrong, typed=form)
    return RedirectResponse(f"/aftercare/orders/{order}?done=answered#m{months}", 303)


@router.post("/orders/{order}/{months}/remind/{enterprise}")
@without_key
async def remind_enterprise(at: Desk, order: UUID, months: int, enterprise: str, *, key: Key) -> Response:
    """The union reminds an enterprise of answers that are missing."""
    at.only("union")
    await _followups(at, order)
    path = f"/orders/{order}/followups/{months}/remind"
    if wrong := await at.act(key, EVALUATION, path, {"enterprise_id": enterprise[:40]}, arrives=False):
        return await _order(at, order, wrong)
    return RedirectResponse(f"/aftercare/orders/{order}?done=reminded#m{months}", 303)


async def rounds_of(at: AtDesk, asked: Period) -> list[RoundSeen] | None:
    """What was due in the period, as evaluation tells the viewer; nothing while it is away."""
    days = query_of(asked)
    found = await at.read_list(EVALUATION, f"/followups{'?' + days if days else ''}", RoundSeen)
    return found if isinstance(found, list) else None


async def _told(at: AtDesk, asked: Period) -> list[ToldSeen] | None:
    if not _union(at):
        return None
    told = await told_of(at.tx)
    return None if told is None else [each for each in told if asked.holds(each.day)]


def _union(at: AtDesk) -> bool:
    return "union" in at.viewer.account.roles


def _by_programme(rounds: list[RoundSeen]) -> dict[str, Rate]:
    return rates_by(rounds, lambda one: one.programme)


def _by_months(rounds: list[RoundSeen]) -> dict[str, Rate]:
    return rates_by(rounds, lambda one: f"{one.months:02d}")


def _by_order(told: list[ToldSeen], questions: list[str], names: Names) -> list[Means]:
    numbers = {str(each.order_id): each.number for each in told}
    return means_by(
        told, lambda one: str(one.order_id), questions, numbers.__getitem__, names.text,
        lambda code: f"/aftercare/orders/{code}",
    )  # fmt: skip


async def _by_college(at: AtDesk, told: list[ToldSeen], questions: list[str], names: Names) -> list[Means]:
    if not told:
        return []
    held_by = await colleges_of(at.tx, at.viewer.scope)
    return means_by(told, lambda one: held_by.get(one.session_id), questions, names.organisation, at.text)


def _questions(told: list[ToldSeen], names: Names) -> list[str]:
    """Of all programmes whose sessions are told."""
    found: dict[str, None] = {}
    for code in dict.fromkeys(each.programme for each in told):
        row = names.programmes.programmes.get(code)
        found.update(dict.fromkeys(row.satisfaction.questions if row and row.satisfaction else ()))
    return list(found)


def names_of(question: str, names: Names) -> str:
    """A question, in the words of the first programme that asks it."""
    for row in names.programmes.programmes.values():
        if row.satisfaction and (said := row.satisfaction.questions.get(question)):
            words = said.en if names.text.language == "en" else said.zh
            return words[:1].upper() + words[1:]
    return question


def _period(at: AtDesk, first: str, last: str) -> tuple[Period, Wrong | None]:
    try:
        return period(first, last), None
    except Invalid as wrong:
        return Period(), Wrong(at.text.sentence(wrong.code, wrong.parameters), wrong.status)


async def _followups(at: AtDesk, order: UUID) -> FollowupsSeen | None:
    """Whose order it is evaluation knows: of a joint one a member sees its own people. Nothing while it is away."""
    seen = await at.read(EVALUATION, f"/orders/{order}/followups", FollowupsSeen)
    if seen == "none":
        raise NotForYou("error.not_found")
    return seen if isinstance(seen, FollowupsSeen) else None


async def _order(
    at: AtDesk, order: UUID, wrong: Wrong | None = None, typed: dict[str, str] | None = None
) -> Response:
    at.only(*ROLES)
    found, names = await _followups(at, order), await at.names()
    told = await told_of(at.tx, order) if _union(at) else None
    words = await at.fetch(EVALUATION, f"/orders/{order}/satisfaction-words") if _union(at) else b"[]"
    questions = _questions(told or [], names)
    done = at.request.query_params.get("done", "")
    return await at.page(
        "aftercare_order.html", wrong=wrong, order=order, number=found.number if found else "",
        away=found is None, seen_whole=_union(at),
        clerk="enterprise" in at.viewer.account.roles,
        done=at.text(f"aftercare.done.{done}") if done in {"answered", "reminded"} and not wrong else "",
        parts=_parts(found, names, typed or {}) if found else [],
        sessions=means_by(
            told or [], lambda one: str(one.session_id), questions, _called(told or [], names), at.text,
            lambda code: f"/report/sessions/{code}",
        ),
        questions=[names_of(one, names) for one in questions], words=_words(words),
    )  # fmt: skip


def _parts(found: FollowupsSeen, names: Names, typed: dict[str, str]) -> list[dict[str, object]]:
    """By months and enterprise: its people, and how many have answered."""
    rounds: dict[tuple[int, str], list[object]] = {}
    told: dict[tuple[int, str], Rate] = {}
    for each in found.people:
        key = (each.months, each.enterprise_id)
        rounds.setdefault(key, []).append(person_of(each, found.questions, names.text, typed))
        before = told.get(key, Rate(0, 0, 0))
        told[key] = Rate(
            before.due + 1, before.answered + (each.answers is not None), before.overdue + each.overdue
        )
    first = {(each.months, each.enterprise_id): each for each in reversed(found.people)}
    return [
        {
            "months": months,
            "title": names.text("aftercare.months", count=months),
            "enterprise": names.organisation(of),
            "enterprise_id": of,
            "rate": told[months, of],
            "due_on": first[months, of].due_on.isoformat(),
            "answers_by": first[months, of].answers_by.isoformat(),
            "people": people,
        }
        for (months, of), people in rounds.items()
    ]


def _called(told: list[ToldSeen], names: Names) -> Callable[[str], str]:
    days = {str(each.session_id): f"{each.day} {names.occupation(each.occupation)}" for each in told}
    return days.__getitem__


def _words(told: bytes | str) -> list[str]:
    try:
        return WORDS.validate_json(told) if isinstance(told, bytes) else []
    except ValidationError:  # another version of evaluation, or none
        return []
