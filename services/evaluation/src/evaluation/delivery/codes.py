"""The code on the instructor's screen: another one every some seconds, made by a phone without a network too. Pure.

A code names its session and its window of time and proves both under the session's secret. It can be checked at
any moment later, against the moment at which it was shown.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.refusals import Refused
from contracts.values import SessionId

EARLY, LATE = 1, 2
"""Windows that a code may be ahead of now (clocks), or behind it (a scan, and a page that loads slowly)."""
NAME, WINDOW, PROOF = 16, 4, 10
"""Bytes of a code: the session's id, the window's number, the proof."""
PURPOSE = b"songjiao sign-in code"


@dataclass(frozen=True)
class Code:
    """A code as it was read; nothing is proved yet."""

    session_id: SessionId
    window: int
    proof: bytes


def key_from(key: bytes) -> bytes:
    """The key of all sessions' secrets, from one that is there for something else."""
    return hmac.digest(key, PURPOSE, hashlib.sha256)


def secret_of(key: bytes, session_id: SessionId) -> bytes:
    """A session's own secret: who has it makes this session's codes and no other's."""
    return hmac.digest(key, session_id.bytes, hashlib.sha256)


def window_of(at: datetime, seconds: int) -> int:
    """The number of the window of so many seconds that this moment lies in."""
    return int(at.timestamp()) // seconds


def code_of(secret: bytes, session_id: SessionId, window: int) -> str:
    """The code of a window, as it stands in the address that is scanned."""
    body = session_id.bytes + window.to_bytes(WINDOW, "big")
    proof = hmac.digest(secret, body, hashlib.sha256)[:PROOF]
    return base64.urlsafe_b64encode(body + proof).decode()


def read(code: str) -> Code:
    """What a code says; `sign_in.code_unknown` for anything that is none."""
    try:
        raw = base64.b64decode(code, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != NAME + WINDOW + PROOF:
        raise Refused("sign_in.code_unknown")
    window = int.from_bytes(raw[NAME : NAME + WINDOW], "big")
    return Code(UUID(bytes=raw[:NAME]), window, raw[NAME + WINDOW :])


def check(secret: bytes, code: Code, at: datetime, seconds: int) -> None:
    """`sign_in.code_unknown` for a forged code, `sign_in.code_expired` for one that was not on the screen then.

    `seconds` = how long each code is shown.
    """
    made = read(code_of(secret, code.session_id, code.window))
    if not hmac.compare_digest(made.proof, code.proof):
        raise Refused("sign_in.code_unknown")
    if not -LATE <= code.window - window_of(at, seconds) <= EARLY:
        raise Refused("sign_in.code_expired")
