"""The shipped rules, read once."""

from pathlib import Path

import pytest

from contracts.programme import Programmes, load
from staffing.rulebook import Rulebook

FOLDER = Path(__file__).parents[3] / "programmes"


def pytest_collection_modifyitems(items):
    for item in items:
        if "staffing/tests" in str(item.path):
            item.add_marker(pytest.mark.rules)


@pytest.fixture(scope="session")
def programmes() -> Programmes:
    return load(FOLDER)


@pytest.fixture(scope="session")
def book(programmes) -> Rulebook:
    return Rulebook.of(programmes)
