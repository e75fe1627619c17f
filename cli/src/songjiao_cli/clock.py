"""`songjiao clock`: in practice mode, let it be later; all that falls due until then happens in its order."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from songjiao_cli.api import Api
from songjiao_cli.season.conductor import Conductor
from songjiao_cli.season.play import operator
from songjiao_cli.season.stage import ZONE
from songjiao_cli.system import System

screen = Console(stderr=True)


def clock(
    to: Annotated[
        datetime, typer.Argument(formats=["%Y-%m-%d %H:%M"], help='Local time: "2026-06-29 08:00".')
    ],
    state: Path = Path(".songjiao"),
) -> None:
    """Practice only: let it be this moment in every service; deadlines and timers until then pass one by one."""
    system = System(state.absolute(), programmes=Path("programmes").absolute(), practice=True)
    system.attach()

    async def move() -> None:
        async with Api(system.urls) as api:
            await Conductor(api, operator(system)).move_to(to.replace(tzinfo=ZONE))

    asyncio.run(move())
    screen.print(f"现在是 it is {to:%Y-%m-%d %H:%M} now")
