"""What the facts of photos do to rows, when they are all that is left; the pictures lie elsewhere."""

from contracts.evaluation import SessionPhotoKept
from evaluation.known import known
from evaluation.photos import store
from evaluation.photos.rules import Photo
from servicekit.db import Cause, Tx
from servicekit.timers import set_deadline

PHOTO_ENDS = "photo_ends"


async def kept(tx: Tx, fact: SessionPhotoKept, _cause: Cause) -> None:
    """The photo is one of its session."""
    await store.add(tx, photo_of(fact))
    await await_end(tx, fact)


async def await_end(tx: Tx, fact: SessionPhotoKept) -> None:
    """It is kept for as long as the rules of its day say (`personal.kept.places`)."""
    due = known(tx).programmes.rules.personal.over("places", fact.kept_at)
    await set_deadline(tx, PHOTO_ENDS, key=fact.photo_id, subject=fact.order_id, due=due)


def photo_of(fact: SessionPhotoKept, place: str | None = None) -> Photo:
    """The row that the fact stands for."""
    return Photo(fact.photo_id, fact.session_id, fact.order_id, fact.sha256, fact.size, fact.kept_at, place)
