"""An installation moves by its commands: databases from a backup, another and empty Kafka. Nothing is missing.

In this order: each test goes on where the one before has ended.
"""

import asyncio
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import httpx
import pytest
from aiokafka import AIOKafkaProducer

from contracts.base import ORDERS
from servicekit.columns import NoKey, opened, use_data_key
from servicekit.local import LocalServers
from servicekit.local.processes import wait_until
from servicekit.testing_servers import database_url
from songjiao_cli.accounts import PASSWORD

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("songjiao")
ORDER = "2026-0001"
PARKED = re.compile(r"^songjiao_parked\{.*\} [1-9]", re.MULTILINE)
KEY = re.compile(r'name="key" value="([^"]+)"')


@pytest.fixture(scope="module")
def songjiao():
    """What the command says; its status is as told."""

    def run(*words, status=0):
        done = subprocess.run(
            [COMMAND, *map(str, words)], capture_output=True, text=True, cwd=ROOT, check=False, timeout=600
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


@pytest.fixture(scope="module")
def old(songjiao, tmp_path_factory):
    """The folder of an installation that has played a season."""
    folder = tmp_path_factory.mktemp("old")
    try:
        songjiao("season", "rehearsal", "--seed", 5, "--state", folder)
        yield folder
    finally:
        songjiao("down", "--reset", "--state", folder)


@pytest.fixture(scope="module")
def new(songjiao, old, tmp_path_factory):
    """The folder of the installation that goes on, and how many facts the old one had."""
    folder, file = tmp_path_factory.mktemp("new"), old.parent / f"{old.name}.tar.gz"
    told = songjiao("verify", "--state", old)
    story = songjiao("history", ORDER, "--english", "--state", old)
    songjiao("down", "--state", old)
    songjiao("backup", file, "--state", old)
    songjiao("restore", file, "--state", folder)
    try:
        songjiao("up", "--practice", "--state", folder)
        yield folder, told.splitlines()[-1], story
    finally:
        songjiao("down", "--reset", "--state", folder)


@pytest.mark.timeout(900)
def test_every_fact_is_there_again_and_every_check_holds(songjiao, new):
    folder, facts, story = new
    songjiao("resend", "--state", folder)
    songjiao("rebuild", "portal", "--state", folder)
    told = songjiao("verify", "--state", folder)
    assert told.splitlines()[-1] == facts
    assert "✗" not in told
    again = songjiao("history", ORDER, "--english", "--state", folder)
    assert sorted(again.split()) == sorted(story.split()), (
        "two services' facts may have changed places, no more"
    )


def test_the_story_is_told_as_it_was_at_a_moment(songjiao, new):
    folder, _, story = new
    days = re.findall(r"2026-\d\d-\d\d \d\d:\d\d", story)
    then = songjiao("history", ORDER, "--english", "--at", min(days), "--state", folder)
    assert max(days) not in then
    assert min(days) in then
    assert "Traceback" not in songjiao(
        "history", ORDER, "--at", "1990-01-01 00:00", "--state", folder, status=1
    )


@pytest.mark.timeout(900)
def test_another_key_opens_what_was_encrypted_and_the_old_one_opens_nothing(songjiao, new):
    folder, _, _ = new
    old = key_of(folder)
    told = songjiao("rekey", "--practice", "--yes", "--state", folder)
    assert "everything is under the new key" in told
    assert key_of(folder) != old
    stored = asyncio.run(a_name(LocalServers(folder).addresses().database))
    use_data_key(key_of(folder))
    assert opened("roster_person.name", stored)[1]
    use_data_key(old)
    with pytest.raises(NoKey):
        opened("roster_person.name", stored)


def key_of(folder):
    kept = json.loads((folder / "keys" / "secrets.json").read_text())
    assert not kept.get("further_data_keys")
    return kept["data_key"]


async def a_name(server):
    """As the database has it."""
    connection = await asyncpg.connect(database_url(server, "order_intake"))
    try:
        return await connection.fetchval("select name from roster_person limit 1")
    finally:
        await connection.close()


def sign_in(client):
    """As a coordinator."""
    (key,) = KEY.findall(client.get("/login").text)
    form = {"username": "smftu", "password": PASSWORD, "key": key, "back": "/board"}
    assert client.post("/login", data=form).status_code == 303


async def send(kafka, order, record):
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        await producer.send_and_wait(ORDERS, record, order.encode())


def test_an_order_that_is_stuck_is_on_the_board_and_in_the_figures_within_five_seconds(new):
    folder, _, _ = new
    port = json.loads((folder / "system.json").read_text())["ports"]["portal"]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"accept-language": "en"}) as client:
        sign_in(client)
        page = client.get("/board").text
        assert "Stuck" not in page
        order = re.findall(r"/orders/([0-9a-f-]{36})", page)[0]
        asyncio.run(send(LocalServers(folder).addresses().kafka, order, b"{"))
        began = time.monotonic()
        assert wait_until(
            lambda: "Stuck" in client.get("/board").text and PARKED.search(client.get("/metrics").text),
            seconds=30,
        )
        assert time.monotonic() - began < 5
