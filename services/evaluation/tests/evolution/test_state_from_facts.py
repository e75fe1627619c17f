"""The database is lost, or an older one is put in its place: made again from facts it is the same, row by row."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from contracts.base import all_facts
from contracts.evaluation import DeliveryCompleted, SessionMissed
from contracts.instructor_dispatch import AssignmentReleased, AssignmentSubstituted
from contracts.order_intake import OrderAmended, OrderCancelled, OrderFulfilled
from contracts.scheduling import SessionCancelled, SessionMoved
from contracts.values import Role, ServiceLine, because
from evaluation import links
from evaluation.certificates import store
from evaluation.certificates.rules import Series

from .. import builders as a
from ..aftercare.test_answers import portal_of
from ..photos.photographed import a_photo

GRACE = timedelta(hours=48)


async def done(client, path, **body):
    answer = await client.post(path, json=body) if body else await client.post(path)
    assert answer.status_code < 300, answer.text
    return answer


def moved(session, slot):
    return SessionMoved(
        **session.model_dump(exclude={"slot", "revision"}),
        slot=slot,
        revision=2,
        because=because("session.moved_by_hand"),
        was=session.slot,
    )


def off(session):
    return SessionCancelled(
        order_id=session.order_id, session_id=session.session_id, reason=because("session.not_made_up")
    )


def released(played, **of):
    return AssignmentReleased(
        order_id=played.order_id, college_id="smtc", was_firm=True, reason=because("absence.illness"), **of
    )


class Story:
    """Orders through everything that evaluation says, act by act; a backup may be made after each."""

    def __init__(self, given, evaluation, union, jinniu) -> None:
        self.given, self.evaluation, self.union, self.jinniu = given, evaluation, union, jinniu

    async def a_session_is_disputed_and_set_right(self) -> None:
        self.taught = await self.given.an_order(heads=5, sessions=2)
        first = self.taught.sessions[0]
        await self.given.closed(self.taught, first, absent=2)
        path = f"/sessions/{first.session_id}"
        await done(
            self.jinniu, f"{path}/dispute", reason={"code": "session.attendance_wrong"}, text="人没到齐"
        )
        correction = {
            "worker_id": str(self.taught.workers[0]),
            "minutes": 180,
            "act_id": str(uuid4()),
            "reason": {"code": "attendance.paper_list"},
        }
        other = self.given.as_person("union", uuid4())
        refused = await done(self.union, f"{path}/attendance", **correction | {"minutes": 45})
        waits = f"{path}/corrections/{refused.json()['correction_id']}"
        await done(other, f"{waits}/refuse", reason={"code": "attendance.not_shown"})
        proposed = (await done(self.union, f"{path}/attendance", **correction)).json()
        await done(other, f"{path}/corrections/{proposed['correction_id']}/confirm")
        await done(self.jinniu, f"{path}/confirm")

    async def a_session_is_open(self) -> None:
        second = self.taught.sessions[1]
        path = f"/sessions/{second.session_id}"
        await done(
            self.jinniu, f"{path}/excuses", worker_id=str(self.taught.workers[1]), reason="excuse.illness"
        )
        lead = self.given.as_person("instructor", self.taught.lead)
        await self.given.move_to(second.slot.starts_at)
        await done(lead, f"{path}/arrival", at=second.slot.starts_at.isoformat())
        self.lead = await self.given.opened(self.taught, second)
        workers = [self.taught.workers[0], *self.taught.workers[2:]]
        await self.given.signed(self.lead, second, workers[:2], late=7)
        photo = {"file": ("photo.jpg", a_photo())}
        added = await self.lead.post(f"/sessions/{second.session_id}/photos", files=photo)
        assert added.status_code == 201, added.text

    async def it_is_closed_and_all_was_delivered(self) -> None:
        second = self.taught.sessions[1]
        await self.given.signed(self.lead, second, self.taught.workers[3:])
        await self.given.move_to(second.slot.ends_at)
        leaves = {
            "act_id": str(uuid4()), "worker_id": str(self.taught.workers[3]), "way": "roll_call",
            "at": (second.slot.ends_at - timedelta(hours=1)).isoformat(),
        }  # fmt: skip
        await done(self.lead, f"/sessions/{second.session_id}/sign-out", acts=[leaves])
        told = {"incidents": ["incident.power"], "materials": [{"material": "material.handout", "count": 3}]}
        gone = second.slot.ends_at.isoformat()
        await done(
            self.lead,
            f"/sessions/{second.session_id}/close",
            report_text="按计划完成",
            departed_at=gone,
            **told,
        )
        await done(self.jinniu, f"/sessions/{second.session_id}/confirm")

    async def a_session_is_missed_and_held_later_another_not_at_all(self) -> None:
        self.waiting = await self.given.an_order(heads=2, sessions=2)
        first, second = self.waiting.sessions
        await self.evaluation.fire_deadlines(first.slot.ends_at + GRACE + timedelta(seconds=1))
        later = a.a_slot(await self.given.today() + timedelta(days=300), "pm")
        await self.evaluation.deliver(moved(first, later), a.an_assignment(first, uuid4()), off(second))

    async def a_batch_is_planned_and_moved(self) -> None:
        self.batch = await self.given.a_batch(self.taught)
        day = await self.given.today() + timedelta(days=2)
        await done(self.union, f"/batches/{self.batch.batch_id}/move", day=day.isoformat(), band="am")
        self.day = day
        await self.send_assessors(*self.batch.assessors)

    async def one_of_its_assessors_falls_ill(self) -> None:
        order_id, batch_id = self.taught.order_id, self.batch.batch_id
        ill, fresh = a.an_assessor(order_id, batch_id, uuid4()), uuid4()
        substitute = AssignmentSubstituted(
            order_id=order_id, assignment_id=uuid4(), batch_id=batch_id, role=Role.ASSESSOR,
            college_id="smag", person_id=fresh, instead_of=ill.person_id,
        )  # fmt: skip
        gone = released(
            self.taught, assignment_id=ill.assignment_id, batch_id=batch_id, person_id=ill.person_id
        )
        await self.evaluation.deliver(ill, gone, substitute)

    async def marks_are_entered_once(self) -> None:
        await self.given.move_to(a.a_slot(self.day).starts_at)
        one = self.given.as_person("assessor", self.batch.assessors[0])
        marks = [{"evaluation_id": each, "mark": "77"} for each in self.batch.evaluations]
        await done(one, f"/batches/{self.batch.batch_id}/marks", part="theory", marks=marks)

    async def whoever_entered_them_is_barred(self) -> None:
        slot = a.a_slot(await self.given.today() + timedelta(days=200))
        self.more = a.a_scheduled(self.taught.order_id, self.taught.cohort, slot=slot)
        await self.evaluation.deliver(self.more, a.an_assignment(self.more, self.batch.assessors[0]))
        await self.send_assessors(uuid4())

    async def all_is_marked_and_posted(self) -> None:
        self.batch = replace(self.batch, assessors=self.batch.assessors[1:])
        await self.given.marked(self.batch, self.batch.evaluations[0])
        self.until = await self.given.posted(self.batch)

    async def an_objection_is_upheld(self) -> None:
        path = f"/evaluations/{self.batch.evaluations[0]}/objections"
        await done(self.jinniu, path, reason={"code": "objection.added_wrongly"}, text="加分有误")
        await done(self.union, f"{path}/settle", reason={"code": "objection.sheet_checked"}, upheld=True)

    async def another_is_not(self) -> None:
        again = replace(self.batch, evaluations=self.batch.evaluations[:1])
        await self.given.marked(again, again.evaluations[0])
        self.until = await self.given.posted(self.batch)
        path = f"/evaluations/{self.batch.evaluations[1]}/objections"
        await done(self.jinniu, path, reason={"code": "objection.added_wrongly"})
        await self.evaluation.fire_deadlines(a.at(self.until + timedelta(days=30), 8))
        await done(self.union, f"{path}/settle", reason={"code": "objection.sheet_checked"}, upheld=False)

    async def certificates_are_issued(self) -> None:
        await self.given.move_to(a.at(self.until + timedelta(days=31), 9))
        await done(self.union, f"/batches/{self.batch.batch_id}/certificates")

    async def one_of_them_is_revoked(self) -> None:
        path = f"/evaluations/{self.batch.evaluations[1]}/void"
        await done(self.union, path, reason={"code": "certificate.cheating"})

    async def a_claim_is_taken_back_and_another_paid_in_part(self) -> None:
        path = f"/orders/{self.taught.order_id}/claims"
        for _ in range(2):
            await done(self.jinniu, path, certificates=None)
            seen = (await self.jinniu.get(path)).json()["claims"]
            claim = next(each["claim_id"] for each in seen if each["state"] == "filed")
            if len(seen) == 1:
                await done(self.jinniu, f"/claims/{claim}/withdraw")
        body = {"paid_fen": 1, "reason": {"code": "claim.not_eligible"}}
        await done(self.union, f"/claims/{claim}/settle", **body)

    async def another_rests_holds_again_and_is_issued_anew(self) -> None:
        listed = (await self.union.get(f"/certificates?order_id={self.taught.order_id}")).json()
        one = next(each for each in listed if each["valid"])
        path = f"/certificates/{one['certificate_id']}"
        await done(self.union, f"{path}/suspend", reason={"code": "certificate.under_review"})
        await done(self.union, f"{path}/reinstate", reason={"code": "certificate.review_cleared"})
        await done(self.union, f"{path}/reissue", reason={"code": "certificate.name_misprinted"})

    async def a_second_attempt_is_cancelled(self) -> None:
        await self.evaluation.deliver(off(self.more))
        again = await self.given.a_batch(self.taught)
        await self.given.marked(again)
        await done(self.union, f"/batches/{again.batch_id}/cancel", reason={"code": "batch.paper_leaked"})

    async def an_order_is_amended_and_another_cancelled_with_its_batch(self) -> None:
        other = await self.given.an_order(heads=2, sessions=0)
        await self.given.a_batch(other, line=1)
        reason = because("order.production_peak")
        lines = (a.a_line(1, ServiceLine.THEORY_TRAINING, self.waiting.workers),)
        amended = OrderAmended(order_id=self.waiting.order_id, revision=1, lines=lines, amended_on=a.MONDAY)
        await self.evaluation.deliver(
            amended, OrderCancelled(order_id=other.order_id, reason=reason, cancelled_on=a.MONDAY)
        )

    async def a_class_that_signed_in_at_once_is_asked_about(self) -> None:
        played = await self.given.an_order(heads=16, sessions=1)
        await self.given.closed(played, played.sessions[0])
        await self.evaluation.work_off_jobs()
        (seen,) = (await self.union.get("/findings", params={"order_id": str(played.order_id)})).json()
        self.finding = f"/findings/{seen['finding_id']}"

    async def it_is_answered_and_closed_by_two_people(self) -> None:
        await done(
            self.union, f"{self.finding}/answer", asked="college", reason="finding.entry_wrong", text="补录"
        )
        other = self.given.as_person("union", uuid4())
        await done(other, f"{self.finding}/close", reason="finding.corrected")

    async def whoever_was_refused_is_admitted_on_evidence(self) -> None:
        workers = [*self.given.people(1), *self.given.people(1, years_in_trade=1, holds_level=None)]
        played = await self.given.an_order(sessions=0, workers=workers)
        batch = await self.given.a_batch(played, line=1)
        seen = (await self.union.get(f"/batches/{batch.batch_id}")).json()["candidates"]
        rooms = [{"name": "一号车间", "seats": 30}]
        people = [{"room": 1, "name": "王某"}, {"room": 1, "person_id": str(uuid4())}]
        await done(self.union, f"/batches/{batch.batch_id}/rooms", rooms=rooms, invigilators=people)
        refused = next(each["evaluation_id"] for each in seen if each["state"] == "refused")
        one, other = (self.given.as_person("assessor", each) for each in batch.assessors[:2])
        for part in ("theory", "practical"):
            marks = {"part": part, "marks": [{"evaluation_id": batch.evaluations[0], "mark": None}]}
            await done(one, f"/batches/{batch.batch_id}/marks", **marks)
            await done(other, f"/batches/{batch.batch_id}/marks/confirm", **marks)
        why = {"code": "excused.illness"}
        await done(self.union, f"/evaluations/{batch.evaluations[0]}/excuse", reason=why)
        told = {"kind": "diploma", "diploma": "vocational"}
        day = (await self.given.today()).isoformat()
        await done(self.union, f"/evaluations/{refused}/evidence", told=told, paper="original", seen_on=day)

    async def somebody_says_how_a_session_was_and_all_are_asked_later(self) -> None:
        session, key = self.taught.sessions[0], self.evaluation.transactions.known.code_key
        link = links.made(key, links.Link("session", session.session_id, self.taught.workers[0]))
        portal = portal_of(self.evaluation)
        scores = {"content": "5", "instructor": "4", "usefulness": "3"}
        await self.given.move_to(session.slot.ends_at)
        told = {"link": link, "answers": scores, "text": "很好"}
        assert (await portal.post("/answers", json=told)).status_code == 204
        await self.evaluation.deliver(
            OrderFulfilled(order_id=self.taught.order_id, fulfilled_on=await self.given.today())
        )

    async def a_month_later_one_is_answered_for_and_the_rest_reminded_of(self) -> None:
        await self.evaluation.fire_deadlines(a.at(await self.given.today() + timedelta(days=31), 9))
        path = f"/orders/{self.taught.order_id}/followups"
        people = (await self.jinniu.get(path)).json()["people"]
        answers = {
            "employed": "elsewhere", "post": "unknown", "pay": "unknown", "skill_use": "never", "problem": "none"
        }  # fmt: skip
        body = [{"worker_id": people[0]["worker_id"], "answers": answers}]
        await done(self.jinniu, f"{path}/1", people=body)
        await done(self.union, f"{path}/1/remind", enterprise_id="jinniu")

    async def send_assessors(self, *people) -> None:
        order_id, batch_id = self.taught.order_id, self.batch.batch_id
        await self.evaluation.deliver(*(a.an_assessor(order_id, batch_id, each) for each in people))


ACTS = (
    Story.a_session_is_disputed_and_set_right,
    Story.a_session_is_open,
    Story.it_is_closed_and_all_was_delivered,
    Story.somebody_says_how_a_session_was_and_all_are_asked_later,
    Story.a_session_is_missed_and_held_later_another_not_at_all,
    Story.a_batch_is_planned_and_moved,
    Story.one_of_its_assessors_falls_ill,
    Story.marks_are_entered_once,
    Story.whoever_entered_them_is_barred,
    Story.all_is_marked_and_posted,
    Story.an_objection_is_upheld,
    Story.another_is_not,
    Story.certificates_are_issued,
    Story.one_of_them_is_revoked,
    Story.a_claim_is_taken_back_and_another_paid_in_part,
    Story.another_rests_holds_again_and_is_issued_anew,
    Story.a_second_attempt_is_cancelled,
    Story.an_order_is_amended_and_another_cancelled_with_its_batch,
    Story.a_class_that_signed_in_at_once_is_asked_about,
    Story.it_is_answered_and_closed_by_two_people,
    Story.whoever_was_refused_is_admitted_on_evidence,
    Story.a_month_later_one_is_answered_for_and_the_rest_reminded_of,
)
BACKED_UP = (
    Story.a_session_is_open,
    Story.a_batch_is_planned_and_moved,
    Story.marks_are_entered_once,
    Story.an_objection_is_upheld,
    Story.certificates_are_issued,
)


async def test_whenever_the_last_backup_was_made_the_facts_since_bring_everything_back(
    house, given, evaluation, union, jinniu
):
    story = Story(given, evaluation, union, jinniu)
    for act in ACTS:
        await act(story)
        if act in BACKED_UP:
            await house.back_up()
    all_of_it = {fact.type for fact in all_facts() if fact.source == "evaluation"}
    assert {each.type for each in await house.topic.said()} == all_of_it
    assert await house.lost() == []


class TestTakenLate:
    """A fact of others stood on the topic before ours was said, and was taken after."""

    async def test_a_missed_session_that_was_moved_is_awaited_again(self, house, given, evaluation):
        played = await given.an_order(sessions=1)
        (session,) = played.sessions
        house.topic.late = await house.topic.here()
        await evaluation.fire_deadlines(session.slot.ends_at + GRACE)
        assert [type(each) for each in await evaluation.facts()] == [SessionMissed]
        later = a.a_slot(await given.today() + timedelta(days=7))
        await evaluation.deliver(moved(session, later))
        assert await house.lost() == []

    async def test_a_missed_session_that_was_cancelled_is_off(self, house, given, evaluation):
        played = await given.an_order(sessions=1)
        (session,) = played.sessions
        house.topic.late = await house.topic.here()
        await evaluation.fire_deadlines(session.slot.ends_at + GRACE)
        await evaluation.deliver(off(session))
        assert await house.lost() == []

    async def test_what_a_newer_scheme_promises_is_not_delivered_yet(self, house, given, evaluation, jinniu):
        played = await given.an_order(sessions=1)
        (session,) = played.sessions
        await given.closed(played, session)
        house.topic.late = await house.topic.here()
        await done(jinniu, f"/sessions/{session.session_id}/confirm")
        assert isinstance((await evaluation.facts())[-1], DeliveryCompleted)
        more = a.a_scheduled(played.order_id, played.cohort, slot=a.a_slot(session.slot.day, "eve"))
        await evaluation.deliver(a.a_scheme(played.order_id, [played.cohort], 1), more)
        assert await house.lost() == []


async def test_a_database_made_of_facts_gives_no_number_twice(house, given, evaluation):
    played = await given.an_order(heads=3, sessions=0)
    await given.certified(played, line=1)
    issued = await evaluation.facts(played.order_id, type="certificate.issued.v1")
    series, last = Series.of(issued[-1])
    assert len(issued) == last == 3
    async with house.again(house.new_database("again")) as service, service.transactions.begin() as tx:
        assert await store.draw(tx, series, 2) == last + 1
