"""The portal while no other service answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx
from faults.house import House


class Nobody(httpx.AsyncBaseTransport):
    """A network without anybody in it."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody is there", request=request)


@contextmanager
def alone(house: House) -> Iterator[None]:
    """Its neighbours are away for as long as this lasts."""
    transactions = house.services["portal"].transactions
    before = transactions.known
    transactions.known = replace(before, neighbours=replace(before.neighbours, transport=Nobody()))
    try:
        yield
    finally:
        transactions.known = before
