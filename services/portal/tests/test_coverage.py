"""Coverage: every clause of the confirmed version once, with what became of it and why; sums as the facts say."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from browsing import PASSWORD, log_in
from hypothesis import given, settings
from hypothesis import strategies as st
from story_of_an_order import NUMBER, AnOrder, college, enterprise, id_of, instructor

from contracts import evaluation as ev
from contracts import order_intake as intake
from contracts.programme import load
from contracts.values import Cohort, PartMark, Trainee, because
from portal.accounts import commands
from portal.desks.coverage.clauses import Status
from portal.desks.coverage.part import enterprises_of, part_of
from portal.desks.coverage.proof import coverage_of
from portal.desks.coverage.shown import parts_view, proof_view
from portal.web.names import Names
from portal.web.text import Text
from servicekit.db import Cause

ROOT = Path(__file__).parents[3]
PROGRAMMES = load(ROOT / "programmes")
NAMES = Names(Text("en", ZoneInfo("Asia/Shanghai")), PROGRAMMES, {})
EIGHT = datetime(2026, 5, 6, tzinfo=UTC)
ORDER = AnOrder(heads=3)
BEGUN = (ORDER.submitted(), ORDER.accepted(), ORDER.drafted(sessions=2), ORDER.approved())
SIGNED = (*BEGUN, ORDER.confirmed(sessions=2), ORDER.scheduled(1), ORDER.scheduled(2))
HELD = (ORDER.opened(1), ORDER.closed(1), ORDER.session_confirmed(1))


def proof(*facts):
    found = coverage_of(causes(facts), PROGRAMMES)
    assert found is not None
    return found


def sessions_of(found):
    return {one.session_id: one for line in found.lines for unit in line.units for one in unit.sessions} | {
        one.session_id: one for line in found.lines for one in line.earlier
    }


def codes(reasons):
    return [reason.code for reason in reasons]


def examined(*more, heads=3):
    """The order asks for an evaluation instead; a batch is planned, everybody is admitted."""
    line = ORDER.lines()[0].model_copy(update={"service": "skill_evaluation"})
    trainees = tuple(Trainee(worker_id=ORDER.worker(n), crew="A") for n in range(heads))
    taken = {"lines": (line.model_copy(update={"trainees": trainees}),)}
    return proof(
        ORDER.submitted().model_copy(update=taken), ORDER.accepted().model_copy(update=taken),
        ORDER.planned(), *(candidate(ORDER.admitted(), n) for n in range(heads)), *more,
    )  # fmt: skip


def candidate(fact, n):
    return fact.model_copy(update={"worker_id": ORDER.worker(n), "evaluation_id": id_of(f"evaluation/{n}")})


def assessed(n, theory, practical):
    marks = (
        PartMark(part="theory", mark=theory, pass_mark="60"),
        PartMark(part="practical", mark=practical, pass_mark="60"),
    )
    passed = all(each is not None and float(each) >= 60 for each in (theory, practical))
    return candidate(ORDER.assessed(), n).model_copy(update={"parts": marks, "passed": passed})


def issued(n):
    told = {"certificate_id": id_of(f"certificate/{n}"), "evaluation_id": id_of(f"evaluation/{n}")}
    return ORDER.issued().model_copy(update=told | {"worker_id": ORDER.worker(n)})


@pytest.mark.rules
class TestTeaching:
    def test_nothing_is_said_of_an_order_that_nobody_asked_for(self):
        assert coverage_of([], PROGRAMMES) is None

    def test_before_a_scheme_is_in_force_the_line_waits(self):
        found = proof(*BEGUN)
        assert (found.status, codes(found.lines[0].reasons)) == (Status.AHEAD, ["coverage.no_scheme"])
        assert (found.version, found.in_force) == (None, False)

    def test_what_is_held_is_delivered_and_the_rest_ahead(self):
        found = proof(*SIGNED, *HELD)
        (unit,) = found.lines[0].units
        assert (unit.status, unit.delivered, unit.ahead, unit.class_hours) == (Status.PARTLY, 4, 4, 8)
        assert [one.status for one in unit.sessions] == [Status.DELIVERED, Status.AHEAD]
        assert found.by_status() == {"delivered": 1, "partly": 0, "ahead": 1, "not": 0}

    def test_absent_people_are_figures_and_a_reason_and_the_hours_are_taught(self):
        found = proof(*SIGNED, ORDER.opened(1), ORDER.closed(1, there=1), ORDER.session_confirmed(1))
        one = sessions_of(found)[ORDER.session(1)]
        assert (one.status, one.present, one.expected, one.delivered) == (Status.PARTLY, 1, 3, 4)
        assert one.reasons == (because("coverage.absent", people=2),)

    def test_a_correction_counts(self):
        closed = (ORDER.opened(1), ORDER.closed(1, there=2), ORDER.corrected(2, 180))
        assert sessions_of(proof(*SIGNED, *closed))[ORDER.session(1)].present == 3

    def test_a_move_says_from_where_to_where_and_why(self):
        one = sessions_of(proof(*SIGNED, ORDER.moved(1)))[ORDER.session(1)]
        (move,) = one.moves
        assert (move.was, move.to, one.slot) == (ORDER.slot(1), ORDER.slot(3), ORDER.slot(3))
        assert move.because.code == "slot.nobody_can_come"

    def test_a_missed_session_is_not_delivered_until_it_is_moved(self):
        missed = proof(*SIGNED, ORDER.missed(1))
        assert codes(sessions_of(missed)[ORDER.session(1)].reasons) == ["coverage.missed"]
        again = proof(*SIGNED, ORDER.missed(1), ORDER.moved(1, days=9))
        assert sessions_of(again)[ORDER.session(1)].status is Status.AHEAD

    def test_a_cancelled_session_keeps_its_reason_though_somebody_answers_later(self):
        found = proof(*SIGNED, ORDER.session_cancelled(1), ORDER.unstaffable(1))
        one = sessions_of(found)[ORDER.session(1)]
        assert (one.status, codes(one.reasons)) == (Status.NOT, ["order.cancelled"])

    def test_a_dispute_leaves_the_unit_in_part(self):
        disputed = ev.SessionDisputed(
            order_id=ORDER.order_id, session_id=ORDER.session(1), reason=because("session.not_held")
        )
        found = proof(*SIGNED, ORDER.opened(1), ORDER.closed(1), disputed)
        assert codes(sessions_of(found)[ORDER.session(1)].reasons) == ["session.not_held"]
        assert found.lines[0].units[0].status is Status.PARTLY

    def test_the_whole_story_agrees_with_the_completed_delivery(self):
        found = proof(*ORDER.whole())
        assert found.status is Status.DELIVERED
        assert found.agrees
        assert (found.completed.sessions, found.completed.class_hours) == (1, 4)

    def test_a_delivery_that_counted_otherwise_is_told(self):
        told = [*ORDER.whole()]
        at = next(n for n, fact in enumerate(told) if isinstance(fact, ev.DeliveryCompleted))
        told[at] = told[at].model_copy(update={"class_hours": 8})
        assert not proof(*told).agrees

    def test_after_an_amendment_the_new_version_counts_and_what_was_held_stays(self):
        amended = intake.OrderAmended(
            order_id=ORDER.order_id, revision=1, lines=ORDER.lines(), amended_on=EIGHT.date()
        )
        cohort = ORDER.confirmed().cohorts[0].model_copy(update={"cohort_id": id_of("again")})
        again = ORDER.confirmed(2).model_copy(update={"cohorts": (cohort,)})
        third = ORDER.scheduled(3).model_copy(update={"cohort_id": id_of("again")})
        found = proof(*SIGNED, *HELD, amended, ORDER.session_cancelled(2), again, third)
        (line,) = found.lines
        assert [one.session_id for one in line.units[0].sessions] == [ORDER.session(3)]
        assert {one.session_id: one.delivered for one in line.earlier} == {
            ORDER.session(1): 4, ORDER.session(2): 0,
        }  # fmt: skip
        assert (found.totals.class_hours_delivered, found.totals.sessions_replaced) == (4, 1)

    def test_a_cancelled_order_says_why_of_every_clause(self):
        cancelled = (ORDER.cancelled(), ORDER.session_cancelled(1), ORDER.session_cancelled(2))
        found = proof(*SIGNED, *cancelled)
        assert found.status is Status.NOT
        assert {codes(one.reasons)[0] for one in sessions_of(found).values()} == {"order.cancelled"}

    def test_a_line_closed_by_hand_says_how_many_took_part(self):
        line = ORDER.lines()[0].model_copy(update={"service": "skills_competition"})
        taken = ORDER.accepted().model_copy(update={"lines": (line,)})
        assert codes(proof(taken).lines[0].reasons) == ["coverage.to_close"]
        closed = intake.OrderLineClosed(order_id=ORDER.order_id, line=1, heads=2, closed_on=EIGHT.date())
        found = proof(taken, closed)
        assert (found.lines[0].status, found.lines[0].closed_heads) == (Status.DELIVERED, 2)


@pytest.mark.rules
class TestEvaluation:
    def test_every_person_has_an_end_and_a_reason(self):
        found = examined(
            assessed(0, "82", "88"), issued(0), assessed(1, "82", "40"), assessed(2, None, "70"),
        )  # fmt: skip
        (line,) = found.lines
        told = {one.worker_id: (one.status, codes(one.reasons)) for one in line.persons}
        assert told == {
            ORDER.worker(0): (Status.DELIVERED, []),
            ORDER.worker(1): (Status.NOT, ["coverage.failed"]),
            ORDER.worker(2): (Status.NOT, ["coverage.absent_from_evaluation"]),
        }
        theory, practical = line.parts
        assert (theory.passed, theory.failed, theory.absent, theory.not_examined) == (2, 0, 1, 0)
        assert (practical.passed, practical.failed, practical.absent) == (2, 1, 0)
        assert (found.totals.people_certified, found.totals.people_to_certify) == (1, 3)

    def test_a_revoked_certificate_is_none(self):
        revoked = ORDER.revoked(NUMBER).model_copy(update={"certificate_id": id_of("certificate/0")})
        one = examined(assessed(0, "82", "88"), issued(0), revoked, heads=1).lines[0].persons[0]
        assert (one.status, codes(one.reasons)) == (Status.NOT, ["certificate.issued_in_error"])

    def test_a_suspended_certificate_is_none_until_it_holds_again(self):
        about = {
            "order_id": ORDER.order_id, "certificate_id": id_of("certificate/0"), "number": NUMBER,
        }  # fmt: skip
        review, cleared = because("certificate.under_review"), because("certificate.review_cleared")
        rests = ev.CertificateSuspended(**about, reason=review, suspended_on=date(2026, 6, 5))
        found = examined(assessed(0, "82", "88"), issued(0), rests, heads=1)
        one = found.lines[0].persons[0]
        assert (one.status, codes(one.reasons)) == (Status.AHEAD, ["certificate.under_review"])
        assert found.totals.people_certified == 0
        holds = ev.CertificateReinstated(**about, reason=cleared, reinstated_on=date(2026, 6, 6))
        one = examined(assessed(0, "82", "88"), issued(0), rests, holds, heads=1).lines[0].persons[0]
        assert (one.status, one.reasons) == (Status.DELIVERED, ())
        revoked = ORDER.revoked(NUMBER).model_copy(update={"certificate_id": id_of("certificate/0")})
        one = examined(assessed(0, "82", "88"), issued(0), rests, revoked, heads=1).lines[0].persons[0]
        assert (one.status, codes(one.reasons)) == (Status.NOT, ["certificate.issued_in_error"])

    def test_a_certificate_in_the_place_of_another_is_one_with_it(self):
        own = {"worker_id": ORDER.worker(0), "evaluation_id": id_of("evaluation/0")}
        new, *others = ORDER.reissued("S000035000000264000777", on=date(2026, 7, 2))
        first = ORDER.issued().model_copy(update=own)
        found = examined(assessed(0, "82", "88"), first, new.model_copy(update=own), *others, heads=1)
        one = found.lines[0].persons[0]
        assert (one.status, one.reasons) == (Status.DELIVERED, ())
        assert (found.totals.certificates_issued, found.totals.certificates_revoked) == (1, 0)

    def test_a_refused_candidate_keeps_the_rules_that_said_so(self):
        told = candidate(ORDER.admitted(), 0).model_dump(include={
            "order_id", "batch_id", "evaluation_id", "worker_id", "occupation", "level",
        })  # fmt: skip
        refused = ev.CandidateRefused(**told, reasons=(because("admission.too_young"),))
        assert codes(examined(refused, heads=1).lines[0].persons[0].reasons) == ["admission.too_young"]

    def test_a_retake_and_an_upheld_objection_open_it_again(self):
        failed = examined(assessed(0, "10", "10"), candidate(ORDER.admitted(), 0), heads=1)
        assert failed.lines[0].persons[0].status is Status.AHEAD
        upheld = examined(assessed(0, "10", "88"), candidate(ORDER.upheld(), 0), heads=1)
        assert upheld.lines[0].persons[0].status is Status.AHEAD

    def test_a_cancelled_batch_is_to_be_planned_again(self):
        person = examined(ORDER.batch_cancelled(), heads=1).lines[0].persons[0]
        assert codes(person.reasons) == ["coverage.not_planned"]

    def test_who_left_the_list_stays_in_the_proof(self):
        line = ORDER.lines()[0].model_copy(update={"service": "skill_evaluation"})
        one_less = line.model_copy(update={"trainees": line.trainees[:2]})
        amended = intake.OrderAmended(
            order_id=ORDER.order_id, revision=1, lines=(one_less,), amended_on=EIGHT.date()
        )
        persons = examined(amended).lines[0].persons
        assert [codes(one.reasons) for one in persons].count(["coverage.left_line"]) == 1
        assert len(persons) == 3


@pytest.mark.rules
class TestItsFigures:
    def test_are_those_of_what_was_asked_for(self):
        only_taught = [name for name, _ in proof_view(proof(*SIGNED), NAMES).figures]
        only_examined = [name for name, _ in proof_view(examined(), NAMES).figures]
        certified = NAMES.text("coverage.certified")
        assert only_examined == [certified]
        assert (len(only_taught), certified in only_taught) == (4, False)

    def test_of_a_joint_class_nobody_is_certified_by_an_enterprise(self):
        known = causes(joint())
        parts = tuple((each, coverage_of(part_of(known, each), PROGRAMMES)) for each in enterprises_of(known))
        heads, rows = parts_view(coverage_of(known, PROGRAMMES).totals, parts, NAMES)
        assert heads == [NAMES.text("coverage.heads"), NAMES.text("coverage.person_times")]
        assert rows[0] == ("jinniu", ["0 / 3 people", "0 person-times"])


WHAT = st.sampled_from(["move", "cancel", "miss", "hold", "confirm", "unplaced", "nothing"])


@st.composite
def stories(draw):
    """Two cohorts with a few sessions, each of which goes its own way; perhaps replaced by another version."""
    told, hours = [*BEGUN], {}
    count = 0
    for version in range(1, draw(st.integers(1, 2)) + 1):
        cohorts = tuple(
            Cohort(
                cohort_id=id_of(f"cohort/{version}/{letter}"), letter=letter, line=1, crews=("A",),
                workers=tuple(ORDER.worker(n) for n in range(3)),
            )
            for letter in "AB"
        )  # fmt: skip
        told.append(ORDER.confirmed(version).model_copy(update={"cohorts": cohorts}))
        mine = []
        for cohort in cohorts:
            for position in range(1, draw(st.integers(1, 3)) + 1):
                count += 1
                changed = {
                    "cohort_id": cohort.cohort_id,
                    "position": position,
                    "class_hours": draw(st.integers(2, 4)),
                }
                changed["unit"] = draw(st.sampled_from(["el4-control", "el4-drives"]))
                told.append(ORDER.scheduled(count).model_copy(update=changed))
                mine.append((count, changed))
        for n, changed in mine:
            for what in draw(st.lists(WHAT, max_size=3)):
                told += ways(n, what, changed, hours, draw(st.integers(0, 3)))
                if n in hours or what == "cancel":
                    break
    return told, hours, count


def ways(n, what, changed, hours, there):
    match what:
        case "move":
            return [ORDER.moved(n).model_copy(update=changed)]
        case "cancel":
            return [ORDER.session_cancelled(n), ORDER.unstaffable(n)]
        case "miss":
            return [ORDER.missed(n)]
        case "unplaced":
            return [ORDER.unplaced(n)]
        case "hold" | "confirm":
            hours[n] = changed["class_hours"]
            closed = ORDER.closed(n, there=there).model_copy(update={"class_hours": hours[n]})
            return [ORDER.opened(n), closed, *([ORDER.session_confirmed(n)] if what == "confirm" else [])]
    return []


@pytest.mark.rules
class TestEveryStory:
    @given(stories())
    @settings(max_examples=60, deadline=None)
    def test_has_every_clause_once_and_the_hours_that_the_sessions_say(self, story):
        told, hours, count = story
        found = proof(*told)
        units = [unit for line in found.lines for unit in line.units]
        leaves = [one for unit in units for one in unit.sessions]
        earlier = [one for line in found.lines for one in line.earlier]
        assert Counter(one.session_id for one in (*leaves, *earlier)) == Counter(
            ORDER.session(n) for n in range(1, count + 1)
        )
        assert len({(unit.cohort_id, unit.unit) for unit in units}) == len(units)
        assert found.totals.class_hours_delivered == sum(hours.values())
        assert found.totals.sessions_held == len(hours)
        assert sum(one.delivered for one in (*leaves, *earlier)) == sum(hours.values())
        for unit in units:
            assert unit.delivered + unit.ahead + unit.not_delivered == unit.class_hours
            assert unit.class_hours == sum(one.class_hours for one in unit.sessions)
        assert sum(found.by_status().values()) == len(leaves)
        assert all(one.reasons for one in leaves if one.status in {Status.NOT, Status.PARTLY})

    @given(
        st.lists(
            st.tuples(st.integers(0, 4), st.sampled_from(["pass", "fail", "absent", "issue", "again"])),
            max_size=20,
        )
    )
    @settings(max_examples=60, deadline=None)
    def test_has_every_person_once_and_parts_that_add_up(self, said):
        marks = {"pass": ("80", "70"), "fail": ("80", "20"), "absent": (None, "70")}
        more = []
        for n, what in said:
            if what == "issue":
                more += [assessed(n, *marks["pass"]), issued(n)]
            else:
                more += [assessed(n, *marks[what])] if what in marks else [candidate(ORDER.admitted(), n)]
        (line,) = examined(*more, heads=5).lines
        assert Counter(one.worker_id for one in line.persons) == Counter(ORDER.worker(n) for n in range(5))
        for part in line.parts:
            assert part.passed + part.failed + part.absent + part.not_examined == 5
        assert all(one.reasons for one in line.persons if one.status is not Status.DELIVERED)


def joint(*more, heads=6):
    """A joint order of two enterprises: the even people are the first one's."""
    line = ORDER.lines()[0]
    people = tuple(
        Trainee(worker_id=ORDER.worker(n), crew="A", enterprise_id=("jinniu", "jxlt")[n % 2])
        for n in range(heads)
    )
    taken = {"lines": (line.model_copy(update={"trainees": people}),)}
    cohort = ORDER.confirmed().cohorts[0].model_copy(update={"workers": tuple(t.worker_id for t in people)})
    return [
        ORDER.accepted().model_copy(update=taken),
        ORDER.confirmed(sessions=3).model_copy(update={"cohorts": (cohort,)}),
        *(ORDER.scheduled(n) for n in (1, 2, 3)),
        *more,
    ]


def causes(facts):
    return [
        (fact, Cause(id_of(f"fact/{n}"), fact.source, fact.type, fact.subject, n, EIGHT + timedelta(hours=n)))
        for n, fact in enumerate(facts, start=1)
    ]


@pytest.mark.rules
class TestAJointOrder:
    @given(st.lists(st.integers(0, 6), min_size=1, max_size=3))
    @settings(max_examples=30, deadline=None)
    def test_the_parts_of_its_enterprises_are_the_whole(self, there):
        wide = AnOrder(heads=6)
        held = [
            fact
            for n, some in enumerate(there, start=1)
            for fact in (wide.opened(n), wide.closed(n, there=some))
        ]
        known = causes(joint(*held))
        whole = coverage_of(known, PROGRAMMES).totals
        assert enterprises_of(known) == ("jinniu", "jxlt")
        parts = [coverage_of(part_of(known, each), PROGRAMMES).totals for each in enterprises_of(known)]
        for figure in ("heads", "person_times", "people"):
            assert sum(getattr(part, figure) for part in parts) == getattr(whole, figure), figure
        assert {part.class_hours_delivered for part in parts} == {whole.class_hours_delivered}
        assert whole.person_times == sum(there)

    def test_a_part_has_nobody_else(self):
        wide = AnOrder(heads=6)
        part = part_of(causes(joint(wide.opened(1), wide.closed(1), wide.corrected(1, 0))), "jinniu")
        found = coverage_of(part, PROGRAMMES)
        assert (found.totals.people, found.totals.heads) == (3, 3)
        told = str([fact.model_dump(mode="json") for fact, _ in part])
        assert not any(str(ORDER.worker(n)) in told for n in (1, 3, 5))

    def test_who_left_before_teaching_has_no_part(self):
        accepted, *_ = joint(heads=6)
        (line,) = accepted.lines
        staying = tuple(each for each in line.trainees if each.enterprise_id == "jinniu")
        left = intake.OrderAmended(
            order_id=accepted.order_id, revision=2, amended_on=accepted.accepted_on,
            lines=(line.model_copy(update={"trainees": staying}),),
        )  # fmt: skip
        assert enterprises_of(causes([accepted, left])) == ("jinniu",)

    def test_an_order_of_its_own_has_no_parts(self):
        assert enterprises_of(causes(SIGNED)) == ()


class TestAMemberOfAJointOrder:
    async def test_reads_its_own_part_and_the_union_everybodys(self, portal):
        wide = AnOrder("joint", "2026-0500", "jinniu", heads=6)
        line = ORDER.lines()[0]
        people = tuple(
            Trainee(worker_id=wide.worker(n), crew="A", enterprise_id=("jinniu", "jxlt")[n % 2])
            for n in range(6)
        )
        taken = {"lines": (line.model_copy(update={"trainees": people}),)}
        member = AnOrder("member", "2026-0501", "jxlt", "建新轮胎")
        proposed = intake.OrderPoolProposed(
            **wide.accepted().model_dump(exclude={"accepted_on", "special_session", "lines"}), **taken, members=(),
            answer_by=EIGHT, proposed_on=EIGHT.date(),
        )  # fmt: skip
        own = {"order_id": member.order_id, "joint_id": wide.order_id}
        await portal.deliver(
            member.submitted(), proposed, intake.OrderPoolAsked(**own, answer_by=EIGHT), at=EIGHT
        )
        async with portal.client("enterprise", organisation="jxlt") as client:
            (card,) = [c for c in (await client.get("/orders.json")).json() if c["number"] == "2026-0501"]
            assert (card["waits_for"], card["wait"]) == ("enterprise", "consent")
            assert (await client.get("/orders/2026-0500/coverage.json")).status_code == 404
        await portal.deliver(
            intake.OrderPoolConsented(**own), wide.accepted().model_copy(update=taken),
            intake.OrderPooled(**own, joint_number="2026-0500", pooled_on=EIGHT.date()),
            wide.confirmed(), wide.scheduled(1), wide.opened(1), wide.closed(1, there=3), at=EIGHT,
        )  # fmt: skip
        async with portal.client("enterprise", organisation="jxlt") as client:
            found = (await client.get("/orders/2026-0501/coverage.json")).json()
        assert (found["number"], found["totals"]["people"], found["totals"]["heads"]) == ("2026-0500", 3, 1)
        assert found["by_enterprise"] == {}
        async with portal.client("union") as client:
            whole = (await client.get("/orders/2026-0500/coverage.json")).json()
        assert {name: part["person_times"] for name, part in whole["by_enterprise"].items()} == {
            "jinniu": 2, "jxlt": 1,
        }  # fmt: skip
        assert whole["totals"]["person_times"] == 3


@pytest.fixture(scope="module")
async def told(portal):
    other = AnOrder("foreign", "2026-0002", "jxlt", "建新轮胎")
    facts = [*SIGNED, ORDER.moved(2), ORDER.opened(1), ORDER.closed(1, there=2)]
    await portal.deliver(enterprise(), college(), instructor(), *facts, other.submitted(), at=EIGHT)
    async with portal.transactions.begin() as tx:
        for role, organisation in {"union": "smftu", "enterprise": "jinniu", "college": "smtc"}.items():
            await commands.make_account(
                tx, role, PASSWORD, roles={role}, organisation=organisation, name=f"{role} 王"
            )
    return other


class TestThePage:
    @pytest.mark.parametrize("name", ["union", "enterprise"])
    async def test_union_and_enterprise_read_it_in_both_languages(self, portal, told, name):
        client = await log_in(portal, name)
        for lang, words in {
            "en": (
                "Coverage",
                "Moved from",
                "nobody can come",
                "absent: 1",
                "in part",
                "4 / 8 class-hours",
                "2 person-times",
                "1 / 2 sessions",
            ),
            "zh": (
                "兑现情况",
                "改为",
                "缺课 1 人",
                "部分兑现",
                "到课 / 应到",
                "4 / 8 学时",
                "2 人次",
                "1 / 2 场",
            ),
        }.items():
            page = await client.get(f"/orders/{ORDER.order_id}/coverage", params={"lang": lang})
            assert page.status_code == 200, page.text
            for word in words:
                assert word in page.text, word
            assert "coverage." not in page.text
        assert (
            f"/orders/{ORDER.order_id}/coverage" in (await client.get(f"/orders/{ORDER.order_id}/story")).text
        )

    async def test_programs_read_the_same(self, portal, told):
        async with portal.client("enterprise", organisation="jinniu") as client:
            found = (await client.get("/orders/2026-0001/coverage.json")).json()
        assert found["totals"]["class_hours_delivered"] == 4
        assert [one["status"] for one in found["lines"][0]["units"][0]["sessions"]] == ["partly", "ahead"]

    async def test_nobody_else_reads_it(self, portal, told):
        async with portal.client("enterprise", organisation="jinniu") as client:
            answer = await client.get(f"/orders/{told.order_id}/coverage.json")
            assert (answer.status_code, answer.json()["code"]) == (404, "order.unknown")
        async with portal.client("college", organisation="smtc") as client:
            assert (await client.get(f"/orders/{ORDER.order_id}/coverage.json")).status_code == 403
        browser = await log_in(portal, "college")
        assert (await browser.get(f"/orders/{ORDER.order_id}/coverage")).status_code == 404
