"""Whatever goes wrong under the command is one clear sentence and a status, never a traceback."""

import asyncio
import fcntl
import json
import os
import re
import resource
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from rich.console import Console
from typer.testing import CliRunner

from servicekit.local import LocalServers, processes
from servicekit.local.ports import free_ports
from servicekit.testing_servers import database_url
from songjiao_cli import main
from songjiao_cli.installation import PACKAGES
from songjiao_cli.season.stage import ZONE

ROOT = Path(__file__).parents[2]
COMMAND = [Path(sys.executable).parent / "songjiao"]
FACTS = "sequences have no gap"


def songjiao(*words, status=1, **more):
    """What the command says, both streams; its exit status is as told, and there is no traceback."""
    done = subprocess.run(
        [*COMMAND, *map(str, words)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        timeout=300,
        **more,
    )
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said
    assert done.returncode == status, said
    return said


def here(*words, status=1, **environment):
    """The same in this process, for what does not come as far as asking anybody."""
    done = CliRunner().invoke(main.app, list(map(str, words)), env=environment)
    assert isinstance(done.exception, SystemExit | None), done.exception
    assert done.exit_code == status, done.output
    return done.output


@pytest.fixture
def screen(monkeypatch):
    """What is said on standard error in this process is part of the output too."""
    monkeypatch.setattr(main, "screen", Console(stderr=True, width=1000))
    monkeypatch.chdir(ROOT)


@pytest.mark.usefixtures("screen")
class TestWithoutASystem:
    @pytest.mark.parametrize("words", [("verify",), ("parked", "list"), ("history", "2026-0001")])
    def test_what_does_not_run_is_said(self, tmp_path, words):
        assert "nothing was started in" in here(*words, "--state", tmp_path / "none")

    @pytest.mark.parametrize("words", [("verify",), ("status",), ("history", "2026-0001")])
    def test_what_is_stopped_is_said_with_how_it_goes_on(self, tmp_path, words):
        (tmp_path / "state.json").write_text("{}")
        said = here(*words, "--state", tmp_path)
        assert f"the system in {tmp_path} is stopped" in said
        assert "songjiao up` starts it again, with --practice where a season was played" in said

    @pytest.mark.parametrize("words", [("",), ("2026-0001", "--at", "")])
    def test_a_story_of_nothing(self, words):
        assert "which order, as it was when?" in here("history", *words)

    def test_a_backup_takes_no_place_that_is_taken_or_not_there(self, tmp_path):
        file = tmp_path / "night.tar.gz"
        file.touch()
        assert f"{file} lies there already" in here("backup", file, "--state", tmp_path / "none")
        assert "nothing to back up" in here("backup", file, "--replace", "--state", tmp_path / "none")
        nowhere = tmp_path / "none" / "night.tar.gz"
        assert f"{nowhere.parent} is no folder" in here("backup", nowhere, "--state", tmp_path / "none")

    def test_a_time_that_is_none(self, tmp_path):
        assert "2026-06-29 08:00" in here("clock", "tomorrow", "--state", tmp_path)

    def test_an_interruption_is_said_too(self, tmp_path, monkeypatch):
        def interrupted(_):
            raise KeyboardInterrupt

        monkeypatch.setattr(main, "load", interrupted)
        assert "interrupted" in here("up", "--state", tmp_path / "none", status=130)

    @pytest.mark.parametrize("words", [("up",), ("status",), ("verify",), ("parked", "list"), ("demo",)])
    def test_a_state_that_is_no_folder(self, tmp_path, words):
        state = tmp_path / "state"
        state.write_text("a file")
        said = here(*words, "--state", state)
        assert str(state) in said or "nothing was started in" in said or "is not running" in said

    @pytest.mark.parametrize("content", ['{"ports": {', "{}", "[]", "null", '{"ports": {}, "pids": {}}', ""])
    @pytest.mark.parametrize("words", [("up",), ("status",), ("verify",), ("parked", "list")])
    def test_a_state_that_cannot_be_read_is_named_and_can_be_begun_anew(self, tmp_path, words, content):
        state = tmp_path / "state"
        state.mkdir()
        (state / "system.json").write_text(content)
        said = here(*words, "--state", state)
        assert f"{state / 'system.json'} cannot be read" in said
        assert "down --reset" in said
        here("down", "--reset", "--state", state, status=0)
        assert not state.exists()

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"orders: [", "is no YAML"),
            (b"\xff\xfe\x00", "is no YAML"),
            (b"name: x", "Field required"),
            (None, "there is no season"),
            ("folder", "Is a directory"),
        ],
    )
    def test_a_wrong_orders_file_is_said_before_anything_is_started(self, tmp_path, content, told):
        file = tmp_path / "orders.yaml"
        if content == "folder":
            file.mkdir()
        elif content is not None:
            file.write_bytes(content)
        said = here("season", "rehearsal", "--ephemeral", "--orders", file)
        assert told in said
        assert str(file) in said

    def test_a_folder_without_programmes(self, tmp_path):
        said = here("up", "--state", tmp_path / "state", "--programmes", tmp_path / "nowhere")
        assert "nowhere" in said
        assert not (tmp_path / "state" / "system.json").exists()

    def test_a_disk_that_takes_no_more(self, tmp_path):
        def full():
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

        said = songjiao("keys", tmp_path / "deploy", preexec_fn=full)
        assert "File too large" in said

    def test_keys_are_renewed_where_there_are_some(self, tmp_path, screen):
        said = here("keys", tmp_path / "deploy", "--renew")
        assert f"there are no keys in {tmp_path}/deploy/keys: draw them with `songjiao keys" in said
        here("keys", tmp_path / "deploy", status=0)
        assert "new key: portal.2" in here("keys", tmp_path / "deploy", "--renew", status=0)
        (tmp_path / "deploy/keys/keys.json").write_text("{")
        assert "keys.json is no file of keys" in here("keys", tmp_path / "deploy", "--renew")

    @pytest.mark.parametrize("content", ["", "{}", "\xff", '{"proof": "songjiao log 1"}', '{"order": 1}'])
    def test_a_proof_that_is_none(self, tmp_path, content):
        file = tmp_path / "proof.json"
        file.write_bytes(content.encode("latin-1"))
        assert f"{file} is no proof" in here("seal", "verify", file, "--root", "0" * 64)
        assert "64 hexadecimal digits" in here("seal", "verify", file, "--root", "abc", status=2)
        assert str(file.parent / "none") in here("seal", "verify", file.parent / "none", "--root", "0" * 64)

    def test_a_second_demonstration_is_refused_and_touches_nothing(self, tmp_path):
        state = tmp_path / "state"
        state.mkdir()
        (state / "season.playing").touch()  # the first one is in the middle of its season
        with (tmp_path / "state.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            said = here("demo", "--state", state)
        assert "a demonstration runs in" in said
        assert [path.name for path in state.iterdir()] == ["season.playing"]


@pytest.fixture(scope="class")
def state(tmp_path_factory):
    """The folder of a whole system that is up."""
    folder = tmp_path_factory.mktemp("installation")
    ports = dict(zip(PACKAGES, free_ports(len(PACKAGES)), strict=True))
    # nobody else takes these while a test has ended one of the services
    (folder / "system.json").write_text(json.dumps({"ports": ports, "pids": {}}))
    try:
        songjiao("up", "--practice", "--state", folder, status=0)
        yield folder
    finally:
        songjiao("down", "--reset", "--state", folder, status=0)


def kill(pid):
    os.kill(pid, signal.SIGKILL)
    assert processes.wait_until(lambda: all(pid != other for other, _ in processes.commands()), seconds=10)


def kill_service(state, service):
    kill(json.loads((state / "system.json").read_text())["pids"][service])


def up_again(state):
    songjiao("up", "--practice", "--state", state, status=0)
    songjiao("status", "--state", state, status=0)


@pytest.mark.timeout(900)
class TestWhileSomethingIsAway:
    """In this order on one system: each test leaves it whole again."""

    def test_all_is_well(self, state):
        assert "Nothing is parked" in songjiao("parked", "list", "--state", state, status=0)
        said = songjiao("verify", "--state", state, status=0)
        assert f"✓ {FACTS}" in said
        assert "404 order.unknown" in songjiao("history", "2026-9999", "--state", state)
        assert "there is no service nobody" in songjiao("parked", "show", "nobody", "1", "--state", state)

    def test_the_read_model_is_folded_anew(self, state):
        assert "rebuilt from 0 facts" in songjiao("rebuild", "portal", "--state", state, status=0)
        assert "has no read model" in songjiao("rebuild", "evaluation", "--state", state)

    def test_a_root_is_published_and_the_whole_log_is_proven_under_it(self, state, tmp_path):
        log, order = tmp_path / "log.jsonl", tmp_path / "order.json"
        assert "nothing was published" in songjiao("seal", "export", "--all", "-o", log, "--state", state)
        root = songjiao("seal", "root", "--state", state, status=0).split("\n")[0]
        songjiao("seal", "export", "--all", "-o", log, "--state", state, status=0)
        assert f"proven by root {root}" in songjiao("seal", "verify", log, "--root", root, status=0)
        assert "another root" in songjiao("seal", "verify", log, "--root", "0" * 64)
        assert "leave out --order" in songjiao(
            "seal", "verify", log, "--root", root, "--order", "1", status=2
        )
        said = songjiao("seal", "export", "--order", "2026-9999", "-o", order, "--state", state)
        assert "404 order.unknown" in said

    def test_one_service_is_down_and_the_rest_is_checked(self, state):
        kill_service(state, "evaluation")
        said = songjiao("status", "--state", state)
        assert re.search(r"^evaluation +http://127.0.0.1:\d+ +does not answer$", said, re.MULTILINE)
        assert said.count("ready") == 4
        said = songjiao("verify", "--state", state)
        assert "✗ nothing is parked at evaluation" in said
        assert "✗ every fact is sealed as it was sent at evaluation" in said
        assert "not checked: evaluation does not answer" in said
        for checked in (FACTS, "the report equals the facts", "the read model equals the topics"):
            assert f"✓ {checked}" in said
        assert "not looked at: evaluation does not answer" in songjiao("parked", "list", "--state", state)
        assert "evaluation does not answer" in songjiao("parked", "show", "evaluation", "1", "--state", state)
        up_again(state)

    def test_in_practice_the_clock_goes_on_when_told(self, state):
        later = datetime.now(ZONE) + timedelta(days=3)
        said = songjiao("clock", f"{later:%Y-%m-%d} 08:00", "--state", state, status=0)
        assert f"it is {later:%Y-%m-%d} 08:00 now" in said
        assert f"{later:%Y-%m-%d} 08:00 …" in said
        back = datetime.now(ZONE) - timedelta(days=3)
        assert "clock." in songjiao("clock", f"{back:%Y-%m-%d} 08:00", "--state", state)

    def test_the_portal_is_down(self, state):
        kill_service(state, "portal")
        said = songjiao("verify", "--state", state)
        assert "✗ the report equals the facts" in said
        assert "not checked: portal does not answer" in said
        for checked in (FACTS, "nothing is parked", "the read model equals the topics"):
            assert f"✓ {checked}" in said
        assert "portal does not answer" in songjiao("history", "2026-0001", "--state", state)
        up_again(state)

    def test_a_service_that_hangs_is_ended_and_begun_anew(self, state):
        pid = json.loads((state / "system.json").read_text())["pids"]["portal"]
        os.kill(pid, signal.SIGSTOP)
        up_again(state)
        assert json.loads((state / "system.json").read_text())["pids"]["portal"] != pid

    def test_kafka_is_down(self, state):
        kill(LocalServers(state).kafka.pid())
        said = songjiao("verify", "--state", state)
        assert f"✗ {FACTS}" in said
        assert "not checked: no facts can be read from Kafka" in said
        assert "✓ nothing is parked" in said
        assert "Nothing is parked" in songjiao("parked", "list", "--state", state, status=0)
        said = songjiao("rebuild", "portal", "--state", state)
        assert said.splitlines()[-1].startswith("nothing was changed: Kafka at 127.0.0.1:")
        up_again(state)

    def test_postgresql_is_down(self, state):
        kill(LocalServers(state).database.pid())
        assert "is not ready: database" in songjiao("status", "--state", state)
        said = songjiao("verify", "--state", state)
        assert f"✓ {FACTS}" in said
        assert "(GET scheduling/operations: 503 service.passing)" in said
        assert "✗ the read model equals the topics" in said
        assert "503 service.passing" in songjiao("parked", "list", "--state", state)
        assert "503 service.passing" in songjiao("history", "2026-0001", "--state", state)
        up_again(state)

    def test_a_database_that_was_practised_on_does_not_start_in_earnest(self, state):
        asyncio.run(move_clock(LocalServers(state).addresses().database))
        songjiao("down", "--state", state, status=0)
        said = songjiao("up", "--state", state)
        assert said.count("\n") <= 2, said
        assert "was practised on" in said
        assert "songjiao up --practice" in said
        pids = json.loads((state / "system.json").read_text())["pids"].values()
        assert processes.wait_until(
            lambda: not {pid for pid, _ in processes.commands()} & set(pids), seconds=30
        ), "what was started ends again"
        up_again(state)

    def test_services_are_ended_when_nobody_can_read_which_they_are(self, state):
        pids = set(json.loads((state / "system.json").read_text())["pids"].values())
        (state / "system.json").write_text("{}")
        songjiao("down", "--reset", "--state", state, status=0)
        assert not {pid for pid, _ in processes.commands()} & pids
        assert not state.exists()


async def move_clock(server):
    connection = await asyncpg.connect(database_url(server, "order_intake"))
    await connection.execute("update clock set moved = interval '1 day'")
    await connection.close()
