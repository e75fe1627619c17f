"""The built static files: names with their content's hash, served as immutable, pre-compressed where possible."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

IMMUTABLE = "public, max-age=31536000, immutable"
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


class NotBuilt(Exception):  # noqa: N818  said to whoever starts the portal
    """The static files are missing; the message says how to make them."""


@dataclass(frozen=True)
class Assets:
    """The files of one build."""

    folder: Path
    _files: dict[str, bytes] = field(default_factory=dict)

    @cached_property
    def manifest(self) -> Mapping[str, str]:
        """Plain name -> name with hash."""
        file = self.folder / "manifest.json"
        if not file.exists():
            raise NotBuilt(f"{file} is missing; run: make assets")
        found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
        return found

    def url(self, name: str) -> str:
        """The address of a file."""
        return f"/static/{self.manifest[name]}"

    def answer(self, request: Request, name: str) -> Response:
        """The file, in the smallest form the browser takes; 404 for anything that is not in the manifest."""
        if name not in set(self.manifest.values()):
            return Response(status_code=404)
        headers = {"cache-control": IMMUTABLE, "vary": "accept-encoding"}
        accepted = request.headers.get("accept-encoding", "")
        for encoding, ending in ENCODINGS:
            if encoding in accepted and (body := self._read(name + ending)) is not None:
                headers["content-encoding"] = encoding
                break
        else:
            body = self._read(name) or b""
        return Response(body, headers=headers, media_type=KINDS[Path(name).suffix])

    def _read(self, name: str) -> bytes | None:
        if name not in self._files:
            file = self.folder / "static" / name
            self._files[name] = file.read_bytes() if file.exists() else b""
        return self._files[name] or None
