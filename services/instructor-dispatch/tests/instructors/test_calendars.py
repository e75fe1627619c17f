"""Calendars: a week's pattern and iCalendar files as times, nothing else; replaced whole, previewed, or refused."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as cases
from hypothesis import settings
from hypothesis import strategies as st

from contracts.refusals import Invalid
from instructor_dispatch.instructors.calendars import MOST_EVENTS, read
from instructor_dispatch.instructors.weekly import Busy, Pattern, Range, Weeks, busy_by, merged
from servicekit.testing import cause

NOW = datetime(2026, 9, 1, tzinfo=UTC)
HERE = ZoneInfo("Asia/Shanghai")


def calendar(*events: str) -> str:
    told = "\r\n".join(f"BEGIN:VEVENT\r\nUID:{n}\r\n{event}\r\nEND:VEVENT" for n, event in enumerate(events))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{told}\r\nEND:VCALENDAR\r\n"


def times(text: str) -> list[tuple[str, str]]:
    """Local beginnings and ends, in order."""
    return [
        (f"{each.starts_at.astimezone(HERE):%m-%d %H:%M}", f"{each.ends_at.astimezone(HERE):%m-%d %H:%M}")
        for each in sorted(read(text, now=NOW, zone=HERE).busy, key=lambda busy: busy.starts_at)
    ]


@pytest.mark.rules
class TestWhatIsRead:
    @pytest.mark.parametrize(
        ("event", "found"),
        [
            ("DTSTART:20260907T010000Z\nDTEND:20260907T023000Z", [("09-07 09:00", "09-07 10:30")]),
            ("DTSTART:20260907T090000\nDURATION:PT1H30M", [("09-07 09:00", "09-07 10:30")]),
            ("DTSTART;TZID=Asia/Tokyo:20260907T100000\nDURATION:PT1H", [("09-07 09:00", "09-07 10:00")]),
            ("DTSTART;VALUE=DATE:20261001\nDTEND;VALUE=DATE:20261008", [("10-01 00:00", "10-08 00:00")]),
            ("DTSTART;VALUE=DATE:20261001", [("10-01 00:00", "10-02 00:00")]),
            ("DTSTART:20260907T010000Z", []),
            ("DTSTART:20200907T010000Z\nDURATION:PT1H", []),
            (
                "DTSTART:20260907T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:20260914T090000",
                [("09-07 09:00", "09-07 10:00"), ("09-21 09:00", "09-21 10:00")],
            ),
            (
                "DTSTART:20260907T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20260909",
                [("09-07 09:00", "09-07 10:00"), ("09-09 09:00", "09-09 10:00")],
            ),
            (
                "DTSTART:20260907T090000\nDURATION:PT1H\nRDATE:20260910T090000",
                [("09-07 09:00", "09-07 10:00"), ("09-10 09:00", "09-10 10:00")],
            ),
            (
                "DTSTART;VALUE=DATE:20260907\nRRULE:FREQ=DAILY;COUNT=2\nEXDATE;VALUE=DATE:20260908",
                [("09-07 00:00", "09-08 00:00")],
            ),
            ("DTSTART:20260907T010000Z\nDURATION:PT1H\nTRANSP:TRANSPARENT", []),
            ("DTSTART:20260907T010000Z\nDURATION:PT1H\nSTATUS:CANCELLED", []),
        ],
    )
    def test_events(self, event, found):
        assert times(calendar(event)) == found

    def test_nine_stays_nine_where_clocks_change(self):
        event = "DTSTART;TZID=Europe/Berlin:20261023T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2"
        assert [starts for starts, _ in times(calendar(event))] == ["10-23 15:00", "10-30 16:00"]

    def test_one_of_many_is_moved_or_cancelled_by_an_event_of_its_own(self):
        event = "UID:lesson\nDTSTART:20260907T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3"
        moved = "UID:lesson\nRECURRENCE-ID:20260914T090000\nDTSTART:20260915T140000\nDURATION:PT1H"
        off = "UID:lesson\nRECURRENCE-ID:20260921T090000\nDTSTART:20260921T090000\nDURATION:PT1H\nSTATUS:CANCELLED"
        text = "\n".join(f"BEGIN:VEVENT\n{each}\nEND:VEVENT" for each in (event, moved, off))
        found = times(f"BEGIN:VCALENDAR\n{text}\nEND:VCALENDAR")
        assert [starts for starts, _ in found] == ["09-07 09:00", "09-15 14:00"]

    def test_free_and_busy(self):
        text = (
            "BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nFREEBUSY:20260907T010000Z/PT1H,20260908T010000Z/20260908T020000Z\n"
            "FREEBUSY;FBTYPE=FREE:20260909T010000Z/PT1H\nEND:VFREEBUSY\nEND:VCALENDAR"
        )
        assert [starts for starts, _ in times(text)] == ["09-07 09:00", "09-08 09:00"]

    def test_what_is_passed_over_is_told_with_its_line(self):
        text = calendar(
            "DTSTART:20260907T010000Z\nDURATION:PT1H", "DTSTART:20260907T010000Z\nTRANSP:TRANSPARENT"
        )
        (passed,) = read(text, now=NOW, zone=HERE).passed_over
        assert (passed.line, passed.reason.code) == (9, "calendar.transparent")

    @pytest.mark.parametrize(
        ("text", "code", "line"),
        [
            ("", "calendar.broken", 1),
            ("hello", "calendar.broken", 1),
            ("BEGIN:VCALENDAR\nno content", "calendar.broken", 2),
            ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR", "calendar.broken", 3),
            (calendar("SUMMARY:without a time"), "calendar.broken", 4),
            (calendar("DTSTART:2026"), "calendar.broken", 4),
            (calendar("DTSTART:20260907T010000Z\nDTEND:20260907T000000Z"), "calendar.broken", 4),
            (calendar("DTSTART:20260907T010000Z\nRRULE:FREQ=SECONDLY"), "calendar.rule_not_read", 4),
            (calendar("DTSTART:20260907T010000Z\nRRULE:FREQ=DAILY;INTERVAL=0"), "calendar.rule_not_read", 4),
            (calendar("DTSTART:19000101T010000Z\nRRULE:FREQ=DAILY"), "calendar.began_too_early", 4),
            (calendar(*["DTSTART:20260907T010000Z"] * (MOST_EVENTS + 1)), "calendar.too_many_events", 2004),
        ],
    )
    def test_bad_files_are_refused_with_the_line(self, text, code, line):
        with pytest.raises(Invalid) as refused:
            read(text, now=NOW, zone=HERE)
        assert (refused.value.code, refused.value.parameters["line"]) == (code, line)

    def test_a_rule_that_never_comes_true_ends(self):
        event = "DTSTART:20260907T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
        assert len(times(calendar(event))) == 1


@pytest.mark.rules
@cases(
    st.lists(st.tuples(st.integers(0, 90), st.integers(1, 20), st.sampled_from([None, "350404", "350405"])))
)
@settings(max_examples=200, deadline=None)
def test_merged_times_are_the_same_instants_each_once(told):
    busy = [
        Busy(NOW + timedelta(hours=start), NOW + timedelta(hours=start + length), place)
        for start, length, place in told
    ]
    hours = {hour for start, length, _ in told for hour in range(start, start + length)}
    found = merged(busy)
    again = [NOW + timedelta(hours=hour) for hour in sorted(hours)]
    assert [hour for each in found for hour in again if each.starts_at <= hour < each.ends_at] == again
    assert all(a.ends_at <= b.starts_at for a, b in pairwise(found))


@pytest.mark.rules
def test_a_terms_pattern_by_odd_and_even_weeks_without_holidays(book):
    pattern = Pattern(
        date(2026, 9, 21), date(2026, 10, 9),
        (Range(5, time(8), time(9, 35)), Range(1, time(14), time(15), Weeks.EVEN, "350404")),
        frozenset({date(2026, 10, 9)}),
    )  # fmt: skip
    found = [
        (f"{each.starts_at.astimezone(HERE):%m-%d %H:%M}", each.division) for each in busy_by(pattern, book)
    ]
    # 25 September and 2 October are public holidays, 9 October is left out
    assert found == [("09-28 14:00", "350404")]
    with pytest.raises(Invalid, match=r"calendar\.ends_before_it_begins"):
        busy_by(Pattern(date(2026, 9, 2), date(2026, 9, 1), ()), book)


class TestTelling:
    def weekly(self, given, day=0, division="350404", **more):
        first = given.monday
        told = {"weekday": day + 1, "starts": "14:00", "ends": "16:00", "division": division} | more
        return {"weekly": {"first": str(first), "last": str(first + timedelta(days=13)), "ranges": [told]}}

    async def tell(self, client, person, told, name="lessons", preview=False):
        url = f"/instructors/{person}/calendars/{name}"
        answer = await (client.post(f"{url}/preview", json=told) if preview else client.put(url, json=told))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def test_the_preview_changes_nothing_and_names_the_promises_that_then_go_to_others(
        self, dispatch, given
    ):
        await given.college()
        person, other = await given.person(), await given.person()
        session = given.session(day=0, proposed=person)
        await given.confirmed(session)
        offer = await given.offer(session)
        await given.accept(offer)
        office = given.office("smtc")
        seen = await self.tell(office, person, self.weekly(given), preview=True)
        assert (len(seen["taken"]), seen["collides"]) == (2, [offer["assignment_id"]])
        assert await given.reserved(person) == [("session", "firm")]
        done = await self.tell(office, person, self.weekly(given))
        assert done == seen
        assert await given.reserved(person) == [("lesson", "firm"), ("lesson", "firm")]
        assert UUID((await given.offer(session))["person_id"]) == other

    async def test_a_job_on_an_all_day_entry_is_refused_with_the_reason(self, dispatch, given):
        """From midnight to midnight here, which is no day in UTC; the evening before and the day after are free."""
        await given.college()
        person = await given.person()
        day = given.monday + timedelta(days=1)
        await self.tell(given.union, person, {"ics": calendar(f"DTSTART;VALUE=DATE:{day:%Y%m%d}")}, "phone")
        sessions = [
            given.session(day=0, band="eve"),
            given.session(day=1, band="am"),
            given.session(day=2, band="am"),
        ]
        for each in sessions:
            await given.confirmed(each)
        offers = [bool(await given.open_offers(each.session_id)) for each in sessions]
        assert offers == [True, False, True]
        (said,) = await dispatch.facts(sessions[1].order_id)
        assert [each.code for each in said.tried][:1] == ["absence.overlaps"]

    async def test_told_anew_it_replaces_itself_and_nothing_else(self, dispatch, given):
        await given.college()
        person = await given.person()
        office = given.office("smtc")
        leave = {"starts_at": f"{given.monday + timedelta(days=3)}T00:00:00Z",
                 "ends_at": f"{given.monday + timedelta(days=4)}T00:00:00Z", "reason": "leave"}  # fmt: skip
        await office.post(f"/instructors/{person}/absences", json=leave)
        await self.tell(office, person, self.weekly(given))
        day = f"{given.monday + timedelta(days=1):%Y%m%d}"
        ics = calendar(f"DTSTART:{day}T060000Z\nDURATION:PT2H\nSUMMARY:看牙医\nLOCATION:医院")
        await self.tell(office, person, {"ics": ics}, "phone")
        seen = await self.tell(office, person, self.weekly(given, day=1, division=None))
        assert (len(seen["taken"]), len(seen["given_back"])) == (2, 2)
        (told,) = (await office.get("/instructors")).json()
        assert sorted((each["reason"], each["calendar"]) for each in told["away"]) == [
            ("calendar", "phone"), ("leave", None), ("own_lessons", "lessons"), ("own_lessons", "lessons"),
        ]  # fmt: skip
        assert [kind for kind, _ in await given.reserved(person)] == ["absence"] * 3
        for envelope in await dispatch.envelopes(person):
            assert "牙" not in envelope.to_bytes().decode()
        nothing = self.weekly(given)
        nothing["weekly"]["ranges"] = []
        assert len((await self.tell(office, person, nothing))["given_back"]) == 2

    async def test_what_facts_bring_back_is_what_there_was(self, dispatch, given):
        await given.college()
        person = await given.person()
        for day in (0, 2):
            await self.tell(given.union, person, self.weekly(given, day=day))
        facts = await dispatch.facts(person)
        rows = "select during, kind, division from reservation order by during"
        async with dispatch.transactions.begin() as tx:
            before = [tuple(row) for row in await tx.driver.fetch(rows)]
            await tx.driver.execute("truncate person, reservation")
        for fact in facts:
            async with dispatch.transactions.begin() as tx:
                await dispatch.service.evolution.fold(tx, fact, cause())
        async with dispatch.transactions.begin() as tx:
            assert [tuple(row) for row in await tx.driver.fetch(rows)] == before
        assert len(before) == 2

    @pytest.mark.parametrize(
        ("told", "code"),
        [
            ({"ics": "hello"}, "calendar.broken"),
            ({}, "request.invalid"),
            ({"ics": "x", "weekly": None, "more": 1}, "request.invalid"),
        ],
    )
    async def test_what_cannot_be_meant_is_refused_and_nothing_is_kept(self, dispatch, given, told, code):
        await given.college()
        person = await given.person()
        await dispatch.forget()
        answer = await given.union.put(f"/instructors/{person}/calendars/phone", json=told)
        assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
        assert await dispatch.facts() == []

    async def test_nobody_tells_another_colleges(self, given):
        await given.college()
        person = await given.person()
        answer = await given.office("smu").put(
            f"/instructors/{person}/calendars/lessons", json=self.weekly(given)
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "person.unknown")
