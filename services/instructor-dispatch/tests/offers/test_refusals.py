"""How colleges answer, by reason, and what they may still send: the figures are those of what happened."""

from datetime import timedelta

from contracts.instructor_dispatch import AssignmentDeclined, AssignmentLapsed, AssignmentReleased


async def a_month(dispatch, given):
    """Two colleges: one accepts, declines twice, gives one back, lets one lapse and one unnamed; the other nothing."""
    await given.college("smtc", week=7, total=40)
    await given.college("smu")
    people = [await given.person() for _ in range(6)]
    sessions = [given.session(day=at, proposed=people[at]) for at in range(5)]
    for session in sessions:
        await given.confirmed(session)
    offers = [await given.offer(session) for session in sessions]
    await given.accept(offers[0])
    await given.decline(offers[1], "too_far")
    await given.decline(await given.offer(sessions[1]), "own_lessons")
    await given.accept(offers[2])
    await given.withdraw(offers[2], "own_lessons")
    url = f"/offers/{offers[3]['assignment_id']}/take"
    assert (await given.office("smtc").post(url)).status_code == 200
    await dispatch.fire_deadlines(await dispatch.now() + timedelta(hours=49))
    return sessions


async def told(client, given, path="/refusals", **more):
    span = {"from": str(given.monday), "to": str(given.monday + timedelta(days=6))}
    answer = await client.get(path, params=(span if path == "/refusals" else {}) | more)
    assert answer.status_code == 200, answer.text
    return {each["college_id"]: each for each in answer.json()}


async def test_what_is_counted_is_what_was_said(dispatch, given):
    await a_month(dispatch, given)
    seen = await told(given.union, given)
    smtc, smu = seen["smtc"], seen["smu"]
    facts = [each for each in await dispatch.facts() if getattr(each, "college_id", "") == "smtc"]
    lapsed = [each for each in facts if isinstance(each, AssignmentLapsed)]
    assert smtc["asked"] == sum(each.type == "assignment.offered.v1" for each in facts)
    assert smtc["declined"] == sum(isinstance(each, AssignmentDeclined) for each in facts) == 2
    assert smtc["given_back"] == sum(isinstance(e, AssignmentReleased) and e.given_back for e in facts) == 1
    assert smtc["unnamed"] == sum(each.taken for each in lapsed) == 1
    assert smtc["unanswered"] == sum(not each.taken for each in lapsed)
    assert smtc["late"] == len(lapsed) > 1
    assert [(each["reason"], each["times"]) for each in smtc["reasons"]] == [
        ("own_lessons", 2),
        ("too_far", 1),
    ]
    assert (smtc["reasons"][1]["zh"], smtc["reasons"][1]["en"]) == ("路太远", "too far")
    assert smtc["percent_refused"] == round(100 * (3 + len(lapsed)) / smtc["asked"])
    assert (smu["asked"], smu["percent_refused"], smu["reasons"]) == (0, None, [])


async def test_a_college_sees_itself(dispatch, given):
    await a_month(dispatch, given)
    assert set(await told(given.office("smu"), given)) == {"smu"}
    assert set(await told(given.office("smu"), given, "/quota")) == {"smu"}


async def test_the_reasons_are_listed_and_others_refused_with_the_list(given):
    await given.college()
    await given.person()
    session = given.session()
    await given.confirmed(session)
    reasons = (await given.office("smtc").get("/refusals/reasons")).json()
    assert reasons[0] == {"reason": "own_lessons", "zh": "本校有课", "en": "own lessons", "words": False}
    assert [each["reason"] for each in reasons if each["words"]] == ["other"]
    answer = await given.decline(await given.offer(session), "no_mood")
    assert (answer.status_code, answer.json()["code"]) == (422, "decline.unknown_reason")
    assert set(answer.json()["parameters"]["known"].split(", ")) == {each["reason"] for each in reasons}


async def test_the_quota_is_shown_and_refused_with_its_figures(given):
    await given.college("smtc", week=2, total=3)
    people = [await given.person() for _ in range(3)]
    for at in range(2):
        await given.confirmed(given.session(day=at, proposed=people[at]))
    await given.confirmed(given.session(day=7, proposed=people[0]))
    day = str(given.monday)
    assert (await told(given.office("smtc"), given, "/quota", day=day))["smtc"] | {
        "valid_from": None,
        "valid_until": None,
    } == {
        "college_id": "smtc",
        "valid_from": None,
        "valid_until": None,
        "agreed": 3,
        "used": 3,
        "left": 0,
        "week": day,
        "agreed_week": 2,
        "used_week": 2,
        "left_week": 0,
    }
    full = given.session(day=2)
    await given.confirmed(full)
    url = f"/sessions/{full.session_id}/open-call"
    await given.union.post(url, json={"college_ids": ["smtc"]})
    refused = await given.accept(await given.offer(full), person_id=str(people[2]))
    assert [(each["code"], each["figures"]) for each in refused.json()["parameters"]["reasons"]] == [
        ("college.quota_total", {"most": 3, "held": 3}),
        ("college.quota_week", {"most": 2, "held": 2, "left": 0}),
    ]
    assert "3" in refused.json()["title"]


async def test_days_that_end_before_they_begin_are_refused(given):
    answer = await given.union.get("/refusals", params={"from": "2026-05-06", "to": "2026-05-05"})
    assert (answer.status_code, answer.json()["code"]) == (422, "load.ends_before_it_begins")
