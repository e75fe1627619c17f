"""Who adds a photo to a session, when, and how many. House rules (`delivery.photos` in `rules/rules.yaml`). Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from contracts.evaluation import SessionPhotoKept
from contracts.programme_delivery import DeliveryRules, PhotoRules
from contracts.refusals import Refused
from contracts.values import OrderId, PersonId, PhotoId, SessionId
from evaluation.delivery.rules import check_lead
from evaluation.delivery.session import HELD, Session, State

SPACE = UUID("0192f3c4-5a00-7000-8000-000000000012")


@dataclass(frozen=True)
class Photo:
    """A photo that is kept. `place` = where it was taken, if the phone said so: latitude and longitude."""

    photo_id: PhotoId
    session_id: SessionId
    order_id: OrderId
    sha256: str
    size: int
    kept_at: datetime
    place: str | None = None


def photo_id_of(session_id: SessionId, sha256: str) -> PhotoId:
    """The same picture is the same photo of the session, however often it is sent."""
    return uuid5(SPACE, f"{session_id}|{sha256}")


def check_may_add(
    session: Session, *, person: PersonId | None, at: datetime, limits: DeliveryRules
) -> PhotoRules:
    """Whoever leads it adds photos, from its opening until it is confirmed or so many hours are over."""
    check_lead(session, person)
    photos = limits.photographing(session.slot.day)
    if photos is None:
        raise Refused("photo.not_allowed")
    if session.state is State.CONFIRMED:
        raise Refused("photo.confirmed")
    if session.state is not State.OPEN and session.state not in HELD:
        raise Refused("photo.not_open")
    until = session.slot.ends_at + timedelta(hours=photos.hours)
    if at >= until:
        raise Refused("photo.too_late", until=session.local(until))
    return photos


def check_room(there: Collection[PhotoId], limits: PhotoRules) -> None:
    """`photo.too_many` when no more are kept of the session."""
    if len(there) >= limits.most:
        raise Refused("photo.too_many", most=limits.most)


def keep(
    session: Session,
    there: Collection[PhotoId],
    *,
    sha256: str,
    size: int,
    at: datetime,
    limits: PhotoRules,
) -> SessionPhotoKept | None:
    """The photo is kept; nothing when it is there already."""
    photo_id = photo_id_of(session.session_id, sha256)
    if photo_id in there:
        return None
    check_room(there, limits)
    return SessionPhotoKept(
        order_id=session.order_id,
        session_id=session.session_id,
        photo_id=photo_id,
        sha256=sha256,
        size=size,
        kept_at=at,
    )
