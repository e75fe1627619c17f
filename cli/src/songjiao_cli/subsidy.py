"""`songjiao subsidy`: what certificates would bring by another rule file, beside today's. Nothing is changed."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from songjiao_cli import screens
from songjiao_cli.api import Api
from songjiao_cli.season.play import operator
from songjiao_cli.system import System

screen = screens.screen()
FEN = 100
COLUMNS = (
    "订单 order",
    "等级 level",
    "证书 certificates",
    "已申领 claimed",
    "现行 today",
    "该规则 these rules",
    "差额 difference",
)


def yuan(fen: int) -> str:
    """Exact, with its sign where it is less."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // FEN:,}.{abs(fen) % FEN:02d}"


def table_of(found: dict[str, Any]) -> Table:
    """By order and level, with the sum of all."""
    table = Table(*COLUMNS)
    for each in found["lines"]:
        money = (yuan(each[name]) for name in ("claimed_fen", "fen", "other_fen", "difference"))
        table.add_row(each["number"], each["level"], str(each["certificates"]), *money)
    claimed = sum(each["claimed_fen"] for each in found["lines"])
    certificates = sum(each["certificates"] for each in found["lines"])
    whole = (yuan(fen) for fen in (claimed, found["fen"], found["other_fen"], found["difference"]))
    table.add_section()
    table.add_row("合计 all", "", str(certificates), *whole)
    return table


def subsidy(
    rules: Annotated[Path, typer.Option(help="Another rules.yaml, of which its block `subsidy` counts.")],
    state: Annotated[Path, typer.Option(help="Folder of the installation's data, keys and logs.")] = Path(
        ".songjiao"
    ),
    *,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, in fen.")] = False,
) -> None:
    """What all certificates would bring by another rule file, by order and level beside today's; touches nothing."""
    text = rules.read_text(encoding="utf-8")
    system = System(state.absolute(), programmes=Path("programmes").absolute(), practice=True)
    system.attach()

    async def ask() -> Any:
        async with Api(system.urls) as api:
            return await api.call(
                operator(system), "POST", "evaluation", "/claims/what-if", json={"rules": text}
            )

    found = asyncio.run(ask())
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        screen.print(table_of(found))
