"""A disk that is full: the system's folder is a small file system in memory, and a ballast file fills it."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from servicekit.local import ServerFailure
from songjiao_cli.chaos.faults import fault
from songjiao_cli.chaos.siege import Siege

NAME = "songjiao-chaos"
SIZE = "3g"
FULL_SECONDS = (1.0, 3.0)
FELT_SECONDS = 8.0
PIECE = 1 << 20


def new_folder() -> Path:
    """A new folder on a file system of its own where this account may make one, else an ordinary one."""
    for left in Path(tempfile.gettempdir()).glob(f"{NAME}-*-*"):
        if not Path("/proc", left.name.split("-")[2]).exists():
            forget(left)  # of a run that was killed
    folder = Path(tempfile.mkdtemp(prefix=f"{NAME}-{os.getpid()}-"))
    folder.chmod(0o755)
    if os.geteuid() == 0 and (mount := shutil.which("mount")):
        options = ["-t", "tmpfs", "-o", f"size={SIZE},mode=755", NAME, str(folder)]
        subprocess.run([mount, *options], check=False, capture_output=True)  # noqa: S603  no shell
    return folder


def is_own(folder: Path) -> bool:
    """Whether it is a file system of its own."""
    return folder.is_mount()


def forget(folder: Path) -> None:
    """Undo `new_folder`."""
    if is_own(folder) and (umount := shutil.which("umount")):
        subprocess.run([umount, "-l", str(folder)], check=False, capture_output=True)  # noqa: S603  no shell
    shutil.rmtree(folder, ignore_errors=True)


def fill(file: Path) -> None:
    """Take all the space that is left."""
    with suppress(OSError), file.open("wb", buffering=0) as ballast:
        while True:
            ballast.write(b"\0" * PIECE)


@fault("disk full", row=15)
async def fill_the_disk(siege: Siege) -> bool:
    """Of PostgreSQL and Kafka alike: commands are refused, answered ones survive; with space again all goes on."""
    folder = siege.system.folder
    if not is_own(folder):
        siege.seen.append("disk full: not run, this account may mount no file system")
        return False
    ballast = folder / "ballast"
    before = siege.desk.answers.not_now
    await asyncio.to_thread(fill, ballast)
    felt = await siege.until(lambda: siege.said_not_now(before), FELT_SECONDS)
    await asyncio.sleep(siege.draw.uniform(*FULL_SECONDS))
    ballast.unlink()
    for server in (siege.system.servers.database, siege.system.servers.kafka):
        for _ in range(3):
            with suppress(ServerFailure):  # it may just be falling
                await asyncio.to_thread(server.start)
                break
    siege.seen.append("disk full, then not" if felt else "disk full: not felt, nothing was refused meanwhile")
    return felt
