"""All five services as processes on this machine, over local or given servers."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import httpx

from servicekit.exits import WRONG_CONFIGURATION
from servicekit.local import Addresses, LocalServers, given_servers
from servicekit.local.ports import listen, listen_anywhere
from songjiao_cli.installation import (
    PACKAGES,
    SERVICES,
    Installation,
    Running,
    WrongState,
    read_state,
    write_whole,
)
from songjiao_cli.processes import (
    DidNotStart,
    alive,
    die_with_parent,
    end,
    end_all,
    listen_again,
    of_installation,
    without_old,
)

FIRST_PORT = 8100
READY_SECONDS = 180.0
"""A busy machine takes its time; what has ended is told at once."""
NO_ANSWER = "does not answer"
GETS_ON = ("starting: compares", "restoring:")
"""A service that looks for what its database lacks, or folds it, says so, and how far it is."""
STOP_SECONDS = 25.0


class System:
    """The running whole. `start` takes over what runs already; `stop` ends all in order.

    Ephemeral: on servers of its own that end with this process and leave nothing.
    """

    def __init__(
        self,
        folder: Path,
        *,
        programmes: Path,
        practice: bool,
        ephemeral: bool = False,
        durable: bool = False,
        say: Callable[[str], None] = print,
    ) -> None:
        """`durable`: commits of ephemeral servers reach the disk too, as those of others do: to be measured."""
        self._folder = folder
        self.installation = Installation(folder)
        self._programmes = programmes
        self._practice = practice
        self._ephemeral = ephemeral
        self._durable = durable or not ephemeral
        self._say = say
        self._servers: LocalServers | None = None
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._listeners: dict[str, socket.socket] = {}
        """Held from the choice of a port until its service has it: no other installation comes in between."""
        self._said_before: dict[str, int] = {}
        """How long each log was when its service was started here."""
        self.addresses: Addresses | None = None
        self.urls: dict[str, str] = {}

    def start(self) -> None:
        """Servers, keys, topics, then every service until it is ready."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self.installation.make_keys()
        try:
            self._start(self._kept() if self._state.exists() else self._choose_ports())
        finally:
            self._let_go()

    def _start(self, kept: Running) -> None:
        self.addresses = self._start_servers()
        self._find(kept)
        asleep = [
            service for service in SERVICES if not (alive(kept.pids.get(service)) and self._ready(service))
        ]
        nothing_ran = len(asleep) == len(SERVICES)
        try:
            for service in asleep:
                end(kept.pids.get(service))
                if service not in self._listeners:
                    self._listeners[service] = self._listen(service, kept, may_move=nothing_ran)
            self._find(kept)
            for service in asleep:
                self._processes[service] = self._launch(service, self._listeners[service])
            self._let_go()  # before we wait: a service that ends must be seen to, not wait for ever on our copy
            pids = kept.pids | {service: process.pid for service, process in self._processes.items()}
            write_whole(self._state, Running(ports=kept.ports, pids=pids).model_dump_json(indent=1))
            self._wait_until_ready()
        except BaseException:
            self._undo(nothing_ran=nothing_ran)
            raise

    def _listen(self, service: str, kept: Running, *, may_move: bool) -> socket.socket:
        """On the port it had; on another, then kept, where somebody has that and no other service knows it yet."""
        port = kept.ports[service]
        if listener := listen_again(port, ended=service in kept.pids):
            return listener
        if not may_move:
            raise DidNotStart(
                f"port {port} of {service} is taken by another program: end that one, or let the system choose "
                "its ports anew with `songjiao down` and start it again"
            )
        listener = listen_anywhere()
        kept.ports[service] = listener.getsockname()[1]
        self._say(
            f"port {port} of {service} is taken by another program: it is {kept.ports[service]} from now on"
        )
        return listener

    def _let_go(self) -> None:
        """The services have them now, or nobody needs them."""
        for listener in self._listeners.values():
            listener.close()
        self._listeners.clear()

    def _undo(self, *, nothing_ran: bool) -> None:
        """End what a start that failed has begun; what ran before runs on."""
        for process in self._processes.values():
            process.terminate()
        if nothing_ran and self._servers is not None:
            for process in self._processes.values():
                with suppress(subprocess.TimeoutExpired):
                    process.wait(STOP_SECONDS)
            self._servers.stop()

    def stop(self) -> None:
        """Services first, all at once; then the servers that this system started."""
        end_all(self._pids(), STOP_SECONDS)
        self._state.unlink(missing_ok=True)
        if self._servers is None and not given_servers() and not self._ephemeral:
            self._servers = LocalServers(self._folder, say=self._say)
        if self._servers is not None:
            self._servers.stop()

    def _pids(self) -> list[int]:
        """The services that were started here, also where the file that says so cannot be read."""
        if not self._state.exists():
            return []
        try:
            return list(self._kept().pids.values())
        except WrongState:
            if not Path("/proc").exists():
                raise
            return list(of_installation(self.installation.keys))

    def attach(self) -> None:
        """Find what runs, to ask it, and start nothing; `DidNotStart` when nothing was ever started here."""
        if not self._state.exists():
            raise DidNotStart(self.why_away())
        self._find(self._kept())
        self.addresses = given_servers() or LocalServers(self._folder, say=self._say).addresses()

    def why_away(self) -> str:
        """What to say where no service was started, or all were stopped."""
        if self._folder.joinpath("state.json").exists() or self.installation.keys.exists():
            return (
                f"the system in {self._folder} is stopped, its data are there: `songjiao up` starts it again, with "
                "--practice where a season was played"
            )
        return (
            f"nothing was started in {self._folder}: `songjiao up` or `make demo` starts it, --state names "
            "another folder"
        )

    def health(self) -> dict[str, str]:
        """Why each service is not ready, nothing when it is; no service at all where none was started."""
        if not self._state.exists():
            return {}
        self._find(self._kept())
        return {service: self._why_not_ready(service) for service in SERVICES}

    def _find(self, kept: Running) -> None:
        self.urls = {service: f"http://127.0.0.1:{port}" for service, port in kept.ports.items()}

    def reset(self) -> None:
        """Forget all data, keys and logs of this installation."""
        if not given_servers():
            LocalServers(self._folder, say=self._say).reset()
        shutil.rmtree(self._folder, ignore_errors=True)

    def full_environment(self, service: str) -> dict[str, str]:
        """Everything a process of this service is started with."""
        port = int(self.urls[service].rsplit(":", 1)[1])
        return without_old(os.environ) | self.environment(service, port)

    @property
    def kafka_data(self) -> Path:
        """Where the broker that this system has started keeps its topics."""
        if self._servers is None:
            raise DidNotStart("this system has started no broker of its own")
        return self._servers.kafka.data

    @property
    def _state(self) -> Path:
        return self._folder / "system.json"

    def _start_servers(self) -> Addresses:
        given = given_servers()
        if given is not None and not self._ephemeral:
            return given
        self._servers = LocalServers(
            None if self._ephemeral else self._folder, ephemeral=self._ephemeral, durable=self._durable,
            say=self._say,
        )  # fmt: skip
        return self._servers.start()

    def _kept(self) -> Running:
        return read_state(self._state, Running)

    def _choose_ports(self) -> Running:
        """The usual ones where they are free; listened on from now on."""
        for service, usual in zip(SERVICES, range(FIRST_PORT, FIRST_PORT + len(SERVICES)), strict=True):
            listener = None if self._ephemeral else listen(usual)
            self._listeners[service] = listener or listen_anywhere()
        ports = {service: listener.getsockname()[1] for service, listener in self._listeners.items()}
        return Running(ports=ports, pids={})

    def environment(self, service: str, port: int) -> dict[str, str]:
        """The variables that the service is started with, beside this process's own."""
        assert self.addresses is not None
        secrets = self.installation.secrets
        return {
            "SONGJIAO_KAFKA": self.addresses.kafka,
            "SONGJIAO_DATABASE": self.addresses.database,
            "SONGJIAO_PORT": str(port),
            "SONGJIAO_REPLICA": f"{service}-1",
            "SONGJIAO_KEYS": str(self.installation.keys),
            "SONGJIAO_PRIVATE_KEY": str(self.installation.private_key(service)),
            "SONGJIAO_DATA_KEY": secrets["data_key"],
            "SONGJIAO_FURTHER_DATA_KEYS": secrets["further_data_keys"],
            "SONGJIAO_INDEX_KEY": secrets["index_key"],
            "SONGJIAO_CHECK_KEY": secrets["check_key"],
            "SONGJIAO_PHOTOS": str(self.installation.folder.absolute() / "photos"),
            "SONGJIAO_ADMIN_PASSWORD": secrets["admin_password"],
            "SONGJIAO_PROGRAMMES": str(self._programmes),
            "SONGJIAO_PRACTICE": "true" if self._practice else "false",
            "SONGJIAO_PUBLIC_URL": self.urls["portal"],
            **{f"SONGJIAO_URL_{PACKAGES[name].upper()}": url for name, url in self.urls.items()},
        }

    def _launch(self, service: str, listener: socket.socket | None = None) -> subprocess.Popen[bytes]:
        """Start its process; it listens on its own port unless it gets a socket that does."""
        handed = {} if listener is None else {"SONGJIAO_LISTENER": str(listener.fileno())}
        log = self.installation.log(service)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            self._said_before[service] = out.tell()
            return subprocess.Popen(  # noqa: S603  our own command, no shell
                [sys.executable, "-m", PACKAGES[service], "serve"],
                env=self.full_environment(service) | handed,
                pass_fds=[] if listener is None else [listener.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=die_with_parent if self._ephemeral else None,  # noqa: PLW1509  one call, no locks
            )

    def _ready(self, service: str) -> bool:
        return not self._why_not_ready(service)

    def _why_not_ready(self, service: str) -> str:
        try:
            answer = _client().get(f"{self.urls[service]}/ready")
        except httpx.HTTPError:
            return NO_ANSWER
        if answer.status_code == httpx.codes.OK:
            return ""
        with suppress(ValueError):
            return f"is not ready: {'; '.join(answer.json()['because'])}"
        return f"is not ready: status {answer.status_code}"

    def _wait_until_ready(self) -> None:
        limit = time.monotonic() + READY_SECONDS
        said: dict[str, str] = {}
        waiting = list(SERVICES)
        while waiting:
            for service in list(waiting):
                process = self._processes.get(service)
                if process is not None and process.poll() is not None:
                    raise DidNotStart(self._why(service, f"ended with status {process.returncode}"))
                if not (why := self._why_not_ready(service)):
                    waiting.remove(service)
                elif any(word in why for word in GETS_ON) and why != said.get(service):
                    said[service] = why
                    limit = time.monotonic() + READY_SECONDS  # it gets on, however long that takes
            if waiting and time.monotonic() > limit:
                why = self._why_not_ready(waiting[0])
                raise DidNotStart(self._why(waiting[0], f"{why} after {READY_SECONDS:.0f} s"))
            time.sleep(0.05)

    def _why(self, service: str, what: str) -> str:
        log = self.installation.log(service)
        said = log.read_bytes()[self._said_before.get(service, 0) :] if log.exists() else b""
        lines = said.decode(errors="replace").splitlines()
        process = self._processes.get(service)
        if lines and process is not None and process.returncode == WRONG_CONFIGURATION:
            return "\n".join([f"{service} cannot start:", *lines])  # its own words, for whoever starts it
        return "\n".join([f"{service} {what}. The end of its log {log}:", *lines[-12:]])


@cache
def _client() -> httpx.Client:
    """One for all questions: making one costs more than asking, and services are asked many times a second."""
    return httpx.Client(timeout=5)
