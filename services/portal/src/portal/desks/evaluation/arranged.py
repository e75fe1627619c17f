"""Rooms, invigilators and what a batch needs in words, and the form by which they are arranged."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.boards.house import person_row
from portal.desks.at import AtDesk
from portal.desks.evaluation.seen import ArrangedSeen, BatchSeen
from portal.web.names import Names, names_for

PEOPLE = select(person_row.c.person_id, person_row.c.college_id).where(person_row.c.retired.is_(False))
MORE_ROOMS, MORE_PEOPLE = 2, 4
"""So many empty rows the form has below those that are filled in."""
FIELD = re.compile(r"(room|seats|in|sent|name)-([0-9]{1,3})")


@dataclass(frozen=True)
class Need:
    """What is wanted, how much of it is there."""

    what: str
    there: int
    wanted: int
    kind: str
    state: str


@dataclass(frozen=True)
class Rooms:
    """The part of the page; `fields` are those of the form, filled in."""

    needs: tuple[Need, ...]
    against: tuple[str, ...]
    fields: Mapping[str, str]
    rooms: int
    people: int


async def sent_people(at: AtDesk) -> tuple[Names, list[tuple[str, str]]]:
    """Everybody who is sent and may be seen, by college and name."""
    rows = list(await at.tx.execute(PEOPLE.where(at.viewer.scope.people())))
    names = await names_for(at.tx, at.text, at.viewer.scope, [row.person_id for row in rows])
    people = [
        (str(row.person_id), at.text.about(names.organisation(row.college_id), names.person(row.person_id)))
        for row in rows
    ]
    return names, sorted(people, key=lambda each: each[1])


def rooms_page(seen: BatchSeen, names: Names, typed: Mapping[str, str] | None = None) -> Rooms | None:
    """As evaluation tells it; what was typed stands in the form instead of it."""
    told = seen.arranged
    if told is None:
        return None
    called = {each.room: each.name for each in told.rooms}
    fields = typed if typed is not None else _fields(told)
    return Rooms(
        needs=tuple(
            _need(each.what, each.there, each.wanted, called.get(each.room or 0, ""), names)
            for each in told.needs
        ),
        against=tuple(names.in_full(each.code, each.figures) for each in told.against),
        fields=fields,
        rooms=len(told.rooms) + MORE_ROOMS,
        people=len(told.invigilators) + MORE_PEOPLE,
    )


def _need(what: str, there: int, wanted: int, room: str, names: Names) -> Need:
    text, met = names.text, there >= wanted
    return Need(
        what=text.aside(text(f"rooms.need.{what}"), room) if room else text(f"rooms.need.{what}"),
        there=there,
        wanted=wanted,
        kind="green" if met else "amber",
        state=text("rooms.met") if met else text("rooms.missing", count=wanted - there),
    )


def _fields(told: ArrangedSeen) -> dict[str, str]:
    found: dict[str, str] = {}
    for n, room in enumerate(told.rooms, start=1):
        found |= {f"room-{n}": room.name, f"seats-{n}": str(room.seats)}
    for n, one in enumerate(told.invigilators, start=1):
        found |= {
            f"in-{n}": str(one.room),
            f"sent-{n}": str(one.person_id or ""),
            f"name-{n}": one.name or "",
        }
    return found


def asked(form: Mapping[str, str]) -> dict[str, Any]:
    """The body for evaluation; rows without a name are left out, and rooms counted by those that are filled in."""
    rows: dict[str, dict[int, str]] = {"room": {}, "seats": {}, "in": {}, "sent": {}, "name": {}}
    for field, value in form.items():
        if (found := FIELD.fullmatch(field)) and value.strip():
            rows[found[1]][int(found[2])] = value.strip()
    numbers = {old: new for new, old in enumerate(sorted(rows["room"]), start=1)}
    watching = sorted(rows["sent"].keys() | rows["name"].keys())
    return {
        "rooms": [
            {"name": rows["room"][old], "seats": rows["seats"].get(old, "")} for old in sorted(rows["room"])
        ],
        "invigilators": [
            {
                "room": numbers.get(_number(rows["in"].get(n, "1")), 99),
                "person_id": rows["sent"].get(n),
                "name": rows["name"].get(n),
            }
            for n in watching
        ],
    }


def _number(value: str) -> int:
    return int(value) if value.isdecimal() and value.isascii() else 0
