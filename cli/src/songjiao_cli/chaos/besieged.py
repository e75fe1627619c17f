"""A system of its own whose parts can be killed, frozen, begun again and doubled."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from servicekit.local import Addresses, LocalServers
from servicekit.local.ports import free_ports
from songjiao_cli.installation import PACKAGES, SERVICES
from songjiao_cli.processes import DidNotStart, die_with_parent, without_old
from songjiao_cli.system import NO_ANSWER, System

LOOK_SECONDS = 0.1


@dataclass
class Second:
    """A second process of a service."""

    service: str
    process: subprocess.Popen[bytes]
    url: str


class Besieged(System):
    """As the installation, on durable servers that end with this process. A watch begins dead services again.

    `sources`: folders put before the installed packages, for a system with a planted bug.
    """

    def __init__(
        self, folder: Path, *, programmes: Path, sources: tuple[Path, ...] = (), say: Callable[[str], None]
    ) -> None:
        super().__init__(folder, programmes=programmes, practice=True, ephemeral=True, say=say)
        self.sources = sources
        self.seconds: list[Second] = []
        self.left_down: set[str] = set()
        """Services that a fault keeps down; the watch leaves them."""
        self.unnoted: set[str] = set()
        """Services of which a version took facts that does not note effects yet."""

    @property
    def folder(self) -> Path:
        """Where everything of it lies."""
        return self._folder

    @property
    def servers(self) -> LocalServers:
        """Kafka and PostgreSQL."""
        assert self._servers is not None
        return self._servers

    @property
    def where(self) -> Addresses:
        """Their addresses."""
        assert self.addresses is not None
        return self.addresses

    def database_url(self, service: str) -> str:
        """One service's database."""
        return f"{self.where.database.rstrip('/')}/{PACKAGES[service]}"

    def fault_file(self, service: str, point: str) -> Path:
        """What the service looks for when it passes the point."""
        return self._folder / "faults" / service / point

    def environment(self, service: str, port: int) -> dict[str, str]:
        """As usual, with faults turned on."""
        folder = self.fault_file(service, "")
        folder.mkdir(parents=True, exist_ok=True)
        more = {"SONGJIAO_FAULT": f"@{folder}", "SONGJIAO_GRACEFUL_SECONDS": "10"}
        if self.sources:
            more["PYTHONPATH"] = os.pathsep.join(map(str, self.sources))
        return super().environment(service, port) | more

    def _start_servers(self) -> Addresses:
        self._servers = LocalServers(self._folder, ephemeral=True, durable=True, say=self._say)
        return self._servers.start()

    async def watch(self) -> None:
        """Begin again whatever service has ended, as a supervisor of processes does."""
        while True:
            for service in SERVICES:
                process = self._processes[service]
                if process.poll() is not None and service not in self.left_down:
                    self._processes[service] = self._launch(service)
            await asyncio.sleep(LOOK_SECONDS)

    def process(self, service: str) -> subprocess.Popen[bytes]:
        """The service's own process."""
        return self._processes[service]

    def tell(self, service: str, number: int) -> None:
        """Send it a signal."""
        self._processes[service].send_signal(number)

    async def down(self, service: str, number: int = signal.SIGTERM) -> int:
        """End it and keep it down; its status."""
        self.left_down.add(service)
        process = self._processes[service]
        process.send_signal(number)
        return await asyncio.to_thread(process.wait, 40)

    async def hears(self, service: str) -> bool:
        """Whether it is as far as to hear what it is told; before that a signal simply ends it."""
        return await asyncio.to_thread(self._why_not_ready, service) != NO_ANSWER

    async def up(self, service: str) -> None:
        """Begin it again after `down`."""
        self._processes[service] = self._launch(service)
        self.left_down.discard(service)
        await self.ready(service)

    async def ready(self, *services: str, seconds: float = 90) -> None:
        """Wait until these are ready; all of them when none is named."""
        limit = time.monotonic() + seconds
        for service in services or SERVICES:
            while why := await asyncio.to_thread(self._why_not_ready, service):
                if time.monotonic() > limit:
                    raise DidNotStart(self._why(service, f"{why} after {seconds:.0f} s"))
                await asyncio.sleep(LOOK_SECONDS)

    async def beside(
        self, service: str, does: tuple[str, ...], *, sources: tuple[Path, ...] = (),
        more: Mapping[str, str] | None = None,
    ) -> Second:  # fmt: skip
        """A second process of the service that does these parts; ready when this returns."""
        port = free_ports(1)[0]
        environment = without_old(os.environ) | self.environment(service, port)
        environment |= {
            "SONGJIAO_REPLICA": f"{service}-{len(self.seconds) + 2}",
            "SONGJIAO_DOES": str(list(does)).replace("'", '"'),
            "SONGJIAO_PORT": str(port),
        } | dict(more or {})
        if sources:
            environment["PYTHONPATH"] = os.pathsep.join(map(str, sources))
        with self.installation.log(f"{service}-beside").open("ab") as out:
            process = subprocess.Popen(  # noqa: S603, ASYNC220  our own command, no shell
                [sys.executable, "-m", PACKAGES[service], "serve"], env=environment, stdin=subprocess.DEVNULL,
                stdout=out, stderr=out, start_new_session=True, preexec_fn=die_with_parent,  # noqa: PLW1509
            )  # fmt: skip
        second = Second(service, process, f"http://127.0.0.1:{port}")
        self.seconds.append(second)
        await self._second_is_ready(second)
        return second

    async def _second_is_ready(self, second: Second) -> None:
        limit = time.monotonic() + 60
        async with httpx.AsyncClient(timeout=5) as client:
            while second.process.poll() is None and time.monotonic() < limit:
                with suppress(httpx.HTTPError):
                    if (await client.get(f"{second.url}/ready")).status_code == httpx.codes.OK:
                        return
                await asyncio.sleep(LOOK_SECONDS)
        log = self.installation.log(f"{second.service}-beside")
        raise DidNotStart(f"a second {second.service} did not start, see {log}:\n{log.read_text()[-1500:]}")

    async def leave(self, second: Second, number: int = signal.SIGTERM) -> int:
        """End a second process; its status."""
        with suppress(ProcessLookupError):
            second.process.send_signal(signal.SIGCONT)
            second.process.send_signal(number)
        status = await asyncio.to_thread(second.process.wait, 40)
        if second in self.seconds:
            self.seconds.remove(second)
        return status

    async def mend(self) -> None:
        """Everything runs again that should: the servers, every service, no second ones, no faults laid."""
        for service in SERVICES:
            for file in self.fault_file(service, "").glob("*"):
                file.unlink(missing_ok=True)
            with suppress(ProcessLookupError):
                self._processes[service].send_signal(signal.SIGCONT)
        for second in list(self.seconds):
            await self.leave(second, signal.SIGKILL)
        await asyncio.to_thread(self.servers.start)
        for service in list(self.left_down):
            await self.up(service)
        await self.ready()

    def end(self) -> None:
        """Everything away, with its data."""
        for second in self.seconds:
            second.process.kill()
        for process in self._processes.values():
            process.kill()
            process.wait()
        if self._servers is not None:
            self._servers.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
