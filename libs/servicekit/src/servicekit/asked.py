"""What may be asked for at all: the base of every request's body."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator
from pydantic_core import PydanticCustomError

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Days outside cannot be meant, and their weeks and time zones cannot be reckoned with."""


class Request(BaseModel):
    """Base of what is asked for: unknown fields are refused, text is stripped.

    Days lie between 1900 and 2199, and no text holds a NUL or half a character.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    @field_validator("*")
    @classmethod
    def _can_be_meant(cls, value: Any) -> Any:
        for one in _all_in(value):
            if isinstance(one, date) and not FIRST_YEAR <= one.year <= LAST_YEAR:
                raise PydanticCustomError("day_out_of_range", "a day between 1900 and 2199 is expected")
            if isinstance(one, str) and _unreadable(one):
                raise PydanticCustomError("forbidden_character", "a character that is none")
        return value


def _all_in(value: Any) -> Iterable[Any]:
    """The value, and all that it holds."""
    yield value
    if isinstance(value, Request):
        return  # looked through when it was made
    if isinstance(value, BaseModel):
        value = dict(value)
    if isinstance(value, Mapping):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _all_in(one)


def _unreadable(text: str) -> bool:
    return not text.isprintable() and any(
        character == "\0" or "\ud800" <= character <= "\udfff" for character in text
    )
