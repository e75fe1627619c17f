"""Orders as they are asked for and shown over HTTP."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from contracts.refusals import Invalid
from contracts.values import (
    BandCode,
    EnterpriseId,
    LevelCode,
    Minutes,
    OccupationCode,
    OrderId,
    OrderNumber,
    ProgrammeCode,
    Reason,
    ReasonCode,
    ServiceLine,
    Stage,
    SurveyId,
    UnionId,
    UnitCode,
    because,
)
from order_intake.orders.commands import Stored
from order_intake.orders.lines import DraftLine
from order_intake.orders.rules import ON_THE_DESK, State
from servicekit.http import Request

Note = Annotated[str, Field(max_length=2000)]
"""Free words for the other side; kept with the order, in no fact."""


class LineRequest(Request):
    """A line as asked for. `line` names a line that exists and keeps its people; without it, its place counts."""

    line: Annotated[int, Field(ge=1, le=99)] | None = None
    service: ServiceLine
    occupation: OccupationCode
    level: LevelCode | None = None
    heads: Annotated[int, Field(ge=0, le=100_000)] | None = None
    units: Annotated[tuple[UnitCode, ...], Field(max_length=50)] = ()
    bands: Annotated[tuple[BandCode, ...], Field(max_length=10)] = ()
    cohort_sizes: Annotated[tuple[Annotated[int, Field(ge=1, le=200)], ...], Field(max_length=200)] = ()
    earliest: date | None = None
    latest: date | None = None
    release_cap_minutes: Annotated[Minutes, Field(le=100_000)] = 0


Lines = Annotated[tuple[LineRequest, ...], Field(max_length=99)]


class NewOrder(Request):
    """An order on the desk. Level and days of a line may follow later, but before it is submitted."""

    programme: ProgrammeCode
    special_session: bool = False
    survey_id: SurveyId | None = None
    lines: Lines = ()


class OrderEdit(Request):
    """The lines as they are to lie on the desk."""

    lines: Lines
    special_session: bool | None = None


class Amendment(Request):
    """The lines from now on; without them, the desk as it lies (after rosters were changed there)."""

    lines: Lines | None = None
    note: Note | None = None


class ReasonRequest(Request):
    """A reason: a code with its figures."""

    code: ReasonCode
    figures: Annotated[dict[str, int | str], Field(default_factory=dict, max_length=8)]

    def reason(self) -> Reason:
        """As it stands in a fact: figures are numbers, codes and dates; words belong in the note."""
        try:
            return because(self.code, **self.figures)
        except ValueError:
            raise Invalid("intake.reason_wrong", field="figures", reason=self.code) from None


class Answer(Request):
    """Why an order is returned or rejected."""

    reasons: Annotated[tuple[ReasonRequest, ...], Field(min_length=1, max_length=20)]
    note: Note | None = None


class LineClosing(Request):
    """How a line ended that nobody here teaches or examines for."""

    heads: Annotated[int, Field(ge=0, le=2000)]
    """People who took part."""
    note: Note | None = None


class Cancellation(Request):
    """Why an accepted order ends."""

    reason: ReasonRequest
    note: Note | None = None


class NewOrderView(BaseModel):
    """The order that was drafted."""

    order_id: OrderId
    number: OrderNumber


class LineView(BaseModel):
    """A line; who stands on it is asked at `/trainees`."""

    line: int
    service: ServiceLine
    occupation: OccupationCode
    level: LevelCode | None
    heads: int
    units: tuple[UnitCode, ...]
    bands: tuple[BandCode, ...]
    cohort_sizes: tuple[int, ...]
    earliest: date | None
    latest: date | None
    release_cap_minutes: int
    crews: dict[str, int]
    """People by crew."""

    @classmethod
    def of(cls, line: DraftLine) -> "LineView":
        """A line without its people."""
        crews: dict[str, int] = {}
        for trainee in sorted(line.trainees, key=lambda each: each.crew):
            crews[trainee.crew] = crews.get(trainee.crew, 0) + 1
        shown: dict[str, Any] = dict(line) | {"heads": len(line.trainees) or line.heads or 0, "crews": crews}
        return cls(**shown)


class OrderView(BaseModel):
    """An order. `desk` is there when what lies on the desk is not what was agreed (an amendment begun)."""

    order_id: OrderId
    number: OrderNumber
    enterprise_id: EnterpriseId
    enterprise_name: str | None
    programme: ProgrammeCode
    special_session: bool
    survey_id: SurveyId | None
    state: State
    lines: tuple[LineView, ...]
    desk: tuple[LineView, ...] | None
    union_id: UnionId | None
    revision: int
    reasons: tuple[Reason, ...]
    note: str | None
    stages: tuple[Stage, ...] | None
    """What the confirmed scheme must go through; none while no scheme is confirmed."""
    lines_by_hand: tuple[int, ...]
    """Lines that no stage ends: the union closes them."""
    closed_lines: tuple[int, ...]
    delivered: bool
    evaluated_lines: tuple[int, ...]
    joint_order: OrderId | None
    """The joint order that it is asked for or part of, or that it is itself."""
    consented: bool
    version: int
    changed_at: datetime

    @classmethod
    def of(cls, stored: Stored) -> "OrderView":
        """The order as its readers see it."""
        order, progress = stored.order, stored.progress
        agreed = tuple(DraftLine(**dict(line)) for line in order.lines)
        desk = tuple(map(LineView.of, order.draft))
        lines = desk if order.state in ON_THE_DESK else tuple(map(LineView.of, agreed))
        same = lines == desk and all(
            a.trainees == d.trainees for a, d in zip(agreed, order.draft, strict=False)
        )
        return cls(
            order_id=order.id,
            number=order.number,
            enterprise_id=order.enterprise_id,
            enterprise_name=order.site.enterprise_name if order.site else None,
            programme=order.programme,
            special_session=order.special_session,
            survey_id=order.survey_id,
            state=order.state,
            lines=lines,
            desk=None if order.state in ON_THE_DESK or same else desk,
            union_id=order.union_id,
            revision=order.revision,
            reasons=order.reasons,
            note=stored.note,
            stages=None if progress.stages is None else tuple(sorted(progress.stages)),
            lines_by_hand=tuple(sorted(progress.by_hand)),
            closed_lines=tuple(sorted(order.closed)),
            delivered=progress.delivered,
            evaluated_lines=tuple(sorted(progress.evaluated)),
            joint_order=order.pool.joint_id if order.pool else None,
            consented=bool(order.pool and order.pool.consented),
            version=stored.version,
            changed_at=stored.changed_at,
        )


def desk_lines(lines: Lines) -> tuple[DraftLine, ...]:
    """The lines with their numbers."""
    return tuple(
        DraftLine(**dict(line) | {"line": line.line or at}) for at, line in enumerate(lines, start=1)
    )
