"""Requests about orders that are refused: wrong role, another tenant, bad input, stale versions."""

from uuid import uuid4

from ..conftest import LINE, WHY


class TestWhoMay:
    async def test_each_act_is_refused_for_a_role_that_may_not(self, intake, given, jinniu, union):
        order = await given.a_submitted()
        others = [
            intake.client(role, organisation="jinniu")
            for role in ("college", "instructor", "assessor", "administrator")
        ]
        for act in ("submit", "withdraw", "amend", "accept", "return", "reject", "cancel"):
            wrong = [*others, union if act in {"submit", "withdraw", "amend"} else None]
            wrong += [jinniu] if act in {"accept", "return", "reject"} else []
            for client in filter(None, wrong):
                answer = await client.post(f"/orders/{order}/{act}", json=WHY)
                assert (answer.status_code, answer.json()["code"]) == (403, "identity.role"), act
        assert (await intake.client().get(f"/orders/{order}")).status_code == 401

    async def test_another_enterprises_order_does_not_exist(self, intake, given, bgzb):
        order = await given.an_accepted()
        said = len(await intake.facts(order))
        for answer in [
            await bgzb.get(f"/orders/{order}"),
            await bgzb.get(f"/orders/{order}/trainees"),
            await bgzb.put(f"/orders/{order}", json={"lines": [LINE]}),
            await bgzb.post(f"/orders/{order}/submit"),
            await bgzb.post(f"/orders/{order}/withdraw"),
            await bgzb.post(f"/orders/{order}/amend", json={}),
            await bgzb.post(f"/orders/{order}/cancel", json={"reason": {"code": "order.other"}}),
        ]:
            assert (answer.status_code, answer.json()["code"]) == (404, "order.unknown")
        assert order not in {each["order_id"] for each in (await bgzb.get("/orders")).json()}
        assert len(await intake.facts(order)) == said

    async def test_lists_are_newest_first_and_paged(self, given, jinniu, union):
        orders = [await given.a_draft(people=0) for _ in range(3)]
        page = (await jinniu.get("/orders", params={"limit": 2})).json()
        assert [each["order_id"] for each in page] == [orders[2], orders[1]]
        rest = (await jinniu.get("/orders", params={"limit": 1, "before": page[-1]["order_id"]})).json()
        assert [each["order_id"] for each in rest] == [orders[0]]
        assert all(
            each["state"] == "draft"
            for each in (await union.get("/orders", params={"state": "draft"})).json()
        )


class TestBadInput:
    async def test_unknown_fields_are_refused(self, jinniu):
        asked = {"programme": "send-teachers-home", "lines": [LINE | {"discount": 5}], "colour": "red"}
        answer = await jinniu.post("/orders", json=asked)
        assert answer.status_code == 422
        fields = {error["field"] for error in answer.json()["errors"]}
        assert any("colour" in field for field in fields)
        assert any("discount" in field for field in fields)

    async def test_a_stale_version_is_refused(self, given, jinniu):
        order = await given.a_draft()
        version = (await jinniu.get(f"/orders/{order}")).headers["etag"]
        edit = {"lines": [LINE | {"bands": ["am"]}]}
        first = await jinniu.put(f"/orders/{order}", json=edit, headers={"If-Match": version})
        assert first.status_code == 204
        stale = await jinniu.put(f"/orders/{order}", json=edit, headers={"If-Match": version})
        assert (stale.status_code, stale.json()["code"]) == (409, "version.stale")
        stale = await jinniu.post(f"/orders/{order}/submit", headers={"If-Match": version})
        assert stale.json()["code"] == "version.stale"
        fresh = await jinniu.post(f"/orders/{order}/submit", headers={"If-Match": first.headers["etag"]})
        assert fresh.status_code == 204

    async def test_wrong_codes_types_and_sizes_are_refused(self, jinniu):
        for wrong in (
            {"programme": "send-teachers-home", "lines": [LINE | {"occupation": "电工"}]},
            {"programme": "send-teachers-home", "lines": [LINE | {"latest": "2027-02-30"}]},
            {"programme": "send-teachers-home", "lines": [LINE | {"release_cap_minutes": -1}]},
            {"programme": 5},
        ):
            assert (await jinniu.post("/orders", json=wrong)).status_code == 422
        large = {"programme": "send-teachers-home", "x": "y" * 1_100_000}
        assert (await jinniu.post("/orders", json=large)).status_code == 413
        text = await jinniu.post("/orders", content="hello", headers={"content-type": "text/plain"})
        assert text.status_code == 415
        assert (await jinniu.get("/orders/not-an-id")).status_code == 422
        assert (await jinniu.get(f"/orders/{uuid4()}")).status_code == 404

    async def test_characters_that_cannot_be_stored_are_no_fault_of_the_server(self, given, union, jinniu):
        order = await given.a_submitted()
        for text in ("a\\u0000b", "a\\ud800b"):
            body = f'{{"reasons": [{{"code": "order.other"}}], "note": "{text}"}}'
            answer = await union.post(
                f"/orders/{order}/return", content=body, headers={"content-type": "application/json"}
            )
            assert answer.status_code in {204, 422}, answer.text
            if answer.status_code == 204:
                assert (await jinniu.get(f"/orders/{order}")).status_code == 200
                assert (await jinniu.post(f"/orders/{order}/submit")).status_code == 204
        asked = '{"programme": "send-teachers-home", "lines": [{"service": "a\\u0000b"}]}'
        answer = await jinniu.post("/orders", content=asked, headers={"content-type": "application/json"})
        assert answer.status_code == 422
