"""Rolling upgrade: whatever was ever committed as a fact is read, and folded, by the code of today."""

import json
import subprocess
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from uuid import UUID

import pytest

from contracts import upcasts
from contracts.__main__ import past_of
from contracts.base import Envelope, all_facts, fact_of
from contracts.examples import EXAMPLES, PAST, least_of
from contracts.upcasts import newest_of
from portal.reactions import BOARDS
from servicekit.reactions import cause_of

ROOT = Path(__file__).parents[2]
CONTRACTS = "libs/contracts"
TYPES = sorted({path.name.rsplit(".", 2)[0] for path in PAST.glob("*.json")})
CONSUMERS = {
    f"{package}: {name}": consumer
    for package in ("order_intake", "scheduling", "instructor_dispatch", "evaluation", "portal")
    for name, consumer in vars(import_module(f"{package}.reactions")).items()
    if type(consumer).__name__ == "Reactions"
}
OF_SOME = {"joint_people"}
"""Boards of some orders only: the rule itself says that a fact is about another kind."""


def versions(type_):
    """As they may lie on a topic: the present example, and everything that came before it."""
    example = json.loads((EXAMPLES / f"{type_}.json").read_text(encoding="utf-8"))
    return [example, *past_of(type_)]


def on_the_topic(type_, data):
    """The record of this fact, and what carries it."""
    model = fact_of(newest_of(type_))
    envelope = Envelope(
        id=UUID(int=7), source=model.source, type=type_, subject=str(data[model.about]), sequence=1,
        time=datetime(2026, 5, 6, tzinfo=UTC), dataschema=f"urn:songjiao:schema:{type_}", data=data,
    )  # fmt: skip
    return envelope.subject.encode(), envelope.to_bytes()


def test_every_type_has_its_past_and_every_service_its_consumer():
    assert {fact.type for fact in all_facts()} <= set(TYPES)
    assert {name.partition(":")[0] for name in CONSUMERS} == {
        "order_intake", "scheduling", "instructor_dispatch", "evaluation", "portal",
    }  # fmt: skip


@pytest.mark.parametrize("type_", TYPES)
class TestEveryVersion:
    def test_is_read_by_every_consumer_that_reacts_to_it(self, type_):
        for data in versions(type_):
            key, body = on_the_topic(type_, data)
            for name, consumer in CONSUMERS.items():
                arrived = consumer.read("topic", 0, 0, key, body)
                assert arrived.fault is None, name
                if consumer.reacts_to(type_):
                    assert arrived.envelope.fact().type in consumer.types, name

    def test_is_folded_by_every_board_that_knows_it(self, type_):
        for data in versions(type_):
            _, body = on_the_topic(type_, data)
            envelope = Envelope.from_bytes(body)
            pair = (envelope.fact(), cause_of(envelope))
            for board in BOARDS:
                rows = board.folded([pair, pair])  # alone, and on a row that is there
                assert len(rows) <= 1, board.name
                if rows or board.name in OF_SOME or newest_of(type_) not in board.folds:
                    continue
                assert board.key(pair[0]) is None, board.name


def git(*words):
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def committed(kind):
    """Every text that a file of examples or schemas ever had: (type, text)."""
    found = set()
    for commit in git("log", "--format=%H", "--", f"{CONTRACTS}/{kind}").split():
        for line in git("ls-tree", "-r", commit, "--", f"{CONTRACTS}/{kind}").splitlines():
            meta, path = line.split("\t")
            found.add((Path(path).name.removesuffix(".json"), meta.split()[2]))
    return [(type_, json.loads(git("cat-file", "blob", blob))) for type_, blob in sorted(found)]


@pytest.mark.skipif(
    git("rev-parse", "--is-shallow-repository").strip() != "false", reason="the history is not here"
)
def test_nothing_that_was_ever_committed_is_missing_here():
    for type_, example in committed("examples"):
        assert example in versions(type_), f"{type_}: an earlier example is not kept in {PAST.name}"
    for type_, schema in committed("schemas"):
        whole = next(one for one in versions(type_) if set(schema.get("required", ())) <= set(one))
        least = least_of(schema, whole)
        assert least in versions(type_), (
            f"{type_}: what an earlier schema asked for is not kept in {PAST.name}"
        )


@pytest.fixture
def an_old_type(monkeypatch):
    """A version 0 of a fact, as an upgrade would bring it: the number had another name."""

    def step(data):
        return {**data, "number": data["no"]}

    monkeypatch.setitem(upcasts.UPCASTS, "order.submitted.v0", ("order.submitted.v1", step))
    data = json.loads((EXAMPLES / "order.submitted.v1.json").read_text(encoding="utf-8"))
    data["no"] = data.pop("number")
    return data


def test_an_old_version_with_an_upcast_reaches_the_reactions_of_the_new_one(an_old_type):
    key, body = on_the_topic("order.submitted.v0", an_old_type)
    boards = next(consumer for name, consumer in CONSUMERS.items() if name.startswith("portal"))
    arrived = boards.read("topic", 0, 0, key, body)
    assert arrived.fault is None
    assert boards.reacts_to("order.submitted.v0")
    pair = (arrived.envelope.fact(), cause_of(arrived.envelope))
    (card,) = next(board for board in BOARDS if board.name == "order_card").folded([pair]).values()
    assert card.number == an_old_type["no"]
    later = body.replace(b"order.submitted.v0", b"order.submitted.v9")
    assert boards.read("topic", 0, 0, key, later).fault == "unknown version: order.submitted.v9"
