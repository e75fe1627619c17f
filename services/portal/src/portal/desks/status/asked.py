"""What a service tells an operator of itself; the portal's own figures come without asking anybody."""

import asyncio
from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from portal.desks.at import AtDesk, Wrong
from servicekit import parking, replay
from servicekit.operations import measure
from servicekit.service import Service
from servicekit.trying import trying_again

PORTAL = "portal"
SERVICES = (PORTAL, "order-intake", "scheduling", "instructor-dispatch", "evaluation")


class FailingSeen(BaseModel):
    """Work that failed and is tried again."""

    kind: str
    key: str
    subject: str
    tries: int
    error: str | None


class SealedSeen(BaseModel):
    """The last window of the seal."""

    number: int
    facts: int
    at: datetime


class OperationsSeen(BaseModel):
    """A service's own figures."""

    unsent: int
    unsent_seconds: float
    lag: dict[str, int | None]
    parked: dict[str, int]
    paused: dict[str, str]
    late: int
    late_seconds: float
    jobs: int
    failing: list[FailingSeen]
    sealed: SealedSeen | None


class ParkedSeen(BaseModel):
    """A subject that waits at a consumer, by its first fact."""

    consumer: str
    subject: str
    facts: int
    since: datetime
    reason: str
    type: str
    id: UUID
    error: str


class TryingSeen(BaseModel):
    """Long work that is tried again by itself."""

    kind: str
    subject: str
    attempt: int
    since: datetime
    again_at: datetime | None


class LeftSeen(BaseModel):
    """What is left after a replay."""

    left: int


PARKED = TypeAdapter(list[ParkedSeen])
TRYING = TypeAdapter(list[TryingSeen])


@dataclass(frozen=True)
class Told:
    """One service: its figures, nothing while it does not answer."""

    service: str
    figures: OperationsSeen | None
    parked: list[ParkedSeen]
    trying: list[TryingSeen]

    @property
    def subjects(self) -> set[str]:
        """Orders, and other subjects, that something is the matter with."""
        failing = self.figures.failing if self.figures else []
        found = {one.subject for one in self.parked} | {one.subject for one in self.trying}
        return found | {one.subject for one in failing}


async def everything(at: AtDesk) -> list[Told]:
    """Every service, asked at the same time."""
    others = await asyncio.gather(*(_asked(at, name) for name in SERVICES if name != PORTAL))
    return [await _own(at), *others]


async def replay_at(at: AtDesk, key: str, service: str, consumer: str, subject: str) -> int | Wrong:
    """Apply what is parked of a subject; how many facts are left."""
    if service == PORTAL:
        left = await replay.replay(replay.taking_of(_service(at).takings, consumer), at.tx, subject)
        return len(left)
    path = f"/parked/{quote(consumer, safe='')}/{quote(subject, safe='')}/replay"
    answer = await at.ask(service, path, LeftSeen, key=key)
    return answer if isinstance(answer, Wrong) else answer.left


async def resume_at(at: AtDesk, key: str, service: str, consumer: str) -> Wrong | None:
    """Let a paused consumer work again."""
    if service == PORTAL:
        replay.taking_of(_service(at).takings, consumer)
        await replay.resume(at.tx, consumer)
        return None
    return await at.go_on(key, service, f"/consumers/{quote(consumer, safe='')}/resume")


def _service(at: AtDesk) -> Service:
    service = at.request.app.state.service
    assert isinstance(service, Service)
    return service


async def _own(at: AtDesk) -> Told:
    return Told(
        PORTAL,
        OperationsSeen.model_validate(await measure(_service(at))),
        PARKED.validate_python([asdict(each) for each in await parking.waiting(at.tx)]),
        TRYING.validate_python([asdict(each) for each in await trying_again(at.tx)]),
    )


async def _asked(at: AtDesk, service: str) -> Told:
    figures, parked, trying = await asyncio.gather(
        at.read(service, "/operations", OperationsSeen),
        at.read_list(service, "/parked", ParkedSeen),
        at.read_list(service, "/trying", TryingSeen),
    )
    return Told(
        service,
        figures if isinstance(figures, OperationsSeen) else None,
        parked if isinstance(parked, list) else [],
        trying if isinstance(trying, list) else [],
    )
