"""Column types, and the cipher of personal data: UTC time, text encrypted at rest, the blind index."""

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import DateTime, LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

VERSION = b"\x01"
NONCE_BYTES = 12
KEY_BYTES = 32
CIPHER_BYTES = len(VERSION) + NONCE_BYTES + 16
"""By so many is what is stored longer than what it says: version, nonce, the tag of GCM."""


class UtcTime(TypeDecorator[datetime]):
    """A moment, stored and read in UTC; a time without zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC)


class _Cipher:
    """AES-256-GCM under one key, and a keyed hash under a key derived from it."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("SONGJIAO_DATA_KEY must be 32 bytes in base64")
        self._aes = AESGCM(key)
        self._index = hashlib.sha256(b"songjiao blind index" + key).digest()

    def encrypt(self, place: str, content: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._aes.encrypt(nonce, content, place.encode())

    def decrypt(self, place: str, stored: bytes) -> bytes:
        if stored[:1] != VERSION:
            raise ValueError("encrypted with another version of the format")
        cut = 1 + NONCE_BYTES
        return self._aes.decrypt(stored[1:cut], stored[cut:], place.encode())

    def index(self, purpose: str, text: str) -> bytes:
        return hmac.digest(self._index, f"{purpose}\0{text}".encode(), "sha256")


class NoKey(ValueError):  # noqa: N818  said to a person
    """None of the keys opens a cell: it was encrypted under another one, or is not what was written."""


_ciphers: list[_Cipher] = []
"""The first writes; all of them read."""


def use_data_key(key: str, further: Sequence[str] = ()) -> None:
    """Take the key of the encrypted columns (base64 of 32 bytes), and further ones that are only read by.

    A key is changed while services run: the new one is read by everywhere before anybody writes under it.
    """
    _ciphers[:] = [_Cipher(base64.b64decode(each, validate=True)) for each in (key, *further)]


def _cipher() -> _Cipher:
    if not _ciphers:
        raise RuntimeError("encrypted columns need SONGJIAO_DATA_KEY")
    return _ciphers[0]


def opened(place: str, stored: bytes) -> tuple[bytes, bool]:
    """What a cell holds, and whether it is under the key that is written by now; `NoKey`."""
    _cipher()
    for at, cipher in enumerate(_ciphers):
        try:
            return cipher.decrypt(place, stored), at == 0
        except InvalidTag:
            continue
    raise NoKey(f"no key opens a value of {place}: is a key missing in SONGJIAO_FURTHER_DATA_KEYS?")


def blind_index(purpose: str, text: str) -> bytes:
    """32 bytes that are the same for the same text and purpose, and say nothing without the key.

    Finds equal values in encrypted columns: a worker by ID number, whatever the order.
    """
    return _cipher().index(purpose, text)


class EncryptedText(TypeDecorator[str]):
    """Text the database sees only encrypted. `place` ("worker.name") is bound in: no swapping of cells."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        return None if value is None else _cipher().encrypt(self.place, value.encode())

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else opened(self.place, bytes(value))[0].decode()


class EncryptedBytes(TypeDecorator[bytes]):
    """A file the database sees only encrypted, so many bytes longer (`CIPHER_BYTES`); `place` as of `EncryptedText`."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        return None if value is None else _cipher().encrypt(self.place, value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        return None if value is None else opened(self.place, bytes(value))[0]
