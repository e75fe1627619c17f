"""The two files that are handed out: one order's story with its proof, and the whole log."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from servicekit.seal.chain import Publication, Story, Window


class NoProof(Exception):  # noqa: N818  said to a person
    """The file is not what it should be; the message says where."""


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OrderProof(_Form):
    """All that any service has said about one order, under a published root."""

    proof: Literal["songjiao order 1"] = "songjiao order 1"
    order: str
    publication: Publication
    stories: dict[str, Story]


class LogHead(_Form):
    """First line of the whole log; each other line is a window."""

    proof: Literal["songjiao log 1"] = "songjiao log 1"
    publication: Publication


class LogWindow(_Form):
    """A window with what was sent in it: the bytes in UTF-8, in the order sent."""

    service: str
    window: Window
    bodies: tuple[str, ...]


F = TypeVar("F", bound=_Form)


def open_proof(path: Path) -> "OrderProof | Log":
    """What stands in the file; `NoProof` when that is neither."""
    file = path.open(encoding="utf-8")
    try:
        first = file.readline()
        if '"songjiao log 1"' in first:
            return Log(path, file, _read(LogHead, first, path, 1).publication)
        with file:
            return _read(OrderProof, first + file.read(), path, 1)
    except UnicodeDecodeError as wrong:
        raise NoProof(f"{path} is no proof: it is not text in UTF-8") from wrong


class Log:
    """The whole log, read window by window."""

    def __init__(self, path: Path, rest: IO[str], publication: Publication) -> None:
        self._path = path
        self._rest = rest
        self.publication = publication

    def windows(self) -> Iterator[LogWindow]:
        """Each once, in the order of the file."""
        with self._rest:
            for number, line in enumerate(self._rest, start=2):
                yield _read(LogWindow, line, self._path, number)


def _read(form: type[F], text: str, path: Path, line: int) -> F:
    try:
        return form.model_validate_json(text)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(map(str, first["loc"]))
        where = f"line {line}" + (f", {place}" if place else "")
        raise NoProof(f"{path} is no proof of `songjiao seal export`: {where}: {first['msg']}") from wrong
