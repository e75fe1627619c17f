"""What codes and ids are called in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from contracts.programme import Programmes
from portal import directory
from portal.boards.house import college_row, enterprise_row
from portal.known import known
from portal.web.text import Text
from servicekit.db import Tx

COLLEGES = select(college_row.c.college_id, college_row.c.name, college_row.c.name_en)
ENTERPRISES = select(enterprise_row.c.enterprise_id, enterprise_row.c.name, enterprise_row.c.name_en)


@dataclass(frozen=True)
class Names:
    """Names in one language; whatever is not known shows as its code or number."""

    text: Text
    programmes: Programmes
    organisations: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[UUID, directory.Named] = field(default_factory=dict)

    @property
    def _english(self) -> bool:
        return self.text.language == "en"

    def organisation(self, id_: str | None, otherwise: str | None = None) -> str:
        """An enterprise, college or union."""
        return self.organisations.get(id_ or "", otherwise or id_ or "—")

    def person(self, id_: object) -> str:
        """Somebody who is sent; a short number while the name is unknown."""
        if id_ is None:
            return self.text("person.open")
        found = self.people.get(UUID(str(id_)))
        return found.name if found else self.text("person.unknown", number=str(id_)[-6:])

    def occupation(self, code: str) -> str:
        """The occupation's name, without what stands in brackets."""
        row = self.programmes.occupations.get(code)
        if row is None:
            return code
        return row.name_en.partition(" (")[0] if self._english else row.name_zh

    def level(self, code: str) -> str:
        """The level as people say it: 四级 / L4."""
        row = self.programmes.levels.get(code)
        if row is None:
            return code
        return code if self._english else row.name_zh.partition("/")[0]

    def division(self, code: str) -> str:
        """A county."""
        row = self.programmes.divisions.get(code)
        return code if row is None else (row.name_en if self._english else row.name_zh)

    def unit(self, code: str) -> str:
        """A course unit."""
        row = self.programmes.units.get(code)
        return code if row is None else (row.name_en if self._english else row.name_zh)

    def band(self, code: str) -> str:
        """A band of the day."""
        row = self.programmes.bands.get(code)
        return code if row is None else (row.name_en if self._english else row.name_zh)


async def names_for(tx: Tx, text: Text, people: Iterable[UUID] = ()) -> Names:
    """The names of all organisations and of these people."""
    english = text.language == "en"
    found = {
        row[0]: (row.name_en or row.name) if english else row.name
        for query in (COLLEGES, ENTERPRISES)
        for row in await tx.execute(query)
    }
    programmes = known(tx).programmes
    unions = {id_: row.name_en if english else row.name_zh for id_, row in programmes.demo.unions.items()}
    return Names(text, programmes, unions | found, await directory.names_of(tx, list(people)))
