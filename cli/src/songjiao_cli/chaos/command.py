"""The command line of the chaos rounds."""

import json
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from contracts.programme import load
from songjiao_cli.chaos import proof
from songjiao_cli.chaos.rounds import Round, faults_of
from songjiao_cli.chaos.run import kept, result, run

screen = Console(stderr=True)
MOST_LINES = 12


def chaos(
    rounds: Annotated[int, typer.Option(min=1, help="How many rounds.")] = 3,
    seed: Annotated[int, typer.Option(help="The same seed plans the same orders and faults.")] = 1,
    programmes: Annotated[Path, typer.Option(help="Folder of programmes, rules and calendars.")] = Path("programmes"),
    *,
    only: Annotated[list[str] | None, typer.Option("--fault", help="Only faults of this name.")] = None,
    quick: Annotated[bool, typer.Option(help="Only faults that are over within seconds.")] = False,
    book: Annotated[Path | None, typer.Option(help="Where rounds are kept: build/chaos-SEED.jsonl.")] = None,
    resume: Annotated[bool, typer.Option(help="Go on with the rounds that the book does not have yet.")] = False,
    proof_file: Annotated[Path | None, typer.Option("--proof", help="Write a page of what was shown.")] = None,
    json_file: Annotated[str, typer.Option("--json", help="Result to this file; - = standard output.")] = "",
) -> None:  # fmt: skip
    """Break a system of its own on purpose, round by round; 0 when every ledger is equal at the end of each."""
    load(programmes)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # told to end, it takes its system away with it
    file = book or Path("build") / f"chaos-{seed}.jsonl"
    if not resume:
        file.unlink(missing_ok=True)
    elif played := kept(file):
        screen.print(
            f"{len({each.number for each in played if not each.found})} rounds are in {file} already"
        )
    screen.print(f"种子 seed {seed}: {rounds} rounds")
    done = run(
        rounds, seed, programmes.absolute(), among=faults_of(only, quick=quick), file=file, told=told,
        say=lambda line: screen.print(line, markup=False),
    )  # fmt: skip
    told_all = result(done, seed)
    screen.print(
        f"{told_all['rounds']} rounds, {told_all['commands']} commands, {told_all['seconds']} s: "
        f"{told_all['differences'] or 'no'} differences (seed {seed})"
    )
    if proof_file is not None:
        proof_file.write_text(proof.written(done, seed, kept(file)), encoding="utf-8")
    if json_file == "-":
        sys.stdout.write(json.dumps(told_all, ensure_ascii=False, indent=1) + "\n")
    elif json_file:
        Path(json_file).write_text(
            json.dumps(told_all, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    raise typer.Exit(0 if told_all["ok"] else 1)


def told(one: Round) -> None:
    """A round as it ends: what broke, what was seen, what was found."""
    screen.print(
        f"{one.number:>4}  {one.seconds:5.0f} s ({one.broken_seconds:.0f} broken, {one.calm_seconds:.0f} to calm, "
        f"{one.looked_seconds:.0f} looked)  {one.commands:>4} commands  {one.facts:>5} facts  "
        f"{'; '.join(one.seen) or '; '.join(one.faults)}",
        markup=False, soft_wrap=True,
    )  # fmt: skip
    for line in one.found[:MOST_LINES]:
        screen.print(f"      ✗ {line}", markup=False, soft_wrap=True)
    if len(one.found) > MOST_LINES:
        screen.print(f"      ✗ and {len(one.found) - MOST_LINES} more", markup=False)
