"""What the service was started with and never changes: programmes, rule data, the key of the blind index."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import cast

from contracts.programme import Programme, Programmes
from contracts.refusals import Invalid, NotAllowed
from servicekit.db import Tx
from servicekit.identity import Actor


@dataclass(frozen=True, slots=True)
class Known:
    """Programmes and rule data, and the key that makes worker ids."""

    programmes: Programmes
    index_key: bytes = field(repr=False)

    def programme(self, code: str) -> Programme:
        """The programme of this code; `intake.programme_unknown`."""
        programme = self.programmes.programmes.get(code)
        if programme is None:
            raise Invalid("intake.programme_unknown", field="programme", programme=code)
        return programme

    def levels_of(self, programme: str) -> Mapping[str, frozenset[str]]:
        """The levels of a programme that each occupation has; where its standard names none, all of them."""
        one = self.programme(programme)
        return {code: self.programmes.levels_of(code, one) for code in self.programmes.occupations}

    def crews(self, shift_pattern: str) -> tuple[str, ...]:
        """The crews of a shift pattern, A first."""
        return tuple(ascii_uppercase[: self.programmes.shifts[shift_pattern].crews])

    def level_names(self) -> dict[str, str]:
        """Level codes by every name they go by, in lower case: `l4`, `四级`, `中级工`, `4`."""
        names: dict[str, str] = {}
        for level in self.programmes.levels.values():
            words = [level.id, *level.name_zh.split("/"), level.short_zh, *level.name_en.split("/")]
            words += [f"{words[1]}/{level.short_zh}", level.name_zh, level.name_en]
            if level.cert_level_code is not None:
                words.append(str(level.cert_level_code))
            names |= {word.strip().lower().replace(" ", ""): level.id for word in words}
        return names


def known(tx: Tx) -> Known:
    """What the service of this transaction was started with."""
    return cast(Known, tx.known)


def organisation_of(by: Actor) -> str:
    """The organisation somebody acts for; `intake.organisation_missing` when their token names none."""
    if not by.organisation:
        raise NotAllowed("intake.organisation_missing")
    return by.organisation
