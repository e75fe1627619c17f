"""The second count and the checks find what was planted."""

import copy

import pytest

from songjiao_cli.verify.checks import (
    assessors_did_not_teach,
    attendance_is_of_the_cohort,
    causes_are_known,
    double_bookings,
    marks_and_certificates,
    missed_sessions_were_not_held,
    no_orphans,
    sequences_without_gaps,
)
from songjiao_cli.verify.differences import differences
from songjiao_cli.verify.log import _read, without_repeats
from songjiao_cli.verify.recount import recount

pytestmark = pytest.mark.rules

DRIVE = {("350404", "350481"): 64, ("350481", "350404"): 64, ("350404", "350404"): 20}


def a_story():
    """One small order from its submission to a certificate, as raw facts."""
    facts = []

    def say(type_, source="evaluation", subject="o-1", **data):
        about = {"order_id": subject} if subject == "o-1" else {}
        before = [f for f in facts if (f["source"], f["subject"]) == (source, subject)]
        facts.append(
            {
                "id": f"fact-{len(facts) + 1}", "type": f"{type_}.v1", "source": source, "subject": subject,
                "sequence": len(before) + 1, "actor": "user-1", "data": {**about, **data},
            }
        )  # fmt: skip

    say("enterprise.registered", "order-intake", "jinniu", enterprise_id="jinniu")
    say("college.joined", "instructor-dispatch", "smtc", college_id="smtc")
    say("instructor.listed", "instructor-dispatch", "p-1", person_id="p-1", college_id="smtc")
    say("order.submitted", "order-intake", enterprise_id="jinniu")
    say("order.accepted", "order-intake", special_session=True)
    say("scheme.confirmed", "scheduling", cohorts=[{"cohort_id": "c-1", "workers": ["w-1", "w-2"]}])
    for number, day in enumerate(("2026-05-06", "2026-05-07"), start=1):
        say("session.scheduled", "scheduling", **a_session(number, day))
        offer = {"assignment_id": f"a-{number}", "session_id": f"s-{number}", "role": "lead"}
        say("assignment.offered", "instructor-dispatch", **offer, college_id="smtc", person_id="p-1")
        say("assignment.accepted", "instructor-dispatch", **offer, college_id="smtc", person_id="p-1")
        say("session.opened", session_id=f"s-{number}", person_id="p-1")
        attended = [{"worker_id": w, "minutes": 180} for w in ("w-1", "w-2")[: 3 - number]]
        say("session.closed", session_id=f"s-{number}", cohort_id="c-1", class_hours=4, attended=attended)
    candidate = {"batch_id": "b-1", "evaluation_id": "e-1", "worker_id": "w-1"}
    say(
        "evaluation.planned",
        batch_id="b-1",
        barred=["p-1"],
        slot=slot("2026-06-01"),
        division="350404",
        enterprise_id="jinniu",
    )
    say("candidate.admitted", **candidate)
    parts = [
        {"part": "theory", "mark": "60.0", "pass_mark": "60"},
        {"part": "practical", "mark": "71", "pass_mark": "60"},
    ]
    say("candidate.assessed", **candidate, parts=parts, passed=True)
    say("certificate.issued", certificate_id="k-1", evaluation_id="e-1", number="S0", kind="skill_level")
    say("order.fulfilled", "order-intake")
    return facts


def slot(day, start="06:30", end="09:45"):
    return {"day": day, "starts_at": f"{day}T{start}:00Z", "ends_at": f"{day}T{end}:00Z"}


def a_session(number, day, division="350404", **other):
    return {
        "session_id": f"s-{number}", "cohort_id": "c-1", "slot": slot(day),
        "division": division, "enterprise_id": "jinniu",
        "mode": "onsite", "occupation": "6-31-01-03", "level": "L4", **other,
    }  # fmt: skip


def reissued(facts, old, new):
    """Another certificate in the place of one, as evaluation tells it."""
    number = f"S{new}"
    issued = {"certificate_id": new, "evaluation_id": "e-1", "number": number, "kind": "skill_level"}
    told = {
        "certificate.issued": issued | {"replaces": old},
        "certificate.revoked": {"certificate_id": old},
        "certificate.reissued": {"certificate_id": old, "replaced_by": new, "new_number": number},
    }
    for name, data in told.items():
        about = {"id": f"{name}/{new}", "type": f"{name}.v1", "data": {"order_id": "o-1", **data}}
        facts.append(of(facts, "certificate.issued") | about)


def of(facts, name):
    return next(fact for fact in facts if fact["type"] == f"{name}.v1")


class TestRecount:
    def test_counts_heads_once_and_person_times_each_time(self):
        counted = recount(a_story())
        assert counted["heads"] == 2
        assert counted["person_times"] == 3
        assert counted["sessions"] == {"held": 2, "special": 1, "moved": 0, "cancelled": 0}
        assert counted["class_hours"] == 8
        assert counted["orders"] == {"fulfilled": 1}
        assert counted["by"]["college"]["smtc"]["person_times"] == 3

    def test_of_a_joint_order_each_enterprise_has_its_own_people(self):
        facts = a_story()
        assert recount(facts)["by"]["enterprise"]["jinniu"]["heads"] == 2
        people = [
            {"worker_id": "w-1", "enterprise_id": "jinniu"},
            {"worker_id": "w-2", "enterprise_id": "jxlt"},
        ]
        of(facts, "order.accepted")["data"]["lines"] = [{"trainees": people}]
        counted = recount(facts)["by"]["enterprise"]
        assert {of: (row["heads"], row["person_times"]) for of, row in counted.items()} == {
            "jinniu": (1, 2),
            "jxlt": (1, 1),
        }

    def test_a_repeated_record_counts_once(self):
        facts = a_story()
        assert recount(without_repeats(facts + facts)) == recount(facts)

    def test_attendance_taken_back_is_not_counted(self):
        facts = a_story()
        taken_back = copy.deepcopy(of(facts, "session.closed"))
        taken_back["type"] = "attendance.corrected.v1"
        taken_back["data"] = {"session_id": "s-1", "worker_id": "w-2", "minutes": 0}
        assert recount([*facts, taken_back])["person_times"] == 2

    def test_a_survey_answer_taken_back_is_not_counted_and_another_round_still_is(self):
        said = {"enterprise_id": "jinniu", "person_times": 70}
        facts = [
            {"type": f"survey.{what}.v1", "data": {"survey_id": survey} | said}
            for what, survey in (("answered", "v-1"), ("answered", "v-2"), ("withdrawn", "v-2"))
        ]
        counted = recount([*a_story(), *facts])["surveys"]
        assert (counted["enterprises"], counted["person_times"]) == (1, 70)
        assert recount([*a_story(), *facts[1:]])["surveys"]["enterprises"] == 0

    def test_what_was_decided_in_a_cancelled_batch_is_not_counted(self):
        facts = a_story()
        assert recount(facts)["evaluations"] == {"admitted": 1, "refused": 0, "assessed": 1, "passed": 1}
        cancelled = copy.deepcopy(of(facts, "candidate.assessed"))
        cancelled["type"] = "batch.cancelled.v1"
        assert recount([*facts, cancelled])["evaluations"] == {
            "admitted": 0,
            "refused": 0,
            "assessed": 0,
            "passed": 0,
        }

    def test_a_certificate_and_those_in_its_place_are_one(self):
        facts = a_story()
        reissued(facts, "k-1", "k-2")
        reissued(facts, "k-2", "k-3")
        assert recount(facts)["certificates"] == {"issued": 1, "revoked": 0}

    def test_a_planted_miscount_is_found_and_named(self):
        report = recount(a_story())
        wrong = copy.deepcopy(report)
        wrong["by"]["county"]["350404"]["person_times"] += 1
        assert differences(report, report) == []
        assert differences(wrong, report) == [
            "by.county.350404.person_times: the report says 4, the facts say 3"
        ]


class TestChecks:
    def test_a_sound_story_passes_all(self):
        facts = a_story()
        for check in (
            sequences_without_gaps, causes_are_known, no_orphans, marks_and_certificates,
            assessors_did_not_teach, attendance_is_of_the_cohort, missed_sessions_were_not_held,
        ):  # fmt: skip
            assert check(facts) == [], check.__name__
        assert double_bookings(facts, DRIVE, 15) == []

    def test_a_lost_fact_is_a_gap(self):
        facts = a_story()
        facts.remove(of(facts, "session.opened"))
        assert any("session.closed" in line for line in sequences_without_gaps(facts))

    def test_a_cause_that_is_nowhere(self):
        facts = a_story()
        facts[4]["causationid"] = "nobody"
        assert len(causes_are_known(facts)) == 1

    def test_a_fact_without_cause_or_actor(self):
        facts = a_story()
        del facts[4]["actor"]
        assert len(causes_are_known(facts)) == 1

    def test_a_session_nobody_scheduled(self):
        facts = a_story()
        facts.remove(of(facts, "session.scheduled"))
        assert any("s-1 was never introduced" in line for line in no_orphans(facts))

    def test_one_person_in_two_places_at_a_time(self):
        facts = a_story()
        second = [f for f in facts if f["type"] == "session.scheduled.v1"][1]
        second["data"]["slot"] = slot("2026-05-06", "08:00", "09:00")
        assert len(double_bookings(facts, DRIVE, 15)) == 1

    @pytest.mark.parametrize(("start", "found"), [("11:03", 1), ("11:04", 0)])
    def test_the_drive_and_the_buffer_must_fit_between_two_places(self, start, found):
        facts = a_story()
        second = [f for f in facts if f["type"] == "session.scheduled.v1"][1]
        second["data"].update(
            slot=slot("2026-05-06", start, "12:30"), division="350481", enterprise_id="jxlt"
        )
        assert len(double_bookings(facts, DRIVE, 15)) == found

    @pytest.mark.parametrize(("enterprise", "found"), [("demo08", 1), ("jinniu", 0)])
    def test_two_works_of_one_county_need_a_drive_too(self, enterprise, found):
        facts = a_story()
        second = [f for f in facts if f["type"] == "session.scheduled.v1"][1]
        second["data"].update(slot=slot("2026-05-06", "09:45", "12:30"), enterprise_id=enterprise)
        assert len(double_bookings(facts, DRIVE, 15)) == found

    def test_passed_below_a_pass_mark(self):
        facts = a_story()
        of(facts, "candidate.assessed")["data"]["parts"][0]["mark"] = "59.9"
        assert len(marks_and_certificates(facts)) == 1

    def test_a_certificate_without_a_passed_evaluation(self):
        facts = a_story()
        of(facts, "certificate.issued")["data"]["evaluation_id"] = "e-2"
        assert len(marks_and_certificates(facts)) == 1

    def test_a_certificate_number_given_twice(self):
        facts = a_story()
        again = copy.deepcopy(of(facts, "certificate.issued"))
        again["data"].update(certificate_id="k-2", kind="enterprise")
        assert marks_and_certificates([*facts, again]) == ["certificate number S0 was given twice"]

    def test_a_certificate_issued_in_the_place_of_another_is_no_second_one(self):
        facts = a_story()
        reissued(facts, "k-1", "k-2")
        assert marks_and_certificates(facts) == []
        reissued(facts, "k-2", "k-3")
        assert marks_and_certificates(facts) == [], "twice in a row"
        one_more = copy.deepcopy(of(facts, "certificate.issued"))
        one_more["data"].update(certificate_id="k-9", number="S9")
        assert marks_and_certificates([*facts, one_more]) == ["evaluation e-1: two certificates skill_level"]

    def test_an_assessor_who_taught(self):
        facts = a_story()
        accepted = copy.deepcopy(of(facts, "assignment.accepted"))
        accepted["data"].update(session_id=None, batch_id="b-1", role="assessor")
        of(facts, "evaluation.planned")["data"]["barred"] = []  # the batch's own list may be the fault
        assert len(assessors_did_not_teach([*facts, accepted])) == 1
        released = copy.deepcopy(accepted)  # he began to teach them later, and somebody else was sent
        released["type"] = "assignment.released.v1"
        assert assessors_did_not_teach([*facts, accepted, released]) == []

    def test_an_assessor_may_teach_them_once_the_results_are_posted(self):
        facts = a_story()
        accepted = copy.deepcopy(of(facts, "assignment.accepted"))
        accepted["data"].update(session_id=None, batch_id="b-1", role="assessor")
        opened = [fact for fact in facts if fact["type"].startswith("session.opened.")]
        before = [fact for fact in facts if fact not in opened]
        posted = {**before[-1], "type": "results.posted.v1", "data": {"order_id": "o-1", "batch_id": "b-1"}}
        assert assessors_did_not_teach([*before, accepted, posted, *opened]) == []
        assert len(assessors_did_not_teach([*before, accepted, *opened, posted])) == 1

    def test_a_stranger_in_the_attendance(self):
        facts = a_story()
        of(facts, "session.closed")["data"]["attended"].append({"worker_id": "w-9", "minutes": 180})
        assert len(attendance_is_of_the_cohort(facts)) == 1

    def test_a_session_that_nobody_opened_was_not_held_unless_it_was_moved(self):
        facts = a_story()
        at = facts.index(of(facts, "session.opened"))
        scheduled = of(facts, "session.scheduled")
        missed = scheduled | {"type": "session.missed.v1"}
        assert len(missed_sessions_were_not_held([*facts[:at], missed, *facts[at:]])) == 1
        later = scheduled["data"] | {"slot": slot("2026-05-20")}
        moved = scheduled | {"type": "session.moved.v1", "data": later}
        for way in ([missed, moved], [moved, missed]):
            assert missed_sessions_were_not_held([*facts[:at], *way, *facts[at:]]) == []


@pytest.mark.parametrize(
    "record", [b"{broken", b"", None, b"[]", b"5", b"{}", b'{"id": "1", "type": "x.v1"}']
)
def test_a_record_that_is_no_fact_is_none(record):
    assert _read(record) is None


def test_a_repeat_leaves_a_fact_at_its_first_place():
    one, two = {"id": "1", "sequence": 1}, {"id": "2", "sequence": 2}
    assert without_repeats([one, two, one]) == [one, two]
