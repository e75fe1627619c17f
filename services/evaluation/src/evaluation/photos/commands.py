"""What is done about photos and the rest of a session's report: added, listed, looked at."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from contracts.programme_delivery import PhotoRules
from contracts.refusals import NotFound, Refused
from contracts.values import Code, Handed, PhotoId, SessionId
from evaluation import actors
from evaluation.delivery import commands as delivery
from evaluation.delivery.commands import Session
from evaluation.known import known
from evaluation.orders import commands as orders
from evaluation.photos import pictures, rules, store
from evaluation.photos.evolve import PHOTO_ENDS, await_end, photo_of
from evaluation.photos.pictures import Picture
from evaluation.photos.rules import Photo
from servicekit.clock import now
from servicekit.db import Transactions, Tx
from servicekit.facts import hold_subject, record
from servicekit.identity import Actor
from servicekit.removals import note_removal

__all__ = ["PHOTO_ENDS", "Photo", "Reported"]

ONE = asyncio.Semaphore(1)
"""Pictures are unpacked one after the other: each takes the memory of all its pixels."""


@dataclass(frozen=True)
class Reported:
    """What is told of a session beside its attendance."""

    session: Session
    incidents: tuple[Code, ...] = ()
    materials: tuple[Handed, ...] = ()
    text: str | None = None
    incident_text: str | None = None
    photos: tuple[Photo, ...] = ()


async def prepare(
    transactions: Transactions, session_id: SessionId, content: bytes, exif: bytes, *, by: Actor
) -> Picture | Refused:
    """The file is looked at and stored before it is noted: no connection is held while that lasts.

    A no is handed on and not raised: who sends the same again gets the answer that was given first.
    """
    try:
        async with transactions.begin() as tx:
            _, limits = await _may_add(tx, session_id, by=by)
            there = {each.photo_id for each in await store.of_sessions(tx, [session_id])}
            photos = known(tx).photos
        async with ONE:
            picture = await asyncio.to_thread(pictures.cleaned, content, limits, exif)
        photo_id = rules.photo_id_of(session_id, picture.sha256)
        if photo_id not in there:
            rules.check_room(there, limits)
            await photos.put(session_id, photo_id, picture.content, picture.small)
    except Refused as refused:
        return refused
    return picture


async def add(tx: Tx, session_id: SessionId, ready: Picture | Refused, *, by: Actor) -> tuple[Photo, bool]:
    """The photo is kept, and whether it was not before; nothing of a file that is refused."""
    if isinstance(ready, Refused):
        raise ready
    await hold_subject(tx, (await delivery.session_for(tx, session_id, seen_by=by)).order_id)
    there = {each.photo_id: each for each in await store.of_sessions(tx, [session_id])}
    photo_id = rules.photo_id_of(session_id, ready.sha256)
    try:
        session, limits = await _may_add(tx, session_id, by=by)  # again: it may be confirmed meanwhile
        fact = rules.keep(
            session, there, sha256=ready.sha256, size=len(ready.content), at=await now(tx), limits=limits
        )
        if fact is None:
            return there[photo_id], False
        photo = photo_of(fact, ready.place)
        await store.add(tx, photo)
        await await_end(tx, fact)
        await record(tx, fact, by=by)
    except Exception:
        if photo_id not in there:
            await known(tx).photos.drop(session_id, photo_id)
        raise
    return photo, True


async def _may_add(tx: Tx, session_id: SessionId, *, by: Actor) -> tuple[Session, PhotoRules]:
    session = await delivery.session_for(tx, session_id, seen_by=by)
    limits = known(tx).programmes.rules.delivery
    person, moment = actors.person_of(by), await now(tx)
    return session, rules.check_may_add(session, person=person, at=moment, limits=limits)


async def forget(tx: Tx, photo_id: PhotoId) -> None:
    """Its time is over: pictures and place are gone; the fact keeps the sum of what was there."""
    gone = await store.forget(tx, photo_id)
    if gone is not None:
        await known(tx).photos.drop(gone.session_id, photo_id)
        await note_removal(tx, "places", 1)


async def reported(tx: Tx, session_id: SessionId, *, seen_by: Actor) -> Reported:
    """The report and its photos. Of a joint order who only sends people there reads neither; the place is the
    union's.
    """
    session = await delivery.session_for(tx, session_id, seen_by=seen_by)
    if not _sees_report(session, seen_by):
        return Reported(session)
    words = await delivery.words_of(tx, session_id)
    photos = await store.of_sessions(tx, [session_id])
    if not seen_by.may("union"):
        photos = [replace(each, place=None) for each in photos]
    return Reported(
        session,
        session.incidents,
        session.materials,
        words.get("report"),
        words.get("incident"),
        tuple(photos),
    )


async def picture(tx: Tx, session_id: SessionId, photo_id: PhotoId, *, small: bool, seen_by: Actor) -> bytes:
    """The picture; `photo.unknown` also for who may not see it."""
    session = await delivery.session_for(tx, session_id, seen_by=seen_by)
    there = {each.photo_id for each in await store.of_sessions(tx, [session_id])}
    if photo_id not in there or not _sees_report(session, seen_by):
        raise NotFound("photo.unknown", photo_id=photo_id)
    return await known(tx).photos.get(session_id, photo_id, small=small)


async def of_sessions(tx: Tx, sessions: Sequence[Session]) -> list[Photo]:
    """What is kept of these sessions."""
    return await store.of_sessions(tx, [each.session_id for each in sessions])


def _sees_report(session: Session, by: Actor) -> bool:
    return session.is_led_by(actors.person_of(by)) or orders.sees(by, session.enterprise_id)
