"""What a coordinator may ask of a scheme, as values."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from contracts.values import BandCode, CohortId, PersonId, SessionId, UnitCode
from servicekit.asked import Request

MOST = 12
"""Changes that are looked at and done as one."""


class Pin(Request):
    """The session stays at its time whatever is planned again."""

    do: Literal["pin"]
    session_id: SessionId


class Unpin(Request):
    """It may be moved again."""

    do: Literal["unpin"]
    session_id: SessionId


class Move(Request):
    """Another time; nobody named = who is proposed stays, if that is possible, else whoever suits best."""

    do: Literal["move"] = "move"
    session_id: SessionId
    day: date
    band: BandCode
    person_id: PersonId | None = None


class SwapTimes(Request):
    """Each of the two at the other's time, with its own person."""

    do: Literal["swap_times"]
    session_id: SessionId
    other_id: SessionId


class SwapPeople(Request):
    """Each of the two by the other's person, at its own time."""

    do: Literal["swap_people"]
    session_id: SessionId
    other_id: SessionId


class Add(Request):
    """One session more of a unit of the catalogue, the last of the cohort; without a day the first that is possible."""

    do: Literal["add"]
    cohort_id: CohortId
    unit: UnitCode
    day: date | None = None
    band: BandCode | None = None
    person_id: PersonId | None = None


class Drop(Request):
    """The session is not held."""

    do: Literal["drop"]
    session_id: SessionId


class ChangeUnit(Request):
    """Another unit of the catalogue is taught in its place: another session, at the same time if that is possible."""

    do: Literal["change_unit"]
    session_id: SessionId
    unit: UnitCode


Change = Annotated[
    Pin | Unpin | Move | SwapTimes | SwapPeople | Add | Drop | ChangeUnit, Field(discriminator="do")
]
Changes = Annotated[tuple[Change, ...], Field(min_length=1, max_length=MOST)]
"""One after the other, judged by what they make of the plan together."""
