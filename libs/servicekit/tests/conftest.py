"""The two small services the kit is proven with: one says facts, one reacts to them."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from kit_house import reader as reader_house
from kit_house import sender as sender_house

from servicekit.testing import service_on


@pytest.fixture(scope="module")
async def sender(new_database):
    async with service_on(new_database("sender"), sender_house.build, sender_house.Settings) as service:
        yield service


@pytest.fixture(scope="module")
async def reader(new_database):
    async with service_on(new_database("reader"), reader_house.build, reader_house.Settings) as service:
        yield service
