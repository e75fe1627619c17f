"""What scheduling hears of others: each fact is delivered twice and counts once."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from contracts.instructor_dispatch import (
    AgreementEnded,
    AssignmentOffered,
    AssignmentReleased,
    AssignmentTaken,
    InstructorAvailable,
    InstructorRetired,
    InstructorUnavailable,
)
from contracts.scheduling import SchemeFact, SessionFact
from contracts.values import Qualification, Role, Slot, because
from scheduling.schemes import rules as schemes
from scheduling.schemes import store
from scheduling.schemes.rules import Scheme
from scheduling.sessions import commands as sessions
from scheduling.sessions import rules as timetable
from servicekit.facts import read_story

from .builders import (
    COLLEGE,
    START,
    a_line,
    accepted_by,
    amended,
    an_agreement,
    an_instructor,
    away,
    cancelled,
    declined_by,
    offered,
    opened,
    released,
    unstaffable,
)

TURNER, CNC, FITTER = "6-18-01-01", "6-18-01-07", "6-31-01-02"


class TestWhoComes:
    async def test_the_timetable_shows_who_is_firm(self, scheduling, given):
        order, (session, *_) = await given.in_force()
        offer, somebody = uuid4(), uuid4()
        await scheduling.deliver(
            offered(session, session.proposed, offer),
            declined_by(session, session.proposed, offer),
            offered(session, somebody, offer),
            accepted_by(session, somebody, offer),
        )
        row = (await given.sessions(order))[str(session.session_id)]
        assert (row["person_id"], row["standing"]) == (str(somebody), "firm")
        await scheduling.deliver(released(session, somebody, offer))
        assert (await given.sessions(order))[str(session.session_id)]["person_id"] is None

    async def test_an_assistant_is_not_the_lead(self, scheduling, given):
        order, (session, *_) = await given.in_force()
        assistant = accepted_by(session, uuid4(), uuid4()).model_copy(update={"role": Role.ASSISTANT})
        await scheduling.deliver(assistant)
        row = (await given.sessions(order))[str(session.session_id)]
        assert row["person_id"] == str(session.proposed)

    async def test_an_opened_session_is_held(self, scheduling, given):
        order, (session, *_) = await given.in_force()
        await scheduling.deliver(opened(session))
        assert (await given.sessions(order))[str(session.session_id)]["state"] == "held"


class TestSupply:
    """One teacher for one trade: what is heard of this person decides every draft."""

    async def test_absence_its_end_retirement_and_the_end_of_an_agreement_are_heeded(self, scheduling, given):
        only = an_instructor(qualifications=(Qualification(occupation=TURNER, level="L1"),))
        await scheduling.deliver(only)
        line = a_line(
            occupation=TURNER, units=("lt5-basics",), bands=("pm",), earliest=date(2026, 9, 7),
            latest=date(2026, 9, 20), release_cap_minutes=2000,
        )  # fmt: skip
        order = await given.a_draft(line)
        assert {s["person_id"] for s in (await given.scheme(order))["sessions"]} == {str(only.person_id)}

        ill = away(datetime(2026, 9, 6, tzinfo=UTC), datetime(2026, 9, 13, tzinfo=UTC))
        await scheduling.deliver(
            InstructorUnavailable(**(only.model_dump() | {"away": (ill,)})), cancelled(order)
        )
        order = await given.a_draft(line)
        assert min(s["day"] for s in (await given.scheme(order))["sessions"]) >= "2026-09-13"

        back = InstructorAvailable(**only.model_dump(), starts_at=ill.starts_at, ends_at=ill.ends_at)
        await scheduling.deliver(back, cancelled(order))
        order = await given.a_draft(line)
        assert min(s["day"] for s in (await given.scheme(order))["sessions"]) < "2026-09-13"

        await scheduling.deliver(InstructorRetired(**only.model_dump()), cancelled(order))
        order = await given.a_draft(line)
        assert (await given.scheme(order))["unplaced"] == 3

    @pytest.mark.parametrize(("role", "of"), [("assessor", "batch_id"), ("assistant", "session_id")])
    async def test_who_assesses_or_assists_is_not_free_to_teach_then(self, scheduling, given, role, of):
        only = an_instructor(qualifications=(Qualification(occupation=CNC, level="L1"),))
        await scheduling.deliver(only)
        line = a_line(
            occupation=CNC, units=("cnc5-safety",), bands=("pm",), earliest=date(2026, 9, 7),
            latest=date(2026, 9, 9),
        )  # fmt: skip
        order = await given.a_draft(line)
        (session,) = (await given.scheme(order))["sessions"]
        batch = {
            "order_id": order.order_id, "assignment_id": uuid4(), of: uuid4(), "role": role,
            "college_id": COLLEGE, "person_id": only.person_id,
        }  # fmt: skip
        asked = AssignmentOffered(**batch, slot=_slot(session["day"]), answer_by=START)
        await scheduling.deliver(asked, AssignmentTaken(**batch, name_by=START))
        other = await given.a_draft(line)
        assert session["day"] not in {s["day"] for s in (await given.scheme(other))["sessions"]}
        await scheduling.deliver(
            AssignmentReleased(**batch, was_firm=True, reason=because("batch.moved")), cancelled(order)
        )
        third = await given.a_draft(line)
        assert session["day"] in {s["day"] for s in (await given.scheme(third))["sessions"]}

    async def test_nobody_is_proposed_after_the_end_of_the_agreement(self, scheduling, given):
        somebody = an_instructor(
            college_id="fjwp", qualifications=(Qualification(occupation=FITTER, level="L1"),)
        )
        await scheduling.deliver(an_agreement(college_id="fjwp"), somebody)
        line = a_line(
            occupation=FITTER, units=("mf5-basics",), bands=("pm",), latest=date(2026, 9, 27),
            release_cap_minutes=2000,
        )  # fmt: skip
        order = await given.a_draft(line)
        assert (await given.scheme(order))["unplaced"] == 0
        await scheduling.deliver(AgreementEnded(college_id="fjwp", ended_on=date(2026, 9, 1)))
        other = await given.a_draft(line)
        scheme = await given.scheme(other)
        assert scheme["unplaced"] == len(scheme["sessions"])


class TestRebuild:
    async def test_the_state_is_what_the_facts_say(self, scheduling, given, union):
        """Drafts' content and what others say (who comes) apart."""
        order, (first, second, *_) = await given.in_force(a_line(bands=()))
        await scheduling.forget()
        other, _ = await given.in_force()
        await scheduling.deliver(opened(first), unstaffable(second, [second.proposed]))
        await scheduling.work_off_jobs()
        await scheduling.deliver(amended(order, a_line(people=3)), cancelled(other))
        await scheduling.work_off_jobs()
        for each in (order, other):
            async with scheduling.transactions.begin() as tx:
                said = [r.envelope.fact() for r in await read_story(tx, each.order_id)]
                kept = await store.read(tx, each.order_id)
                rows = {row.told.session_id: row for row in await sessions.of_order(tx, each.order_id)}
            scheme = Scheme(each.order_id)
            made = {}
            for fact in said:
                if isinstance(fact, SchemeFact):
                    scheme = schemes.evolve(scheme, fact)
                elif isinstance(fact, SessionFact) and fact.session_id not in made:
                    made[fact.session_id] = timetable.scheduled(fact, version=1)
                else:
                    made[fact.session_id] = timetable.evolve(made[fact.session_id], fact)
            assert scheme == kept.scheme
            assert made.keys() == rows.keys()
            for id_, row in rows.items():
                assert row.told == made[id_].told
                if row.state is not timetable.State.HELD:
                    assert row.state is made[id_].state


def _slot(day: str):
    on = date.fromisoformat(day)
    return Slot(
        day=on,
        band="pm",
        starts_at=datetime(on.year, on.month, on.day, 6, 30, tzinfo=UTC),
        ends_at=datetime(on.year, on.month, on.day, 9, 45, tzinfo=UTC),
    )
