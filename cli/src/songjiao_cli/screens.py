"""Where the command prints: a terminal is as wide as it is, a file or a pipe as wide as what is printed."""

import os
from typing import Any

from rich.console import Console

WIDE = 400
"""Characters of a line where nobody's window is the measure: wider than any table of ours."""


def screen(*, stderr: bool = False, **more: Any) -> Console:
    """Standard output or error; somebody who sets COLUMNS is asked no more."""
    usual = Console(stderr=stderr, **more)
    if usual.is_terminal or "COLUMNS" in os.environ:
        return usual
    return Console(stderr=stderr, width=WIDE, **more)
