"""What is wrong with a field of a request, in our own words: pydantic speaks English only."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from contracts.sentences import sentences_of

FORMS: Sequence[tuple[str, str]] = (
    ("missing", "field.missing"),
    ("extra_forbidden", "field.unknown"),
    ("day_out_of_range", "field.day_out_of_range"),
    ("forbidden_character", "field.forbidden_character"),
    ("string_pattern_mismatch", "field.pattern"),
    ("(string_)?too_long", "field.too_long"),
    ("(string_)?too_short", "field.too_short"),
    ("greater_than(_equal)?|less_than(_equal)?", "field.out_of_range"),
    ("int_.*", "field.no_whole_number"),
    ("decimal_.*|float_.*|finite_number", "field.no_number"),
    ("datetime_.*|timezone_.*", "field.no_moment"),
    ("date_.*", "field.no_date"),
    ("uuid_.*", "field.no_id"),
    ("bool_.*", "field.no_truth_value"),
    ("enum|literal_error", "field.no_such_choice"),
    ("string_type|string_unicode", "field.no_text"),
    ("(list|tuple|set|frozen_set)_type", "field.no_list"),
    ("model_type|model_attributes_type|dict_type|dataclass_type", "field.no_object"),
)
"""Kinds of pydantic's errors and our code for them, the first that fits."""
FIGURES: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "field.pattern": lambda told: {"pattern": told.get("pattern", "")},
    "field.too_long": lambda told: {"most": told.get("max_length", "")},
    "field.too_short": lambda told: {"least": told.get("min_length", "")},
    "field.out_of_range": lambda told: {"range": _range(told)},
    "field.no_such_choice": lambda told: {"choices": ", ".join(_quoted(str(told.get("expected", ""))))},
}
"""What is filled into the sentence, of what pydantic tells."""
SIGNS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}


class FieldProblem(BaseModel):
    """What is wrong with one field. `field` is its path in the request, `body.lines.0.level`."""

    field: str
    code: str
    sentences: dict[str, str]


def field_problem(error: Mapping[str, Any]) -> FieldProblem:
    """One of pydantic's errors as it is told to people."""
    kind = str(error.get("type", ""))
    code = next((code for form, code in FORMS if re.fullmatch(form, kind)), "field.invalid")
    told = error.get("ctx") or {}
    figures = FIGURES[code](told) if code in FIGURES else {"problem": error.get("msg", "")}
    return FieldProblem(field=path(error.get("loc", ())), code=code, sentences=sentences_of(code, figures))


def path(place: Sequence[Any]) -> str:
    """Where in the request it is: `body.lines.0.level`, `header.if-match`."""
    return ".".join(
        str(step).lower() if at == 1 and place[0] == "header" else str(step) for at, step in enumerate(place)
    )


def _range(told: Mapping[str, Any]) -> str:
    return next((f"{sign} {told[name]}" for name, sign in SIGNS.items() if name in told), "")


def _quoted(text: str) -> list[str]:
    """The choices of pydantic's list, `'am', 'pm' or 'eve'`."""
    return re.findall(r"'([^']*)'", text) or [text]
