"""The calls that the portal's pages name are the services' own: right service, way and address."""

import base64
from importlib import import_module
from pathlib import Path

import pytest

from portal.desks.union.due import OF_A_ROLE, ON

ROOT = Path(__file__).parents[2]
KEYS = dict.fromkeys(("data_key", "index_key", "check_key"), base64.b64encode(b"k" * 32).decode())
CALLS = sorted(
    {
        (call.service, call.method, call.path)
        for calls in (*ON.values(), *OF_A_ROLE.values())
        for call in calls
    }
)


@pytest.fixture(scope="module")
def addresses():
    """Service -> what its interface offers: way and address -> what can be asked with it."""

    def of(service: str) -> dict[tuple[str, str], set[str]]:
        package = service.replace("-", "_")
        settings = import_module(f"{package}.settings").Settings(programmes=ROOT / "programmes", **KEYS)
        paths = import_module(f"{package}.main").build(settings).app.openapi()["paths"]
        return {
            (method.upper(), path): {
                each["name"] for each in way.get("parameters", ()) if each["in"] == "query"
            }
            for path, ways in paths.items()
            for method, way in ways.items()
        }

    return {service: of(service) for service in {service for service, _, _ in CALLS}}


@pytest.mark.parametrize(("service", "method", "path"), CALLS)
def test_a_step_on_a_page_is_a_call_of_that_service(addresses, service, method, path):
    path, _, asked = path.partition("?")
    assert (method, path) in addresses[service]
    assert {name for part in asked.split("&") if (name := part.partition("=")[0])} <= addresses[service][
        method, path
    ]
