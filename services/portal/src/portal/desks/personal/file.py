"""The file of one person: everything as JSON, and the same to read, with headings in both languages. Pure."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from portal.web.text import Text

PAGE = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
    "<style>body{{font:15px/1.5 sans-serif;margin:2rem;max-width:70rem}}"
    "table{{border-collapse:collapse;margin:.5rem 0}}"
    "th,td{{border:1px solid #bbb;padding:.25rem .6rem;text-align:left;vertical-align:top}}</style></head>"
    "<body><h1>{title}</h1>{parts}</body></html>"
)
Words = Callable[[str, str], str]
"""A heading by family and name, in both languages."""


def in_both(texts: Sequence[Text]) -> Words:
    """Headings in every language of these; a name without one stands as it is."""

    def words(family: str, name: str) -> str:
        key = f"personal.{family}.{name}"
        return " ".join(dict.fromkeys(text(key) if text.has(key) else name for text in texts))

    return words


def zipped(owners: Mapping[str, Mapping[str, Any]], words: Words, title: str, language: str) -> bytes:
    """`data.json` with what each owner told, and `data.html` with the same in tables."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("data.json", json.dumps(owners, ensure_ascii=False, indent=1, sort_keys=True))
        parts = "".join(_owner(name, told, words) for name, told in owners.items())
        files.writestr("data.html", PAGE.format(language=language, title=escape(title), parts=parts))
    return written.getvalue()


def _owner(name: str, told: Mapping[str, Any], words: Words) -> str:
    found = f"<h2>{escape(words('owner', name))}</h2>"
    for part, value in _parts(told):
        rows = [value] if isinstance(value, Mapping) else value
        found += f"<h3>{escape(words('part', part))}</h3>{_table(rows, words)}"
    return found


def _parts(told: Mapping[str, Any]) -> Sequence[tuple[str, Any]]:
    """Every list and every record of it, those that stand deeper too; single figures are in the JSON."""
    found: list[tuple[str, Any]] = []
    for name, value in told.items():
        if name == "parts":
            found += value.items()
        elif isinstance(value, list | Mapping):
            found.append((name, value))
    return found


def _table(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    if not rows:
        return f"<p>{escape(words('none', 'here'))}</p>"
    columns = list(dict.fromkeys(name for row in rows for name in row))
    head = "".join(f"<th>{escape(words('field', name))}</th>" for name in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(_cell(row.get(name)))}</td>" for name in columns) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
