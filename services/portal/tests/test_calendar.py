"""The personal calendar: rules of its entries, and what two other programs read behind the link."""

import re
from datetime import timedelta
from uuid import UUID, uuid5

import icalendar
import pytest
import vobject
from browsing import KEY, PASSWORD, log_in
from hypothesis import given
from hypothesis import strategies as st
from story_of_an_order import START, AnOrder, college, enterprise, id_of, instructor

from contracts.instructor_dispatch import AssignmentSubstituted
from portal.accounts import commands, people
from portal.calendars.entries import Entry, changes
from portal.calendars.written import uid_of
from portal.web.limit import Limit
from servicekit.clock import move_clock

ORDER = AnOrder("calendar", "2026-0606", "jinniu", "某水泥厂", heads=3)
LEAD, ANOTHER, ASSESSOR = ORDER.person, id_of("person/3"), id_of("person/2")
LINK = re.compile(r'id="link" value="http://[^/]+(/calendar/[^"]+\.ics)"')


def entry(n, *, hours=0, title="控制电路"):
    at = START + timedelta(days=n, hours=hours)
    return Entry(uuid5(UUID(int=0), str(n)), at, at + timedelta(hours=3), title, "某厂", "", "http://here")


class TestRules:
    pytestmark = pytest.mark.rules

    def test_new_moved_gone_and_back(self):
        kept = changes({}, [entry(1)], START)
        (about,) = kept
        assert (kept[about].sequence, kept[about].cancelled) == (0, False)
        assert changes(kept, [entry(1)], START) == {}
        kept |= changes(kept, [entry(1, hours=5)], START)
        assert (kept[about].sequence, kept[about].entry) == (1, entry(1, hours=5))
        kept |= changes(kept, [], START)
        assert (kept[about].sequence, kept[about].cancelled) == (2, True)
        assert changes(kept, [], START) == {}
        kept |= changes(kept, [entry(1, hours=5)], START)
        assert (kept[about].sequence, kept[about].cancelled) == (3, False)

    plans = st.lists(
        st.dictionaries(st.integers(0, 4), st.tuples(st.integers(0, 3), st.sampled_from("甲乙"))), max_size=8
    )

    @given(plans)
    def test_whoever_looks_after_every_change_sees_it_with_a_higher_number_and_nothing_vanishes(self, plans):
        kept = {}
        for plan in plans:
            before = dict(kept)
            due = [entry(n, hours=hours, title=title) for n, (hours, title) in plan.items()]
            kept |= changes(kept, due, START)
            for about, one in before.items():
                same = (one.entry, one.cancelled) == (kept[about].entry, kept[about].cancelled)
                assert kept[about].sequence == one.sequence + (not same)
            assert {about for about, one in kept.items() if not one.cancelled} == {each.about for each in due}


@pytest.fixture(scope="module")
async def there(portal):
    async with portal.transactions.begin() as tx:
        await move_clock(tx, START)
    await portal.deliver(
        enterprise("jinniu", "某水泥厂", "A Cement Works"), enterprise("bgzb"), college(), instructor(1),
        instructor(2), instructor(3),
        ORDER.submitted(), ORDER.accepted(), ORDER.drafted(1, 2), ORDER.approved(), ORDER.confirmed(sessions=2),
        ORDER.scheduled(1), ORDER.scheduled(2), ORDER.offered(1), ORDER.offered(2),
        ORDER.offer_accepted(1), ORDER.offer_accepted(2),
        ORDER.planned(), ORDER.assessor_offered(), ORDER.assessor_accepted(),
    )  # fmt: skip
    logins = {
        "lead": ({"instructor"}, "smtc", LEAD), "another": ({"instructor"}, "smtc", ANOTHER),
        "assessor": ({"assessor"}, "smtc", ASSESSOR), "works": ({"enterprise"}, "jinniu", None),
        "others": ({"enterprise"}, "bgzb", None), "union": ({"union"}, "smftu", None),
    }  # fmt: skip
    async with portal.transactions.begin() as tx:
        for login, (roles, organisation, person) in logins.items():
            await commands.make_account(
                tx, login, PASSWORD, roles=roles, organisation=organisation, person=person, name="某人"
            )
    return portal


async def link_of(portal, login):
    """The link, made on my account as a browser does it."""
    client = await log_in(portal, login)
    page = (await client.get("/account")).text
    form = page.partition('action="/account/calendar')[2]
    answer = await client.post("/account/calendar", data={"key": KEY.search(form).group(1)})
    assert answer.status_code == 200, answer.text
    return LINK.search(answer.text).group(1)


async def read(portal, link):
    """The entries by UID, as two programs read them: they must agree."""
    answer = await portal.client().get(link)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events = {str(each["UID"]): each for each in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")}
    told = vobject.readOne(answer.text)
    assert told.method.value == "PUBLISH"
    others = {each.uid.value: each for each in told.contents.get("vevent", [])}
    assert events.keys() == others.keys()
    for uid, one in events.items():
        other = others[uid]
        assert other.dtstart.value == one["DTSTART"].dt
        assert other.dtend.value == one["DTEND"].dt
        assert int(other.sequence.value) == one["SEQUENCE"]
        assert other.status.value == one["STATUS"]
        assert other.location.value == one["LOCATION"]
        assert one["DTSTART"].dt.tzinfo is not None
    return events


async def test_moved_and_given_away_sessions_are_told_anew_with_a_higher_sequence(there):
    link = await link_of(there, "lead")
    first, second = (uid_of(ORDER.session(n), LEAD) for n in (1, 2))
    events = await read(there, link)
    assert events.keys() == {first, second}
    assert {str(each["STATUS"]) for each in events.values()} == {"CONFIRMED"}
    assert events[first]["DTSTART"].dt == ORDER.slot(1).starts_at
    assert "某水泥厂" in events[first]["LOCATION"]
    assert "2026-0606" in events[first]["DESCRIPTION"]

    await there.deliver(ORDER.moved(1, days=5))
    moved = (await read(there, link))[first]
    assert (moved["SEQUENCE"], moved["DTSTART"].dt) == (
        events[first]["SEQUENCE"] + 1,
        ORDER.slot(6).starts_at,
    )

    instead = {"person_id": ANOTHER, "instead_of": LEAD}
    told = AssignmentSubstituted(
        **ORDER.offer_accepted(2).model_dump(exclude={"reasons", "person_id"}), **instead
    )
    await there.deliver(told)
    after = await read(there, link)
    assert (str(after[second]["STATUS"]), after[second]["SEQUENCE"]) == ("CANCELLED", 1)
    taken = await read(there, await link_of(there, "another"))
    assert taken.keys() == {uid_of(ORDER.session(2), ANOTHER)} != {second}


async def test_a_works_sees_its_sessions_and_those_cancelled_stay_cancelled(there):
    link = await link_of(there, "works")
    before = await read(there, link)
    assert len(before) == 2
    await there.deliver(ORDER.session_cancelled(2))
    after = await read(there, link)
    assert after.keys() == before.keys()
    gone = [each for each in after.values() if str(each["STATUS"]) == "CANCELLED"]
    assert [int(each["SEQUENCE"]) for each in gone] == [1]
    assert await read(there, await link_of(there, "others")) == {}
    body = (await there.client().get(link)).text
    assert not [worker for n in range(3) if str(worker := ORDER.worker(n)) in body]


async def test_an_assessor_sees_the_batch_where_it_is_now(there):
    link = await link_of(there, "assessor")
    (one,) = (await read(there, link)).values()
    assert one["DTSTART"].dt == ORDER.slot(20).starts_at
    await there.deliver(ORDER.batch_moved())
    (one,) = (await read(there, link)).values()
    assert (one["DTSTART"].dt, one["SEQUENCE"]) == (ORDER.slot(23).starts_at, 1)


async def test_the_link_is_the_only_key_and_ends_when_renewed_or_stopped(there):
    link = await link_of(there, "lead")
    client = there.client()
    answer = await client.get(link)
    tag = answer.headers["etag"]
    again = await client.get(link, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    async with there.transactions.begin() as tx:
        kept = await tx.driver.fetch("select secret::text from calendar_feed")
    assert not [row for row in kept if link.removeprefix("/calendar/").removesuffix(".ics") in row["secret"]]

    renewed = await link_of(there, "lead")
    assert (await client.get(link)).status_code == 404
    assert (await client.get(renewed)).headers["etag"] == tag, "the same calendar by another link"
    told = {uid: one["SEQUENCE"] for uid, one in (await read(there, renewed)).items()}
    at_desk = await log_in(there, "lead")
    form = (await at_desk.get("/account")).text.partition('action="/account/calendar/end"')[2]
    assert (
        await at_desk.post("/account/calendar/end", data={"key": KEY.search(form).group(1)})
    ).status_code == 303
    assert (await client.get(renewed)).status_code == 404
    assert (await client.get("/calendar/nothing.ics")).status_code == 404
    anew = await read(there, await link_of(there, "lead"))
    assert {uid: one["SEQUENCE"] for uid, one in anew.items()} == told, "programs take none for older"
    assert max(told.values()) > 0
    no = await (await log_in(there, "union")).get("/account")
    assert "/account/calendar" not in no.text


async def test_whoever_was_removed_or_asks_too_often_gets_nothing(there):
    link = await link_of(there, "others")
    client, state = there.client(), there.service.app.state
    before, state.calendars = state.calendars, Limit(1)
    assert [(await client.get(link)).status_code for _ in range(2)] == [200, 429]
    state.calendars = before
    async with there.transactions.begin() as tx:
        union = await people.found(tx, "admin")
        gone = await people.found(tx, "others")
        await people.remove(tx, union, gone.id)
    assert (await client.get(link)).status_code == 404
