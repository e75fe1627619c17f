"""Who asks, for a route: read from the token that came with the request (`tokens`)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated

from fastapi import Request, Security
from fastapi.security import HTTPBearer

from contracts.refusals import NotAllowed
from servicekit.tokens import ROLES, Actor, NotKnown, Verifier

__all__ = ["Actor", "actor_of", "actor_with"]


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
