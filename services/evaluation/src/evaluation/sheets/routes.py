"""Addresses of a session's sign-in sheet."""

from datetime import time
from typing import Annotated

from fastapi import Depends, File, Response, UploadFile
from pydantic import AwareDatetime, BaseModel, Field

from contracts.sentences import sentences_of
from contracts.values import Minutes, SessionId, WorkerId
from evaluation.delivery.session import SignIn
from evaluation.sheets import commands
from evaluation.sheets.commands import Judged, Listed
from evaluation.sheets.rules import Entry
from servicekit.http import Request, Router, Transaction, refusals, takes_up_to, without_key
from servicekit.identity import Actor, actor_with
from servicekit.sheets.reading import MOST_BYTES

router = Router(prefix="/sessions/{session_id}/list", tags=["sheets"])
LeadOrUnion = Annotated[Actor, Depends(actor_with("instructor", "union"))]
Said = Annotated[str, Field(max_length=80)]
PDF = "application/pdf"
FORM_BYTES = 100_000
WHOSE = ("session.unknown", "session.another_lead")
ENTERING = (
    *WHOSE, "paper.not_allowed", "paper.too_late", "paper.another_list", "sign_in.not_open", "sign_in.closed",
)  # fmt: skip
FILE = (
    "roster.file_empty", "roster.file_too_large", "roster.file_macros", "roster.file_locked", "roster.file_broken",
    "roster.file_kind", "roster.too_many_rows", "roster.too_many_cells", "paper.another_session",
    "paper.columns_wrong", "paper.nobody",
)  # fmt: skip


class SaidOnIt(Request):
    """What is printed beside our own: how the unit is called, and who teaches."""

    unit: Said = ""
    lead: Said = ""


class LineEntry(Request):
    """Somebody who signed: the number, and times where they differ from the session's."""

    no: Annotated[int, Field(ge=1, le=9999)]
    name: Annotated[str, Field(max_length=60)] | None = None
    late: Annotated[int, Field(ge=0, le=1440)] = 0
    """Minutes."""
    came: time | None = None
    left: time | None = None
    row: Annotated[int, Field(ge=1, le=2_000_000)] | None = None


class Entries(Request):
    """What a signed sheet says; `mark` is printed on it, and shows whether the list is still the same."""

    mark: Annotated[str, Field(max_length=20)] = ""
    lines: Annotated[list[LineEntry], Field(min_length=1, max_length=500)]

    def entries(self) -> list[Entry]:
        """As the rules read it."""
        return [Entry(**each.model_dump()) for each in self.lines]


class AgainView(BaseModel):
    """What another source told of somebody who was signed in already."""

    at: AwareDatetime
    way: str

    @classmethod
    def of(cls, act: SignIn) -> "AgainView":
        """When and how."""
        return cls(at=act.at, way=way_of(act))


class LineView(BaseModel):
    """Somebody on the sheet, signed in or not."""

    no: int
    worker_id: WorkerId
    name: str
    lacks: str = ""
    """Characters of the name that no font here has: on paper they are to be written in by hand."""
    signed_at: AwareDatetime | None = None
    way: str | None = None
    again: list[AgainView] = []


class ListView(BaseModel):
    """A session's sheet."""

    session_id: SessionId
    state: str
    mark: str
    lines: list[LineView]

    @classmethod
    def of(cls, found: Listed) -> "ListView":
        """As it stands now."""
        return cls(
            session_id=found.session.session_id,
            state=found.session.state,
            mark=found.check,
            lines=[
                LineView(
                    no=each.no,
                    worker_id=each.worker_id,
                    name=each.name,
                    lacks=found.lacks.get(each.worker_id, ""),
                    signed_at=act.at if (act := found.signed.get(each.worker_id)) else None,
                    way=way_of(act) if act else None,
                    again=[AgainView.of(one) for one in found.again.get(each.worker_id, ())],
                )
                for each in found.lines
            ],
        )


class LineAnswer(BaseModel):
    """`taken`, `already` (counts nothing more), or `refused` with the rule's code and its sentence."""

    no: int
    row: int | None
    name: str | None
    outcome: str
    at: AwareDatetime | None = None
    left_at: AwareDatetime | None = None
    minutes: Minutes | None = None
    came: time | None = None
    left: time | None = None
    late: int = 0
    reason: str | None = None
    sentences: dict[str, str] = {}

    @classmethod
    def of(cls, judged: Judged) -> "LineAnswer":
        """From the rule's answer."""
        read, answer = judged.read, judged.answer
        return cls(
            no=read.entry.no,
            row=read.entry.row,
            name=read.line.name if read.line else read.entry.name,
            outcome=answer.outcome,
            at=read.at,
            left_at=read.left_at,
            minutes=judged.minutes,
            came=read.entry.came,
            left=read.entry.left,
            late=read.entry.late,
            reason=answer.reason,
            sentences=sentences_of(answer.reason, dict(answer.figures)) if answer.reason else {},
        )


class FileView(BaseModel):
    """What was found in a file. Nothing of it is kept."""

    mark: str
    lines: list[LineAnswer]


def way_of(act: SignIn) -> str:
    """How: `paper` too."""
    return "paper" if act.on_paper else act.way


@router.get("", responses=refusals(*WHOSE))
async def read_list(session_id: SessionId, tx: Transaction, by: LeadOrUnion) -> ListView:
    """The numbered list, with who is signed in and how."""
    return ListView.of(await commands.listed(tx, session_id, seen_by=by))


@router.post(
    "/pdf",
    response_class=Response,
    responses=refusals(*WHOSE, "paper.no_list") | {200: {"content": {PDF: {}}}},
)
@without_key  # nothing is kept of it
async def print_list(session_id: SessionId, given: SaidOnIt, tx: Transaction, by: LeadOrUnion) -> Response:
    """The sheet to be printed and signed."""
    made = await commands.pdf_of(tx, session_id, unit=given.unit, lead=given.lead, seen_by=by)
    return Response(made, media_type=PDF)


@router.post("/look", responses=refusals(*ENTERING))
@without_key  # nothing is kept of it
async def look_at_list(
    session_id: SessionId, given: Entries, tx: Transaction, by: LeadOrUnion
) -> list[LineAnswer]:
    """What would become of each line."""
    found = await commands.look(tx, session_id, given.entries(), given.mark, by=by)
    return [LineAnswer.of(each) for each in found]


@router.post("/file", responses=refusals(*ENTERING, *FILE))
@takes_up_to(MOST_BYTES + FORM_BYTES)
@without_key  # nothing is kept of it, the answer least of all: it holds names
async def look_at_file(
    session_id: SessionId, tx: Transaction, by: LeadOrUnion, file: Annotated[UploadFile, File()]
) -> FileView:
    """The same for a filled-in Excel file."""
    content = await file.read()
    found, mark = await commands.look_at_file(tx, session_id, file.filename or "", content, by=by)
    return FileView(mark=mark, lines=[LineAnswer.of(each) for each in found])


@router.post("", responses=refusals(*ENTERING))
async def enter_list(
    session_id: SessionId, given: Entries, tx: Transaction, by: LeadOrUnion
) -> list[LineAnswer]:
    """The sheet is entered: who signed is signed in, once, whatever else tells of them."""
    found = await commands.look(tx, session_id, given.entries(), given.mark, by=by, keep=True)
    # the answer is kept for whoever sends it again, and holds no name
    return [LineAnswer.of(each).model_copy(update={"name": None}) for each in found]
