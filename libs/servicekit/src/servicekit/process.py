"""`python -m <service> [serve|migrate|replay|recover|resend|rekey|work]`: what a process of a service can be told."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

import uvloop
from pydantic import ValidationError

from contracts.programme import WrongFile
from servicekit import broken_connections, memory, parking, replay
from servicekit.exits import WRONG_CONFIGURATION
from servicekit.migrate import write_version
from servicekit.rekey import rekey
from servicekit.restoring import CannotRestore
from servicekit.service import Service
from servicekit.settings import PREFIX, Settings
from servicekit.starts import WrongStart

S = TypeVar("S", bound=Settings)
LOOK_SECONDS = 0.5
"""Between two looks whether the job of another process is left by it."""
AGAIN = """
with again as (
  insert into unsent select position from event where position >= $1 on conflict do nothing returning position)
select count(*) from again"""


def run(build: Callable[[S], Service], settings: type[S], arguments: Sequence[str] | None = None) -> None:
    """The whole `__main__` of a service. Settings come from the environment; ends the process."""
    parser = argparse.ArgumentParser(description="One service of Songjiao.")
    does = parser.add_subparsers(dest="does")
    does.add_parser("serve", help="HTTP, consumers, relay and timers, until told to stop (the default)")
    migrating = does.add_parser("migrate", help="bring the database to the newest version")
    migrating.add_argument("--write", metavar="TITLE", help="draft the next version from the tables in code")
    replaying = does.add_parser("replay", help="apply parked facts again, after a mend")
    replaying.add_argument("--consumer", help="only this one's")
    replaying.add_argument("--subject", help="only this one's")
    does.add_parser(
        "recover", help="read the topics whole, and fold what the database lacks; also done at every start"
    )
    does.add_parser("work", help="do the jobs that wait, beside a serving process or without one, and end")
    resending = does.add_parser("resend", help="send facts of the log again, to a Kafka that lost them")
    which = resending.add_mutually_exclusive_group(required=True)
    which.add_argument("--all", action="store_true", help="the whole log")
    which.add_argument("--from", dest="position", type=int, metavar="POSITION", help="from this one on")
    does.add_parser(
        "rekey", help="put all that is encrypted under SONGJIAO_DATA_KEY, where it is under a further one"
    )
    told = parser.parse_args(arguments)
    service = _built(build, settings)
    memory.settle()
    broken_connections.tell_as_broken()
    if told.does == "migrate":
        work = _migrate(service, told.write)
    elif told.does == "replay":
        work = _replay(service, told.consumer, told.subject)
    elif told.does == "recover":
        work = _recover(service)
    elif told.does == "resend":
        work = _resend(service, told.position or 0)
    elif told.does == "rekey":
        work = _rekey(service)
    elif told.does == "work":
        work = _work(service)
    else:
        work = service.serve()
    try:
        sys.exit(uvloop.run(work))
    except WrongStart as wrong:
        raise _refused(str(wrong)) from None


def _built(build: Callable[[S], Service], settings: type[S]) -> Service:
    """The service; a wrong setting or file ends the process with what is wrong, for whoever starts it."""
    try:
        return build(settings())
    except ValidationError as wrong:
        lines = [
            f"{PREFIX}{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}" for each in wrong.errors()
        ]
        said = "\n".join(lines)
    except (WrongFile, ValueError, OSError) as wrong:
        said = str(wrong)
    raise _refused(said)


def _refused(said: str) -> SystemExit:
    print(said, file=sys.stderr)  # noqa: T201  a sentence for a person, not for the log
    return SystemExit(WRONG_CONFIGURATION)


async def _migrate(service: Service, title: str | None) -> int:
    if title is None:
        await service.prepare()
    elif service.migrations is None:
        raise SystemExit("this service has no migrations package")
    else:
        path = await write_version(service.database, service.migrations, service.metadata, title)
        print(f"written: {path.name}; read it before you commit it")  # noqa: T201  a command's answer
    await service.engine.dispose()
    return 0


async def _replay(service: Service, consumer: str | None, subject: str | None) -> int:
    """Replay subject by subject, each in its own transaction; 1 when something is left."""
    left = 0
    async with service.transactions.begin() as tx:
        waiting = await parking.waiting(tx, most=100_000)
    for one in waiting:
        if consumer not in (None, one.consumer) or subject not in (None, one.subject):
            continue
        async with service.transactions.begin() as tx:
            rest = await replay.replay(replay.taking_of(service.takings, one.consumer), tx, one.subject)
        left += len(rest)
        print(f"{one.consumer} {one.subject}: {one.facts - len(rest)} applied, {len(rest)} left")  # noqa: T201
    await service.engine.dispose()
    return 1 if left else 0


async def _recover(service: Service) -> int:
    """Everything anew from the topics' beginning; 1 when they hold what cannot be folded."""
    await service.prepare()
    try:
        done = await service.opening.look(whole=True)
    except CannotRestore as error:
        print(error, file=sys.stderr)  # noqa: T201  a command's answer
        return 1
    finally:
        await service.topics.stop()
        await service.engine.dispose()
    print(  # noqa: T201
        f"{service.name}: {done.read} facts read, {done.own} of its own were lost and are folded, "
        f"{done.foreign} of others are remembered"
    )
    gone = service.evolution.gone if service.evolution else {}
    for place, meaning in gone.items():
        print(f"  not in facts: {place} ({meaning})")  # noqa: T201
    return 0


async def _work(service: Service) -> int:
    """Jobs until none waits, those of a process that died too, once their lease is over; 1 when one fails."""
    while await service.runner.do_one() or await _jobs(service, "tries = 0"):  # noqa: ASYNC110  others' jobs, in rows
        await asyncio.sleep(0 if await _jobs(service, "leased_until is null") else LOOK_SECONDS)
    failed = await _jobs(service, "tries > 0")
    await service.engine.dispose()
    print(f"{service.name}: {failed} jobs failed, and are tried again by its process")  # noqa: T201
    return 1 if failed else 0


async def _jobs(service: Service, so: str) -> int:
    async with service.transactions.begin() as tx:
        found: int = await tx.driver.fetchval(f"select count(*) from due where job and {so}")  # noqa: S608  ours
        return found


async def _resend(service: Service, position: int) -> int:
    """Put the log's facts on the to-do list again: the relay sends them, readers drop what they know."""
    async with service.transactions.begin() as tx:
        facts = await tx.driver.fetchval(AGAIN, position)
    await service.engine.dispose()
    print(f"{service.name}: {facts} facts are sent again by its relay")  # noqa: T201
    return 0


async def _rekey(service: Service) -> int:
    """Every encrypted value under the new key; 1 when something is left that no key opens."""
    await service.prepare()
    told = await rekey(
        service.engine,
        service.metadata,
        lambda table, done, rows: print(f"{service.name}: {table} {done}/{rows}", flush=True),  # noqa: T201
    )
    await service.engine.dispose()
    print(  # noqa: T201  a command's answer
        f"{service.name}: {told.changed} values are under the new key now, {told.stood} were already"
    )
    for place, cells in told.closed.items():
        print(f"{service.name}: no key opens {cells} values of {place}", file=sys.stderr)  # noqa: T201
    return 1 if told.closed else 0
