"""`songjiao backup` and `restore`: the local databases as they were, with the keys; Kafka may be ahead, or gone."""

import asyncio
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, ProgressColumn, TextColumn

from servicekit.local import LocalServers, given_servers
from servicekit.local import state as state_file
from servicekit.local.backup import back_up, before_restore, put_back
from songjiao_cli.api import Api
from songjiao_cli.installation import PACKAGES, SPEAKERS, Installation, named
from songjiao_cli.processes import DidNotStart
from songjiao_cli.season.play import operator
from songjiao_cli.system import System

screen = Console(stderr=True)
LOOK_SECONDS, STALLED_SECONDS = 0.5, 120.0
State = Annotated[Path, typer.Option(help="Folder of the installation's data, keys and logs.")]


def backup(
    file: Annotated[Path, typer.Argument(help="Where the backup goes, for example night.tar.gz.")],
    state: State = Path(".songjiao"),
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Also where a file of this name lies.")] = False,
) -> None:
    """Copy the local databases and keys into one file, while everything works."""
    _refuse_given("a backup")
    if not file.parent.is_dir():
        raise DidNotStart(f"{file.parent} is no folder: make it first, or name another file")
    if file.exists() and not replace:
        raise DidNotStart(f"{file} lies there already: name another file, or let it go with --replace")
    with _bar("备份 copying", BarColumn(), DownloadColumn()) as bars:
        bar = bars.add_task("", total=None)
        asyncio.run(
            back_up(
                LocalServers(state.absolute()),
                Installation(state.absolute()).keys.parent,
                file,
                lambda done, total: bars.update(bar, completed=done, total=total),
            )
        )
    screen.print(
        f"{file}: {file.stat().st_size / 1e6:.1f} MB. It holds the keys too: keep it as you keep those.",
        soft_wrap=True,
    )


def restore(
    file: Annotated[Path, typer.Argument(help="A backup that `songjiao backup` has written.")],
    state: State = Path(".songjiao"),
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put the databases back as they were in a backup; what is there now is kept beside, one time back."""
    _refuse_given("a restore")
    folder = state.absolute()
    if not yes and _has_databases(folder):
        typer.confirm(
            f"The databases in {folder} become what they were in {file}. Go on?", abort=True, err=True
        )
    servers = LocalServers(folder)
    made = put_back(file, servers, Installation(folder).keys.parent, screen.print)
    if (before := before_restore(servers.database.data)).exists():
        screen.print(f"What was there before is kept, one time back: {before}", soft_wrap=True, markup=False)
    screen.print(_what_now(made, state), soft_wrap=True, markup=False)


def _has_databases(folder: Path) -> bool:
    """Whether something would be exchanged; the data may lie outside the folder."""
    return state_file.read(folder) is not None and LocalServers(folder).database.data.exists()


def _what_now(made: datetime, state: Path) -> str:
    where = named(state)
    return (
        f"已恢复 restored as of {made.astimezone():%Y-%m-%d %H:%M:%S}. Start it with `songjiao up{where}` (--practice "
        "too where a season was played): each service reads from Kafka what it has said since, and opens when it has "
        f"it all. If Kafka's data are lost or new, run `songjiao resend{where}` after that."
    )


def resend(
    state: State = Path(".songjiao"),
    programmes: Annotated[Path, typer.Option(help="Folder of programmes, rules and calendars.")] = Path(
        "programmes"
    ),
) -> None:
    """Say every fact of every service's log again, and wait until all have them: fills a Kafka that is new. Whoever has
    them already takes none twice.
    """
    system = System(state.absolute(), programmes=programmes.absolute(), practice=True, say=screen.print)
    system.attach()
    for service in SPEAKERS:
        command = [sys.executable, "-m", PACKAGES[service], "resend", "--all"]
        done = subprocess.run(  # noqa: S603  our own command, no shell
            command, env=system.full_environment(service), check=False, capture_output=True, text=True
        )
        said = (done.stdout or done.stderr).strip().splitlines()
        if done.returncode:
            raise DidNotStart(f"{service}: {said[-1] if said else f'ended with {done.returncode}'}")
        screen.print(f"{service:<20} {said[-1] if said else ''}")
    asyncio.run(_until_taken(system))
    screen.print(
        "已全部收到 all are sent and taken. Now `songjiao rebuild portal`: two services' facts may have changed places."
    )


async def _until_taken(system: System) -> None:
    """Nothing is unsent and nobody lags, twice in a row, for they are not asked at one moment; `DidNotStart` when
    nothing goes on for two minutes.
    """
    limit, before = 0.0, -1
    with _bar("等待发送和收取 sending and taking", TextColumn("{task.fields[left]:,}")) as bars:
        bar = bars.add_task("", total=None, left=0)
        async with Api(system.urls) as api:
            while (left := await _left(system, api)) or before:
                if left != before:
                    limit, before = time.monotonic() + STALLED_SECONDS, left
                elif time.monotonic() > limit:
                    raise DidNotStart(
                        f"{left:,} facts wait and nothing goes on: `songjiao parked list`, then the logs"
                    )
                bars.update(bar, left=left)
                await asyncio.sleep(LOOK_SECONDS)


async def _left(system: System, api: Api) -> int:
    """Facts that are unsent, or untaken by a consumer; one for each that cannot say."""
    told = await asyncio.gather(
        *(api.call(operator(system), "GET", service, "/operations") for service in system.urls)
    )
    return sum(
        each["unsent"] + sum(1 if lag is None else lag for lag in each["lag"].values()) for each in told
    )


def _refuse_given(what: str) -> None:
    if given_servers():
        raise DidNotStart(
            f"{what} of given servers is made by their own tools (docs/operation.md says how); "
            "this command is for the local ones"
        )


def _bar(words: str, *columns: ProgressColumn) -> Progress:
    return Progress(TextColumn(words), *columns, console=screen, transient=True)
