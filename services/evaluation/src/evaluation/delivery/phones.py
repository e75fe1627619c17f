"""The mark of the phone that scanned: the same within one session, and tied to nothing beyond it. Pure."""

import hashlib
import hmac

from contracts.values import SessionId

PURPOSE = b"songjiao phone mark"


def mark_of(key: bytes, session_id: SessionId, device: str) -> str:
    """What is kept of the number that a browser keeps for this alone: 64 characters, another in each session."""
    own = hmac.digest(key, PURPOSE + session_id.bytes, hashlib.sha256)
    return hmac.new(own, device.encode(), hashlib.sha256).hexdigest()
