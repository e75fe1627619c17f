"""What the facts of photos do to rows, when they are all that is left; the pictures lie elsewhere."""

from contracts.evaluation import SessionPhotoKept
from evaluation.photos import store
from evaluation.photos.rules import Photo
from servicekit.db import Cause, Tx


async def kept(tx: Tx, fact: SessionPhotoKept, _cause: Cause) -> None:
    """The photo is one of its session."""
    await store.add(tx, photo_of(fact))


def photo_of(fact: SessionPhotoKept, place: str | None = None) -> Photo:
    """The row that the fact stands for."""
    return Photo(fact.photo_id, fact.session_id, fact.order_id, fact.sha256, fact.size, fact.kept_at, place)
