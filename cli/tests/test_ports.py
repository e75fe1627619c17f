"""Two installations that are started at one moment never share a port, and nobody takes the other's for its own."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from servicekit.local.ports import taken
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
