"""Rows of an order whose certificates are issued and wait to be printed, put into the service's database at once."""

import json
import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import asyncpg
from sqlalchemy.dialects.postgresql import dialect

from evaluation.paper import Sheet
from servicekit.columns import EncryptedText, use_data_key

ISSUER, CODE, LEVEL, DAY = "三明市总工会", "6-31-01-03", "L4", date(2026, 6, 1)
OCCUPATION, LEVEL_NAME = ("电工", "Electrician"), ("四级/中级工", "Level 4 / intermediate worker")
MARKS = (("theory", "78.5", "60.0"), ("practical", "81.0", "60.0"))
PARTS = [{"part": part, "mark": mark, "pass_mark": pass_mark} for part, mark, pass_mark in MARKS]
DIALECT = dialect()  # type: ignore[no-untyped-call]
MOST = 2000
"""Certificates of an order: its numbers begin behind so many times its place."""
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = range(0x4E00, 0x9FA0)
ORDERS = """
insert into served_order (order_id, number, enterprise_id, enterprise_name, programme, division, union_id, lines,
  cancelled)
values ($1, $2, 'jinniu', '福建金牛水泥集团有限公司', 'send-teachers-home', '350428', 'smftu', '[]', false)"""
PEOPLE = """
insert into directory (worker_id, name, id_masked, last_four, years_in_trade)
select * from unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[], $5::int[])"""
CERTIFICATES = """
insert into certificate (certificate_id, order_id, evaluation_id, worker_id, kind, number, demo, "check", check_code,
  occupation, level, parts, issuer, issuer_key, issued_on)
select c, $1, gen_random_uuid(), w, 'skill_level', n, true, left(k, 10), k, $6, $7, $8::jsonb, $9, $10, $11
from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) u(c, w, n, k)"""
KEPT = "select certificate_id, printed_at, digest from printed_certificate where order_id = $1"


@dataclass(frozen=True)
class Filled:
    """An order that is there, and what its certificates say."""

    order_id: uuid.UUID
    sheets: Sequence[Sheet]


async def fill(database: str, data_key: str, at: int, size: int) -> Filled:
    """The order of this place, with so many certificates of made-up people: the same names and numbers each time."""
    use_data_key(data_key)
    drawn = random.Random(at)  # noqa: S311  no secret
    sheets = [_sheet(drawn, at * MOST + number + 1) for number in range(size)]
    order_id, workers = uuid.uuid4(), [uuid.uuid4() for _ in sheets]
    connection = await asyncpg.connect(database, command_timeout=None)
    try:
        await connection.execute(ORDERS, order_id, f"2026-{at + 1:04}")
        name, masked, four = (_hidden(each) for each in ("name", "id_masked", "last_four"))
        await connection.execute(
            PEOPLE, workers, [name(each.holder) for each in sheets], [masked(each.id_masked) for each in sheets],
            [four(each.id_masked[-4:]) for each in sheets], [12] * size,
        )  # fmt: skip
        await connection.execute(
            CERTIFICATES, order_id, [uuid.uuid4() for _ in sheets], workers, [each.number for each in sheets],
            [each.check for each in sheets], CODE, LEVEL, json.dumps(PARTS), ISSUER,
            sha256(ISSUER.encode()).hexdigest()[:16], DAY,
        )  # fmt: skip
    finally:
        await connection.close()
    return Filled(order_id, sheets)


async def papers(database: str, order_id: uuid.UUID) -> Mapping[uuid.UUID, tuple[object, ...]]:
    """Which certificates are printed: when, and of which content."""
    connection = await asyncpg.connect(database)
    try:
        return {row["certificate_id"]: tuple(row) for row in await connection.fetch(KEPT, order_id)}
    finally:
        await connection.close()


def _hidden(column: str) -> Callable[[str], bytes | None]:
    """As the directory keeps it."""
    place = EncryptedText(f"directory.{column}")
    return lambda text: place.process_bind_param(text, DIALECT)


def _sheet(drawn: random.Random, serial: int) -> Sheet:
    name = drawn.choice(SURNAMES) + "".join(chr(drawn.choice(GIVEN)) for _ in range(2))
    return Sheet(
        number=f"S000035000000264{serial:06}",
        check=f"{drawn.getrandbits(128):032x}",
        demo=True,
        kind="skill_level",
        holder=name,
        id_masked=f"350400********{drawn.randrange(10_000):04}",
        occupation_code=CODE,
        occupation=OCCUPATION,
        level=LEVEL_NAME,
        marks=MARKS,
        issuer=ISSUER,
        issued_on=DAY,
    )
