"""What the compose file says exists in the code."""

import re
from pathlib import Path

import pytest
import yaml
from pydantic_settings import BaseSettings

from songjiao_cli.deployment import VARIABLES

ROOT = Path(__file__).parents[2]
SERVICES = ("portal", "order-intake", "scheduling", "instructor-dispatch", "evaluation")


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def known_variables() -> set[str]:
    names = {f"SONGJIAO_URL_{service.replace('-', '_').upper()}" for service in SERVICES}
    for service in SERVICES:
        module = __import__(f"{service.replace('-', '_')}.settings", fromlist=["*"])
        for one in vars(module).values():
            if isinstance(one, type) and issubclass(one, BaseSettings):
                names |= {f"SONGJIAO_{name.upper()}" for name in one.model_fields}
    return names


def test_every_service_is_there_with_servers_and_nothing_else(compose):
    assert set(compose["services"]) == {*SERVICES, "kafka", "postgres"}
    assert compose["services"]["kafka"]["image"] == "apache/kafka:4.1.0"
    assert compose["services"]["postgres"]["image"] == "postgres:18"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_built_from_its_folder_and_waits_for_the_servers(compose, service):
    described = compose["services"][service]
    assert described["build"]["args"]["SERVICE"] == service
    assert (ROOT / "services" / service / "pyproject.toml").exists()
    assert (ROOT / described["build"]["dockerfile"]).exists()
    assert described["depends_on"] == {
        "kafka": {"condition": "service_healthy"}, "postgres": {"condition": "service_healthy"},
    }  # fmt: skip
    assert described["environment"]["SONGJIAO_PRIVATE_KEY"] == f"/keys/{service}.pem"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_sees_its_own_private_key_only(compose, service):
    volumes = [volume.split(":")[1] for volume in compose["services"][service]["volumes"]]
    mounted = [each for each in volumes if each != "/photos"]
    assert mounted == ["/keys/keys.json", f"/keys/{service}.pem"]


def test_kafka_keeps_its_data_on_the_volume(compose):
    kafka = compose["services"]["kafka"]
    assert kafka["environment"]["KAFKA_LOG_DIRS"] == kafka["volumes"][0].split(":")[1]


def test_every_variable_is_a_setting(compose):
    used = {name for service in SERVICES for name in compose["services"][service]["environment"]}
    docker = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    used |= set(re.findall(r"(SONGJIAO_[A-Z_]+)=", docker))
    assert used - known_variables() == set()


def test_neighbours_are_called_by_their_names_and_the_port_of_the_image(compose):
    docker = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    port = re.search(r"EXPOSE (\d+)", docker)[1]
    assert f"SONGJIAO_PORT={port}" in docker
    assert f"127.0.0.1:{port}/ready" in docker
    environment = compose["services"]["portal"]["environment"]
    for service in SERVICES:
        assert environment[f"SONGJIAO_URL_{service.replace('-', '_').upper()}"] == f"http://{service}:{port}"


def test_no_two_services_publish_the_same_port(compose):
    published = [compose["services"][service]["ports"][0].split(":") for service in SERVICES]
    assert len({outer for outer, _ in published}) == len(SERVICES)
    assert {inner for _, inner in published} == {"8000"}


def test_both_servers_have_a_health_check(compose):
    for server in ("kafka", "postgres"):
        assert compose["services"][server]["healthcheck"]["test"][0] == "CMD"


def test_the_variables_that_are_left_open_are_in_the_file_that_the_command_writes(compose):
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{([A-Z_]+)\}", text)) <= set(VARIABLES)
    assert set(VARIABLES) - {"POSTGRES_PASSWORD", "SONGJIAO_UID"} <= known_variables()
