"""The house's own rules, each as a check over the source."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from contracts.programme_rules import Rules
from contracts.programme_subsidy import Allowance
from contracts.programme_tables import Sourced
from contracts.sentences import all_sentences, all_words
from evaluation.delivery.session import State as DeliveryState
from evaluation.examinations.batch import BatchState
from instructor_dispatch.offers.rules import OfferState
from order_intake.orders.rules import State as OrderState
from scheduling.schemes.rules import State as SchemeState
from scheduling.sessions.rules import State as SessionState
from servicekit.settings import Settings
from servicekit.telemetry import METRICS

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for room in ("libs", "services", "cli") for path in ROOT.glob(f"{room}/**/src/**/*.py"))
COMMITS_AT_THE_EDGE = {
    "cli/src/songjiao_cli/bench/bare.py",  # what the product is measured against
    "cli/src/songjiao_cli/bench/figures.py",  # Kafka offsets
    "cli/src/songjiao_cli/chaos/faults/records.py",  # Kafka offsets, set back on purpose
    "libs/servicekit/src/servicekit/connections.py",
    "libs/servicekit/src/servicekit/consumer.py",
    "libs/servicekit/src/servicekit/db.py",
    "libs/servicekit/src/servicekit/migrate.py",
}
MOST_LINES = 400
DRAWN = ("uuid1(", "uuid4(", "uuid7(", "token_hex(", "token_urlsafe(")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def calls(path: Path):
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))


def of_tests() -> list[Path]:
    return [path for path in tracked(".py") if "/tests/" in named(path) or named(path).startswith("tests/")]


def tracked(*endings: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    names = [name for name in listed.split("\0") if name.endswith(endings)]
    return [ROOT / name for name in names if (ROOT / name).exists()]


def test_nobody_commits_outside_the_edge():
    found = [
        f"{named(path)}:{call.lineno}"
        for path in SOURCES
        if named(path) not in COMMITS_AT_THE_EDGE
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"commit", "rollback"}
    ]
    assert found == []


def refusal_codes() -> dict[str, str]:
    """Every code that source text refuses with -> where."""
    kinds = {"Refused", "NotFound", "NotAllowed", "Conflict", "Invalid"}
    found = {}
    for path in SOURCES:
        for call in calls(path):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            if name in kinds and call.args and isinstance(call.args[0], ast.Constant):
                found[str(call.args[0].value)] = f"{named(path)}:{call.lineno}"
    return found


def test_every_refusal_has_its_sentence_in_both_languages():
    missing = {code: at for code, at in refusal_codes().items() if code not in all_sentences()}
    assert missing == {}


def test_every_sentence_belongs_to_a_code_that_the_source_knows():
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    assert [code for code in all_sentences() if f'"{code}"' not in text] == []


def settings_classes():
    found = [Settings]
    for package in ("order_intake", "scheduling", "instructor_dispatch", "evaluation", "portal"):
        module = pytest.importorskip(f"{package}.settings")
        found += [
            one for one in vars(module).values()
            if isinstance(one, type) and issubclass(one, Settings) and one is not Settings
        ]  # fmt: skip
    return found


def test_every_setting_says_what_it_means():
    silent = [
        f"{one.__name__}.{name}"
        for one in settings_classes()
        for name, field in one.model_fields.items()
        if not field.description
    ]
    assert silent == []


def figures_of(model: type[BaseModel]) -> Iterator[str]:
    """The name of every figure of the rules, wherever it stands in the file."""
    for name, field in model.model_fields.items():
        parts = [field.annotation, *get_args(field.annotation)]
        models = [one for one in parts if isinstance(one, type) and issubclass(one, BaseModel)]
        if any(issubclass(one, Sourced | Allowance) for one in models):
            yield name
        elif models:
            yield from (figure for one in models for figure in figures_of(one))


@cache
def figures_read() -> frozenset[str]:
    """What code reads of a part of the rules (`planning.buffer_minutes`); to check the file is no reading."""
    parts = {
        "rules",
        *Rules.model_fields,
        "limits",
    }  # `limits` = the delivery rules, as a session's rules take them
    return frozenset(
        node.attr
        for path in SOURCES
        if path.name != "programme_checks.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and ast.unparse(node.value).rsplit(".", 1)[-1]
        in parts | ({"self"} if path.name in {"programme_rules.py", "programme_evaluation.py"} else set())
    )


@pytest.mark.parametrize("figure", sorted(figures_of(Rules)))
def test_every_figure_of_the_rules_decides_something(figure):
    assert figure in figures_read(), "what decides nothing stands in background.yaml"


def test_every_metric_says_what_it_means():
    assert METRICS
    assert [metric.name for metric in METRICS if not metric.meaning.endswith(".")] == []


def test_every_reaction_is_named_after_what_follows():
    doors = [
        (path, node)
        for path in ROOT.glob("services/*/src/*/reactions.py")
        for node in tree(path).body
        if isinstance(node, ast.AsyncFunctionDef) and node.decorator_list
    ]
    assert [f"{named(path)}: {node.name}" for path, node in doors if not node.name.startswith("when_")] == []


def test_modules_have_one_reason():
    long = [
        named(path) for path in SOURCES if len(path.read_text(encoding="utf-8").splitlines()) > MOST_LINES
    ]
    assert long == [], f"over {MOST_LINES} lines: split by use case"


def test_nothing_is_left_for_later():
    word = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
    found = [named(path) for path in SOURCES if word.search(path.read_text(encoding="utf-8"))]
    unfinished = [
        f"{named(path)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Raise) and "NotImplementedError" in ast.dump(node)
    ]
    assert found + unfinished == []


def test_tests_wait_for_conditions_and_never_sleep():
    found = [
        f"{named(path)}:{call.lineno}"
        for path in of_tests()
        for call in calls(path)
        if ast.unparse(call.func) == "time.sleep"
    ]
    assert found == []


def test_cases_of_a_test_are_named_alike_in_every_half_of_a_run():
    """A drawn id in a case's name, and the halves collect different tests: the run stops before its first one."""
    found = [
        f"{named(path)}:{call.lineno}"
        for path in of_tests()
        for call in calls(path)
        if ast.unparse(call.func).endswith("parametrize")
        for text in ast.walk(call)
        if isinstance(text, ast.JoinedStr) or (isinstance(text, ast.Call) and ast.unparse(text.func) == "str")
        if any(word in ast.unparse(text) for word in DRAWN)
    ]
    assert found == []


def test_the_project_names_no_machine_and_no_registry():
    places = re.compile(r"[/]work/|[/]root/|py[p]i\.org|python[h]osted|n[p]mjs\.|r[e]po1?\.maven")
    endings = (
        ".py",
        ".md",
        ".toml",
        ".txt",
        ".in",
        ".yaml",
        ".yml",
        ".json",
        ".css",
        ".js",
        ".html",
        "Makefile",
        "run",
    )
    found = [named(path) for path in tracked(*endings) if places.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_requirements_are_pinned_with_hashes():
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-tools.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert text.count("--hash=sha256:") > text.count("==") > 0
        assert "://" not in text


def test_every_state_that_a_refusal_may_name_has_a_word():
    for states in (OrderState, SchemeState, SessionState, OfferState, DeliveryState, BatchState):
        assert {state.value for state in states} <= set(all_words()["state"]), states


SHEETS = frozenset({"read_sheets", "read_rows", "read_file", "load_workbook"})
"""What reads a whole sheet: 10 MB take seconds."""


def test_no_sheet_is_read_in_the_event_loop():
    found = {
        f"{named(path)}: {function.name}"
        for path in SOURCES
        for function in ast.walk(tree(path))
        if isinstance(function, ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in SHEETS
    }
    assert not found, found
