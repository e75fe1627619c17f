"""Every reason that a service can put into a fact has its words on the portal's pages, in both languages."""

import ast
import re
from pathlib import Path

import pytest

from contracts.programme import load
from contracts.sentences import all_sentences
from portal.web.text import catalogue

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for room in ("libs", "services") for path in ROOT.glob(f"{room}/**/src/**/*.py"))
CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
MAKERS = {"because", "reason", "Reason", "_because", "_reason"}


def codes() -> dict[str, str]:
    """Code -> where it is said; those of programmes and of the season too."""
    found = {}
    for path in SOURCES:
        for call in (
            node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)
        ):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            given = [*call.args[:1], *(word.value for word in call.keywords if word.arg == "code")]
            for each in given:
                if name in MAKERS and isinstance(each, ast.Constant) and CODE.fullmatch(str(each.value)):
                    found[str(each.value)] = f"{path.relative_to(ROOT)}:{call.lineno}"
    for programme in load(ROOT / "programmes").programmes.values():
        found |= {f"decline.{each}": programme.code for each in programme.decline_reasons}
    for path in ROOT.glob("cli/src/**/season/**/*.py"):  # what people of the demonstration give as a reason
        found |= dict.fromkeys(re.findall(r'"code": "([a-z_.]+)"', path.read_text("utf-8")), path.name)
    return found


CODES = codes()


def test_there_are_such_codes():
    assert {"person.away", "order.production_peak", "load.day", "decline.own_lessons"} <= CODES.keys()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_reason_has_its_words(language):
    without = {
        code: at
        for code, at in CODES.items()
        if f"reason.{code}" not in catalogue(language) and code not in all_sentences()
    }
    assert without == {}


PLANNING = ("clause", "signer", "deputy", "pin", "run", "scenario", "improvement", "unlock", "cut", "band")


@pytest.mark.parametrize("word", PLANNING)
def test_the_words_of_planning_are_the_glossarys(word):
    term = load(ROOT / "programmes").glossary[word]
    said = " ".join(str(text) for text in catalogue("zh").values())
    assert term.zh in said
    assert any(
        re.search(rf"\bclass {word.title()}", path.read_text("utf-8"))
        or re.search(rf"\bdef \w*{word}", path.read_text("utf-8"))
        for path in SOURCES
    )
