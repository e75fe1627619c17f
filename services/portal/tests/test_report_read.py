"""What the report takes for planned, driven and paid, from facts that came the real way."""

import re
from datetime import date

import pytest
from browsing import PASSWORD, log_in
from story_of_an_order import AnOrder, college, enterprise, id_of, instructor

from contracts.instructor_dispatch import AssignmentReleased
from contracts.values import Mode, because
from portal.accounts import commands
from portal.desks.report.period import Period
from portal.desks.report.read import counted
from portal.scope import Scope


@pytest.fixture(scope="module")
async def one(portal):
    """Of six sessions one is firm, one let go, one missed, one without a time, one held online, one at the works."""
    one = AnOrder("read")
    facts = [
        enterprise(),
        college(),
        instructor(),
        one.submitted(),
        one.accepted(),
        one.confirmed(sessions=6),
    ]
    for n in range(1, 7):
        placed = one.scheduled(n)
        mode = Mode.ONLINE if n == 5 else Mode.ONSITE
        facts += [placed.model_copy(update={"mode": mode}), one.offered(n), one.offer_accepted(n)]
    facts += [released(one, 2), one.missed(3), one.unplaced(4)]
    facts += [one.opened(5), one.closed(5), one.opened(6), one.closed(6)]
    second = one.issued("S000035000000264000009").model_copy(
        update={"certificate_id": id_of("read/second"), "kind": "enterprise"}
    )
    await portal.deliver(*facts, one.issued(), second)
    return one


def released(one, n):
    told = one.offer_accepted(n).model_dump(exclude={"reasons"})
    return AssignmentReleased(**told, was_firm=True, reason=because("decline.own_lessons"))


async def test_what_is_to_come_has_a_time_and_a_college_only_while_somebody_is_firm(portal, one):
    async with portal.transactions.begin() as tx:
        found = await counted(tx, Scope(everything=True), Period())
    assert {each.session_id: each.college for each in found.planned} == {
        one.session(1): "smtc", one.session(2): None,
    }  # fmt: skip


async def test_whoever_gets_two_certificates_of_one_evaluation_is_paid_for_once(portal, one):
    async with portal.transactions.begin() as tx:
        found = await counted(tx, Scope(everything=True), Period())
    assert len(found.certified) == 2
    assert sorted(each.allowance > 0 for each in found.certified) == [False, True]


async def test_nobody_drives_to_a_session_online(portal, one):
    async with portal.transactions.begin() as tx:
        await commands.make_account(tx, "union", PASSWORD, roles={"union"}, organisation="smftu", name="王")
    client = await log_in(portal, "union")
    page = (await client.get("/report", params={"lang": "en"})).text
    assert "→ Jiangle County: 1 session" in page
    assert re.search(r'data-town="350428" aria-label="Jiangle County: 1 session held at works', page)
    asked = {"by": "county", "of": "350428"}
    for what, sessions in (("onsite", 1), ("sessions", 2)):
        rows = await client.get("/report/rows", params=asked | {"what": what})
        assert rows.text.count("data-step") == sessions, what


async def test_a_period_that_cannot_be_gives_no_file(portal, one):
    client = await log_in(portal, "union")
    for name in ("list", "rows"):
        for first, last, code in (
            ("2027-05-02", "2027-05-01", "period_order"),
            ("2027-02-30", "", "period_day"),
        ):
            told = await client.get(f"/report/{name}.xlsx", params={"first": first, "last": last})
            assert (told.status_code, told.json()["code"]) == (422, f"report.{code}"), name


async def test_a_certificate_in_the_place_of_another_counts_with_it_in_the_month_of_the_first(portal, one):
    number = "S000035000000264000777"
    async with portal.transactions.begin() as tx:
        before = await counted(tx, Scope(everything=True), Period())
    await portal.deliver(*one.reissued(number, on=date(2026, 7, 2)))
    async with portal.transactions.begin() as tx:
        june = await counted(tx, Scope(everything=True), Period(date(2026, 6, 1), date(2026, 6, 30)))
        july = await counted(tx, Scope(everything=True), Period(date(2026, 7, 1), date(2026, 7, 31)))
    assert july.certified == ()
    assert len(june.certified) == len(before.certified)
    (now,) = [each for each in june.certified if each.number == number]
    assert (now.issued_on, now.revoked) == (date(2026, 6, 4), False)
    assert (
        sum(each.allowance for each in june.certified) == sum(each.allowance for each in before.certified) > 0
    )


async def test_a_figure_opens_down_to_single_sign_ins(portal, one):
    client = await log_in(portal, "union")
    rows = (await client.get("/report/rows", params={"what": "heads", "lang": "en"})).text
    worker = re.search(r'href="(/report/rows\?what=sessions&amp;worker=[0-9a-f-]+)"', rows)[1].replace(
        "&amp;", "&"
    )
    sessions = (await client.get(worker)).text
    (session,) = set(re.findall(r'href="(/report/sessions/[0-9a-f-]+)"', sessions)) & {
        f"/report/sessions/{one.session(6)}"
    }
    page = (await client.get(session, params={"lang": "en"})).text
    asked = await client.get("/report/rows", params={"what": "sessions"})
    assert page.count("data-act") > 0
    assert session in asked.text
    nowhere = await client.get(f"/report/sessions/{one.session(1)}")
    assert nowhere.status_code == 404, "it was not held"
