"""Rows of an .xlsx that Excel does not show: who sent the file may have forgotten them."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from xml.parsers import expat

from servicekit.sheets import package
from servicekit.sheets.reading import ZIP

Attributes = Mapping[str, str]
BOOK, WAYS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
TRUE = frozenset({"1", "true"})


def hidden_rows(content: bytes, sheet: str) -> frozenset[int]:
    """Numbers of the sheet's hidden rows, as Excel counts; none for a file of another kind."""
    if not content.startswith(ZIP):
        return frozenset()
    with zipfile.ZipFile(io.BytesIO(package.checked(content))) as parts:
        names = {name.lower(): name for name in parts.namelist()}
        if not {BOOK, WAYS} <= names.keys():
            return frozenset()
        ids = {
            each.get("name"): _local(each).get("id") for each in _elements(parts.read(names[BOOK]), "sheet")
        }
        ways = {
            each.get("Id"): each.get("Target", "")
            for each in _elements(parts.read(names[WAYS]), "Relationship")
        }
        target = ways.get(ids.get(sheet), "").removeprefix("/").removeprefix("xl/")
        part = names.get(f"xl/{target}".lower())
        if part is None:
            return frozenset()
        rows = _elements(parts.read(part), "row")
        return frozenset(int(row["r"]) for row in rows if row.get("hidden") in TRUE and "r" in row)


def _local(attributes: Attributes) -> dict[str, str]:
    """Attributes of other namespaces by their own name: `r:id` is `id`."""
    return {name.rpartition(" ")[2]: value for name, value in attributes.items() if " " in name}


def _elements(text: bytes, name: str) -> Iterator[Attributes]:
    found: list[Attributes] = []

    def begin(each: str, attributes: Attributes) -> None:
        if each.rpartition(" ")[2] == name:
            found.append(dict(attributes))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = begin
    parser.Parse(text, True)  # noqa: FBT003  expat takes no keywords
    yield from found
