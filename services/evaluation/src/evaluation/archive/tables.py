"""Tables of the archive as CSV that Excel and WPS open: with a byte order mark, and no cell that is a formula. Pure."""

import csv
import io
from collections.abc import Iterable, Sequence

from servicekit.packs import File

FORMULA = ("=", "+", "-", "@", "\t", "\r")
Cell = str | int | None


def table(path: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> File:
    """A table; an empty one still has its head, so that nothing being there is a statement."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_cell(each) for each in row] for row in rows)
    return File(path, written.getvalue().encode("utf-8-sig"))


def _cell(value: Cell) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
