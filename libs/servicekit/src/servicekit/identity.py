"""Who asks: short-lived EdDSA tokens, checked by every service itself.

People's tokens are given out by the portal; a service has one for itself alone (role `service`). The public
keys of all services stand in one JWKS file (`SONGJIAO_KEYS`), each `kid` a service's name.
"""

import json
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from fastapi import Request, Security
from fastapi.security import HTTPBearer
from jwt.algorithms import OKPAlgorithm

from contracts.base import CODE
from contracts.refusals import NotAllowed, Refused

AUDIENCE = "songjiao"
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


def make_keys(folder: Path, services: Iterable[str]) -> Path:
    """New keys: `<service>.pem` (only the owner may read) and `keys.json`; returns the path of the latter."""
    folder.mkdir(parents=True, exist_ok=True)
    public = []
    for service in services:
        key = Ed25519PrivateKey.generate()
        path = folder / f"{service}.pem"
        path.touch(mode=0o600)
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        jwk = json.loads(OKPAlgorithm.to_jwk(key.public_key()))
        public.append(jwk | {"kid": service, "use": "sig", "alg": "EdDSA"})
    file = folder / "keys.json"
    file.write_text(json.dumps({"keys": public}, indent=1))
    return file


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
    """Checks tokens against the public keys; remembers the checked ones until they lapse."""

    def __init__(self, keys: dict[str, Ed25519PublicKey]) -> None:
        self._keys = keys
        self._known: OrderedDict[str, tuple[float, Actor]] = OrderedDict()

    @classmethod
    def from_file(cls, path: Path) -> "Verifier":
        """The keys of a JWKS file."""
        keys: dict[str, Ed25519PublicKey] = {}
        for jwk in json.loads(path.read_text())["keys"]:
            key = OKPAlgorithm.from_jwk(jwk)
            if not isinstance(key, Ed25519PublicKey):
                raise TypeError(f"{path.name}: {jwk.get('kid')} is no public Ed25519 key")
            keys[jwk["kid"]] = key
        return cls(keys)

    def actor(self, token: str) -> Actor:
        """Who this token speaks for; `identity.token_invalid` or `identity.token_lapsed`."""
        known = self._known.get(token)
        if known and known[0] > time.time():
            return known[1]
        try:
            issuer = jwt.get_unverified_header(token).get("kid", "")
            key = self._keys.get(issuer)
            if key is None:
                raise NotKnown("identity.token_invalid")
            claims = jwt.decode(
                token,
                key,
                algorithms=["EdDSA"],
                audience=AUDIENCE,
                issuer=issuer,
                options={"require": ["exp", "sub", "iss", "aud"]},
            )
        except jwt.ExpiredSignatureError:
            raise NotKnown("identity.token_lapsed") from None
        except jwt.InvalidTokenError:
            raise NotKnown("identity.token_invalid") from None
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
        self._known[token] = (float(claims["exp"]), actor)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return actor


def actor_of(request: Request) -> Actor | None:
    """Who asks, or nothing when no token came with the request."""
    known: Actor | None = getattr(request.state, "actor", None)
    if known is not None:
        return known
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    verifier: Verifier | None = request.app.state.verifier
    if verifier is None:
        raise NotKnown("identity.no_keys")
    actor = verifier.actor(token.strip())
    actor = replace(actor, key=getattr(request.state, "key", None))  # as the route has checked it
    request.state.actor = actor
    return actor


DOCUMENTED = HTTPBearer(
    bearerFormat="JWT", auto_error=False, description="The token that the portal gives out: `POST /token`."
)
"""For OpenAPI: what `/docs` asks for under "Authorize". The token itself is read by `actor_of`."""


def actor_with(*roles: str) -> Callable[..., Awaitable[Actor]]:
    """A dependency: who asks, if one of these roles is theirs (any role when none is named).

    `identity.unknown` (401) without a token, `identity.role` (403) with the wrong role.
    """
    unknown = set(roles) - ROLES
    if unknown:
        raise ValueError(f"no such role: {', '.join(sorted(unknown))}")

    async def actor(request: Request, _: Annotated[object, Security(DOCUMENTED)]) -> Actor:
        who = actor_of(request)
        if who is None:
            raise NotKnown("identity.unknown")
        if roles and not who.may(*roles):
            raise NotAllowed("identity.role", needed=", ".join(roles))
        return who

    return actor
