"""Rounds and answers in words. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.programme import Programme
from portal.desks.surveys.asked import AnswerSeen, NeedSeen, OwnSurveySeen, SurveySeen
from portal.web.names import Names
from portal.web.sheets import Cell

COLUMNS = (
    "enterprise",
    "person_times",
    "service",
    "occupation",
    "level",
    "heads",
    "problem",
    "shift_pattern",
)
"""Columns of the sheet of answers that can be read back in, by their keys; `order_intake.surveys.sheet` knows them."""
MORE = ("name", "answered_on", "corrected_on", "order", "known")
"""Columns that nobody fills in; the last tells, read back in, which answer the sheet was made from."""
DRAFT = "draft"
NO_NEED: tuple[None] = (None,)
"""An enterprise that needs nothing has a row too."""


@dataclass(frozen=True)
class RoundView:
    """A round in a line of the list."""

    id: str
    name: str
    programme: str
    opened: str
    until: str
    state: str
    kind: str
    asked: str
    answered: str
    person_times: int
    drafted: int


@dataclass(frozen=True)
class NeedView:
    """A need in words."""

    service: str
    what: str
    heads: str
    problem: str
    shifts: str


@dataclass(frozen=True)
class AnswerView:
    """An answer in words, and what became of it."""

    enterprise: str
    enterprise_id: str
    needs: list[NeedView]
    person_times: str
    when: str
    order: str
    order_url: str
    """Where the order is; empty while it lies as a draft on the enterprise's desk."""
    can_order: bool


@dataclass(frozen=True)
class Ranked:
    """A need of several enterprises together."""

    what: str
    heads: int
    enterprises: int


def state_of(open_: bool, closes_on: date | None, today: date) -> tuple[str, str]:  # noqa: FBT001  a round's own word
    """`open`, `over` (enterprises answer no more, the union has not closed it) or `closed`; and the tag's colour."""
    if not open_:
        return "closed", ""
    if closes_on is not None and closes_on < today:
        return "over", "amber"
    return "open", "green"


def round_view(one: SurveySeen, names: Names, today: date) -> RoundView:
    """In a line of the list."""
    text = names.text
    state, kind = state_of(one.open, one.closes_on, today)
    return RoundView(
        id=str(one.survey_id),
        name=round_name(one, names),
        programme=programme_name(one.programme, names),
        opened=text.day(one.opened_on),
        until=text.day(one.closes_on) if one.closes_on else text("survey.no_end"),
        state=text(f"survey.is.{state}"),
        kind=kind,
        asked=text("survey.enterprises", count=len(one.asked)) if one.asked else text("survey.everybody"),
        answered=text("survey.enterprises", count=one.enterprises),
        person_times=one.person_times,
        drafted=one.drafted,
    )


def round_name(one: SurveySeen, names: Names) -> str:
    """Round 3 · visit."""
    programme = names.programmes.programmes.get(one.programme)
    word = programme.survey_channels.get(one.channel) if programme else None
    channel = (word.en if names.text.language == "en" else word.zh) if word else one.channel
    return names.text("survey.round_by", round=one.round, channel=channel)


def programme_name(code: str, names: Names) -> str:
    """The programme."""
    found = names.programmes.programmes.get(code)
    if found is None:
        return code
    return found.name_en if names.text.language == "en" else found.name_zh


def ways_of_asking(names: Names) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Programmes that a round can be opened of, each by code and name with its ways of asking."""
    english = names.text.language == "en"
    return [
        (
            code,
            programme_name(code, names),
            [(way, word.en if english else word.zh) for way, word in ways.items()],
        )
        for code, programme in names.programmes.programmes.items()
        if (ways := programme.survey_channels)
    ]


def need_view(need: NeedSeen, programme: Programme | None, names: Names) -> NeedView:
    """In words."""
    return NeedView(
        service=service_of(need, names),
        what=what_of(need, names),
        heads=names.text("survey.people", count=need.heads),
        problem=problem_of(need, programme, names),
        shifts=shifts_of(need.shift_pattern, names),
    )


def service_of(need: NeedSeen, names: Names) -> str:
    """What can be ordered."""
    return names.text.or_code("service_line", need.service)


def what_of(need: NeedSeen, names: Names) -> str:
    """Electrician L4."""
    return f"{names.occupation(need.occupation)} {names.level(need.level) if need.level else ''}".strip()


def problem_of(need: NeedSeen, programme: Programme | None, names: Names) -> str:
    """What hurts today."""
    word = programme.survey_problems.get(need.problem) if programme and need.problem else None
    if word is None:
        return need.problem or ""
    return word.en if names.text.language == "en" else word.zh


def shifts_of(pattern: str | None, names: Names) -> str:
    """How these people work; nothing where they work as the works do."""
    row = names.programmes.shifts.get(pattern or "")
    if row is None:
        return pattern or ""
    return row.name_en if names.text.language == "en" else row.name_zh


def answer_view(one: AnswerSeen, programme: Programme | None, names: Names) -> AnswerView:
    """In words, with what became of it."""
    text = names.text
    offered = programme is not None and any(need.service in programme.services for need in one.needs)
    when = text.day(one.answered_on)
    if one.corrected_on:
        when = text("survey.corrected_when", day=when, corrected=text.day(one.corrected_on))
    order = ""
    if one.order_id:
        state = text.or_code("order_state", one.order_state or DRAFT)
        order = text("survey.order_is", number=one.order_number or "—", state=state)
    there = one.order_id is not None and one.order_state not in {None, DRAFT}
    return AnswerView(
        enterprise=names.organisation(one.enterprise_id),
        enterprise_id=one.enterprise_id,
        needs=[need_view(need, programme, names) for need in one.needs],
        person_times=text("survey.person_times_of", count=one.person_times),
        when=when,
        order=order,
        order_url=f"/orders/{one.order_id}/story" if there else "",
        can_order=one.order_id is None and offered,
    )


def ranked(answers: Iterable[AnswerSeen], names: Names) -> list[Ranked]:
    """The needs of all answers by what they are, most people first."""
    heads: dict[str, int] = defaultdict(int)
    who: dict[str, set[str]] = defaultdict(set)
    for answer in answers:
        for need in answer.needs:
            what = f"{service_of(need, names)} · {what_of(need, names)}"
            heads[what] += need.heads
            who[what].add(answer.enterprise_id)
    rows = [Ranked(what, count, len(who[what])) for what, count in heads.items()]
    return sorted(rows, key=lambda row: (-row.heads, row.what))


def problems(
    answers: Iterable[AnswerSeen], programme: Programme | None, names: Names
) -> list[tuple[str, int]]:
    """What hurts, by how many enterprises say so."""
    who: Mapping[str, set[str]] = defaultdict(set)
    for answer in answers:
        for need in answer.needs:
            if word := problem_of(need, programme, names):
                who[word].add(answer.enterprise_id)
    return sorted(((word, len(found)) for word, found in who.items()), key=lambda row: (-row[1], row[0]))


def silent(one: SurveySeen, answers: Sequence[AnswerSeen]) -> list[str]:
    """Who is asked by name and has not answered."""
    answered = {answer.enterprise_id for answer in answers}
    return [each for each in one.asked if each not in answered]


def sheet_rows(
    one: SurveySeen, answers: Sequence[AnswerSeen], programme: Programme | None, names: Names
) -> list[list[Cell]]:
    """One row a need, in the order of `COLUMNS` and `MORE`; whoever is silent has a row to be filled in on paper."""
    rows = [_row(each, need, programme, names) for each in answers for need in each.needs or NO_NEED]
    to_fill_in: list[Cell] = [None] * (len(COLUMNS) - 1)
    rows += [
        [each, *to_fill_in, names.organisation(each), None, None, None, None] for each in silent(one, answers)
    ]
    return rows


def _row(answer: AnswerSeen, need: NeedSeen | None, programme: Programme | None, names: Names) -> list[Cell]:
    said: list[Cell] = [None] * 6
    if need is not None:
        said = [
            service_of(need, names), need.occupation, names.level(need.level) if need.level else None,
            need.heads, problem_of(need, programme, names) or None, shifts_of(need.shift_pattern, names) or None,
        ]  # fmt: skip
    more: list[Cell] = [
        names.organisation(answer.enterprise_id), answer.answered_on, answer.corrected_on, answer.order_number,
        answer.known or None,
    ]  # fmt: skip
    return [answer.enterprise_id, answer.person_times, *said, *more]


def own_state(one: OwnSurveySeen, today: date) -> tuple[str, str]:
    """What an enterprise sees of a round: `wanted`, `sent`, `over` or `closed`; and the tag's colour."""
    state, _ = state_of(one.open, one.closes_on, today)
    if one.answer is not None:
        return "sent", "green"
    return ("wanted", "amber") if state == "open" else (state, "")
