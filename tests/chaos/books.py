"""A small world for the oracle: one order between two services, all ledgers equal, to be spoilt by a test."""

from collections.abc import Iterable
from dataclasses import replace

import orjson

from songjiao_cli.chaos.answers import Command
from songjiao_cli.chaos.oracle.world import Books, Effect, Record, World

ORDER = "0198a000-0000-7000-8000-000000000001"
KEY = "0198a000-0000-7000-8000-00000000000a"
ORDERS = "songjiao.orders"


def fact(nth, source, type_, sequence, *, cause=None, actor="clerk", key=None, **data):
    """A fact as it lies on the topic; `nth` makes its id."""
    return {
        "id": id_of(nth), "source": source, "subject": ORDER, "sequence": sequence, "type": f"{type_}.v1",
        "data": {"order_id": ORDER, **data}, "actor": actor,
        **({"causationid": id_of(cause)} if cause else {}), **({"correlationid": key} if key else {}),
    }  # fmt: skip


def id_of(number):
    return f"0198a000-0000-7000-8000-0000000001{number:02d}"


SUBMITTED = fact(1, "order-intake", "order.submitted", 1, key=KEY)
ACCEPTED = fact(2, "order-intake", "order.accepted", 2, actor="union")
DRAFTED = fact(3, "scheduling", "scheme.drafted", 1, cause=2, actor="service:scheduling", version=1)
STORY = (SUBMITTED, ACCEPTED, DRAFTED)
SERVICES = ("order-intake", "scheduling", "instructor-dispatch", "evaluation", "portal")


def records(facts: Iterable[dict]):
    return [Record(ORDERS, 0, at, orjson.dumps(each), each) for at, each in enumerate(facts)]


def world(facts=STORY, **changes):
    """Everything as it must be for these facts, then with these parts otherwise."""
    facts = list(facts)
    said = {each["id"]: each for each in facts}
    command = Command(KEY, "order-intake", "POST /submit", "clerk", 0.0, 1, 200, (f"order-intake/{ORDER}/1",))
    made = World(
        records(facts), {service: books(service, said.values()) for service in SERVICES},
        dict.fromkeys(said, 1), [], [command],
    )  # fmt: skip
    return replace(made, **changes)


def books(service, facts):
    """One service's tables after it has taken the others' facts."""
    others = [each for each in facts if each["source"] != service]
    kept = (
        {KEY: (200, f'{{"songjiao-position": "order-intake/{ORDER}/1"}}')}
        if service == "order-intake"
        else {}
    )
    return Books(
        events={each["id"]: orjson.dumps(each) for each in facts if each["source"] == service},
        unsent=0,
        effects=[
            Effect(seq, each["source"], each["subject"], each["sequence"], each["id"])
            for seq, each in enumerate(others, start=1)
        ],
        heads={(each["source"], each["subject"]): each["sequence"] for each in others},
        parked=[], skipped=frozenset(), answered=kept,
    )  # fmt: skip


def with_books(of, service, **changes):
    """The world with one service's tables otherwise."""
    return replace(of, books={**of.books, service: replace(of.books[service], **changes)})
