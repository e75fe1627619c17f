"""The `songjiao` command."""

import asyncio
import contextlib
import fcntl
import json
import re
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from typer.core import TyperGroup

from contracts.programme import WrongFile, load
from scheduling.planner.engine.instance import WrongInstance
from servicekit.local import ServerFailure
from servicekit.packs import NoPack
from songjiao_cli import deployment, screens, shown
from songjiao_cli.accounts import Desk, demo_accounts
from songjiao_cli.api import Api, NoAnswer, Person, Refusal
from songjiao_cli.archive import app as archive_app
from songjiao_cli.backups import backup, resend, restore
from songjiao_cli.badge import app as badge_app
from songjiao_cli.bench.command import app as bench_app
from songjiao_cli.chaos.command import chaos
from songjiao_cli.clock import clock
from songjiao_cli.installation import WrongState, named
from songjiao_cli.parked import UnknownService
from songjiao_cli.parked import app as parked_app
from songjiao_cli.plan import plan
from songjiao_cli.processes import DidNotStart
from songjiao_cli.rekey import rekey
from songjiao_cli.seal.commands import app as seal_app
from songjiao_cli.seal.forms import NoProof
from songjiao_cli.seal.services import NotPublished
from songjiao_cli.season.conductor import NotQuiet
from songjiao_cli.season.play import NotEmpty, administrator, figures, look, operator, play
from songjiao_cli.season.script import Script, WrongSeason, read
from songjiao_cli.subsidy import subsidy
from songjiao_cli.system import System
from songjiao_cli.verify.run import Verdict, portal_says

screen = screens.screen(stderr=True)
State = Annotated[Path, typer.Option(help="Folder of the installation's data, keys and logs.")]
Programmes = Annotated[Path, typer.Option(help="Folder of programmes, rules and calendars.")]
STATE, PROGRAMMES = Path(".songjiao"), Path("programmes")
SAID_TO_PEOPLE = (
    ServerFailure, DidNotStart, WrongState, WrongSeason, WrongFile, NoAnswer, Refusal, UnknownService, NotQuiet,
    NotEmpty, NoPack, NoProof, NotPublished, WrongInstance, OSError, AssertionError,
)  # fmt: skip


OF_A_CERTIFICATE = r"[A-Z]{1,2}\d{20,21}"
"""Numbers of certificates; an order's has a hyphen."""
INTERRUPTED = 130
"""As shells say it of a command that Ctrl-C has ended."""


class Told(TyperGroup):
    """Whatever of this world goes wrong under a command is one clear sentence and status 1."""

    def invoke(self, ctx: Any) -> Any:
        """As typer."""
        try:
            return super().invoke(ctx)
        except SAID_TO_PEOPLE as why:
            fail(why)
        except KeyboardInterrupt:
            screen.print("已中断 interrupted")
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(cls=Told, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for command in (backup, restore, resend, rekey, chaos, clock, plan, subsidy):
    app.command()(command)
app.add_typer(bench_app, name="bench", help="What the system carries, measured on this machine.")
app.add_typer(parked_app, name="parked", help="Facts that a consumer could not digest.")
app.add_typer(
    archive_app, name="archive", help="The archive of an evaluation batch, checked by whoever holds it."
)
app.add_typer(badge_app, name="badge", help="Check the badge of a certificate, without a network.")
app.add_typer(seal_app, name="seal", help="Prove to others that no fact was changed, dropped or inserted.")


def system_of(state: Path, programmes: Path, *, practice: bool = True, ephemeral: bool = False) -> System:
    """The installation in this folder."""
    return System(
        state.absolute(), programmes=programmes.absolute(), practice=practice, ephemeral=ephemeral,
        say=lambda line: screen.print(line, markup=False),
    )  # fmt: skip


def fail(why: object) -> NoReturn:
    """Say why, and end with status 1."""
    told = f"{why.filename}: {why.strerror}" if isinstance(why, OSError) and why.filename else str(why)
    screen.print(told or type(why).__name__, markup=False, soft_wrap=True)
    raise typer.Exit(1)


@app.command()
def up(
    state: State = STATE,
    programmes: Programmes = PROGRAMMES,
    *,
    practice: Annotated[bool, typer.Option(help="The season's conductor may move the clock.")] = False,
) -> None:
    """Start servers and services on this machine; they stay up. `songjiao down` stops them."""
    system = system_of(state, programmes, practice=practice)
    load(programmes)
    system.start()
    for service, url in system.urls.items():
        screen.print(f"{service:<20} {url}")


@app.command()
def down(
    state: State = STATE,
    *,
    reset: Annotated[bool, typer.Option(help="Forget all data too.")] = False,
) -> None:
    """Stop services and servers in order; data stay."""
    system = system_of(state, PROGRAMMES)
    if state.exists():
        try:
            system.stop()
        except WrongState:
            if not reset:
                raise
        if reset:
            system.reset()
        screen.print(
            "已停止，数据已清除 stopped, and forgotten"
            if reset
            else "已停止，数据仍在 stopped; the data stay"
        )


@app.command()
def status(state: State = STATE) -> None:
    """Which services are ready, and why the others are not."""
    system = system_of(state, PROGRAMMES)
    health = system.health()
    if not health:
        fail(system.why_away())
    for service, why in health.items():
        screen.print(
            f"{service:<20} {system.urls[service]:<22} {why or 'ready'}", markup=False, soft_wrap=True
        )
    raise typer.Exit(1 if any(health.values()) else 0)


@app.command()
def keys(
    folder: Annotated[
        Path,
        typer.Argument(help="The deployment's folder, for example deploy; .songjiao for this machine's."),
    ],
    *,
    renew: Annotated[
        bool, typer.Option(help="A further signing key for each service, before the ones it has end.")
    ] = False,
) -> None:
    """Draw the keys and secret variables that a deployment needs; what is there already stays."""
    if renew:
        for name in deployment.renew(folder):
            screen.print(f"new key: {name}")
        screen.print(
            "now start the services again, one by one, under compose all at once: each signs with its new key from "
            "then on (deploy/alerts/runbook.md, SongjiaoKeyEnds)",
            soft_wrap=True,
        )
        return
    for path in deployment.write(folder):
        screen.print(f"written: {path}")


@app.command()
def season(
    name: Annotated[
        str, typer.Argument(help="A season of programmes/seasons, for example send-teachers-home.")
    ],
    state: State = STATE,
    programmes: Programmes = PROGRAMMES,
    *,
    orders: Annotated[Path | None, typer.Option(help="Another season's file instead.")] = None,
    ephemeral: Annotated[bool, typer.Option(help="On servers of its own that leave nothing.")] = False,
    scale: Annotated[int, typer.Option(min=1, max=10, help="So many times everything.")] = 1,
    seed: Annotated[int, typer.Option(help="Who and when; how many is in the file.")] = 1,
    json_file: Annotated[str, typer.Option("--json", help="Result to this file; - = standard output.")] = "",
) -> None:
    """Play a season through the public HTTP APIs, verify everything, print the report."""
    with tempfile.TemporaryDirectory(prefix="songjiao-season-") as own:
        system = system_of(Path(own) if ephemeral else state, programmes, ephemeral=ephemeral)
        script = read(orders or programmes / "seasons" / f"{name}.yaml")
        try:
            system.start()
            result = play_it(system, script, programmes, scale=scale, seed=seed)
        finally:
            if ephemeral:
                system.stop()
    shown.report(screen, result, load(programmes))
    if json_file == "-":
        sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    elif json_file:
        Path(json_file).write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    raise typer.Exit(0 if result["ok"] else 1)


def play_it(
    system: System, script: Script, programmes: Path, *, scale: int, seed: int, go_on: bool = False
) -> dict[str, Any]:
    """With bars on the screen."""
    with shown.SeasonProgress(screen) as progress:
        played = play(system, script, programmes, scale=scale, seed=seed, progress=progress, go_on=go_on)
        result, _ = asyncio.run(played)
    return result


@app.command()
def demo(state: State = STATE, programmes: Programmes = PROGRAMMES) -> None:
    """Start everything, play the Sanming season once, show the report and the accounts, stay until Ctrl-C."""
    system = system_of(state, programmes)
    for stop in (signal.SIGTERM, signal.SIGINT):  # also where a shell has put us in the background
        signal.signal(stop, signal.default_int_handler)
    with _alone(state):
        try:
            shown.report(screen, _played(system, state, programmes), load(programmes))
            shown.accounts(screen, system.urls["portal"], asyncio.run(_accounts(system)))
            shown.ways_on(screen, named(state))
            signal.pause()
        except KeyboardInterrupt:
            screen.print("\n正在停止 stopping …")
        finally:
            system.stop()
            screen.print("已停止 stopped")


@contextlib.contextmanager
def _alone(state: Path) -> Iterator[None]:
    """One demonstration in a folder at a time: a second one would begin the first one's season anew."""
    note = state.parent / f"{state.name}.lock"  # beside the folder, which a new beginning removes
    note.parent.mkdir(parents=True, exist_ok=True)
    with note.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DidNotStart(
                f"a demonstration runs in {state} already: end it with Ctrl-C where it was started, or give this one "
                "a folder of its own with --state"
            ) from None
        yield


def _played(system: System, state: Path, programmes: Path) -> dict[str, Any]:
    """The figures of the season: played now, or counted again when it was played before."""
    played, playing = state / "season.json", state / "season.playing"
    if playing.exists() and not played.exists():
        screen.print("上次演示中断，从头再来。The last play was interrupted: beginning anew.")
        system.stop()
        system.reset()
    system.start()
    screen.print(f"门户 portal: [bold]{system.urls['portal']}[/]")
    script = read(programmes / "seasons" / "send-teachers-home.yaml")
    if played.exists():
        screen.print("本季已演示过，重新核对。The season was played already; checking it again.")
        screen.print("从头再来 to begin anew: .venv/bin/songjiao down --reset, then make demo")
        return figures(asyncio.run(_look(system, programmes, administrator(system))), script, 1, 1)
    playing.touch()
    try:
        result = play_it(system, script, programmes, scale=1, seed=1, go_on=True)
    except NotEmpty:
        playing.unlink()  # what is here is another's, not an interrupted play to be begun anew
        raise
    played.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
    return result


async def _accounts(system: System) -> list[Desk]:
    async with Api(system.urls) as api:
        return await demo_accounts(api, administrator(system))


@app.command()
def verify(state: State = STATE, programmes: Programmes = PROGRAMMES) -> None:
    """Check everything over the raw facts: gaps, causes, double bookings, the report, the read model."""
    system = system_of(state, programmes)
    system.attach()
    verdict = asyncio.run(_look(system, programmes, operator(system)))
    shown.checks(screen, verdict.told)
    screen.print(f"{verdict.facts} facts")
    if not verdict.facts and any(verdict.found.values()):
        screen.print(
            "The topics are empty: if Kafka's data are lost or new, `songjiao resend` fills them again."
        )
    raise typer.Exit(0 if verdict.holds else 1)


@app.command()
def rebuild(
    service: Annotated[str, typer.Argument(help="Whose read model: portal.")],
    state: State = STATE,
    programmes: Programmes = PROGRAMMES,
) -> None:
    """Fold the read model anew from the facts, while its pages stay up; after a mend or an upgrade."""
    if service != "portal":
        fail(f"{service} has no read model; only the portal has one")
    system = system_of(state, programmes)
    system.attach()
    screen.print("从消息重建看板 folding the read model anew …")
    ended, said = portal_says("rebuild", system.full_environment("portal"), progress=True)
    if ended:
        fail(f"nothing was changed: {said[-1]}")
    screen.print(f"已重建 rebuilt from {said[-1]} facts; songjiao verify compares it")


async def _look(system: System, programmes: Path, who: Person) -> Verdict:
    async with Api(system.urls) as api:
        return await look(system, api, who, load(programmes))


@app.command()
def history(
    order: Annotated[
        str,
        typer.Argument(help="Number (2026-0137) or id of the order; or of a certificate: what led to it."),
    ],
    state: State = STATE,
    *,
    english: Annotated[bool, typer.Option(help="In English instead of Chinese.")] = False,
    at: Annotated[str | None, typer.Option(help='As it was then: "2026-05-06 15:02", local time.')] = None,
) -> None:
    """Tell the story of one order: every fact, who, when, because of what; with --at as it was at a moment.

    Of a certificate: every fact that it stands on, back to the answer of the survey.
    """
    if not order.strip() or (at is not None and not at.strip()):
        fail('which order, as it was when? For example: songjiao history 2026-0001 --at "2026-05-06 15:02"')
    certificate = re.fullmatch(OF_A_CERTIFICATE, order.strip()) is not None
    if certificate and at is not None:
        fail("a certificate is followed back from today: leave --at away, or name its order")
    system = system_of(state, PROGRAMMES)
    system.attach()
    way = f"/certificates/{order.strip()}/way.json" if certificate else f"/orders/{order}/story.json"

    async def ask() -> Any:
        async with Api(system.urls) as api:
            return await api.call(
                operator(system), "GET", "portal", way,
                params={"lang": "en" if english else "zh"} | ({"at": at} if at else {}),
            )  # fmt: skip

    shown.story(Console(), asyncio.run(ask()))
