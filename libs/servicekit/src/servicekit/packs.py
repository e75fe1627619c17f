"""A pack of files that whoever holds it can check: a list of hashes, and the service's signature over it.

`SHA256SUMS` has the form that `sha256sum --check` reads, so that no program of ours is needed; `manifest.json` says
what the pack is of and what it should hold and does not; `manifest.jws` is the signature. The same files make the same
bytes.
"""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from pydantic import BaseModel, ValidationError

from servicekit.keys import PublicKey, read_keys
from servicekit.tokens import signed_digest

MANIFEST, SUMS, SIGNATURE = "manifest.json", "SHA256SUMS", "manifest.jws"
BESIDE = frozenset({MANIFEST, SUMS, SIGNATURE})
BEGINNING = (1980, 1, 1, 0, 0, 0)
"""Of the ZIP format: when a file was written into the pack says nothing, and would make other bytes each time."""
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What a damaged ZIP raises: a flipped byte may say encrypted, packed in an unknown way, of an impossible length."""
PIECE = 1 << 20
LARGEST_LIST = 16 << 20
"""Bytes of a list of files; one of ours is a few kilobytes. Files themselves are read in pieces and never kept."""


@dataclass(frozen=True)
class File:
    """One file of the pack: its path in it, with `/` between, and what it holds."""

    path: str
    content: bytes


class Listed(BaseModel):
    """A file as the manifest names it."""

    path: str
    bytes: int
    sha256: str


class Manifest(BaseModel):
    """What the pack is of, what it should hold and does not, and what it holds."""

    format: Literal["songjiao-pack/1"] = "songjiao-pack/1"
    about: dict[str, str]
    missing: list[str]
    files: list[Listed]


class NoPack(Exception):  # noqa: N818  what is wrong with it is its name
    """The file is no pack of ours, or not a whole one."""


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def pack(
    about: Mapping[str, str], missing: Sequence[str], files: Sequence[File], sign: Callable[[str], str | None]
) -> bytes:
    """The ZIP. `sign` makes a JWS over the manifest's digest, or nothing without a key."""
    listed = [Listed(path=each.path, bytes=len(each.content), sha256=digest(each.content)) for each in files]
    told = Manifest(about=dict(about), missing=list(missing), files=listed).model_dump_json(indent=1).encode()
    whole = [*files, File(MANIFEST, told), File(SUMS, _sums(listed, told))]
    if (signature := sign(digest(told))) is not None:
        whole.append(File(SIGNATURE, signature.encode()))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as zipped:
        for each in whole:
            zipped.writestr(_entry(each.path), each.content)
    return written.getvalue()


def _sums(listed: Sequence[Listed], manifest: bytes) -> bytes:
    own = [(each.sha256, each.path) for each in listed]
    return "".join(f"{made}  {path}\n" for made, path in [*own, (digest(manifest), MANIFEST)]).encode()


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, BEGINNING)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


@dataclass(frozen=True)
class Checked:
    """A pack that was read: its manifest, what differs from it, and which service has signed it (none = not asked)."""

    manifest: Manifest
    wrong: Sequence[str]
    signed_by: str | None


def check(file: Path, keys: Path | None = None) -> Checked:
    """Everything that can be known without us; `NoPack` when it is none, or nobody of these `keys` has signed it."""
    known = read_keys(keys) if keys else None
    with file.open("rb") as opened:
        return _checked(file, opened, known)


def _checked(file: Path, opened: BinaryIO, keys: Sequence[PublicKey] | None) -> Checked:
    try:
        with zipfile.ZipFile(opened) as zipped:
            raw = _small(zipped, MANIFEST)
            manifest = _manifest(raw)
            wrong = _wrong_in(zipped, manifest, raw)
            return Checked(manifest, wrong, _signer(zipped, digest(raw), keys) if keys is not None else None)
    except (*BROKEN, OSError):
        raise NoPack(f"{file} is no ZIP, or only a part of one, or damaged") from None


def _small(zipped: zipfile.ZipFile, name: str) -> bytes:
    try:
        if zipped.getinfo(name).file_size > LARGEST_LIST:
            raise NoPack(f"{name} is larger than any list of ours")
        return zipped.read(name)
    except KeyError:
        raise NoPack(f"{name} is missing: this is no pack of ours") from None


def _manifest(raw: bytes) -> Manifest:
    try:
        return Manifest.model_validate_json(raw)
    except ValidationError as why:
        first = why.errors()[0]
        raise NoPack(f"{MANIFEST}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _wrong_in(zipped: zipfile.ZipFile, manifest: Manifest, raw: bytes) -> list[str]:
    """Changed, missing, twice, too much; nothing when it is as it was made."""
    names = [each.filename for each in zipped.infolist()]
    wanted = {each.path: each for each in manifest.files}
    wrong = [f"{name}: twice in the pack" for name in sorted({n for n in names if names.count(n) > 1})]
    wrong += [f"{path}: missing" for path in wanted if path not in names]
    wrong += [f"{name}: in no list" for name in sorted(set(names) - set(wanted) - BESIDE)]
    if len(wanted) < len(manifest.files):
        wrong.append(f"{MANIFEST}: names a file twice")
    changed = ((path, _changed(zipped, told)) for path, told in wanted.items() if path in names)
    wrong += [f"{path}: {how}" for path, how in changed if how]
    if _small(zipped, SUMS) != _sums(manifest.files, raw):
        wrong.append(f"{SUMS}: says otherwise than {MANIFEST}")
    return wrong


def _changed(zipped: zipfile.ZipFile, told: Listed) -> str:
    """Read in pieces, and no further than it should be long: what unpacks without end is found out early."""
    made, length = hashlib.sha256(), 0
    try:
        with zipped.open(told.path) as file:
            while length <= told.bytes and (piece := file.read(PIECE)):
                made.update(piece)
                length += len(piece)
    except (*BROKEN, OSError) as why:
        return f"cannot be read: {why}"
    if length > told.bytes:
        return f"longer than the {told.bytes} bytes it was made with"
    return "" if made.hexdigest() == told.sha256 else "changed since the pack was made"


def _signer(zipped: zipfile.ZipFile, made: str, keys: Sequence[PublicKey]) -> str:
    try:
        service, signed = signed_digest(_small(zipped, SIGNATURE).decode(errors="replace"), keys)
    except ValueError as why:
        raise NoPack(f"{SIGNATURE}: {why}") from None
    if signed != made:
        raise NoPack(f"{SIGNATURE}: is of another list of files")
    return service
