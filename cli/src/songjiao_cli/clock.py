"""`songjiao clock`: in practice mode, let it be later; all that falls due until then happens in its order."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Self

import typer
from rich.console import Console

from songjiao_cli.api import Api, Refusal
from songjiao_cli.processes import DidNotStart
from songjiao_cli.season.conductor import Conductor
from songjiao_cli.season.play import operator
from songjiao_cli.season.stage import ZONE
from songjiao_cli.system import System

screen = Console(stderr=True)
FORM = "%Y-%m-%d %H:%M"
NOT_THERE = 404
"""What a service that is not in practice mode says of its clock."""


class Passing:
    """Where the clock is on its way: on one line that changes; where nobody sees that (a file), a line for each day."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._line = console.status("") if console.is_terminal else None
        self._day: date | None = None
        self._stops = 0

    def __enter__(self) -> Self:
        if self._line:
            self._line.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._line:
            self._line.stop()

    def at(self, when: datetime) -> None:
        """The clock stops here, and everything that is due happens."""
        local = when.astimezone(ZONE)
        self._stops += 1
        if self._line:
            self._line.update(f"{local:%Y-%m-%d %H:%M} · 已停 stops so far: {self._stops}")
        elif local.date() != self._day:
            self._day = local.date()
            self._console.print(f"{local:%Y-%m-%d %H:%M} …", highlight=False)


def moment_of(typed: str) -> datetime:
    """What somebody means by it, in local time; `DidNotStart` with the form that is expected."""
    try:
        return datetime.strptime(typed.strip(), FORM).replace(tzinfo=ZONE)
    except ValueError:
        raise DidNotStart(
            f"看不懂时间 {typed!r}：请按当地时间这样写 I do not understand this time, write local time like this: "
            'songjiao clock "2026-06-29 08:00"'
        ) from None


def clock(
    to: Annotated[str, typer.Argument(help='Local time: "2026-06-29 08:00".')],
    state: Annotated[Path, typer.Option(help="Folder of the installation's data, keys and logs.")] = Path(
        ".songjiao"
    ),
) -> None:
    """Practice only: let it be this moment in every service; deadlines and timers until then pass one by one."""
    moment = moment_of(to)
    system = System(state.absolute(), programmes=Path("programmes").absolute(), practice=True)
    system.attach()

    async def move(passing: Callable[[datetime], None]) -> None:
        async with Api(system.urls) as api:
            await Conductor(api, operator(system), passing).move_to(moment)

    try:
        with Passing(screen) as passing:
            asyncio.run(move(passing.at))
    except Refusal as why:
        if why.status == NOT_THERE:
            raise DidNotStart(
                "this system is not in practice mode, its clock is the real one: only what `songjiao up --practice` or "
                "`make demo` has started can be later"
            ) from None
        raise
    screen.print(f"现在是 it is {moment:%Y-%m-%d %H:%M} now")
