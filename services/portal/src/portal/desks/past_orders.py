"""Orders that have ended, and an enterprise's others, by what is asked for: nobody waits for all that is stored."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import String, cast, false, or_, select, true

from portal.boards.cards import Line, OrderCard
from portal.boards.orders import order_card
from portal.desks.orders import AT_ITS_END, cards_where
from portal.scope import Condition, Scope
from portal.web.names import Names
from servicekit.db import Tx

_LINES: TypeAdapter[tuple[Line, ...]] = TypeAdapter(tuple[Line, ...])
DIGITS = re.compile(r"[0-9]+")
EVALUATED = cast(order_card.c.batches, String) != "{}"


@dataclass(frozen=True)
class Other:
    """Another order of an enterprise."""

    order_id: UUID
    number: str
    state: str
    lines: tuple[Line, ...]


async def ended(tx: Tx, scope: Scope, *, most: int) -> list[OrderCard]:
    """The orders at their end, the one that changed last first."""
    return await cards_where(tx, scope, AT_ITS_END, most=most)


async def ended_like(
    tx: Tx, scope: Scope, words: Iterable[str], names: Names, *, most: int
) -> list[OrderCard]:
    """Those of them that these words may mean, however long ago; whether they do is `found_by`'s.

    Those whose number it is come first: figures of any number may be in many others, which changed later.
    """
    told = list(words)
    first = or_(false(), *(_number(word) for word in told)) if told else None
    return await cards_where(
        tx, scope, AT_ITS_END, *(_told(word, names) for word in told), most=most, first=first
    )


async def evaluated(tx: Tx, scope: Scope, *, most: int) -> list[OrderCard]:
    """Those of them that had an evaluation."""
    return await cards_where(tx, scope, AT_ITS_END, EVALUATED, most=most)


async def others_of(tx: Tx, scope: Scope, enterprise: str, but: UUID) -> list[Other]:
    """The enterprise's other orders, the newest first."""
    wanted = select(order_card.c.order_id, order_card.c.number, order_card.c.state, order_card.c.lines).where(
        scope.orders(),
        order_card.c.enterprise_id == enterprise,
        order_card.c.order_id != but,
        order_card.c.state != "",
    )
    found = [
        Other(row.order_id, row.number, row.state, _LINES.validate_python(row.lines))
        for row in await tx.execute(wanted)
    ]
    return sorted(found, key=lambda one: serial(one.number), reverse=True)


def serial(number: str) -> tuple[str, int]:
    """What orders are sorted by: the ten-thousandth of a year comes after the one before it."""
    year, _, serial = number.partition("-")
    return year, int(serial or 0)


def _told(word: str, names: Names) -> Condition:
    """What of an order's row may have the word: its number, its enterprise, its place, its trades and levels."""
    known = names.programmes
    trades = [*_named(word, {code: names.occupation(code) for code in known.occupations})]
    trades += _named(word, {code: names.level(code) for code in known.levels})
    return or_(
        *((true(),) if word.casefold() in _frame(names) else ()),
        *(_figure(digits) for digits in DIGITS.findall(word)),
        order_card.c.number.icontains(word, autoescape=True),
        order_card.c.enterprise_name.icontains(word, autoescape=True),
        order_card.c.enterprise_id.in_(_named(word, names.organisations)),
        order_card.c.division.in_(_named(word, {code: names.division(code) for code in known.divisions})),
        *(cast(order_card.c.lines, String).contains(f'"{code}"', autoescape=True) for code in trades),
    )


def _frame(names: Names) -> str:
    """The words that stand on every card, whatever the order: a search for them bars none."""
    text = names.text
    parts = (text("card.what", occupation="", level="", count=count) for count in (1, 2))
    return " ".join((*parts, text("card.of_enterprises", count=2), text("card.of_own", count=2))).casefold()


def _figure(digits: str) -> Condition:
    """How many people the card names; of a joint order it names one's own, or the enterprises, which are counted."""
    heads = order_card.c.lines[0]["heads"].as_string()
    return or_(heads.contains(digits), order_card.c.joint == order_card.c.order_id)


def _number(word: str) -> Condition:
    """That it is the order's number, or its number within some year."""
    serial = order_card.c.number.endswith(f"-{word:0>4}", autoescape=True)
    return or_(order_card.c.number == word, serial)


def _named(word: str, called: Mapping[str, str]) -> list[str]:
    return [code for code, name in called.items() if word.casefold() in name.casefold()]
