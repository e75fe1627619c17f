"""The rows of a roster that is looked at, carried by the page itself: no server keeps them before they are taken."""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from portal.desks.enterprise.asked import FIELDS, Cell, CellsSeen, RowSeen

MOST_BYTES = 4 * 1024 * 1024
"""What 10,000 rows unpack to at most, with room."""
Carried = tuple[int, list[Cell], bool]
"""A row's number, its cells in the order of `FIELDS`, and whether Excel hides it."""
ROWS: TypeAdapter[list[Carried]] = TypeAdapter(list[Carried])


def packed(rows: Sequence[Carried]) -> str:
    """For a field of the form."""
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode())).decode()


def unpacked(told: str) -> list[Carried]:
    """The rows again; none when the field was not ours."""
    try:
        unpack = zlib.decompressobj()
        text = unpack.decompress(base64.b64decode(told, validate=True), MOST_BYTES)
        return ROWS.validate_json(text) if unpack.eof else []
    except (binascii.Error, zlib.error, ValidationError, ValueError):
        return []


def carried(rows: Sequence[RowSeen]) -> list[Carried]:
    """What was found in a file."""
    found = [(row, row.cells or CellsSeen()) for row in rows]
    return [(row.row, [getattr(cells, name) for name in FIELDS], row.hidden) for row, cells in found]


def mended(rows: Sequence[Carried], typed: Mapping[str, str]) -> list[Carried]:
    """The rows with what was typed into their cells: `e.14.crew`; a cell that was left as it is stays a number."""
    found = []
    for number, cells, hidden in rows:
        told = [typed.get(f"e.{number}.{name}") for name in FIELDS]
        new = [_typed(old, value) for old, value in zip(cells, told, strict=True)]
        found.append((number, new, hidden))
    return found


def _typed(old: Cell, value: str | None) -> Cell:
    return old if value is None or value == shown(old) else value[:500]


def shown(cell: Cell) -> str:
    """A cell as a field shows it; a number without a fraction as Excel would write it out."""
    if cell is None:
        return ""
    return f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell)


def body_of(rows: Sequence[Carried]) -> dict[str, Any]:
    """As order-intake takes them."""
    return {"rows": [{"row": n, "cells": dict(zip(FIELDS, cells, strict=True))} for n, cells, _ in rows]}
