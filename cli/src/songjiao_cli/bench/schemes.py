"""Changes of a scheme by hand: how long service and database take for an answer, with a season on the timetable.

Everything comes in as it does in life: people, agreements and orders as facts through Kafka, drafts by the service's
own jobs, signatures over HTTP. The service is a process of its own.
"""

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
from aiokafka import AIOKafkaProducer

from contracts.base import Envelope, Fact
from contracts.instructor_dispatch import AgreementSigned, Away, InstructorListed
from contracts.order_intake import OrderAccepted
from contracts.programme import Programmes, load
from contracts.values import OrderLine, Qualification, ServiceLine, Trainee
from servicekit.keys import make_keys
from servicekit.local import LocalServers
from servicekit.local.ports import free_ports
from servicekit.tokens import Issuer
from songjiao_cli.bench.house import House
from songjiao_cli.bench.rows import Row

AT_MOST_MS = 100.0
ASKED = 200
OCCUPATION, LEVEL = "6-31-01-03", "L5"
PEOPLE_A_SESSION = 0.08
"""Instructors in the federation for each session of a season, as in the benchmark's instances."""
HEADS = 200
"""People of an order: four cohorts."""
DAYS, WORKS = 120, 40
OWN_LESSONS = 0.34
"""Of the mornings and afternoons from Monday to Friday."""
PATIENCE, PAUSE = 900.0, 0.05
OK, WARM = 200, 10
UNION = "smftu"
COLLEGES = ("smu", "smmst", "smag", "fjwp", "smtc")
Say = Callable[[str], None]


@dataclass
class Season:
    """What is on the timetable, and what lies on the desk."""

    in_force: list[str] = field(default_factory=list)
    on_desk: list[str] = field(default_factory=list)
    standing: int = 0


def rows(programmes: Path, sessions: int, say: Say) -> Iterator[Row]:
    """The figures; every answer that is not one of the expected ones is a RuntimeError."""
    with (
        tempfile.TemporaryDirectory(prefix="songjiao-schemes-") as folder,
        LocalServers(ephemeral=True, durable=True, say=say) as addresses,
    ):
        yield from asyncio.run(
            _measured(House(addresses, Path(folder)), programmes.absolute(), sessions, say)
        )


async def _measured(house: House, programmes: Path, sessions: int, say: Say) -> list[Row]:
    async with (
        house.database("scheduling") as database,
        house.topics() as prefix,
        _service(house, database, prefix, programmes) as client,
    ):
        season = await _season(house, prefix, client, load(programmes), sessions, say)
        say(f"  {season.standing} sessions on the timetable, {len(season.on_desk)} orders on the desk")
        draw = random.Random(1)  # noqa: S311  chance of a measurement
        desk = await _asked(client, season.on_desk, draw)
        in_force = await _asked(client, season.in_force, draw)
        sizes = f"{season.standing:,} sessions"
        return [
            *(_row(f"{sizes}: {what}, on the desk", spent) for what, spent in desk.items()),
            *(_row(f"{sizes}: {what}, in force", spent) for what, spent in in_force.items()),
        ]


def _row(figure: str, spent: Sequence[float]) -> Row:
    return Row(
        f"{figure}, 95 of 100 within", "ms", float(np.quantile(np.array(spent), 0.95)), at_most=AT_MOST_MS,
        more={"asked": len(spent)},
    )  # fmt: skip


@asynccontextmanager
async def _service(
    house: House, database: str, prefix: str, programmes: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """`python -m scheduling` in a process of its own, asked as the union on one kept connection."""
    keys, port = house.folder / "keys", free_ports(1)[0]
    make_keys(keys, ("order-intake", "scheduling", "instructor-dispatch", "evaluation", "portal"))
    told = {
        "SONGJIAO_KAFKA": house.kafka, "SONGJIAO_TOPIC_PREFIX": prefix, "SONGJIAO_DATABASE_SCHEDULING": database,
        "SONGJIAO_PROGRAMMES": str(programmes), "SONGJIAO_LOG_LEVEL": "WARNING",
        "SONGJIAO_KEYS": str(keys / "keys.json"), "SONGJIAO_PRIVATE_KEY": str(keys / "scheduling.pem"),
        "SONGJIAO_PORT": str(port),
    }  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SONGJIAO_")}
    with (house.folder / "scheduling.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "scheduling", stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
            env=environment | told,
        )  # fmt: skip
        token = Issuer.from_file("portal", keys / "portal.pem")

        def signed(request: httpx.Request) -> httpx.Request:
            """With a new token each time: on a slow machine a season takes longer than one lasts."""
            mine = token.user_token("u-1", ("union", "enterprise"), UNION)
            request.headers["Authorization"] = f"Bearer {mine}"
            return request

        try:
            async with httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{port}", auth=signed, timeout=60
            ) as client:
                await _until(lambda: _ready(client))
                yield client
        finally:
            process.terminate()
            await process.wait()


async def _season(
    house: House, prefix: str, client: httpx.AsyncClient, programmes: Programmes, sessions: int, say: Say
) -> Season:
    """Orders until so many sessions stand on the timetable; a tenth of them more, whose drafts lie on the desk."""
    draw = random.Random(11)  # noqa: S311  chance of a measurement
    season = Season()
    counties = sorted({one.division for one in programmes.demo.enterprises.values()})
    begins = datetime.now(UTC).date() + timedelta(days=14)
    producer = AIOKafkaProducer(bootstrap_servers=house.kafka)
    await producer.start()
    try:
        people = [_instructor(draw, counties) for _ in range(int(sessions * PEOPLE_A_SESSION))]
        for fact in (*(_agreement(college) for college in COLLEGES), *people):
            await _tell(producer, prefix, fact)
        while season.standing < sessions:
            wanted = [_order(draw, counties, begins) for _ in range(4)]
            for order in wanted:
                await _tell(producer, prefix, order)
            for order in wanted:
                drafted = await _until(partial(_drafted, client, order.order_id))
                season.standing += await _sign(client, order.order_id, drafted)
                season.in_force.append(str(order.order_id))
            say(f"  {season.standing} sessions of {len(season.in_force)} orders")
        for _ in range(max(2, len(season.in_force) // 10)):
            order = _order(draw, counties, begins)
            await _tell(producer, prefix, order)
            await _until(partial(_drafted, client, order.order_id))
            season.on_desk.append(str(order.order_id))
    finally:
        await producer.stop()
    return season


async def _tell(producer: AIOKafkaProducer, prefix: str, fact: Fact) -> None:
    envelope = Envelope.around(fact, id=uuid4(), sequence=1, time=datetime.now(UTC), actor="u-1")
    await producer.send_and_wait(f"{prefix}{fact.topic}", envelope.to_bytes(), envelope.subject.encode())


def _agreement(college: str) -> AgreementSigned:
    today = datetime.now(UTC).date()
    return AgreementSigned(
        college_id=college, union_id=UNION, valid_from=today - timedelta(days=30),
        valid_until=today + timedelta(days=400), sessions_total=5000, sessions_week=400, target=300,
    )  # fmt: skip


def _instructor(draw: random.Random, counties: Sequence[str]) -> InstructorListed:
    """With own lessons in every week, as in the benchmark's instances."""
    home, today = draw.choice(counties), datetime.now(UTC).date()
    weekly = [(day, hour) for day in range(5) for hour in (0, 6) if draw.random() < OWN_LESSONS]
    away = []
    for week in range(DAYS // 7 + 3):
        for day, hour in weekly:
            at = today + timedelta(days=7 * week + (day - today.weekday()) % 7)
            begins = datetime(at.year, at.month, at.day, hour, tzinfo=UTC)  # 8:00 and 14:00 in Fujian
            away.append(
                Away(starts_at=begins, ends_at=begins + timedelta(hours=3, minutes=30), division=home)
            )
    return InstructorListed(
        person_id=uuid4(), college_id=draw.choice(COLLEGES), home=home, away=tuple(away),
        qualifications=(Qualification(occupation=OCCUPATION, level="L2"),), fair_load=15,
    )  # fmt: skip


def _order(draw: random.Random, counties: Sequence[str], begins: date) -> OrderAccepted:
    trainees = tuple(Trainee(worker_id=uuid4(), crew="A") for _ in range(HEADS))
    earliest = begins + timedelta(days=draw.randrange(30))
    line = OrderLine(
        line=1, service=ServiceLine.THEORY_TRAINING, occupation=OCCUPATION, level=LEVEL, trainees=trainees,
        earliest=earliest, latest=earliest + timedelta(days=DAYS - 30), release_cap_minutes=1500,
    )  # fmt: skip
    works = draw.randrange(WORKS)
    return OrderAccepted(
        order_id=uuid4(), number=f"2026-{draw.randrange(10_000):04}", enterprise_id=f"works-{works}",
        enterprise_name="一家企业", programme="send-teachers-home", division=counties[works % len(counties)],
        shift_pattern="day", shift_anchor=date(2026, 1, 5), rooms=4, union_id=UNION, lines=(line,),
        accepted_on=begins,
    )  # fmt: skip


async def _drafted(client: httpx.AsyncClient, order: object) -> dict[str, Any] | None:
    answer = await client.get(f"/orders/{order}/scheme")
    seen: dict[str, Any] = answer.json() if answer.status_code == OK else {}
    return seen if seen.get("version") else None


async def _sign(client: httpx.AsyncClient, order: object, scheme: dict[str, Any]) -> int:
    """Approved and confirmed, by the union's own token where that is enough; how many sessions stand now."""
    named = {"version": scheme["version"], "hash": scheme["hash"]}
    for word in ("approve", "confirm"):
        await _post(client, f"/orders/{order}/scheme/{word}", named)
    return len(scheme["sessions"])


async def _asked(
    client: httpx.AsyncClient, orders: Sequence[str], draw: random.Random
) -> dict[str, list[float]]:
    """Milliseconds of looks, of changes that could be done, and of taking them back."""
    spent: dict[str, list[float]] = {
        "a look": [],
        "a look that breaks rules, with repairs": [],
        "a change": [],
        "undo": [],
    }
    for turn in range(ASKED):
        order = orders[turn % len(orders)]
        scheme = (await client.get(f"/orders/{order}/scheme")).json()
        change = _change(scheme, draw)
        took, looked = await _timed(client, f"/orders/{order}/scheme/changes/look", {"changes": [change]})
        if turn < WARM:
            continue
        broken = bool(looked["breaks"])
        spent["a look that breaks rules, with repairs" if broken else "a look"].append(took)
        repairs = looked["repairs"]
        changes = repairs[0]["changes"] if repairs else [] if broken else [change]
        if not changes:
            continue
        took, done = await _timed(client, f"/orders/{order}/scheme/changes", {"changes": changes})
        spent["a change"].append(took)
        if done["sessions"]:
            took, _ = await _timed(client, f"/orders/{order}/scheme/undo", None)
            spent["undo"].append(took)
    return {what: each for what, each in spent.items() if each}


def _change(scheme: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """A move to a day near by, a swap, a pin, a drop."""
    placed = [one for one in scheme["sessions"] if one["day"]]
    one, other = draw.sample(placed, 2)
    kind = draw.choice(("move", "move", "move", "swap_times", "pin", "drop"))
    change = {"do": kind, "session_id": one["session_id"]}
    if kind == "move":
        day = date.fromisoformat(one["day"]) + timedelta(days=draw.randint(-3, 6))
        change |= {"day": day.isoformat(), "band": draw.choice(("am", "pm", "eve"))}
    if kind == "swap_times":
        change |= {"other_id": other["session_id"]}
    return change


async def _timed(client: httpx.AsyncClient, path: str, body: Any) -> tuple[float, dict[str, Any]]:
    began = time.perf_counter()
    answer = await _post(client, path, body)
    return 1000 * (time.perf_counter() - began), answer


async def _post(client: httpx.AsyncClient, path: str, body: Any) -> dict[str, Any]:
    answer = await client.post(path, json=body, headers={"Idempotency-Key": str(uuid4())})
    if answer.is_error:
        raise RuntimeError(f"{path}: {answer.text[:1000]}")
    told: dict[str, Any] = answer.json() if answer.content else {}
    return told


async def _ready(client: httpx.AsyncClient) -> bool | None:
    try:
        return (await client.get("/ready")).status_code == OK or None
    except httpx.HTTPError:
        return None


async def _until(what: Callable[[], Any]) -> Any:
    """What is found, as soon as it is."""
    for _ in range(int(PATIENCE / PAUSE)):
        if (found := await what()) is not None:
            return found
        await asyncio.sleep(PAUSE)
    raise TimeoutError
