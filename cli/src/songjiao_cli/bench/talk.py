"""How a part of the bench is spoken to: one JSON object a line on standard input, its answers on standard output."""

import asyncio
import json
import sys
from typing import Any


class Talk:
    """One end of the talk between the bench and a part."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader

    @classmethod
    async def open(cls) -> "Talk":
        """On this process's standard input."""
        reader = asyncio.StreamReader(limit=2**26)
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        return cls(reader)

    async def heard(self) -> dict[str, Any] | None:
        """The next word; nothing when there will be none."""
        line = await self._reader.readline()
        if not line:
            return None
        told: dict[str, Any] = json.loads(line)
        return told

    def say(self, **told: Any) -> None:
        """Answer."""
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
