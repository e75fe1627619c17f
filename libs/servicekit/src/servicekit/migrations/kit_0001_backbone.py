"""The fact log and its to-do list, heads and parking, due work, the clock, answers already given."""

from alembic import op

revision = "kit_0001"
down_revision = None
branch_labels = None
depends_on = None

EVENT = """
create table event (
  position bigint generated always as identity primary key,
  id uuid not null constraint event_id_key unique,
  subject text not null,
  sequence bigint not null check (sequence >= 1),
  type text not null,
  topic text not null,
  body bytea not null,
  at timestamptz not null default clock_timestamp(),
  constraint event_subject_sequence_key unique (subject, sequence)
);
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'facts are append-only: % of % is refused', tg_op, tg_table_name using errcode = '23001';
end $$;
create trigger event_append_only before update or delete on event for each row execute function refuse_change();
create trigger event_no_truncate before truncate on event for each statement execute function refuse_change();
create table unsent (position bigint primary key) with (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0)
"""

CLOCK = """
create table clock (one boolean primary key default true check (one), moved interval not null default '0');
insert into clock default values;
create function songjiao_now() returns timestamptz language sql volatile as
  $$ select clock_timestamp() + (select moved from clock) $$;
create function draw(subjects text[]) returns table (subject text, sequence bigint, at timestamptz)
language plpgsql volatile as $$
#variable_conflict use_column
begin
  -- two statements: in one, max would be read from the snapshot before the wait
  perform pg_advisory_xact_lock(k)
    from (select distinct hashtextextended(x, 0) k from unnest(subjects) x order by 1) q;
  return query select x, (select coalesce(max(e.sequence), 0) + 1 from event e where e.subject = x), songjiao_now()
    from unnest(subjects) x;
end $$
"""

CONSUMER = """
create table head (
  consumer text not null, sender text not null, subject text not null, sequence bigint not null,
  primary key (consumer, sender, subject)) with (fillfactor = 80);
create table parked (
  seq bigint generated always as identity primary key,
  consumer text not null, subject text not null, sender text not null, sequence bigint,
  id uuid not null, type text not null, body bytea not null,
  reason text not null check (reason in ('poison', 'behind', 'gap')), error text not null,
  at timestamptz not null default clock_timestamp(), tries integer not null default 1,
  constraint parked_consumer_id_key unique (consumer, id));
create index parked_subject on parked (consumer, subject, seq);
create table skipped (
  seq bigint generated always as identity primary key,
  consumer text not null, subject text not null, sender text not null, sequence bigint,
  id uuid not null, type text not null, body bytea not null, error text not null,
  by text not null, reason text not null, parked_at timestamptz not null,
  at timestamptz not null default clock_timestamp());
create table paused (
  consumer text primary key, reason text not null, at timestamptz not null default clock_timestamp())
"""

DUE = """
create table due (
  kind text not null, key text not null, subject text not null, due timestamptz,
  data jsonb not null, cause jsonb, job boolean not null,
  version integer not null default 1, tries integer not null default 0, error text,
  again_at timestamptz, leased_until timestamptz, asked_at timestamptz not null default clock_timestamp(),
  primary key (kind, key), check (job or due is not null));
create index due_next on due (due, kind, key) where not job;
create index due_jobs on due (asked_at, kind, key) where job
"""

ANSWERED = """
create table answered (
  actor text not null, key text not null, request bytea not null, status integer not null,
  headers jsonb not null, body bytea not null, at timestamptz not null default clock_timestamp(),
  primary key (actor, key));
create index answered_at on answered (at);
create function answer_given(actor text, key text)
returns table (request bytea, status integer, headers jsonb, body bytea) language plpgsql volatile as $$
#variable_conflict use_column
begin
  -- a twin that is still at work is waited for
  perform pg_advisory_xact_lock(hashtextextended($1 || '/' || $2, 3));
  return query select a.request, a.status, a.headers, a.body from answered a where a.actor = $1 and a.key = $2;
end $$
"""


def upgrade() -> None:
    """Make the tables."""
    for part in (EVENT, CLOCK, CONSUMER, DUE, ANSWERED):
        for statement in _statements(part):
            op.execute(statement)


def downgrade() -> None:
    """Facts are never thrown away."""
    raise RuntimeError("the fact log is not undone")


def _statements(part: str) -> list[str]:
    """One by one: the driver prepares each; bodies of functions stay whole."""
    pieces, quoted = [""], False
    for line in part.strip().splitlines():
        pieces[-1] += line + "\n"
        quoted ^= line.count("$$") % 2 == 1
        if line.rstrip().endswith(";") and not quoted:
            pieces.append("")
    return [piece.strip().rstrip(";") for piece in pieces if piece.strip()]
