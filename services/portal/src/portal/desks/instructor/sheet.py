"""A session's roster on the phone, what the phone makes codes of, and what it sends when it has a network."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import bindparam, select

from contracts.sentences import all_sentences
from contracts.values import Slot
from portal.boards.sessions import session_row
from portal.desks.asking import EVALUATION, Missing
from portal.desks.at import AtDesk, Wrong
from portal.desks.instructor.beforehand import Beforehand, beforehand
from portal.known import known
from portal.web.text import Text
from servicekit.clock import now

PLACE = select(session_row.c.unit, session_row.c.enterprise_id).where(
    session_row.c.session_id == bindparam("session_id")
)
MOST = 500
"""Acts in one sending; the phone sends the rest after."""


class RowSeen(BaseModel):
    """One of the cohort."""

    worker_id: UUID
    name: str
    signed_in: bool
    signed_at: AwareDatetime | None = None
    way: str | None = None
    left_at: AwareDatetime | None = None
    standing: list[str] = []
    guest: str | None = None
    note: str = ""
    """Excused, gone before the end, or of another class: in words beside the name."""


class OtherSeen(BaseModel):
    """A worker of the order's other cohorts."""

    worker_id: UUID
    name: str


class SheetSeen(BaseModel):
    """A session with its roster, as evaluation tells it."""

    session_id: UUID
    order_id: UUID
    occupation: str
    class_hours: int
    slot: Slot
    state: str
    person_times: int
    absent: int
    rows: list[RowSeen]
    others: list[OtherSeen] = []
    arrived_at: AwareDatetime | None = None

    @property
    def signed(self) -> int:
        """How many are signed in."""
        return sum(each.signed_in for each in self.rows)

    @property
    def missing_first(self) -> list[RowSeen]:
        """Who is missing stands first."""
        return sorted(self.rows, key=lambda each: (each.signed_in, each.name))


class KeySeen(BaseModel):
    """What the session's codes are made of."""

    secret: str
    seconds: int
    now: AwareDatetime


class Act(BaseModel):
    """One sign-in of the phone's."""

    act_id: UUID
    worker_id: UUID
    at: AwareDatetime
    way: str = Field(pattern="^(scan|instructor_scan|roll_call)$")
    clock_offset: int = Field(0, ge=-(10**9), le=10**9)


class HandedOut(BaseModel):
    """So many of a material."""

    material: str = Field(max_length=64)
    count: int = Field(ge=1, le=9999)


class Sent(BaseModel):
    """What a phone has to send of one session: that it is opened, who signed in, that it is closed."""

    open: bool = False
    acts: list[Act] = Field([], max_length=MOST)
    close: str | None = Field(None, max_length=4000)
    """The report; none = not closed."""
    closed_ago: int | None = Field(None, ge=0, le=10**7)
    """So many seconds ago it was closed on the phone: no clock of a phone is asked for the moment."""
    left: str = Field("", max_length=5)
    """At what time of the session's day the whole class left; empty = stayed to the end."""
    incidents: list[str] = Field([], max_length=20)
    incident_text: str = Field("", max_length=2000)
    materials: list[HandedOut] = Field([], max_length=20)

    def report(self) -> dict[str, Any]:
        """As evaluation takes it."""
        return {
            "report_text": self.close or None,
            "incidents": self.incidents,
            "incident_text": self.incident_text or None,
            "materials": [each.model_dump() for each in self.materials],
        }


async def sheet(at: AtDesk, session: str) -> SheetSeen | Missing:
    """The session and its roster."""
    seen = await at.read(EVALUATION, f"/sessions/{session}", SheetSeen)
    if isinstance(seen, SheetSeen):
        for row in seen.rows:
            row.note = _note(row, at.text)
    return seen


def _note(row: RowSeen, text: Text) -> str:
    told = [
        text(f"attendance.guest.{row.guest}") if row.guest else "",
        text("attendance.is.excused") if "excused" in row.standing else "",
        text("attendance.left_at", time=text.clock(row.left_at)) if row.left_at else "",
    ]
    return text.listed([each for each in told if each])


async def title_of(at: AtDesk, seen: SheetSeen) -> dict[str, str]:
    """The session in words."""
    names = await at.names()
    row = (await at.tx.execute(PLACE, {"session_id": seen.session_id})).first()
    return {
        "title": names.unit(row.unit) if row else names.occupation(seen.occupation),
        "when": at.text.span(seen.slot.starts_at, seen.slot.ends_at),
        "where": names.organisation(row.enterprise_id) if row else "",
        "hours": at.text("my.hours", count=seen.class_hours),
    }


async def times_of(at: AtDesk, seen: SheetSeen) -> Beforehand:
    """From when it can be opened and closed."""
    limits = known(at.tx).programmes.rules.delivery
    return beforehand(seen.slot, await now(at.tx), limits, at.text)


async def key_of(at: AtDesk, session: str) -> KeySeen | Missing:
    """What its codes are made of."""
    return await at.read(EVALUATION, f"/sessions/{session}/code-key", KeySeen)


def kept(seen: SheetSeen, key: KeySeen | Missing, title: dict[str, str], times: Beforehand) -> dict[str, Any]:
    """All that the phone keeps of the session; without the secret when evaluation does not tell it."""
    told = key.model_dump(mode="json") if isinstance(key, KeySeen) else {}
    return {
        "id": str(seen.session_id),
        **title,
        "starts": seen.slot.starts_at.isoformat(),
        "ends": seen.slot.ends_at.isoformat(),
        "opens": times.opens,
        "opens_at": times.opens_at.isoformat(),
        "closes": times.closes,
        "closes_at": times.closes_at.isoformat(),
        "state": seen.state,
        "rows": [each.model_dump(mode="json") for each in seen.missing_first],
        "real": datetime.now(UTC).isoformat(),
        **told,
    }


async def send(at: AtDesk, session: str, sent: Sent) -> dict[str, Any]:
    """To evaluation, in the order of things: opened, signed in, closed. Each has its own answer."""
    told: dict[str, Any] = {"open": None, "acts": [], "close": None}
    if sent.open:
        told["open"] = _answer(await _post(at, f"/sessions/{session}/open", None))
    if sent.acts:
        body = {"acts": [each.model_dump(mode="json") for each in sent.acts]}
        answer = await _post(at, f"/sessions/{session}/sign-in", body)
        if isinstance(answer, Wrong):
            return told | {"wrong": answer.text}
        told["acts"] = [
            {
                "id": each["act_id"],
                "outcome": each["outcome"],
                "why": each["sentences"].get(at.text.language, ""),
            }
            for each in answer.json()
        ]
    if sent.close is not None:
        end = await end_of(at, session, sent)
        closed = end if isinstance(end, Wrong) else await _post(at, f"/sessions/{session}/close", end)
        told["close"] = _answer(closed)
    return told


async def end_of(at: AtDesk, session: str, sent: Sent) -> dict[str, Any] | Wrong:
    """How a session ends, for evaluation: the report, when its instructor went, and when the whole class did."""
    body = sent.report()
    if sent.closed_ago is not None:
        body["departed_at"] = (await now(at.tx) - timedelta(seconds=sent.closed_ago)).isoformat()
    if sent.left:
        seen = await sheet(at, session)
        if not isinstance(seen, SheetSeen):
            return Wrong(at.text("plan.missing_away"), 503)
        left = time_of(sent.left, seen.slot)
        if left is None:
            return Wrong(at.text("my.time_wrong"), 422)
        body["class_left_at"] = left.isoformat()
    return body


def time_of(typed: str, slot: Slot) -> datetime | None:
    """A time of the session's day at its place; nothing when it is none."""
    try:
        return datetime.combine(slot.day, time.fromisoformat(typed), ZoneInfo(slot.zone))
    except ValueError:
        return None


def _answer(answer: httpx.Response | Wrong) -> dict[str, Any]:
    if isinstance(answer, Wrong):
        return {
            "done": False,
            "why": answer.text,
            "lasts": answer.status >= httpx.codes.INTERNAL_SERVER_ERROR,
        }
    return {"done": True, "why": "", "lasts": False}


async def _post(at: AtDesk, path: str, body: Any) -> httpx.Response | Wrong:
    """A fresh key each time: acts have ids of their own, and a no of before may be a yes now."""
    answer = await at.sent(str(uuid4()), EVALUATION, path, body)
    if answer is None:
        return Wrong(at.text("plan.missing_away"), 503)
    if answer.is_success:
        return answer
    problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    if problem.get("code") not in all_sentences():
        return Wrong(at.text("plan.missing_away"), 503)
    said = problem.get("sentences", {}).get(at.text.language)
    return Wrong(
        said or at.text.refusal(problem["code"], **problem.get("parameters", {})), answer.status_code
    )
