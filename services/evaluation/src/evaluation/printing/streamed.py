"""A ZIP that is sent while it is made, with its length said before: whoever fetches it sees how far it is.

Nothing in it is compressed: a PDF is already.
"""

import zipfile
from collections.abc import AsyncIterator, Iterable

from servicekit.packs import BEGINNING

LOCAL, CENTRAL, DESCRIPTOR, END = 30, 46, 16, 22
"""Bytes of the format around each file and at the end, names apart (APPNOTE 6.3, sections 4.3.7 to 4.3.16)."""


class _Sent:
    """Takes what is written until it is sent; cannot go back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> bytes:
        """All since the last time."""
        whole = b"".join(self._pieces)
        self._pieces.clear()
        return whole


async def stream(files: AsyncIterator[tuple[str, bytes]]) -> AsyncIterator[bytes]:
    """The ZIP of these files, piece by piece."""
    out = _Sent()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as zipped:
        async for name, content in files:
            entry = zipfile.ZipInfo(name, BEGINNING)
            entry.external_attr = 0o644 << 16
            zipped.writestr(entry, content)
            yield out.taken()
    yield out.taken()


def length(files: Iterable[tuple[str, int]]) -> int:
    """How many bytes the ZIP of files with these names and lengths has."""
    around = LOCAL + CENTRAL + DESCRIPTOR
    return sum(around + 2 * len(name.encode()) + size for name, size in files) + END
