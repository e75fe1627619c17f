"""`songjiao rekey`: another key for what is encrypted in this machine's databases; goes on where it was interrupted."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from songjiao_cli import screens
from songjiao_cli.installation import PACKAGES, SERVICES, Installation, named
from songjiao_cli.processes import DidNotStart
from songjiao_cli.system import System

screen = screens.screen(stderr=True)


def rekey(
    state: Annotated[Path, typer.Option(help="Folder of the installation's data, keys and logs.")] = Path(
        ".songjiao"
    ),
    programmes: Annotated[Path, typer.Option(help="Folder of programmes and rules.")] = Path("programmes"),
    *,
    practice: Annotated[
        bool, typer.Option(help="As `songjiao up --practice`, where a season was played.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Draw a new key for what is encrypted, put everything under it, forget the old one."""
    folder = state.absolute()
    system = System(
        folder, programmes=programmes.absolute(), practice=practice,
        say=lambda line: screen.print(line, markup=False),
    )  # fmt: skip
    system.attach()
    installation = Installation(folder)
    if installation.secrets["further_data_keys"]:
        screen.print("上次换钥未完成，继续。The last change of the key was interrupted: going on.")
    else:
        if not yes:
            typer.confirm(
                "The services stop and start again, for about a minute. A backup made before holds the key of "
                "then and stays good. Go on?",
                abort=True, err=True,
            )  # fmt: skip
        installation.draw_data_key()
    system.stop()
    system.start()
    left = [service for service in SERVICES if _under_the_new_key(system, service)]
    if left:
        raise DidNotStart(
            f"not everything could be read in {', '.join(left)}: the old key is kept, see above; restore the key that "
            f"is missing, then say `songjiao rekey{named(state)}` again"
        )
    installation.forget_data_keys()
    screen.print("已换钥 everything is under the new key; the old one is forgotten")


def _under_the_new_key(system: System, service: str) -> int:
    """`python -m SERVICE rekey`; it tells the person how far it is."""
    return subprocess.run(  # noqa: S603  our own command, no shell
        [sys.executable, "-m", PACKAGES[service], "rekey"], env=system.full_environment(service), check=False
    ).returncode
