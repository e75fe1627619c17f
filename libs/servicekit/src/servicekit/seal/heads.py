"""What is published of a service, and the proof of one story under it.

`seal_head` has a row per subject and publication that found something new: how many facts, and their hashes
folded. With the rows up to a window the tree of heads at that window can be made at any time.
"""

from collections.abc import Collection
from time import monotonic

import asyncpg

from contracts.refusals import Conflict, NotFound
from servicekit import alone
from servicekit.db import Tx
from servicekit.seal.chain import NOTHING, Head, Part, PlacedHead, Publication, SealedFact, Story, Taken, fold
from servicekit.seal.tree import Tree, leaf
from servicekit.seal.windows import PAGE

FACTS_AT_ONCE = 5 * PAGE
"""One window at least, whatever it holds: that no window is found means that none is left."""
SECONDS_AT_ONCE = 10.0
"""Then what was taken in is kept, and the rest is for the next call: no transaction lasts long."""
BY_INDEX = "set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off"
"""A plan made while the tables were empty is kept, and reads all of them again and again."""
ONE_AT_A_TIME = f"select pg_advisory_xact_lock({alone.SEALING})"
FOLDED = "select coalesce(max(number), 0) from seal_head"
LEFT = "select coalesce(sum(count), 0)::bigint from seal where number > $1"
UNTIL = """
select max(number) from (
  select number, count, sum(count) over (order by number) as facts
  from (select number, count from seal where number > $1 order by number limit $2) s) t
where facts <= $2 or facts = count"""
NEW = r"""
select e.subject, e.sequence, sha256('\x00'::bytea || e.body) as hash
from seal s cross join lateral unnest(s.positions) r
     cross join lateral (select position, subject, sequence, body from event
                         where position >= lower(r) and position < upper(r)) e
where s.number > $1 and s.number <= $2 order by s.number, e.position"""
KNOWN = """
select w.subject, h.sequence, h.folded from unnest($1::text[]) w (subject) cross join lateral (
  select sequence, folded from seal_head where subject = w.subject order by number desc limit 1) h"""
KEEP = """
insert into seal_head (number, subject, sequence, folded)
select $1, s, n, f from unnest($2::text[], $3::bigint[], $4::bytea[]) u (s, n, f)"""
CHAIN = """
select number as windows, chained, (select sum(count) from seal where number <= $1)::bigint as facts
from seal where number = $1 and exists (select from seal_head where number = $1)"""
HEADS = """
select distinct on (subject) subject, sequence, folded from seal_head
where number <= $1 order by subject, number desc"""
OWN = "select subject from seal_head where subject = $1 and number <= $2 limit 1"
BESIDE = """
(select subject from seal_head where subject < $1 and number <= $2 order by subject desc limit 1)
union all
(select subject from seal_head where subject > $1 and number <= $2 order by subject limit 1)"""
SAID = "select body from event where subject = $1 and sequence <= $2 order by sequence"
PUBLISH = """
insert into seal_published (root, windows, parts) values ($1, $2, $3::jsonb) on conflict (root) do nothing"""
PUBLISHED = """
select root, parts::text from seal_published where $1::bytea is null or root = $1
order by at desc limit 100"""


async def make_part(tx: Tx, service: str) -> Taken:
    """Take in what was sealed since the last time, and answer the service's share of a root."""
    await tx.driver.execute(BY_INDEX)
    await tx.driver.execute(ONE_AT_A_TIME)
    folded, ended = await _take_in(tx)
    if ended:
        return Taken(left=0, part=await part_at(tx, service, folded))
    return Taken(left=await tx.driver.fetchval(LEFT, folded), part=None)


async def _take_in(tx: Tx) -> tuple[int, bool]:
    """Fold the next windows into their subjects' heads: up to which, and whether those were all."""
    before = at = int(await tx.driver.fetchval(FOLDED))
    heads: dict[str, tuple[int, bytes]] = {}
    ends, ended = monotonic() + SECONDS_AT_ONCE, False
    while not ended and monotonic() < ends:
        until = await tx.driver.fetchval(UNTIL, at, FACTS_AT_ONCE)
        if until is None:
            ended = True
            continue
        rows = await tx.driver.fetch(NEW, at, until)
        for row in await tx.driver.fetch(KNOWN, list({row["subject"] for row in rows} - heads.keys())):
            heads[row["subject"]] = (row["sequence"], row["folded"])
        _fold(heads, rows)
        at = until
    if at > before:
        columns = zip(*((subject, *head) for subject, head in sorted(heads.items())), strict=True)
        await tx.driver.execute(KEEP, at, *map(list, columns))
    return at, ended


def _fold(heads: dict[str, tuple[int, bytes]], rows: Collection[asyncpg.Record]) -> None:
    """The heads after these facts."""
    for row in rows:
        sequence, folded = heads.get(row["subject"], (0, NOTHING))
        if row["sequence"] != sequence + 1:
            raise Conflict("seal.broken_log", subject=row["subject"], last=sequence, next=row["sequence"])
        heads[row["subject"]] = (sequence + 1, fold(folded, row["hash"]))


async def part_at(tx: Tx, service: str, windows: int) -> Part | None:
    """The service's share as of this window; none where nothing was taken in with it as the last."""
    row = await tx.driver.fetchrow(CHAIN, windows)
    if row is None and windows:
        return None
    chain = dict(row) if row else {"windows": 0, "chained": NOTHING, "facts": 0}
    root, subjects, _ = await _tree(tx, windows, ())
    return Part(service=service, **chain, subjects=subjects, heads=root)


async def _tree(tx: Tx, windows: int, followed: Collection[str]) -> tuple[bytes, int, tuple[PlacedHead, ...]]:
    """Root and size of the tree of heads, and these subjects' heads with their paths; row by row."""
    tree = Tree()
    found: dict[int, Head] = {}
    async for row in tx.driver.cursor(HEADS, windows, prefetch=5000):
        head = Head.model_construct(**row)
        if head.subject in followed:
            found[tree.size] = head
        tree.add(head.leaf, follow=head.subject in followed)
    root, paths = tree.close()
    placed = (PlacedHead(**head.model_dump(), at=at, path=tuple(paths[at])) for at, head in found.items())
    return root, tree.size, tuple(placed)


async def prove(tx: Tx, subject: str, windows: int) -> Story:
    """What was said about a subject up to a published window, or that nothing was."""
    await tx.driver.execute(BY_INDEX)
    if windows and not await tx.driver.fetchval(
        "select true from seal_published where windows = $1 limit 1", windows
    ):
        raise NotFound("seal.not_published")
    wanted = [row["subject"] for row in await tx.driver.fetch(OWN, subject, windows)]
    wanted = wanted or [row["subject"] for row in await tx.driver.fetch(BESIDE, subject, windows)]
    _, _, heads = await _tree(tx, windows, wanted)
    last = heads[0].sequence if wanted == [subject] else 0
    bodies = [row["body"] for row in await tx.driver.fetch(SAID, subject, last)]
    return Story(facts=tuple(SealedFact(hash=leaf(body), body=body.decode()) for body in bodies), heads=heads)


async def publish(tx: Tx, service: str, publication: Publication) -> None:
    """Keep a root that was published, when this service's part of it is true."""
    await tx.driver.execute(BY_INDEX)
    told = publication.part_of(service)
    if publication != Publication.over(publication.parts):
        raise Conflict("seal.not_of_its_parts", field="body.root")
    if told is None or told != await part_at(tx, service, told.windows):
        raise Conflict("seal.not_ours", field="body.parts")
    parts = publication.model_dump_json(include={"parts"})
    await tx.driver.execute(PUBLISH, publication.root, told.windows, parts)


async def published(tx: Tx, root: bytes | None) -> list[Publication]:
    """What was published, the newest first; one root's only."""
    return [
        Publication.model_validate_json(f'{{"root": "{row["root"].hex()}", {row["parts"][1:]}')
        for row in await tx.driver.fetch(PUBLISHED, root)
    ]
