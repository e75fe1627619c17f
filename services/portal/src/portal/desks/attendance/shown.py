"""A session's sheet in words: who was there and for how long, and what was set right by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.desks.attendance.seen import CorrectionSeen, RowSeen, SessionSeen, WaitingSeen
from portal.desks.findings.shown import Users, user_of, who_of
from portal.web.names import Names

COLOURS = {"proposed": "amber", "confirmed": "green", "refused": "grey"}
HELD = frozenset({"closed", "disputed", "confirmed"})


@dataclass(frozen=True)
class RowView:
    """A worker of the sheet."""

    worker: str
    name: str
    state: str
    colour: str
    came: str
    minutes: str


@dataclass(frozen=True)
class CorrectionView:
    """A correction: from what to what, why, by whom."""

    id: str
    name: str
    change: str
    why: str
    state: str
    colour: str
    proposed: str
    decided: str
    waits: bool
    own: bool
    """Whoever looks has proposed it, and may not decide it."""


@dataclass(frozen=True)
class WaitingView:
    """A correction of the list of those that wait."""

    url: str
    when: str
    enterprise: str
    name: str
    change: str
    why: str
    proposed: str


def row_of(one: RowSeen, seen: SessionSeen, names: Names) -> RowView:
    """In words; while the session is open nobody is absent yet."""
    text = names.text
    state = standing_of(one, seen)
    came = text.clock(one.signed_at) if one.signed_at else ""
    way = one.attendance.way if one.attendance else one.way
    return RowView(
        worker=str(one.worker_id),
        name=one.name,
        state=text(f"attendance.is.{state}"),
        colour={"present": "green", "absent": "red"}.get(state, "grey"),
        came=text.listed([part for part in (came, text(f"my.way.{way}") if way else "") if part]),
        minutes=text("attendance.minutes", count=one.attendance.minutes) if one.attendance else "",
    )


def standing_of(one: RowSeen, seen: SessionSeen) -> str:
    """How this worker stands."""
    if seen.state in HELD:
        return "present" if one.attendance else "absent"
    return "present" if one.signed_at else "awaited"


def correction_of(
    one: CorrectionSeen, who: Mapping[UUID, str], names: Names, users: Users, viewer: str
) -> CorrectionView:
    """In words."""
    text = names.text
    decided = ""
    if one.decided_at:
        said = [who_of(one.decided_by, users), text.stamp(one.decided_at)]
        decided = text.listed([*said, *([names.reason(one.answer.code, {})] if one.answer else [])])
    return CorrectionView(
        id=str(one.correction_id),
        name=who.get(one.worker_id, f"#{str(one.worker_id)[:8]}"),
        change=change_of(one, names),
        why=names.reason(one.reason.code, {}),
        state=text(f"attendance.correction.{one.state}"),
        colour=COLOURS[one.state],
        proposed=text.listed([who_of(one.proposed_by, users), text.stamp(one.proposed_at)]),
        decided=decided,
        waits=one.state == "proposed",
        own=one.proposed_by == viewer,
    )


def change_of(one: CorrectionSeen, names: Names) -> str:
    """From what to what; one that changes nothing says that the record stands."""
    if one.was == one.minutes:
        return names.text("attendance.stands", count=one.was)
    return names.text("attendance.change", was=one.was, minutes=one.minutes)


def waiting_of(one: WaitingSeen, names: Names, users: Users) -> WaitingView:
    """In words."""
    text = names.text
    return WaitingView(
        url=f"/sessions/{one.session_id}#corrections",
        when=text.span(one.slot.starts_at, one.slot.ends_at),
        enterprise=names.organisation(one.enterprise_id),
        name=one.name,
        change=change_of(one, names),
        why=names.reason(one.reason.code, {}),
        proposed=text.listed([who_of(one.proposed_by, users), text.stamp(one.proposed_at)]),
    )


def logins_of(corrections: Sequence[CorrectionSeen]) -> set[UUID]:
    """Whose names are wanted."""
    logins = (login for one in corrections for login in (one.proposed_by, one.decided_by))
    return {user for login in logins if (user := user_of(login))}
