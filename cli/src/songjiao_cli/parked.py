"""`songjiao parked`: facts that a consumer could not digest, and what a person decides about them."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from servicekit.local import ServerFailure
from songjiao_cli.api import Api, Refusal
from songjiao_cli.season.play import administrator
from songjiao_cli.system import DidNotStart, System

app = typer.Typer(no_args_is_help=True)
State = Annotated[Path, typer.Option(help="Folder of the installation's data, keys and logs.")]
STATE = Path(".songjiao")
screen = Console()


def ask(state: Path, method: str, service: str | None, path: str, body: Any = None) -> dict[str, Any]:
    """The answer per service: of one, or of all."""
    system = System(state.absolute(), programmes=Path("programmes").absolute(), practice=True)

    async def call() -> dict[str, Any]:
        api = Api(system.urls)
        try:
            return {
                name: await api.call(administrator(system), method, name, path, json=body)
                for name in ([service] if service else list(system.urls))
            }
        finally:
            await api.close()

    try:
        system.attach()
        return asyncio.run(call())
    except (DidNotStart, ServerFailure, Refusal) as why:
        screen.print(str(why), markup=False)
        raise typer.Exit(1) from why


@app.command("list")
def list_(state: State = STATE) -> None:
    """Everything that is parked, by service: what waits, behind which fact, since when."""
    found = ask(state, "GET", None, "/parked")
    table = Table("service", "consumer", "subject", "facts", "reason", "first fact", "since", "error")
    for service, rows in found.items():
        for row in rows:
            shown = ("consumer", "subject", "facts", "reason", "id", "since", "error")
            table.add_row(service, *(str(row[name])[:80] for name in shown))
    if not table.row_count:
        screen.print("没有卡住的消息 Nothing is parked.")
        return
    screen.print(table)


@app.command()
def show(service: str, fact: str, state: State = STATE) -> None:
    """One parked fact by its id: its error, its body."""
    screen.print_json(data=ask(state, "GET", service, f"/parked/{fact}")[service])


@app.command()
def replay(service: str, consumer: str, subject: str, state: State = STATE) -> None:
    """Apply a subject's parked facts again, in order, after the cause is mended."""
    screen.print_json(data=ask(state, "POST", service, f"/parked/{consumer}/{subject}/replay")[service])


@app.command()
def skip(
    service: str, consumer: str, subject: str, fact: str,
    *,
    reason: Annotated[str, typer.Option(help="Why; kept for whoever reads it later.")],
    state: State = STATE,
) -> None:  # fmt: skip
    """Do without the first parked fact of a subject, for a reason that is kept."""
    body = {"id": fact, "reason": reason}
    screen.print_json(data=ask(state, "POST", service, f"/parked/{consumer}/{subject}/skip", body)[service])
