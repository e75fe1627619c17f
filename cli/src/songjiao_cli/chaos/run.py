"""`songjiao chaos`: as many rounds as asked, in blocks on one system each; what is done is kept, to go on after."""

import asyncio
import json
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from servicekit.local import ServerFailure
from songjiao_cli.api import NoAnswer, Refusal
from songjiao_cli.chaos.faults import Fault
from songjiao_cli.chaos.rounds import BLOCK, Round, besiege
from songjiao_cli.processes import DidNotStart
from songjiao_cli.season.conductor import NotQuiet

BROKEN = (ServerFailure, DidNotStart, NoAnswer, Refusal, NotQuiet, OSError)
"""A system that does not come up again, or does not answer any more: a finding like any other."""


def kept(file: Path) -> list[Round]:
    """Rounds played before, as they were played; one with a finding was played again after the mend."""
    if not file.exists():
        return []
    return [Round(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def commit(programmes: Path) -> str:
    """What the working tree is of, `+` where it was changed since; nothing outside of one."""
    git = ["git", "-C", str(programmes), "describe", "--always", "--exclude=*", "--dirty=+"]
    with suppress(OSError):
        return subprocess.run(git, check=False, capture_output=True, text=True).stdout.strip()  # noqa: S603  ours
    return ""


def run(
    count: int, seed: int, programmes: Path, *, among: list[Fault], file: Path, told: Callable[[Round], None],
    say: Callable[[str], None], sources: tuple[Path, ...] = (), until_found: bool = False,
) -> list[Round]:  # fmt: skip
    """Play rounds 0..count-1 that the file does not have without a finding, and keep each there. A block ends at a
    finding: what follows it on the same system would only say it again.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    played = {each.number: each for each in kept(file) if not each.found}
    code = commit(programmes)

    def keep(one: Round) -> None:
        one.code = code
        played[one.number] = one
        with file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
        told(one)
        if one.found:
            raise _Found

    while missing := [number for number in range(count) if number not in played]:
        first = missing[0]
        whole = range(first, min(count, first // BLOCK * BLOCK + BLOCK))
        block = range(first, next((number for number in whole if number in played), whole.stop))
        began = time.monotonic()
        try:
            asyncio.run(besiege(block, seed, programmes, among=among, told=keep, say=say, sources=sources))
        except _Found:
            pass
        except BROKEN as why:
            number = next(each for each in block if each not in played)
            seconds = round(time.monotonic() - began, 1)
            with suppress(_Found):
                keep(Round(number, ["?"], found=[f"the system is lost: {why}"], seconds=seconds))
        if until_found and any(each.found for each in played.values()):
            break
    return [played[number] for number in sorted(played) if number < count]


class _Found(Exception):  # noqa: N818  ends a block
    """Something differs."""


def result(rounds: list[Round], seed: int) -> dict[str, Any]:
    """As `--json` gives it."""
    return {
        "seed": seed,
        "rounds": len(rounds),
        "differences": sum(len(each.found) for each in rounds),
        "seconds": round(sum(each.seconds for each in rounds), 1),
        "commands": sum(each.commands for each in rounds),
        "each": [asdict(each) for each in rounds],
        "ok": not any(each.found for each in rounds),
    }
