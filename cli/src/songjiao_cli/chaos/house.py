"""Who takes part: the rehearsal's enterprises and colleges with few people, so that orders compete for them."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from contracts.programme import load
from servicekit.tokens import Issuer
from songjiao_cli.api import Api, Person
from songjiao_cli.chaos.besieged import Besieged
from songjiao_cli.season.acts.house import open_the_house
from songjiao_cli.season.conductor import Conductor
from songjiao_cli.season.script import read
from songjiao_cli.season.stage import Stage

INSTRUCTORS, ASSESSORS = 4, 4
"""Per college."""
BEGINS_HOUR = 8


@dataclass
class House(Stage):
    """A stage whose people sign their tokens with the portal's key: no fault keeps them from asking."""

    issuer: Issuer | None = None

    async def account(
        self,
        username: str,
        *roles: str,
        organisation: str,
        name: str,  # noqa: ARG002  as an account has it
        person_id: str | None = None,
    ) -> Person:
        """Somebody with a token of these roles."""
        assert self.issuer is not None
        issuer = self.issuer

        def token() -> str:
            return issuer.user_token(username, roles, organisation, person=person_id)

        return Person(username, "", roles[0], own_token=token)


async def furnish(system: Besieged, programmes: Path, seed: int, api: Api) -> House:
    """Register everybody, and set the clocks to the first morning."""
    script = read(programmes / "seasons" / "rehearsal.yaml")
    colleges = tuple(
        each.model_copy(
            update={"sessions_total": 5000, "sessions_week": 500, "instructors": INSTRUCTORS, "assessors": ASSESSORS}
        )
        for each in script.colleges
    )  # fmt: skip
    script = script.model_copy(update={"colleges": colleges})
    issuer = Issuer.from_file("portal", system.installation.private_key("portal"))
    admin = Person(
        "admin", "", "administrator", own_token=lambda: issuer.user_token("admin", ["administrator"])
    )
    house = House(
        api, script, 1, seed, load(programmes), admin, Conductor(api, admin), lambda *_: None, issuer=issuer
    )
    await house.conductor.move_to(house.at(script.begins, BEGINS_HOUR))
    await open_the_house(house)
    await house.conductor.quiet()
    return house


class Clock:
    """The system's time as the clients see it; it moves when they have nothing else to do."""

    def __init__(self, house: House, urls: dict[str, str]) -> None:
        self.house = house
        self.urls = urls
        self.now = house.conductor.now or datetime.now(UTC)

    async def move_to(self, when: datetime) -> None:
        """As many services as answer; the others follow with the next move."""
        self.now = max(when, self.now)
        for service in self.urls:
            with suppress(Exception):  # away, or its clock was put forward further
                await self.house.api.client.post(
                    f"{self.urls[service]}/practice/clock", json={"to": self.now.isoformat()},
                    headers={"Authorization": f"Bearer {await self.house.api.token_of(self.house.admin)}"},
                )  # fmt: skip
