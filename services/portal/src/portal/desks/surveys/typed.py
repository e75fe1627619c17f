"""What an enterprise typed into the form of a survey. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contracts.programme import Programmes
from portal.desks.enterprise.typed import occupation_code, occupation_option
from portal.desks.surveys.asked import NeedSeen
from portal.web.text import Text

NAMED = re.compile(r"n(\d{1,2})\.service")
FIELDS = ("service", "occupation", "level", "heads", "problem", "shift_pattern")
MOST, LONGEST = 50, 200
MOST_HEADS = 100_000


@dataclass(frozen=True)
class TypedNeed:
    """A need as it stands in the form."""

    at: int
    service: str = ""
    occupation: str = ""
    level: str = ""
    heads: str = ""
    problem: str = ""
    shift_pattern: str = ""

    @property
    def empty(self) -> bool:
        """Nobody filled it in."""
        return not (self.occupation or self.heads)


def needs_of(form: Mapping[str, str]) -> list[TypedNeed]:
    """The needs of a form by their number."""
    numbers = sorted({int(found[1]) for name in form if (found := NAMED.fullmatch(name))})[:MOST]
    return [
        TypedNeed(at, **{name: form.get(f"n{at}.{name}", "").strip()[:LONGEST] for name in FIELDS})
        for at in numbers
    ]


def shown_again(needs: Sequence[NeedSeen], programmes: Programmes, *, english: bool) -> list[TypedNeed]:
    """An answer as the form shows it."""
    return [
        TypedNeed(
            at, need.service, occupation_option(need.occupation, programmes, english=english), need.level or "",
            str(need.heads), need.problem or "", need.shift_pattern or "",
        )
        for at, need in enumerate(needs, 1)
    ]  # fmt: skip


def with_room(needs: Sequence[TypedNeed]) -> list[TypedNeed]:
    """The needs and one more to be filled in, numbered anew."""
    filled = [one for one in needs if not one.empty]
    return [replace(one, at=at) for at, one in enumerate([*filled, TypedNeed(0)], 1)]


def wanting(needs: Sequence[TypedNeed], programmes: Programmes, text: Text) -> list[tuple[str, str]]:
    """What stands against sending it: the field to go to, and why."""
    filled = [one for one in needs if not one.empty]
    if not filled:
        return [("n1-occupation", text("survey.wants_need"))]
    found = []
    for one in filled:
        if occupation_code(one.occupation, programmes) not in programmes.occupations:
            unclear = "of.occupation_unclear" if one.occupation else "of.wants_occupation"
            found.append((f"n{one.at}-occupation", text(unclear)))
        if not one.heads.isdecimal() or not 0 < int(one.heads) <= MOST_HEADS:
            found.append((f"n{one.at}-heads", text("survey.wants_heads")))
    return found


def body_of(needs: Sequence[TypedNeed], programmes: Programmes) -> list[dict[str, Any]]:
    """The needs as order-intake takes them."""
    return [
        {
            "service": one.service,
            "occupation": occupation_code(one.occupation, programmes),
            "heads": int(one.heads),
            "level": one.level or None,
            "problem": one.problem or None,
            "shift_pattern": one.shift_pattern or None,
        }
        for one in needs
        if not one.empty
    ]
