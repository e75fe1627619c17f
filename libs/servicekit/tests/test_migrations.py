"""The database follows the code: from nothing, from several replicas at once, and complete."""

import asyncio
import sys
from pathlib import Path

import asyncpg
from kit_house import sender as house
from sqlalchemy import Column, ForeignKey, MetaData, Table, Uuid
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE, ExcludeConstraint

from servicekit.columns import EncryptedText, UtcTime
from servicekit.migrate import differences, migrate, write_version
from servicekit.testing_servers import database_url


async def test_a_missing_database_is_made_and_replicas_may_start_at_once(servers):
    url = database_url(servers.database, "made_by_migrate")
    await asyncio.gather(*(migrate(url, "kit_house.sender_migrations") for _ in range(3)))
    assert await differences(url, house.metadata) == []
    server = await asyncpg.connect(database_url(servers.database, "postgres"))
    await server.execute("drop database made_by_migrate")
    await server.close()


async def test_a_drafted_version_makes_the_tables_of_the_code(new_database, tmp_path, monkeypatch):
    package = tmp_path / "drafted" / "migrations"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").touch()
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    metadata = MetaData()
    Table(
        "thing", metadata, Column("id", Uuid, primary_key=True), Column("at", UtcTime, nullable=False),
        Column("name", EncryptedText("thing.name")), Column("lines", JSONB, nullable=False),
    )  # fmt: skip
    Table(
        "stay", metadata, Column("id", Uuid, primary_key=True), Column("thing_id", ForeignKey("thing.id")),
        Column("during", TSTZRANGE, nullable=False),
        ExcludeConstraint(("thing_id", "="), ("during", "&&"), name="one_place", using="gist"),
    )  # fmt: skip
    url = new_database("drafted")
    path = await write_version(url, "drafted.migrations", metadata, "First tables")
    assert path == Path(package / "v0001_first_tables.py")
    assert "servicekit" not in path.read_text(), "a version must not change with the kit's types"
    await migrate(url, "drafted.migrations")
    assert await differences(url, metadata) == []
