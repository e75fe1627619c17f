"""Notices by mail: when they leave, what a mail says, what the union may do before; a real mail server takes them."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes, policy
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from browsing import KEY, PASSWORD, log_in
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from story_of_an_order import START, AnOrder, college, enterprise, instructor

from portal.accounts import commands
from portal.notices import addresses
from portal.notices.leaving import SEND
from portal.notices.rules import leaves_at
from portal.settings import Settings
from servicekit.clock import move_clock
from servicekit.local.ports import free_ports
from servicekit.timers import ask_for

ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = time(21), time(7, 30)


class TestRules:
    pytestmark = pytest.mark.rules

    @pytest.mark.parametrize(
        ("due", "leaves"),
        [("05-06T20:59", "05-06T20:59"), ("05-06T21:00", "05-07T07:30"), ("05-07T03:00", "05-07T07:30"),
         ("05-07T07:30", "05-07T07:30")],
    )  # fmt: skip
    def test_none_leaves_at_night(self, due, leaves):
        due, leaves = (datetime.fromisoformat(f"2026-{each}:00+08:00") for each in (due, leaves))
        assert leaves_at(due, *NIGHT, ZONE) == leaves

    @given(st.integers(0, 525_600), st.times(), st.times())
    def test_it_leaves_within_a_day_outside_of_quiet_hours_and_never_early(self, minutes, starts, ends):
        due = START + timedelta(minutes=minutes)
        leaves = leaves_at(due, starts, ends, ZONE)
        assert timedelta() <= leaves - due <= timedelta(days=1)
        assert leaves_at(leaves, starts, ends, ZONE) == leaves

    @pytest.mark.parametrize("wrong", ["mail.example.org", "http://mail.example.org", "smtp://"])
    def test_a_wrong_server_is_refused_at_the_start(self, wrong):
        with pytest.raises(ValidationError, match="smtps://host"):
            Settings(smtp=wrong)


class Postbox:
    """A mail server: what it took, and how it answers to some."""

    def __init__(self):
        self.taken = []
        self.busy = False

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        if self.busy:
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


@pytest.fixture(scope="module")
def server():
    (port,) = free_ports(1)
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.port = port
    yield box
    controller.stop()


@pytest.fixture(scope="module")
def more_settings(server):
    return {
        "smtp": f"smtp://127.0.0.1:{server.port}", "mail_from": "songjiao@example.org",
        "public_url": "http://portal.example.org",
    }  # fmt: skip


@pytest.fixture(scope="module")
async def there(portal):
    async with portal.transactions.begin() as tx:
        await move_clock(tx, START)
        for login, role, organisation in (
            ("works", "enterprise", "jinniu"), ("others", "enterprise", "bgzb"), ("union", "union", "smftu"),
        ):  # fmt: skip
            await commands.make_account(
                tx, login, PASSWORD, roles={role}, organisation=organisation, name="林海"
            )
    await portal.deliver(enterprise("jinniu", "某水泥厂"), enterprise("bgzb"), college(), instructor(1))
    return portal


@pytest.fixture
def box(server):
    server.taken.clear()
    server.busy = False
    return server


async def wishes(portal, login, **told):
    """What somebody chooses on my account; the answer."""
    client = await log_in(portal, login)
    page = (await client.get("/account")).text
    kinds = re.findall(r'name="kinds" value="([a-z_]+)"', page)
    key = KEY.search(page.partition('action="/account/mail"')[2]).group(1)
    answer = await client.post("/account/mail", data={"key": key, "kinds": kinds} | told)
    found = await waiting(portal, login)
    if answer.status_code == 303 and found:
        assert (await portal.client().post(f"/mail/{found.token}")).status_code == 200
    await portal.work_off_jobs()  # letters about the address
    return answer


async def waiting(portal, login):
    """The address of somebody that is not confirmed yet."""
    async with portal.transactions.begin() as tx:
        account = await tx.driver.fetchval("select id from account where username = $1", login)
        return await addresses.waiting(tx, account)


async def pass_time(portal, **by):
    """Mails that are due leave."""
    until = await portal.now() + timedelta(**by)
    await portal.fire_deadlines(until)
    await portal.work_off_jobs()


async def approved(portal, key, number, enterprise_id="jinniu"):
    """A scheme waits for the enterprise."""
    order = AnOrder(key, number, enterprise_id, "某厂")
    at = await portal.now()
    await portal.deliver(order.submitted(), order.accepted(), order.drafted(), order.approved(), at=at)
    return order


async def morning(portal):
    """Half past nine of the next day."""
    now = (await portal.now()).astimezone(ZONE)
    at = datetime.combine(now.date() + timedelta(days=1), time(9, 30), ZONE)
    async with portal.transactions.begin() as tx:
        await move_clock(tx, at.astimezone(UTC))


async def states(portal):
    async with portal.transactions.begin() as tx:
        return [row["state"] for row in await tx.driver.fetch("select state from mail order by made_at, id")]


async def test_what_was_not_read_in_time_leaves_as_one_mail_once(there, box):
    assert (await wishes(there, "works", address="lin")).status_code == 422
    assert (await wishes(there, "works", address="lin@example.org")).status_code == 303
    order = await approved(there, "one", "2026-0901")
    another = AnOrder("two", "2026-0902", "jinniu", "某厂")
    await there.deliver(another.submitted(), another.returned(), at=await there.now())
    await pass_time(there, minutes=4)
    assert box.taken == [], "there is time to read it on the page"
    await pass_time(there, minutes=2)
    (mail,) = box.taken
    assert (mail["To"], mail["From"]) == ("lin@example.org", "songjiao@example.org")
    assert mail["Message-ID"].endswith("@example.org>")
    text = mail.get_content()
    assert "2 " in mail["Subject"]
    for part in (
        "林海",
        "2026-0901",
        "2026-0902",
        f"http://portal.example.org/orders/{order.order_id}/confirm",
    ):
        assert part in text, part
    assert "notice." not in text
    await pass_time(there, minutes=30)
    async with there.transactions.begin() as tx:
        id_ = await tx.driver.fetchval("select id from mail")
        await ask_for(tx, SEND, key=id_, subject=id_)  # as after a restart that did not know
    await there.work_off_jobs()
    assert len(box.taken) == 1
    async with there.transactions.begin() as tx:
        await tx.driver.execute("update mail set state = 'leaving'")  # killed before it was noted
        await ask_for(tx, SEND, key=id_, subject=id_)
    await there.work_off_jobs()
    assert {each["Message-ID"] for each in box.taken} == {mail["Message-ID"]}, "twice, and told as the same"


async def test_at_night_it_waits_for_the_morning_and_what_is_over_by_then_never_leaves(there, box):
    evening = (await there.now()).astimezone(ZONE).replace(hour=21, minute=15)
    async with there.transactions.begin() as tx:
        await move_clock(tx, evening.astimezone(UTC))
    await approved(there, "three", "2026-0903")
    over = await approved(there, "four", "2026-0904")
    page = await (await log_in(there, "union")).get("/notices/leaving", params={"lang": "en"})
    assert set(re.findall(r"leaves [^<]*?(\d\d:\d\d)<", page.text)) == {"07:30"}
    await pass_time(there, hours=3)
    assert box.taken == []
    await there.deliver(over.confirmed(), at=await there.now())
    await pass_time(there, hours=6, minutes=50)
    assert box.taken == []
    await pass_time(there, minutes=30)
    (mail,) = box.taken
    assert "2026-0903" in mail.get_content()
    assert "2026-0904" not in mail.get_content()


async def test_the_union_holds_it_back_lets_it_go_and_cancels_it(there, box):
    await morning(there)
    union = await log_in(there, "union")
    assert (await (await log_in(there, "works")).get("/notices/leaving")).status_code == 403

    async def does(act, order):
        page = (await union.get("/notices/leaving", params={"lang": "en"})).text
        row = next(part for part in page.split('<li class="no-one">') if order.number in part)
        fields = dict(
            re.findall(r'name="(account|kind|order|key)" value="([^"]*)"', row.partition("</form>")[0])
        )
        return await union.post("/notices/leaving", data=fields | {"act": act})

    held, cancelled = await approved(there, "five", "2026-0905"), await approved(there, "six", "2026-0906")
    assert (await does("hold", held)).status_code == 303
    assert (await does("cancel", cancelled)).status_code == 303
    await pass_time(there, hours=1)
    assert box.taken == []
    page = (await union.get("/notices/leaving", params={"lang": "en"})).text
    assert "held back" in page
    assert "2026-0906" not in page
    assert "林海" in page
    assert "lin@example.org" not in page
    assert (await does("let_go", held)).status_code == 303
    await pass_time(there, minutes=1)
    assert ["2026-0905" in each.get_content() for each in box.taken] == [True]
    soon = await approved(there, "seven", "2026-0907")
    assert (await does("now", soon)).status_code == 303
    await pass_time(there, seconds=1)
    assert len(box.taken) == 2
    key = KEY.search((await union.get("/notices/leaving")).text).group(1)
    async with there.transactions.begin() as tx:
        account = await tx.driver.fetchval("select id from account where username = 'works'")
    gone = {"key": key, "account": str(account), "kind": "scheme_to_confirm", "order": str(soon.order_id)}
    assert (await union.post("/notices/leaving", data=gone | {"act": "hold"})).status_code == 409


async def test_a_server_that_says_never_ends_it_and_one_that_is_busy_is_asked_again(there, box):
    await morning(there)
    assert (await wishes(there, "others", address="nobody@example.org")).status_code == 303
    await approved(there, "eight", "2026-0908", "bgzb")
    await pass_time(there, minutes=11)
    assert (box.taken, (await states(there))[-1]) == ([], "refused")
    await wishes(there, "others", address="somebody@example.org", quiet_starts="12:00", quiet_ends="12:00")
    box.busy = True
    await approved(there, "nine", "2026-0909", "bgzb")
    await there.fire_deadlines(await there.now() + timedelta(minutes=11))
    assert await there.service.runner.do_one()
    assert (box.taken, (await states(there))[-1]) == ([], "leaving")
    box.busy = False
    async with there.transactions.begin() as tx:
        error = await tx.driver.fetchval(
            "update due set again_at = null where kind = $1 returning error", SEND
        )
    assert "451" in error
    await there.service.runner.do_one()
    assert [each["To"] for each in box.taken] == ["somebody@example.org"]
    assert (await states(there))[-1] == "sent"


async def test_without_a_server_or_a_wish_none_leaves(there, box, monkeypatch):
    await morning(there)
    known = there.transactions.known
    monkeypatch.setattr(there.transactions, "known", replace(known, mailing=None))
    await approved(there, "ten", "2026-0910", "bgzb")
    await pass_time(there, minutes=11)
    assert (box.taken, (await states(there))[-1]) == ([], "no_server")
    monkeypatch.undo()
    await approved(there, "eleven", "2026-0911", "bgzb")
    assert (await wishes(there, "others", address="")).status_code == 303
    assert (
        await wishes(there, "works", address="lin@example.org", kinds=["order_returned"])
    ).status_code == 303
    await approved(there, "twelve", "2026-0912")
    before = await states(there)
    await pass_time(there, hours=2)
    assert (box.taken, await states(there)) == ([], before)


LINK = re.compile(r"http://portal\.example\.org(/mail/[0-9a-f]{64})")


async def account_form(client, act, **told):
    """A form of mail on my account."""
    page = (await client.get("/account", params={"lang": "en"})).text
    key = KEY.search(page.partition(f'action="{act}"')[2]).group(1)
    return await client.post(act, data={"key": key} | told)


async def link_in(portal, box):
    """The newest link that was mailed, and where to."""
    await portal.work_off_jobs()
    mail = box.taken[-1]
    return LINK.search(mail.get_content()).group(1), mail["To"]


async def test_an_address_is_written_to_once_its_link_was_opened_and_the_one_before_is_told(there, box):
    await morning(there)
    client, anybody = await log_in(there, "union"), there.client()
    kinds = ["order_waits"]
    assert (
        await account_form(client, "/account/mail", address="chief@example.org", kinds=kinds)
    ).status_code == 303
    link, to = await link_in(there, box)
    assert to == "chief@example.org"
    page = (await client.get("/account", params={"lang": "en"})).text
    assert "Waiting for confirmation: chief@example.org" in page
    first = AnOrder("thirteen", "2026-0913", "jinniu", "某厂")
    await there.deliver(first.submitted(), at=await there.now())
    await pass_time(there, minutes=45)
    assert [mail["To"] for mail in box.taken] == ["chief@example.org"], "nothing but the link"
    shown = await anybody.get(link, params={"lang": "en"})
    assert ("chief@example.org" in shown.text, "set-cookie" in shown.headers) == (True, False)
    assert await waiting(there, "union"), "a program that looks through mails has confirmed nothing"
    other = link[:-1] + ("0" if link[-1] != "0" else "1")
    assert (await anybody.get(other, headers={"accept": "text/html"})).status_code == 404
    assert (await anybody.post(link)).status_code == 200
    again = [await ask(link, params={"lang": "en"}) for ask in (anybody.get, anybody.post)]
    assert ["confirmed already" in each.text for each in again] == [True, True], (
        "loaded anew, or pressed twice"
    )
    assert "Mail goes to chief@example.org" in (await client.get("/account", params={"lang": "en"})).text
    async with there.transactions.begin() as tx:
        ended = "update address_letter set until = {} where id = $1"
        await tx.driver.execute(ended.format("now() - interval '1 second'"), id_in(link))
    assert (await anybody.get(link)).status_code == 404, (
        "it tells whose address that is no longer than it was good"
    )
    async with there.transactions.begin() as tx:
        await tx.driver.execute(ended.format("now() + interval '1 hour'"), id_in(link))

    before = link
    assert (
        await account_form(client, "/account/mail", address="new@example.org", kinds=kinds)
    ).status_code == 303
    link, _ = await link_in(there, box)
    second = AnOrder("fourteen", "2026-0914", "jinniu", "某厂")
    await there.deliver(second.submitted(), at=await there.now())
    await pass_time(there, minutes=45)
    assert box.taken[-1]["To"] == "chief@example.org", "until the new one is confirmed"
    assert "2026-0914" in box.taken[-1].get_content()
    assert (await anybody.post(link)).status_code == 200
    assert (await anybody.get(before)).status_code == 404, "mail goes there no longer"
    await there.work_off_jobs()
    told = box.taken[-1]
    assert (told["To"], "/account" in told.get_content()) == ("chief@example.org", True)
    assert "new@example.org" not in told.get_content()
    await wishes(there, "union", address="")


async def test_without_a_server_an_address_waits_and_can_be_dropped(there, box, monkeypatch):
    clerk = await log_in(there, "others")
    known = there.transactions.known
    monkeypatch.setattr(there.transactions, "known", replace(known, mailing=None))
    assert (await account_form(clerk, "/account/mail", address="early@example.org")).status_code == 303
    await there.work_off_jobs()
    page = (await clerk.get("/account", params={"lang": "en"})).text
    assert "early@example.org is not confirmed, as no link can be sent now" in page
    assert 'action="/account/mail/again"' not in page
    monkeypatch.undo()
    page = (await clerk.get("/account", params={"lang": "en"})).text
    assert "no mail server was set then. Send it again" in page
    assert 'action="/account/mail/again"' in page
    monkeypatch.setattr(there.transactions, "known", replace(known, mailing=None))
    assert (await account_form(clerk, "/account/mail/drop")).status_code == 303
    assert await waiting(there, "others") is None


async def test_a_link_that_is_pressed_twice_at_once_confirms_and_says_so_both_times(there, box):
    client, anybody = await log_in(there, "others"), there.client()
    asked = await account_form(client, "/account/mail", address="twice@example.org", kinds=["order_waits"])
    assert asked.status_code == 303
    link, _ = await link_in(there, box)
    async with there.transactions.begin() as tx:
        found = await addresses.opened(tx, link.rpartition("/")[2])
        second = asyncio.create_task(anybody.post(link, params={"lang": "en"}))
        await until_somebody_waits(there)
        await addresses.confirm(tx, found)
    assert ((await second).status_code, "confirmed already" in (await second).text) == (200, True)
    await wishes(there, "others", address="")


async def until_somebody_waits(portal):
    """For a row that another transaction holds."""
    waits = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%address_letter%'"
    while True:
        async with portal.transactions.begin() as tx:
            if await tx.driver.fetchval(waits):
                return
        await asyncio.sleep(0.02)


def id_in(link):
    return UUID(link.rpartition("/")[2][: addresses.ID_DIGITS])


async def test_a_link_is_replaced_goes_stale_and_is_not_sent_without_end(there, box):
    client, anybody = await log_in(there, "union"), there.client()
    assert (await account_form(client, "/account/mail", address="nobody@example.org")).status_code == 303
    await there.work_off_jobs()
    page = (await client.get("/account", params={"lang": "en"})).text
    assert "The mail server of this address does not take it" in page
    assert (await account_form(client, "/account/mail", address="somebody@example.org")).status_code == 303
    first, _ = await link_in(there, box)
    assert (await account_form(client, "/account/mail/again")).status_code == 303
    second, _ = await link_in(there, box)
    assert [(await anybody.get(each)).status_code for each in (first, second)] == [404, 200]
    async with there.transactions.begin() as tx:
        await tx.driver.execute("update address_letter set until = now() - interval '1 second' where waits")
    assert (await anybody.post(second)).status_code == 404
    assert "Waiting for confirmation" not in (await client.get("/account", params={"lang": "en"})).text
    before = len(box.taken)
    for _ in range(6):
        answer = await account_form(client, "/account/mail", address=f"a{_}@example.org")
    assert (answer.status_code, "Too many links" in answer.text) == (429, True)
    await there.work_off_jobs()
    assert len(box.taken) < before + 5
    nothing = await account_form(client, "/account/mail", address="")
    assert nothing.status_code == 303
    clerk = await log_in(there, "works")
    assert (await account_form(clerk, "/account/mail", address="typo@example.org")).status_code == 303
    assert (await waiting(there, "works")).address == "typo@example.org"
    assert (await account_form(clerk, "/account/mail/drop")).status_code == 303
    assert await waiting(there, "works") is None
    assert "Mail goes to lin@example.org" in (await clerk.get("/account", params={"lang": "en"})).text
