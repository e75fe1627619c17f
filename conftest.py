"""What every test of the repository may use; and in which order they run."""

import pytest

pytest_plugins = ["servicekit.testing_servers"]
LONG = (
    "tests/journeys/",
    "cli/tests/test_told.py",
    "libs/servicekit/tests/test_processes.py",
    "tests/browser/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that play whole systems first: begun last, one of them would keep the others waiting at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
