"""Failures that nobody foresaw, as they are told and logged."""

import httpx
import pytest
import structlog
from fastapi import APIRouter, FastAPI

from servicekit import problems
from servicekit.web import Measured

SECRET = "5f2b9c"


@pytest.fixture
def lines(monkeypatch):
    """What is logged of problems."""
    kept = structlog.testing.LogCapture()
    monkeypatch.setattr(problems, "log", structlog.wrap_logger(None, processors=[kept]))
    return kept.entries


async def test_a_failure_is_logged_by_its_route_and_never_with_the_address(lines):
    app, router = FastAPI(), APIRouter()
    problems.answer_problems(app)
    app.add_middleware(Measured)

    @router.get("/invited/{token}")
    async def fail(token: str) -> None:
        raise RuntimeError("nobody foresaw this")

    app.include_router(router)

    there = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=there, base_url="http://there") as client:
        answer = await client.get(f"/invited/{SECRET}")
    assert (answer.status_code, answer.json()["code"]) == (500, "service.failed")
    [line] = lines
    assert (line["route"], SECRET in repr(line)) == ("GET /invited/{token}", False)
    assert line["incident"] == answer.json()["parameters"]["incident"]
