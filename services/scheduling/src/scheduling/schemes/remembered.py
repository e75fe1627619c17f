"""What versions of schemes say, remembered: asked at each question is only whether the row is still the same."""

from collections.abc import Mapping

from contracts.values import OrderId
from scheduling.known import known
from scheduling.planner.world import Draft
from scheduling.schemes import store
from scheduling.schemes.rules import PROPOSES
from servicekit.db import Tx

ROW = """
select xmin::text || ctid::text from scheme_version where order_id = $1 and version = $2 and content is not null"""
WAITING = """
select s.order_id, s.version, v.xmin::text || v.ctid::text as row
from scheme s join scheme_version v on v.order_id = s.order_id and v.version = s.version
where s.state = any($1::text[]) and v.content is not null order by s.order_id"""


async def content_of(tx: Tx, order_id: OrderId, version: int) -> Draft | None:
    """What the version says, if it was ever made, and that was not lost with a database."""
    row = await tx.driver.fetchval(ROW, order_id, version)
    return None if row is None else await _content(tx, order_id, version, row)


async def proposals(tx: Tx) -> Mapping[tuple[OrderId, int], Draft]:
    """Newest versions of all orders that wait for approval or confirmation, by order and version."""
    rows = {
        (each["order_id"], each["version"]): each["row"]
        for each in await tx.driver.fetch(WAITING, sorted(PROPOSES))
    }

    async def load(ids: list[tuple[OrderId, int]]) -> Mapping[tuple[OrderId, int], Draft]:
        return {each: await _content(tx, *each, rows[each]) for each in ids}

    return await known(tx).memory.drafts.read(rows, load)


async def _content(tx: Tx, order_id: OrderId, version: int, row: str) -> Draft:
    async def load() -> Draft:
        found = await store.version_of(tx, order_id, version)
        assert found is not None  # its row was just read
        return found.draft

    return await known(tx).memory.versions.read((order_id, version), row, load)
