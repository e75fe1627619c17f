"""The federation's plan over HTTP: improvements and scenarios, for the union."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response
from pydantic import Field

from contracts.values import DivisionCode
from scheduling.federation import adopting, commands, store
from scheduling.federation.rules import Asked, Kind
from scheduling.federation.views import RunView, RunWithLinesView
from scheduling.planner.federation.suppose import Change
from servicekit.http import Request, Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(prefix="/federation", tags=["federation"])
Coordinator = Annotated[Actor, Depends(actor_with("union"))]
Points = Annotated[int, Field(ge=0, le=1_000_000)]
Rounds = Annotated[int, Field(ge=1, le=100_000)]
Name = Annotated[str, Field(min_length=1, max_length=80)]
USUAL_ROUNDS = 3_000


class RunRequest(Request):
    """How long to search, and where. `price`: points (minutes of driving; a preference is 2,000) that each change
    point must win; none = the installation's. `promised`: sessions with a firm promise may move too.
    """

    price: Points | None = None
    rounds: Rounds = USUAL_ROUNDS
    seed: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    first: date | None = None
    last: date | None = None
    divisions: Annotated[tuple[DivisionCode, ...], Field(max_length=50)] = ()
    promised: bool = False


class ImprovementRequest(RunRequest):
    """`again_days`: asked for again so many days later, and so on; the newest asking decides."""

    again_days: Annotated[int, Field(ge=1, le=60)] | None = None


class ScenarioRequest(RunRequest):
    """What is supposed, one after the other."""

    name: Name
    changes: Annotated[tuple[Change, ...], Field(min_length=1, max_length=20)]


@router.post("/improvements", status_code=201)
async def ask_for_improvement(
    *, asked: ImprovementRequest, tx: Transaction, by: Coordinator, response: Response
) -> RunView:
    """Improve the plan beyond the freeze: drafts, and confirmed sessions within what was allowed beforehand."""
    told = asked.model_dump(exclude={"price"})
    run = await commands.ask(
        tx, Kind.IMPROVEMENTS, "", Asked(price=commands.price_of(tx, asked.price), **told), by=by
    )
    response.headers["Location"] = f"/federation/improvements/{run.run_id}"
    return RunView.of(run)


@router.post("/scenarios", status_code=201)
async def ask_for_scenario(
    *, asked: ScenarioRequest, tx: Transaction, by: Coordinator, response: Response
) -> RunView:
    """What if: a copy of the plan with these changes, made good again and compared."""
    told = asked.model_dump(exclude={"price", "name", "changes"})
    given = Asked(price=commands.price_of(tx, asked.price), changes=asked.changes, **told)
    run = await commands.ask(tx, Kind.SCENARIOS, asked.name, given, by=by)
    response.headers["Location"] = f"/federation/scenarios/{run.run_id}"
    return RunView.of(run)


@router.get("/{kind}")
async def list_runs(kind: Kind, *, tx: Transaction, by: Coordinator) -> list[RunView]:  # noqa: ARG001
    """The newest hundred, the newest first."""
    return [RunView.of(run) for run in await store.listed(tx, kind)]


@router.get("/{kind}/{run_id}", responses=refusals("run.unknown"))
async def read_run(kind: Kind, run_id: UUID, *, tx: Transaction, by: Coordinator) -> RunWithLinesView:  # noqa: ARG001
    """How far it is, and every session that would be elsewhere."""
    run, _ = await store.read(tx, kind, run_id)
    return RunWithLinesView.of(run)


@router.post("/{kind}/{run_id}/stop", status_code=204, responses=refusals("run.unknown", "run.not_under_way"))
async def stop_run(kind: Kind, run_id: UUID, *, tx: Transaction, by: Coordinator) -> None:  # noqa: ARG001
    """Search no further; what was found so far can be adopted."""
    await commands.stop(tx, kind, run_id)


@router.post("/{kind}/{run_id}/drop", status_code=204, responses=refusals("run.unknown", "run.settled"))
async def drop_run(kind: Kind, run_id: UUID, *, tx: Transaction, by: Coordinator) -> None:  # noqa: ARG001
    """Throw it away: nothing of it was in the plan."""
    await commands.drop(tx, kind, run_id)


@router.post("/{kind}/{run_id}/adopt", responses=refusals("run.unknown", "run.nothing_to_adopt"))
async def adopt_run(kind: Kind, run_id: UUID, *, tx: Transaction, by: Coordinator) -> RunWithLinesView:
    """It becomes the plan, as far as what it touches has not moved meanwhile; the answer says what of it, and why not
    the rest.
    """
    return RunWithLinesView.of(await adopting.adopt(tx, kind, run_id, by=by))
