"""Has the engine compiled, or read what was compiled before: `python -m scheduling.planner.federation.ready`.

A process of its own, of low priority: two minutes at the very first use of an installation, during which no service
waits. Exit 3 where an installation may not write beside its sources: there the code would be lost with the process.
"""

import os
import sys
from pathlib import Path

NOT_KEPT = 3
LEAST_PRIORITY = 19


class Engine:
    """Whether this process knows that the engine is compiled, and kept."""

    ready = False


def main() -> int:
    """The exit code."""
    os.nice(LEAST_PRIORITY)
    import numba  # noqa: PLC0415  slow to load: whoever only wants to know the codes does not wait

    from scheduling.planner.engine import compiled, solve  # noqa: PLC0415

    beside = Path(compiled.__file__).parent
    if not Path(numba.config.CACHE_DIR).is_relative_to(beside):  # type: ignore[attr-defined]
        return NOT_KEPT
    solve.warm()
    return 0


if __name__ == "__main__":
    sys.exit(main())
