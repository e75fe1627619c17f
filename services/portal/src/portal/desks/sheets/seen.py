"""What evaluation tells of a session's sheet."""

from datetime import time
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, RootModel


class AgainSeen(BaseModel):
    """What another source told of somebody who was signed in already."""

    at: AwareDatetime
    way: str


class LineSeen(BaseModel):
    """Somebody on the sheet."""

    no: int
    worker_id: UUID
    name: str
    lacks: str = ""
    signed_at: AwareDatetime | None = None
    way: str | None = None
    again: list[AgainSeen] = []


class ListSeen(BaseModel):
    """The sheet."""

    session_id: UUID
    state: str
    mark: str
    lines: list[LineSeen]


class AnswerSeen(BaseModel):
    """What became of a line, or would."""

    no: int
    row: int | None = None
    name: str | None = None
    outcome: str
    at: AwareDatetime | None = None
    left_at: AwareDatetime | None = None
    minutes: int | None = None
    came: time | None = None
    left: time | None = None
    late: int = 0
    reason: str | None = None
    sentences: dict[str, str] = {}

    def line(self) -> dict[str, str | int]:
        """As it is sent to be entered."""
        told: dict[str, str | int] = self.model_dump(
            mode="json", include={"no", "row", "late", "came", "left"}, exclude_none=True
        )
        return told


class AnswersSeen(RootModel[list[AnswerSeen]]):
    """All of them, in the order in which they were written."""


class FileSeen(BaseModel):
    """A filled-in file."""

    mark: str
    lines: list[AnswerSeen]
