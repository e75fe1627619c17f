import os
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from servicekit.local import LocalServers, ServerFailure, given_servers
from servicekit.local.__main__ import main
from servicekit.local.processes import commands, wait_until
from servicekit.topics import create_topics

START_AND_DIE = """
import os, signal, sys
from pathlib import Path
from servicekit.local import LocalServers
servers = LocalServers(Path(sys.argv[1]), ephemeral=sys.argv[2] == "ephemeral")
servers.start()
print(servers.home, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def lasting(tmp_path_factory):
    servers = LocalServers(tmp_path_factory.mktemp("lasting"))
    try:
        servers.start()
        yield servers
    finally:
        servers.reset()


def pids(servers):
    status = servers.status()
    return status.kafka.pid, status.database.pid


def working_in(directory):
    return [command for _, command in commands() if str(directory) in " ".join(command[1:])]


def started_by_a_caller_that_is_killed(directory, kind):
    caller = subprocess.run(
        [sys.executable, "-c", START_AND_DIE, str(directory), kind],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert caller.returncode == -signal.SIGKILL
    return Path(caller.stdout.strip())


async def write_down(addresses, word):
    connection = await asyncpg.connect(addresses.database)
    await connection.execute("create table if not exists word (word text)")
    await connection.execute("insert into word values ($1)", word)
    await connection.close()
    topic = (await create_topics(addresses.kafka, partitions=1))[0]
    producer = AIOKafkaProducer(bootstrap_servers=addresses.kafka, acks="all")
    await producer.start()
    await producer.send_and_wait(topic, word.encode())
    await producer.stop()


async def written_down(addresses):
    connection = await asyncpg.connect(addresses.database)
    rows = [row["word"] for row in await connection.fetch("select word from word order by word")]
    await connection.close()
    topic = (await create_topics(addresses.kafka, partitions=1))[0]
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=addresses.kafka, auto_offset_reset="earliest")
    await consumer.start()
    facts = sorted([(await consumer.getone()).value.decode() for _ in rows])
    await consumer.stop()
    return rows, facts


class TestStart:
    def test_both_answer(self, lasting):
        assert lasting.status().running

    def test_what_runs_is_taken_over(self, lasting):
        before, addresses = pids(lasting), lasting.start()
        assert LocalServers(lasting.home).start() == addresses
        assert pids(lasting) == before

    def test_the_addresses_are_left_for_the_shell(self, lasting):
        addresses = lasting.start()
        file = lasting.home / "env"
        assert file.read_text().splitlines() == [
            f"SONGJIAO_KAFKA={addresses.kafka}",
            f"SONGJIAO_DATABASE={addresses.database}",
        ]
        assert file.stat().st_mode & 0o077 == 0

    async def test_a_stop_and_a_start_keep_ports_and_data(self, lasting):
        addresses = lasting.start()
        await write_down(addresses, "before the stop")
        lasting.stop()
        assert pids(lasting) == (None, None)
        assert working_in(lasting.home) == []
        assert lasting.start() == addresses
        rows, facts = await written_down(addresses)
        assert rows == facts
        assert "before the stop" in rows

    async def test_killed_servers_come_back_with_all_they_had(self, lasting):
        addresses = lasting.start()
        await write_down(addresses, "before the kill")
        for pid in pids(lasting):
            os.kill(pid, signal.SIGKILL)
        assert lasting.start() == addresses
        rows, facts = await written_down(addresses)
        assert rows == facts
        assert "before the kill" in rows

    def test_servers_outlive_a_caller_that_is_killed_and_are_taken_over(self, lasting):
        lasting.stop()
        started_by_a_caller_that_is_killed(lasting.home, "lasting")
        before = pids(lasting)
        assert None not in before
        lasting.start()
        assert pids(lasting) == before


class TestEphemeral:
    def test_a_killed_caller_leaves_nothing(self, tmp_path):
        home = started_by_a_caller_that_is_killed(tmp_path, "ephemeral")
        assert wait_until(lambda: not home.exists(), seconds=15)
        assert working_in(home) == []

    def test_a_stop_leaves_nothing(self):
        servers = LocalServers(ephemeral=True)
        with servers as addresses:
            home = servers.home
            assert servers.status().running
            assert addresses.database.startswith("postgresql://postgres:")
        assert not home.exists()
        assert working_in(home) == []

    def test_a_failed_start_leaves_nothing(self, tmp_path, monkeypatch):
        def fails(home, say):
            raise ServerFailure(f"no port for {home}")

        monkeypatch.setattr("servicekit.local.servers.state.read_or_make", fails)
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        servers = LocalServers(tmp_path, ephemeral=True)
        with pytest.raises(ServerFailure):
            servers.start()
        assert list(tmp_path.iterdir()) == []


class TestByHand:
    def test_status_start_and_reset(self, lasting, capsys):
        assert main(["start", "--state", str(lasting.home)]) == 0
        assert main(["status", "--state", str(lasting.home)]) == 0
        assert "PostgreSQL answers: port" in capsys.readouterr().out

    def test_status_of_nothing_is_a_failure_for_scripts(self, tmp_path, capsys):
        assert main(["status", "--state", str(tmp_path / "none")]) == 1
        assert "does not run" in capsys.readouterr().out
        assert not (tmp_path / "none").exists()

    def test_reset_helps_when_the_state_cannot_be_read(self, tmp_path, capsys):
        (tmp_path / "state.json").write_text("{")
        assert main(["start", "--state", str(tmp_path)]) == 1
        assert "state.json cannot be read" in capsys.readouterr().err
        assert main(["reset", "--state", str(tmp_path)]) == 0
        assert not tmp_path.exists()


class TestGivenServers:
    def test_both_variables_name_other_servers(self, monkeypatch):
        monkeypatch.setenv("SONGJIAO_KAFKA", "kafka:9092")
        monkeypatch.setenv("SONGJIAO_DATABASE", "postgresql://db")
        assert given_servers().kafka == "kafka:9092"

    def test_one_without_the_other_is_refused(self, monkeypatch):
        monkeypatch.setenv("SONGJIAO_KAFKA", "kafka:9092")
        monkeypatch.delenv("SONGJIAO_DATABASE", raising=False)
        with pytest.raises(ServerFailure, match="set both"):
            given_servers()
