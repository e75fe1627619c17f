"""A Core statement says the same whether SQLAlchemy runs it or, from its second time on, the driver."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import (
    JSON,
    Column,
    Date,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Uuid,
    any_,
    bindparam,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.exc import IntegrityError

from servicekit import direct
from servicekit.boards import renewed
from servicekit.db import EncryptedText, UtcTime
from servicekit.passing import passing, unstorable
from servicekit.testing import tx_of

metadata = MetaData()
thing = Table(
    "thing", metadata, Column("id", Uuid, primary_key=True), Column("name", EncryptedText("thing.name")),
    Column("at", UtcTime), Column("day", Date), Column("cost", Numeric(9, 2)), Column("parts", JSON),
    Column("more", JSONB), Column("words", ARRAY(String)), Column("kind", String, default="plain"),
    Column("count", Integer, nullable=False),
)  # fmt: skip
TABLE = """
create temporary table thing (id uuid primary key, name bytea, at timestamptz, day date, cost numeric(9,2), parts json,
  more jsonb, words text[], kind text, count integer not null) on commit drop"""
COLUMNS = [column.name for column in thing.columns]
ADD = insert(thing).values({name: bindparam(name) for name in COLUMNS})
READ = select(thing).where(thing.c.id == bindparam("id"))
AMONG = select(thing.c.count).where(thing.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
COUNT = insert(thing).values(id=bindparam("id"), count=bindparam("count"), kind="x").returning(thing.c.count)
PLAIN = insert(thing).values(id=bindparam("id"), count=bindparam("count"))
LISTED = select(thing.c.count).where(thing.c.id.in_(bindparam("ids", expanding=True)))


def row(id_: UUID):
    return {
        "id": id_, "name": "张伟", "at": datetime(2026, 5, 6, 8, tzinfo=UTC), "day": date(2026, 5, 6),
        "cost": Decimal("12.50"), "parts": {"a": [1, None]}, "more": ["甲"], "words": ["x", "y"], "kind": "k",
        "count": 3,
    }  # fmt: skip


@pytest.fixture
async def tx(sender):
    async with tx_of(sender) as tx:
        await tx.driver.execute(TABLE)
        yield tx


async def went_direct(tx, statement, given):
    return await direct.direct_of(statement, given, tx.driver, tx.connection.dialect) is not None


async def test_values_and_rows_convert_as_they_do_in_sqlalchemy(tx):
    for id_ in (uuid4(), uuid4(), uuid4()):
        await tx.execute(ADD, row(id_))
        found = (await tx.execute(READ, {"id": id_})).one()
        assert dict(found._mapping) == row(id_)
        assert (found.name, found.cost, found.at.tzinfo) == ("张伟", Decimal("12.50"), UTC)
    assert await went_direct(tx, ADD, row(id_))
    assert await went_direct(tx, READ, {"id": id_})
    for _ in range(2):
        assert (await tx.execute(AMONG, {"ids": [id_, uuid4()]})).scalars().all() == [3]
        assert await tx.scalar(READ, {"id": uuid4()}) is None


async def test_what_an_insert_was_asked_to_return_is_returned(tx):
    for count in range(3):
        assert (await tx.execute(COUNT, {"id": uuid4(), "count": count})).scalar_one() == count


async def test_what_sqlalchemy_decides_at_each_execution_stays_with_it(tx):
    ids = [uuid4() for _ in range(3)]
    for n, id_ in enumerate(ids):
        await tx.execute(PLAIN, {"id": id_, "count": n})
    assert not await went_direct(tx, PLAIN, {"id": id_, "count": 1}), "its default is computed here"
    assert await tx.driver.fetchval("select count(*) from thing where kind = 'plain'") == 3
    for wanted in (ids, ids[:1], []):
        assert len((await tx.execute(LISTED, {"ids": wanted})).all()) == len(wanted)
    await tx.execute(ADD, [row(uuid4()), row(uuid4())])
    assert await tx.driver.fetchval("select count(*) from thing") == 5


async def test_a_refused_row_is_the_same_error_either_way(tx):
    id_ = uuid4()
    await tx.execute(ADD, row(id_))
    for _ in range(2):
        with pytest.raises(IntegrityError) as refused:
            async with tx.savepoint():
                await tx.execute(ADD, row(id_))
        assert refused.value.orig.sqlstate == "23505"
        assert not passing(refused.value)
        assert "张伟" not in str(refused.value), "no personal data in an error of the driver's way"


async def test_a_value_that_no_column_takes_is_told_as_such(tx):
    for n in range(3):
        with pytest.raises(Exception) as refused:
            async with tx.savepoint():
                await tx.execute(ADD, row(uuid4()) | {"count": 2**40 + n})
        assert unstorable(refused.value)


@dataclass(frozen=True)
class Card:
    order: str
    steps: int


def test_a_renewed_row_is_a_copy_and_knows_its_fields():
    card = Card("one", 1)
    assert renewed(card, steps=2) == Card("one", 2)
    assert card.steps == 1
    with pytest.raises(TypeError, match="no stpes"):
        renewed(card, stpes=2)
