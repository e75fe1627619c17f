"""Organisations of the pilot and invented ones (`demo/*.csv`): data for a demo, never rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import StringConstraints

from contracts.programme_tables import Entry, Listed, Source, Words
from contracts.values import CreditCode, DivisionCode, OccupationCode, OrganisationId, ShiftPatternCode

Name = Annotated[Words, StringConstraints(pattern=r"^[^:：;；|]+$")]
"""An organisation's name as screens show it: where it is from, and what else it is called, stands in the note."""


class College(Entry):
    """A partner college of the demo."""

    id: OrganisationId
    name_zh: Name
    name_en: Name
    kind: Words
    division: DivisionCode
    town_zh: Words
    lat: float
    lon: float
    strengths: Listed[Words]
    role_note: Words
    source: Source
    location_source: Source
    note: Words | None = None


class Enterprise(Entry):
    """A pilot enterprise of the demo; `uscc_demo` is not its real code."""

    id: OrganisationId
    name_zh: Name
    name_en: Name
    industry: Words
    division: DivisionCode
    occupations: Listed[OccupationCode]
    shift_pattern: ShiftPatternCode
    pilot_2023: Words
    lat: float
    lon: float
    uscc_demo: CreditCode
    source: Source
    attr_source: Source
    note: Words | None = None


class Union(Entry):
    """A federation of trade unions of the demo."""

    id: OrganisationId
    name_zh: Name
    name_en: Name
    division: DivisionCode
    uscc_demo: CreditCode
    source: Source
    note: Words | None = None


@dataclass(frozen=True)
class Demo:
    """The organisations by id."""

    colleges: Mapping[str, College]
    enterprises: Mapping[str, Enterprise]
    unions: Mapping[str, Union]
