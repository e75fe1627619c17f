"""Rows of notices, and of what must be known of orders and batches to address them."""

from sqlalchemy import JSON, Column, Index, Integer, String, Table, UniqueConstraint, Uuid, bindparam, select

from portal.metadata import metadata
from servicekit.db import UtcTime

notice = Table(
    "notice",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("kind", String, nullable=False),
    Column("about", Uuid, nullable=False),
    Column("address", String, nullable=False),
    Column("order_id", Uuid),
    Column("fact_id", Uuid, nullable=False),
    Column("figures", JSON, nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("read_at", UtcTime),
    Column("over_at", UtcTime),
    UniqueConstraint("account_id", "kind", "fact_id"),
    Index("ix_notice_about", "about"),
    Index("ix_notice_account_id_starts_at", "account_id", "starts_at"),
)
notice_known = Table(
    "notice_known",
    metadata,
    Column("about", Uuid, primary_key=True),
    Column("enterprise_id", String),
    Column("union_id", String),
    Column("ends_at", UtcTime),
    Column("candidates", Integer, nullable=False),
    Column("assessed", Integer, nullable=False),
)

OPEN = "read_at is null and over_at is null"
MAKE = """
insert into notice (id, account_id, kind, about, address, order_id, fact_id, figures, starts_at)
select gen_random_uuid(), a, $2, $3, $4, $5, $6, $7::text::json, $8 from unnest($1::uuid[]) a
on conflict (account_id, kind, fact_id) do nothing returning account_id"""
END = """
update notice set over_at = $4 where about = $1 and kind = any($2::text[]) and over_at is null
  and ($3::text[] is null or address = any($3::text[]))"""
FORGET = "delete from notice where starts_at < $1"
KNOW_ORDER = """
insert into notice_known (about, enterprise_id, union_id, candidates, assessed) values ($1, $2, $3, 0, 0)
on conflict (about) do update set enterprise_id = excluded.enterprise_id,
  union_id = coalesce(excluded.union_id, notice_known.union_id)"""
KNOW_BATCH = """
insert into notice_known (about, ends_at, candidates, assessed) values ($1, $2, $3, 0)
on conflict (about) do update set ends_at = excluded.ends_at, candidates = excluded.candidates"""
ASSESSED = """
update notice_known set assessed = assessed + 1 where about = $1 returning assessed >= candidates"""
KNOWN = "select enterprise_id, union_id, ends_at from notice_known where about = any($1::uuid[])"
COUNT = f"""
select count(distinct (kind, order_id)) from notice where account_id = $1 and starts_at <= $2 and {OPEN}"""  # noqa: S608  our own words
READ = f"""
update notice set read_at = $2 where account_id = $1 and starts_at <= $2 and {OPEN}
  and ($3::text is null or (kind = $3 and order_id is not distinct from $4::uuid))"""  # noqa: S608
OF_ACCOUNT = (
    select(notice)
    .where(
        notice.c.account_id == bindparam("account"), notice.c.starts_at <= bindparam("now", type_=UtcTime())
    )
    .order_by(notice.c.starts_at.desc(), notice.c.id)
    .limit(bindparam("most"))
)
