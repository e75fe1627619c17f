"""Brings a database to the newest version: makes it if it is missing, the kit's tables, then the service's.

Kit and service have a version table each (`kit_version`, `alembic_version`). A service's versions are the
modules of its `migrations` package, in the image like the rest of it; there is no alembic.ini.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Connection, DateTime, LargeBinary, MetaData
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.types import TypeDecorator

from servicekit import alone

KIT = "servicekit.migrations"
ONE_AT_A_TIME = f"select pg_advisory_lock({alone.MIGRATION})"
KIT_TABLES = frozenset(
    {
        "event", "unsent", "head", "parked", "skipped", "paused", "due", "clock", "answered", "kit_version",
        "taken", "seal", "seal_head", "seal_published",
    }
)  # fmt: skip
TEMPLATE = '''"""{title}"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "{revision}"
down_revision = {before!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
{body}


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
'''


async def create_database(url: str) -> bool:
    """Make the database if it is missing; whether it was."""
    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    connection = await asyncpg.connect(urlunsplit(parts._replace(path="/postgres")), timeout=10)
    try:
        if await connection.fetchval("select true from pg_database where datname = $1", name):
            return False
        try:
            await connection.execute(f'create database "{name}"')
        except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
            return False  # another replica was faster
        return True
    finally:
        await connection.close()


async def migrate(url: str, migrations: str | None) -> None:
    """Everything newest; safe to call from several replicas at once."""
    await create_database(url)

    def upgrade(connection: Connection) -> None:
        connection.exec_driver_sql(ONE_AT_A_TIME)
        _upgrade(connection, KIT, "kit_version")
        if migrations is not None:
            _upgrade(connection, migrations, "alembic_version")

    await _with_connection(url, upgrade)


async def differences(url: str, metadata: MetaData) -> list[Any]:
    """What the database lacks of the service's tables; empty when its migrations are complete."""
    found: list[Any] = []

    def compare(connection: Connection) -> None:
        found.extend(compare_metadata(_comparing(connection), metadata))

    await _with_connection(url, compare)
    return found


async def write_version(url: str, migrations: str, metadata: MetaData, title: str) -> Path:
    """Write the next version into the migrations package: what the tables in code have that is not there.

    A draft: read it. Constraints that SQLAlchemy does not compare (exclusion, check) are added by hand.
    """
    await migrate(url, migrations)
    script = _script(migrations)
    before = script.get_current_head()
    number = f"{len(list(script.walk_revisions())) + 1:04d}"
    bodies: list[str] = []

    def draft(connection: Connection) -> None:
        made = produce_migrations(_comparing(connection), metadata)
        assert made.upgrade_ops is not None
        bodies.append(render_python_code(made.upgrade_ops, render_item=_plain_type))

    await _with_connection(url, draft)
    drafted = [line for line in bodies[0].splitlines() if not line.strip().startswith("# ###")]
    lines = dedent("\n".join(drafted)).splitlines()
    if "ExcludeConstraint" in bodies[0]:
        lines.insert(0, 'op.execute("create extension if not exists btree_gist")')
    path = Path(script.versions) / f"v{number}_{title.replace(' ', '_').lower()}.py"
    indented = "\n".join(f"    {line}".rstrip() for line in lines) or "    pass"
    path.write_text(TEMPLATE.format(title=title, revision=number, before=before, body=indented))
    return path


async def _with_connection(url: str, work: Callable[[Connection], None]) -> None:
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(work)
    finally:
        await engine.dispose()


def _script(package: str) -> ScriptDirectory:
    folder = str(Path(str(import_module(package).__file__)).parent)
    return ScriptDirectory(folder, version_locations=[folder])


def _upgrade(connection: Connection, package: str, version_table: str) -> None:
    script = _script(package)

    def steps(revision: Any, _context: Any) -> Any:
        return script._upgrade_revs("head", revision)  # noqa: SLF001  as alembic's own command does

    with EnvironmentContext(Config(), script, fn=steps) as environment:
        environment.configure(connection=connection, version_table=version_table)
        environment.run_migrations()


def _plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A version of long ago must not change with our column types: it names what the database has."""
    if kind != "type":
        return False
    if isinstance(item, TypeDecorator):
        item = item.impl_instance
    if isinstance(item, JSON):
        return f"postgresql.{type(item).__name__}()"
    if isinstance(item, DateTime):
        return f"sa.DateTime(timezone={item.timezone})"
    if isinstance(item, LargeBinary):
        return "sa.LargeBinary()"
    return False


def _comparing(connection: Connection) -> MigrationContext:
    def ours(name: str | None, kind: str, _parents: Any) -> bool:
        return not (kind == "table" and name in KIT_TABLES)

    return MigrationContext.configure(
        connection, opts={"include_name": ours, "compare_type": True, "compare_server_default": False}
    )
