"""Reads the files of a programme folder so that every complaint names file and line."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

Row = TypeVar("Row", bound=BaseModel)


class _Loader(yaml.CSafeLoader):
    """Leaves dates as text: the model reads them, and a date that cannot be is complained about in its line."""

    yaml_implicit_resolvers = {  # noqa: RUF012  the base class declares it as an instance's
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@dataclass(frozen=True)
class Placed(Generic[Row]):
    """A row and the line it stands in."""

    row: Row
    line: int


class WrongFile(Exception):  # noqa: N818  it is the answer to a start, printed as it is
    """Programme or rule files cannot be meant. One line a complaint: `folder/file:line: field: what`."""

    def __init__(self, complaints: Iterable[str]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("\n".join(self.complaints))


class Folder:
    """A programme folder. Complaints are collected, so that one start shows all of them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.complaints: list[str] = []

    def complain(self, file: str, line: int, field: str, what: str) -> None:
        """Remembers what is wrong; `finish` refuses."""
        self.complaints.append(f"{self.root.name}/{file}:{line}: {field}: {what}")

    def finish(self) -> None:
        """Raises `WrongFile` when anything was complained about."""
        if self.complaints:
            raise WrongFile(self.complaints)

    def rows(self, file: str, model: type[Row], *, key: Callable[[Row], str]) -> dict[str, Placed[Row]]:
        """The rows of a CSV file by their key, each with its line; empty cells are absent."""
        text = self._text(file)
        reader = csv.reader(text.splitlines(keepends=True), strict=True)
        found: dict[str, Placed[Row]] = {}
        try:
            head = next(reader, [])
            for name in {n for n in head if head.count(n) > 1} | (set(head) - set(model.model_fields)):
                self.complain(file, 1, name or "(empty)", "no such column, or twice")
            start = reader.line_num + 1
            for cells in reader:
                line, start = start, reader.line_num + 1
                if len(cells) != len(head):
                    self.complain(file, line, "(row)", f"{len(cells)} cells, {len(head)} columns")
                    continue
                cell = {n: c.strip() for n, c in zip(head, cells, strict=True) if c.strip()}
                row = self._valid(file, model, cell, lambda _, line=line: line)  # type: ignore[misc]
                if row is None:
                    continue
                name = key(row)
                if name in found:
                    self.complain(file, line, head[0], f"{name} is already in line {found[name].line}")
                found[name] = Placed(row, line)
        except csv.Error as error:
            self.complain(file, reader.line_num, "(row)", str(error))
        return found

    def tree(self, file: str, model: type[Row]) -> tuple[Row, dict[tuple[str, ...], int]]:
        """A YAML file as the model, and the line of every entry; raises at once when it cannot be."""
        value, lines = self.raw_tree(file)

        def line_of(loc: tuple[int | str, ...]) -> int:
            path = tuple(str(step) for step in loc)
            while path not in lines:
                path = path[:-1]
            return lines[path]

        row = self._valid(file, model, value, line_of)
        if row is None:
            raise WrongFile(self.complaints)
        return row, lines

    def raw_tree(self, file: str) -> tuple[Any, dict[tuple[str, ...], int]]:
        """What a YAML file holds, and the line of every entry."""
        text = self._text(file)
        try:
            loader = _Loader(text)
            node = loader.get_single_node()
            lines: dict[tuple[str, ...], int] = {(): 1}
            if node is not None:
                self._lines(file, node, (), lines)
            return loader.construct_document(node) if node is not None else None, lines
        except (yaml.MarkedYAMLError, ValueError) as error:
            mark = getattr(error, "problem_mark", None)
            what = getattr(error, "problem", None) or str(error)
            self.complain(file, mark.line + 1 if mark else 1, "(yaml)", what)
            raise WrongFile(self.complaints) from error

    def files(self, pattern: str) -> list[str]:
        """Files of the folder, by name relative to it."""
        return sorted(p.relative_to(self.root).as_posix() for p in self.root.glob(pattern))

    def _lines(
        self, file: str, node: yaml.Node, path: tuple[str, ...], lines: dict[tuple[str, ...], int]
    ) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                here = (*path, str(key.value))
                if here in lines:
                    self.complain(
                        file, key.start_mark.line + 1, str(key.value), f"already in line {lines[here]}"
                    )
                lines[here] = key.start_mark.line + 1
                self._lines(file, value, here, lines)
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                here = (*path, str(index))
                lines[here] = value.start_mark.line + 1
                self._lines(file, value, here, lines)

    def _text(self, file: str) -> str:
        try:
            return (self.root / file).read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            what = "the file is missing"
        except (OSError, UnicodeDecodeError) as error:
            what = f"cannot be read as UTF-8 text: {error}"
        self.complain(file, 1, "(file)", what)
        raise WrongFile(self.complaints)

    def _valid(
        self, file: str, model: type[Row], value: Any, line_of: Callable[[tuple[int | str, ...]], int]
    ) -> Row | None:
        try:
            return model.model_validate(value)
        except ValidationError as error:
            for problem in error.errors(include_url=False):
                field = ".".join(map(str, problem["loc"])) or "(row)"
                self.complain(file, line_of(problem["loc"]), field, problem["msg"])
            return None
