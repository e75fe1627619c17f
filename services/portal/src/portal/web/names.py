"""What codes and ids are called in the reader's language."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from contracts.programme import Programmes
from contracts.sentences import all_sentences, all_words
from portal import directory
from portal.boards.house import college_row, enterprise_row, person_row
from portal.known import known
from portal.scope import Scope
from portal.web.text import Text
from servicekit.db import Tx

COLLEGES = select(college_row.c.college_id, college_row.c.name, college_row.c.name_en)
ENTERPRISES = select(enterprise_row.c.enterprise_id, enterprise_row.c.name, enterprise_row.c.name_en)

PEOPLE = select(person_row.c.person_id).where(
    person_row.c.person_id == any_(bindparam("people", type_=ARRAY(Uuid)))
)
NOBODY = Scope()
DECLINE = "decline."
COUNTED = frozenset({"others.barred"})
"""Reasons that count another rule's people: in our own words."""
NUMBERED = re.compile(r"L\d")


@dataclass(frozen=True)
class Names:
    """Names in one language; whatever is not known shows as its code or number."""

    text: Text
    programmes: Programmes
    organisations: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[UUID, directory.Named] = field(default_factory=dict)
    called: Mapping[str, str] = field(default_factory=dict)
    """An organisation's own name -> its name in this language."""

    @property
    def _english(self) -> bool:
        return self.text.language == "en"

    def organisation(self, id_: str | None, otherwise: str | None = None) -> str:
        """An enterprise, college or union; without its code by `otherwise`, the name it has of its own."""
        own = self.called.get(otherwise, otherwise) if otherwise else None
        return self.organisations.get(id_ or "", own or id_ or "—")

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
        """The level as people say it: 四级 / L4; those without a number by their name."""
        row = self.programmes.levels.get(code)
        if row is None or (self._english and NUMBERED.fullmatch(code)):
            return code
        return row.name_en if self._english else row.name_zh.partition("/")[0]

    def level_whole(self, code: str) -> str:
        """The level as a certificate says it: 四级/中级工 / Level 4 / intermediate worker."""
        row = self.programmes.levels.get(code)
        return code if row is None else (row.name_en if self._english else row.name_zh)

    def division(self, code: str) -> str:
        """A county."""
        row = self.programmes.divisions.get(code)
        return code if row is None else (row.name_en if self._english else row.name_zh)

    def unit(self, code: str) -> str:
        """A course unit."""
        row = self.programmes.units.get(code)
        return code if row is None else (row.name_en if self._english else row.name_zh)

    def reason(self, code: str, figures: Mapping[str, Any]) -> str:
        """Why something is so, with the codes among its figures in words."""
        if code.startswith(DECLINE) and not self.text.has(f"reason.{code}"):
            return self._declining(code)
        return self._of_a_programme(code) or self.text.reason(code, self._words(figures))

    def in_full(self, code: str, figures: Mapping[str, Any]) -> str:
        """The same with every figure: the rule's own sentence before our short word for it."""
        words = self._words(figures)
        if code in all_sentences() and code not in COUNTED:
            return self.text.sentence(code, words)
        return self.text.reason(code, words)

    def _words(self, figures: Mapping[str, Any]) -> Mapping[str, Any]:
        words: Mapping[str, Callable[[str], str]] = {
            "band": self.band, "level": self.level, "held": self.level, "needed": self.level,
            "occupation": self.occupation, "unit": self.unit, "division": self.division,
            "college": self.organisation, "person": self.person, "state": self.state,
            "rule": lambda code: self.text.reason(code, {}), "title": self.worded("title"),
            "diploma": self.worded("diploma"),
        }  # fmt: skip

        def said(name: str, value: Any) -> Any:
            if not isinstance(value, str):
                return value
            return words[name](value) if name in words else self.text.dated(value)

        return {name: said(name, value) for name, value in figures.items()}

    def worded(self, figure: str) -> Callable[[str], str]:
        """What refusals call a code of this figure."""
        words = all_words()[figure]
        return lambda code: words[code][self.text.language] if code in words else code

    def _of_a_programme(self, code: str) -> str | None:
        """What a programme or the rules list in words of their own: reasons, excuses, incidents, materials."""
        for each in self.programmes.rules.delivery.excuses.value:
            if each.code == code:
                return each.en if self._english else each.zh
        for programme in self.programmes.programmes.values():
            for known_ in (
                programme.return_reasons,
                programme.order_return_reasons,
                programme.order_cancel_reasons,
                programme.claim_cut_reasons,
                programme.reveal_reasons,
                programme.session_incidents,
                programme.session_materials,
            ):
                if (own := known_.get(code)) is not None:
                    return own.en if self._english else own.zh
        personal = self.programmes.rules.personal
        said = personal.export_reasons.get(code) or personal.erasure_reasons.get(code)
        return None if said is None else said.en if self._english else said.zh

    def _declining(self, code: str) -> str:
        """A college's reason of a programme's own, in the programme's words."""
        for programme in self.programmes.programmes.values():
            words = programme.decline_reasons.get(code.removeprefix(DECLINE))
            if words is not None:
                return words.en if self._english else words.zh
        return self.text.reason(code, {})

    def state(self, code: str) -> str:
        """The state of a session, as people say it."""
        return self.text.or_code("session_state", code)

    def band(self, code: str) -> str:
        """A band of the day."""
        row = self.programmes.bands.get(code)
        return code if row is None else (row.name_en if self._english else row.name_zh)


async def names_for(tx: Tx, text: Text, scope: Scope = NOBODY, people: Iterable[UUID] = ()) -> Names:
    """The names of all organisations, and of those of these people whose names may be read in this scope."""
    english = text.language == "en"
    rows = [row for query in (COLLEGES, ENTERPRISES) for row in await tx.execute(query)]
    found = {row[0]: (row.name_en or row.name) if english else row.name for row in rows}
    programmes = known(tx).programmes
    unions = {id_: row.name_en if english else row.name_zh for id_, row in programmes.demo.unions.items()}
    named = await tx.execute(PEOPLE.where(scope.people()), {"people": list(people)})
    people_named = await directory.names_of(tx, [row[0] for row in named])
    own = {row.name_zh: unions[id_] for id_, row in programmes.demo.unions.items()}
    called = own | {row.name: found[row[0]] for row in rows}
    return Names(text, programmes, unions | found, people_named, called)
