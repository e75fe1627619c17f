"""Enterprises over HTTP."""

from contracts.order_intake import EnterpriseChanged, EnterpriseRegistered

from ..conftest import an_enterprise

DEMO = ("demo01", "91350404MAXXX0058T", "示例一号机械（演示）", "350404", "day")


class TestRegisterEnterprise:
    async def test_the_federation_gets_to_know_it_once(self, intake, union):
        asked = an_enterprise(*DEMO)
        answer = await union.post("/enterprises", json=asked)
        assert answer.status_code == 201
        [fact] = await intake.facts("demo01")
        assert isinstance(fact, EnterpriseRegistered)
        assert (fact.name, fact.shift_pattern, fact.pilot) == ("示例一号机械（演示）", "day", True)
        again = await union.post("/enterprises", json=asked)
        assert (again.status_code, again.json()["code"]) == (409, "enterprise.known")
        other = await union.post("/enterprises", json=asked | {"enterprise_id": "demo99"})
        assert other.json()["code"] == "enterprise.credit_code_taken"

    async def test_wrong_particulars_name_rule_and_field(self, intake, union):
        asked = an_enterprise("demo02", "91350404MAXXX0066M", "示例", "350404", "day")
        for change, code, field in [
            ({"credit_code": "91350404MAXXX0066N"}, "credit_code.check", "credit_code"),
            ({"credit_code": "91350404MAXXX00"}, "credit_code.length", "credit_code"),
            ({"credit_code": "9135O404MAXXX0066M"}, "credit_code.character", "credit_code"),
            ({"division": "350402"}, "enterprise.division_unknown", "division"),
            ({"shift_pattern": "9x9"}, "enterprise.shift_pattern_unknown", "shift_pattern"),
        ]:
            answer = await union.post("/enterprises", json=asked | change)
            assert answer.status_code == 422
            assert (answer.json()["code"], answer.json()["field"]) == (code, field)
        assert (await union.post("/enterprises", json=asked | {"colour": "red"})).status_code == 422
        assert await intake.facts() == []

    async def test_a_name_that_cannot_be_stored_is_refused(self, intake, union):
        asked = an_enterprise("demo05", "91350405MAXXX0090L", "x", "350405", "4x3")
        for name in ("a\x00b", "\x00", "   ", "x" * 121):
            answer = await union.post("/enterprises", json=asked | {"name": name})
            assert answer.status_code == 422, answer.text
        assert await intake.facts() == []

    async def test_a_code_in_small_letters_is_meant(self, union):
        asked = an_enterprise("demo03", "91350404maxxx0074g", "示例三号", "350404", "4x3")
        answer = await union.post("/enterprises", json=asked)
        assert (answer.status_code, answer.json()["credit_code"]) == (201, "91350404MAXXX0074G")

    async def test_only_the_union_may(self, intake):
        for role in ("enterprise", "college", "instructor", "assessor", "administrator"):
            client = intake.client(role, organisation="jinniu")
            asked = an_enterprise("demo04", "91350405MAXXX0082R", "x", "350405", "day")
            assert (await client.post("/enterprises", json=asked)).status_code == 403
            assert (await client.put("/enterprises/jinniu", json={})).status_code == 403


class TestChangeEnterprise:
    async def test_the_fact_carries_the_whole_new_state(self, intake, union):
        asked = an_enterprise("bgzb", "91350481MAXXX0023Q", "福建兵工装备有限公司", "350481", "day")
        asked.pop("enterprise_id")
        version = (await union.get("/enterprises/bgzb")).headers["etag"]
        answer = await union.put(
            "/enterprises/bgzb", json=asked | {"rooms": 3}, headers={"If-Match": version}
        )
        assert answer.status_code == 200
        [fact] = await intake.facts("bgzb")
        assert isinstance(fact, EnterpriseChanged)
        assert (fact.rooms, fact.name) == (3, "福建兵工装备有限公司")
        stale = await union.put("/enterprises/bgzb", json=asked, headers={"If-Match": version})
        assert stale.json()["code"] == "version.stale"
        same = await union.put("/enterprises/bgzb", json=asked | {"rooms": 3})
        assert same.headers["etag"] == answer.headers["etag"]
        assert len(await intake.facts("bgzb")) == 1

    async def test_the_code_of_another_cannot_be_taken_over(self, union):
        asked = an_enterprise("bgzb", "91350428MAXXX00156", "x", "350481", "day")
        asked.pop("enterprise_id")
        answer = await union.put("/enterprises/bgzb", json=asked)
        assert answer.json()["code"] == "enterprise.credit_code_taken"
        assert (await union.put("/enterprises/nobody", json=asked)).status_code == 404


class TestReadEnterprises:
    async def test_an_enterprise_sees_itself_only(self, jinniu, union):
        assert [each["enterprise_id"] for each in (await jinniu.get("/enterprises")).json()] == ["jinniu"]
        assert (await jinniu.get("/enterprises/bgzb")).status_code == 404
        assert {"jinniu", "bgzb"} <= {
            each["enterprise_id"] for each in (await union.get("/enterprises")).json()
        }
