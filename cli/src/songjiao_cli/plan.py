"""`songjiao plan`: the words of the command; what it does is in `planning`."""

import math
from pathlib import Path
from typing import Annotated

import typer


def plan(
    file: Annotated[Path, typer.Argument(help="An instance (training-plan-instance/1).")],
    *,
    seconds: Annotated[
        float, typer.Option(min=0, help="Ctrl-C ends it sooner, with the best so far.")
    ] = 10.0,
    iterations: Annotated[
        int | None, typer.Option(min=0, help="So many rounds instead: the same plan each time.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of all chance in it.")] = 1,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write the plan here.")] = None,
    why: Annotated[str, typer.Option("--explain", help="This session: who else, who not, and why.")] = "",
) -> None:
    """Plan all sessions of a file: when, and who. Ends with 0 only with a plan that keeps every rule."""
    if not math.isfinite(seconds):
        raise typer.BadParameter("--seconds: a number of seconds; Ctrl-C ends it sooner")
    from songjiao_cli.planning import plan_file  # noqa: PLC0415  loads the compiler: no other command waits for it

    plan_file(file, seconds=seconds, iterations=iterations, seed=seed, out=out, why=why)
