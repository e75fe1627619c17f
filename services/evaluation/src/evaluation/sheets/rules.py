"""The numbered list of a session, its mark, and what a line of it says. Pure."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from contracts.refusals import Refused
from contracts.values import SessionId, Slot, WorkerId

CHECK_CHARACTERS = 10
PURPOSE = b"songjiao sign-in sheet"


@dataclass(frozen=True)
class Line:
    """Somebody of the cohort on the sheet."""

    no: int
    worker_id: WorkerId
    name: str


@dataclass(frozen=True)
class Entry:
    """What somebody read from a line of the signed sheet; `row` as Excel counts, where it came in a file.

    No `came` and no `late` = there from the beginning; no `left` = stayed to the end.
    """

    no: int
    name: str | None = None
    late: int = 0
    came: time | None = None
    left: time | None = None
    row: int | None = None
    wrong: str | None = None
    """Why the line cannot be read."""


@dataclass(frozen=True)
class Read:
    """A line with its worker and moments; or why it is none."""

    entry: Entry
    line: Line | None
    at: datetime | None = None
    left_at: datetime | None = None
    wrong: str | None = None


def numbered(names: Mapping[WorkerId, str]) -> tuple[Line, ...]:
    """By name, so that everybody finds their own; of two alike the smaller id first."""
    ordered = sorted(names.items(), key=lambda each: (each[1], each[0]))
    return tuple(Line(no, worker, name) for no, (worker, name) in enumerate(ordered, start=1))


def check_sum(key: bytes, session_id: SessionId, lines: Sequence[Line]) -> str:
    """The sheet's mark: which session, and who stands at which number. Another list has another one."""
    own = hmac.digest(key, PURPOSE, hashlib.sha256)
    told = session_id.bytes + b"".join(each.worker_id.bytes for each in lines)
    whole = hmac.digest(own, told, hashlib.sha256)
    return base64.b32encode(whole).decode().lower()[:CHECK_CHARACTERS]


def check_same(expected: str, told: str) -> None:
    """`paper.another_list` unless the sheet is of the list as it is now; nothing is asked of what tells no mark."""
    if told and not hmac.compare_digest(expected.encode(), told.strip().lower().encode()):
        raise Refused("paper.another_list")


def read(lines: Sequence[Line], entries: Iterable[Entry], slot: Slot) -> list[Read]:
    """Each entry with whom it is about; a number that stands twice counts once, the first time."""
    by_number = {each.no: each for each in lines}
    seen: set[int] = set()
    found: list[Read] = []
    for each in entries:
        line = by_number.get(each.no)
        wrong = each.wrong or _wrong(each, line, twice=each.no in seen)
        seen.add(each.no)
        if wrong is not None:
            found.append(Read(each, line, wrong=wrong))
            continue
        at = moment(slot, each.came) if each.came else slot.starts_at + timedelta(minutes=each.late)
        found.append(Read(each, line, at, moment(slot, each.left) if each.left else None))
    return found


def _wrong(entry: Entry, line: Line | None, *, twice: bool) -> str | None:
    if line is None:
        return "paper.number_unknown"
    if twice:
        return "paper.number_twice"
    same = entry.name is None or "".join(entry.name.split()) == "".join(line.name.split())
    return None if same else "paper.name_differs"


def moment(slot: Slot, clock: time) -> datetime:
    """When the clock at the session's place showed this, nearest to the session: it may go past midnight."""
    zone = ZoneInfo(slot.zone)
    middle = slot.starts_at + (slot.ends_at - slot.starts_at) / 2
    days = (slot.starts_at.astimezone(zone).date() + timedelta(days=n) for n in (-1, 0, 1))
    return min(
        (datetime.combine(day, clock, zone).astimezone(slot.starts_at.tzinfo) for day in days),
        key=lambda each: abs(each - middle),
    )
