"""What an operator relies on: a stuck consumer ends its process, parked facts are replayed from the shell."""

import asyncio
from types import SimpleNamespace
from uuid import uuid4

import pytest
from aiokafka import TopicPartition

from contracts.order_intake import OrderStarted
from servicekit import process, telemetry
from servicekit.settings import Settings

DAY = "2026-05-06"


class TestTheWatchdog:
    @pytest.fixture
    def service(self, reader, monkeypatch):
        """The reader as if Kafka answered; what its consumers tell is set by the test."""
        service = reader.service
        monkeypatch.setattr(
            service, "settings", service.settings.model_copy(update={"watchdog_seconds": 0.2})
        )
        monkeypatch.setattr(service, "stuck", None)
        monkeypatch.setattr(service, "_broker", SimpleNamespace(ping=_yes))
        return service

    async def test_ends_the_process_when_facts_wait_and_nothing_is_attempted(self, service, monkeypatch):
        for consumer in service.consumers.values():
            monkeypatch.setattr(consumer, "lag", _seven)
            monkeypatch.setattr(consumer, "assignment", lambda: frozenset({TopicPartition("t", 0)}))
        assert "7 facts wait" in await self._stuck(service)

    async def test_ends_the_process_without_partitions_while_kafka_answers(self, service):
        assert "no partition" in await self._stuck(service)

    async def _stuck(self, service):
        ended = asyncio.Event()
        service.stop_process = ended.set
        watching = asyncio.create_task(service._watch())
        try:
            await asyncio.wait_for(ended.wait(), 10)
        finally:
            watching.cancel()
        return service.stuck


async def _yes(_seconds):
    return True


async def _seven(_topics):
    return 7


async def test_parked_facts_are_replayed_from_the_shell(reader, monkeypatch, capsys):
    order = uuid4()
    async with reader.transactions.begin() as tx:
        await tx.driver.execute("insert into broken values ($1)", str(order))
    facts = [reader.envelope(OrderStarted(order_id=order, started_on=DAY)) for _ in range(3)]
    await reader.deliver_raw([(each.subject.encode(), each.to_bytes()) for each in facts])
    monkeypatch.setattr(reader.service.engine.sync_engine, "dispose", lambda *_, **__: None)
    assert await process._replay(reader.service, "scheduling", str(order)) == 1
    async with reader.transactions.begin() as tx:
        await tx.driver.execute("delete from broken")
    assert await process._replay(reader.service, "scheduling", str(order)) == 0
    assert f"scheduling {order}: 3 applied, 0 left" in capsys.readouterr().out


def test_every_setting_and_metric_says_what_it_means():
    for name, field in Settings.model_fields.items():
        assert len(field.description or "") > 20, name
    for metric in telemetry.METRICS:
        assert metric.meaning.endswith("."), metric.name
