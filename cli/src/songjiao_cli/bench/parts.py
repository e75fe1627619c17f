"""`python -m songjiao_cli.bench.parts ROLE`: one process of the bench. Every role is a function of its module."""

import sys
from importlib import import_module

import uvloop

from songjiao_cli.bench.talk import Talk

ROLES = {
    "relay": "ours", "consumer": "ours", "writer": "ours", "serve": "ours",
    "bare_producer": "bare", "bare_consumer": "bare", "bare_writer": "bare", "bare_serve": "bare_http",
    "stream": "bare", "bare_keeper": "bare",
    "rival_writer": "rival", "rival_relay": "rival",
    "load": "load", "beat": "load",
}  # fmt: skip


async def play(role: str) -> None:
    """To the end of the role."""
    module = import_module(f"songjiao_cli.bench.{ROLES[role]}")
    talk = await Talk.open()
    told = await talk.heard()
    assert told is not None
    await getattr(module, role)(talk, told)


if __name__ == "__main__":
    uvloop.run(play(sys.argv[1]))
