"""Certificates in bulk: printed by the running service, with QR code and signed badge, and kept; beside bare typst.

The service is the product's own process (`python -m evaluation`), asked over HTTP; only the rows that it prints are put
there at once. Both sides use all cores of the machine, in turns. With `kill` the process dies in the middle of each
order (`kill -9`) and is started again.
"""

import asyncio
import base64
import io
import os
import sys
import tempfile
import time
import uuid
import zipfile
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from evaluation.paper import Paper
from evaluation.settings import Settings
from servicekit.keys import make_keys
from servicekit.local import LocalServers
from servicekit.local.ports import free_ports
from servicekit.tokens import Issuer
from songjiao_cli.bench import certificates_filled as filled
from songjiao_cli.bench.house import House, PartFailed
from songjiao_cli.bench.rows import Row, alone, paired

ORDER = 1850
"""Certificates of an order: four make the pilot's 7,400."""
PUBLIC = "http://127.0.0.1:8100"
READY_SECONDS, WORK_SECONDS, LOOK_SECONDS = 120.0, 3600.0, 0.1


@dataclass
class Found:
    """What was measured: certificates a second, ours and bare, for each order; how it went with kills."""

    certificates: int
    rates: list[tuple[float, float]] = field(default_factory=list)
    kills: int = 0
    printed_again: int = 0
    """Certificates whose paper was kept before a kill and is another after it."""
    numbers: int = 0
    """Different ones, in all files."""
    zip_seconds: list[float] = field(default_factory=list)
    megabytes: float = 0.0


@dataclass(frozen=True)
class Place:
    """Where the service runs: its settings, address, and a coordinator's token."""

    house: House
    database: str
    told: dict[str, str]
    url: str
    token: str


def measured(programmes: Path, certificates: int, say: Callable[[str], None], *, kill: bool) -> Found:
    """So many certificates, order by order."""
    with (
        tempfile.TemporaryDirectory(prefix="songjiao-bench-") as folder,
        LocalServers(ephemeral=True, durable=True, say=say) as addresses,
    ):
        house = House(addresses, Path(folder))
        return asyncio.run(_measured(house, programmes, certificates, say, kill=kill))


async def _measured(
    house: House, programmes: Path, certificates: int, say: Callable[[str], None], *, kill: bool
) -> Found:
    found = Found(certificates)
    settings = Settings()
    paper = Paper(settings.fonts, settings.font_family, PUBLIC)
    async with house.database("evaluation") as database, house.topics() as prefix:
        place = _place(house, database, prefix, programmes)
        sizes = [min(ORDER, certificates - at) for at in range(0, certificates, ORDER)]
        process = await _started(place)
        try:
            for at, size in enumerate(sizes):
                order = await filled.fill(database, place.told["SONGJIAO_DATA_KEY"], at, size)
                sheets = [paper.inputs(each) for each in order.sheets]
                began = time.monotonic()
                await asyncio.to_thread(_bare, paper, sheets)
                bare = size / (time.monotonic() - began)
                began = time.monotonic()
                process, away = await _printed(place, order.order_id, process, found, kill=kill)
                ours = size / (time.monotonic() - began - away)
                found.rates.append((ours, bare))
                say(f"  {size:,} certificates: {ours:.1f} a second, bare typst {bare:.1f}")
                await _fetch(place, order.order_id, found, size)
        finally:
            process.kill()
            await process.wait()
    return found


def rows(found: Found) -> list[Row]:
    """The figures and their bounds."""
    twice = found.certificates - found.numbers
    return [
        paired(
            "certificates printed with QR and badge, and kept, beside bare typst",
            "certificates/s",
            found.rates,
            at_least=0.6,
        ),
        alone("numbers missing or twice in all files", "certificates", [float(twice)], at_most=0),
        alone(
            f"papers printed again after {found.kills} kills", "certificates", [float(found.printed_again)], at_most=0
        ),
        alone("an order as one ZIP", "s", found.zip_seconds, at_most=30),
    ]  # fmt: skip


def _bare(paper: Paper, documents: Sequence[dict[str, str]]) -> None:
    """Typst alone, on all cores, the same documents: QR codes are drawn before."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as hands:
        for _ in hands.map(paper.compiled, documents):
            pass


def _place(house: House, database: str, prefix: str, programmes: Path) -> Place:
    keys = house.folder / "keys"
    make_keys(keys, ("portal", "evaluation"))
    (port,) = free_ports(1)
    told = {
        "SONGJIAO_DATABASE_EVALUATION": database,
        "SONGJIAO_KAFKA": house.kafka,
        "SONGJIAO_TOPIC_PREFIX": prefix,
        "SONGJIAO_KEYS": str(keys / "keys.json"),
        "SONGJIAO_PRIVATE_KEY": str(keys / "evaluation.pem"),
        "SONGJIAO_DATA_KEY": base64.b64encode(os.urandom(32)).decode(),
        "SONGJIAO_CHECK_KEY": base64.b64encode(os.urandom(32)).decode(),
        "SONGJIAO_PROGRAMMES": str(programmes),
        "SONGJIAO_PUBLIC_URL": PUBLIC,
        "SONGJIAO_PORT": str(port),
        "SONGJIAO_LOG_LEVEL": "WARNING",
    }
    token = Issuer.from_file("portal", keys / "portal.pem").user_token("u-1", ["union"], seconds=36_000)
    return Place(house, database, told, f"http://127.0.0.1:{port}", token)


async def _started(place: Place) -> asyncio.subprocess.Process:
    """The service, once it is ready."""
    log = place.house.folder / "evaluation.log"
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "evaluation", "serve", stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out,
            env={**{k: v for k, v in os.environ.items() if not k.startswith("SONGJIAO_")}, **place.told},
        )  # fmt: skip
    async with httpx.AsyncClient() as client, asyncio.timeout(READY_SECONDS):
        while process.returncode is None:
            try:
                if (await client.get(f"{place.url}/ready")).is_success:
                    return process
            except httpx.HTTPError:
                pass
            await asyncio.sleep(LOOK_SECONDS)
    raise PartFailed(f"bench: evaluation did not start. Its log: {log.read_text(errors='replace')[-1500:]}")


@asynccontextmanager
async def _client(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {place.token}"}
    async with httpx.AsyncClient(base_url=place.url, headers=headers, timeout=120) as client:
        yield client


async def _printed(
    place: Place, order_id: uuid.UUID, process: asyncio.subprocess.Process, found: Found, *, kill: bool
) -> tuple[asyncio.subprocess.Process, float]:
    """All of the order, by the service; the process that lives, and how long none did."""
    path, away = f"/orders/{order_id}/printing", 0.0
    async with _client(place) as client:
        asked = await client.post(path, headers={"Idempotency-Key": str(uuid.uuid4())})
        asked.raise_for_status()
        async with asyncio.timeout(WORK_SECONDS):
            while not (told := (await client.get(path)).raise_for_status().json())["ended_at"]:
                if kill and told["done"] > told["total"] // 3:
                    kill = False
                    process, away = await _killed(place, process, order_id, found)
                await asyncio.sleep(LOOK_SECONDS)
    return process, away


async def _killed(
    place: Place, process: asyncio.subprocess.Process, order_id: uuid.UUID, found: Found
) -> tuple[asyncio.subprocess.Process, float]:
    """`kill -9`, and another that goes on once the dead one's lease is over (30 s): how long nothing was printed."""
    process.kill()
    await process.wait()
    died = time.monotonic()
    before = await filled.papers(place.database, order_id)
    process = await _started(place)
    async with asyncio.timeout(READY_SECONDS):
        while len(after := await filled.papers(place.database, order_id)) == len(before):  # noqa: ASYNC110
            await asyncio.sleep(LOOK_SECONDS)
    found.kills += 1
    found.printed_again += sum(after.get(each) != paper for each, paper in before.items())
    return process, time.monotonic() - died


async def _fetch(place: Place, order_id: uuid.UUID, found: Found, size: int) -> None:
    """The file that the union downloads: every number once, each paper whole."""
    began, content = time.monotonic(), io.BytesIO()
    async with (
        _client(place) as client,
        client.stream("GET", f"/orders/{order_id}/certificates.zip") as answer,
    ):
        answer.raise_for_status()
        async for piece in answer.aiter_bytes():
            content.write(piece)
    found.zip_seconds.append(time.monotonic() - began)
    found.megabytes += content.tell() / 1e6
    with zipfile.ZipFile(content) as read:
        names = [each for each in read.namelist() if each.endswith(".pdf")]
        badges = [each for each in read.namelist() if each.endswith(".jwt")]
        assert len(names) == len(badges) == size, f"{len(names)} papers and {len(badges)} badges of {size}"
        assert read.testzip() is None
    found.numbers += len({each.split(" ")[0] for each in names})


def told(found: Found) -> dict[str, Any]:
    """What the page's numbers are made of."""
    return {
        "certificates": found.certificates, "rates": found.rates, "kills": found.kills, "numbers": found.numbers,
        "zip_seconds": found.zip_seconds, "megabytes": round(found.megabytes, 1),
    }  # fmt: skip
