"""Who may do what, at every door; and tokens that are none."""

import base64
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from servicekit.identity import AUDIENCE
from servicekit.testing import test_keys as the_keys  # no test, though its name says so

from .doors import Door, changing, doors
from .house import PEOPLE, SERVICES, House, no_failure_logged, refused

OPEN = {"/live", "/ready", "/asyncapi.json", "/token"}
"""Nobody need be known here."""
EVERYWHERE = """
    GET /operations                                      administrator union service
    GET /parked                                          administrator union service
    GET /parked/{id_}                                    administrator union service
    POST /parked/{consumer}/{subject}/replay             administrator
    POST /parked/{consumer}/{subject}/skip               administrator
    POST /consumers/{consumer}/resume                    administrator
    GET /facts                                           administrator union service
    GET /practice/quiet                                  administrator service
    POST /practice/clock                                 administrator service
"""
WHO_MAY = {
    "order-intake": """
    POST /enterprises                                    union
    GET /enterprises                                     union enterprise service
    PUT /enterprises/{enterprise_id}                     union
    GET /enterprises/{enterprise_id}                     union enterprise service
    POST /surveys                                        union
    GET /surveys                                         union
    POST /surveys/{survey_id}/answers                    union enterprise
    POST /surveys/{survey_id}/close                      union
    POST /orders                                         enterprise
    GET /orders                                          union enterprise service
    PUT /orders/{order_id}                               enterprise
    GET /orders/{order_id}                               union enterprise service
    POST /orders/{order_id}/submit                       enterprise
    POST /orders/{order_id}/withdraw                     enterprise
    POST /orders/{order_id}/amend                        enterprise
    POST /orders/{order_id}/cancel                       union enterprise
    POST /orders/{order_id}/accept                       union
    POST /orders/{order_id}/return                       union
    POST /orders/{order_id}/reject                       union
    POST /orders/{order_id}/lines/{line}/roster          enterprise
    POST /orders/{order_id}/lines/{line}/roster/same-as/{other}  enterprise
    GET /orders/{order_id}/trainees                      union enterprise
    POST /people                                         union service
    """,
    "scheduling": """
    GET /catalogue                                       anybody
    GET /orders/{order_id}/scheme                        union enterprise service
    GET /orders/{order_id}/schemes/{version}             union enterprise service
    POST /orders/{order_id}/scheme/approve               union
    POST /orders/{order_id}/scheme/confirm               enterprise
    POST /orders/{order_id}/scheme/decline               union enterprise
    POST /orders/{order_id}/scheme/redraft               union
    POST /orders/{order_id}/scheme/sessions/{session_id}/move  union
    GET /sessions                                        union enterprise service
    """,
    "instructor-dispatch": """
    POST /colleges                                       union
    GET /colleges                                        union college
    GET /colleges/{college_id}                           union college
    POST /colleges/{college_id}/agreements               union
    POST /colleges/{college_id}/agreements/end           union
    POST /instructors                                    union college
    GET /instructors                                     union college
    PUT /instructors/{person_id}                         union college
    POST /instructors/{person_id}/absences               union college instructor assessor
    POST /instructors/{person_id}/retire                 union college
    POST /people                                         union service
    GET /offers                                          union college
    GET /offers/{assignment_id}                          union college
    POST /offers/accept                                  college
    POST /offers/{assignment_id}/accept                  college
    POST /offers/{assignment_id}/substitute              college
    POST /offers/{assignment_id}/decline                 college
    POST /sessions/{session_id}/open-call                union
    GET /assignments                                     union college instructor assessor
    """,
    "evaluation": """
    POST /sessions/{session_id}/open                     instructor
    POST /sessions/{session_id}/sign-in                  instructor
    POST /sessions/{session_id}/close                    instructor
    POST /sessions/{session_id}/confirm                  enterprise
    POST /sessions/{session_id}/dispute                  enterprise
    POST /sessions/{session_id}/attendance               union
    GET /sessions                                        union enterprise instructor
    GET /sessions/{session_id}                           union enterprise instructor
    POST /orders/{order_id}/batches                      union
    GET /orders/{order_id}/batches                       union enterprise
    GET /batches                                         assessor
    GET /batches/{batch_id}                              union enterprise assessor
    POST /batches/{batch_id}/marks                       union assessor
    POST /batches/{batch_id}/marks/confirm               union assessor
    POST /batches/{batch_id}/post                        union
    POST /batches/{batch_id}/certificates                union
    POST /evaluations/{evaluation_id}/objections         union enterprise
    POST /evaluations/{evaluation_id}/objections/settle  union
    POST /evaluations/{evaluation_id}/void               union
    POST /certificates/{certificate_id}/revoke           union
    GET /certificates                                    union enterprise
    GET /certificates/{certificate_id}/pdf               union enterprise
    """,
    "portal": """
    POST /accounts                                       administrator
    GET /accounts                                        administrator
    GET /report.json                                     union administrator
    GET /orders.json                                     union enterprise college administrator
    GET /orders/{order}/story.json                       union enterprise college administrator
    """,
}
"""Who may, by door. A new door has no place here yet, and fails the first test below."""


def who_may(service: str) -> dict[tuple[str, str], set[str]]:
    rows = [row.split() for row in (WHO_MAY[service] + EVERYWHERE).splitlines() if row.strip()]
    everybody = {*PEOPLE, "service"}
    return {
        (method, path): everybody if roles == ["anybody"] else set(roles) for method, path, *roles in rows
    }


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
                    if path.endswith("/roster"):
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
