"""`songjiao archive check`: whether a batch's archive is as it was made. Offline, without a server of ours."""

from pathlib import Path
from typing import Annotated

import typer

from servicekit import packs
from songjiao_cli import screens

MOST_LINES = 50
app = typer.Typer(no_args_is_help=True)
screen, progress = screens.screen(), screens.screen(stderr=True)


@app.callback()
def archive() -> None:
    """The archive of an evaluation batch, as the union's page of the batch gives it."""


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The ZIP, as the union's page of a batch gives it.")],
    *,
    keys: Annotated[
        Path | None, typer.Option(help="Public keys of the house (keys.json): who made it is checked too.")
    ] = None,
) -> None:
    """Check a batch's archive offline: nothing changed, missing or added; with --keys also who made it."""
    found = packs.check(file, keys)
    for line in found.wrong[:MOST_LINES]:
        screen.print(f"✗ {line}", markup=False, highlight=False, soft_wrap=True)
    if found.wrong:
        progress.print(f"与制作时不符 not as it was made: {len(found.wrong)}")
        raise typer.Exit(1)
    manifest = found.manifest
    size = sum(each.bytes for each in manifest.files)
    told = manifest.about | {
        "文件 files": f"{len(manifest.files)}, {size:,} bytes",
        "签名 signed": found.signed_by
        or "未核对，请用 --keys 给出公钥 not checked: give the public keys by --keys",
    }
    for what, said in told.items():
        screen.print(f"{what}: {said}", markup=False, highlight=False, soft_wrap=True)
    for line in manifest.missing:
        screen.print(f"  缺 missing: {line}", markup=False, highlight=False, soft_wrap=True)
    screen.print("✓ 与制作时一致 as it was made", highlight=False)
