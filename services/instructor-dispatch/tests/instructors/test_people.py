"""A college lists its people; names are for those who may know them, and are in no fact."""

from uuid import uuid4

import pytest

TOLD = {
    "name": "㛃师傅",
    "college_id": "smtc",
    "home": "350404",
    "qualifications": [{"occupation": "6-31-01-03", "level": "L2"}],
}


class TestListSomebody:
    async def test_the_fact_carries_all_but_the_name(self, dispatch, given):
        await given.college()
        answer = await given.office("smtc").post(
            "/instructors", json=TOLD | {"fair_load": 12, "avoids": ["eve"]}
        )
        assert answer.status_code == 201
        (envelope,) = await dispatch.envelopes(answer.json()["person_id"])
        listed = envelope.fact()
        assert (listed.type, listed.fair_load, listed.avoids) == ("instructor.listed.v1", 12, ("eve",))
        assert "㛃" not in envelope.to_bytes().decode()

    async def test_the_name_is_encrypted_at_rest(self, dispatch, given):
        await given.college()
        await given.office("smtc").post("/instructors", json=TOLD)
        async with dispatch.transactions.begin() as tx:
            stored = await tx.driver.fetchval("select name from person")
        assert "㛃".encode() not in stored

    async def test_a_college_lists_its_own_only(self, given):
        await given.college()
        answer = await given.office("smu").post("/instructors", json=TOLD)
        assert (answer.status_code, answer.json()["code"]) == (403, "college.not_yours")

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"college_id": "nowhere"}, "college.unknown"),
            ({"home": "999999"}, "division.unknown"),
            ({"qualifications": [{"occupation": "6-31-01-03", "level": "L9"}]}, "level.unknown"),
            ({"qualifications": [{"occupation": "9-99-99-99", "level": "L2"}]}, "person.occupation_unknown"),
            ({"avoids": ["night"]}, "person.band_unknown"),
            (
                {"away": [{"starts_at": "2027-01-02T00:00:00Z", "ends_at": "2027-01-01T00:00:00Z"}]},
                "absence.ends_before_it_begins",
            ),
            (
                {"away": [{"starts_at": "2027-01-02T00:00:00", "ends_at": "2027-01-03T00:00:00Z"}]},
                "request.invalid",
            ),
            ({"qualifications": []}, "request.invalid"),
            ({"qualifications": [{"occupation": "6-31-01-03", "level": "L2", "rank": 1}]}, "request.invalid"),
            ({"home": "三明"}, "request.invalid"),
            ({"nickname": "x"}, "request.invalid"),
            ({"most_sessions_day": 0}, "request.invalid"),
        ],
    )
    async def test_what_cannot_be_meant_is_refused_and_nothing_is_stored(self, dispatch, given, wrong, code):
        await given.college()
        await dispatch.forget()
        answer = await given.union.post("/instructors", json=TOLD | wrong)
        assert (answer.status_code in (404, 422), answer.json()["code"]) == (True, code), answer.text
        assert await dispatch.facts() == []
        assert (await given.union.get("/instructors")).json() == []

    async def test_the_same_key_lists_once(self, given):
        await given.college()
        headers = {"Idempotency-Key": "list-lin-2026"}
        first = await given.office("smtc").post("/instructors", json=TOLD, headers=headers)
        again = await given.office("smtc").post("/instructors", json=TOLD, headers=headers)
        assert first.json() == again.json()
        assert len((await given.union.get("/instructors")).json()) == 1


class TestChangeSomebody:
    CHANGED = {key: value for key, value in TOLD.items() if key != "college_id"} | {"most_sessions_week": 3}

    async def test_the_whole_new_state_is_told_and_times_away_stay(self, dispatch, given):
        await given.college()
        away = {"starts_at": "2027-05-01T00:00:00Z", "ends_at": "2027-05-02T00:00:00Z", "reason": "leave"}
        person = await given.person(away=[away])
        url = f"/instructors/{person}"
        answer = await given.office("smtc").put(url, json=self.CHANGED, headers={"If-Match": '"1"'})
        assert (answer.status_code, answer.headers["etag"]) == (204, '"2"')
        changed = (await dispatch.facts(person))[-1]
        assert (changed.most_sessions_week, changed.away[0].reason) == (3, "leave")
        (seen,) = (await given.office("smtc").get("/instructors")).json()
        assert (seen["name"], seen["version"]) == ("㛃师傅", 2)

    async def test_a_stale_version_is_refused(self, given):
        await given.college()
        person = await given.person()
        answer = await given.office("smtc").put(
            f"/instructors/{person}", json=self.CHANGED, headers={"If-Match": '"9"'}
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "version.stale")

    async def test_another_colleges_person_is_unknown(self, given):
        await given.college()
        person = await given.person()
        answer = await given.office("smu").put(f"/instructors/{person}", json=self.CHANGED)
        assert (answer.status_code, answer.json()["code"]) == (404, "person.unknown")


class TestNames:
    async def test_services_and_the_union_ask_in_bulk(self, dispatch, given):
        await given.college()
        person = await given.person()
        answer = await given.union.post("/people", json={"people": [str(person), str(uuid4())]})
        assert answer.json() == [{"person_id": str(person), "name": "林师傅"}]

    async def test_nobody_else_may(self, dispatch, given):
        for role in ("college", "enterprise", "instructor", "assessor", "administrator"):
            answer = await dispatch.client(role, organisation="smtc").post("/people", json={"people": []})
            assert answer.status_code == 403
        assert (await dispatch.client().post("/people", json={"people": []})).status_code == 401
