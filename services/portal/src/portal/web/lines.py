"""Words of several lines as people typed them: a browser counts the end of a line once and sends it as two."""

from typing import Any

from pydantic import BeforeValidator


def lines_of(told: Any) -> Any:
    """The same with ends of lines of one character; what is no text is left to whoever checks it."""
    return told.replace("\r\n", "\n") if isinstance(told, str) else told


Lines = BeforeValidator(lines_of)
"""Before the length of a field is looked at: what fitted into the field fits here too."""
