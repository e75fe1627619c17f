"""`songjiao clock`: in practice mode, let it be later; all that falls due until then happens in its order."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from songjiao_cli.api import Api, Refusal
from songjiao_cli.processes import DidNotStart
from songjiao_cli.season.conductor import Conductor
from songjiao_cli.season.play import operator
from songjiao_cli.season.stage import ZONE
from songjiao_cli.system import System

screen = Console(stderr=True)
NOT_THERE = 404
"""What a service that is not in practice mode says of its clock."""


def clock(
    to: Annotated[
        datetime, typer.Argument(formats=["%Y-%m-%d %H:%M"], help='Local time: "2026-06-29 08:00".')
    ],
    state: Annotated[Path, typer.Option(help="Folder of the installation's data, keys and logs.")] = Path(
        ".songjiao"
    ),
) -> None:
    """Practice only: let it be this moment in every service; deadlines and timers until then pass one by one."""
    system = System(state.absolute(), programmes=Path("programmes").absolute(), practice=True)
    system.attach()

    async def move() -> None:
        async with Api(system.urls) as api:
            await Conductor(api, operator(system)).move_to(to.replace(tzinfo=ZONE))

    try:
        asyncio.run(move())
    except Refusal as why:
        if why.status == NOT_THERE:
            raise DidNotStart(
                "this system is not in practice mode, its clock is the real one: only what `songjiao up --practice` or "
                "`make demo` has started can be later"
            ) from None
        raise
    screen.print(f"现在是 it is {to:%Y-%m-%d %H:%M} now")
