"""The body of a request: read once, no further than its limit, and compared with an earlier sending."""

from fastapi import Request
from starlette.types import Message, Receive

from contracts.refusals import Refused


class TooLarge(Refused):
    """More than the route takes."""

    status = 413


class WrongContent(Refused):
    """Another kind of body than the route takes."""

    status = 415


def comparable(content_type: str, body: bytes) -> bytes:
    """The body without what changes from one sending to the next: a form's boundary."""
    if content_type == "multipart/form-data" and body.startswith(b"--"):
        boundary = body.split(b"\r\n", 1)[0].removeprefix(b"--")
        return body.replace(boundary, b"")
    return body


async def body_of(request: Request, most: int) -> bytes:
    """The whole body, at most so many bytes; read no further than that."""
    told = request.headers.get("content-length", "0")
    if told.isdigit() and int(told) > most:
        raise TooLarge("request.too_large", field="body", kilobytes=most // 1000)
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            raise TooLarge("request.too_large", field="body", kilobytes=most // 1000)
        pieces.append(piece)
    return b"".join(pieces)


def given_again(body: bytes, after: Receive) -> Receive:
    """Give out the body again, then whatever comes (a disconnect)."""
    given = False

    async def receive() -> Message:
        nonlocal given
        if given:
            return await after()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
