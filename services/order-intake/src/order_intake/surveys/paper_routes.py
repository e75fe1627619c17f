"""Answers collected on paper over HTTP: a file is looked at, its answers are sent back to be taken."""

from datetime import date
from typing import Annotated

from fastapi import File, UploadFile
from pydantic import BaseModel, Field

from contracts.order_intake import Need
from contracts.sentences import sentences_of
from contracts.values import EnterpriseId, SurveyId
from order_intake.surveys import paper
from order_intake.surveys.paper import Looked, State
from order_intake.surveys.routes import NEEDS_REFUSED, Coordinator, Needs
from order_intake.surveys.sheet import PaperAnswer
from servicekit.http import Request, Router, Transaction, refusals, takes_up_to, without_key
from servicekit.sheets.reading import MOST_BYTES

router = Router(prefix="/surveys/{survey_id}/paper", tags=["surveys"])
FORM_BYTES = 64 * 1024
"""What a multipart form adds to its file."""
TAKEN_BYTES = 4 * 1024 * 1024
"""2,000 answers as JSON, with room."""
FILE = (
    "roster.file_empty", "roster.file_too_large", "roster.file_macros", "roster.file_locked",
    "roster.file_broken", "roster.file_kind", "roster.too_many_rows", "roster.too_many_cells",
    "survey.sheet_no_heading", "survey.sheet_no_rows", "survey.unknown",
)  # fmt: skip


class PaperRequest(Request):
    """An enterprise's answer as it stands on paper; `person_times` counts for a first answer only."""

    enterprise_id: EnterpriseId
    person_times: Annotated[int, Field(ge=0, le=100_000)]
    needs: Needs = ()
    known: Annotated[str, Field(max_length=16)] | None = None
    """As the look at the sheet told it: which answer was known then."""

    def answer(self) -> PaperAnswer:
        """As the rules read it."""
        return PaperAnswer(
            self.enterprise_id, self.person_times, tuple(n.need() for n in self.needs), self.known
        )


class TakeRequest(Request):
    """Answers to be taken together."""

    answers: Annotated[tuple[PaperRequest, ...], Field(min_length=1, max_length=2000)]


class PaperRowView(BaseModel):
    """A row of the file and what would become of it; `row` as Excel counts."""

    row: int
    enterprise_id: str
    person_times: int | None
    need: Need | None
    state: State
    since: date | None
    """Of `meanwhile`: on which day the answer that is known was given; none = it was withdrawn."""
    sentences: dict[str, str]
    """Why it is refused, in every language; empty where it is not."""


class PaperAnswerView(BaseModel):
    """An answer that would be taken."""

    enterprise_id: EnterpriseId
    person_times: int
    needs: tuple[Need, ...]
    known: str | None
    """Which answer of the enterprise is known now; to be sent back, so that a later one is not overwritten."""


class LookedView(BaseModel):
    """What was found in a file. Nothing of it is kept."""

    rows: list[PaperRowView]
    answers: list[PaperAnswerView]

    @classmethod
    def of(cls, looked: Looked) -> "LookedView":
        """With the refusals in words."""
        return cls(
            rows=[
                PaperRowView(
                    row=row.number,
                    enterprise_id=row.enterprise_id,
                    person_times=row.person_times,
                    need=row.need,
                    state=state,
                    since=looked.since.get(row.enterprise_id) if state == "meanwhile" else None,
                    sentences=sentences_of(wrong.code, wrong.parameters) if wrong else {},
                )
                for row, state, wrong in looked.rows
            ],
            answers=[PaperAnswerView.model_validate(each, from_attributes=True) for each in looked.answers],
        )


class TakenView(BaseModel):
    """How many answers were new, how many mended one, how many said what was known."""

    new: int
    changed: int
    same: int


@router.post("/look", responses=refusals(*FILE))
@takes_up_to(MOST_BYTES + FORM_BYTES)
@without_key  # nothing is kept of it
async def look_at_sheet(
    survey_id: SurveyId,
    *,
    file: Annotated[UploadFile, File(description="A table of answers: .xlsx, .xls or .csv.")],
    tx: Transaction,
    by: Coordinator,
) -> LookedView:
    """What a file holds, and what would become of each row; nothing is kept."""
    content = await file.read()
    return LookedView.of(await paper.look_at_sheet(tx, survey_id, file.filename or "", content, by=by))


@router.post("/take", responses=refusals(*NEEDS_REFUSED, "survey.enterprise_unknown", "survey.said_since"))
@takes_up_to(TAKEN_BYTES)
async def take_sheet(survey_id: SurveyId, asked: TakeRequest, tx: Transaction, by: Coordinator) -> TakenView:
    """All these answers, or none: new ones, corrections of those that differ, nothing for those that are known."""
    answers = [each.answer() for each in asked.answers]
    taken = await paper.take_sheet(tx, survey_id, answers, by=by)
    return TakenView.model_validate(taken, from_attributes=True)
