"""A file with a changed catalogue: read, checked by row, and by the very check of a service's start."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from contracts.programme import Programmes, WrongFile, load
from contracts.refusals import Invalid
from scheduling.catalogue import rules
from scheduling.catalogue.rules import Cells, Checked, Wrong
from servicekit.sheets.reading import TITLE_ROWS, read_sheets

FILE = "catalogue.csv"


def check_file(name: str, content: bytes, folder: Path, programmes: Programmes) -> Checked:
    """What the file says; `Invalid` when there is no catalogue in it. Reads the whole folder: for a thread."""
    for sheet in read_sheets(name, content):
        for at, cells in enumerate(sheet.rows[:TITLE_ROWS]):
            columns = rules.columns_of([_text(cell) for cell in cells])
            if columns is None:
                continue
            first = sheet.first + at
            rows = list(_rows(sheet.rows[at + 1 :], first + 1, columns))
            if not rows:
                raise Invalid("catalogue.no_rows", field="file")
            found = rules.check((first, columns), rows, programmes)
            return found if found.wrong else _as_at_a_start(found, folder)
    raise Invalid("catalogue.no_heading", field="file", within=TITLE_ROWS)


def _as_at_a_start(found: Checked, folder: Path) -> Checked:
    """With the file in its place in a copy of the folder a service would start, or the check says why not."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / folder.name
        shutil.copytree(folder, copy)
        (copy / FILE).write_text(rules.as_file(found.units), encoding="utf-8")
        try:
            load(copy)
        except WrongFile as wrong:
            complaints = (Invalid("catalogue.no_start", complaint=each) for each in wrong.complaints)
            return replace(found, wrong=tuple(Wrong(0, "", each) for each in complaints))
    return found


def _rows(
    rows: Sequence[Sequence[object]], first: int, columns: dict[str, int]
) -> Iterator[tuple[int, Cells]]:
    for number, cells in enumerate(rows, first):
        told = {name: _text(cells[at]) for name, at in columns.items() if at < len(cells)}
        if row := {name: cell for name, cell in told.items() if cell}:
            yield number, row


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip() if cell is not None else ""
