"""Links by which one worker answers without a login: they name the question and the person, and prove both. Pure.

Made with this installation's own key, the same again whenever they are made, and good for one thing each; until when
is the rules' to say, not the link's.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from contracts.refusals import NotFound
from contracts.values import WorkerId

Kind = Literal["session", "later"]
KINDS: tuple[Kind, ...] = ("session", "later")
NAME, PROOF = 16, 12
"""Bytes of an id, and of the proof."""
LENGTH = 1 + 1 + NAME + NAME + PROOF
PURPOSE = b"songjiao answer link"
ANSWER = b"songjiao answer id"


@dataclass(frozen=True)
class Link:
    """Who is asked about what: a session, or an order so many months later."""

    kind: Kind
    about: UUID
    worker_id: WorkerId
    months: int = 0


def made(key: bytes, link: Link) -> str:
    """As it stands in an address."""
    body = bytes([KINDS.index(link.kind), link.months]) + link.about.bytes + link.worker_id.bytes
    return base64.urlsafe_b64encode(body + _proof(key, body)).decode().rstrip("=")


def read(key: bytes, text: str) -> Link:
    """What it names; `aftercare.link_unknown` for anything that was not made here."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    body, proof = raw[:-PROOF], raw[-PROOF:]
    if len(raw) != LENGTH or body[0] >= len(KINDS) or not hmac.compare_digest(proof, _proof(key, body)):
        raise NotFound("aftercare.link_unknown")
    return Link(KINDS[body[0]], UUID(bytes=body[2:18]), UUID(bytes=body[18:34]), body[1])


def answer_id(key: bytes, session_id: UUID, worker_id: WorkerId) -> UUID:
    """One for each person and session; whoever has not the key cannot tell whose it is."""
    told = hmac.digest(key, ANSWER + session_id.bytes + worker_id.bytes, hashlib.sha256)
    return UUID(bytes=told[:16], version=4)


def _proof(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, PURPOSE + body, hashlib.sha256)[:PROOF]
