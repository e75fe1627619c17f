"""The version before beside today's: a rolling upgrade in the middle."""

import asyncio
import subprocess
import tarfile
import tempfile
from functools import cache
from io import BytesIO
from pathlib import Path

from songjiao_cli.chaos.faults import fault
from songjiao_cli.chaos.siege import Siege
from songjiao_cli.installation import SPEAKERS

BEFORE = "HEAD~40"
"""What stands for the version before: so many commits ago."""
SOURCES = (
    "libs/contracts/src", "libs/staffing/src", "libs/servicekit/src", "services/order-intake/src",
    "services/scheduling/src", "services/instructor-dispatch/src", "services/evaluation/src",
)  # fmt: skip


@cache
def sources_before() -> tuple[Path, ...]:
    """The older version's sources, unpacked; none where there is no history."""
    git = ["git", "archive", "--format=tar", BEFORE, *SOURCES]
    packed = subprocess.run(git, cwd=Path(__file__).parent, check=False, capture_output=True)  # noqa: S603
    if packed.returncode:
        top = ["git", "rev-parse", "--show-toplevel"]
        found = subprocess.run(top, cwd=Path(__file__).parent, check=False, capture_output=True, text=True)  # noqa: S603
        packed = subprocess.run(git, cwd=found.stdout.strip() or ".", check=False, capture_output=True)  # noqa: S603
    if packed.returncode:
        return ()
    folder = Path(tempfile.mkdtemp(prefix="songjiao-before-"))
    with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return tuple(folder / each for each in SOURCES)


@fault("old and new version side by side", row=18)
async def run_the_version_before(siege: Siege) -> None:
    """The older one consumes, relays and fires deadlines beside today's, then leaves."""
    sources = await asyncio.to_thread(sources_before)
    if not sources:
        siege.seen.append("old and new side by side: not run, no history here")
        return
    service = siege.draw.choice(SPEAKERS)
    older = {"SONGJIAO_MIGRATE_ON_START": "false"}
    if not any((folder / "servicekit" / "effects.py").exists() for folder in sources):
        older["SONGJIAO_FAULT"] = ""
        siege.system.unnoted.add(service)
    second = await siege.system.beside(service, ("consumers", "relay", "timers"), sources=sources, more=older)
    await siege.cut_relay(service)
    await asyncio.sleep(siege.draw.uniform(2, 4))
    status = await siege.system.leave(second)
    siege.check(holds=status == 0, told=f"the version before of {service} ended with {status}")
    siege.seen.append(f"{service} of {BEFORE} beside today's")
