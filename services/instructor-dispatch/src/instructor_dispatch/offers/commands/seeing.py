"""What one search has read of people, colleges and their week: it is not read again while nothing is written."""

from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Seen:
    """Good for one search whose people's colleges are held, and until the first offer that comes of it."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Any] = {}

    async def once(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """What was read under the key, or read now."""
        if key not in self._known:
            self._known[key] = await read()
        found: T = self._known[key]
        return found
