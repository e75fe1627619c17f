"""Runs of the whole plan need the compiled engine."""

import pytest

from scheduling.planner.engine.solve import warm


@pytest.fixture(scope="session", autouse=True)
def _compiled():
    """At full speed: a run would have it compiled at the lowest priority, and wait for whatever else is tested."""
    warm()
