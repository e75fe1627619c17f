"""Facts of one order from the first question to the last certificate, as the services would say them."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from contracts import evaluation as ev
from contracts import instructor_dispatch as dispatch
from contracts import order_intake as intake
from contracts import scheduling as sched
from contracts.base import Fact
from contracts.values import (
    Attendance,
    Cohort,
    Mode,
    Needs,
    OrderLine,
    PartMark,
    Role,
    Slot,
    Stage,
    Trainee,
    Way,
    because,
)

SPACE = UUID("0190a000-0000-7000-8000-000000000000")
START = datetime(2026, 5, 6, 1, tzinfo=UTC)
NUMBER = "S000035000000264000001"
MARKS = (
    PartMark(part="theory", mark="82.5", pass_mark="60"),
    PartMark(part="practical", mark="88", pass_mark="60"),
)


def id_of(name: str) -> UUID:
    return uuid5(SPACE, name)


@dataclass
class AnOrder:
    """Builders of the facts of one order, `key` telling it from others."""

    key: str = "one"
    number: str = "2026-0001"
    enterprise: str = "jinniu"
    name: str = "福建金牛水泥集团有限公司"
    special: bool = False
    heads: int = 3
    start: datetime = START
    college: str = "smtc"
    order_id: UUID = field(init=False)

    def __post_init__(self):
        self.order_id = id_of(self.key)

    def worker(self, n: int) -> UUID:
        return id_of(f"{self.key}/worker/{n}")

    def session(self, n: int = 1) -> UUID:
        return id_of(f"{self.key}/session/{n}")

    def assignment(self, n: int = 1) -> UUID:
        return id_of(f"{self.key}/assignment/{n}")

    @property
    def person(self) -> UUID:
        return id_of("person/1")

    @property
    def certificate(self) -> UUID:
        return id_of(f"{self.key}/certificate")

    def lines(self):
        trainees = tuple(Trainee(worker_id=self.worker(n), crew="A") for n in range(self.heads))
        return (
            OrderLine(
                line=1,
                service="theory_training",
                occupation="6-31-01-03",
                level="L4",
                trainees=trainees,
                earliest=date(2026, 5, 4),
                latest=date(2026, 6, 30),
            ),
        )

    def submitted(self) -> Fact:
        return intake.OrderSubmitted(
            order_id=self.order_id,
            number=self.number,
            enterprise_id=self.enterprise,
            enterprise_name=self.name,
            programme="send-teachers-home",
            division="350428",
            shift_pattern="4x3",
            shift_anchor=date(2026, 1, 5),
            special_session=self.special,
            lines=self.lines(),
            submitted_on=date(2026, 5, 6),
        )

    def accepted(self) -> Fact:
        return intake.OrderAccepted(
            order_id=self.order_id,
            number=self.number,
            enterprise_id=self.enterprise,
            enterprise_name=self.name,
            programme="send-teachers-home",
            division="350428",
            shift_pattern="4x3",
            shift_anchor=date(2026, 1, 5),
            special_session=self.special,
            union_id="smftu",
            lines=self.lines(),
            accepted_on=date(2026, 5, 6),
        )

    def returned(self) -> Fact:
        return intake.OrderReturned(order_id=self.order_id, reasons=(because("roster.trade_missing"),))

    def cancelled(self) -> Fact:
        return intake.OrderCancelled(
            order_id=self.order_id, reason=because("order.production_peak"), cancelled_on=date(2026, 5, 7)
        )

    def fulfilled(self) -> Fact:
        return intake.OrderFulfilled(order_id=self.order_id, fulfilled_on=date(2026, 6, 1))

    def drafted(self, version: int = 1, sessions: int = 1) -> Fact:
        return sched.SchemeDrafted(
            order_id=self.order_id,
            version=version,
            hash="9f" * 32,
            cohorts=1,
            sessions=sessions,
            unplaced=0,
            class_hours=4 * sessions,
            cost="4800.00",
            subsidy_expected="0.00",
            release_minutes=0,
            stages=(Stage.DELIVERY, Stage.EVALUATION),
        )

    def approved(self, version: int = 1) -> Fact:
        return sched.SchemeApproved(order_id=self.order_id, version=version, hash="9f" * 32)

    def confirmed(self, version: int = 1, sessions: int = 1) -> Fact:
        workers = tuple(self.worker(n) for n in range(self.heads))
        cohort = Cohort(
            cohort_id=id_of(f"{self.key}/cohort"), letter="A", line=1, crews=("A",), workers=workers
        )
        return sched.SchemeConfirmed(
            order_id=self.order_id,
            version=version,
            hash="9f" * 32,
            stages=(Stage.DELIVERY, Stage.EVALUATION),
            cohorts=(cohort,),
            sessions=sessions,
        )

    def slot(self, n: int = 1) -> Slot:
        starts = self.start + timedelta(days=n)
        return Slot(day=starts.date(), band="am", starts_at=starts, ends_at=starts + timedelta(minutes=195))

    def _placed(self, n: int):
        return {
            "order_id": self.order_id,
            "session_id": self.session(n),
            "cohort_id": id_of(f"{self.key}/cohort"),
            "line": 1,
            "occupation": "6-31-01-03",
            "level": "L4",
            "position": n,
            "unit": "el4-control",
            "mode": Mode.ONSITE,
            "class_hours": 4,
            "needs": Needs(occupation="6-31-01-03", level="L3"),
            "enterprise_id": self.enterprise,
            "division": "350428",
            "proposed": self.person,
        }

    def scheduled(self, n: int = 1) -> Fact:
        return sched.SessionScheduled(**self._placed(n), slot=self.slot(n))

    def moved(self, n: int = 1, days: int = 2) -> Fact:
        return sched.SessionMoved(
            **self._placed(n),
            slot=self.slot(n + days),
            was=self.slot(n),
            because=because("slot.nobody_can_come"),
            revision=2,
        )

    def session_cancelled(self, n: int = 1) -> Fact:
        return sched.SessionCancelled(
            order_id=self.order_id, session_id=self.session(n), reason=because("order.cancelled")
        )

    def offered(
        self, n: int = 1, college: str | None = None, by: datetime | None = None, person: UUID | None = None
    ) -> Fact:
        return dispatch.AssignmentOffered(
            order_id=self.order_id,
            assignment_id=self.assignment(n),
            session_id=self.session(n),
            college_id=college or self.college,
            person_id=person or self.person,
            slot=self.slot(n),
            answer_by=by or self.start + timedelta(hours=24),
        )

    def _answer(self, n: int, college: str | None = None, person: UUID | None = None):
        return {
            "order_id": self.order_id,
            "assignment_id": self.assignment(n),
            "session_id": self.session(n),
            "college_id": college or self.college,
            "person_id": person or self.person,
        }

    def offer_accepted(self, n: int = 1, college: str | None = None, person: UUID | None = None) -> Fact:
        return dispatch.AssignmentAccepted(**self._answer(n, college, person))

    def assistant_accepted(self, n: int = 1) -> Fact:
        other = {"assignment_id": self.assignment(97), "person_id": id_of("person/7"), "role": Role.ASSISTANT}
        return dispatch.AssignmentAccepted(**self._answer(n) | other)

    def offer_taken(self, n: int = 1, by: datetime | None = None) -> Fact:
        return dispatch.AssignmentTaken(**self._answer(n), name_by=by or self.start + timedelta(hours=48))

    def offer_unconfirmed(self, n: int = 1) -> Fact:
        return dispatch.AssignmentUnconfirmed(
            **self._answer(n), slot=self.scheduled(n).slot, drive_minutes=130, days=7
        )

    def offer_volunteered(self, n: int = 1) -> Fact:
        at = self.start + timedelta(hours=1)
        return dispatch.AssignmentVolunteered(**self._answer(n), answered_at=at, decides_at=at)

    def offer_declined(self, n: int = 1, college: str | None = None, person: UUID | None = None) -> Fact:
        return dispatch.AssignmentDeclined(
            **self._answer(n, college, person), reason=because("decline.own_lessons")
        )

    def unstaffable(self, n: int = 1) -> Fact:
        return dispatch.SessionUnstaffable(order_id=self.order_id, session_id=self.session(n))

    def staffed(self, sessions: int = 1) -> Fact:
        return dispatch.OrderStaffed(order_id=self.order_id, sessions=sessions)

    def opened(self, n: int = 1, person: UUID | None = None) -> Fact:
        return ev.SessionOpened(
            order_id=self.order_id,
            session_id=self.session(n),
            person_id=person or self.person,
            opened_at=self.slot(n).starts_at,
        )

    def missed(self, n: int = 1) -> Fact:
        slot = self.slot(n)
        return ev.SessionMissed(
            order_id=self.order_id,
            session_id=self.session(n),
            slot=slot,
            opening_until=slot.ends_at + timedelta(hours=48),
            person_id=self.person,
        )

    def closed(self, n: int = 1, *, there: int | None = None) -> Fact:
        present = self.heads if there is None else there
        attended = tuple(
            Attendance(
                worker_id=self.worker(i),
                minutes=180,
                way=Way.ROLL_CALL,
                act_id=id_of(f"{self.key}/act/{n}/{i}"),
            )
            for i in range(present)
        )
        return ev.SessionClosed(
            order_id=self.order_id,
            session_id=self.session(n),
            person_id=self.person,
            cohort_id=id_of(f"{self.key}/cohort"),
            class_hours=4,
            attended=attended,
            absent=self.heads - present,
            closed_at=self.slot(n).ends_at,
        )

    def corrected(self, worker: int, minutes: int, n: int = 1) -> Fact:
        return ev.AttendanceCorrected(
            order_id=self.order_id,
            session_id=self.session(n),
            worker_id=self.worker(worker),
            minutes=minutes,
            way=Way.ROLL_CALL,
            act_id=id_of(f"{self.key}/act/{n}/{worker}/again"),
            reason=because("attendance.mended"),
        )

    def session_confirmed(self, n: int = 1, *, by_union: bool = False, lapsed: bool = False) -> Fact:
        return ev.SessionConfirmed(
            order_id=self.order_id,
            session_id=self.session(n),
            person_times=self.heads,
            settled_by_union=by_union,
            lapsed=lapsed,
        )

    def delivered(self, sessions: int = 1) -> Fact:
        return ev.DeliveryCompleted(
            order_id=self.order_id,
            sessions=sessions,
            heads=self.heads,
            person_times=self.heads * sessions,
            class_hours=4 * sessions,
        )

    def unplaced(self, n: int = 1) -> Fact:
        return sched.SessionUnplaced(order_id=self.order_id, session_id=self.session(n), tried=())

    def batch(self, n: int = 1) -> UUID:
        return id_of(f"{self.key}/batch" if n == 1 else f"{self.key}/batch/{n}")

    def _batch_placed(self, n: int):
        return {
            "order_id": self.order_id,
            "batch_id": self.batch(n),
            "line": 1,
            "occupation": "6-31-01-03",
            "level": "L4",
            "enterprise_id": self.enterprise,
            "division": "350428",
            "candidates": 1,
            "parts": ("theory", "practical"),
            "assessors": 1,
            "needs": Needs(occupation="6-31-01-03", level="L3"),
            "barred": (),
        }

    def planned(self, n: int = 1) -> Fact:
        return ev.EvaluationPlanned(**self._batch_placed(n), slot=self.slot(20))

    def batch_moved(self, days: int = 3) -> Fact:
        return ev.BatchMoved(**self._batch_placed(1), slot=self.slot(20 + days), was=self.slot(20))

    def batch_cancelled(self) -> Fact:
        return ev.BatchCancelled(
            order_id=self.order_id, batch_id=self.batch(), line=1, reason=because("batch.too_few_assessors")
        )

    def batch_unstaffable(self) -> Fact:
        return dispatch.BatchUnstaffable(order_id=self.order_id, batch_id=self.batch(), missing=1)

    def assessor_called(self) -> Fact:
        """An open call: nobody is named."""
        return self.assessor_offered().model_copy(
            update={"person_id": None, "assignment_id": self.assignment(98), "step": 5}
        )

    def assessor_declined(self) -> Fact:
        return dispatch.AssignmentDeclined(
            order_id=self.order_id,
            assignment_id=self.assignment(98),
            batch_id=self.batch(),
            role=Role.ASSESSOR,
            college_id=self.college,
            person_id=None,
            reason=because("decline.own_lessons"),
        )

    def session_called(self, n: int = 1) -> Fact:
        """An open call: nobody is named."""
        return self.offered(n).model_copy(update={"person_id": None, "step": 5})

    def upheld(self) -> Fact:
        return ev.ObjectionSettled(**self._candidate(), upheld=True, reason=because("objection.checked"))

    def objected(self) -> Fact:
        return ev.ObjectionRaised(**self._candidate(), reason=because("objection.added_wrongly"))

    def assessor_offered(self) -> Fact:
        return dispatch.AssignmentOffered(
            order_id=self.order_id,
            assignment_id=self.assignment(99),
            batch_id=id_of(f"{self.key}/batch"),
            role=Role.ASSESSOR,
            college_id=self.college,
            person_id=id_of("person/2"),
            slot=self.slot(20),
            answer_by=self.start + timedelta(days=12),
        )

    def assessor_accepted(self) -> Fact:
        return dispatch.AssignmentAccepted(
            order_id=self.order_id,
            assignment_id=self.assignment(99),
            batch_id=id_of(f"{self.key}/batch"),
            role=Role.ASSESSOR,
            college_id=self.college,
            person_id=id_of("person/2"),
        )

    def _candidate(self):
        return {
            "order_id": self.order_id,
            "batch_id": id_of(f"{self.key}/batch"),
            "evaluation_id": id_of(f"{self.key}/evaluation"),
            "worker_id": self.worker(0),
            "occupation": "6-31-01-03",
            "level": "L4",
        }

    def admitted(self) -> Fact:
        return ev.CandidateAdmitted(**self._candidate(), attendance_minutes=180, required_minutes=144)

    def assessed(self, *, passed: bool = True) -> Fact:
        return ev.CandidateAssessed(**self._candidate(), parts=MARKS, passed=passed)

    def posted(self) -> Fact:
        return ev.ResultsPosted(
            order_id=self.order_id,
            batch_id=id_of(f"{self.key}/batch"),
            candidates=1,
            passed=1,
            posted_on=date(2026, 5, 27),
            objections_until=date(2026, 6, 3),
        )

    def issued(self, number: str = NUMBER) -> Fact:
        return ev.CertificateIssued(
            order_id=self.order_id,
            certificate_id=self.certificate,
            evaluation_id=id_of(f"{self.key}/evaluation"),
            worker_id=self.worker(0),
            kind="skill_level",
            number=number,
            demo=True,
            check="7k2m9qxa",
            occupation="6-31-01-03",
            level="L4",
            parts=MARKS,
            issuer="三明技师学院",
            issued_on=date(2026, 6, 4),
        )

    def revoked(self, number: str = NUMBER) -> Fact:
        return ev.CertificateRevoked(
            order_id=self.order_id,
            certificate_id=self.certificate,
            number=number,
            reason=because("certificate.issued_in_error"),
            revoked_on=date(2026, 6, 5),
        )

    def reissued(self, number: str, *, on: date) -> tuple[Fact, ...]:
        """Another certificate in the place of the one that was issued."""
        new, why = id_of(f"{self.key}/{number}"), because("certificate.name_misprinted")
        told = {"order_id": self.order_id, "certificate_id": self.certificate, "number": NUMBER}
        changes = {"certificate_id": new, "replaces": self.certificate, "issued_on": on}
        return (
            self.issued(number).model_copy(update=changes),
            ev.CertificateRevoked(**told, reason=why, revoked_on=on),
            ev.CertificateReissued(**told, replaced_by=new, new_number=number, reason=why, reissued_on=on),
        )

    def evaluation_completed(self) -> Fact:
        return ev.EvaluationCompleted(
            order_id=self.order_id,
            batch_id=id_of(f"{self.key}/batch"),
            line=1,
            candidates=1,
            passed=1,
            certificates=1,
        )

    def whole(self) -> list[Fact]:
        """From the order to the certificate, nothing going wrong."""
        return [
            self.submitted(),
            self.accepted(),
            self.drafted(),
            self.approved(),
            self.confirmed(),
            self.scheduled(),
            self.offered(),
            self.offer_accepted(),
            self.staffed(),
            self.opened(),
            self.closed(),
            self.session_confirmed(),
            self.delivered(),
            self.planned(),
            self.assessor_offered(),
            self.assessor_accepted(),
            self.admitted(),
            self.assessed(),
            self.posted(),
            self.issued(),
            self.evaluation_completed(),
            self.fulfilled(),
        ]


def enterprise(
    id_: str = "jinniu", name: str = "福建金牛水泥集团有限公司", name_en: str = "Fujian Jinniu Cement Group"
) -> Fact:
    return intake.EnterpriseRegistered(
        enterprise_id=id_,
        credit_code="91350428MAXXX00156",
        name=name,
        name_en=name_en,
        division="350428",
        industry="cement",
        shift_pattern="4x3",
        shift_anchor=date(2026, 1, 5),
    )


def college(
    id_: str = "smtc", name: str = "三明技师学院", name_en: str = "Sanming Technician College"
) -> Fact:
    return dispatch.CollegeJoined(
        college_id=id_, name=name, name_en=name_en, division="350404", kind="technician"
    )


def instructor(n: int = 1, college: str = "smtc") -> Fact:
    return dispatch.InstructorListed(
        person_id=id_of(f"person/{n}"), college_id=college, home="350404", qualifications=()
    )


def survey() -> list[Fact]:
    id_ = id_of("survey/1")
    return [
        intake.SurveyOpened(
            survey_id=id_,
            programme="send-teachers-home",
            round=1,
            channel="visit",
            opened_on=date(2026, 3, 2),
        ),
        intake.SurveyAnswered(
            survey_id=id_, enterprise_id="jinniu", person_times=70, answered_on=date(2026, 3, 3)
        ),
        intake.SurveyAnswered(
            survey_id=id_, enterprise_id="jxlt", person_times=50, answered_on=date(2026, 3, 3)
        ),
    ]
