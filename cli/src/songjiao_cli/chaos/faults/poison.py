"""What should not lie on a topic at all, and a handler that is wrong: one subject waits for a person, others do not."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import orjson

from songjiao_cli.api import NoAnswer, Refusal
from songjiao_cli.chaos.faults import fault
from songjiao_cli.chaos.faults.records import produce
from songjiao_cli.chaos.oracle.world import CONSUMERS, ROGUE
from songjiao_cli.chaos.siege import Siege
from songjiao_cli.installation import SPEAKERS

ORDERS = "songjiao.orders"
UNHEARD = "order.unheard.v1"
WITHDRAWN = "scheme.withdrawn"
SEEN_SECONDS = 5.0
READY_SECONDS = 30.0
NOT_BEHIND = 50
"""Facts that a portal which reads may have before it under load."""
PORTAL = "portal"
HEAD = "select sequence from head where consumer = $1 and sender = $2 and subject = $3"


def rogue(subject: str, sequence: int, type_: str, data: dict[str, object]) -> bytes:
    """A record that a sender of ours would never have sent."""
    return orjson.dumps(
        {
            "specversion": "1.0", "id": str(uuid4()), "source": ROGUE, "type": type_, "subject": subject,
            "time": datetime.now(UTC).isoformat(), "datacontenttype": "application/json",
            "dataschema": f"urn:songjiao:schema:{type_}", "sequence": sequence, "actor": ROGUE, "data": data,
        }
    )  # fmt: skip


def poisoned(kind: str, subject: str) -> list[bytes]:
    """The records that make the subject wait."""
    nothing: dict[str, object] = {}
    behind = rogue(subject, 2, UNHEARD, nothing)
    return {
        "bad JSON": [b'{"specversion": "1.0", "id": '],
        "unknown version": [rogue(subject, 1, f"{WITHDRAWN}.v9", nothing), behind],
        "missing field": [rogue(subject, 1, f"{WITHDRAWN}.v1", {"version": 1}), behind],
        "gap": [rogue(subject, 1, UNHEARD, nothing), rogue(subject, 3, UNHEARD, nothing)],
    }[kind]


@fault("poison of five kinds, and an unknown type", row=11, quick=True)
async def poison(siege: Siege) -> bool:
    """Bad JSON on a living order, an unknown version, a missing field, a gap, a handler's bug; beside them a type
    that nobody knows, which passes. Parked within five seconds, told with its error, mended by a person.
    """
    kind = siege.draw.choice(("bad JSON", "unknown version", "missing field", "gap", "handler bug"))
    if kind == "handler bug":
        return await handler_bug(siege)
    subject, beside = str(uuid4()), str(uuid4())
    if kind == "bad JSON":
        subject = siege.some_order() or subject
    if not await siege.until(lambda: _reads(siege), READY_SECONDS):
        siege.seen.append(f"{kind}: not given, the portal does not read")
        return False
    siege.spoilt.add(subject)
    records = [
        (beside, rogue(beside, 1, UNHEARD, {})),
        *((subject, each) for each in poisoned(kind, subject)),
    ]
    await produce(siege, [(ORDERS, key.encode(), each) for key, each in records])
    seen = await siege.until(lambda: _is_seen(siege, subject, beside), SEEN_SECONDS)
    siege.check(
        holds=seen,
        told=f"{kind} of {subject} is not parked and told within {SEEN_SECONDS:.0f} s, an unknown type not passed",
    )
    siege.check(
        holds=not await siege.waits(PORTAL, beside), told=f"the portal has parked an unknown type, {beside}"
    )
    if kind == "gap":
        await produce(siege, [(ORDERS, subject.encode(), rogue(subject, 2, UNHEARD, {}))])
    siege.seen.append(f"{kind}: parked and seen")
    return True


async def _reads(siege: Siege) -> bool:
    """The portal has its partitions and is not behind."""
    lag = (await siege.operations(PORTAL))["lag"].values()
    return all(each is not None and each < NOT_BEHIND for each in lag)


async def _is_seen(siege: Siege, subject: str, beside: str) -> bool:
    """At the parking desk and in the metrics; the unknown type beside it was passed over."""
    if not await siege.waits(PORTAL, subject):
        return False
    async with httpx.AsyncClient(timeout=5) as client:
        with suppress(httpx.HTTPError):
            text = (await client.get(f"{siege.system.urls[PORTAL]}/metrics")).text
            counted = [line for line in text.splitlines() if line.startswith("songjiao_parked{")]
            told = any(float(line.split()[-1]) > 0 for line in counted)
            return told and await siege.sql(PORTAL, HEAD, CONSUMERS[PORTAL], ROGUE, beside) == 1
    return False


@fault("a handler's bug, killed while it is replayed, replayed twice at once", row=12)
async def handler_bug(siege: Siege) -> bool:
    """One order's facts fail in one service until the bug is mended; only that order waits."""
    subject = siege.some_order()
    service = siege.draw.choice(SPEAKERS)
    if subject is None:
        siege.seen.append("handler bug: no order is under way")
        return False
    siege.spoilt.add(subject)
    bug = siege.system.fault_file(service, "consumer.reaction")
    bug.write_text(f"bug {subject}")
    parked = await siege.until(lambda: siege.waits(service, subject), 10)
    bug.unlink(missing_ok=True)
    if not parked:
        siege.seen.append(f"handler bug in {service}: nothing came for this order")
        return False
    killed, answers = (
        await _killed_in_replay(siege, service, subject),
        await _replayed_twice(siege, service, subject),
    )
    siege.check(
        holds=not await siege.waits(service, subject),
        told=f"{subject} still waits at {service} after its bug was mended",
    )
    siege.seen.append(
        f"handler bug in {service}: parked, {'killed in its replay' if killed else 'not killed'}, "
        f"then replayed twice at once: {answers} answers"
    )
    return killed and answers == 2  # noqa: PLR2004  both


async def _killed_in_replay(siege: Siege, service: str, subject: str) -> bool:
    """The service dies in the middle of a replay, and comes back."""
    process = siege.system.process(service)
    file = siege.system.fault_file(service, "replay.in_transaction")
    file.write_text("kill")
    await asyncio.gather(*await _replays(siege, service, subject, 1), return_exceptions=True)
    died = await siege.until(lambda: siege.gone(process), 2)
    file.unlink(missing_ok=True)
    await siege.system.ready(service)
    return died


async def _replayed_twice(siege: Siege, service: str, subject: str) -> int:
    """Two people press the button at once; how many of them had an answer: one has done it, one found nothing left."""
    told = await asyncio.gather(*await _replays(siege, service, subject, 2), return_exceptions=True)
    return sum(isinstance(each, (dict, Refusal)) for each in told)


async def _replays(siege: Siege, service: str, subject: str, times: int) -> list[Awaitable[Any]]:
    with suppress(NoAnswer, Refusal):
        waiting = [
            each for where, each in await siege.parked() if where == service and each["subject"] == subject
        ]
        return [siege.replay(service, each) for each in waiting for _ in range(times)]
    return []
