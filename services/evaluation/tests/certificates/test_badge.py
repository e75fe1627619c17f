"""A certificate's badge, read by a library of other authors as an auditor would: from the public addresses alone."""

import base64
import gzip
import json
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from hypothesis import given as always
from hypothesis import strategies as st
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier, decode_encoded_list, set_indices

from contracts.values import ServiceLine
from evaluation.certificates import badge
from servicekit.testing import test_keys as the_keys  # no test, though its name says so
from servicekit.tokens import Issuer

from .. import builders as a
from ..conftest import Played

PUBLIC = "http://127.0.0.1:8100"


async def badge_for(portal, one):
    """The badge behind the address in a certificate's QR code."""
    number, code = one["url"].removeprefix(f"{PUBLIC}/c/").split("?k=")
    assert len(bytes.fromhex(code)) == 16
    answer = await portal.get(f"/badges/certificates/{number}", params={"code": code})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/jwt")
    return answer.text


def claims_of(token):
    return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))


class Auditor:
    """Has fetched beforehand what the badge points to, and is then without a network."""

    def __init__(self, portal):
        self.portal = portal
        self.fetched = {}

    async def fetch(self, token):
        claims = claims_of(token)
        issuer = claims["iss"].removeprefix("did:web:127.0.0.1%3A8100:c:issuers:")
        did = await self.portal.get(f"/badges/issuers/{issuer}/did.json")
        assert did.json()["id"] == claims["iss"]
        self.fetched[f"https://127.0.0.1:8100/c/issuers/{issuer}/did.json"] = did.content
        for entry in claims["credentialStatus"]:
            place = entry["statusListCredential"].removeprefix(f"{PUBLIC}/c/")
            told = await self.portal.get(f"/badges/{place}")
            self.fetched[entry["statusListCredential"]] = told.content
            self.now = claims_of(told.text)["nbf"] + 60
        return claims

    async def verify(self, token):
        claims = await self.fetch(token)
        with time_machine.travel(
            self.now, tick=False
        ):  # the place's own day, which the clock of the tests is at
            return self._verify(token, claims)

    def _verify(self, token, claims):
        verifier = OB3Verifier.for_issuer_did(claims["iss"], download=self.fetched.__getitem__)
        return verifier.verify(token, check_status=True, download=self.fetched.__getitem__)


async def test_another_library_finds_it_good_suspended_good_again_and_revoked(given, union, portal):
    played = await given.delivered(heads=2, sessions=2)
    await given.certified(played)
    one, other = (await union.get(f"/certificates?order_id={played.order_id}")).json()
    token, auditor = await badge_for(portal, one), Auditor(portal)
    read = await auditor.verify(token)
    assert read.issuer.name == one["issuer"]
    assert {each.target_code for each in read.achievement.alignments} == {one["occupation"], one["level"]}
    kinds = {each.id: each for each in read.achievement.result_descriptions}
    marks = {kinds[each.result_description].name: each.value for each in read.results}
    assert {part["part"]: part["mark"] for part in one["parts"]}.items() <= marks.items()
    assert {kinds[each.result_description].required_value for each in read.results} >= {
        part["pass_mark"] for part in one["parts"]
    }
    assert next(value for name, value in marks.items() if "学时" in name) == "8"
    assert read.name.startswith("[演示 DEMO]")
    assert "demo" in read.achievement.tags
    said = json.dumps(await auditor.fetch(token), ensure_ascii=False)
    assert one["name"] not in said
    assert one["worker_id"] not in said

    path = f"/certificates/{one['certificate_id']}"
    for act, cause, purpose in (
        ("suspend", "under_review", "suspension"),
        ("reinstate", "review_cleared", None),
        ("revoke", "data_corrected", "revocation"),
    ):
        done = await union.post(f"{path}/{act}", json={"reason": {"code": f"certificate.{cause}"}})
        assert done.status_code == 204
        if purpose is None:
            await auditor.verify(token)
        else:
            with pytest.raises(OB3VerificationError, match=purpose):
                await auditor.verify(token)
    assert await badge_for(portal, one) == token
    await auditor.verify(await badge_for(portal, other))


async def test_the_hours_are_minutes_attended_of_the_training_for_it_and_nothing_else(given, union, portal):
    """Fifty minutes late for one of two sessions; the third is for another level."""
    workers = given.people(1)
    order_id, lead, tomorrow = uuid4(), uuid4(), await given.today() + timedelta(days=1)
    lines = [
        a.a_line(1, ServiceLine.THEORY_TRAINING, workers), a.a_line(2, ServiceLine.SKILL_EVALUATION, workers),
        a.a_line(3, ServiceLine.THEORY_TRAINING, workers, "L3"),
    ]  # fmt: skip
    own, other = a.a_cohort(workers), a.a_cohort(workers, line=3)
    sessions = [
        a.a_scheduled(order_id, cohort, position=n + 1, slot=a.a_slot(tomorrow + timedelta(days=n)))
        for n, cohort in enumerate((own, own, other))
    ]
    sessions[2] = sessions[2].model_copy(update={"level": "L3"})
    await given.evaluation.deliver(
        a.an_order(order_id, lines), a.a_scheme(order_id, [own, other], 3), *sessions,
        *(a.an_assignment(each, lead) for each in sessions),
    )  # fmt: skip
    await given.evaluation.work_off_jobs()
    played = Played(order_id, workers, own, sessions, lead)
    for session, late in zip(sessions, (0, 50, 0), strict=True):
        client = await given.opened(played, session)
        await given.move_to(session.slot.starts_at + timedelta(minutes=late))
        await given.signed(client, session, workers, late=late)
        await given.move_to(session.slot.ends_at)
        closed = await client.post(
            f"/sessions/{session.session_id}/close", json={"report_text": "按计划完成"}
        )
        assert closed.status_code == 200, closed.text
        await given.clerk.post(f"/sessions/{session.session_id}/confirm")
    await given.certified(played)
    (one,) = (await union.get(f"/certificates?order_id={order_id}")).json()
    subject = claims_of(await badge_for(portal, one))["credentialSubject"]
    kinds = {each["id"]: each["name"] for each in subject["achievement"]["resultDescription"]}
    told = {kinds[each["resultDescription"]]: each["value"] for each in subject["result"]}
    assert next(value for name, value in told.items() if "学时" in name) == "6", "310 minutes"
    assert subject["activityEndDate"][:10] <= sessions[1].slot.day.isoformat()


async def test_what_was_changed_or_signed_by_another_is_not_believed(given, union, portal):
    played = await given.delivered(heads=1, sessions=1)
    await given.certified(played)
    (one,) = (await union.get(f"/certificates?order_id={played.order_id}")).json()
    token, auditor = await badge_for(portal, one), Auditor(portal)
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["credentialSubject"]["result"][0]["value"] = "100"
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    with pytest.raises(OB3VerificationError, match="signature"):
        await auditor.verify(f"{head}.{forged}.{signature}")
    stranger = Issuer.from_file("portal", the_keys() / "portal.pem")
    kid = json.loads(base64.urlsafe_b64decode(head + "=="))["kid"]
    with pytest.raises(OB3VerificationError, match="signature"):
        await auditor.verify(stranger.signed(claims, key=kid))
    # and nobody logs in by a badge
    answer = await portal.get("/certificates", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "identity.token_invalid")


async def test_a_number_alone_tells_nothing_and_only_the_portal_may_ask(given, union, portal):
    played = await given.delivered(heads=1, sessions=1)
    await given.certified(played)
    (one,) = (await union.get(f"/certificates?order_id={played.order_id}")).json()
    path = f"/badges/certificates/{one['number']}"
    for code in ("", "00" * 16, one["check"]):
        answer = await portal.get(path, params={"code": code})
        assert (answer.status_code, answer.json()["code"]) == (404, "badge.unknown")
    assert (await union.get(path, params={"code": one["check"]})).status_code == 403
    for unknown in ("issuers/" + "0" * 16, f"status/{'0' * 16}/{one['number'][:-6]}/revocation"):
        assert (await portal.get(f"/badges/{unknown}")).status_code == 404


@pytest.mark.rules
@always(st.sets(st.integers(0, badge.BITS - 1), max_size=40))
def test_a_list_has_the_bits_of_its_places_and_no_other(places):
    encoded = badge.encoded(places)
    assert set_indices(decode_encoded_list(encoded)) == places
    assert len(gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=="))) * 8 == badge.BITS
