"""An OpenID provider at which people may sign in: the way there (code, PKCE, nonce), and who came back.

Nothing is kept in between: state, nonce and the proof of the code follow from what the browser holds, by our own key.
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.integrations.base_client import OAuthError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from contracts.refusals import Refused
from servicekit.columns import blind_index

with warnings.catch_warnings():  # that httpx has a successor is nothing an operator can act on
    warnings.simplefilter("ignore")
    from authlib.integrations.httpx_client import AsyncOAuth2Client

ALGORITHMS = ["RS256", "PS256", "ES256"]
"""Signatures by a key pair: a token signed with a shared secret, or not at all, is none."""
SECONDS = 5.0
LEEWAY = 60
"""Seconds that two clocks may differ."""
DESCRIPTION = "/.well-known/openid-configuration"
EMAIL, VERIFIED = "email", "email_verified"


class NotVouched(Refused):
    """The provider does not say who somebody is, or not so that it can be believed."""

    status = 403


@dataclass(frozen=True)
class Provider:
    """Where people sign in, as whom we ask there, and which claim is the user name here."""

    issuer: str
    client: str
    secret: str
    claim: str
    ours: str
    """The address to which the provider sends people back."""

    async def way_to(self, state: str, browser: str) -> str:
        """The provider's own log-in page, for this browser; `httpx.HTTPError` when it does not answer."""
        async with self._session() as session:
            described = await self._described(session)
            url, _ = session.create_authorization_url(
                described["authorization_endpoint"], state=state, nonce=nonce_of(state, browser),
                code_verifier=proof_of(state, browser),
            )  # fmt: skip
            return str(url)

    async def came_back(self, code: str, state: str, browser: str) -> str:
        """The user name that the provider vouches for; `login.not_vouched`, or `httpx.HTTPError`."""
        try:
            async with self._session() as session:
                described = await self._described(session)
                token = await session.fetch_token(
                    described["token_endpoint"], code=code, code_verifier=proof_of(state, browser)
                )
                keys = await session.request("GET", described["jwks_uri"], withhold_token=True)
                keys.raise_for_status()
            claims = self.checked(str(token.get("id_token", "")), keys.json(), nonce_of(state, browser))
        except (OAuthError, JoseError, KeyError, ValueError) as wrong:
            raise NotVouched("login.not_vouched") from wrong
        name = claims.get(self.claim)
        if not isinstance(name, str) or (self.claim == EMAIL and claims.get(VERIFIED) is not True):
            raise NotVouched("login.not_vouched")
        return name.lower()

    def checked(self, token: str, keys: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        """What an ID token says; `JoseError` unless it is of this issuer, for us, for this log-in, and signed."""
        read = jwt.decode(token, KeySet.import_key_set(dict(keys)), algorithms=ALGORITHMS)  # type: ignore[arg-type]
        wanted = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client},
        }
        claims = CodeIDToken(read.claims, read.header, wanted, {"nonce": nonce, "client_id": self.client})
        claims.validate(leeway=LEEWAY)
        return dict(read.claims)

    def _session(self) -> Any:
        return AsyncOAuth2Client(
            self.client, self.secret, scope="openid profile email", redirect_uri=self.ours,
            code_challenge_method="S256", timeout=SECONDS,
        )  # fmt: skip

    async def _described(self, session: Any) -> Mapping[str, Any]:
        answer = await session.request("GET", f"{self.issuer.rstrip('/')}{DESCRIPTION}", withhold_token=True)
        answer.raise_for_status()
        described: dict[str, Any] = answer.json()
        if described.get("issuer") != self.issuer:
            raise httpx.RequestError("the provider describes another issuer than the one that was set")
        return described


def nonce_of(state: str, browser: str) -> str:
    """What the ID token must repeat."""
    return blind_index("portal.provider.nonce", f"{browser}.{state}").hex()


def proof_of(state: str, browser: str) -> str:
    """What only whoever began can send with the code (PKCE); 64 letters."""
    return blind_index("portal.provider.proof", f"{browser}.{state}").hex()
