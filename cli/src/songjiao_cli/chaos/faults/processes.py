"""Services killed, stopped, frozen, doubled; killed at the very point where it hurts."""

import asyncio
import signal
from collections.abc import Sequence
from contextlib import suppress

import httpx

from songjiao_cli.chaos.faults import fault
from songjiao_cli.chaos.siege import Siege
from songjiao_cli.installation import SERVICES, SPEAKERS

REACHED_SECONDS = 8.0
HEARS_SECONDS = 30.0
SESSION_SECONDS = 10.0
"""After so long without a heartbeat Kafka takes a member's partitions away."""
SPARE_SECONDS = 2.0


@fault("service killed", row=1, quick=True)
async def kill_a_service(siege: Siege) -> bool:
    """Kill -9 at any moment."""
    service = siege.draw.choice(SERVICES)
    await asyncio.sleep(siege.draw.uniform(0.5, 2.5))
    siege.system.tell(service, signal.SIGKILL)
    siege.seen.append(f"{service} killed")
    return True


async def _kill_at(siege: Siege, *points: str) -> bool:
    """Kill at a point; it waits until somebody passes it."""
    point = siege.draw.choice(points)
    service = siege.draw.choice(SERVICES if point.startswith("consumer") else SPEAKERS)
    return await _kill_one_at(siege, service, point)


async def _kill_one_at(siege: Siege, service: str, point: str) -> bool:
    await asyncio.sleep(siege.draw.uniform(0, 1.0))
    killed = siege.system.process(service)
    file = siege.system.fault_file(service, point)
    file.write_text("kill")
    reached = await siege.until(lambda: siege.gone(killed), REACHED_SECONDS)
    file.unlink(missing_ok=True)
    siege.seen.append(f"{service} {'killed' if reached else 'not caught'} at {point}")
    return reached


@fault("killed around a command's commit", row=1, quick=True)
async def kill_around_the_commit(siege: Siege) -> bool:
    """Before it, or after it and before the answer."""
    return await _kill_at(siege, "command.before_commit", "command.after_commit")


@fault("killed in the relay", row=2, quick=True)
async def kill_in_the_relay(siege: Siege) -> bool:
    """Before sending; sent and not acknowledged; acknowledged and not struck off."""
    return await _kill_at(
        siege, "relay.before_send", "relay.sent_before_ack", "relay.after_ack_before_delete"
    )


@fault("killed in the consumer", row=4, quick=True)
async def kill_in_the_consumer(siege: Siege) -> bool:
    """After the poll, in the transaction, after the commit, after the acknowledgement."""
    return await _kill_at(
        siege, "consumer.after_poll", "consumer.in_transaction", "consumer.after_commit_before_ack",
        "consumer.after_ack", "timers.after_commit",
    )  # fmt: skip


@fault("killed in a reaction", row=4, quick=True)
async def kill_in_a_reaction(siege: Siege) -> bool:
    """Two services, one after the other, where a fact is about to lead to a decision: it is taken all the same."""
    killed = [
        await _kill_one_at(siege, service, "consumer.reaction") for service in siege.draw.sample(SPEAKERS, 2)
    ]
    return any(killed)


@fault("two relays, the first one's connection cut", row=3)
async def double_the_relay(siege: Siege) -> bool:
    """A spare waits; the lock's connection is cut; one of both goes on within two seconds."""
    service = siege.draw.choice(SPEAKERS)
    second = await siege.system.beside(service, ("relay",))
    urls = (siege.system.urls[service], second.url)
    for _ in range(3):
        await siege.cut_relay(service)
        taken = await siege.until(lambda: siege.relay_works(service), SPARE_SECONDS)
        siege.check(holds=taken, told=f"no relay of {service} took over within {SPARE_SECONDS:.0f} s")
        before = await _sent(urls)
        await asyncio.sleep(siege.draw.uniform(0.3, 1.0))
        senders = sum(now > then for now, then in zip(await _sent(urls), before, strict=True))
        siege.check(holds=senders <= 1, told=f"two relays of {service} send at once")
    await siege.system.leave(second)
    siege.seen.append(f"two relays of {service}, the lock's connection cut three times")
    return True


async def _sent(urls: Sequence[str]) -> list[float]:
    """How many facts each process has sent and seen acknowledged; of one that does not answer, none."""
    async with httpx.AsyncClient(timeout=5) as client:
        return [await _metric(client, url, "songjiao_relay_sent_total") for url in urls]


async def _metric(client: httpx.AsyncClient, url: str, name: str) -> float:
    with suppress(httpx.HTTPError):
        lines = (await client.get(f"{url}/metrics")).text.splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith(name))
    return 0.0


@fault("stopped in order under load", row=17, quick=True)
async def stop_in_order(siege: Siege) -> bool:
    """SIGTERM: what is in hand is finished, the status is 0."""
    service = siege.draw.choice(SERVICES)
    await asyncio.sleep(siege.draw.uniform(0.3, 1.5))
    await siege.until(
        lambda: siege.system.hears(service), HEARS_SECONDS
    )  # another fault may have killed it just now
    status = await siege.system.down(service)
    siege.check(holds=status == 0, told=f"{service} was told to stop and ended with {status}")
    await siege.system.up(service)
    siege.seen.append(f"{service} stopped with status {status} and begun again")
    return True


@fault("members come and go", row=8)
async def change_members(siege: Siege) -> bool:
    """A second member joins and leaves, is killed, is frozen past its session and wakes."""
    service = siege.draw.choice(SPEAKERS)
    for how in siege.draw.sample((signal.SIGTERM, signal.SIGKILL), 2):
        second = await siege.system.beside(service, ("consumers",))
        await asyncio.sleep(siege.draw.uniform(0.5, 1.5))
        await siege.system.leave(second, how)
    second = await siege.system.beside(service, ("consumers",))
    second.process.send_signal(signal.SIGSTOP)
    await asyncio.sleep(SESSION_SECONDS + siege.draw.uniform(1, 4))
    second.process.send_signal(signal.SIGCONT)
    await asyncio.sleep(1)
    await siege.system.leave(second)
    siege.seen.append(f"a second member of {service} joined three times, was killed, was frozen and woke")
    return True


@fault("a service frozen past its session", row=8)
async def freeze_a_service(siege: Siege) -> bool:
    """It wakes, and its late acknowledgement changes nothing."""
    service = siege.draw.choice(SERVICES)
    siege.system.tell(service, signal.SIGSTOP)
    await asyncio.sleep(SESSION_SECONDS + siege.draw.uniform(1, 4))
    siege.system.tell(service, signal.SIGCONT)
    siege.seen.append(f"{service} frozen past its session")
    return True


@fault("a batch that blocks past the session", row=14)
async def block_in_a_batch(siege: Siege) -> bool:
    """The handler holds the loop in the middle of its transaction: no heartbeat, the partitions are taken away."""
    service = siege.draw.choice(SPEAKERS)
    file = siege.system.fault_file(service, "consumer.in_transaction")
    file.write_text(f"block {SESSION_SECONDS + 3:.0f}")
    reached = await siege.until(lambda: siege.taken(file), REACHED_SECONDS)
    file.unlink(missing_ok=True)
    if reached:
        await asyncio.sleep(SESSION_SECONDS + 3)
    siege.seen.append(f"{service} {'blocked' if reached else 'not caught'} in a batch")
    return reached
