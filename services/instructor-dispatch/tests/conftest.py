"""Instructor-dispatch on a real PostgreSQL; each test begins with empty tables and a clock that went on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from contracts.programme import load
from instructor_dispatch.main import build
from instructor_dispatch.settings import Settings
from servicekit.testing import ServiceUnderTest, service_on
from staffing.rulebook import Rulebook

from .builders import Given

PROGRAMMES = Path(__file__).parents[3] / "programmes"
TABLES = (
    "college", "agreement", "person", "duty", "offer", "refused_pair", "staffing", "reservation", "due", "override",
    "qualification_notice",
)  # fmt: skip
EMPTY = f"truncate {', '.join(TABLES)}"


@pytest.fixture(scope="module")
async def on_database(database: str) -> AsyncIterator[ServiceUnderTest]:
    async with service_on(database, build, Settings, programmes=PROGRAMMES) as service:
        yield service


@pytest.fixture
async def dispatch(on_database: ServiceUnderTest) -> ServiceUnderTest:
    async with on_database.transactions.begin() as tx:
        await tx.driver.execute(EMPTY)
    await on_database.forget()
    return on_database


@pytest.fixture
async def given(dispatch: ServiceUnderTest, book: Rulebook) -> Given:
    return Given(dispatch, book, (await dispatch.now()).date())


@pytest.fixture(scope="session")
def book() -> Rulebook:
    return Rulebook.of(load(PROGRAMMES))
