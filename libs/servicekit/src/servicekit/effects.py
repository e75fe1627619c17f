"""Chaos tests only: which consumer gave which fact its effect, noted in the transaction of the effect.

One row too many is an effect twice, one too few a loss, and the rows of a subject stand in the order in which
its facts were applied.
"""

from collections.abc import Sequence

from contracts.base import Envelope
from servicekit.db import Tx
from servicekit.reactions import Reactions

TABLE = """
create table if not exists effect (
  seq bigint generated always as identity primary key,
  consumer text not null, sender text not null, subject text not null, sequence bigint not null, id uuid not null)"""
NOTE = """
insert into effect (consumer, sender, subject, sequence, id)
select $1, s, k, n, i from unnest($2::text[], $3::text[], $4::bigint[], $5::uuid[]) u(s, k, n, i)"""


def note(reactions: Reactions) -> None:
    """From now on this consumer notes every fact that it applies or passes over."""

    @reactions.on_chunk
    async def note_effects(tx: Tx, envelopes: Sequence[Envelope]) -> None:
        await tx.driver.execute(
            NOTE,
            reactions.consumer,
            [each.source for each in envelopes],
            [each.subject for each in envelopes],
            [each.sequence for each in envelopes],
            [each.id for each in envelopes],
        )
