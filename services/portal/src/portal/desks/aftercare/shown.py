"""Answers in words and figures. Pure. Of too few answers nothing is shown: it could be told whose they are."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from portal.desks.aftercare.seen import PersonSeen, QuestionSeen, RoundSeen, ToldSeen, WordsSeen
from portal.web.names import Names
from portal.web.text import Text


@dataclass(frozen=True)
class Means:
    """How some sessions were; `means` of each question, none while there are too few answers."""

    code: str
    name: str
    url: str
    sessions: int
    present: int
    answers: int
    said: str
    """How many answers, as far as may be told."""
    means: tuple[str, ...] | None


@dataclass(frozen=True)
class Rate:
    """How many of those who were asked have answered."""

    due: int
    answered: int
    overdue: int

    @property
    def share(self) -> str:
        """In percent."""
        return f"{100 * self.answered // self.due} %" if self.due else "—"


@dataclass(frozen=True)
class RoundView:
    """A round in words."""

    id: str
    url: str
    number: str
    enterprise: str
    enterprise_id: str
    programme: str
    months: str
    due_on: str
    answers_by: str
    rate: Rate
    reminded: str
    waits: bool
    order: str
    at: int


@dataclass(frozen=True)
class FieldView:
    """A question to one worker: the name of its field, the choices, and which is chosen."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]
    chosen: str
    said: str


@dataclass(frozen=True)
class PersonView:
    """One worker who is asked."""

    id: str
    name: str
    state: str
    kind: str
    fields: tuple[FieldView, ...]
    link: str


Key = Callable[[ToldSeen], str | None]


def rate_of(rounds: Iterable[RoundSeen]) -> Rate:
    """Of all of them."""
    some = list(rounds)
    return Rate(
        sum(each.due for each in some),
        sum(each.answered for each in some),
        sum(each.overdue for each in some),
    )


def rates_by(rounds: Iterable[RoundSeen], key: Callable[[RoundSeen], str]) -> dict[str, Rate]:
    """Of each group; they add up to the whole."""
    groups: dict[str, list[RoundSeen]] = {}
    for each in rounds:
        groups.setdefault(key(each), []).append(each)
    return {code: rate_of(groups[code]) for code in sorted(groups)}


def means_by(
    told: Sequence[ToldSeen],
    key: Key,
    questions: Sequence[str],
    name: Callable[[str], str],
    text: Text,
    url: Callable[[str], str] = lambda _: "",
) -> list[Means]:
    """The means of each group."""
    groups: dict[str, list[ToldSeen]] = {}
    for each in told:
        if (code := key(each)) is not None:
            groups.setdefault(code, []).append(each)
    return [means_of(code, name(code), groups[code], questions, text, url(code)) for code in sorted(groups)]


def means_of(
    code: str, name: str, told: Sequence[ToldSeen], questions: Sequence[str], text: Text, url: str = ""
) -> Means:
    """The means of these sessions together, if they have enough answers."""
    answers, least = sum(each.answers for each in told), max((each.least for each in told), default=1)
    enough = answers >= least
    return Means(
        code=code,
        name=name,
        url=url,
        sessions=len(told),
        present=sum(each.present for each in told),
        answers=answers if enough else 0,
        said=f"{answers}" if enough else text("aftercare.fewer", count=least) if answers else "0",
        means=tuple(_mean(sum(each.sums.get(one, 0) for each in told), answers) for one in questions)
        if enough
        else None,
    )


def _mean(total: int, answers: int) -> str:
    return str((Decimal(total) / answers).quantize(Decimal("0.1"), ROUND_HALF_UP)) if total else "—"


def round_of(one: RoundSeen, names: Names) -> RoundView:
    """In words."""
    text = names.text
    return RoundView(
        id=f"{one.order_id}-{one.months}-{one.enterprise_id}",
        url=f"/aftercare/orders/{one.order_id}#m{one.months}",
        number=one.number,
        enterprise=names.organisation(one.enterprise_id),
        enterprise_id=one.enterprise_id,
        programme=programme_of(one.programme, names),
        months=text("aftercare.months", count=one.months),
        due_on=one.due_on.isoformat(),
        answers_by=one.answers_by.isoformat(),
        rate=Rate(one.due, one.answered, one.overdue),
        reminded=one.reminded_on.isoformat() if one.reminded_on else "",
        waits=one.answered < one.due,
        order=str(one.order_id),
        at=one.months,
    )


def programme_of(code: str, names: Names) -> str:
    """Its name."""
    row = names.programmes.programmes.get(code)
    return code if row is None else row.name_en if names.text.language == "en" else row.name_zh


def person_of(
    one: PersonSeen, questions: Sequence[QuestionSeen], text: Text, typed: Mapping[str, str]
) -> PersonView:
    """With the field of each question; what was typed and not taken stays."""
    told = one.answers or {}
    if one.answers is not None:
        state = text(
            "aftercare.answered", by=text(f"aftercare.by.{one.answered_by}"), on=one.answered_on or ""
        )
        kind = "green"
    else:
        state, kind = (
            text(f"aftercare.is.{'overdue' if one.overdue else 'due'}"),
            "red" if one.overdue else "amber",
        )
    return PersonView(
        id=str(one.worker_id),
        name=one.name,
        state=state,
        kind=kind,
        fields=tuple(_field(one, each, told, text, typed) for each in questions),
        link=f"/a/{one.link}",
    )


def _field(
    one: PersonSeen, question: QuestionSeen, told: Mapping[str, str], text: Text, typed: Mapping[str, str]
) -> FieldView:
    name = f"{one.worker_id}.{question.code}"
    choices = tuple((each.code, words(each.words, each.code, text)) for each in question.choices)
    chosen = typed.get(name, told.get(question.code, ""))
    return FieldView(
        name, words(question.words, question.code, text), choices, chosen, dict(choices).get(chosen, "—")
    )


def words(told: WordsSeen | None, otherwise: str, text: Text) -> str:
    """In the page's language; as somebody reads it at the beginning of a line."""
    said = otherwise if told is None else told.en if text.language == "en" else told.zh
    return said[:1].upper() + said[1:]


def typed_answers(form: Mapping[str, str], questions: Sequence[QuestionSeen]) -> dict[str, dict[str, str]]:
    """By worker what the form has; whoever has nothing is left out, whoever has a part is told so by evaluation."""
    codes = {each.code for each in questions}
    found: dict[str, dict[str, str]] = {}
    for field, value in form.items():
        worker, _, question = field.partition(".")
        if question in codes and value:
            found.setdefault(worker, {})[question] = value
    return found
