"""A badge that a library of other authors has signed, checked by files alone."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm
from openbadgeslib.ob3 import Achievement, Issuer, OB3Signer, OpenBadgeCredential
from openbadgeslib.ob3.status_list import (
    build_status_list_credential,
    sign_status_list_credential,
    status_entry,
)
from typer.testing import CliRunner

from songjiao_cli import main

DID, LIST = "did:web:issuer.example", "https://issuer.example/revocation"
SUSPENDED = "https://issuer.example/suspension"


class House:
    def __init__(self, folder, key=None):
        self.folder, self.key = folder, key or Ed25519PrivateKey.generate()
        private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        self.pem = self.key.private_bytes(*private)

    def file(self, name, content):
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return str(path)

    def document(self):
        jwk = json.loads(OKPAlgorithm.to_jwk(self.key.public_key()))
        method = {"id": f"{DID}#key", "type": "JsonWebKey", "controller": DID, "publicKeyJwk": jwk}
        return self.file("did.json", json.dumps({"id": DID, "verificationMethod": [method]}))

    def badge(self):
        entries = [status_entry(LIST, "revocation", 7), status_entry(SUSPENDED, "suspension", 7)]
        credential = OpenBadgeCredential(
            issuer=Issuer(id=DID, name="三明市总工会"), recipient_id="urn:uuid:1",
            achievement=Achievement(id="urn:uuid:2", name="电工 四级", description="", criteria_narrative="passed"),
            issuance_date=datetime.now(UTC) - timedelta(days=1), credential_status=entries,
        )  # fmt: skip
        signer = OB3Signer(privkey_pem=self.pem, algorithm="EdDSA")
        return self.file("badge.jwt", signer.sign(credential))

    def list_of(self, purpose, *places, days=1):
        url = LIST if purpose == "revocation" else SUSPENDED
        now = datetime.now(UTC) - timedelta(hours=48)
        vc = build_status_list_credential(
            DID, url, purpose, places, issued=now, valid_until=now + timedelta(days=2 + days)
        )
        return self.file(f"{purpose}.jwt", sign_status_list_credential(vc, self.pem, "EdDSA"))


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


def check(*given):
    done = CliRunner().invoke(main.app, ["badge", "check", *given])
    return done.exit_code, done.output


def test_one_that_holds_is_valid_and_says_what_it_is(house):
    lists = "--status", house.list_of("revocation", 6, 8), "--status", house.list_of("suspension")
    status, said = check(house.badge(), "--key", house.document(), *lists)
    assert (status, said.splitlines()[-1]) == (0, "valid")
    assert "电工 四级" in said


@pytest.mark.parametrize(
    ("purpose", "told"), [("revocation", "it was revoked"), ("suspension", "it was suspended")]
)
def test_one_that_does_not_hold_is_not_valid(house, purpose, told):
    status, said = check(house.badge(), "--key", house.document(), "--status", house.list_of(purpose, 7))
    assert (status, told in said) == (1, True)


def test_without_its_lists_nothing_is_said_of_its_status_and_where_to_fetch_them(house):
    status, said = check(house.badge(), "--key", house.document(), "--status", house.list_of("revocation"))
    assert (status, SUSPENDED in said, "valid" in said.splitlines()) == (3, True, False)


def test_neither_a_changed_one_nor_anothers_is_believed_whatever_key_it_carries(house, tmp_path):
    document, stranger = house.document(), House(tmp_path)
    status, said = check(stranger.badge(), "--key", document)
    assert (status, "another has signed it" in said) == (1, True)
    whole = (tmp_path / "badge.jwt").read_text(encoding="utf-8")
    for broken in (whole[:-6] + "AAAAAA", "no badge", ""):
        assert check(house.file("broken.jwt", broken), "--key", document)[0] == 1
    house.badge()
    status, said = check(house.file("it.jwt", whole), "--key", house.file("none.json", "{}"))
    assert (status, "no DID document" in said) == (1, True)


def test_an_old_list_and_one_of_another_do_not_count(house, tmp_path):
    badge, document = house.badge(), house.document()
    status, said = check(badge, "--key", document, "--status", house.list_of("revocation", days=-1))
    assert (status, "out of date" in said) == (1, True)
    others = House(tmp_path).list_of("revocation")
    assert check(badge, "--key", document, "--status", others)[0] == 1
    assert check(badge, "--key", document, "--status", badge)[0] == 1
