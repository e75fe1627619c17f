"""What the hashes of the seal are taken over, and the form in which it is handed out."""

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from servicekit.seal.tree import leaf, root_of

NOTHING = bytes(32)
"""What the first window follows, and the first fact of a subject."""
MOST = 2**63 - 1


def _digest(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value):
        return bytes.fromhex(value)
    if isinstance(value, bytes) and len(value) == len(NOTHING):
        return value
    raise ValueError("64 hexadecimal digits are expected")


Digest = Annotated[
    bytes,
    BeforeValidator(_digest, json_schema_input_type=Annotated[str, Field(pattern="^[0-9a-f]{64}$")]),
    PlainSerializer(bytes.hex, return_type=str, when_used="json"),
]
"""A SHA-256, in JSON as hexadecimal digits."""
Count = Annotated[int, Field(ge=0, le=MOST)]


class _Form(BaseModel):
    """Nothing beside what is sealed: a field that nobody checks would look as if somebody had."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Window(_Form):
    """What was sent and acknowledged together: `chained` holds all windows before."""

    number: Count
    count: Count
    root: Digest
    chained: Digest

    def next(self, leaves: Sequence[bytes]) -> "Window":
        """The window after this one, over these facts' hashes in the order sent."""
        number, root = self.number + 1, root_of(leaves)
        figures = number.to_bytes(8) + len(leaves).to_bytes(8)
        chained = sha256(b"\x02" + self.chained + root + figures).digest()
        return Window.model_construct(number=number, count=len(leaves), root=root, chained=chained)


BEFORE_ALL = Window(number=0, count=0, root=NOTHING, chained=NOTHING)


def fold(folded: bytes, hash_: bytes) -> bytes:
    """The story of a subject with one fact more."""
    return sha256(b"\x03" + folded + hash_).digest()


class Head(_Form):
    """All that a service had said about a subject: how many facts, and their hashes folded in order."""

    subject: Annotated[str, Field(max_length=200)]
    sequence: Count
    folded: Digest

    @property
    def leaf(self) -> bytes:
        """Its leaf in the tree of all heads; the last 40 bytes have a fixed place, so no two heads share one."""
        return leaf(self.subject.encode() + self.sequence.to_bytes(8) + self.folded)


class PlacedHead(Head):
    """A head with its place among all heads, sorted by the bytes of their subjects, and the path to their root."""

    at: Count
    path: tuple[Digest, ...]


class SealedFact(_Form):
    """A fact with its hash: exactly the bytes that were sent are `body` in UTF-8."""

    hash: Digest
    body: str


class Story(_Form):
    """What a service has said about a subject, with its head; or nothing, with the heads to both sides of it."""

    facts: tuple[SealedFact, ...]
    heads: tuple[PlacedHead, ...]


class Part(_Form):
    """One service's share of a published root: its chain up to a window, and the tree of heads there."""

    service: Annotated[str, Field(pattern="^[a-z][a-z0-9-]{0,62}$")]
    windows: Count
    facts: Count
    chained: Digest
    subjects: Count
    heads: Digest


class Taken(_Form):
    """A share that is ready; or how many facts are left to be taken in before it is."""

    left: Count
    part: Part | None


class Publication(_Form):
    """What is published is `root`; the parts are what it is taken over."""

    root: Digest
    parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _each_service_once(self) -> "Publication":
        services = [part.service for part in self.parts]
        if services != sorted(set(services)):
            raise ValueError("the parts are not one per service, sorted by name")
        return self

    @classmethod
    def over(cls, parts: Sequence[Part]) -> "Publication":
        """The publication of these services' parts."""
        ordered = tuple(sorted(parts, key=lambda part: part.service))
        return cls(root=root_over(ordered), parts=ordered)

    def part_of(self, service: str) -> Part | None:
        """The service's part, if it has one."""
        return next((part for part in self.parts if part.service == service), None)


def root_over(parts: Sequence[Part]) -> bytes:
    """The root that is published over these parts, in this order."""
    hashed = sha256(b"\x04")
    for part in parts:
        name = part.service.encode()
        hashed.update(len(name).to_bytes(2) + name)
        for figure in (part.windows, part.facts, part.subjects):
            hashed.update(figure.to_bytes(8))
        hashed.update(part.chained + part.heads)
    return hashed.digest()
