"""The door of persons: what a route of the kit promises, asked over HTTP."""

import asyncio
import json
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from kit_house.cutting import CUTS, subject_held
from kit_house.sender import secret
from sqlalchemy import select

from servicekit import telemetry
from servicekit.testing import test_keys as keys_folder
from servicekit.tokens import Issuer


@pytest.fixture
async def union(sender):
    async with sender.client("union", organisation="smftu") as client:
        yield client


def answers_with(status, route="POST /orders/{order}/step"):
    """How many answers of a route were measured with this status."""
    labels = {"route": route, "status": status}
    return telemetry.REGISTRY.get_sample_value("songjiao_http_seconds_count", labels) or 0


class TestMeasuring:
    async def test_an_answer_counts_by_the_status_that_was_told(self, sender, union):
        before = {status: answers_with(status) for status in ("201", "400", "401", "409", "422", "500")}
        path = f"/orders/{uuid4()}/step"
        key = {"Idempotency-Key": f"measured-{uuid4()}"}
        told = [
            await union.post(path, headers=key, json={}),
            await union.post(path, headers=key, json={}),
            await union.post(path, content=b"{", headers={"Content-Type": "application/json"}),
            await union.post(path, headers={"Idempotency-Key": ""}, json={}),
            await union.post(path, headers=key, json={"day": "2026-05-07"}),
            await union.post(path, headers=key | {"Authorization": "Bearer x"}, json={}),
        ]
        assert [each.status_code for each in told] == [201, 201, 400, 422, 409, 401]
        more = {status: answers_with(status) - before[status] for status in before}
        assert more == {"201": 2, "400": 1, "401": 1, "409": 1, "422": 1, "500": 0}

    async def test_a_bug_counts_as_one(self, union):
        bug = "GET /orders/{order}/bug"
        before = answers_with("500", bug)
        assert (await union.get(f"/orders/{uuid4()}/bug")).status_code == 500
        assert answers_with("500", bug) == before + 1


class TestRepeatingACommand:
    async def test_the_same_key_gets_the_same_answer_and_has_one_effect(self, sender, union):
        order = uuid4()
        asked = {"headers": {"Idempotency-Key": f"step-{order}"}, "json": {"day": "2026-05-06"}}
        first = await union.post(f"/orders/{order}/step", **asked)
        again = await union.post(f"/orders/{order}/step", **asked)
        assert (first.status_code, first.content) == (again.status_code, again.content)
        for name in ("songjiao-position", "etag", "content-type"):
            assert first.headers[name] == again.headers[name]
        assert len(await sender.facts(order)) == 1

    async def test_twins_at_the_same_moment_have_one_effect(self, sender, union):
        order = uuid4()
        asked = {"headers": {"Idempotency-Key": f"twin-{order}"}, "json": {}}
        answers = await asyncio.gather(*(union.post(f"/orders/{order}/step", **asked) for _ in range(6)))
        assert {(each.status_code, each.text) for each in answers} == {(201, '{"steps":1}')}
        assert len(await sender.facts(order)) == 1

    async def test_the_same_key_for_another_request_is_refused(self, union):
        order = uuid4()
        key = {"Idempotency-Key": f"other-{order}"}
        await union.post(f"/orders/{order}/step", headers=key, json={"day": "2026-05-06"})
        answer = await union.post(f"/orders/{order}/step", headers=key, json={"day": "2026-05-07"})
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency.other_request")

    async def test_the_same_key_of_another_person_is_another_command(self, sender):
        order = uuid4()
        key = {"Idempotency-Key": f"person-{order}"}
        for user in ("a", "b"):
            async with sender.client("union", user=user) as client:
                assert (await client.post(f"/orders/{order}/step", headers=key, json={})).status_code == 201
        assert len(await sender.facts(order)) == 2

    async def test_a_refused_command_leaves_nothing_and_may_be_tried_again(self, sender, union):
        order = uuid4()
        key = {"Idempotency-Key": f"again-{order}"}
        refused = await union.post(f"/orders/{order}/step", headers={**key, "If-Match": '"7"'}, json={})
        assert (refused.status_code, refused.json()["code"]) == (409, "version.stale")
        assert await sender.facts(order) == []
        assert (await union.post(f"/orders/{order}/step", headers=key, json={})).status_code == 201

    async def test_a_file_sent_again_is_the_same_request_although_its_boundary_differs(self, union):
        key = {"Idempotency-Key": f"roster-{uuid4()}"}
        for _ in range(2):
            answer = await union.post("/rosters", headers=key, files={"file": ("r.xlsx", b"x" * 2_000_000)})
            assert (answer.status_code, answer.json()) == (201, {"bytes": 2_000_000})

    async def test_without_a_key_nothing_is_done(self, sender, union):
        order = uuid4()
        del union.headers["accept"]
        request = union.build_request("POST", f"/orders/{order}/step", json={})
        answer = await union.send(request)
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency.key_missing")
        assert await sender.facts(order) == []

    @pytest.mark.parametrize(
        "key", ["350428198001011234", "job-35042819800101123X", "my key", "k" * 129, "1234567"]
    )
    async def test_a_key_that_could_tell_of_somebody_is_refused_with_its_field(self, sender, union, key):
        order = uuid4()
        answer = await union.post(f"/orders/{order}/step", headers={"Idempotency-Key": key}, json={})
        told = answer.json()
        assert (answer.status_code, told["code"]) == (422, "idempotency.key_invalid")
        assert told["field"] == "header.idempotency-key"
        assert set(told["sentences"]) == {"zh", "en"}
        assert await sender.facts(order) == []


class TestAFactOfACommand:
    async def test_names_who_and_the_commands_key_and_has_no_cause(self, sender):
        order = uuid4()
        async with sender.client("union", user="u-7") as client:
            await client.post(f"/orders/{order}/step", headers={"Idempotency-Key": "my-own-key"}, json={})
        (envelope,) = await sender.envelopes(order)
        assert (envelope.actor, envelope.correlationid, envelope.causationid) == ("u-7", "my-own-key", None)

    async def test_goes_on_in_the_trace_of_its_request(self, sender, union):
        order = uuid4()
        trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        await union.post(f"/orders/{order}/step", headers={"traceparent": trace}, json={})
        (envelope,) = await sender.envelopes(order)
        assert envelope.traceparent.split("-")[1] == trace.split("-")[1]

    @pytest.mark.parametrize(
        "trace", ["350428198001011234", "x" * 4000, "00-" + "0" * 32 + "-" + "0" * 16 + "-01"]
    )
    async def test_does_not_carry_a_trace_that_is_none(self, sender, union, trace):
        order = uuid4()
        answer = await union.post(f"/orders/{order}/step", headers={"traceparent": trace}, json={})
        assert answer.status_code == 201
        (envelope,) = await sender.envelopes(order)
        assert envelope.traceparent is None

    async def test_does_not_carry_a_key_that_its_route_asks_none_of(self, sender, union):
        order = uuid4()
        answer = await union.get(f"/orders/{order}/looked", headers={"Idempotency-Key": "350428198001011234"})
        assert answer.status_code == 204
        (envelope,) = await sender.envelopes(order)
        assert (envelope.actor, envelope.correlationid) == ("union-1", None)

    async def test_is_told_with_its_position(self, union):
        a, b = uuid4(), uuid4()
        answer = await union.post("/pairs", json=[str(a), str(b)])
        assert answer.status_code == 204
        assert set(answer.headers["songjiao-position"].split(", ")) == {f"order-intake/{x}/1" for x in (a, b)}


@pytest.mark.parametrize("how", CUTS)
class TestAPassingFailure:
    async def test_is_not_told_while_doing_it_again_helps(self, sender, union, how):
        order = uuid4()
        async with subject_held(sender, order) as held:
            asking = asyncio.create_task(union.post(f"/orders/{order}/step", json={"day": "2026-05-06"}))
            await held.cut(how, times=2)
        answer = await asking
        assert (answer.status_code, answer.json()) == (201, {"steps": 1})
        assert len(await sender.facts(order)) == 1

    async def test_that_stays_is_told_with_when_to_ask_again(self, sender, union, how):
        order = uuid4()
        async with subject_held(sender, order) as held:
            asking = asyncio.create_task(union.post(f"/orders/{order}/step", json={}))
            await held.cut(how, times=3)
            answer = await asking
        assert (answer.status_code, answer.json()["code"]) == (503, "service.passing")
        assert int(answer.headers["retry-after"]) > 0
        assert await sender.facts(order) == []

    async def test_of_what_has_no_key_is_told_at_once(self, sender, union, how):
        order = uuid4()
        async with subject_held(sender, order) as held:
            asking = asyncio.create_task(union.post(f"/orders/{order}/unkeyed"))
            await held.cut(how)
            answer = await asking
        assert (answer.status_code, answer.json()["code"]) == (503, "service.passing")


class TestBadInput:
    @pytest.mark.parametrize(
        ("sent", "status", "code", "field"),
        [
            ({"content": b"{no json"}, 400, "request.not_json", "body.1"),
            ({"content": b"\xff\xfe\x00"}, 400, "request.malformed", None),
            ({"json": {"dya": 1}}, 422, "request.invalid", "body.dya"),
            ({"json": {"day": "2026-02-30"}}, 422, "request.invalid", "body.day"),
            ({"json": {"note": "x" * 101}}, 422, "request.invalid", "body.note"),
            ({"json": []}, 422, "request.invalid", "body"),
            ({"content": b""}, 422, "request.invalid", "body"),
            ({"content": b"[" * 50_000 + b"]" * 50_000}, None, None, None),
            ({"content": b" " * 1_000_001}, 413, "request.too_large", "body"),
            ({"data": {"day": "2026-05-06"}}, 415, "request.content_type", "header.content-type"),
            ({"json": {"note": "a\u0000b"}}, None, None, None),
        ],
        ids=lambda value: str(value)[:25] if isinstance(value, dict) else None,
    )
    async def test_is_refused_by_rule_and_field_and_leaves_nothing(
        self, sender, union, sent, status, code, field
    ):
        order = uuid4()
        headers = {} if set(sent) & {"json", "data"} else {"content-type": "application/json"}
        answer = await union.post(f"/orders/{order}/step", headers=headers, **sent)
        if status is None and answer.status_code == 201:
            return  # taken: encrypted text may hold anything
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        body = answer.json()
        assert set(body["sentences"]) == {"zh", "en"}
        assert body["sentences"]["zh"] != body["code"], "no sentence"
        if status is not None:
            assert (answer.status_code, body["code"], body["field"]) == (status, code, field)
        assert await sender.facts(order) == []

    @pytest.mark.parametrize(
        "path", ["/numbers/99999999999999999999", "/numbers/3000000000", "/numbers/1?text=a%00b"]
    )
    async def test_a_value_the_database_cannot_hold_is_the_askers_mistake(self, union, path):
        answer = await union.post(path)
        assert (answer.status_code, answer.json()["code"]) == (422, "request.value")

    async def test_the_sentence_comes_in_the_language_asked_for(self, union):
        for language, title in (
            ("en-GB,en;q=0.9", "There is no such address"),
            ("zh-CN", "没有这个地址"),
            ("fr", "没有这个地址"),
        ):
            answer = await union.get("/nowhere", headers={"accept-language": language})
            assert (answer.status_code, answer.json()["title"]) == (404, title)

    async def test_a_wrong_method_and_a_wrong_id_are_refused(self, union):
        assert (await union.put(f"/orders/{uuid4()}/step")).json()["code"] == "request.method"
        assert (await union.get("/orders/12")).json()["errors"][0]["field"] == "path.order"


class TestWhoAsks:
    async def test_nobody_is_asked_to_log_in(self, sender):
        async with sender.client() as client:
            answer = await client.post(f"/orders/{uuid4()}/step", json={})
        assert (answer.status_code, answer.json()["code"]) == (401, "identity.unknown")

    async def test_another_role_may_not(self, sender):
        async with sender.client("college") as client:
            answer = await client.post(f"/orders/{uuid4()}/step", json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "identity.role")

    async def test_only_the_portal_speaks_for_people(self, sender):
        scheduling = Issuer.from_file("scheduling", keys_folder() / "scheduling.pem")
        portal = Issuer.from_file("portal", keys_folder() / "portal.pem")
        stranger = Issuer("portal", Ed25519PrivateKey.generate())
        tokens = {
            scheduling.user_token("u", ["union"]): "identity.token_invalid",
            stranger.user_token("u", ["union"]): "identity.token_invalid",
            portal.user_token("u", ["union"], seconds=-1): "identity.token_lapsed",
            portal.user_token("service:scheduling", ["union"]): "identity.token_invalid",
            portal.user_token("王小明", ["union"]): "identity.token_invalid",
            portal.user_token("350428198001011234", ["union"]): "identity.token_invalid",
            jwt.encode({"sub": "u", "roles": ["union"]}, None, algorithm="none"): "identity.token_invalid",
            "nonsense": "identity.token_invalid",
            scheduling.service_token(): "identity.role",
        }
        async with sender.client() as client:
            for token, code in tokens.items():
                answer = await client.get(f"/orders/{uuid4()}", headers={"Authorization": f"Bearer {token}"})
                assert answer.json()["code"] == code

    async def test_answers_carry_the_security_headers(self, union):
        answer = await union.get("/live")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


class TestPersonalData:
    async def test_is_unreadable_in_the_database_and_bound_to_its_column(self, sender, union):
        name = f"王小明{uuid4().hex[:9]}"
        await union.post(f"/orders/{uuid4()}/step", json={"note": name})
        async with sender.transactions.begin() as tx:
            stored = await tx.driver.fetchval("select name from secret where id = $1", len(name))
            read = await tx.scalar(select(secret.c.name).where(secret.c.id == len(name)))
        assert name.encode() not in stored
        assert read == name


class TestDocumentation:
    async def test_tells_the_key_the_refusals_and_the_facts(self, sender, union):
        document = (await union.get("/openapi.json")).json()
        step = document["paths"]["/orders/{order}/step"]["post"]
        assert "Idempotency-Key" in {each["name"] for each in step["parameters"]}
        facts = (await union.get("/asyncapi.json")).json()
        assert "order.started.v1" in json.dumps(facts)
