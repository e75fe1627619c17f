"""A session's sheet in words: who was there and for how long, and what was set right by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.desks.attendance.seen import CorrectionSeen, RowSeen, WaitingSeen
from portal.desks.findings.shown import Users, user_of, who_of
from portal.web.names import Names

COLOURS = {"proposed": "amber", "confirmed": "green", "refused": "grey"}
COLOUR_OF = {
    "present": "green",
    "late": "amber",
    "left_early": "amber",
    "excused": "blue",
    "absent": "red",
    "awaited": "grey",
}
HELD = frozenset({"closed", "disputed", "confirmed"})


@dataclass(frozen=True)
class RowView:
    """A worker of the sheet."""

    worker: str
    name: str
    states: tuple[tuple[str, str], ...]
    """Words and the colour of each: late, left early, excused, of another cohort."""
    why: str
    """Why somebody was excused, or which session somebody makes up for."""
    came: str
    left: str
    minutes: str
    hours: str


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


def row_of(one: RowSeen, names: Names, when: Mapping[UUID, str]) -> RowView:
    """In words; `when` tells the sessions that somebody may make up for."""
    text, record = names.text, one.attendance
    way = one.way if record is None else "paper" if record.on_paper else record.way
    came = text.clock(one.signed_at) if one.signed_at else ""
    states = [(text(f"attendance.is.{each}"), COLOUR_OF[each]) for each in one.standing]
    if one.guest:
        states.append((text(f"attendance.guest.{one.guest}"), "blue"))
    return RowView(
        worker=str(one.worker_id),
        name=one.name,
        states=tuple(states),
        why=_why(one, names, when),
        came=text.listed([part for part in (came, text(f"my.way.{way}") if way else "") if part]),
        left=text.clock(one.left_at) if one.left_at else "",
        minutes=text("attendance.minutes", count=record.minutes) if record else "",
        hours="" if record is None or record.class_hours is None else str(record.class_hours),
    )


def _why(one: RowSeen, names: Names, when: Mapping[UUID, str]) -> str:
    if one.attendance and one.attendance.makes_up:
        missed = one.attendance.makes_up
        return names.text("attendance.makes_up", when=when.get(missed, f"#{str(missed)[:8]}"))
    if one.excused and "excused" in one.standing:
        return names.reason(one.excused.code, {})
    return ""


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
