"""Rows of notices, of what must be known of orders and batches to address them, and of mails."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    Time,
    UniqueConstraint,
    Uuid,
    bindparam,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from portal.metadata import metadata
from servicekit.db import EncryptedText, UtcTime

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
    Column("mail_at", UtcTime),
    Column("held", Boolean, nullable=False),
    Column("mail_id", Uuid),
    UniqueConstraint("account_id", "kind", "fact_id"),
    Index("ix_notice_about", "about"),
    Index("ix_notice_account_id_starts_at", "account_id", "starts_at"),
    Index("ix_notice_mail_at", "mail_at"),
    Index("ix_notice_mail_id", "mail_id"),
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
mail = Table(
    "mail",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("state", String, nullable=False),
    Column("ended_at", UtcTime),
    Index("ix_mail_made_at", "made_at"),
)
mail_wish = Table(
    "mail_wish",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("address", EncryptedText("mail_wish.address")),
    Column("quiet_starts", Time),
    Column("quiet_ends", Time),
    Column("without", JSON, nullable=False),
)
address_letter = Table(
    "address_letter",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("address", EncryptedText("address_letter.address"), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("until", UtcTime),
    Column("state", String, nullable=False),
    Column("waits", Boolean, nullable=False),
)

OPEN = "read_at is null and over_at is null"
MAKE = """
insert into notice (id, account_id, kind, about, address, order_id, fact_id, figures, starts_at, held)
select gen_random_uuid(), a, $2, $3, $4, $5, $6, $7::text::json, $8, false from unnest($1::uuid[]) a
on conflict (account_id, kind, fact_id) do nothing returning account_id"""
END = """
update notice set over_at = $4 where about = $1 and kind = any($2::text[]) and over_at is null
  and ($3::text[] is null or address = any($3::text[]))"""
FORGET = "delete from notice where starts_at < $1"
FORGET_MAILS = "delete from mail where made_at < $1"
FORGET_LETTERS = "delete from address_letter where made_at < $1"
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
OF_MAIL = (
    select(notice)
    .where(notice.c.mail_id == bindparam("mail"))
    .order_by(notice.c.starts_at.desc(), notice.c.id)
)
WISH = select(mail_wish).where(mail_wish.c.account_id == bindparam("account"))
KEEP_WISH = insert(mail_wish)
KEEP_WISH = KEEP_WISH.on_conflict_do_update(
    index_elements=["account_id"],
    set_={name: KEEP_WISH.excluded[name] for name in ("address", "quiet_starts", "quiet_ends", "without")},
)
