"""Rosters over HTTP: nothing leaves here unmasked, but names to whoever may ask, and an enterprise's own for papers."""

from datetime import date
from typing import Annotated

from fastapi import Depends, File, Path, Response, UploadFile
from pydantic import BaseModel, Field

from contracts.masking import masked_name
from contracts.sentences import sentences_of
from contracts.values import Code, CrewCode, LevelCode, OrderId, Reason, WorkerId
from order_intake.orders.commands import Change
from order_intake.orders.rules import ON_THE_DESK
from order_intake.rosters import commands, id_number
from order_intake.rosters.person_rules import are_theirs
from order_intake.rosters.rules import Row, RowState
from servicekit.http import (
    IfMatch,
    Request,
    Router,
    Transaction,
    refusals,
    takes_up_to,
    without_key,
)
from servicekit.identity import Actor, actor_with
from servicekit.sheets.reading import MOST_BYTES

router = Router(tags=["rosters"])
Clerk = Annotated[Actor, Depends(actor_with("enterprise"))]
Reader = Annotated[Actor, Depends(actor_with("enterprise", "union"))]
Asker = Annotated[Actor, Depends(actor_with("service", "union"))]
Line = Annotated[int, Path(ge=1, le=99)]
FORM_BYTES = 64 * 1024
"""What a multipart form adds to its file."""
FILE = (
    "roster.file_empty", "roster.file_too_large", "roster.file_macros", "roster.file_locked",
    "roster.file_broken", "roster.file_kind", "roster.no_heading", "roster.no_rows", "roster.too_many_rows",
    "roster.too_many_cells",
    "order.unknown", "order.line_unknown", "order.not_editable", "order.too_many_trainees",
)  # fmt: skip


class RowView(BaseModel):
    """A row of the file and what becomes of it."""

    row: int
    """As Excel counts."""
    state: RowState
    reasons: tuple[Reason, ...]
    sentences: list[dict[str, str]] = []
    """The reasons in words, in every language."""
    masked: str | None
    """The ID number's last four characters, when the row has one."""
    masked_name: str | None

    @classmethod
    def of(cls, row: Row) -> "RowView":
        """With its reasons in words."""
        said = [sentences_of(reason.code, dict(reason.figures)) for reason in row.reasons]
        return cls.model_validate(row, from_attributes=True).model_copy(update={"sentences": said})


class RosterView(BaseModel):
    """What becomes of a roster. `taken` counts the mended rows too, `refused` the doubles too."""

    rows: list[RowView]
    taken: int
    refused: int


class CopiedView(BaseModel):
    """How many people stand on the line now."""

    taken: int


class TraineeView(BaseModel):
    """Somebody on a line."""

    line: int
    worker_id: WorkerId
    crew: CrewCode
    masked_name: str | None
    masked: str | None


class RevealRequest(Request):
    """What a whole ID number is looked at for: a code of the programme's `reveal_reasons`."""

    reason: Reason


class NumberView(BaseModel):
    """A whole ID number, for the one look that was asked for."""

    id_number: str


class PeopleRequest(Request):
    """Whose names are asked for, and what for."""

    purpose: Code
    workers: Annotated[tuple[WorkerId, ...], Field(max_length=5000)]
    order_id: OrderId | None = None


class FullRequest(Request):
    """Whose whole ID numbers are asked for, and what for: one of the programme's purposes."""

    purpose: Code
    workers: Annotated[tuple[WorkerId, ...], Field(min_length=1, max_length=2000)]


class FullView(BaseModel):
    """Somebody with the whole ID number."""

    worker_id: WorkerId
    name: str
    id_number: str


class PersonView(BaseModel):
    """Somebody by name; the ID number stays masked."""

    worker_id: WorkerId
    name: str
    id_masked: str
    last_four: str
    birth_date: date
    years_in_trade: int
    """0 when the roster does not say: nothing is shown then."""
    holds_level: LevelCode | None


@router.post("/orders/{order_id}/lines/{line}/roster", responses=refusals(*FILE))
@takes_up_to(MOST_BYTES + FORM_BYTES)
async def take_roster(
    order_id: OrderId,
    *,
    line: Line,
    file: Annotated[UploadFile, File(description="A table of people: .xlsx, .xls or .csv.")],
    tx: Transaction,
    by: Clerk,
    take: bool = False,
    if_match: IfMatch = None,
) -> RosterView:
    """Read a roster; each row is explained. `take=true` puts the good rows on the line, else nothing is kept."""
    sent = commands.RosterFile(file.filename or "", await file.read())
    rows = await commands.take_roster(tx, order_id, line, sent, Change(by, if_match), take=take)
    taken = sum(row.person is not None for row in rows)
    shown = [RowView.of(row) for row in rows]
    return RosterView(rows=shown, taken=taken, refused=len(rows) - taken)


@router.post(
    "/orders/{order_id}/lines/{line}/roster/same-as/{other}",
    responses=refusals("order.unknown", "order.line_unknown", "order.not_editable", "order.no_trainees"),
)
async def copy_roster(
    order_id: OrderId, *, line: Line, other: Line, tx: Transaction, by: Clerk, if_match: IfMatch = None
) -> CopiedView:
    """Put the people of another line of the order on this line too."""
    return CopiedView(taken=await commands.copy_roster(tx, order_id, line, other, Change(by, if_match)))


@router.post(
    "/orders/{order_id}/discard",
    status_code=204,
    responses=refusals("order.unknown", "order.not_discardable"),
)
async def discard_order(order_id: OrderId, *, tx: Transaction, by: Clerk, if_match: IfMatch = None) -> None:
    """Throw away a draft of yours that was never asked for, with the people on its rosters."""
    await commands.discard_order(tx, order_id, Change(by, if_match))


@router.get("/orders/{order_id}/trainees", responses=refusals("order.unknown"))
async def list_trainees(order_id: OrderId, *, tx: Transaction, by: Reader) -> list[TraineeView]:
    """Who is to be trained, masked: as on the desk of a draft or returned order, else as asked for.

    Of a joint order an enterprise reads its own people.
    """
    order, people = await commands.read_people(tx, order_id, by=by)
    lines = order.draft if order.state in ON_THE_DESK else order.lines
    shown: list[TraineeView] = []
    for line in lines:
        for trainee in line.trainees:
            if not are_theirs(order, trainee, by):
                continue
            kept = people.get(trainee.worker_id)
            shown.append(
                TraineeView(
                    line=line.line,
                    worker_id=trainee.worker_id,
                    crew=trainee.crew,
                    masked_name=masked_name(kept.name) if kept else None,
                    masked=id_number.masked(kept.id_number) if kept else None,
                )
            )
    return shown


@router.post(
    "/orders/{order_id}/people/full",
    responses=refusals("order.unknown", "roster.purpose_unknown", "roster.not_on_it"),
)
@without_key  # an answer with names is not to be kept; that it was given is a fact each time
async def name_people_in_full(
    order_id: OrderId, asked: FullRequest, *, tx: Transaction, by: Clerk, response: Response
) -> list[FullView]:
    """One's own people with whole ID numbers, for papers that need them; purpose and number of people are a fact."""
    response.headers["Cache-Control"] = "no-store"
    found = await commands.disclose_in_full(tx, order_id, asked.workers, purpose=asked.purpose, by=by)
    return [FullView(worker_id=each.worker_id, name=each.name, id_number=each.id_number) for each in found]


@router.post("/people", responses=refusals("order.unknown"))
@without_key  # asking twice tells nothing new, and an answer with names is not to be kept
async def name_people(
    asked: PeopleRequest, *, tx: Transaction, by: Asker, response: Response
) -> list[PersonView]:
    """Names of workers of submitted orders, in bulk; that they were given out is a fact of the order."""
    response.headers["Cache-Control"] = "no-store"
    found = await commands.disclose_people(
        tx, asked.workers, purpose=asked.purpose, order_id=asked.order_id, by=by
    )
    return [
        PersonView(
            worker_id=each.worker_id,
            name=each.name,
            id_masked=id_number.masked(each.id_number),
            last_four=each.id_number[-4:],
            birth_date=each.birth_date,
            years_in_trade=each.years_in_trade or 0,
            holds_level=each.holds_level,
        )
        for each in found
    ]


@router.post(
    "/orders/{order_id}/people/{worker_id}/reveal",
    responses=refusals(
        "order.unknown", "roster.person_unknown", "roster.not_asked_for", "roster.reveal_reason_unknown"
    ),
)
@without_key  # every look is told, and an answer with a number is not to be kept
async def reveal_id_number(
    order_id: OrderId,
    *,
    worker_id: WorkerId,
    given: RevealRequest,
    tx: Transaction,
    by: Reader,
    response: Response,
) -> NumberView:
    """One person's whole ID number, with a reason; the look is a fact of the order's story."""
    response.headers["Cache-Control"] = "no-store"
    return NumberView(id_number=await commands.reveal_id_number(tx, order_id, worker_id, given.reason, by=by))
