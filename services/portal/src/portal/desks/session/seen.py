"""What evaluation tells of a session's report."""

from uuid import UUID

from pydantic import AwareDatetime, BaseModel


class PhotoSeen(BaseModel):
    """A photo; the place only for the union."""

    photo_id: UUID
    sha256: str
    size: int
    kept_at: AwareDatetime
    place: str | None = None


class HandedSeen(BaseModel):
    """So many of a material."""

    material: str
    count: int


class ReportSeen(BaseModel):
    """What is told of a session beside its attendance."""

    session_id: UUID
    state: str
    incidents: list[str] = []
    materials: list[HandedSeen] = []
    report_text: str | None = None
    incident_text: str | None = None
    photos: list[PhotoSeen] = []
