"""Asking another service: what costs more than the answer is done once."""

import ssl

import httpx
import pytest

from servicekit.neighbours import Neighbours, trusted

NOBODY = Neighbours(lambda _: "http://127.0.0.1:9", lambda: "a-token")


async def test_who_is_trusted_is_read_once_for_all_questions(monkeypatch):
    trusted.cache_clear()
    read, really = [], ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", lambda *a, **k: read.append(1) or really(*a, **k))
    for _ in range(3):
        with pytest.raises(httpx.ConnectError):
            await NOBODY.read("order-intake", "/orders", "a-token")
    assert len(read) == 1
