"""What each fact that instructor-dispatch says does to its tables, when the tables have lost it."""

from contracts.instructor_dispatch import (
    AgreementEnded,
    AgreementSigned,
    AssignmentAccepted,
    AssignmentAgreed,
    AssignmentDeclined,
    AssignmentLapsed,
    AssignmentOffered,
    AssignmentReleased,
    AssignmentReminded,
    AssignmentSubstituted,
    AssignmentTaken,
    AssignmentUnconfirmed,
    AssignmentVolunteered,
    BatchUnstaffable,
    CollegeChanged,
    CollegeJoined,
    InstructorAvailable,
    InstructorChanged,
    InstructorListed,
    InstructorRetired,
    InstructorTimetabled,
    InstructorUnavailable,
    OrderStaffed,
    QualificationExpired,
    QualificationExpiring,
    SessionUnassisted,
    SessionUnstaffable,
)
from contracts.overrides import OverrideGranted, OverrideWithdrawn
from instructor_dispatch.colleges import evolve as colleges
from instructor_dispatch.instructors import evolve as instructors
from instructor_dispatch.offers import evolve as offers
from instructor_dispatch.overrides import evolve as overrides
from servicekit.evolution import Evolution

evolution = Evolution("instructor-dispatch")

evolution.on(CollegeJoined, CollegeChanged, AgreementSigned, AgreementEnded)(colleges.changed)

evolution.on(InstructorListed)(instructors.listed)
evolution.on(InstructorChanged, InstructorRetired)(instructors.changed)
evolution.on(QualificationExpiring, QualificationExpired)(instructors.ends)
evolution.on(InstructorUnavailable)(offers.unavailable)
evolution.on(InstructorTimetabled)(offers.timetabled)
evolution.on(InstructorAvailable)(instructors.available)

evolution.on(AssignmentOffered)(offers.offered)
evolution.on(AssignmentAccepted, AssignmentSubstituted)(offers.sent)
evolution.on(AssignmentTaken)(offers.taken)
evolution.on(AssignmentReminded)(offers.reminded)
evolution.on(AssignmentUnconfirmed)(offers.unconfirmed)
evolution.on(AssignmentVolunteered)(offers.volunteered)
evolution.on(AssignmentAgreed)(offers.agreed)
evolution.on(AssignmentDeclined, AssignmentLapsed)(offers.refused)
evolution.on(AssignmentReleased)(offers.released)
evolution.on(SessionUnstaffable, SessionUnassisted, BatchUnstaffable)(offers.unstaffable)
evolution.on(OrderStaffed)(offers.all_staffed)

evolution.on(OverrideGranted)(overrides.granted)
evolution.on(OverrideWithdrawn)(overrides.withdrawn)

evolution.cannot_bring_back(
    "override.note", because="the coordinator's own words are in no fact: rule, reason, person and time stay"
)
evolution.cannot_bring_back("due.words.end", because="where there are no words there is no end of them")
evolution.cannot_bring_back("words_of_no", because="a college's own words are in no fact: its reason stays")
evolution.cannot_bring_back(
    "person.name", because="names are in no fact: whoever was listed since shows as a number until renamed"
)
evolution.cannot_bring_back(
    "due.duty.again",
    because="what nobody can come to is not looked at again for who became free then, but at the next such moment",
)
evolution.cannot_bring_back("reservation.reservation_id", because="drawn anew; nothing refers to it")
