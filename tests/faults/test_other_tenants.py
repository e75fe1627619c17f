"""What belongs to somebody else does not exist: the answer is the one for an id that nothing has."""

from typing import Any

import pytest

from servicekit.testing import test_keys as the_keys  # no test, though its name says so
from servicekit.tokens import Issuer

from .house import SOMEBODY, House, refused
from .story import LINE, a_roster

WHY = {"reason": {"code": "order.other"}}
DAY = {"day": "2027-04-20", "band": "am"}
MARKS = {"part": "theory", "marks": [{"evaluation_id": SOMEBODY, "mark": "60"}]}
ACT = {"act_id": SOMEBODY, "worker_id": SOMEBODY, "at": "2027-04-05T10:30:00Z", "way": "scan"}
SIGNED = {"acts": [ACT]}
PERSON = {
    "name": "演示教师",
    "home": "350404",
    "qualifications": [{"occupation": "6-31-01-03", "level": "L2"}],
}
ABSENCE = {"starts_at": "2027-04-01T00:00:00Z", "ends_at": "2027-04-02T00:00:00Z", "reason": "illness"}
NAMED = {"version": 1, "hash": "a" * 64}
Body = dict[str, Any]

DOORS: list[tuple[str, str, str, str, Body]] = [
    ("order-intake", "bgzb", "GET", "/orders/{order_id}", {}),
    ("order-intake", "bgzb", "GET", "/orders/{draft}", {}),
    ("order-intake", "bgzb", "GET", "/orders/{order_id}/trainees", {}),
    ("order-intake", "bgzb", "PUT", "/orders/{draft}", {"json": {"lines": [LINE]}}),
    ("order-intake", "bgzb", "POST", "/orders/{draft}/submit", {}),
    ("order-intake", "bgzb", "POST", "/orders/{order_id}/withdraw", {}),
    ("order-intake", "bgzb", "POST", "/orders/{order_id}/amend", {"json": {"lines": [LINE]}}),
    ("order-intake", "bgzb", "POST", "/orders/{order_id}/cancel", {"json": WHY}),
    ("order-intake", "bgzb", "POST", "/orders/{order_id}/pool/consent", {}),
    ("order-intake", "bgzb", "POST", "/orders/{order_id}/pool/leave", {"json": WHY}),
    ("order-intake", "bgzb", "POST", "/orders/{draft}/lines/1/roster?take=true", {"files": {}}),
    ("order-intake", "bgzb", "POST", "/orders/{draft}/lines/1/roster/same-as/1", {}),
    ("order-intake", "bgzb", "GET", "/enterprises/jinniu", {}),
    ("scheduling", "bgzb", "GET", "/orders/{order_id}/scheme", {}),
    ("scheduling", "bgzb", "GET", "/orders/{order_id}/schemes/1", {}),
    ("scheduling", "bgzb", "POST", "/orders/{order_id}/scheme/confirm", {"json": NAMED}),
    ("scheduling", "bgzb", "POST", "/orders/{order_id}/scheme/decline", {"json": {"version": 1} | WHY}),
    ("instructor-dispatch", "smu", "GET", "/offers/{assignment_id}", {}),
    ("instructor-dispatch", "smu", "POST", "/offers/{assignment_id}/take", {}),
    ("instructor-dispatch", "smu", "POST", "/offers/{assignment_id}/confirm", {}),
    (
        "instructor-dispatch",
        "smu",
        "POST",
        "/offers/{assignment_id}/name",
        {"json": {"person_id": "{others_person}"}},
    ),
    ("instructor-dispatch", "smu", "POST", "/offers/{assignment_id}/accept", {}),
    (
        "instructor-dispatch",
        "smu",
        "POST",
        "/offers/{assignment_id}/decline",
        {"json": {"reason": "illness"}},
    ),
    (
        "instructor-dispatch",
        "smu",
        "POST",
        "/offers/{assignment_id}/substitute",
        {"json": {"person_id": "{others_person}"}},
    ),
    (
        "instructor-dispatch",
        "smu",
        "POST",
        "/offers/{assignment_id}/withdraw",
        {"json": {"reason": "illness"}},
    ),
    ("instructor-dispatch", "smu", "PUT", "/instructors/{person_id}", {"json": PERSON}),
    ("instructor-dispatch", "smu", "POST", "/instructors/{person_id}/retire", {}),
    ("instructor-dispatch", "smu", "POST", "/instructors/{person_id}/absences", {"json": ABSENCE}),
    (
        "instructor-dispatch",
        "smu",
        "POST",
        "/instructors/{person_id}/absences/end",
        {"json": {"away": ABSENCE}},
    ),
    ("instructor-dispatch", "smu", "GET", "/colleges/smtc", {}),
    ("evaluation", "bgzb", "GET", "/sessions/{session_id}", {}),
    ("evaluation", "bgzb", "GET", "/sessions?order_id={order_id}", {}),
    ("evaluation", "bgzb", "POST", "/sessions/{session_id}/confirm", {}),
    ("evaluation", "bgzb", "POST", "/sessions/{session_id}/dispute", {"json": WHY}),
    ("evaluation", "bgzb", "GET", "/orders/{evaluated}/batches", {}),
    ("evaluation", "bgzb", "GET", "/batches/{batch_id}", {}),
    ("evaluation", "bgzb", "GET", "/certificates?order_id={evaluated}", {}),
    ("evaluation", "bgzb", "POST", "/evaluations/{evaluation_id}/objections", {"json": WHY}),
    ("evaluation", "person", "GET", "/sessions/{session_id}", {}),
    ("evaluation", "assessor", "GET", "/batches/{batch_id}", {}),
    ("portal", "bgzb", "GET", "/orders/{order_id}/story.json", {}),
    ("portal", "smu", "GET", "/orders/{evaluated}/story.json", {}),
]
OF_ITSELF = {
    "order_id",
    "draft",
    "evaluated",
    "session_id",
    "batch_id",
    "evaluation_id",
    "assignment_id",
    "person_id",
}


def stranger(house: House, service: str, who: str):
    if who == "person":
        return house.client(service, "instructor", person=house.known["others_person"])
    if who == "assessor":
        return house.client(service, "assessor", person=house.known["others_person"])
    return house.client(service, "college" if who == "smu" else "enterprise", organisation=who)


@pytest.mark.parametrize(
    ("service", "who", "method", "path", "body"),
    DOORS,
    ids=[f"{d[0]} {d[2]} {d[3]} as {d[1]}" for d in DOORS],
)
async def test_what_is_anothers_does_not_exist(house, service, who, method, path, body):
    client = stranger(house, service, who)
    nothing = house.known | dict.fromkeys(OF_ITSELF, SOMEBODY)
    answers = []
    async with house.nothing_stored(service):
        for ids in (house.known, nothing):
            given = dict(body)
            if "files" in given:
                given["files"] = {"file": ("花名册.csv", a_roster(1))}
            if given.get("json", {}).get("person_id"):
                given["json"] = {"person_id": house.known["others_person"]}
            answer = await client.request(method, path.format(**ids), **given)
            answers.append(answer)
    there, nowhere = answers
    assert there.status_code == 404, there.text
    told, as_nothing = there.json(), nowhere.json()
    assert told["code"] == as_nothing["code"]
    shown = {
        value
        for name, value in house.known.items()
        if name in OF_ITSELF and value in path.format(**house.known)
    }
    assert set(told["parameters"].values()) <= shown | {"jinniu", "smtc"}, told["parameters"]


CHANGING = [door for door in DOORS if door[2] != "GET"]


@pytest.mark.parametrize(
    ("service", "who", "method", "path", "body"),
    CHANGING,
    ids=[f"{d[0]} {d[2]} {d[3]} as {d[1]}" for d in CHANGING],
)
async def test_a_stranger_who_names_a_version_learns_no_more(house, service, who, method, path, body):
    client = stranger(house, service, who)
    given = dict(body)
    if "files" in given:
        given["files"] = {"file": ("花名册.csv", a_roster(1))}
    if given.get("json", {}).get("person_id"):
        given["json"] = {"person_id": house.known["others_person"]}
    async with house.nothing_stored(service):
        answer = await client.request(
            method, path.format(**house.known), headers={"If-Match": '"9999"'}, **given
        )
    assert answer.status_code == 404, answer.text


@pytest.mark.parametrize("version", [{}, {"If-Match": '"9999"'}])
@pytest.mark.parametrize(
    ("who", "path", "body", "code"),
    [
        ("person", "/sessions/{session_id}/open", {}, "session.another_lead"),
        ("person", "/sessions/{session_id}/sign-in", SIGNED, "session.another_lead"),
        ("person", "/sessions/{session_id}/close", {}, "session.another_lead"),
        ("assessor", "/batches/{batch_id}/marks", MARKS, "assessor.not_of_this_batch"),
        ("assessor", "/batches/{batch_id}/marks/confirm", MARKS, "assessor.not_of_this_batch"),
    ],
)
async def test_a_colleague_is_told_no_more_than_that_it_is_not_theirs(house, who, path, body, code, version):
    client = stranger(house, "evaluation", who)
    async with house.nothing_stored("evaluation"):
        answer = await client.post(
            path.format(**house.known), headers=version, **({"json": body} if body else {})
        )
    if version and answer.status_code == 404:  # as to a read
        assert answer.json()["code"] in {"session.unknown", "batch.unknown"}
        return
    told = refused(answer, 403, code)
    assert told["parameters"] == {}


@pytest.mark.parametrize(
    ("service", "who", "path"),
    [
        ("order-intake", "bgzb", "/orders"),
        ("scheduling", "bgzb", "/sessions"),
        ("scheduling", "bgzb", "/sessions?order_id={order_id}"),
        ("instructor-dispatch", "smu", "/offers?state=all"),
        ("instructor-dispatch", "smu", "/assignments?person={person_id}"),
        ("instructor-dispatch", "smu", "/assignments?session_id={session_id}"),
        ("instructor-dispatch", "smu", "/instructors"),
        ("evaluation", "person", "/sessions"),
        ("evaluation", "assessor", "/batches"),
        ("portal", "bgzb", "/orders.json"),
        ("portal", "smu", "/orders.json"),
    ],
)
async def test_lists_show_ones_own_only(house, service, who, path):
    answer = await stranger(house, service, who).get(path.format(**house.known))
    assert answer.status_code in {200, 404}, answer.text
    for name in ("order_id", "evaluated", "draft", "session_id", "assignment_id", "person_id", "batch_id"):
        assert house.known[name] not in answer.text, name


async def test_an_enterprise_answers_a_survey_for_itself_only(house):
    client = house.client("order-intake", "enterprise", organisation="bgzb")
    asked = {"enterprise_id": "jinniu", "person_times": 3}
    async with house.nothing_stored("order-intake"):
        answer = await client.post(f"/surveys/{house.known['survey_id']}/answers", json=asked)
    assert answer.status_code in {403, 404}, answer.text


async def test_a_college_lists_nobody_for_another(house):
    client = house.client("instructor-dispatch", "college", organisation="smu")
    async with house.nothing_stored("instructor-dispatch"):
        answer = await client.post("/instructors", json=PERSON | {"college_id": "smtc"})
    assert (answer.status_code, answer.json()["code"]) == (403, "college.not_yours")


@pytest.mark.parametrize(
    ("service", "role", "path"),
    [
        ("order-intake", "enterprise", "/orders"),
        ("scheduling", "enterprise", "/sessions"),
        ("instructor-dispatch", "college", "/offers?state=all"),
        ("instructor-dispatch", "college", "/instructors"),
        ("evaluation", "instructor", "/sessions"),
        ("evaluation", "assessor", "/batches"),
        ("portal", "enterprise", "/orders.json"),
    ],
)
async def test_a_token_without_organisation_sees_nothing(house, service, role, path):
    issuer = Issuer.from_file("portal", the_keys() / "portal.pem")
    nobody = house.client(service, token=issuer.user_token(f"{role}-0", [role]))
    answer = await nobody.get(path)
    assert answer.status_code in {200, 403, 404}, answer.text
    for name in ("order_id", "evaluated", "session_id", "assignment_id", "batch_id"):
        assert house.known[name] not in answer.text, name
