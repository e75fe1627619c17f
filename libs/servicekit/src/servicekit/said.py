"""Facts said in a transaction wait for its end: one trip appends them all, with the answer where there is one.

What was said has its place already (`draw`), and nobody else can read it before the commit.
"""

from typing import Any
from uuid import UUID

Row = tuple[UUID, str, int, str, str, bytes]
"""id, subject, sequence, type, topic, body."""

APPEND = """
with e as (
  insert into event (id, subject, sequence, type, topic, body)
  select a, b, c, d, t, f
  from unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::bytea[])
       with ordinality u(a, b, c, d, t, f, o)
  order by o
  returning position) """
RECORD = APPEND + "insert into unsent select position from e"  # noqa: S608  our own words
RECORD_AND_KEEP = f"""{APPEND}, u as (insert into unsent select position from e)
insert into answered (actor, key, request, status, headers, body) values ($7, $8, $9, $10, $11::jsonb, $12)
"""  # noqa: S608  our own words
KEEP = (
    "insert into answered (actor, key, request, status, headers, body) values ($1, $2, $3, $4, $5::jsonb, $6)"
)


class Said(list[Row]):
    """What one transaction has said and not written yet, in order."""

    async def write(self, driver: Any) -> None:
        """Append them to the log and to the relay's list."""
        if self:
            await driver.execute(RECORD, *self._columns())
            self.clear()

    async def write_with_answer(self, driver: Any, *answer: object) -> None:
        """The same, and keep the answer: actor, key, hash of the request, status, headers, body."""
        if self:
            await driver.execute(RECORD_AND_KEEP, *self._columns(), *answer)
            self.clear()
        else:
            await driver.execute(KEEP, *answer)

    def _columns(self) -> list[list[Any]]:
        return [list(column) for column in zip(*self, strict=True)]
