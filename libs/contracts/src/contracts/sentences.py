"""The sentence of every refusal code, in both languages: `refusals/<room>.yaml`, one file per service.

    order.not_submitted: {zh: "订单不是待接单状态（{state}）", en: "The order does not wait for an answer ({state})"}

`{parameter}` is filled from the refusal; where it is a code of ours (a state, a role) by its word in `words.yaml`,
where it is another rule (`{rule}`) by that rule's sentence. A noun may call a state otherwise than the rest do: an
offer is declined, a scheme given back; `scheme.state` has such words for the codes that begin with `scheme.`.
A code without sentence shows as itself; `make check` refuses that.
"""

import contextlib
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("zh", "en")
FOLDER = Path(__file__).with_name("refusals")
WORDS = Path(__file__).with_name("words.yaml")


@cache
def all_sentences() -> dict[str, dict[str, str]]:
    """Code -> language -> sentence, of all rooms; `ValueError` when a code is said twice or lacks a language."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted(FOLDER.glob("*.yaml")):
        for code, sentence in (yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader) or {}).items():
            if code in found:
                raise ValueError(f"{file.name}: {code} has its sentence in another file already")
            if not isinstance(sentence, dict) or set(sentence) != set(LANGUAGES):
                raise ValueError(f"{file.name}: {code} needs exactly zh and en")
            found[code] = sentence
    return found


@cache
def all_words() -> dict[str, dict[str, dict[str, str]]]:
    """Figure, or noun and figure -> code -> language -> word."""
    found: dict[str, dict[str, dict[str, str]]] = yaml.load(
        WORDS.read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    return found


def _worded(of: str, parameters: dict[str, Any], language: str) -> dict[str, Any]:
    """The figures of the refusal `of`, with words for our codes."""
    told, noun = dict(parameters), of.partition(".")[0]
    for name, common in all_words().items():
        words = common | all_words().get(f"{noun}.{name}", {})
        if isinstance(told.get(name), str):
            parts = told[name].split(", ")
            between = "、" if language == "zh" else ", "
            told[name] = between.join(words[part][language] if part in words else part for part in parts)
    rule = all_sentences().get(str(told.get("rule")))
    if rule is not None:
        with contextlib.suppress(KeyError):  # its figures are not told here: the code remains
            told["rule"] = rule[language].format_map(_figures_of_rule(told))
    return told


def _figures_of_rule(told: dict[str, Any]) -> dict[str, Any]:
    """The first reason that stands against it has the rule's figures."""
    reasons = told.get("reasons")
    return reasons[0]["figures"] if isinstance(reasons, list) and reasons else told


class _Known(dict[str, Any]):
    """A parameter that the refusal lacks stays visible as its name."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def sentences_of(code: str, parameters: dict[str, Any]) -> dict[str, str]:
    """The refusal in every language, filled in."""
    known = all_sentences().get(code)
    if known is None:
        return dict.fromkeys(LANGUAGES, code)
    return {
        language: known[language].format_map(_Known(_worded(code, parameters, language)))
        for language in LANGUAGES
    }
