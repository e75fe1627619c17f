"""Answers collected on paper: looked at with nothing kept, then taken together, as answers or as corrections."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from contracts.order_intake import SurveyAnswered, SurveyCorrected
from contracts.refusals import Conflict, Invalid, Refused
from contracts.values import EnterpriseId, SurveyId
from order_intake.enterprises.commands import list_enterprises
from order_intake.known import known
from order_intake.surveys import rules, store
from order_intake.surveys.commands import codes_of
from order_intake.surveys.rules import Survey
from order_intake.surveys.sheet import PaperAnswer, Row, Words, answers_of, read_rows
from servicekit.clock import today
from servicekit.db import Tx
from servicekit.facts import record_all
from servicekit.identity import Actor

State = Literal["new", "changed", "meanwhile", "same", "refused"]
"""`meanwhile`: it would replace an answer that the sheet knows nothing of, or bring back one that was withdrawn."""
Said = SurveyAnswered | SurveyCorrected | None
"""What an answer on paper says; nothing when it says what is known."""


@dataclass(frozen=True, slots=True)
class Looked:
    """The rows of a file, what would become of each, and the answers that can be taken.

    `since`: on which day the answer that is known now was given, of enterprises that have one.
    """

    rows: Sequence[tuple[Row, State, Refused | None]]
    since: Mapping[EnterpriseId, date]
    answers: Sequence[PaperAnswer]


@dataclass(frozen=True, slots=True)
class Taken:
    """How many answers were new, how many mended one, how many said what was known."""

    new: int
    changed: int
    same: int


async def look_at_sheet(tx: Tx, survey_id: SurveyId, name: str, content: bytes, *, by: Actor) -> Looked:
    """What a file holds, and what would become of each row; nothing is kept."""
    survey = await store.read(tx, survey_id)
    here = known(tx)
    words = Words.of(here.programme(survey.programme), here.programmes, here.level_names())
    # outside of the event loop: 10 MB take their time
    rows = await asyncio.to_thread(read_rows, name, content, words)
    answers, wrong = answers_of(rows)
    judge = await _Judge.of(tx, survey, by=by)
    states: dict[EnterpriseId, State] = {}
    taken = []
    for answer in answers:
        try:
            states[answer.enterprise_id] = judge.state(answer)
            taken.append(replace(answer, known=judge.known_of(answer.enterprise_id)))
        except Refused as no:
            wrong |= {row.number: no for row in rows if row.enterprise_id == answer.enterprise_id}
    return Looked(
        [(row, states.get(row.enterprise_id, "refused"), wrong.get(row.number)) for row in rows],
        {each.enterprise_id: each.corrected_on or each.answered_on for each in judge.answers.values()},
        taken,
    )


async def take_sheet(tx: Tx, survey_id: SurveyId, answers: Iterable[PaperAnswer], *, by: Actor) -> Taken:
    """All of them, or the first rule that says no: what is new is an answer, what differs a correction.

    What an enterprise has said or corrected since the sheet was looked at is not overwritten: `survey.said_since`.
    """
    survey = await store.lock(tx, survey_id)
    judge, answers = await _Judge.of(tx, survey, by=by), tuple(answers)
    told = [judge.said(answer) for answer in answers]
    if since := [
        answer.enterprise_id
        for answer, fact in zip(answers, told, strict=True)
        if fact is not None and answer.known != judge.known_of(answer.enterprise_id)
    ]:
        raise Conflict("survey.said_since", enterprises=", ".join(since))
    for fact in told:
        if isinstance(fact, SurveyAnswered):
            await store.add_answer(tx, fact, None)
        elif fact is not None:
            await store.correct(tx, fact)
    await record_all(tx, [fact for fact in told if fact is not None], by=by)
    states = [_state(fact) for fact in told]
    return Taken(states.count("new"), states.count("changed"), states.count("same"))


@dataclass(frozen=True, slots=True)
class _Judge:
    """The round as it stands, its answers, and whom the federation knows."""

    survey: Survey
    codes: rules.Codes
    answers: dict[EnterpriseId, store.Answer]
    enterprises: frozenset[EnterpriseId]
    today: date

    @classmethod
    async def of(cls, tx: Tx, survey: Survey, *, by: Actor) -> "_Judge":
        answers = {each.enterprise_id: each for each in await store.answers(tx, survey.id)}
        enterprises = frozenset(each.enterprise_id for each in await list_enterprises(tx, by=by))
        return cls(survey, codes_of(tx, survey.programme), answers, enterprises, await today(tx))

    def known_of(self, enterprise_id: EnterpriseId) -> str | None:
        """Which answer is known, so that it can be told from a later one; nothing where there is none."""
        found = self.answers.get(enterprise_id)
        return found.mark if found else None

    def state(self, answer: PaperAnswer) -> State:
        """What would become of it: nothing that was said since the sheet was made is overwritten unasked."""
        fact = self.said(answer)
        if fact is not None and answer.seen != self.known_of(answer.enterprise_id):
            return "meanwhile"
        return _state(fact)

    def said(self, answer: PaperAnswer) -> Said:
        if answer.enterprise_id not in self.enterprises:
            raise Invalid("survey.enterprise_unknown", enterprise_id=answer.enterprise_id)
        before = self.answers.get(answer.enterprise_id)
        if before is None:
            return rules.answer(
                self.survey, answer.enterprise_id, self.codes, person_times=answer.person_times,
                needs=answer.needs, today=self.today, by_union=True,
            )  # fmt: skip
        if before.needs == answer.needs:
            return None
        return rules.correct(
            self.survey, answer.enterprise_id, self.codes, needs=answer.needs, today=self.today, by_union=True
        )


def _state(fact: Said) -> State:
    if fact is None:
        return "same"
    return "new" if isinstance(fact, SurveyAnswered) else "changed"
