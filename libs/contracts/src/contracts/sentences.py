"""The sentence of every refusal code, in both languages: `refusals/<room>.yaml`, one file per service.

    order.not_submitted: {zh: "订单不是待接单状态（{state}）", en: "The order does not wait for an answer ({state})"}

`{parameter}` is filled from the refusal. A code without sentence shows as itself; `make check` refuses that.
"""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("zh", "en")
FOLDER = Path(__file__).with_name("refusals")


@cache
def all_sentences() -> dict[str, dict[str, str]]:
    """Code -> language -> sentence, of all rooms; `ValueError` when a code is said twice or lacks a language."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted(FOLDER.glob("*.yaml")):
        for code, sentence in (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).items():
            if code in found:
                raise ValueError(f"{file.name}: {code} has its sentence in another file already")
            if not isinstance(sentence, dict) or set(sentence) != set(LANGUAGES):
                raise ValueError(f"{file.name}: {code} needs exactly zh and en")
            found[code] = sentence
    return found


class _Known(dict[str, Any]):
    """A parameter that the refusal lacks stays visible as its name."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def sentences_of(code: str, parameters: dict[str, Any]) -> dict[str, str]:
    """The refusal in every language, filled in."""
    known = all_sentences().get(code)
    if known is None:
        return dict.fromkeys(LANGUAGES, code)
    return {language: known[language].format_map(_Known(parameters)) for language in LANGUAGES}
