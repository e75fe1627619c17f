"""Tokens: short-lived, EdDSA, given out by one service and checked by every other itself.

People's tokens are given out by the portal; a service has one for itself alone (role `service`). The public
keys of all services stand in one JWKS file (`SONGJIAO_KEYS`), see `keys`; a token's `kid` is its issuer's name.
"""

import contextlib
import math
import re
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contracts.base import CODE
from contracts.refusals import Refused
from servicekit.keys import PublicKey, read_keys

AUDIENCE = "songjiao"
OF_A_FILE = "songjiao-file"
"""Audience of a signature over a file's digest: no service takes it for a token."""
PORTAL = "portal"
ROLES = frozenset({"enterprise", "union", "college", "instructor", "assessor", "administrator", "service"})
USER_SECONDS = 600
SERVICE_SECONDS = 300
REMEMBERED = 2048


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: user id (or `service:<name>`), roles, the organisation they act for, the command's key.

    `person` is the id of an instructor or assessor: the one instructor-dispatch sends.
    """

    user: str
    roles: frozenset[str] = frozenset()
    organisation: str | None = None
    key: str | None = None
    person: str | None = None

    def may(self, *roles: str) -> bool:
        """Whether one of these roles is theirs."""
        return not self.roles.isdisjoint(roles)


class NotKnown(Refused):
    """Nobody, or nobody we can be sure of."""

    status = 401


class Issuer:
    """Gives out tokens under a service's own key."""

    def __init__(self, service: str, key: Ed25519PrivateKey) -> None:
        self.service = service
        self._key = key

    @classmethod
    def from_file(cls, service: str, path: Path) -> "Issuer":
        """The issuer whose PEM this is."""
        key = serialization.load_pem_private_key(path.read_bytes(), None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"{path.name} holds no Ed25519 key")
        return cls(service, key)

    @property
    def public_key(self) -> Ed25519PublicKey:
        """The half that others check with."""
        return self._key.public_key()

    def user_token(
        self,
        user: str,
        roles: Iterable[str],
        organisation: str | None = None,
        *,
        person: str | None = None,
        seconds: int = USER_SECONDS,
    ) -> str:
        """A person's token; every service believes it only from the portal."""
        unknown = set(roles) - ROLES
        if unknown:
            raise ValueError(f"no such role: {', '.join(sorted(unknown))}")
        return self._token(user, sorted(roles), organisation, seconds, person=person)

    def service_token(self) -> str:
        """This service's own token, for asking its neighbours."""
        return self._token(f"service:{self.service}", ["service"], None, SERVICE_SECONDS)

    def signed_file(self, digest: str) -> str:
        """That a file with this SHA-256 (hexadecimal) is from this service; it does not lapse. See `signed_digest`."""
        claims = {"iss": self.service, "aud": OF_A_FILE, "sha256": digest}
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": self.service})

    def signed(self, claims: Mapping[str, Any], *, key: str) -> str:
        """What this service says to the world, in a JWT. No token: it is for nobody (`aud`), so nobody is let in by it.

        `key` is the address under which the world finds the public half.
        """
        return jwt.encode(dict(claims), self._key, algorithm="EdDSA", headers={"kid": key})

    def _token(
        self,
        user: str,
        roles: list[str],
        organisation: str | None,
        seconds: int,
        *,
        person: str | None = None,
    ) -> str:
        at = int(time.time())
        claims = {
            "iss": self.service,
            "aud": AUDIENCE,
            "sub": user,
            "roles": roles,
            "org": organisation,
            "person": person,
            "iat": at,
            "exp": at + seconds,
            "jti": uuid4().hex,
        }
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": self.service})


class Verifier:
    """Checks tokens against the public keys; remembers the checked ones until they lapse, or their key ends.

    A token that no known key has signed sends it to the file, if that was changed: keys are renewed while it works.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read = file.stat().st_mtime_ns
        self._keys = read_keys(file)
        self._known: OrderedDict[str, tuple[float, Actor]] = OrderedDict()

    def key_of(self, issuer: "Issuer") -> PublicKey | None:
        """The public half of the key that this issuer signs with, with its end."""
        self._read_again()
        public = issuer.public_key
        return next((one for one in self._keys if one.key == public), None)

    def _read_again(self) -> bool:
        """Whether the file holds something else now; one that cannot be read changes nothing."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            changed = self._file.stat().st_mtime_ns
            if changed != self._read:
                self._keys, self._read = read_keys(self._file), changed
                return True
        return False

    def _signed_by(self, token: str, issuer: str) -> tuple[dict[str, Any], PublicKey]:
        """The claims, and which of the issuer's keys has signed them."""
        for one in [*self._keys]:
            if one.service == issuer:
                with contextlib.suppress(jwt.InvalidSignatureError):
                    return _claims(token, one), one
        if self._read_again():
            return self._signed_by(token, issuer)
        raise NotKnown("identity.token_invalid")

    def actor(self, token: str) -> Actor:
        """Who this token speaks for; `identity.token_invalid`, `identity.token_lapsed` or `identity.key_ended`."""
        known = self._known.get(token)
        if known and known[0] > time.time():
            return known[1]
        try:
            issuer = str(jwt.get_unverified_header(token).get("kid", ""))
            claims, key = self._signed_by(token, issuer)
        except jwt.ExpiredSignatureError:
            raise NotKnown("identity.token_lapsed") from None
        except jwt.InvalidTokenError:
            raise NotKnown("identity.token_invalid") from None
        if key.ended:
            raise NotKnown("identity.key_ended", service=key.service)
        actor = Actor(
            str(claims["sub"]),
            frozenset(claims.get("roles") or ()),
            claims.get("org"),
            person=claims.get("person"),
        )
        if not re.fullmatch(CODE, actor.user):
            raise NotKnown("identity.token_invalid")  # an id, never a name: facts tell who acted
        alone = actor.user == f"service:{issuer}" and actor.roles == {"service"}
        if not alone and (issuer != PORTAL or "service" in actor.roles or actor.user.startswith("service:")):
            raise NotKnown("identity.token_invalid")  # only the portal speaks for people
        self._known[token] = (min(float(claims["exp"]), key.until or math.inf), actor)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return actor


def _claims(token: str, key: PublicKey) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(
        token,
        key.key,
        algorithms=["EdDSA"],
        audience=AUDIENCE,
        issuer=key.service,
        options={"require": ["exp", "sub", "iss", "aud"]},
    )
    return claims


def signed_digest(signature: str, keys: Iterable[PublicKey]) -> tuple[str, str]:
    """Service and SHA-256 of a file that it has signed, with a key that may have ended since; `ValueError` when none
    of these keys has.
    """
    for one in keys:
        with contextlib.suppress(jwt.InvalidTokenError):
            claims = jwt.decode(
                signature, one.key, algorithms=["EdDSA"], audience=OF_A_FILE, issuer=one.service,
                options={"require": ["iss", "aud", "sha256"]},
            )  # fmt: skip
            return one.service, str(claims["sha256"])
    raise ValueError("no key that is known has signed this")
