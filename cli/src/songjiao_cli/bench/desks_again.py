"""A season's facts told again as other orders of the same enterprises and colleges: every id, every number is another.

The same id is replaced by the same one wherever it stands, so that causes, joint orders and people hang together. Who
is sent and who acted stay who they are. Pure: bytes of topics in, bytes out.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

import orjson

from contracts.base import DEMAND, SUPPLY

ID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NUMBER = re.compile(rb'"([0-9]{4})-([0-9]{4,6})"')
CERTIFICATE = re.compile(rb'"([YS][0-9]{15})([0-9]{6})"')
"""Everything but the serial, and the serial."""
APART = 1000
"""From an order's number to that of its copy: no season has so many orders, or certificates of a kind."""
MOST = 999
"""Copies for which the numbers have digits."""
SCHEDULED = "session.scheduled."
ENDED = ("order.fulfilled.", "order.rejected.", "order.withdrawn.", "order.cancelled.")


@dataclass(frozen=True, slots=True)
class Said:
    """A fact as it lies on a topic, and what of it is needed here."""

    topic: str
    key: bytes
    value: bytes
    source: str
    sequence: int
    type: str
    actor: str
    session: str


@dataclass(frozen=True, slots=True)
class Head:
    """Up to which fact of a sender a subject is told."""

    source: str
    subject: str
    sequence: int


def read(topic: str, key: bytes, value: bytes) -> Said:
    """One record."""
    fact = orjson.loads(value)
    session = str(fact["data"].get("session_id", "")) if fact["type"].startswith(SCHEDULED) else ""
    return Said(
        topic, key, value, fact["source"], fact["sequence"], fact["type"], fact.get("actor") or "", session
    )


class Ids(dict[bytes, bytes]):
    """By every id the one that stands for it in a copy."""

    def __init__(self, copy: int, kept: Iterable[bytes]) -> None:
        super().__init__((id_, id_) for id_ in kept)
        self._space = UUID(int=copy)

    def __missing__(self, id_: bytes) -> bytes:
        self[id_] = new = str(uuid5(self._space, id_.decode())).encode()
        return new


class Season:
    """All facts of one season, each subject's in their order."""

    def __init__(self, facts: Sequence[Said]) -> None:
        self.facts = facts
        kept = {one.key for one in facts if one.topic == SUPPLY} | {one.actor.encode() for one in facts}
        self._kept = frozenset(kept)
        self._again = [one for one in facts if ID.fullmatch(one.key) and one.key not in kept]
        """Orders and surveys: enterprises, colleges and the people sent are told of once."""

    @property
    def sessions(self) -> int:
        """How many were put on a timetable."""
        return len({one.session for one in self.facts if one.session})

    @property
    def ended(self) -> list[str]:
        """The orders at their end."""
        return sorted({one.key.decode() for one in self.facts if one.type.startswith(ENDED)})

    @property
    def surveys(self) -> frozenset[bytes]:
        """The rounds of surveys."""
        return frozenset(one.key for one in self._again if one.topic == DEMAND)

    def ids(self, copy: int, keep: Iterable[bytes] = ()) -> Ids:
        """The ids of the copy of this number (1, 2, …); these too stay what they are."""
        return Ids(copy, (*self._kept, *keep))

    def copies_for(self, sessions: int) -> int:
        """How often it is told again until so many are stored; `ValueError` when nothing can be told, or too much."""
        if sessions <= self.sessions:
            return 0
        if not self.sessions:
            raise ValueError("there is no session in the season: nothing can be told again")
        copies = -(-(sessions - self.sessions) // self.sessions)
        if copies > MOST:
            raise ValueError(f"{sessions} sessions are {copies} copies of the season: at most {MOST}")
        return copies

    def again(self, copy: int) -> Iterator[Said]:
        """The facts of its orders and surveys, as this copy tells them."""
        ids = self.ids(copy)
        for one in self._again:
            value = ID.sub(lambda found: ids[found[0]], one.value)
            value = NUMBER.sub(lambda found: b'"%b-%06d"' % (found[1], copy * APART + int(found[2])), value)
            value = CERTIFICATE.sub(
                lambda found: b'"%b%06d"' % (found[1], copy * APART + int(found[2])), value
            )
            yield Said(
                one.topic, ids[one.key], value, one.source, one.sequence, one.type, one.actor, one.session
            )


def heads_of(facts: Sequence[Said]) -> list[Head]:
    """Up to where each subject is told by each sender."""
    last: dict[tuple[str, bytes], int] = {}
    for one in facts:
        pair = (one.source, one.key)
        last[pair] = max(last.get(pair, 0), one.sequence)
    return [Head(source, key.decode(), sequence) for (source, key), sequence in last.items()]
