"""Addresses of a session's report and photos."""

from typing import Annotated

from fastapi import Depends, File, Query, Response, UploadFile
from fastapi import Request as HttpRequest
from pydantic import AwareDatetime, BaseModel

from contracts.refusals import Refused
from contracts.values import Code, Handed, Hash, PhotoId, SessionId
from evaluation.photos import commands
from evaluation.photos.commands import Reported
from evaluation.photos.pictures import Picture
from evaluation.photos.rules import Photo
from servicekit.http import IdempotencyKey, Router, Transaction, refusals, takes_up_to
from servicekit.identity import Actor, actor_with

router = Router(prefix="/sessions/{session_id}", tags=["sessions"])
Instructor = Annotated[Actor, Depends(actor_with("instructor"))]
Reader = Annotated[Actor, Depends(actor_with("union", "enterprise", "instructor"))]
JPEG = "image/jpeg"
MOST_BYTES = 16 * 1024 * 1024
"""More than any rule allows is not even read."""


class PhotoView(BaseModel):
    """A photo that is kept; the place only for the union."""

    photo_id: PhotoId
    sha256: Hash
    size: int
    kept_at: AwareDatetime
    place: str | None = None

    @classmethod
    def of(cls, photo: Photo) -> "PhotoView":
        """What is told of it."""
        return cls.model_validate(photo, from_attributes=True)


class ReportView(BaseModel):
    """What is told of a session beside its attendance."""

    session_id: SessionId
    state: str
    incidents: tuple[Code, ...]
    materials: tuple[Handed, ...]
    report_text: str | None
    incident_text: str | None
    photos: list[PhotoView]

    @classmethod
    def of(cls, found: Reported) -> "ReportView":
        """As the reader may see it."""
        return cls(
            session_id=found.session.session_id,
            state=found.session.state,
            incidents=found.incidents,
            materials=found.materials,
            report_text=found.text,
            incident_text=found.incident_text,
            photos=[PhotoView.of(each) for each in found.photos],
        )


class AddedView(PhotoView):
    """A photo that was sent; `new` = it was not there before."""

    new: bool


async def _prepared(
    request: HttpRequest,
    session_id: SessionId,
    by: Instructor,
    file: Annotated[UploadFile, File()],
    key: IdempotencyKey,  # noqa: ARG001  nothing is stored for a request without it
    beside: Annotated[UploadFile | None, File()] = None,
) -> Picture | Refused:
    told = await beside.read() if beside else b""
    return await commands.prepare(request.app.state.transactions, session_id, await file.read(), told, by=by)


Ready = Annotated[Picture | Refused, Depends(_prepared)]
"""What was sent, stored before the request's transaction begins: dependencies are asked for in their order."""


@router.get("/report", responses=refusals("session.unknown"))
async def read_report(session_id: SessionId, tx: Transaction, by: Reader) -> ReportView:
    """Report, incidents, materials and photos."""
    return ReportView.of(await commands.reported(tx, session_id, seen_by=by))


@router.post(
    "/photos",
    status_code=201,
    responses=refusals(
        "session.unknown", "session.another_lead", "photo.not_allowed", "photo.not_open", "photo.confirmed",
        "photo.too_late", "photo.too_many", "photo.too_large", "photo.too_many_pixels", "photo.no_image",
        "photo.store_away",
    ),
)  # fmt: skip
@takes_up_to(MOST_BYTES)
async def add_photo(
    session_id: SessionId,
    by: Instructor,
    ready: Ready,
    tx: Transaction,
) -> AddedView:
    """Keep a photo of the session: the picture only. `beside` = what was cut off before it was made smaller."""
    kept, new = await commands.add(tx, session_id, ready, by=by)
    return AddedView(**PhotoView.of(kept).model_dump(exclude={"place"}), new=new)


@router.get(
    "/photos/{photo_id}",
    response_class=Response,
    responses=refusals("session.unknown", "photo.unknown", "photo.store_away")
    | {200: {"content": {JPEG: {}}}},
)
async def fetch_photo(
    session_id: SessionId,
    photo_id: PhotoId,
    tx: Transaction,
    by: Reader,
    small: Annotated[bool, Query()] = False,  # noqa: FBT002  a query
) -> Response:
    """The picture, or a small one."""
    found = await commands.picture(tx, session_id, photo_id, small=small, seen_by=by)
    return Response(found, media_type=JPEG)
