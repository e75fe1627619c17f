"""Another key for what is encrypted: read under both, written under the new one, nothing lost."""

import asyncio
import base64

import pytest
from kit_house import sender as house
from sqlalchemy import insert, select, text, update

from servicekit.columns import NoKey, use_data_key
from servicekit.rekey import ROWS, rekey

OLD, NEW, OTHER = (base64.b64encode(letter * 32).decode() for letter in (b"o", b"n", b"x"))
NAMES = {number: f"䶮㛃 {number}" for number in range(2 * ROWS + 7)}
"""More than two reads bring."""
WAITING = text(
    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
)


@pytest.fixture(autouse=True)
def keys():
    """What other tests of the process encrypt by stands again afterwards."""
    use_data_key(OLD)
    yield
    use_data_key(base64.b64encode(b"k" * 32).decode())


@pytest.fixture
async def rows(sender):
    """Names under the old key."""
    async with sender.service.engine.begin() as connection:
        await connection.execute(house.secret.delete())
        await connection.execute(
            insert(house.secret), [{"id": id_, "name": name} for id_, name in NAMES.items()]
        )
        await connection.execute(insert(house.secret), {"id": len(NAMES), "name": None})
    return sender.service.engine


async def read(engine):
    async with engine.connect() as connection:
        found = await connection.execute(select(house.secret.c.id, house.secret.c.name))
        return {id_: name for id_, name in found if name is not None}


async def test_everything_is_read_under_both_keys_and_afterwards_under_the_new_one_alone(rows):
    use_data_key(NEW, [OLD])
    assert await read(rows) == NAMES
    looked = []
    told = await rekey(rows, house.metadata, lambda *far: looked.append(far))
    assert (told.changed, told.stood, told.closed) == (len(NAMES), 0, {})
    assert looked[-1] == ("secret", len(NAMES) + 1, len(NAMES) + 1)
    again = await rekey(rows, house.metadata, lambda *_: None)
    assert (again.changed, again.stood) == (0, len(NAMES)), "interrupted and begun again it goes on"
    use_data_key(NEW)
    assert await read(rows) == NAMES
    use_data_key(OLD)
    with pytest.raises(NoKey, match="SONGJIAO_FURTHER_DATA_KEYS"):
        await read(rows)


async def test_what_is_written_meanwhile_stays_as_written(rows):
    use_data_key(NEW, [OLD])
    async with rows.execution_options(isolation_level="READ COMMITTED").connect() as writer:
        await writer.execute(update(house.secret).where(house.secret.c.id == 1).values(name="written now"))
        changing = asyncio.create_task(rekey(rows, house.metadata, lambda *_: None))
        waiting = asyncio.create_task(_until_somebody_waits(rows))
        await asyncio.wait([waiting, changing], timeout=120, return_when=asyncio.FIRST_COMPLETED)
        assert waiting.done(), changing
        await writer.commit()
    told = await changing
    assert told.changed == len(NAMES) - 1
    use_data_key(NEW)
    assert await read(rows) == NAMES | {1: "written now"}


async def _until_somebody_waits(engine):
    """For a row that another transaction holds."""
    while True:
        async with engine.connect() as connection:
            if await connection.scalar(WAITING):
                return
        await asyncio.sleep(0.01)


async def test_what_no_key_opens_is_told_and_left_as_it_is(rows):
    use_data_key(OTHER)
    async with rows.begin() as connection:
        await connection.execute(update(house.secret).where(house.secret.c.id == 3).values(name="lost"))
    use_data_key(NEW, [OLD])
    told = await rekey(rows, house.metadata, lambda *_: None)
    assert told.closed == {"secret.name": 1}
    assert told.changed == len(NAMES) - 1
    use_data_key(NEW, [OTHER])
    assert (await read(rows))[3] == "lost"
