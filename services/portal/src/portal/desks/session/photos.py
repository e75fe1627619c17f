"""Photos of a session: added by its lead, looked at by whoever sees its report."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from portal.desks.asking import EVALUATION
from portal.desks.at import Desk, Wrong
from portal.desks.instructor.pages import sign_page
from portal.web.viewer import NotForYou
from servicekit.http import Router, takes_up_to, without_key

router = Router(include_in_schema=False)
MOST_BYTES = 40 * 1024 * 1024
"""All photos of one sending; a page with scripts makes each of them smaller."""
PICTURE_SECONDS = 20.0
HEADERS = {
    "cache-control": "private, max-age=3600",
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
}
"""Of a picture: it stays in this browser, and is nothing but a picture."""


@router.get("/sessions/{session}/photos/{photo}.jpg")
async def show_photo(
    at: Desk,
    session: UUID,
    photo: UUID,
    small: Annotated[bool, Query()] = False,  # noqa: FBT002  a query
) -> Response:
    """The picture as evaluation keeps it."""
    at.only("union", "enterprise", "instructor")
    path = f"/sessions/{session}/photos/{photo}{'?small=true' if small else ''}"
    found = await at.fetch(EVALUATION, path, seconds=PICTURE_SECONDS)
    if not isinstance(found, bytes):
        raise NotForYou("error.away" if found == "away" else "error.not_found")
    return Response(found, media_type="image/jpeg", headers=HEADERS)


@router.post("/my/sessions/{session}/photos")
@without_key  # the form has a one-time key of its own
@takes_up_to(MOST_BYTES)
async def add_photos(at: Desk, session: UUID) -> Response:
    """Each photo by itself: those before one that is refused are kept, and it is said which one and why."""
    at.only("instructor")
    form = await at.request.form()
    key = str(form.get("key", ""))
    if wrong := await at.once(key):
        return await sign_page(at, session, wrong)
    photos = [each for each in form.getlist("photo") if isinstance(each, UploadFile) and each.filename]
    beside = [each for each in form.getlist("beside") if isinstance(each, UploadFile)]
    if not photos:
        return await sign_page(at, session, Wrong(at.text("photo.none"), 422))
    nonce = key.partition(".")[0]
    for n, photo in enumerate(photos):
        cut = await beside[n].read() if n < len(beside) else b""
        told = ("beside", cut) if cut else None
        sent = (photo.filename or "", await photo.read())
        if wrong := await at.give(f"{nonce}-{n + 1}", EVALUATION, f"/sessions/{session}/photos", sent, told):
            return await sign_page(
                at, session, Wrong(at.text("photo.refused", n=n + 1, why=wrong.text), wrong.status)
            )
    return RedirectResponse(f"/my/sessions/{session}#photos", 303)
