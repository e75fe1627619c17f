"""The season's file: what happens, and how often. No number of a season stands in code."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class WrongSeason(Exception):  # noqa: N818  said to a person
    """The season's file cannot be played; the message names the place in it."""


class Part(BaseModel):
    """A part of the file; what it does not know it refuses."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Surveys(Part):
    """The demand survey before the orders."""

    enterprises: Count
    """Enterprises visited; those beyond the season's own are generated."""
    rounds: Count
    person_times: Count
    """People spoken to, in all."""
    channels: Annotated[tuple[str, ...], Field(min_length=1)]
    problems: Annotated[tuple[str, ...], Field(min_length=1)]


class College(Part):
    """A college's part: the agreement, and whom it lists."""

    college: str
    sessions_total: Count
    sessions_week: Count
    instructors: Count
    assessors: Count
    """Of the people listed, how many beside the instructors only assess."""
    occupations: Annotated[tuple[str, ...], Field(min_length=1)]


class Line(Part):
    """One line of an order."""

    service: str
    occupation: str
    level: str
    heads: Count = 0
    same_as: int | None = None
    """People of that line instead of a roster of its own."""
    first_worker: Count = 0
    """Where in the enterprise's workforce the line's people begin: two lines may share people."""
    units: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    cohorts: tuple[int, ...] = ()
    earliest: date
    latest: date
    release_cap_minutes: Count = 0
    absences: Count = 0
    """Attendances missed over all sessions of the line."""
    fail: Count = 0
    """Candidates who fail a part."""
    stay_away: Count = 0
    """Candidates who do not come to the evaluation."""

    @model_validator(mode="after")
    def _cohorts_make_the_heads(self) -> Self:
        if self.cohorts and sum(self.cohorts) != self.heads:
            raise ValueError(f"cohorts make {sum(self.cohorts)} people, heads says {self.heads}")
        if (self.heads == 0) == (self.same_as is None):
            raise ValueError("a line has heads of its own or is same_as another, one of both")
        return self


Happening = Literal[
    "returned_once", "rejected", "withdrawn", "amended_after_acceptance", "cancelled_after_dispatch",
]  # fmt: skip


class Order(Part):
    """One order and what befalls it."""

    key: str
    enterprise: str
    special_session: bool = False
    happens: tuple[Happening, ...] = ()
    lines: Annotated[tuple[Line, ...], Field(min_length=1)]


class Joint(Part):
    """Small orders that the union has taught as one class, at the works of the first; everybody consents."""

    key: str
    orders: Annotated[tuple[str, ...], Field(min_length=2)]
    """Keys of the season's orders."""


class UnderWay(Part):
    """An order of the next season, left where somebody's turn is: what a board shows on a working day."""

    leave_at: Literal["submitted", "returned", "drafted", "approved", "offered", "staffed", "evaluation"]
    order: Order
    evaluated_on: date | None = None
    """The morning for which its first line's evaluation is planned; where it is left at that."""

    @model_validator(mode="after")
    def _an_evaluation_has_its_day(self) -> Self:
        if (self.leave_at == "evaluation") != (self.evaluated_on is not None):
            raise ValueError("leave_at evaluation and evaluated_on go together")
        return self


class Disturbances(Part):
    """What goes wrong on the way."""

    declined_share: Share
    """Of the offers first sent."""
    lapsed: Count
    ill_on_the_morning: Count
    substituted: Count = 0
    revoked: Count = 0


class Expected(Part):
    """What must come out, per copy of the season; the play fails when it does not."""

    sessions: Count
    person_times: Count
    special_sessions: Count
    fulfilled: Count


class Script(Part):
    """A whole season."""

    name: str
    programme: str
    source: str
    begins: date
    union: str
    surveys: Surveys
    colleges: Annotated[tuple[College, ...], Field(min_length=1)]
    orders: Annotated[tuple[Order, ...], Field(min_length=1)]
    joint: tuple[Joint, ...] = ()
    disturbances: Disturbances
    under_way: tuple[UnderWay, ...] = ()
    """Begun after the season was played and verified, by the demonstration only."""
    expected: Expected | None = None

    @model_validator(mode="after")
    def _joint_orders_are_of_orders(self) -> Self:
        keys = [key for joint in self.joint for key in joint.orders]
        plain = {order.key for order in self.orders if not order.happens}
        wrong = sorted(key for key in set(keys) if key not in plain or keys.count(key) > 1)
        if wrong:
            raise ValueError(
                f"joint: {', '.join(wrong)} is no order that can be taught jointly, or stands twice"
            )
        return self

    def pooled(self, key: str) -> bool:
        """Whether this order is taught as part of a joint one."""
        return any(key in joint.orders for joint in self.joint)


def read(path: Path) -> Script:
    """The season in this file; `WrongSeason` with the place of what is wrong."""
    try:
        return Script.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise WrongSeason(f"there is no season {path}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise WrongSeason(f"{path} is no YAML: {error}") from error
    except ValidationError as error:
        places = [f"{path}: {'.'.join(map(str, e['loc'])) or '(top)'}: {e['msg']}" for e in error.errors()]
        raise WrongSeason("\n".join(places)) from error
