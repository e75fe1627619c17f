"""`python -m servicekit.local start|status|stop|reset [--state DIR]`: the two servers by hand."""

import argparse
import sys
import time
from pathlib import Path

from servicekit.local import LocalServers, ServerFailure, ServerStatus


def main(arguments: list[str] | None = None) -> int:
    """0 when done (for `status`: when both answer), 1 otherwise, with the reason on standard error."""
    parser = argparse.ArgumentParser(prog="python -m servicekit.local", description=__doc__)
    parser.add_argument("command", choices=["start", "status", "stop", "reset"])
    parser.add_argument(
        "--state", type=Path, default=Path(".songjiao"), help="directory of data, ports and logs"
    )
    chosen = parser.parse_args(arguments)
    servers = LocalServers(chosen.state, say=_say)
    try:
        match chosen.command:
            case "start":
                begin = time.monotonic()
                addresses = servers.start()
                _say(f"Kafka    {addresses.kafka}")
                _say(f"Database {addresses.database}")
                _say(f"ready after {time.monotonic() - begin:.1f} s")
            case "stop":
                servers.stop()
            case "reset":
                servers.reset()
            case "status":
                status = servers.status()
                _say(_line("Kafka", status.kafka))
                _say(_line("PostgreSQL", status.database))
                return 0 if status.running else 1
    except ServerFailure as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


def _line(name: str, server: ServerStatus) -> str:
    if server.pid is None:
        return f"{name:<10} does not run"
    state = "answers" if server.answers else "runs, but does not answer"
    return f"{name:<10} {state}: port {server.port}, process {server.pid}, log {server.log}"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
