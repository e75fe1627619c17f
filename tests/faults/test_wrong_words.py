"""Codes that nobody knows, days that cannot be, figures out of range, at the doors behind the order's."""

from typing import Any

import pytest

from .house import SOMEBODY, no_failure_logged, raw, refused, written

BIG = 2**63
CARD = {"occupation": "6-31-01-03", "level": "L2"}
PERSON = {"name": "演示教师", "college_id": "smtc", "home": "350404", "qualifications": [CARD]}
AGREEMENT = {
    "union_id": "smftu",
    "valid_from": "2031-01-01",
    "valid_until": "2031-12-31",
    "sessions_total": 10,
    "sessions_week": 5,
    "target": 5,
}
COLLEGE = {"college_id": "new-college", "name": "新学院", "division": "350404", "kind": "college"}
AWAY = {"starts_at": "2027-04-01T00:00:00+08:00", "ends_at": "2027-04-02T00:00:00+08:00", "reason": "illness"}
ACT = {"act_id": SOMEBODY, "worker_id": SOMEBODY, "at": "2027-04-05T10:30:00Z", "way": "scan"}
CORRECTION = {
    "worker_id": SOMEBODY,
    "minutes": 10,
    "act_id": SOMEBODY,
    "reason": {"code": "attendance.paper_list"},
}
BACKWARDS = {"starts_at": "2027-04-02T00:00:00Z", "ends_at": "2027-04-01T00:00:00Z"}
WORDS = {"code": "x.y", "figures": {"why": "because I say so"}}
MARK = {"evaluation_id": "{evaluation_id}", "mark": "60"}
ACCOUNT = {
    "username": "somebody",
    "password": "a long password",
    "roles": ["administrator"],
    "name": "Somebody",
}
Row = tuple[str, str, str, str, Any, str, str | None]


def at(
    service: str, role: str, path: str, body: dict[str, Any], *wrong: tuple[dict[str, Any], str, str]
) -> list[Row]:
    """Rows of the table: the body with one thing wrong, the rule that says no, and its field."""
    method, address = path.split(" ")
    return [(service, role, method, address, body | each, code, field) for each, code, field in wrong]


DISPATCH, EVALUATION = "instructor-dispatch", "evaluation"
INVALID = "request.invalid"
ROWS: list[Row] = [
    *at(
        "scheduling", "union", "POST /orders/{order_id}/scheme/sessions/{session_id}/move",
        {"day": "2027-04-12", "band": "eve"},
        ({"day": "2026-02-30"}, INVALID, "body.day"),
        ({"day": "tomorrow"}, INVALID, "body.day"),
        ({"day": "10000-01-01"}, INVALID, "body.day"),
        ({"band": "下午"}, INVALID, "body.band"),
        ({"person_id": "me"}, INVALID, "body.person_id"),
        ({"band": "night"}, "band.unknown", ""),
        ({"day": "2020-01-01"}, "session.cannot_move", ""),
        ({"day": "9999-12-31"}, INVALID, "body.day"),
        ({"day": "0001-01-01"}, INVALID, "body.day"),
        ({"person_id": SOMEBODY}, "session.cannot_move", ""),
    ),
    *at(
        "scheduling", "union", "POST /orders/{order_id}/scheme/changes", {"changes": []},
        ({}, INVALID, "body.changes"),
        ({"changes": [{"do": "guess"}]}, INVALID, "body.changes.0"),
        ({"changes": [{"do": "pin", "session_id": "first"}]}, INVALID, "body.changes.0.pin.session_id"),
        ({"changes": [{"do": "drop", "session_id": SOMEBODY}]}, "scheme.session_unknown", None),
        ({"changes": [{"do": "add", "cohort_id": SOMEBODY, "unit": "el5-basics"}]}, "scheme.cohort_unknown", None),
    ),
    *at(
        "scheduling", "union", "POST /orders/{order_id}/scheme/sessions/{session_id}/cancel",
        {"reason": {"code": "session.not_made_up"}},
        ({"reason": None}, INVALID, "body.reason"),
        ({"reason": {"code": "不补"}}, INVALID, "body.reason.code"),
        ({"reason": WORDS}, "scheme.reason_wrong", "body.reason.figures"),
    ),
    *at(
        "scheduling", "union", "POST /orders/{order_id}/scheme/approve", {"version": 1, "hash": "a" * 64},
        ({}, "scheme.another_content", "body.hash"),
        ({"hash": "A" * 64}, INVALID, "body.hash"),
        ({"version": 0}, INVALID, "body.version"),
        ({"version": BIG}, INVALID, "body.version"),
        ({"version": "one"}, INVALID, "body.version"),
    ),
    *at(
        "scheduling", "union", "POST /orders/{evaluated}/scheme/decline",
        {"version": 1, "reason": {"code": "times.unsuitable"}},
        ({"reason": {"code": "Not a code"}}, INVALID, "body.reason.code"),
        ({"reason": WORDS}, "scheme.reason_wrong", "body.reason.figures"),
        ({"reason": {"code": "x.y", "figures": {"a b": 1}}}, "scheme.reason_wrong", "body.reason.figures"),
    ),
    *at(
        DISPATCH, "union", "POST /colleges", COLLEGE,
        ({"college_id": "三明"}, INVALID, "body.college_id"),
        ({"division": "999999"}, "division.unknown", ""),
        ({"division": "３５０４０４"}, INVALID, "body.division"),
        ({"kind": "a school"}, INVALID, "body.kind"),
        ({"name": "a\0b"}, INVALID, "body.name"),
    ),
    *at(
        DISPATCH, "union", "POST /colleges/smtc/agreements", AGREEMENT,
        ({"valid_until": "2030-12-31"}, "agreement.ends_before_it_begins", ""),
        ({"valid_from": "2027-01-01"}, "agreement.overlaps", ""),
        ({"valid_until": "2031-02-29"}, INVALID, "body.valid_until"),
        ({"sessions_total": -1}, INVALID, "body.sessions_total"),
        ({"sessions_total": BIG}, INVALID, "body.sessions_total"),
        ({"target": 2**31}, INVALID, "body.target"),
        ({"valid_until": "9999-12-31"}, INVALID, "body.valid_until"),
        ({"valid_from": "0001-01-01"}, INVALID, "body.valid_from"),
    ),
    *at(
        DISPATCH, "union", "POST /instructors", PERSON,
        ({"home": "999999"}, "division.unknown", ""),
        ({"college_id": "no-such"}, "college.unknown", ""),
        ({"qualifications": [CARD | {"level": "L99"}]}, "level.unknown", ""),
        ({"qualifications": [CARD | {"occupation": "9-99-99-99"}]}, "person.occupation_unknown", "qualifications"),
        ({"qualifications": [CARD | {"valid_until": "2026-02-30"}]}, INVALID, "body.qualifications.0.valid_until"),
        ({"qualifications": [CARD | {"rank": 1}]}, INVALID, "body.qualifications.0.rank"),
        ({"qualifications": []}, INVALID, "body.qualifications"),
        ({"avoids": ["noon"]}, "person.band_unknown", "avoids"),
        ({"most_sessions_day": 51}, INVALID, "body.most_sessions_day"),
        ({"fair_load": BIG}, INVALID, "body.fair_load"),
        ({"name": "a\0b"}, INVALID, "body.name"),
        ({"away": [BACKWARDS]}, "absence.ends_before_it_begins", "away"),
    ),
    *at(
        DISPATCH, "union", "POST /instructors/{person_id}/absences", AWAY,
        ({"ends_at": "2027-03-31T00:00:00+08:00"}, "absence.ends_before_it_begins", "ends_at"),
        ({"ends_at": "2027-04-02T00:00:00"}, INVALID, "body.ends_at"),
        ({"starts_at": "2027-02-30T00:00:00Z"}, INVALID, "body.starts_at"),
        ({"starts_at": "9999-12-31T23:59:59Z", "ends_at": "9999-12-31T23:59:59.9Z"}, INVALID, "body.starts_at"),
        ({"ends_at": "9999-12-31T23:59:59-12:00"}, INVALID, "body.ends_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, INVALID, "body.starts_at"),
        ({"division": "999999"}, "division.unknown", ""),
        ({"reason": "words and words"}, INVALID, "body.reason"),
    ),
    *at(
        DISPATCH, "union", "POST /instructors/{person_id}/absences/end", {"away": AWAY},
        ({}, "absence.unknown", "away"),
        ({"ended_at": "2027-04-02T00:00:00"}, INVALID, "body.ended_at"),
        ({"away": AWAY | {"ends_at": "9999-12-31T23:59:59-12:00"}}, INVALID, "body.away.ends_at"),
        ({"away": AWAY | {"reason": "words and words"}}, INVALID, "body.away.reason"),
    ),
    *at(
        DISPATCH, "college", "POST /offers/{assignment_id}/decline", {"reason": "illness"},
        ({"reason": "no_such_reason"}, "decline.unknown_reason", ""),
        ({"reason": "other"}, "decline.says_nothing", ""),
        ({"reason": "other", "words": "字" * 501}, INVALID, "body.words"),
        ({"reason": "我不想去"}, INVALID, "body.reason"),
    ),
    *at(
        DISPATCH, "college", "POST /offers/{assignment_id}/withdraw", {"reason": "illness"},
        ({}, "offer.not_firm", ""),
        ({"reason": "no_such_reason"}, "decline.unknown_reason", ""),
        ({"reason": "other"}, "decline.says_nothing", ""),
        ({"reason": "other", "words": "字" * 501}, INVALID, "body.words"),
        ({"reason": "我不想去"}, INVALID, "body.reason"),
    ),
    *at(
        DISPATCH, "college", "POST /offers/{assignment_id}/substitute", {"person_id": SOMEBODY},
        ({}, "person.unknown", ""),
        ({"person_id": "{others_person}"}, "person.unknown", ""),
    ),
    *at(
        DISPATCH, "union", "POST /sessions/{session_id}/open-call", {"college_ids": ["smu"]},
        ({"college_ids": []}, INVALID, "body.college_ids"),
        ({"college_ids": ["no-such"]}, "call.has_offer", ""),
        ({"college_ids": ["smu", "smu"]}, "call.has_offer", ""),
    ),
    *at(
        EVALUATION, "instructor", "POST /sessions/{session_id}/sign-in", {"acts": [ACT]},
        ({"acts": []}, INVALID, "body.acts"),
        ({"acts": [ACT] * 501}, INVALID, "body.acts"),
        ({"acts": [ACT | {"at": "2027-04-05T10:30:00"}]}, INVALID, "body.acts.0.at"),
        ({"acts": [ACT | {"way": "by_hand"}]}, INVALID, "body.acts.0.way"),
        ({"acts": [ACT | {"worker_id": "350402199001010013"}]}, INVALID, "body.acts.0.worker_id"),
    ),
    *at(
        EVALUATION, "union", "POST /sessions/{session_id}/attendance", CORRECTION,
        ({"minutes": -1}, INVALID, "body.minutes"),
        ({"minutes": BIG}, INVALID, "body.minutes"),
        ({"reason": WORDS}, INVALID, ""),
        ({}, "session.not_closed", ""),
    ),
    *at(
        EVALUATION, "union", "POST /orders/{evaluated}/batches", {"line": 1, "day": "2027-05-10", "band": "am"},
        ({"line": 2}, "batch.no_evaluation_line", ""),
        ({"line": 0}, INVALID, "body.line"),
        ({"day": "2027-02-29"}, INVALID, "body.day"),
        ({"day": "2020-01-01"}, "batch.in_the_past", ""),
        ({"band": "night"}, "batch.no_such_band", ""),
        ({"day": "9999-12-31"}, INVALID, "body.day"),
        ({"day": "0001-01-01"}, INVALID, "body.day"),
    ),
    *at(
        EVALUATION, "union", "POST /batches/{batch_id}/move", {"day": "2027-05-10", "band": "am"},
        ({"day": "2027-02-29"}, INVALID, "body.day"),
        ({"day": "2020-01-01"}, "batch.in_the_past", ""),
        ({"band": "night"}, "batch.no_such_band", ""),
        ({"day": "2027-04-20"}, "batch.not_moved", ""),
    ),
    *at(
        EVALUATION, "union", "POST /batches/{batch_id}/cancel", {"reason": {"code": "batch.no_power"}},
        ({"reason": {"code": "words"}}, INVALID, "body.reason.code"),
        ({"reason": None}, INVALID, "body.reason"),
    ),
    *at(
        EVALUATION, "union", "POST /batches/{batch_id}/marks/confirm", {"part": "theory", "marks": [MARK]},
        ({"part": "dancing"}, INVALID, "body.part"),
        ({"marks": []}, INVALID, "body.marks"),
        ({"marks": [MARK | {"mark": "100.1"}]}, INVALID, "body.marks.0.mark"),
        ({"marks": [MARK | {"mark": "-1"}]}, INVALID, "body.marks.0.mark"),
        ({"marks": [MARK | {"mark": "59.99"}]}, INVALID, "body.marks.0.mark"),
        ({"marks": [MARK | {"mark": "NaN"}]}, INVALID, "body.marks.0.mark"),
        ({"marks": [MARK | {"mark": "1e400"}]}, INVALID, "body.marks.0.mark"),
        ({"marks": [MARK | {"mark": "passed"}]}, INVALID, "body.marks.0.mark"),
        ({}, "batch.not_begun", ""),
    ),
    *at(
        EVALUATION, "union", "POST /evaluations/{evaluation_id}/void", {"reason": {"code": "certificate.fraud"}},
        ({}, "revocation.cause_unknown", "body.reason.code"),
        ({"reason": {"code": "words"}}, INVALID, "body.reason.code"),
    ),
    *at(
        "portal", "administrator", "POST /accounts", ACCOUNT,
        ({"username": "a"}, INVALID, "body.username"),
        ({"username": "管理员"}, INVALID, "body.username"),
        ({"password": "short"}, INVALID, "body.password"),
        ({"password": "p" * 257}, INVALID, "body.password"),
        ({"roles": []}, INVALID, "body.roles"),
        ({"roles": ["service"]}, INVALID, "body.roles.0"),
        ({"roles": ["root"]}, INVALID, "body.roles.0"),
        ({"roles": ["enterprise"]}, "account.organisation_missing", ""),
        ({"roles": ["instructor"], "organisation": "smtc"}, "account.person_missing", ""),
        ({"name": "a\0b"}, INVALID, "body.name"),
        ({"name": " " * 5}, INVALID, "body.name"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    "row", ROWS, ids=[f"{r[0]} {r[3].rpartition('/')[2]} {written(r[4])[:90]}" for r in ROWS]
)
async def test_what_cannot_be_meant_is_refused(house, row):
    service, role, method, path, body, code, field = row
    client = house.client(service, role)
    text = written(body).replace("{evaluation_id}", house.known["evaluation_id"])
    text = text.replace("{others_person}", house.known["others_person"])
    async with house.nothing_stored(service):
        with no_failure_logged():
            answer = await client.request(method, path.format(**house.known), **raw(text))
            told = refused(answer, answer.status_code, code, field or None)
            assert answer.status_code in {403, 404, 409, 422}, told
