"""The services' signing keys: one PEM each, and one JWKS file with the public halves, each with its end.

A key is named by its service (`portal`), a later one with a number behind (`portal.2`). Two members are ours:
`songjiao_from` and `songjiao_until`, seconds since 1970; a key of an old file has none and does not end.
"""

import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt.algorithms import OKPAlgorithm

LIFETIME = timedelta(days=400)
"""How long a key is good for: a year, and a month to renew it in."""
FILE = "keys.json"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that tokens are checked with."""

    name: str
    key: Ed25519PublicKey
    until: float | None

    @property
    def service(self) -> str:
        """Whose tokens it checks."""
        return self.name.partition(".")[0]

    @property
    def seconds_left(self) -> float | None:
        """To its end; nothing when it has none."""
        return None if self.until is None else self.until - time.time()

    @property
    def ended(self) -> bool:
        """Whether no token of it counts any more."""
        return self.until is not None and self.until <= time.time()


def make_keys(folder: Path, services: Iterable[str]) -> Path:
    """New keys: `<service>.pem` (only the owner may read) and `keys.json`; returns the path of the latter."""
    folder.mkdir(parents=True, exist_ok=True)
    public = []
    for service in services:
        private = Ed25519PrivateKey.generate()
        _write_private(folder / f"{service}.pem", private)
        public.append(_public(private, service))
    return _write(folder / FILE, public)


def renew_keys(folder: Path) -> list[str]:
    """A further key for each service, beside the one it has, which stays good until its end; the new ones' names.

    The public halves come first: whoever signs with a new key is believed at once. Keys that ended are dropped.
    """
    file = folder / FILE
    known: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["keys"]
    services = list(dict.fromkeys(jwk["kid"].partition(".")[0] for jwk in known))
    kept = [jwk for jwk in known if jwk.get("songjiao_until", time.time() + 1) > time.time()]
    made = {service: Ed25519PrivateKey.generate() for service in services}
    names = {service: f"{service}.{_next(service, known)}" for service in services}
    _write(file, [*kept, *(_public(private, names[service]) for service, private in made.items())])
    for service, private in made.items():
        _write_private(folder / f"{service}.pem", private)
    return list(names.values())


def read_keys(file: Path) -> list[PublicKey]:
    """The keys of a JWKS file."""
    keys = []
    for jwk in json.loads(file.read_text(encoding="utf-8"))["keys"]:
        key = OKPAlgorithm.from_jwk(jwk)
        if not isinstance(key, Ed25519PublicKey):
            raise TypeError(f"{file.name}: {jwk.get('kid')} is no public Ed25519 key")
        keys.append(PublicKey(jwk["kid"], key, jwk.get("songjiao_until")))
    return keys


def _next(service: str, known: Iterable[dict[str, Any]]) -> int:
    """Numbers are not used again."""
    names = [jwk["kid"].partition(".") for jwk in known]
    return 1 + max(int(number or 1) for owner, _, number in names if owner == service)


def _public(private: Ed25519PrivateKey, name: str) -> dict[str, Any]:
    jwk: dict[str, Any] = json.loads(OKPAlgorithm.to_jwk(private.public_key()))
    at = int(time.time())
    ends = {"songjiao_from": at, "songjiao_until": at + int(LIFETIME.total_seconds())}
    return jwk | {"kid": name, "use": "sig", "alg": "EdDSA"} | ends


def _write(file: Path, public: list[dict[str, Any]]) -> Path:
    """Whole or not at all: services read it while it is written."""
    part = file.with_name(f"{file.name}.part")
    part.write_text(json.dumps({"keys": public}, indent=1), encoding="utf-8")
    part.replace(file)
    return file


def _write_private(path: Path, key: Ed25519PrivateKey) -> None:
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    part.write_bytes(pem)
    if path.exists():
        owner = path.stat()
        os.chown(part, owner.st_uid, owner.st_gid)
    part.replace(path)
