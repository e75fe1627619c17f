"""Signing what the public takes along, with the service's own key; nothing here is a login."""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from jwt.algorithms import OKPAlgorithm

from servicekit.tokens import Issuer


@dataclass(frozen=True)
class Signer:
    """The key is looked up at each use: tests and commands build the service without one."""

    issuer: Callable[[], Issuer]
    secret: bytes
    """What holders' numbers are made of: nobody else can make the same of what they know of a person."""

    def sign(self, claims: Mapping[str, Any], did: str) -> str:
        """A JWT whose key is found in this issuer's DID document."""
        return self.issuer().signed(claims, key=f"{did}#{self.key()[0]}")

    def key(self) -> tuple[str, dict[str, Any]]:
        """The public half of the key, with its name: the thumbprint (RFC 7638)."""
        whole: dict[str, Any] = json.loads(OKPAlgorithm.to_jwk(self.issuer().public_key))
        jwk = {part: whole[part] for part in ("crv", "kty", "x")}
        plain = json.dumps(jwk, separators=(",", ":"), sort_keys=True).encode()
        return base64.urlsafe_b64encode(sha256(plain).digest()).decode().rstrip("="), jwk

    def holder(self, evaluation_id: UUID) -> str:
        """The holder of all certificates of one evaluation, and of no other: a number that says nothing else."""
        drawn = hmac.digest(self.secret, f"holder\0{evaluation_id}".encode(), "sha256")
        return f"urn:uuid:{UUID(bytes=drawn[:16], version=4)}"
