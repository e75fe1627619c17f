"""aiokafka on uvloop: a connection that the broker has closed is a broken one, not an error of the program.

uvloop's transport raises `RuntimeError` where aiokafka waits for `OSError` (aio-libs/aiokafka#1038). The tasks that
find the coordinator and read the metadata anew end by it, and the consumer hangs till the watchdog's minute is over.
"""

from typing import Any

from aiokafka.conn import AIOKafkaConnection, CloseReason
from aiokafka.errors import KafkaConnectionError

_send = AIOKafkaConnection.send


def _sent(self: AIOKafkaConnection, request: Any, expect_response: bool = True) -> Any:  # noqa: FBT001, FBT002  theirs
    try:
        return _send(self, request, expect_response)
    except RuntimeError as closed:
        self.close(reason=CloseReason.CONNECTION_BROKEN)
        raise KafkaConnectionError(f"Connection at {self.host}:{self.port} broken: {closed}") from closed


def tell_as_broken() -> None:
    """From here on aiokafka connects anew after a closed transport too."""
    AIOKafkaConnection.send = _sent
