"""Signing keys end, and are renewed while everybody works."""

import json
import os
import stat
import time
from datetime import timedelta

import pytest

from servicekit import keys, operations, telemetry
from servicekit.tokens import Issuer, NotKnown, Verifier

DAY = 86_400.0


@pytest.fixture
def folder(tmp_path):
    keys.make_keys(tmp_path, ["portal", "scheduling"])
    return tmp_path


def issuer(folder, service="portal"):
    return Issuer.from_file(service, folder / f"{service}.pem")


def verifier(folder):
    return Verifier(folder / keys.FILE)


def change(folder, name, **members):
    """What stands in the file about this key; nothing = the member is not there."""
    file = folder / keys.FILE
    told = json.loads(file.read_text())
    for jwk in told["keys"]:
        if jwk["kid"] == name:
            jwk.update(members)
            for member in [key for key, value in members.items() if value is None]:
                del jwk[member]
    write_later(file, json.dumps(told))


def write_later(file, text):
    """A second later, whatever the clock says: the change is seen by the file's time."""
    at = file.stat().st_mtime_ns + 10**9
    file.write_text(text)
    os.utime(file, ns=(at, at))


def why(folder, token, by=None):
    with pytest.raises(NotKnown) as refused:
        (by or verifier(folder)).actor(token)
    return refused.value.code


def test_a_new_key_is_good_for_its_lifetime(folder):
    key = verifier(folder).key_of(issuer(folder))
    assert key.name == "portal"
    assert key.seconds_left == pytest.approx(keys.LIFETIME.total_seconds(), abs=60)
    (jwk, _) = json.loads((folder / keys.FILE).read_text())["keys"]
    assert jwk["songjiao_until"] - jwk["songjiao_from"] == timedelta(days=400).total_seconds()


def test_tokens_of_a_key_that_has_ended_are_refused_with_their_own_sentence(folder):
    token = issuer(folder).user_token("union-1", ["union"])
    change(folder, "portal", songjiao_until=int(time.time()) - 1)
    assert why(folder, token) == "identity.key_ended"
    assert verifier(folder).actor(issuer(folder, "scheduling").service_token()).user == "service:scheduling"


def test_a_remembered_token_ends_with_its_key(folder, monkeypatch):
    began = time.time()
    change(folder, "portal", songjiao_until=began + 60)
    check, token = verifier(folder), issuer(folder).user_token("union-1", ["union"])
    assert check.actor(token).user == "union-1"
    monkeypatch.setattr(time, "time", lambda: began + 61)
    assert why(folder, token, check) == "identity.key_ended"


def test_a_key_of_an_old_file_has_no_end(folder):
    change(folder, "portal", songjiao_until=None, songjiao_from=None)
    assert verifier(folder).actor(issuer(folder).user_token("union-1", ["union"])).user == "union-1"
    assert verifier(folder).key_of(issuer(folder)).seconds_left is None


class TestRenewal:
    def test_both_keys_are_good_and_whoever_checks_needs_no_start(self, folder):
        check, before = verifier(folder), issuer(folder)
        assert keys.renew_keys(folder) == ["portal.2", "scheduling.2"]
        after = issuer(folder)
        assert check.actor(after.user_token("union-1", ["union"])).user == "union-1"
        assert check.actor(before.user_token("union-2", ["union"])).user == "union-2"
        assert check.key_of(before).name == "portal"
        assert check.key_of(after).name == "portal.2"

    def test_a_service_s_new_key_speaks_for_that_service_alone(self, folder):
        keys.renew_keys(folder)
        forged = Issuer("portal", issuer(folder, "scheduling")._key).user_token("union-1", ["union"])
        assert why(folder, forged) == "identity.token_invalid"

    def test_what_has_ended_is_dropped_and_its_number_not_used_again(self, folder):
        keys.renew_keys(folder)
        change(folder, "portal", songjiao_until=int(time.time()) - 1)
        assert keys.renew_keys(folder) == ["portal.3", "scheduling.3"]
        assert [key.name for key in keys.read_keys(folder / keys.FILE)] == [
            "scheduling", "portal.2", "scheduling.2", "portal.3", "scheduling.3",
        ]  # fmt: skip

    def test_only_the_owner_reads_the_new_private_key_and_nothing_is_left_half(self, folder):
        keys.renew_keys(folder)
        assert stat.S_IMODE((folder / "portal.pem").stat().st_mode) == 0o600
        assert {path.name for path in folder.iterdir()} == {"keys.json", "portal.pem", "scheduling.pem"}

    def test_a_file_that_is_spoiled_meanwhile_takes_nobody_away(self, folder):
        check, token = verifier(folder), issuer(folder).user_token("union-1", ["union"])
        write_later(folder / keys.FILE, "{")
        assert check.actor(token).user == "union-1"
        assert why(folder, "nonsense", check) == "identity.token_invalid"


async def test_what_is_left_of_the_own_key_is_a_metric(reader, folder, monkeypatch):
    change(folder, "scheduling", songjiao_until=time.time() + 3 * DAY)
    monkeypatch.setattr(reader.service, "verifier", verifier(folder))
    monkeypatch.setattr(reader.service, "issuer", issuer(folder, "scheduling"))
    operations._key_left(reader.service)
    labels = {"key": "scheduling"}
    left = telemetry.REGISTRY.get_sample_value("songjiao_token_key_seconds_left", labels)
    assert left == pytest.approx(3 * DAY, abs=60)
    keys.renew_keys(folder)
    monkeypatch.setattr(reader.service, "issuer", issuer(folder, "scheduling"))
    operations._key_left(reader.service)
    assert telemetry.REGISTRY.get_sample_value("songjiao_token_key_seconds_left", labels) is None
    assert (
        telemetry.REGISTRY.get_sample_value("songjiao_token_key_seconds_left", {"key": "scheduling.2"})
        > 100 * DAY
    )
