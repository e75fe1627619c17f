"""Two installations that are started at one moment never share a port, and nobody takes the other's for its own."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from servicekit.local.ports import free_ports, taken
from songjiao_cli import system as systems
from songjiao_cli.installation import SERVICES
from songjiao_cli.processes import DidNotStart
from songjiao_cli.system import System

PROGRAMMES = Path(__file__).parents[2] / "programmes"


class Prepared(System):
    """As far as the servers, which take their time: then nobody else can have its ports."""

    chosen: set[int]

    def __init__(self, folder: Path, together: Barrier) -> None:
        super().__init__(folder, programmes=PROGRAMMES, practice=True)
        self._together = together

    def _start_servers(self):
        self.chosen = {listener.getsockname()[1] for listener in self._listeners.values()}
        self._together.wait(timeout=60)
        raise DidNotStart("the servers are not needed here")


def begun(system: System) -> None:
    with pytest.raises(DidNotStart):
        system.start()


def test_two_that_start_at_one_moment_have_ports_of_their_own(tmp_path):
    together = Barrier(4)
    systems = [Prepared(tmp_path / str(number), together) for number in range(4)]
    with ThreadPoolExecutor(4) as at_once:
        list(at_once.map(begun, systems))
    ports = [port for system in systems for port in system.chosen]
    assert len(set(ports)) == 4 * len(SERVICES)


def test_a_start_that_fails_leaves_its_ports_free(tmp_path):
    system = Prepared(tmp_path, Barrier(1))
    begun(system)
    assert not any(map(taken, system.chosen))


class Launched(System):
    """As far as the first service that would be started, beside some that run."""

    running: tuple[str, ...] = ()

    def _start_servers(self):
        return None

    def _ready(self, service):
        return service in self.running

    def _launch(self, service, listener=None):
        raise DidNotStart(f"{service} at {self.urls[service]}, {listener.getsockname()[1]}")


@pytest.fixture
def elsewhere(tmp_path):
    """The folder of an installation, and the port of its portal, which another program has meanwhile."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        ports = dict(zip(SERVICES, free_ports(len(SERVICES)), strict=True)) | {"portal": port}
        pids = dict.fromkeys(SERVICES, 1)
        (tmp_path / "system.json").write_text(json.dumps({"ports": ports, "pids": pids}))
        yield tmp_path, port


def start(folder, *running):
    said = []
    system = Launched(folder, programmes=PROGRAMMES, practice=True, say=said.append)
    system.running = running
    with pytest.raises(DidNotStart) as told:
        system.start()
    return str(told.value), said


def test_where_nothing_runs_a_taken_port_is_given_up_for_another(elsewhere):
    folder, port = elsewhere
    told, (said,) = start(folder)
    address, listens = told.removeprefix("portal at http://127.0.0.1:").split(", ")
    assert address == listens != str(port)
    assert said == f"port {port} of portal is taken by another program: it is {address} from now on"


def test_beside_others_that_know_the_port_a_start_is_refused(elsewhere, monkeypatch):
    folder, port = elsewhere
    monkeypatch.setattr(systems, "alive", lambda _: True)
    monkeypatch.setattr(systems, "end", lambda _: None)
    told, _ = start(folder, "evaluation")
    assert f"port {port} of portal is taken by another program: end that one" in told
