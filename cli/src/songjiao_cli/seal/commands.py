"""`songjiao seal root | export | verify`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from servicekit.seal.chain import Publication
from songjiao_cli.api import Api
from songjiao_cli.installation import write_whole
from songjiao_cli.seal import services
from songjiao_cli.seal.facts import read_fact
from songjiao_cli.seal.forms import Log, LogHead, OrderProof, open_proof
from songjiao_cli.seal.log import wrong_in_log
from songjiao_cli.seal.story import numbers_of, wrong_in_order
from songjiao_cli.season.play import operator
from songjiao_cli.system import System

app = typer.Typer(no_args_is_help=True)
screen, progress = Console(), Console(stderr=True)
STATE = Path(".songjiao")
State = Annotated[Path, typer.Option(help="Folder of the installation's data, keys and logs.")]
MOST_LINES = 50


def _root(text: str) -> bytes:
    try:
        root = bytes.fromhex(text)
    except ValueError:
        root = b""
    if len(root) != 32:  # noqa: PLR2004  a SHA-256
        raise typer.BadParameter("a root is 64 hexadecimal digits, as `songjiao seal root` prints them")
    return root


def _system(state: Path) -> System:
    system = System(state.absolute(), programmes=Path("programmes").absolute(), practice=True)
    system.attach()
    return system


@app.command("root")
def publish(
    state: State = STATE,
    *,
    out: Annotated[
        Path | None, typer.Option(help="Keep what the root is taken over in this file too.")
    ] = None,
) -> None:
    """Publish a root over everything that was said so far; print it where others keep it too."""
    system = _system(state)

    async def ask() -> Publication:
        async with Api(system.urls) as api:
            return await services.publish(api, operator(system))

    publication = asyncio.run(ask())
    if out is not None:
        write_whole(out, publication.model_dump_json(indent=1) + "\n")
    facts = sum(part.facts for part in publication.parts)
    progress.print(f"已公布 published over {facts} facts of {len(publication.parts)} services")
    screen.print(publication.root.hex(), soft_wrap=True, highlight=False)


@app.command()
def export(
    out: Annotated[Path, typer.Option("--out", "-o", help="The file that is handed out.")],
    state: State = STATE,
    *,
    order: Annotated[str, typer.Option(help="Number (2026-0137) or id of the order.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="The whole log of all services instead.")] = False,
    root: Annotated[
        bytes | None, typer.Option(parser=_root, help="Under this root; else the newest.")
    ] = None,
) -> None:
    """Write an order's story with its proof into a file, or the whole log: for people who do not trust us."""
    if bool(order) == everything:
        raise typer.BadParameter("say which: --order NUMBER, or --all")
    system = _system(state)

    async def write() -> Publication:
        async with Api(system.urls) as api:
            publication = await services.published(api, operator(system), root)
            if everything:
                await _write_log(api, system, publication, out)
            else:
                proof = await services.prove_order(api, operator(system), order, publication)
                write_whole(out, proof.model_dump_json(indent=1) + "\n")
            return publication

    publication = asyncio.run(write())
    progress.print(f"{out}: 证明所依的根 proven under root {publication.root.hex()}", soft_wrap=True)


async def _write_log(api: Api, system: System, publication: Publication, out: Path) -> None:
    part_file = out.with_name(f"{out.name}.part")
    with part_file.open("w", encoding="utf-8") as file:
        file.write(LogHead(publication=publication).model_dump_json() + "\n")
        for part in publication.parts:
            async for window in services.windows_of(api, operator(system), part.service, part.windows):
                file.write(window.model_dump_json() + "\n")
            progress.print(f"{part.service}: {part.facts} facts")
    part_file.replace(out)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="What `songjiao seal export` has written.")],
    *,
    root: Annotated[bytes, typer.Option(parser=_root, help="The root as it was published, from elsewhere.")],
    order: Annotated[str | None, typer.Option(help="Number or id that the story must be of.")] = None,
) -> None:
    """Check a file offline: nothing changed, dropped or inserted since the root was published; else status 1."""
    proof = open_proof(file)
    if isinstance(proof, Log):
        if order is not None:
            raise typer.BadParameter(f"{file} is the whole log: leave out --order")
        wrong = wrong_in_log(proof.publication, proof.windows(), root)
    else:
        wrong = wrong_in_order(proof, root, order)
    for line in wrong[:MOST_LINES]:
        screen.print(f"✗ {line}", markup=False, highlight=False, soft_wrap=True)
    if wrong:
        more = f", {len(wrong) - MOST_LINES} more are not shown" if len(wrong) > MOST_LINES else ""
        progress.print(f"未能证明 not proven: {len(wrong)} findings{more}")
        raise typer.Exit(1)
    if isinstance(proof, OrderProof):
        _show(proof)
    facts = sum(part.facts for part in proof.publication.parts)
    what = (
        "订单全过程 the whole story of the order"
        if isinstance(proof, OrderProof)
        else f"全部 all {facts} facts"
    )
    screen.print(f"✓ {what}, 由此根证明 proven by root {root.hex()}", soft_wrap=True, highlight=False)


def _show(proof: OrderProof) -> None:
    """What is proven, by service."""
    screen.print(" ".join([*numbers_of(proof), proof.order]), soft_wrap=True, highlight=False)
    for service, story in proof.stories.items():
        facts = [fact for said in story.facts if (fact := read_fact(said.body))]
        told = [f"{fact.sequence:>4}  {fact.time[:19]} UTC  {fact.type:<28} {fact.actor}" for fact in facts]
        for line in told or ["   无 nothing about this order"]:
            screen.print(f"{service:<20} {line}", markup=False, highlight=False, soft_wrap=True)
