"""The whole system as processes, on servers of its own, for tests that need all of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from songjiao_cli.system import System

PROGRAMMES = Path(__file__).parents[1] / "programmes"


@pytest.fixture(scope="module")
def system(tmp_path_factory) -> Iterator[System]:
    whole = System(
        tmp_path_factory.mktemp("songjiao"), programmes=PROGRAMMES, practice=True, ephemeral=True, say=print
    )
    try:
        whole.start()
        yield whole
    finally:
        whole.stop()
