"""What order-intake tells an enterprise about its orders, its works, and a roster that is looked at."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

DRAFTED, WAITING, TAKEN = frozenset({"draft", "returned"}), "submitted", frozenset({"accepted", "started"})
"""States in which an order is written, waits for the union, and is in force."""
FIELDS = ("name", "id_number", "crew", "years", "level")
"""What a row of a roster holds."""
Cell = str | int | float | None


class ReasonSeen(BaseModel):
    """Why something is so."""

    code: str
    figures: dict[str, Any] = {}


class LineSeen(BaseModel):
    """A line of an order, without its people."""

    line: int
    service: str
    occupation: str
    level: str | None
    heads: int
    units: list[str] = []
    bands: list[str] = []
    cohort_sizes: list[int] = []
    earliest: date | None = None
    latest: date | None = None
    release_cap_minutes: int = 0
    crews: dict[str, int] = {}

    @property
    def people(self) -> int:
        """Who stands on its roster."""
        return sum(self.crews.values())


class OrderSeen(BaseModel):
    """An order as it lies on the enterprise's desk."""

    order_id: UUID
    number: str
    enterprise_id: str
    enterprise_name: str | None = None
    programme: str
    special_session: bool
    state: str
    lines: list[LineSeen]
    desk: list[LineSeen] | None = None
    reasons: list[ReasonSeen] = []
    note: str | None = None
    joint_order: UUID | None = None
    version: int
    changed_at: datetime

    @property
    def on_desk(self) -> list[LineSeen]:
        """The lines that are changed here: an amendment that was begun, or what was last asked for."""
        return self.lines if self.desk is None else self.desk


class NewSeen(BaseModel):
    """The order that was drafted."""

    order_id: UUID


class WorksSeen(BaseModel):
    """The works: where sessions are held, and when its crews work."""

    name: str
    name_en: str | None
    division: str
    shift_pattern: str
    shift_anchor: date
    rooms: int


class CellsSeen(BaseModel):
    """A row's cells as its file has them; a number stays a number."""

    name: Cell = None
    id_number: Cell = None
    crew: Cell = None
    years: Cell = None
    level: Cell = None


class RowSeen(BaseModel):
    """A row of a roster, and what would become of it."""

    row: int
    state: str
    sentences: list[dict[str, str]] = []
    masked: str | None = None
    masked_name: str | None = None
    cells: CellsSeen | None = None
    hidden: bool = False


class ColumnSeen(BaseModel):
    """A column of the file."""

    at: int
    heading: str
    samples: list[str]
    field: str | None


class CopiedSeen(BaseModel):
    """How many people of another line stand on this one now."""

    taken: int


class RosterSeen(BaseModel):
    """What would become, or became, of each row."""

    rows: list[RowSeen]
    taken: int
    refused: int


class SheetSeen(RosterSeen):
    """The same of a file, with its columns."""

    sheet: str
    columns: list[ColumnSeen]
