"""What waits for a signature has a time: a reminder before it is over, an escalation after, neither once signed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.programme_rules import SigningTime
from contracts.scheduling import SchemeEscalated, SchemeReminded
from contracts.values import Signer
from scheduling.schemes import deadlines
from scheduling.schemes.world import book_of
from staffing.moments import day_of

from ..builders import PROGRAMMES, WHY, a_line, cancelled

BOOK = book_of(PROGRAMMES)
TIME = SigningTime(union_working_days=3, enterprise_working_days=3, remind_working_days=1)


def local(day: date) -> datetime:
    """The instant at which it begins."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.rules
class TestTime:
    def test_the_last_of_three_working_days_counts_whole(self):
        monday = date(2026, 8, 31)
        over = deadlines.end_of_time(monday, Signer.UNION, TIME, BOOK)
        assert over == local(date(2026, 9, 4))
        assert deadlines.reminder(over, TIME, BOOK) == local(date(2026, 9, 2))

    def test_a_public_holiday_is_no_working_day(self):
        over = deadlines.end_of_time(date(2026, 9, 29), Signer.ENTERPRISE, TIME, BOOK)
        assert over == local(date(2026, 10, 10))
        assert deadlines.reminder(over, TIME, BOOK) == local(date(2026, 10, 8))

    @drawn(
        begins=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
        days=st.integers(1, 10),
        remind=st.integers(0, 9),
    )
    def test_the_reminder_comes_after_the_question_and_before_the_end(self, begins, days, remind):
        if remind >= days:
            with pytest.raises(ValidationError):
                SigningTime(union_working_days=days, remind_working_days=remind)
            return
        time = SigningTime(union_working_days=days, enterprise_working_days=days, remind_working_days=remind)
        over = deadlines.end_of_time(begins, Signer.UNION, time, BOOK)
        reminded = deadlines.reminder(over, time, BOOK)
        assert local(begins) < reminded < over
        assert BOOK.calendar.is_working(day_of(BOOK.clock.minute(reminded)))


def of_type(facts, type_):
    return [fact for fact in facts if isinstance(fact, type_)]


class TestOverTime:
    async def fire_until(self, scheduling, order, given, *, late: bool) -> datetime:
        """To within the last day of whoever's turn it is, or past it; when it was over."""
        over = datetime.fromisoformat((await given.scheme(order))["sign_by"])
        await scheduling.fire_deadlines(over + timedelta(hours=1 if late else -1))
        return over

    async def test_the_union_is_reminded_once_and_then_somebody_above_hears_of_it(self, scheduling, given):
        order = await given.a_draft(a_line(earliest=date(2026, 10, 12)))
        over = await self.fire_until(scheduling, order, given, late=False)
        (reminded,) = of_type(await scheduling.facts(order.order_id), SchemeReminded)
        assert (reminded.signer, reminded.to, reminded.version) == (Signer.UNION, "smftu", 1)
        assert (await given.scheme(order))["reminded"]
        await self.fire_until(scheduling, order, given, late=True)
        (escalated,) = of_type(await scheduling.facts(order.order_id), SchemeEscalated)
        assert (escalated.signer, escalated.to, escalated.sign_by) == (Signer.UNION, "smftu", over)
        told = (await scheduling.envelopes(order.order_id))[-2:]
        drafted = (await scheduling.envelopes(order.order_id))[0]
        assert [each.causationid for each in told] == [drafted.id] * 2
        scheme = await given.scheme(order)
        assert (scheme["state"], scheme["escalated"]) == ("drafted", True)

    async def test_the_enterprise_has_its_own_time_from_the_approval_on(self, scheduling, given):
        order = await given.a_draft(a_line(earliest=date(2026, 10, 12)))
        first = (await given.scheme(order))["sign_by"]
        await self.fire_until(scheduling, order, given, late=False)
        await given.sign(order, confirm=False)
        scheme = await given.scheme(order)
        assert scheme["sign_by"] > first
        assert not scheme["reminded"]
        await self.fire_until(scheduling, order, given, late=True)
        said = await scheduling.facts(order.order_id)
        assert [(fact.signer, fact.to) for fact in of_type(said, SchemeReminded)] == [
            (Signer.UNION, "smftu"),
            (Signer.ENTERPRISE, "bgzb"),
        ]
        assert [(fact.signer, fact.to) for fact in of_type(said, SchemeEscalated)] == [
            (Signer.ENTERPRISE, "smftu")
        ]

    async def test_who_revises_their_own_draft_has_no_more_time_by_that(self, scheduling, given, union):
        order = await given.a_draft(a_line(earliest=date(2026, 10, 12)))
        before = await given.scheme(order)
        await scheduling.fire_deadlines(await scheduling.now() + timedelta(days=1, hours=2))
        first = before["sessions"][0]
        answer = await union.post(
            f"/orders/{order.order_id}/scheme/sessions/{first['session_id']}/move",
            json={"day": first["day"], "band": "pm"},
        )
        assert answer.status_code == 204, answer.text
        after = await given.scheme(order)
        assert (after["version"], after["sign_by"]) == (2, before["sign_by"])

    async def test_nobody_hears_of_what_is_signed_in_time_given_back_or_withdrawn(
        self, scheduling, given, union
    ):
        signed, returned, gone = [await given.a_draft(a_line(earliest=date(2026, 10, 12))) for _ in range(3)]
        await given.sign(signed)
        path = f"/orders/{returned.order_id}/scheme/decline"
        assert (await union.post(path, json={"version": 1, "reason": WHY})).status_code == 204
        await scheduling.deliver(cancelled(gone))
        await scheduling.fire_deadlines(await scheduling.now() + timedelta(days=21))
        for order in (signed, returned, gone):
            said = await scheduling.facts(order.order_id)
            assert of_type(said, SchemeReminded) + of_type(said, SchemeEscalated) == []
            assert (await given.scheme(order))["sign_by"] is None
