"""Who may do what, at every door; and tokens that are none."""

import base64
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.desks.union.due import OF_A_ROLE
from servicekit.testing import test_keys as the_keys  # no test, though its name says so
from servicekit.tokens import AUDIENCE

from .doors import Door, changing, doors
from .house import PEOPLE, SERVICES, House, no_failure_logged, refused
from .who_may import EVERYWHERE, OPEN, who_may

FILES = ("/roster", "/roster/sheet", "/paper/look", "/catalogue/check", "/list/file", "/photos")
"""How addresses end that take a file."""


@pytest.mark.parametrize("service", SERVICES)
class TestRoles:
    def test_every_door_says_who_may(self, house, service):
        there = {(door.method, door.path) for door in doors(house, service) if door.path not in OPEN}
        assert there == set(who_may(service))

    @pytest.mark.parametrize("role", [*PEOPLE, "service"])
    async def test_whoever_may_not_is_turned_away_whatever_is_asked(self, house, service, role):
        if role == "service":
            client = house.client(service, token=house.own_token("portal"))
        else:
            client = house.client(service, role)
        async with house.nothing_stored(service):
            for (method, path), roles in who_may(service).items():
                address = Door(service, method, path).address(house.known)
                if role not in roles:
                    body = {"json": {}} if method != "GET" else {}
                    if path.endswith(FILES):
                        body = {"files": {"file": ("a.csv", b"x")}}
                    told = refused(await client.request(method, address, **body), 403, "identity.role")
                    assert set(told["parameters"]["needed"].split(", ")) == roles

    async def test_nobody_is_asked_to_log_in_first(self, house, service):
        async with house.nothing_stored(service):
            for door in doors(house, service):
                if door.path not in OPEN:
                    for headers in ({}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer "}):
                        client = house.client(service)
                        answer = await client.request(door.method, door.address(house.known), headers=headers)
                        refused(answer, 401, "identity.unknown")
                        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("role", sorted(OF_A_ROLE))
def test_a_role_finds_every_step_that_it_may_do(role):
    """Nothing that a role may change is left out of the steps that its help page names; names are no step."""
    everywhere = {tuple(row.split()[:2]) for row in EVERYWHERE.splitlines() if row.strip()}
    doors = {
        (service, method, path)
        for service in SERVICES
        for (method, path), roles in who_may(service).items()
        if method != "GET" and role in roles and (method, path) not in everywhere and path != "/people"
    }
    assert doors - {(call.service, call.method, call.path) for call in OF_A_ROLE[role]} == set()


def signed(key: object = None, *, kid: object = "portal", algorithm: str = "EdDSA", **claims: object) -> str:
    """A token of the union's, right but for what is told."""
    at = int(time.time())
    told = {"iss": "portal", "aud": AUDIENCE, "sub": "union-1", "roles": ["union"], "org": "smftu"}
    told |= {"iat": at, "exp": at + 600} | claims
    told = {name: value for name, value in told.items() if value is not ...}
    return jwt.encode(told, key or key_of("portal"), algorithm=algorithm, headers={"kid": kid})


def key_of(service: str):
    pem = (the_keys() / f"{service}.pem").read_bytes()
    return serialization.load_pem_private_key(pem, None)


def public_key() -> bytes:
    keys = json.loads((the_keys() / "keys.json").read_text())["keys"]
    x = next(each["x"] for each in keys if each["kid"] == "portal")
    return base64.urlsafe_b64decode(x + "==")


def by_hand(header: object, claims: object, signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


CLAIMS = {"iss": "portal", "aud": AUDIENCE, "sub": "union-1", "roles": ["union"], "exp": 4_000_000_000}
STRANGER = Ed25519PrivateKey.generate()
LAPSED = {
    "lapsed an hour ago": lambda: signed(exp=int(time.time()) - 3600),
    "lapsed a second ago": lambda: signed(exp=int(time.time()) - 1),
}
FORGED = {
    "no token at all": lambda: "please",
    "three empty parts": lambda: "..",
    "a hundred thousand letters": lambda: "a" * 100_000,
    "other characters": lambda: "é€.ü.ß",
    "signed by a stranger": lambda: signed(STRANGER),
    "signed by a stranger under an own name": lambda: signed(STRANGER, kid="stranger", iss="stranger"),
    "a service's key under the portal's name": lambda: signed(key_of("evaluation")),
    "a service that speaks for people": lambda: signed(
        key_of("evaluation"), kid="evaluation", iss="evaluation"
    ),
    "a service that speaks for another": lambda: signed(
        key_of("evaluation"), kid="evaluation", iss="evaluation", sub="service:scheduling", roles=["service"]
    ),
    "a service with more than its role": lambda: signed(
        key_of("evaluation"),
        kid="evaluation",
        iss="evaluation",
        sub="service:evaluation",
        roles=["service", "union"],
    ),
    "a service in the portal's name": lambda: signed(key_of("evaluation"), kid="evaluation"),
    "a person with a service's role": lambda: signed(roles=["service"]),
    "a person with a service's name": lambda: signed(sub="service:evaluation"),
    "another audience": lambda: signed(aud="another-system"),
    "no audience": lambda: signed(aud=...),
    "without an end": lambda: signed(exp=...),
    "without a subject": lambda: signed(sub=...),
    "from tomorrow on": lambda: signed(nbf=int(time.time()) + 86_400),
    "no key's name": lambda: by_hand({"alg": "EdDSA"}, CLAIMS, b"s" * 64),
    "a key's name that is a number": lambda: by_hand({"alg": "EdDSA", "kid": 7}, CLAIMS, b"s" * 64),
    "a key's name that is a path": lambda: signed(kid="../../etc/passwd"),
    "algorithm none": lambda: by_hand({"alg": "none", "kid": "portal"}, CLAIMS),
    "algorithm None": lambda: by_hand({"alg": "None", "kid": "portal"}, CLAIMS),
    "the public key as a secret": lambda: signed(public_key(), algorithm="HS256"),
    "another's signature": lambda: signed(sub="admin").rpartition(".")[0] + "." + signed().rpartition(".")[2],
    "a list for claims": lambda: by_hand({"alg": "EdDSA", "kid": "portal"}, [], b"s" * 64),
    "no JSON inside": lambda: "YWJj.YWJj.YWJj",
}


@pytest.mark.parametrize("service", SERVICES)
class TestTokens:
    @pytest.mark.parametrize("make", FORGED.values(), ids=FORGED)
    async def test_a_forged_token_is_no_token(self, house, service, make):
        await _turned_away(house, service, make(), "identity.token_invalid")

    @pytest.mark.parametrize("make", LAPSED.values(), ids=LAPSED)
    async def test_a_lapsed_token_says_so(self, house, service, make):
        await _turned_away(house, service, make(), "identity.token_lapsed")

    async def test_the_right_token_is_one(self, house, service):
        assert (await house.client(service, token=signed()).get("/operations")).status_code == 200


async def _turned_away(house: House, service: str, token: str, code: str) -> None:
    door = next(door for door in changing(house, service) if door.needs_key and not door.takes)
    client = house.client(service)
    headers = {"Authorization": f"Bearer {token}".encode()}
    async with house.nothing_stored(service):
        with no_failure_logged():
            refused(await client.get("/operations", headers=headers), 401, code)
            answer = await client.request(door.method, door.address(house.known), headers=headers)
            refused(answer, 401, code)
