"""`songjiao bench …`: figures beside bare code, with a bound each; status 0 only when every bound holds."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from songjiao_cli import screens
from songjiao_cli.bench.rows import Row
from songjiao_cli.bench.sizes import Sizes

FIGURES = ("relay", "consumer", "commands", "http", "rival", "latency", "rebuild", "stored")
TIMES = (1, 10, 100)
app = typer.Typer(no_args_is_help=True)
screen = screens.screen(stderr=True)


@app.callback()
def bench() -> None:
    """What the system carries, measured on this machine."""


@app.command()
def backbone(
    json_file: Annotated[str, typer.Option("--json", help="Rows to this file; - = standard output.")] = "",
    runs: Annotated[
        int, typer.Option(min=1, help="Runs of each figure, ours and the baseline's in turns.")
    ] = 5,
    only: Annotated[
        list[str] | None,
        typer.Option(help=f"Only this figure (may stand several times): {', '.join(FIGURES)}."),
    ] = None,
    programmes: Annotated[Path, typer.Option(help="Folder of programmes, rules and calendars.")] = Path(
        "programmes"
    ),
    proof: Annotated[
        Path | None,
        typer.Option(help="Write backbone.md here, with costs, growth (plays a season) and scale; hours."),
    ] = None,
    times: Annotated[
        list[int] | None, typer.Option(help="Seasons stored for the proof's table of scale; 1, 10 and 100.")
    ] = None,
    *,
    facts: Annotated[int, typer.Option(min=100, help="Facts that relay and consumer drain.")] = Sizes.facts,
    commands: Annotated[int, typer.Option(min=16, help="Commands of a run.")] = Sizes.commands,
    seconds: Annotated[
        float, typer.Option(min=0.5, help="Length of a run at a steady rate.")
    ] = Sizes.seconds,
    folded: Annotated[int, typer.Option(min=100, help="Facts that a rebuild folds.")] = Sizes.folded,
    stored: Annotated[
        int, typer.Option(min=320, help="Facts stored beforehand, 20 an order.")
    ] = Sizes.stored,
) -> None:
    """Relay, consumer, commands, HTTP, latency, rebuild: each beside the same work in bare code."""
    unknown = sorted(set(only or ()) - set(FIGURES))
    if unknown:
        raise typer.BadParameter(f"there is no figure {', '.join(unknown)}; there are {', '.join(FIGURES)}")
    subjects = min(Sizes.subjects, facts // 10)
    sizes = Sizes(runs, facts, commands, seconds, folded, stored, subjects)
    rows = _rows(sizes, only or list(FIGURES), programmes.absolute(), proof, tuple(times or TIMES))
    _tell(rows, json_file)


@app.command()
def planner(
    json_file: Annotated[str, typer.Option("--json", help="Rows to this file; - = standard output.")] = "",
    size: Annotated[
        list[int] | None, typer.Option(help="Sessions: 137, 500, 1500, 5000 (may stand several times).")
    ] = None,
    seed: Annotated[list[int] | None, typer.Option(help="11, 12 and 13 are for reporting.")] = None,
    best: Annotated[
        int, typer.Option(min=0, help="Also a long run of each size's first seed: seconds, 600 to report.")
    ] = 0,
    *,
    rival: Annotated[bool, typer.Option(help="Timefold too, where Java and Maven are installed.")] = True,
    proof: Annotated[
        Path | None, typer.Option(help="Write the page and its picture into this folder (docs/proof).")
    ] = None,
    instances: Annotated[
        Path, typer.Option(help="Folder of the benchmark: generator, checker, reference scores.")
    ] = Path("tests/bench/planning"),
) -> None:
    """Plans of 10 and of 60 seconds, scored by the benchmark's checker, beside first fit, the prototype's minute and
    Timefold's: takes 20 minutes.
    """
    from songjiao_cli.bench import planner as planners  # noqa: PLC0415  loads the compiler
    from songjiao_cli.bench.planner_page import PACKAGES, write  # noqa: PLC0415
    from songjiao_cli.bench.proof import machine  # noqa: PLC0415

    if wrong := sorted(set(size or ()) - set(planners.ASKED)):
        raise typer.BadParameter(
            f"{wrong[0]} is no size of the benchmark; there are {', '.join(map(str, planners.ASKED))}"
        )
    if other := sorted(set(seed or ()) - set(planners.SEEDS)):
        raise typer.BadParameter(
            f"there is no score to compare with for seed {other[0]}; there are "
            f"{', '.join(map(str, planners.SEEDS))}"
        )
    run = planners.Run(instances, size or list(planners.ASKED), seed or planners.SEEDS, best, rival)
    where = machine(PACKAGES)
    found = planners.measured(run, _say)
    rows = planners.rows(found)
    if proof is not None:
        write(proof, found, rows, where)
    if best:
        found = planners.with_long_runs(run, found, _say)
        if proof is not None:
            write(proof, found, rows, where)
    _tell(rows, json_file)


@app.command()
def dispatch(
    json_file: Annotated[str, typer.Option("--json", help="Rows to this file; - = standard output.")] = "",
    size: Annotated[
        list[int] | None, typer.Option(help="Sessions: 500, 1500, 5000 (may stand several times).")
    ] = None,
    seed: Annotated[list[int] | None, typer.Option(help="Of the disturbed instances; 11, 12, 13.")] = None,
    *,
    declines: Annotated[
        int, typer.Option(min=0, help="Through the whole system, which is filled for it (minutes); 0 = not.")
    ] = 300,
    proof: Annotated[Path | None, typer.Option(help="Write the page into this folder (docs/proof).")] = None,
    instances: Annotated[Path, typer.Option(help="Folder of the benchmark: generator and checker.")] = Path(
        "tests/bench/planning"
    ),
    programmes: Annotated[Path, typer.Option(help="Folder of programmes, rules and calendars.")] = Path(
        "programmes"
    ),
) -> None:
    """Repairs after declines and illness: how little they change, how many succeed, how long an answer takes; and how
    long a college waits for the offer that another declined.
    """
    from songjiao_cli.bench import dispatch as repairs  # noqa: PLC0415  loads the compiler
    from songjiao_cli.bench import dispatch_page, offers  # noqa: PLC0415

    if wrong := sorted(set(size or ()) - set(repairs.POINTS)):
        raise typer.BadParameter(f"{wrong[0]} is no size; there are {', '.join(map(str, repairs.POINTS))}")
    where = dispatch_page.before()
    found = offers.measured(programmes.absolute(), declines, _say) if declines else None
    through = offers.rows(found) if found else [offers.left_out()]
    rows = [*through, *repairs.rows(instances, size or list(repairs.POINTS), seed or repairs.SEEDS, _say)]
    if proof is not None:
        dispatch_page.write(proof, found, rows, where)
    _tell(rows, json_file)


@app.command()
def schemes(
    json_file: Annotated[str, typer.Option("--json", help="Rows to this file; - = standard output.")] = "",
    sessions: Annotated[int, typer.Option(min=64, help="Sessions on the timetable.")] = 1500,
    programmes: Annotated[Path, typer.Option(help="Folder of programmes, rules and calendars.")] = Path(
        "programmes"
    ),
) -> None:
    """Changes of a scheme by hand, over HTTP: how long until it is known what they break, and until they are done."""
    from songjiao_cli.bench import schemes as by_hand  # noqa: PLC0415  loads the kit

    _tell(list(by_hand.rows(programmes, sessions, _say)), json_file)


@app.command()
def desks(
    json_file: Annotated[str, typer.Option("--json", help="Rows to this file; - = standard output.")] = "",
    runs: Annotated[int, typer.Option(min=1, help="So often every task is done.")] = 3,
    sessions: Annotated[
        int,
        typer.Option(help="So many are stored in the portal before; more than 137: the season told again."),
    ] = 137,
    *,
    proof: Annotated[Path | None, typer.Option(help="Write the page into this folder (docs/proof).")] = None,
    programmes: Annotated[Path, typer.Option(help="Folder of programmes, rules and calendars.")] = Path(
        "programmes"
    ),
) -> None:
    """Steps and waiting of people's tasks in a real browser, after the demo season was played: takes ten minutes."""
    try:
        from songjiao_cli.bench import desks as people  # noqa: PLC0415  loads the browser's driver
        from songjiao_cli.bench import desks_page  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise typer.BadParameter(
            f"{error.name} is not here: it belongs to the packages of the development"
        ) from error
    where = desks_page.before()
    found = people.measured(programmes.absolute(), runs, _say, sessions)
    if proof is not None:
        desks_page.write(proof, found, where)
    _tell(people.rows(found), json_file)


@app.command()
def findings(
    json_file: Annotated[str, typer.Option("--json", help="Rows to this file; - = standard output.")] = "",
    seed: Annotated[int, typer.Option(help="Of the season that is drawn.")] = 11,
    sessions: Annotated[
        int, typer.Option(min=137, max=1370, help="Sessions of the season; the pilot's are 137.")
    ] = 137,
    programmes: Annotated[Path, typer.Option(help="Folder of programmes, rules and calendars.")] = Path(
        "programmes"
    ),
) -> None:
    """What is worth a second look: 40 planted cases found, and what honest sessions give rise to."""
    from contracts.programme import load  # noqa: PLC0415
    from songjiao_cli.bench import findings as checks  # noqa: PLC0415

    played = checks.play(load(programmes), seed, sessions=sessions)
    for line in checks.lines(played):
        _say(line)
    _tell(checks.rows(played), json_file)


@app.command()
def certificates(
    json_file: Annotated[str, typer.Option("--json", help="Rows to this file; - = standard output.")] = "",
    how_many: Annotated[
        int, typer.Option("--certificates", min=60, max=100_000, help="So many; the pilot's are 7,400.")
    ] = 7400,
    *,
    kill: Annotated[
        bool, typer.Option(help="Kill the service in the middle of each order, and start it again.")
    ] = False,
    proof: Annotated[Path | None, typer.Option(help="Write the page into this folder (docs/proof).")] = None,
    programmes: Annotated[Path, typer.Option(help="Folder of programmes, rules and calendars.")] = Path(
        "programmes"
    ),
) -> None:
    """Certificates with PDF, QR code and badge, printed in bulk by the service, beside bare typst: some minutes."""
    from songjiao_cli.bench import certificates as papers  # noqa: PLC0415  loads the fonts
    from songjiao_cli.bench import certificates_page  # noqa: PLC0415

    where = certificates_page.before()
    found = papers.measured(programmes.absolute(), how_many, _say, kill=kill)
    if proof is not None:
        certificates_page.write(proof, found, where)
    _tell(papers.rows(found), json_file)


def _tell(rows: list[Row], json_file: str) -> None:
    """Show them, write them where it was asked for, and end with 0 only when all hold."""
    show(rows)
    told = json.dumps([row.told() for row in rows], ensure_ascii=False, indent=1) + "\n"
    if json_file == "-":
        sys.stdout.write(told)
    elif json_file:
        Path(json_file).write_text(told, encoding="utf-8")
    raise typer.Exit(0 if all(row.ok for row in rows) else 1)


def _rows(
    sizes: Sizes, names: list[str], programmes: Path, proof: Path | None, times: tuple[int, ...]
) -> list[Row]:
    from songjiao_cli.bench import backbone  # noqa: PLC0415  loads the whole kit: no other command waits for it
    from songjiao_cli.bench.proof import write  # noqa: PLC0415

    if proof is None:
        return backbone.measured(sizes, names, programmes, _say)
    found, where = backbone.proved(sizes, names, programmes, _say, times)
    write(proof, found, where)
    return list(found.rows)


def _say(line: str) -> None:
    screen.print(line, markup=False)


def show(rows: list[Row]) -> None:
    """The table."""
    table = Table("figure", "value", "unit", "baseline", "ratio", "bound", "")
    for row in rows:
        told = row.told()
        bound = f"<= {row.at_most:g}" if row.at_most is not None else f">= {row.at_least:g}"
        values = [told["value"], told["baseline"], told["ratio"]]
        value, baseline, ratio = ("-" if each is None else f"{each:,g}" for each in values)
        table.add_row(
            row.figure, value, row.unit, baseline, ratio, bound, "ok" if row.ok else row.why or "no"
        )
    screen.print(table)
