"""The people whom a college sends, in words: what they may teach and until when, where, how much, what they wish."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from portal.desks.college.seen import LoadSeen, PersonSeen, QualificationSeen
from portal.web.names import Names

SOON = timedelta(days=60)
"""A qualification that ends within is amber."""
HOUR = 60


@dataclass(frozen=True)
class HeldView:
    """A qualification, and the colour of its end."""

    what: str
    until: str
    kind: str


@dataclass(frozen=True)
class RowView:
    """A person, ready to be shown."""

    id: str
    name: str
    towns: str
    held: tuple[HeldView, ...]
    load: str
    hours: str
    wishes: str
    ends: bool
    """Something of theirs has ended, or ends soon."""


def rows_of(
    people: Iterable[PersonSeen], loads: Mapping[UUID, LoadSeen], names: Names, today: date
) -> list[RowView]:
    """Those who are sent, by name; whoever is retired is left out."""
    return [
        _row(each, loads.get(each.person_id), names, today)
        for each in sorted(people, key=lambda each: each.name)
        if not each.retired
    ]


def _row(person: PersonSeen, load: LoadSeen | None, names: Names, today: date) -> RowView:
    text = names.text
    held = tuple(_held(each, names, today) for each in person.qualifications)
    sessions, minutes = (load.sessions, load.minutes) if load else (0, 0)
    return RowView(
        id=str(person.person_id),
        name=person.name,
        towns=text.listed(dict.fromkeys(map(names.division, (person.home, *person.prefers_divisions)))),
        held=held,
        load=text("instructors.of_fair", sessions=sessions, fair=person.fair_load)
        if person.fair_load
        else text("instructors.sessions", count=sessions),
        hours=text("instructors.hours", hours=minutes // HOUR),
        wishes=text.joined(_wishes(person, names)),
        ends=any(each.kind for each in held),
    )


def _held(one: QualificationSeen, names: Names, today: date) -> HeldView:
    text = names.text
    what = f"{names.occupation(one.occupation)} {names.level(one.level)}"
    what = text("fair.card", what=what) if one.assessor else what
    if one.valid_until is None:
        return HeldView(what, "", "")
    kind = "red" if one.valid_until < today else "amber" if one.valid_until <= today + SOON else ""
    return HeldView(what, text("instructors.until", day=one.valid_until.isoformat()), kind)


def _wishes(person: PersonSeen, names: Names) -> list[str]:
    text = names.text
    found = (
        [text("instructors.avoids", bands=text.listed(map(names.band, person.avoids)))]
        if person.avoids
        else []
    )
    if person.most_evenings_week is not None:
        found.append(text("instructors.evenings", count=person.most_evenings_week))
    if person.prefers_units:
        found.append(text("instructors.units", units=text.listed(map(names.unit, person.prefers_units))))
    return found
