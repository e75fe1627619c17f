"""The five services in one process, each on a database of its own, and one story that went through all of them.

Facts are carried from log to log by the consumers' real path; only Kafka itself is left out.
"""

import base64
import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import structlog

import evaluation.main
import evaluation.settings
import instructor_dispatch.main
import instructor_dispatch.settings
import order_intake.main
import order_intake.settings
import portal.main
import portal.settings
import scheduling.main
import scheduling.settings
from contracts.sentences import LANGUAGES, all_sentences
from evaluation.neighbours import People
from servicekit.clock import move_clock
from servicekit.problems import MEDIA
from servicekit.service import Service
from servicekit.testing import Client, ServiceUnderTest, service_on, test_keys
from servicekit.tokens import Issuer

PROGRAMMES = Path(__file__).parents[2] / "programmes"
START = datetime(2027, 3, 1, 1, tzinfo=UTC)
SERVICES = ("order-intake", "scheduling", "instructor-dispatch", "evaluation", "portal")
PEOPLE = ("enterprise", "union", "college", "instructor", "assessor", "administrator")
"""Roles of people; `service` is nobody's."""
ORGANISATION = {"enterprise": "jinniu", "union": "smftu", "college": "smtc"}
SOMEBODY = "01900000-0000-7000-8000-00000000dead"
"""An id that nothing has."""
KEY = base64.b64encode(b"a key for tests, 32 bytes long..").decode()
HAN = re.compile("[\u4e00-\u9fff]")
UNFILLED = re.compile(r"\{[a-z_]+\}")
TABLES = "select tablename from pg_tables where schemaname = 'public' order by 1"


class House:
    """The services by name, and ids of things that exist in them (`known`)."""

    def __init__(self) -> None:
        self.services: dict[str, ServiceUnderTest] = {}
        self.known: dict[str, str] = {}
        self.carried: dict[str, int] = {}
        """Up to which position of each service's log the others have heard of it."""

    def client(
        self,
        service: str,
        *roles: str,
        organisation: str | None = None,
        person: str | None = None,
        token: str | None = None,
    ) -> Client:
        """Somebody with these roles at a service; by themselves they belong to the story's organisations."""
        client = self.services[service].client()
        if roles and token is None:
            organisation = organisation or ORGANISATION.get(roles[0])
            issuer = Issuer.from_file("portal", test_keys() / "portal.pem")
            who = f"{roles[0]}-1"
            if {"instructor", "assessor"} & set(roles):
                person = person or self.known.get("person_id")
            token = issuer.user_token(who, roles, organisation, person=person)
        if token is not None:
            client.headers["Authorization"] = f"Bearer {token}"
        return client

    def own_token(self, service: str) -> str:
        """The token with which a service asks its neighbours."""
        return Issuer.from_file(service, test_keys() / f"{service}.pem").service_token()

    async def carry(self) -> None:
        """Facts travel and jobs are done until nobody has anything new to say."""
        moving = True
        while moving:
            moving = False
            for name, service in self.services.items():
                moving |= bool(await service.work_off_jobs())
                async with service.transactions.begin() as tx:
                    rows = await tx.driver.fetch(
                        "select position, subject, body from event where position > $1 order by position",
                        self.carried.get(name, 0),
                    )
                if rows:
                    moving = True
                    self.carried[name] = rows[-1]["position"]
                    records = [(row["subject"].encode(), row["body"]) for row in rows]
                    for other in self.services.values():
                        if other is not service:
                            await other.deliver_raw(records)

    async def stored(self, service: str) -> dict[str, tuple[int, int]]:
        """Per table how many rows, and a sum over what they hold: all that a service remembers."""
        async with self.services[service].transactions.begin() as tx:
            tables = [row["tablename"] for row in await tx.driver.fetch(TABLES)]
            each = " union all ".join(
                f"select '{table}', count(*), coalesce(sum(hashtextextended(t::text, 0) % 1000000007), 0)::bigint"
                f' from "{table}" t'
                for table in tables
            )
            return {row[0]: (row[1], row[2]) for row in await tx.driver.fetch(each)}

    @asynccontextmanager
    async def nothing_stored(self, *services: str) -> AsyncIterator[None]:
        """What is done inside leaves no row, no fact, no answer behind."""
        before = {name: await self.stored(name) for name in services}
        yield
        for name in services:
            after = await self.stored(name)
            changed = {table for table in after if after[table] != before[name][table]}
            assert not changed, f"{name} keeps something in {', '.join(sorted(changed))}"


class ByService(httpx.AsyncBaseTransport):
    """To a neighbour's own routes, without a port."""

    def __init__(self, house: House) -> None:
        self._ways = {
            f"{name}.test": httpx.ASGITransport(each.service.app) for name, each in house.services.items()
        }

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._ways[request.url.host].handle_async_request(request)


@contextmanager
def neighbours_in_reach(house: House) -> Iterator[ServiceUnderTest]:
    """The portal, which asks its neighbours themselves."""
    transactions = house.services["portal"].transactions
    before = transactions.known
    ways = {"url_of": "http://{}.test".format, "transport": ByService(house)}
    transactions.known = replace(before, neighbours=replace(before.neighbours, **ways))
    yield house.services["portal"]
    transactions.known = before


def refused(answer: httpx.Response, status: int, code: str, field: str | None = None) -> dict[str, Any]:
    """The answer says no with status, rule and field, in both languages; what else it says."""
    told = clear(answer)
    assert (answer.status_code, told["code"]) == (status, code), answer.text[:500]
    if field is not None:
        fields = {told["field"], *(each["field"] for each in told["errors"])}
        assert field in fields, f"{field} is not among {fields}"
    return told


def clear(answer: httpx.Response) -> dict[str, Any]:
    """The answer is a refusal that a person understands: a known rule, whole sentences in both languages."""
    asked = f"{answer.request.method} {answer.request.url.path}"
    assert 400 <= answer.status_code < 500, f"{asked}: {answer.status_code} {answer.text[:500]}"
    assert answer.headers["content-type"] == MEDIA, asked
    told: dict[str, Any] = answer.json()
    assert told["code"] in all_sentences(), f"{asked}: {told['code']}"
    for said in (told, *told["errors"]):
        assert set(said["sentences"]) == set(LANGUAGES)
        zh, en = (said["sentences"][language] for language in ("zh", "en"))
        assert HAN.search(zh), said
        assert en, said
        assert not UNFILLED.search(zh + en), said
    assert "Traceback" not in answer.text
    return told


@contextmanager
def no_failure_logged() -> Iterator[None]:
    """No service logs an error inside: a refusal is no failure."""
    with structlog.testing.capture_logs() as logs:
        yield
    failed = [each for each in logs if each["log_level"] in {"error", "critical"}]
    assert not failed, failed


@asynccontextmanager
async def a_house(databases: Mapping[str, str], *, anew: bool = True) -> AsyncIterator[House]:
    """All five, migrated; begun `anew`, their clocks on 1 March 2027."""
    house = House()

    def build_evaluation(settings: evaluation.settings.Settings) -> Service:
        transport = httpx.ASGITransport(house.services["order-intake"].service.app)
        people = People(lambda: "http://order-intake", lambda: house.own_token("evaluation"), transport)
        return evaluation.main.build(settings, people)

    parts: dict[str, tuple[Any, Any, dict[str, Any]]] = {
        "order-intake": (order_intake.main.build, order_intake.settings.Settings, {"index_key": KEY}),
        "scheduling": (scheduling.main.build, scheduling.settings.Settings, {}),
        "instructor-dispatch": (instructor_dispatch.main.build, instructor_dispatch.settings.Settings, {}),
        "evaluation": (build_evaluation, evaluation.settings.Settings, {"check_key": KEY}),
        "portal": (
            portal.main.build,
            portal.settings.Settings,
            {"own_act_seconds": 0},
        ),  # facts go by `carry`
    }
    async with AsyncExitStack() as stack:
        for name, (build, settings, own) in parts.items():
            key = test_keys() / f"{name}.pem"
            given = {"programmes": PROGRAMMES, "private_key": key, **own}
            running = service_on(databases[name], build, settings, **given)
            service = house.services[name] = await stack.enter_async_context(running)
            if anew:
                async with service.transactions.begin() as tx:
                    await move_clock(tx, START)
        yield house


def raw(text: str | bytes, content_type: str = "application/json") -> dict[str, Any]:
    """A body exactly as it is, for a client's request."""
    content = text.encode() if isinstance(text, str) else text
    return {"content": content, "headers": {"content-type": content_type}}


def nested(depth: int) -> str:
    """JSON arrays in one another."""
    return "[" * depth + "]" * depth


def written(value: object) -> str:
    """JSON as a client writes it."""
    return json.dumps(value, ensure_ascii=False)
