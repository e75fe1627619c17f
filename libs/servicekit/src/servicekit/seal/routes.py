"""The operators' door to the seal: make a service's part of a root, keep what was published, hand out proofs."""

from typing import TYPE_CHECKING, Annotated

from fastapi import Query
from pydantic import BaseModel

from servicekit.http import Router, Transaction, refusals, without_key
from servicekit.operations import Operator
from servicekit.seal import heads
from servicekit.seal.chain import MOST, Publication, Story, Taken, Window
from servicekit.seal.windows import PAGE

if TYPE_CHECKING:
    from servicekit.service import Service

WINDOWS = """
select w.number, w.count, w.root, w.chained, b.bodies
from (select *, sum(count) over (order by number) as facts
      from (select * from seal where number > $1 and number <= $2 order by number limit $3) n) w
     cross join lateral (
       select array_agg(e.body order by e.position) as bodies from unnest(w.positions) r
       cross join lateral (select position, body from event
                           where position >= lower(r) and position < upper(r)) e) b
where w.facts <= $3 or w.facts = w.count order by w.number"""
Number = Annotated[int, Query(ge=0, le=MOST)]


class SealedWindow(BaseModel):
    """A window with what was sent in it."""

    window: Window
    bodies: list[str]


def seal_routes(service: "Service") -> Router:
    """For `songjiao seal` and `songjiao verify`."""
    router = Router(prefix="/seal", tags=["operations"])

    @router.post("", responses=refusals("seal.broken_log"))
    @without_key
    async def make_part(tx: Transaction, _: Operator) -> Taken:
        """Take in what was sealed since the last time; this service's part of a root, when nothing is left."""
        return await heads.make_part(tx, service.name)

    @router.post("/published", status_code=204, responses=refusals("seal.not_of_its_parts", "seal.not_ours"))
    async def keep_publication(tx: Transaction, body: Publication, _: Operator) -> None:
        """Keep a root that was published, to make proofs under it."""
        await heads.publish(tx, service.name, body)

    @router.get("/published")
    async def list_publications(
        tx: Transaction, _: Operator, root: Annotated[str | None, Query(pattern="^[0-9a-f]{64}$")] = None
    ) -> list[Publication]:
        """What was published, the newest first; one root's only."""
        return await heads.published(tx, bytes.fromhex(root) if root else None)

    @router.get("/stories/{subject}", responses=refusals("seal.not_published"))
    async def prove_story(tx: Transaction, subject: str, windows: Number, _: Operator) -> Story:
        """All that was said about a subject up to a published window, with its proof; or that nothing was."""
        return await heads.prove(tx, subject, windows)

    @router.get("/windows")
    async def read_windows(tx: Transaction, after: Number, until: Number, _: Operator) -> list[SealedWindow]:
        """The next windows with their facts, some at a time."""
        rows = await tx.driver.fetch(WINDOWS, after, until, PAGE)
        return [
            SealedWindow(
                window=Window(**{name: row[name] for name in Window.model_fields}),
                bodies=[body.decode() for body in row["bodies"]],
            )
            for row in rows
        ]

    return router
