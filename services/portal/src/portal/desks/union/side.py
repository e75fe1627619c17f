"""What is said beside a session that is chosen on the timetable: why so, who else, and what can be done to it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from portal.desks.union.asked import PeopleSeen, StandingSeen
from portal.desks.union.changed import DifferingSeen, LineSeen
from portal.desks.union.week import Asked, WeekSession, change_word, hours_of
from portal.web.names import Names

MOST_ABLE, MOST_UNABLE = 3, 2
"""Of the others so many are shown; everybody is on the page of questions."""


@dataclass(frozen=True)
class Other:
    """Somebody else who was thought of."""

    name: str
    said: str
    look: str
    """Where it is looked at what sending them would mean; empty = cannot come."""
    send: str
    """The words of that link."""


@dataclass(frozen=True)
class Side:
    """The session that is chosen."""

    id: str
    name: str
    unit: str
    change: str
    when: str
    was: str
    person: str
    was_person: str
    place: str
    why: tuple[str, ...]
    nobody: str
    """That nobody comes as it stands, and where the reasons of the former choice are."""
    others: tuple[Other, ...]
    begun: bool
    """Nobody can be sent to it any more."""
    pinned: bool
    pin: str
    """Pinning it or letting it go, as scheduling takes it."""
    drop: str
    questions: str
    close: str
    day: str
    band: str
    bands: tuple[tuple[str, str], ...]
    rest: tuple[tuple[str, str], ...]
    """The other sessions, to be swapped with."""


def side_of(
    one: WeekSession,
    sessions: Sequence[WeekSession],
    change: DifferingSeen | None,
    people: PeopleSeen | None,
    names: Names,
    asked: Asked,
    now: datetime,
) -> Side:
    """In words, with the links on which a change is looked at."""
    text = names.text
    before = change.one if change else None
    when = _when(one.day, one.band, names)
    was = _when(before.day, before.band, names) if before else when
    begun = _begun(one, names, now)
    whose = text("side.no_person") if begun and one.person_id is None else names.person(one.person_id)
    was_whose = names.person(before.person_id) if before else ""
    return Side(
        id=str(one.session_id),
        name=_name(one, names),
        unit=names.unit(one.unit),
        change=change_word(change, names) if change else "",
        when=when,
        was=was if was != when else "",
        person=whose,
        was_person=was_whose if before and before.person_id != one.person_id else "",
        place=names.division(one.division),
        why=tuple(names.reason(reason.code, reason.figures) for reason in one.reasons),
        nobody=text("side.nobody") if one.day and not one.person_id else "",
        begun=begun,
        others=tuple(_others(one, people, names, asked)) if people else (),
        pinned=one.pinned,
        pin=json.dumps([{"do": "unpin" if one.pinned else "pin", "session_id": str(one.session_id)}]),
        drop=look_at(asked, one.session_id, do="drop"),
        questions=f"{asked.base}/sessions/{one.session_id}",
        close=asked.address(asked.monday),
        day=one.day.isoformat() if one.day else "",
        band=one.band or "",
        bands=tuple((code, f"{names.band(code)} {hours_of(code, names)}") for code in names.programmes.bands),
        rest=tuple(
            (
                str(each.session_id),
                f"{_name(each, names)} · {_when(each.day, each.band, names)} · {text.joined([names.unit(each.unit)])}",
            )
            for each in sessions
            if each.session_id != one.session_id and each.day
        ),
    )


def look_at(asked: Asked, session: UUID, **change: str) -> str:
    """Where it is looked at what a change would mean; nothing is done. The page adds where it is told."""
    monday = asked.monday.isoformat() if asked.monday else ""
    query = {"week": monday, "session": str(session), **change}
    return f"{asked.base}?{urlencode({name: value for name, value in query.items() if value})}"


def people_of(people: PeopleSeen | None, changes: Iterable[DifferingSeen]) -> set[UUID]:
    """Whose names are wanted."""
    lines: list[LineSeen | None] = [side for each in changes for side in (each.one, each.other)]
    found = {line.person_id for line in lines if line and line.person_id}
    return found | {one.person_id for one in (people.people if people else ())}


def _others(one: WeekSession, people: PeopleSeen, names: Names, asked: Asked) -> Iterable[Other]:
    rest = [each for each in people.people if each.person_id != one.person_id]
    able = [each for each in rest if each.can_come][:MOST_ABLE]
    unable = [each for each in rest if not each.can_come][:MOST_UNABLE]
    for each in (*able, *unable):
        name = names.person(each.person_id)
        send = {
            "do": "move",
            "day": people.day.isoformat(),
            "band": people.band,
            "person_id": str(each.person_id),
        }
        yield Other(
            name=name,
            said=_said(each, names),
            look=look_at(asked, one.session_id, **send) if each.can_come else "",
            send=names.text("side.send", name=name),
        )


def _said(each: StandingSeen, names: Names) -> str:
    told = each.beside if each.can_come else each.against
    return names.text.joined(names.in_full(reason.code, reason.figures) for reason in told)


def _begun(one: WeekSession, names: Names, now: datetime) -> bool:
    band = names.programmes.bands.get(one.band or "")
    if one.day is None or band is None:
        return False
    return datetime.combine(one.day, band.starts, names.text.zone) <= now


def _name(one: WeekSession, names: Names) -> str:
    return names.text("hand.session", cohort=one.cohort, position=one.position)


def _when(day: object, band: str | None, names: Names) -> str:
    if day is None:
        return names.text("session_state.unplaced")
    return f"{names.text.dated(str(day))} {hours_of(band, names)}"
