"""The union writes colleges and agreements; a college sees itself."""

JOINED = {"college_id": "smtc", "name": "三明技师学院", "division": "350404", "kind": "technician_college"}
AGREED = {
    "union_id": "smftu",
    "valid_from": "2026-01-01",
    "valid_until": "2026-12-31",
    "sessions_total": 60,
    "sessions_week": 6,
    "target": 30,
}


class TestJoin:
    async def test_a_college_joins_once_and_is_changed_after(self, dispatch, given):
        for told in (JOINED, JOINED, JOINED | {"name": "三明技师学院（新）"}):
            assert (await given.union.post("/colleges", json=told)).status_code == 201
        assert [each.type for each in await dispatch.facts("smtc")] == [
            "college.joined.v1",
            "college.changed.v1",
        ]
        seen = (await given.office("smtc").get("/colleges/smtc")).json()
        assert (seen["name"], seen["agreements"]) == ("三明技师学院（新）", [])

    async def test_a_county_without_roads_is_refused(self, given):
        answer = await given.union.post("/colleges", json=JOINED | {"division": "999999"})
        assert (answer.status_code, answer.json()["code"]) == (422, "division.unknown")

    async def test_only_the_union_may(self, given):
        answer = await given.office("smtc").post("/colleges", json=JOINED)
        assert (answer.status_code, answer.json()["code"]) == (403, "identity.role")


class TestSignAnAgreement:
    async def test_the_agreement_stands_and_is_told(self, dispatch, given):
        await given.union.post("/colleges", json=JOINED)
        answer = await given.union.post("/colleges/smtc/agreements", json=AGREED)
        assert answer.status_code == 201
        assert answer.json()["agreements"] == [AGREED]
        assert (await dispatch.facts("smtc"))[-1].sessions_total == 60

    async def test_two_at_one_time_are_refused(self, given):
        await given.union.post("/colleges", json=JOINED)
        await given.union.post("/colleges/smtc/agreements", json=AGREED)
        again = AGREED | {"valid_from": "2026-12-31", "valid_until": "2027-12-31"}
        answer = await given.union.post("/colleges/smtc/agreements", json=again)
        assert (answer.status_code, answer.json()["code"]) == (409, "agreement.overlaps")

    async def test_the_wrong_way_round_and_the_unknown_are_refused(self, given):
        await given.union.post("/colleges", json=JOINED)
        url = "/colleges/smtc/agreements"
        backwards = await given.union.post(url, json=AGREED | {"valid_until": "2025-12-31"})
        assert backwards.json()["code"] == "agreement.ends_before_it_begins"
        negative = await given.union.post(url, json=AGREED | {"target": -1})
        assert negative.status_code == 422
        nowhere = await given.union.post("/colleges/nowhere/agreements", json=AGREED)
        assert (nowhere.status_code, nowhere.json()["code"]) == (404, "college.unknown")

    async def test_an_agreement_that_ended_sends_nobody_after(self, given):
        await given.college()
        await given.person()
        answer = await given.union.post("/colleges/smtc/agreements/end", json={"ended_on": str(given.monday)})
        assert answer.status_code == 204
        await given.confirmed(given.session(day=1))
        await given.confirmed(given.session(day=0))
        assert await given.types() == ["session.unstaffable", "assignment.offered"]


class TestSeeColleges:
    async def test_a_college_sees_itself_only(self, given):
        await given.college("smtc")
        await given.college("smu")
        assert [each["college_id"] for each in (await given.office("smu").get("/colleges")).json()] == ["smu"]
        assert len((await given.union.get("/colleges")).json()) == 2
        assert (await given.office("smu").get("/colleges/smtc")).status_code == 404
