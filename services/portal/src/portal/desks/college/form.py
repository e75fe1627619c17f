"""The form of somebody who is sent: as it was typed, and as instructor-dispatch is told it."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Annotated, Any

from fastapi import Form
from pydantic import BaseModel, Field

from portal.desks.college.seen import PersonSeen, QualificationSeen
from portal.web.names import Names
from portal.web.text import Text

Word = Annotated[str, Field(max_length=60)]
Words = Annotated[list[Word], Field(max_length=60)]
Line = tuple[str, str, str, str]
"""Occupation, level, `teach` or `assess`, last day."""
BLANK: Line = ("", "", "teach", "")


class Typed(BaseModel):
    """What stands in the fields; a qualification is one of each list, and one without an occupation is none."""

    key: Annotated[str, Field(max_length=300)] = ""
    seen: Annotated[int, Field(ge=1)] | None = None
    """The version of the person that the page showed: what somebody else changed meanwhile is not written over."""
    name: Word = ""
    home: Word = ""
    most_day: Annotated[int, Field(ge=1, le=50)] = 2
    most_week: Annotated[int, Field(ge=1, le=50)] = 6
    fair_load: Annotated[int, Field(ge=0, le=1000)] = 0
    occupation: Words = []
    level: Words = []
    does: Words = []
    until: Words = []

    def lines(self) -> list[Line]:
        """The qualifications as they were typed."""
        found = zip_longest(self.occupation, self.level, self.does, self.until, fillvalue="")
        return [line for line in found if line[0]]

    def shown(self) -> list[Line]:
        """The same with an empty line for one more."""
        return [*self.lines(), BLANK]

    def body(self) -> dict[str, Any]:
        """As instructor-dispatch is told it."""
        return {
            "name": self.name.strip(),
            "home": self.home,
            "most_sessions_day": self.most_day,
            "most_sessions_week": self.most_week,
            "fair_load": self.fair_load,
            "qualifications": [
                {"occupation": occupation, "level": level, "assessor": does == "assess", "valid_until": until or None}
                for occupation, level, does, until in self.lines()
            ],
        }  # fmt: skip


PersonForm = Annotated[Typed, Form()]


def form_of(person: PersonSeen) -> Typed:
    """The fields of somebody who is listed."""
    held = person.qualifications
    return Typed(
        name=person.name,
        home=person.home,
        most_day=person.most_sessions_day,
        most_week=person.most_sessions_week,
        fair_load=person.fair_load,
        occupation=[each.occupation for each in held],
        level=[each.level for each in held],
        does=["assess" if each.assessor else "teach" for each in held],
        until=[each.valid_until.isoformat() if each.valid_until else "" for each in held],
    )


def differing(person: PersonSeen, form: Typed, names: Names) -> list[str]:
    """What is saved of the person now and is typed otherwise, in words: field by field."""
    saved, text = form_of(person), names.text
    told = {
        "name": saved.name, "home": names.division(saved.home), "most_day": str(saved.most_day),
        "most_week": str(saved.most_week), "fair_load": str(saved.fair_load),
    }  # fmt: skip
    lines = [
        text.about(text(f"instructors.field.{field}"), words)
        for field, words in told.items()
        if getattr(saved, field) != getattr(form, field)
    ]
    if sorted(saved.lines()) != sorted(form.lines()):
        held = text.listed(
            text.aside(f"{names.occupation(one.occupation)} {names.level(one.level)}", _until(one, text))
            for one in person.qualifications
        )
        lines.append(text.about(text("instructors.field.held"), held or "—"))
    return lines


def _until(held: QualificationSeen, text: Text) -> str:
    does = text("instructors.assess" if held.assessor else "instructors.teach")
    return f"{does} · {held.valid_until}" if held.valid_until else does


@dataclass(frozen=True)
class Choices:
    """What can be chosen: code and name."""

    divisions: list[tuple[str, str]]
    occupations: list[tuple[str, str]]
    levels: list[tuple[str, str]]
    bands: list[tuple[str, str]]


def choices(names: Names) -> Choices:
    """All of the installation; counties of today only."""
    known = names.programmes
    return Choices(
        divisions=[(c, names.division(c)) for c, row in known.divisions.items() if row.level == "county"],
        occupations=[(c, names.occupation(c)) for c in known.occupations],
        levels=[(c, names.level(c)) for c in known.levels],
        bands=[(c, names.band(c)) for c in known.bands],
    )
