"""Where photos are kept: a folder, or a bucket of anything that speaks S3."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from contracts.refusals import NotFound, Refused
from contracts.values import PhotoId, SessionId

if TYPE_CHECKING:
    from obstore.store import S3Config

S3 = "s3://"
TRIES, TRY_TIME = 2, timedelta(seconds=5)


class Photos:
    """Pictures by session and photo. Written again, the same stands there once."""

    def __init__(self, opened: Callable[[], ObjectStore]) -> None:
        self._opened = opened

    @cached_property
    def _store(self) -> ObjectStore:
        """Opened when it is first needed: a folder is made then."""
        return self._opened()

    async def put(self, session_id: SessionId, photo_id: PhotoId, content: bytes, small: bytes) -> None:
        """Both pictures; `photo.store_away` when they cannot be kept."""
        try:
            await obstore.put_async(self._store, _name(session_id, photo_id), content)
            await obstore.put_async(self._store, _name(session_id, photo_id, small=True), small)
        except (BaseError, OSError):
            raise Refused("photo.store_away") from None

    async def get(self, session_id: SessionId, photo_id: PhotoId, *, small: bool) -> bytes:
        """One of them; `photo.unknown` when it is not there any more."""
        try:
            found = await obstore.get_async(self._store, _name(session_id, photo_id, small=small))
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            raise NotFound("photo.unknown", photo_id=photo_id) from None
        except (BaseError, OSError):
            raise Refused("photo.store_away") from None

    async def drop(self, session_id: SessionId, photo_id: PhotoId) -> None:
        """Both are gone, also where they were already."""
        for small in (False, True):
            with suppress(FileNotFoundError):
                await obstore.delete_async(self._store, _name(session_id, photo_id, small=small))


def open_store(
    where: str, *, endpoint: str = "", key: str = "", secret: str = "", region: str = ""
) -> Photos:
    """`where` = a folder, which is made, or `s3://bucket` or `s3://bucket/prefix`."""
    if not where.startswith(S3):
        return Photos(lambda: LocalStore(str(Path(where).absolute()), mkdir=True))
    told = urlsplit(where)

    def opened() -> S3Store:
        config: S3Config = {"access_key_id": key, "secret_access_key": secret, "region": region}
        if endpoint:
            config["endpoint"] = endpoint
        return S3Store(
            told.netloc,
            prefix=told.path.strip("/") or None,
            config=config,
            client_options={"allow_http": endpoint.startswith("http://"), "timeout": TRY_TIME},
            retry_config={"max_retries": TRIES},
        )

    return Photos(opened)


def _name(session_id: SessionId, photo_id: PhotoId, *, small: bool = False) -> str:
    return f"sessions/{session_id}/{photo_id}{'-small' if small else ''}.jpg"
