"""From where on something is worth a second look (`findings` in `rules/rules.yaml`): figures that begin on a day."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import Field

from contracts.programme_tables import Entry, Share, Source, Sourced, Whole, Words
from contracts.values import EnterpriseId, Way

Positive = Annotated[int, Field(ge=1)]


class Pace(Entry):
    """So many sign-ins of one way within so many seconds, or more, are faster than people are."""

    acts: Annotated[int, Field(ge=2)]
    seconds: Positive
    source: Source
    note: Words | None = None


class FindingRules(Entry):
    """What one day goes by."""

    since: date
    class_hours_a_day: Sourced[Positive]
    """More of them on one day are worth a look."""
    drive_share: Sourced[Share]
    """Whoever had less than this share of the driving time between two places cannot have been at both."""
    pace: Mapping[Way, Pace]
    workers_a_phone: Sourced[Positive]
    """Most people that sign in to one session with one phone."""
    shift_minutes: Sourced[Whole]
    """Most minutes of their own shift that somebody loses to a session without being released."""
    alike_sessions: Sourced[Annotated[int, Field(ge=2)]]
    """So many sessions of a class in a row with the same sign-in times are worth a look."""
    alike_share: Sourced[Share]
    """Least share of the class that signs in at the same minute as the time before."""
    alike_people: Sourced[Positive]
    """Of a smaller class nothing is said."""
    alike_minutes: Sourced[Positive]
    """Least number of different minutes: a class that is called at once is alike every time."""
    people_at: Mapping[EnterpriseId, Sourced[Positive]] = {}
    """Most people in the room of an enterprise, where that is known; else the programme's class size counts."""
    source: Source
    note: Words | None = None
