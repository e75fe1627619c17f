"""`songjiao parked`: facts that a consumer could not digest, and what a person decides about them."""

import asyncio
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.table import Table

from songjiao_cli.api import Api, NoAnswer, Refusal
from songjiao_cli.screens import screen as a_screen
from songjiao_cli.season.play import operator
from songjiao_cli.system import System

app = typer.Typer(no_args_is_help=True)
State = Annotated[Path, typer.Option(help="Folder of the installation's data, keys and logs.")]
STATE = Path(".songjiao")
screen = a_screen()


class UnknownService(Exception):  # noqa: N818  said to a person
    """There is no such service; the message names those there are."""


def ask(state: Path, method: str, service: str, path: str, body: Any = None) -> Any:
    """One service's answer."""
    system = System(state.absolute(), programmes=Path("programmes").absolute(), practice=True)
    system.attach()
    if service not in system.urls:
        raise UnknownService(f"there is no service {service}; there are {', '.join(system.urls)}")

    async def call() -> Any:
        async with Api(system.urls) as api:
            return await api.call(operator(system), method, service, path, json=body)

    return asyncio.run(call())


async def everywhere(system: System) -> tuple[dict[str, Any], list[str]]:
    """What is parked, by service; and who does not say it, and why."""
    found, silent = {}, []
    async with Api(system.urls) as api:
        for service in system.urls:
            try:
                found[service] = await api.call(operator(system), "GET", service, "/parked")
            except (NoAnswer, Refusal) as why:
                silent.append(str(why))
    return found, silent


@app.command("list")
def list_(state: State = STATE) -> None:
    """Everything that is parked, by service: what waits, behind which fact, since when."""
    system = System(state.absolute(), programmes=Path("programmes").absolute(), practice=True)
    system.attach()
    found, silent = asyncio.run(everywhere(system))
    table = Table("service", "consumer", "subject", "facts", "reason", "first fact", "since", "error")
    for service, rows in found.items():
        for row in rows:
            shown = ("consumer", "subject", "facts", "reason", "id", "since", "error")
            table.add_row(service, *(str(row[name])[:80] for name in shown))
    if table.row_count:
        screen.print(table)
    elif not silent:
        screen.print("没有卡住的消息 Nothing is parked.")
    for why in silent:
        screen.print(f"未能查看 not looked at: {why}", markup=False)
    raise typer.Exit(1 if silent else 0)


@app.command()
def show(service: str, fact: str, state: State = STATE) -> None:
    """One parked fact by its id: its error, its body."""
    screen.print_json(data=ask(state, "GET", service, f"/parked/{fact}"))


def _at(consumer: str, subject: str, act: str) -> str:
    """The address; the subject of a record that nobody can read may hold anything."""
    return f"/parked/{consumer}/{quote(subject, safe='')}/{act}"


@app.command()
def resume(service: str, consumer: str, state: State = STATE) -> None:
    """Let a consumer that has paused work again, after a mend."""
    ask(state, "POST", service, f"/consumers/{consumer}/resume")
    screen.print(f"{service}: {consumer} 继续工作 works again.", markup=False)


@app.command()
def replay(service: str, consumer: str, subject: str, state: State = STATE) -> None:
    """Apply a subject's parked facts again, in order, after the cause is mended."""
    screen.print_json(data=ask(state, "POST", service, _at(consumer, subject, "replay")))


@app.command()
def skip(
    service: str, consumer: str, subject: str, fact: str,
    *,
    reason: Annotated[str, typer.Option(help="Why; kept for whoever reads it later.")],
    state: State = STATE,
) -> None:  # fmt: skip
    """Do without the first parked fact of a subject, for a reason that is kept."""
    body = {"id": fact, "reason": reason}
    screen.print_json(data=ask(state, "POST", service, _at(consumer, subject, "skip"), body))
