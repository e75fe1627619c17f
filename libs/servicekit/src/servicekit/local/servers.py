"""Both servers together: what a caller starts, asks, stops and resets."""

import contextlib
import fcntl
import logging
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from servicekit.local import artefacts, guard, state
from servicekit.local.accounts import closed_parent, database_account, open_folder
from servicekit.local.failures import ServerFailure
from servicekit.local.kafka import Kafka
from servicekit.local.postgres import Postgres
from servicekit.local.state import Kept

KAFKA_VARIABLE, DATABASE_VARIABLE = "SONGJIAO_KAFKA", "SONGJIAO_DATABASE"
_LOCK_SECONDS = 120.0
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Addresses:
    """Where the servers answer: Kafka as `host:port`, the database as a URL without a database name."""

    kafka: str
    database: str


@dataclass(frozen=True)
class ServerStatus:
    """One server now. Running without an answer: it is starting, or in trouble (see its log)."""

    pid: int | None
    port: int | None
    answers: bool
    log: Path | None


@dataclass(frozen=True)
class Status:
    """Both servers now."""

    kafka: ServerStatus
    database: ServerStatus

    @property
    def running(self) -> bool:
        """Both answer."""
        return self.kafka.answers and self.database.answers


def given_servers() -> Addresses | None:
    """Servers of the installation, named in SONGJIAO_KAFKA and SONGJIAO_DATABASE. Both or none."""
    kafka, database = os.environ.get(KAFKA_VARIABLE), os.environ.get(DATABASE_VARIABLE)
    if kafka and database:
        return Addresses(kafka, database)
    if kafka or database:
        raise ServerFailure(f"set both {KAFKA_VARIABLE} and {DATABASE_VARIABLE}, or none of them")
    return None


class LocalServers:
    """Kafka and PostgreSQL of one state directory.

    Lasting servers outlive their caller, and the next `start` takes them over; ports, data and logs are kept.
    Ephemeral ones live in a new directory below `state_dir` (else below the system's temporary folder), end
    with `owner` (a process number; usually the caller), even when that is killed, and leave nothing; they work
    without fsync, unless they are to be `durable`.
    As a context manager: `with LocalServers(...) as addresses`. Calls block; they may come from any thread.
    """

    def __init__(
        self,
        state_dir: Path | None = None,
        *,
        ephemeral: bool = False,
        durable: bool | None = None,
        owner: int | None = None,
        say: Callable[[str], None] = _logger.info,
    ) -> None:
        if state_dir is None and not ephemeral:
            raise ValueError("lasting servers need a directory")
        self._ephemeral = ephemeral
        self._durable = not ephemeral if durable is None else durable
        self._owner = owner or os.getpid()
        self._say = say
        self._base = None if state_dir is None else state_dir.resolve()
        self._home: Path | None = None if ephemeral else self._base
        self._guard: subprocess.Popen[bytes] | None = None

    @property
    def home(self) -> Path:
        """The directory of state, data and logs; for ephemeral servers it exists from the first start on."""
        if self._home is None:
            raise ServerFailure("these servers have not been started")
        return self._home

    @property
    def kafka(self) -> Kafka:
        """The broker as it was set up by the first start."""
        return self._servers(self._kept())[0]

    @property
    def database(self) -> Postgres:
        """The database server as it was set up by the first start."""
        return self._servers(self._kept())[1]

    def start(self) -> Addresses:
        """Run both, side by side, and wait until both answer. What runs already is taken over.

        Fails with `ServerFailure`; what this call has started is then stopped again.
        """
        new = self._make_home()
        try:
            return self._start()
        except BaseException:
            if new:
                self.stop()
            raise

    def _start(self) -> Addresses:
        with self._alone():
            kept = state.read_or_make(self.home, self._say)
            if not artefacts.cached():
                self._say("Kafka and PostgreSQL are fetched once, about 60 MB.")
                artefacts.fetch()
            kafka, database = self._servers(kept)
            asleep = [server for server in (database, kafka) if server.pid() is None]
            with ThreadPoolExecutor(2) as pool:
                attempts = [pool.submit(server.start) for server in (database, kafka)]
            failures = [failure for attempt in attempts if (failure := attempt.exception())]
            if failures:
                for server in asleep:
                    server.stop()
                raise _joined(failures)
            addresses = self.addresses()
            state.write(
                self.home,
                "env",
                f"{KAFKA_VARIABLE}={addresses.kafka}\n{DATABASE_VARIABLE}={addresses.database}\n",
            )
            return addresses

    def addresses(self) -> Addresses:
        """Where both answer while they run; nothing is started. `ServerFailure` before the first start."""
        kept = self._kept()
        return Addresses(f"127.0.0.1:{kept.kafka_port}", kept.url)

    def stop(self) -> None:
        """Stop both in order. Ephemeral servers leave nothing behind."""
        if self._home is None or not self._home.exists():
            return
        if self._ephemeral:
            guard.clear(self._home)
            if self._guard is not None:
                self._guard.kill()
                self._guard.wait()
            self._home = self._guard = None
            return
        with self._alone():
            self._stop_both()

    def reset(self) -> None:
        """Stop both and remove their data, ports and logs: the next start begins anew.

        Works on a directory whose state cannot be read, too.
        """
        if self._ephemeral:
            self.stop()
            return
        if not self.home.exists():
            return
        with self._alone():
            with contextlib.suppress(ServerFailure):
                self._stop_both()
                kept = state.read(self.home)
                if kept is not None and kept.elsewhere:
                    guard.clear(Path(kept.elsewhere))
            guard.clear(self.home)

    def status(self) -> Status:
        """Both servers now, asked and not remembered."""
        kept = None if self._home is None else state.read(self.home)
        if kept is None:
            nothing = ServerStatus(None, None, answers=False, log=None)
            return Status(nothing, nothing)
        kafka, database = self._servers(kept)
        return Status(
            *(ServerStatus(one.pid(), one.port, one.answers(), one.log) for one in (kafka, database))
        )

    def __enter__(self) -> Addresses:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _servers(self, kept: Kept) -> tuple[Kafka, Postgres]:
        kafka = Kafka(self.home, kept.kafka_port, kept.controller_port, kept.cluster)
        home = kept.database_home(self.home)
        account = database_account()
        return kafka, Postgres(home, kept.database_port, kept.password, account, durable=self._durable)

    def _stop_both(self) -> None:
        kept = state.read(self.home)
        if kept is None:
            return
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda server: server.stop(), self._servers(kept)))

    def _make_home(self) -> bool:
        """The directory. True: a new one for ephemeral servers, with the guard that will remove it."""
        if self._home is not None:
            _made(self._home)
            return False
        account = database_account()
        base = self._base
        if base is not None:
            _made(base)
        if base is None or closed_parent(base / "x", account) is not None:
            base = open_folder(account, lasting=False)
        # Resolved: servers are found again by this path in their arguments.
        self._home = Path(tempfile.mkdtemp(prefix="songjiao-", dir=base)).resolve()
        self._home.chmod(0o711)  # the database's account must get through, not look around
        self._guard = guard.watch(self._owner, self._home)
        return True

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One command at a time on a directory."""
        try:
            file = (self.home / "lock").open("w")
        except OSError as error:
            raise ServerFailure(f"the servers' directory {self.home} cannot be written: {error}") from error
        with file:
            limit = time.monotonic() + _LOCK_SECONDS
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > limit:
                        raise ServerFailure(
                            f"another command works on {self.home} and does not end"
                        ) from None
                    time.sleep(0.1)
            yield

    def _kept(self) -> Kept:
        kept = state.read(self.home)
        if kept is None:
            raise ServerFailure(f"no servers have been started in {self.home}")
        return kept


def _joined(failures: list[BaseException]) -> BaseException:
    """All that was told, what the machine refused too (a full disk); a fault of our own goes first, as it is."""
    ours = [failure for failure in failures if not isinstance(failure, ServerFailure | OSError)]
    return ours[0] if ours else ServerFailure("\n".join(dict.fromkeys(str(failure) for failure in failures)))


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ServerFailure(f"the servers' directory {folder} cannot be made: {error}") from error
