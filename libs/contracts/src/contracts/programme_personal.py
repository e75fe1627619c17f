"""For how long what names a person is kept, by class of data, and why somebody asks for theirs (`personal`).

Periods are dated rows: what began last before the day from which they are reckoned counts.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from contracts.programme_dated import begun, check_each_once
from contracts.programme_tables import Entry, Source, Wording, Words
from contracts.values import ReasonCode

Positive = Annotated[int, Field(ge=1)]
KeptClass = Literal["roster", "roster_unused", "training", "certificates", "devices", "places", "logs"]
"""Name, ID number and birth date of people on rosters, and of rosters of orders that came to nothing; the name for
those who were taught, and for holders of certificates; marks of phones; photos and places of sessions; log files.
"""
CLASSES: tuple[KeptClass, ...] = get_args(KeptClass)


class KeptFor(Entry):
    """From a day on: for how many days a class of data is kept."""

    since: date
    days: Positive
    source: Source
    confidence: Words | None = None
    note: Words | None = None


class PersonalRules(Entry):
    """What one installation goes by."""

    export_reasons: Annotated[Mapping[ReasonCode, Wording], Field(min_length=1)]
    """Why somebody is given everything that is held of a person."""
    erasure_reasons: Annotated[Mapping[ReasonCode, Wording], Field(min_length=1)]
    """Why a person's data are erased before their time."""
    kept: Mapping[KeptClass, Annotated[tuple[KeptFor, ...], Field(min_length=1)]]

    @model_validator(mode="after")
    def _every_class_each_day_once(self) -> "PersonalRules":
        if missing := [one for one in CLASSES if one not in self.kept]:
            raise ValueError(f"nothing says how long {', '.join(missing)} is kept")
        for rows in self.kept.values():
            check_each_once(rows)
        return self

    def rule(self, of: KeptClass, day: date) -> KeptFor:
        """What counts on this day; before any rule began the first."""
        rows = self.kept[of]
        return begun(rows, day) or min(rows, key=lambda each: each.since)

    def last_day(self, of: KeptClass, day: date) -> date:
        """The last day on which what is reckoned from `day` is kept."""
        return day + timedelta(days=self.rule(of, day).days)

    def over(self, of: KeptClass, moment: datetime) -> datetime:
        """When what began at this moment is dropped."""
        return moment + timedelta(days=self.rule(of, moment.date()).days)
