"""What operators and the conductor of a practice season see and do: health, lag, parked facts, the clock."""

import asyncio
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import AwareDatetime, Field

from contracts import asyncapi
from contracts.base import fact_of
from servicekit import clock, facts, parking, replay, runner, telemetry
from servicekit.http import Request, Router, Transaction, refusals, without_key
from servicekit.identity import Actor, actor_with
from servicekit.trying import trying_again

if TYPE_CHECKING:
    from servicekit.service import Service

UNSENT = """
select count(*) as facts, coalesce(extract(epoch from clock_timestamp() - min(e.at)), 0)::float8 as seconds
from (select position from unsent order by position limit 10000) u join event e using (position)"""

SEALED = "select number, count as facts, at from seal order by number desc limit 1"

FORGET = """
delete from answered where ctid in (
  select ctid from answered where at < clock_timestamp() - interval '7 days' limit 1000)"""
"""An idempotency key is good for a week."""

Operator = Annotated[Actor, Depends(actor_with("administrator"))]
Watcher = Annotated[Actor, Depends(actor_with("administrator", "union", "service"))]
Conductor = Annotated[Actor, Depends(actor_with("administrator", "service"))]


class Skip(Request):
    """A decision to do without a parked fact."""

    id: UUID = Field(description="The fact that was looked at: the first of its subject.")
    reason: str = Field(min_length=3, max_length=500, description="Why, for whoever reads it later.")


class MoveClock(Request):
    """Where the clock of a practice season shall stand: a moment, or so many seconds further."""

    to: AwareDatetime | None = None
    seconds: float = Field(0, ge=0, le=4_000_000_000)


async def measure(service: "Service") -> dict[str, Any]:
    """The figures of `/operations`, and into the metrics."""
    async with service.transactions.begin() as tx:
        unsent = await tx.driver.fetchrow(UNSENT)
        due = await runner.state(tx)
        parked = await parking.counts(tx)
        failing = await runner.failing(tx)
        paused = {name: reason for name in service.consumers if (reason := await replay.paused(tx, name))}
        sealed = await tx.driver.fetchrow(SEALED)
        now = await clock.now(tx)
    assert unsent is not None
    for name in service.consumers:
        telemetry.PARKED.labels(name).set(parked.get(name, 0))
        telemetry.PAUSED.labels(name).set(1 if name in paused else 0)
    _key_left(service)
    lag = await service.lag()  # last: it may wait for Kafka
    telemetry.RELAY_UNSENT.set(unsent["facts"])
    telemetry.RELAY_LAG.set(unsent["seconds"])
    telemetry.JOBS_WAITING.set(due["jobs"])
    telemetry.JOBS_FAILING.set(due["failing"])
    telemetry.DEADLINES_LATE.set(due["late"])
    for name in service.consumers:
        behind = lag.get(name)
        if behind is None and service.consumers[name].assignment():
            continue  # Kafka is away: what was known last stands
        telemetry.LAG.labels(name).set(behind or 0)
    return {
        "service": service.name,
        "unsent": unsent["facts"],
        "unsent_seconds": round(unsent["seconds"], 3),
        "lag": lag,
        "parked": parked,
        "paused": paused,
        "late": due["late"],
        "late_seconds": round(max(0.0, due["late_seconds"]), 3),
        "jobs": due["jobs"],
        "failing": [
            {key: row[key] for key in ("kind", "key", "subject", "tries", "error")} for row in failing
        ],
        "next_due": due["next_due"],
        "sealed": dict(sealed) if sealed else None,
        "now": now,
    }


def _key_left(service: "Service") -> None:
    """How long tokens of this service are believed; nothing when its key has no end."""
    key = service.verifier.key_of(service.issuer) if service.verifier and service.issuer else None
    telemetry.KEY_LEFT.clear()
    if key is not None and key.seconds_left is not None:
        telemetry.KEY_LEFT.labels(key.name).set(key.seconds_left)


def health_routes(service: "Service") -> APIRouter:
    """Open to whoever reaches the port: alive, ready, metrics, the facts' own description."""
    router = APIRouter(tags=["health"])

    @router.get("/live")
    async def live() -> dict[str, str]:
        """The process answers. With the database away it still does."""
        return {"service": service.name, "state": "alive"}

    @router.get("/ready")
    async def ready(response: Response) -> dict[str, Any]:
        """Whether requests should come here, and why not: 503."""
        reasons = await service.not_ready()
        response.status_code = 503 if reasons else 200
        return {"service": service.name, "ready": not reasons, "because": reasons}

    @router.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        """Prometheus text."""
        return Response(generate_latest(telemetry.REGISTRY), media_type=CONTENT_TYPE_LATEST)

    @router.get("/asyncapi.json")
    async def describe_facts() -> dict[str, Any]:
        """What this service says and hears (AsyncAPI 3)."""
        heard = {type_ for each in service.reactions for type_ in each.types}
        models = [model for type_ in sorted(heard) if (model := fact_of(type_)) is not None]
        return asyncapi.document(service.name, models)

    return router


def operation_routes(service: "Service") -> Router:
    """For administrators, the portal, and the command line."""
    router = Router(tags=["operations"])

    @router.get("/operations")
    async def operations(_: Watcher) -> dict[str, Any]:
        """Unsent facts, lag, parked, late deadlines, jobs, what fails, and the last window of the seal."""
        return await measure(service)

    @router.get("/parked")
    async def list_parked(tx: Transaction, _: Watcher) -> list[dict[str, Any]]:
        """The subjects that wait for a person, the longest first."""
        return [asdict(subject) for subject in await parking.waiting(tx)]

    @router.get("/trying")
    async def list_trying(tx: Transaction, _: Watcher) -> list[dict[str, Any]]:
        """Long work that was tried in vain and is tried again by itself, the longest asked for first."""
        return [asdict(job) for job in await trying_again(tx)]

    @router.get("/parked/{id_}")
    async def show_parked(tx: Transaction, id_: UUID, _: Watcher) -> list[dict[str, Any]]:
        """A parked fact with its bytes and error, once per consumer."""
        shown = [asdict(row) for row in await parking.show(tx, id_)]
        return [row | {"body": row["body"].decode(errors="replace")} for row in shown]

    @router.post("/parked/{consumer}/{subject:path}/replay", responses=refusals("parked.unknown"))
    async def replay_parked(tx: Transaction, consumer: str, subject: str, _: Operator) -> dict[str, Any]:
        """Apply the parked facts of a subject in order, after a mend; what is left, with its new error."""
        left = await replay.replay(replay.taking_of(service.takings, consumer), tx, subject)
        return _left(left)

    @router.post("/parked/{consumer}/{subject:path}/skip", responses=refusals("parked.another_first"))
    async def skip_parked(
        tx: Transaction, consumer: str, subject: str, body: Skip, by: Operator
    ) -> dict[str, Any]:
        """Do without the first parked fact of a subject, with a reason that is kept; the rest goes on."""
        taking = replay.taking_of(service.takings, consumer)
        return _left(await replay.skip(taking, tx, subject, body.id, by=by.user, reason=body.reason))

    @router.post("/consumers/{consumer}/resume", status_code=204)
    async def resume(tx: Transaction, consumer: str, _: Operator) -> None:
        """Let a paused consumer work again."""
        replay.taking_of(service.takings, consumer)
        await replay.resume(tx, consumer)

    @router.get("/facts")
    async def story(tx: Transaction, order: Annotated[str, Query(max_length=200)], _: Watcher) -> list[Any]:
        """All this service has said about an order, or another subject, in order."""
        return [
            {"position": said.position, "recorded_at": said.at, **said.envelope.model_dump(mode="json")}
            for said in await facts.read_story(tx, order)
        ]

    return router


def _left(rows: list[parking.Parked]) -> dict[str, Any]:
    first = rows[0] if rows else None
    return {
        "left": len(rows),
        "first": {"id": first.id, "type": first.type} if first else None,
    }


def practice_routes(service: "Service") -> Router:
    """The conductor's routes; they exist only in practice mode."""
    router = Router(prefix="/practice", tags=["practice"])

    @router.get("/quiet")
    async def quiet(_: Conductor) -> dict[str, Any]:
        """What is still under way; quiet = `quiet` in two equal answers of every service."""
        figures = await measure(service)
        lag = sum(value or 0 for value in figures["lag"].values())
        unknown = any(value is None for value in figures["lag"].values())
        return {
            "quiet": not (figures["unsent"] or lag or unknown or figures["jobs"] or figures["late"]),
            "unsent": figures["unsent"],
            "lag": None if unknown else lag,
            "jobs": figures["jobs"],
            "late": figures["late"],
            "failing": len(figures["failing"]),
            "parked": sum(figures["parked"].values()),
            "next_due": figures["next_due"],
            "now": figures["now"],
        }

    @router.post("/clock")
    @without_key
    async def move(tx: Transaction, body: MoveClock, _: Conductor) -> dict[str, Any]:
        """Set the clock; never back."""
        to = body.to or await clock.now(tx) + timedelta(seconds=body.seconds)
        at = await clock.move_clock(tx, to)
        tx.asked = True  # deadlines may have come
        return {"now": at, "offset_seconds": (await clock.offset(tx)).total_seconds()}

    return router


async def pulse(service: "Service", seconds: float = 2.0) -> None:
    """Keep the metrics fresh, also when nobody asks; forget answers nobody will ask for again."""
    while True:
        try:
            await measure(service)
            async with service.transactions.begin() as tx:
                await tx.driver.execute(FORGET)
        except Exception as error:  # noqa: BLE001  the database is away: /ready says so
            service.log.debug("no figures", error=repr(error))
        await asyncio.sleep(seconds)
