"""A season is played; each service's database is lost, and made again from facts. Nothing differs but what is told."""

import asyncio
import importlib
import os
import sys
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from servicekit.testing_servers import database_url
from servicekit.tokens import Issuer
from songjiao_cli.api import Api, Person
from songjiao_cli.installation import PACKAGES
from songjiao_cli.season import play as season
from songjiao_cli.season.conductor import Conductor
from songjiao_cli.season.script import read

from .comparing import differences

PROGRAMMES = Path(__file__).parents[2] / "programmes"
SERVICES = ("order-intake", "instructor-dispatch", "scheduling", "evaluation")
BEFORE_JOINT_ORDERS = 3
JOINT = """
select o.state, json_array_length(o.members), (select count(*) from roster_person p where p.order_id = o.id)
from training_order o where json_array_length(o.members) > 0"""
EQUAL_HERE = {
    "training_order.draft",
    "training_order.changed_at",
    "order_number.last",
    "survey_answer.order_id",
    "scheme.asked",
    "scheme.row_version",
    "scheme.changed_at",
    "scheme_version.content",
    "sign_in",
    "part_mark",
}
"""Not promised, but this season leaves nothing on a desk and no version without its session: compared, too."""


class Databases:
    """Copies of the services' databases, and new ones, on the season's server."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.copies: dict[str, str] = {}
        self.erased = UUID(int=0)
        """Somebody who was erased after the season, and whom every backup still names."""

    async def copy(self, package: str) -> None:
        """As a backup makes it, while the service is at work: it is cut off for a moment."""
        name = f"{package}_backup_{uuid4().hex[:6]}"
        await self._do(
            f'alter database "{package}" allow_connections false',
            f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{package}'",
            f'create database "{name}" template "{package}"',
            f'alter database "{package}" allow_connections true',
        )
        self.copies[package] = database_url(self.server, name)

    def lived(self, package: str) -> str:
        return database_url(self.server, package)

    def new(self, package: str) -> str:
        return database_url(self.server, f"{package}_{uuid4().hex[:6]}")

    async def _do(self, *statements: str) -> None:
        connection = await asyncpg.connect(database_url(self.server, "postgres"))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()


@pytest.fixture(scope="module")
async def databases(system):
    """After a season in which every database was copied before its joint order was proposed."""
    assert system.addresses is not None
    kept = Databases(system.addresses.database)

    async def back_up(stage) -> None:
        await stage.conductor.quiet()
        for service in SERVICES:
            await kept.copy(PACKAGES[service])
        await stage.conductor.quiet()

    acts = season.ACTS
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(season, "ACTS", (*acts[:BEFORE_JOINT_ORDERS], back_up, *acts[BEFORE_JOINT_ORDERS:]))
        script = read(PROGRAMMES / "seasons" / "rehearsal.yaml")
        result, _ = await season.play(system, script, PROGRAMMES, scale=1, seed=1, progress=lambda *_: None)
    assert result["ok"], result
    kept.erased = await erase_somebody(system)
    return kept


async def erase_somebody(system) -> UUID:
    """Of an order that was fulfilled and is no part of a joint one; the union does it."""
    issuer = Issuer.from_file("portal", system.installation.private_key("portal"))
    union = Person("look", "", own_token=lambda: issuer.user_token("look", ["union"], "smftu"))
    async with Api(system.urls) as api:
        ended = await api.call(union, "GET", "order-intake", "/orders", params={"state": "fulfilled"})
        order = next(each for each in ended if not each["joint_order"])
        trainees = await api.call(union, "GET", "order-intake", f"/orders/{order['order_id']}/trainees")
        worker = trainees[0]["worker_id"]
        told = {"reason": {"code": "worker.asked_to_be_erased"}, "typed": worker[:8]}
        await api.call(union, "POST", "order-intake", f"/workers/{worker}/erase", json=told)
        await Conductor(api, season.administrator(system)).quiet()
    return UUID(worker)


async def recovered(system, service: str, database: str) -> str:
    """`python -m <service> recover` on another database than the one that lives."""
    package = PACKAGES[service]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", package, "recover",
        env=os.environ | system.full_environment(service) | {f"SONGJIAO_DATABASE_{package.upper()}": database},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await process.communicate()
    assert process.returncode == 0, out.decode()
    return out.decode()


def gone(package: str) -> dict[str, str]:
    """What facts cannot bring back, by the service's own word."""
    told = importlib.import_module(f"{package}.evolution").evolution.gone
    return {place: meaning for place, meaning in told.items() if place not in EQUAL_HERE}


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("service", SERVICES)
async def test_the_state_made_from_facts_alone_is_the_state(system, databases, service):
    package = PACKAGES[service]
    await recovered(system, service, again := databases.new(package))
    assert await differences(databases.lived(package), again, gone(package)) == []


async def joint_orders(url: str) -> list[tuple[str, int, int]]:
    """Of each joint order of this database: its state, its members, how many of its people have a name."""
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(JOINT)]
    finally:
        await connection.close()


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("service", SERVICES)
async def test_a_backup_and_the_facts_since_are_the_state(system, databases, service):
    package = PACKAGES[service]
    said = await recovered(system, service, databases.copies[package])
    assert "older than its topics" in said
    assert await differences(databases.lived(package), databases.copies[package], gone(package)) == []
    if service == "order-intake":
        lived = await joint_orders(databases.lived(package))
        assert lived == [("fulfilled", 2, 9)]
        assert await joint_orders(databases.copies[package]) == lived
        assert await named(databases.copies[package], databases.erased) == 0, "the fact has erased them again"
        assert await named(databases.lived(package), databases.erased) == 0


async def named(url: str, worker: UUID) -> int:
    """How many orders of this database know the worker by name."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("select count(*) from roster_person where worker_id = $1", worker)
    finally:
        await connection.close()
