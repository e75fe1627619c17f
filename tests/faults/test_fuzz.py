"""Whatever fits a service's OpenAPI document, or nearly: no door fails, and each refusal is a clear one."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from servicekit.problems import MEDIA

from .house import PEOPLE, SERVICES, House
from .story import a_played_house
from .who_may import who_may

EXAMPLES, MANY = 15, 60
"""Requests per operation."""
ROLES = [*PEOPLE, "service"]
SEED = 20270301
LEFT_OUT = ("/practice/clock", "/ready")
"""The story's clock stays where it is; and without Kafka no service is ready."""
IDS = {
    "order_id": ("order_id", "draft", "evaluated"),
    "order": ("order_id", "evaluated"),
    "other": (),
}
HELD = ("authorization", "idempotency-key", "content-length", "transfer-encoding")
"""Headers that the test sets itself."""


@pytest.fixture(scope="module")
async def house(played):
    """A house of their own: what is asked at random may also be done."""
    async with a_played_house(played) as house:
        yield house


def operations(house: House, service: str) -> Iterator[Any]:
    document = house.services[service].service.app.openapi()
    schema = schemathesis.openapi.from_dict(document)
    for result in schema.get_all_operations():
        operation = result.ok()
        of_the_kit = operation.path.startswith(
            ("/parked", "/consumers", "/operations", "/facts", "/seal", "/practice", "/asyncapi")
        )
        if operation.path in LEFT_OUT or (of_the_kit and service != SERVICES[0]):
            continue  # what is the same in every service is asked in one
        yield operation


def request_of(case: Any) -> dict[str, Any]:
    """The request as bytes, for our own client."""
    told = case.as_transport_kwargs(base_url="http://test")
    told.pop("cookies", None)
    headers = dict(told.pop("headers", None) or {})
    made = requests.Request(
        headers=headers,
        **{k: v for k, v in told.items() if k in {"method", "url", "params", "data", "json", "files"}},
    )
    prepared = made.prepare()
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
    kept = [(name, value) for name, value in prepared.headers.items() if name.lower() not in HELD]
    return {"method": case.method, "url": prepared.url, "content": body, "headers": kept}


def answered_well(answer: httpx.Response, case: Any) -> None:
    asked = case.as_curl_command()
    assert answer.status_code < 500, f"{answer.status_code} {answer.text[:500]}\n{asked}"
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == MEDIA, asked
        told = answer.json()
        assert told["code"]
        assert set(told["sentences"]) == {"zh", "en"}


async def fuzz(house: House, service: str, operation: Any, roles: list[str], most: int) -> int:
    """Ask one operation so often; hypothesis works in a thread, the service in this loop."""
    loop = asyncio.get_running_loop()
    clients = {role: house.client(service, role) for role in roles if role != "service"}
    clients["service"] = house.client(service, token=house.own_token("portal"))
    known = {**IDS, **{name: (name,) for name in house.known if name not in IDS}}
    strategies = [
        operation.as_strategy(generation_mode=mode)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    ]
    asked = 0

    @seed(SEED)
    @settings(
        max_examples=most,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(strategies), role=st.sampled_from(roles), there=st.integers(0, 2))
    def ask(case: Any, role: str, there: int) -> None:
        nonlocal asked
        for name in case.path_parameters or {}:
            choices = known.get(name, ())
            if choices and there:
                case.path_parameters[name] = house.known[choices[there % len(choices)]]
        request = request_of(case)
        future = asyncio.run_coroutine_threadsafe(clients[role].request(**request), loop)
        answered_well(future.result(30), case)
        asked += 1

    await asyncio.to_thread(ask)
    return asked


async def fuzz_all(house: House, service: str, most: int, *only: str) -> None:
    """Every operation, asked by those who may and by one who may not; all failures are told together."""
    may = who_may(service)
    failed = []
    for operation in operations(house, service):
        allowed = may.get((operation.method.upper(), operation.path), set())
        roles = list(only) or [*sorted(allowed), *[role for role in ROLES if role not in allowed][:1]]
        try:
            assert await fuzz(house, service, operation, roles, most)
        except AssertionError as failure:
            failed.append(f"{operation.method.upper()} {operation.path}: {failure}")
    assert not failed, "\n\n".join(failed)


@pytest.mark.parametrize("service", SERVICES)
async def test_no_door_fails_whatever_is_asked(house, service):
    await fuzz_all(house, service, EXAMPLES)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("service", SERVICES)
async def test_no_door_fails_for_anybody_however_long_it_is_tried(house, service, role):
    await fuzz_all(house, service, MANY, role)
