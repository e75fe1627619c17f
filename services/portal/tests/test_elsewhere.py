"""Signing in at an OpenID provider, which runs in a process of its own; and whoever would come in beside it."""

import asyncio
import base64
import contextlib
import hmac
import re
import sys
import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from browsing import PASSWORD
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from portal.accounts import commands
from portal.accounts.provider import NotVouched, Provider, proof_of
from servicekit.local.ports import free_ports

PEOPLE = ('{"sub": "s-1", "preferred_username": "Lin"}', '{"sub": "s-2", "preferred_username": "nobody-here"}',
          '{"sub": "s-3"}', '{"sub": "s-4", "preferred_username": "gone"}')  # fmt: skip


@pytest.fixture(scope="module")
async def issuer():
    """The provider's address, once it answers."""
    (port,) = free_ports(1)
    told = [each for one in PEOPLE for each in ("--user-claims", one)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true", *told,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient() as client, asyncio.timeout(60):
            while not await _answers(client, url):
                assert process.returncode is None
                await asyncio.sleep(0.05)
        async with httpx.AsyncClient() as client:
            yield (await client.get(f"{url}/.well-known/openid-configuration")).json()["issuer"]
    finally:
        process.terminate()
        await process.wait()


async def _answers(client, url):
    with contextlib.suppress(httpx.HTTPError):
        return (await client.get(f"{url}/.well-known/openid-configuration")).is_success
    return False


@pytest.fixture(scope="module")
def more_settings(issuer):
    return {
        "oidc_issuer": issuer,
        "oidc_client": "songjiao",
        "oidc_secret": "a secret",
        "public_url": "http://test",
    }


@pytest.fixture(scope="module")
async def people(portal):
    async with portal.transactions.begin() as tx:
        for name in ("lin", "gone"):
            await commands.make_account(tx, name, PASSWORD, roles={"union"}, organisation="smftu", name="林")
        await tx.driver.execute("update account set removed_at = now() where username = 'gone'")


@pytest.fixture(autouse=True)
def _without_tls(monkeypatch):
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")


async def left(portal, back="/board"):
    """A browser that went to the provider, and the address it was sent to."""
    client = portal.client()
    client.headers.update({"accept": "text/html", "accept-language": "en"})
    answer = await client.get("/login/elsewhere", params={"back": back})
    assert answer.status_code == 303, answer.text
    return client, answer.headers["location"]


async def vouched(way, sub="s-1"):
    """What the provider sends back with somebody who has logged in there: path and query."""
    async with httpx.AsyncClient() as provider:
        answer = await provider.post(way, data={"sub": sub})
    assert answer.status_code in {302, 303}, answer.text
    parts = urlsplit(answer.headers["location"])
    assert (parts.scheme, parts.netloc) == ("http", "test")
    return f"{parts.path}?{parts.query}"


def turned_away(answer, words):
    assert answer.status_code in {403, 404, 503}, answer.text
    assert words in answer.text
    assert "sj_login" not in answer.headers.get("set-cookie", "")


class TestComingBack:
    async def test_whoever_has_an_account_is_logged_in(self, portal, people):
        page = await portal.client().get("/login", params={"back": "/help"})
        assert 'href="/login/elsewhere?back=/help"' in page.text
        client, way = await left(portal, "/help")
        asked = parse_qs(urlsplit(way).query)
        assert asked["response_type"] == ["code"]
        assert asked["code_challenge_method"] == ["S256"]
        proof = proof_of(asked["state"][0], client.cookies["sj_elsewhere"])
        assert asked["code_challenge"] == [create_s256_code_challenge(proof)]
        answer = await client.get(await vouched(way))
        assert (answer.status_code, answer.headers["location"]) == (303, "/help")
        assert "林" in (await client.get("/account")).text

    @pytest.mark.parametrize(
        ("sub", "words"),
        [
            ("s-2", "You have no account here"),
            ("s-4", "You have no account here"),
            ("s-3", "does not confirm"),
        ],
    )
    async def test_nobody_is_made_an_account(self, portal, people, sub, words):
        client, way = await left(portal)
        turned_away(await client.get(await vouched(way, sub)), words)
        async with portal.transactions.begin() as tx:
            assert (
                await tx.driver.fetchval("select count(*) from account where username = 'nobody-here'") == 0
            )

    async def test_another_browser_and_a_second_time_come_in_vain(self, portal, people):
        """Log-in forgery: a victim's browser opens what the attacker's was sent."""
        client, way = await left(portal)
        back = await vouched(way)
        victim, _ = await left(portal)
        turned_away(await victim.get(back), "not begun in this browser")
        turned_away(await portal.client().get(back, headers={"accept-language": "en"}), "not begun")
        assert (await client.get(back)).status_code == 303
        client.cookies.delete("sj_login")
        turned_away(await client.get(back), "not begun in this browser")

    async def test_a_code_of_another_log_in_is_worth_nothing(self, portal, people):
        """A stolen code put into one's own log-in: nonce and proof are of another."""
        _, way = await left(portal)
        stolen = parse_qs(urlsplit(await vouched(way)).query)["code"][0]
        thief, own = await left(portal)
        state = parse_qs(urlsplit(own).query)["state"][0]
        answer = await thief.get("/login/elsewhere/back", params={"code": stolen, "state": state})
        turned_away(answer, "does not confirm")

    @pytest.mark.parametrize(
        "asked", [{}, {"code": "x"}, {"error": "access_denied"}, {"code": "x", "state": "a.b.c"}]
    )
    async def test_what_is_no_answer_lets_nobody_in(self, portal, people, asked):
        client, _ = await left(portal)
        turned_away(await client.get("/login/elsewhere/back", params=asked), "not begun in this browser")

    @pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/", "/\\evil.example"])
    async def test_it_leads_to_our_own_pages_only(self, portal, people, back):
        client, way = await left(portal, back)
        assert (await client.get(await vouched(way))).headers["location"] == "/board"


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class TestIdToken:
    ours = Provider("https://idp.example", "songjiao", "", "preferred_username", "")
    key = RSAKey.generate_key(2048, {"kid": "k"})
    keys = {"keys": [key.as_dict(private=False)]}  # noqa: RUF012

    def token(self, key=None, algorithm="RS256", **changes):
        now = int(time.time())
        told = {
            "iss": "https://idp.example",
            "aud": "songjiao",
            "sub": "s",
            "exp": now + 300,
            "iat": now,
            "nonce": "n",
        }
        told = {name: value for name, value in (told | changes).items() if value is not None}
        return jwt.encode({"alg": algorithm, "kid": "k"}, told, key or self.key, algorithms=[algorithm])

    def test_the_right_one_is_believed(self):
        assert self.ours.checked(self.token(), self.keys, "n")["sub"] == "s"

    @pytest.mark.parametrize(
        "changes",
        [
            {"iss": "https://other.example"}, {"aud": "another"}, {"exp": 1}, {"nonce": "other"}, {"nonce": None},
            {"iss": None}, {"aud": ["another", "third"]}, {"aud": ["songjiao", "another"]}, {"azp": "another"},
            {"exp": None}, {"sub": None},
        ],
        ids=str,
    )  # fmt: skip
    def test_any_other_is_not(self, changes):
        with pytest.raises(JoseError):
            self.ours.checked(self.token(**changes), self.keys, "n")

    def test_nor_is_one_that_somebody_else_signed_or_nobody(self):
        header, body, _ = self.token().split(".")
        by_secret = b64(b'{"alg":"HS256","kid":"k"}') + "." + body
        signature = hmac.digest(self.key.as_pem(private=False), by_secret.encode(), "sha256")
        unsigned = "eyJhbGciOiJub25lIn0." + body + "."
        for forged in (
            self.token(RSAKey.generate_key(2048, {"kid": "k"})), f"{by_secret}.{b64(signature)}", unsigned,
            f"{header}.{body}.", "", "a.b.c",
        ):  # fmt: skip
            with pytest.raises((JoseError, ValueError)):
                self.ours.checked(forged, self.keys, "n")


async def test_a_provider_that_is_away_is_told(portal, people, monkeypatch):
    settings = portal.service.settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})
    monkeypatch.setattr(portal.service, "settings", settings)
    answer = await portal.client().get("/login/elsewhere", headers={"accept-language": "en"})
    turned_away(answer, "does not answer")
    with pytest.raises((NotVouched, httpx.HTTPError)):
        await Provider("http://127.0.0.1:9", "songjiao", "", "sub", "").came_back("x", "s", "b")


async def test_without_a_provider_there_is_no_such_page(portal, people, monkeypatch):
    monkeypatch.setattr(
        portal.service, "settings", portal.service.settings.model_copy(update={"oidc_issuer": ""})
    )
    for path in ("/login/elsewhere", "/login/elsewhere/back?code=x&state=y"):
        assert (await portal.client().get(path)).status_code == 404
    assert not re.search("elsewhere", (await portal.client().get("/login")).text)
