"""Whether somebody's name or ID number stands where none may: in facts, kept answers, rows, logs.

Names of workers and of people who are sent, and ID numbers, are the installation's own, read with its key; nothing of
them is told again: a line says where something stands and of how many people, never whose or what.
"""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg
import orjson
from sqlalchemy.engine.default import DefaultDialect

from servicekit.columns import EncryptedText, use_data_key
from songjiao_cli.verify.log import RawFact

Environment = Mapping[str, str]
"""What a service of the installation is started with."""
DIALECT = DefaultDialect()
PERSONAL = {
    "order_intake": {"roster_person.name": "name", "roster_person.id_number": "number"},
    "evaluation": {"directory.name": "name"},
    "instructor_dispatch": {"person.name": "name"},
}
"""Where names and ID numbers are kept, encrypted, by database: what is looked for everywhere else."""
ORGANISATIONS = {
    "order_intake": "select name from enterprise",
    "instructor_dispatch": "select name from college",
}
"""An organisation's name may stand anywhere, and may have a person's in it."""
TABLES = """
select table_name from information_schema.tables
where table_schema = 'public' and table_type = 'BASE TABLE' order by 1"""
DATABASES = ("order_intake", "scheduling", "instructor_dispatch", "evaluation", "portal")
NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·]{2,}")
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
LETTERS = re.compile(r"[^\W\d_]", re.UNICODE)
LEAST_OF_A_WORD = 5
"""A name in another script than Chinese is looked for from so many letters on: shorter ones are words, too."""


@dataclass(frozen=True)
class Sought:
    """Who is looked for."""

    names: frozenset[str]
    numbers: frozenset[str]
    organisations: frozenset[str] = frozenset()
    _lengths: tuple[int, ...] = field(init=False, default=())
    _other: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        han = {name for name in self.names if HAN.fullmatch(name)}
        object.__setattr__(self, "_lengths", tuple(sorted({len(name) for name in han})))
        other = sorted(name for name in self.names - han if len(LETTERS.findall(name)) >= LEAST_OF_A_WORD)
        object.__setattr__(self, "_other", tuple(other))

    def within(self, content: str | bytes) -> tuple[int, int]:
        """Of how many people the name stands in it, and of how many the ID number."""
        text = plain(content)
        numbers = {one.upper() for one in NUMBER.findall(text)} & self.numbers
        for organisation in self.organisations:
            text = text.replace(organisation, "\n")
        found = {other for other in self._other if other in text}
        for run in HAN.findall(text):
            for length in self._lengths:
                found |= {run[at : at + length] for at in range(len(run) - length + 1)} & self.names
        return len(found), len(numbers)

    def lines(self, place: str, content: str | bytes) -> list[str]:
        """In words, none when nobody stands in it."""
        names, numbers = self.within(content)
        told = [f"{count} {what}" for count, what in ((names, "names"), (numbers, "ID numbers")) if count]
        return [f"{place}: {' and '.join(told)} of people"] if told else []


def plain(content: str | bytes) -> str:
    """As a person reads it: JSON's and addresses' escapes are taken off."""
    text = content.decode("utf-8", "ignore") if isinstance(content, bytes) else content
    text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return unquote(text, errors="ignore") if "%" in text else text


async def sought(environment: Environment) -> Sought:
    """Everybody on the rosters, in the directories and on the colleges' lists of an installation."""
    use_data_key(environment.get("SONGJIAO_DATA_KEY", ""))
    found: dict[str, set[str]] = {"name": set(), "number": set()}
    organisations: set[str] = set()
    for of, places in PERSONAL.items():
        async with _connected(environment, of) as connection:
            for place, kind in places.items():
                table, column = place.split(".")
                for row in await connection.fetch(f'select "{column}" as told from "{table}"'):  # noqa: S608  our own names
                    found[kind].add(decrypted(place, row["told"]))
    for of, query in ORGANISATIONS.items():
        async with _connected(environment, of) as connection:
            organisations |= {row["name"] for row in await connection.fetch(query)}
    return Sought(frozenset(found["name"]), frozenset(found["number"]), frozenset(organisations))


def decrypted(place: str, stored: bytes) -> str:
    """What an encrypted column says; the key must have been told."""
    return str(EncryptedText(place).process_result_value(stored, DIALECT))


@asynccontextmanager
async def _connected(environment: Environment, database: str) -> AsyncIterator[Any]:
    own = environment.get(f"SONGJIAO_DATABASE_{database.upper()}")
    shared = urlsplit(environment["SONGJIAO_DATABASE"])._replace(path=f"/{database}")
    connection = await asyncpg.connect(own or urlunsplit(shared))
    try:
        yield connection
    finally:
        await connection.close()


async def in_databases(who: Sought, environment: Environment) -> list[str]:
    """Every column of every table of every service, as it lies there: facts, answers and boards among them."""
    lines: list[str] = []
    for of in DATABASES:
        async with _connected(environment, of) as connection:
            for table in [row["table_name"] for row in await connection.fetch(TABLES)]:
                lines += who.lines(f"{of}: table {table}", await _whole(connection, table))
    return lines


async def _whole(connection: Any, table: str) -> str:
    """The cells of a table, one per line; what is encrypted is unreadable here and finds nothing."""
    cells: list[str] = []
    for row in await connection.fetch(f'select * from "{table}"'):  # noqa: S608  a table of ours
        for value in row.values():
            if isinstance(value, bytes):
                cells.append(value.decode("utf-8", "ignore"))
            elif value is not None and not isinstance(value, bool | int | float):
                cells.append(str(value))
    return "\n".join(cells)


def in_logs(who: Sought, logs: Mapping[str, Path]) -> list[str]:
    """What the services have written down while they worked."""
    return [
        line
        for service, path in logs.items()
        if path.exists()
        for line in who.lines(f"the log of {service}", path.read_bytes())
    ]


async def anywhere(facts: Sequence[RawFact], environment: Environment, logs: Mapping[str, Path]) -> list[str]:
    """In facts as they lie on Kafka, in every service's tables, and in their logs."""
    who = await sought(environment)
    return [
        *who.lines("the topics", orjson.dumps(list(facts))),
        *await in_databases(who, environment),
        *in_logs(who, logs),
    ]
