"""What scheduling tells of the catalogue."""

from uuid import UUID

from pydantic import BaseModel

from contracts.programme import Unit


class NeedsSeen(BaseModel):
    """What whoever teaches a unit must hold."""

    occupation: str
    level: str


class UnitSeen(BaseModel):
    """A course unit in force."""

    unit: str
    occupation: str
    level: str
    name_zh: str
    name_en: str
    class_hours: int
    session_hours: int
    sessions: int
    mode: str
    needs: NeedsSeen
    source: str


class WrongSeen(BaseModel):
    """What is wrong in a row."""

    row: int
    field: str
    sentences: dict[str, str]


class ChangedSeen(BaseModel):
    """A unit that would be different: old and new by field."""

    unit: str
    fields: dict[str, tuple[str, str]]


class TouchedSeen(BaseModel):
    """A scheme that is not confirmed and teaches changed units."""

    order_id: UUID
    number: str
    enterprise_id: str
    enterprise_name: str
    state: str
    units: list[str]


class CheckedSeen(BaseModel):
    """A changed catalogue that was looked at."""

    units: int
    wrong: list[WrongSeen]
    added: list[Unit]
    changed: list[ChangedSeen]
    gone: list[Unit]
    touched: list[TouchedSeen]
    file: str
