"""The version before beside today's: a rolling upgrade in the middle."""

import asyncio
import subprocess
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

from songjiao_cli.chaos.faults import fault
from songjiao_cli.chaos.siege import Siege
from songjiao_cli.installation import SPEAKERS

BEFORE = "bc142b2"
"""What stands for the version before: the last one that knew neither faults from a folder nor notes of effects."""
SOURCES = (
    "libs/contracts/src", "libs/staffing/src", "libs/servicekit/src", "services/order-intake/src",
    "services/scheduling/src", "services/instructor-dispatch/src", "services/evaluation/src",
)  # fmt: skip


def unpack(into: Path) -> tuple[Path, ...]:
    """The older version's sources; none where there is no history with it (a shallow clone, an installed package)."""
    top = _git(Path(__file__).parent, "rev-parse", "--show-toplevel")
    packed = _git(Path(top.decode().strip()), "archive", "--format=tar", BEFORE, *SOURCES) if top else b""
    if not packed:
        return ()
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(into, filter="data")
    return tuple(into / each for each in SOURCES)


def _git(where: Path, *words: str) -> bytes:
    """What git answers; nothing when it refuses."""
    done = subprocess.run(["git", *words], cwd=where, check=False, capture_output=True)  # noqa: S603, S607
    return b"" if done.returncode else done.stdout


@fault("old and new version side by side", row=18)
async def run_the_version_before(siege: Siege) -> bool:
    """The older one consumes, relays and fires deadlines beside today's, then leaves."""
    with tempfile.TemporaryDirectory(prefix="songjiao-before-") as folder:
        sources = await asyncio.to_thread(unpack, Path(folder))
        if not sources:
            siege.seen.append("old and new side by side: not run, no history here")
            return False
        service = siege.draw.choice(SPEAKERS)
        older = {"SONGJIAO_MIGRATE_ON_START": "false"}
        if not any((each / "servicekit" / "effects.py").exists() for each in sources):
            older["SONGJIAO_FAULT"] = ""
            siege.system.unnoted.add(service)
        second = await siege.system.beside(
            service, ("consumers", "relay", "timers"), sources=sources, more=older
        )
        await siege.cut_relay(service)
        await asyncio.sleep(siege.draw.uniform(2, 4))
        status = await siege.system.leave(second)
    siege.check(holds=status == 0, told=f"the version before of {service} ended with {status}")
    siege.seen.append(f"{service} of {BEFORE} beside today's")
    return True
