"""What every act of the season shares: the people with their accounts, the clock, the draw, the progress."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from contracts.programme import Programmes
from songjiao_cli.accounts import PASSWORD
from songjiao_cli.api import Api, Person
from songjiao_cli.season.conductor import Conductor
from songjiao_cli.season.people import Worker
from songjiao_cli.season.script import Line, Order, Script

ZONE = ZoneInfo("Asia/Shanghai")
Progress = Callable[[str, int, int], None]
"""Called with the stage's name, how many are done, how many there are."""


@dataclass
class PlayedOrder:
    """One order as it is played: a copy of the script's, with what the services answered."""

    key: str
    script: Order
    enterprise: str
    clerk: Person
    copy: int
    order_id: str = ""
    pooled: bool = False
    """It is taught as part of a joint order, which is played beside it."""
    host_people: frozenset[str] = frozenset()
    """Ids of the host's people on a joint order: so that in each play people of the same enterprise stay away."""
    workers: dict[int, list[Worker]] = field(default_factory=dict)
    sessions: list[dict[str, Any]] = field(default_factory=list)
    lines_taught: set[int] = field(default_factory=set)

    @property
    def runs(self) -> bool:
        """It goes all the way to its end, by itself."""
        return self.planned and "cancelled_after_dispatch" not in self.script.happens

    @property
    def planned(self) -> bool:
        """A scheme is made of it."""
        return not (self.pooled or {"rejected", "withdrawn"} & set(self.script.happens))

    def line(self, number: int) -> Line:
        """The script's line, counted from 1."""
        return self.script.lines[number - 1]


@dataclass
class Listed:
    """Somebody on a college's list."""

    ordinal: int
    college: str
    username: str
    name: str
    assessor: bool
    account: Person | None = None
    door: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One account each, also when two sessions need it at once."""


@dataclass
class Stage:
    """The season under way."""

    api: Api
    script: Script
    scale: int
    seed: int
    programmes: Programmes
    admin: Person
    conductor: Conductor
    progress: Progress
    coordinator: Person = field(default_factory=lambda: Person("", ""))
    clerks: dict[str, Person] = field(default_factory=dict)
    offices: dict[str, Person] = field(default_factory=dict)
    listed: dict[str, Listed] = field(default_factory=dict)
    """Everybody who can be sent, by person id."""
    orders: list[PlayedOrder] = field(default_factory=list)
    password: str = PASSWORD

    def draw(self, purpose: str) -> random.Random:
        """Its own stream of chance for each purpose, the same for a seed."""
        return random.Random(f"{self.seed}/{purpose}")  # noqa: S311  a play, no secret

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """This local time of this day."""
        return datetime.combine(day, time(hour, minute), ZONE)

    def ordinal(self, person_id: str) -> int:
        """Place in the order of listing: ids differ from play to play, this does not; -1 = nobody."""
        return self.listed[person_id].ordinal if person_id in self.listed else -1

    async def sent(self, person_id: str) -> Person:
        """Somebody who is sent, with an account from the first time on that one is needed."""
        person = self.listed[person_id]
        async with person.door:
            if person.account is None:
                roles = ("instructor", "assessor") if person.assessor else ("instructor",)
                person.account = await self.account(
                    person.username, *roles, organisation=person.college, name=person.name,
                    person_id=person_id,
                )  # fmt: skip
        return person.account

    async def account(
        self, username: str, *roles: str, organisation: str, name: str, person_id: str | None = None
    ) -> Person:
        """A new account at the portal."""
        body: dict[str, Any] = {
            "username": username, "password": self.password, "roles": list(roles),
            "organisation": organisation, "name": name, "manages": person_id is None,
        }  # fmt: skip
        if person_id is not None:
            body["person_id"] = person_id
        await self.api.call(self.admin, "POST", "portal", "/accounts", json=body)
        return Person(username, self.password, roles[0])
