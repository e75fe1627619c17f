"""The people of an organisation: invited by a link, listed, removed; by whoever manages it, and nobody else."""

import asyncio
import html
import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from browsing import KEY, PASSWORD, log_in
from story_of_an_order import AnOrder, college, enterprise, instructor

from contracts.refusals import Refused
from portal.accounts import commands, invitations, people, store
from portal.accounts.removed import removals
from portal.desks.union.signatures import ClauseSeen, clause_rows
from portal.web.limit import Limit
from portal.web.names import names_for
from portal.web.text import Text

LINK = re.compile(r'value="http://127\.0\.0\.1:8100(/invited/[^"]+)"')
NEW = "chosen-by-myself"


@pytest.fixture(scope="module")
async def managers(portal):
    """Jinniu and SMTC have a manager each, jinniu a clerk beside; there is an administrator."""
    await portal.deliver(enterprise(), college(), instructor())
    async with portal.transactions.begin() as tx:
        for name, roles, organisation, manages in (
            ("head", {"enterprise"}, "jinniu", True), ("clerk", {"enterprise"}, "jinniu", False),
            ("dean", {"college"}, "smtc", True), ("chief", {"administrator"}, None, False),
        ):  # fmt: skip
            await commands.make_account(
                tx, name, PASSWORD, roles=roles, organisation=organisation, name=f"{name} 王", manages=manages
            )


async def account(portal, username):
    async with portal.transactions.begin() as tx:
        return await store.by_username(tx, username)


async def send(client, path, **told):
    """A form of the page of people, with its one-time key."""
    of = {"organisation": told["organisation"]} if "organisation" in told else {}
    page = await client.get("/people", params=of)
    key = re.findall(r'name="key" value="([^"]+)"><input type="hidden" name="organisation"', page.text)[0]
    return await client.post(path, data={"key": key} | told)


async def invited(client, **told):
    answer = await send(client, "/people/invite", **{"name": "新人", "roles": ["enterprise"]} | told)
    assert answer.status_code == 200, answer.text
    (link,) = LINK.findall(answer.text)
    return link


async def come(portal, link, username, password=NEW, again=None, opened=None):
    """Open the link, if it was not `opened` before, and make the account."""
    client, key = opened or await at(portal, link)
    told = {"username": username, "password": password, "again": again or password, "key": key}
    return client, await client.post(link, data=told)


async def at(portal, link):
    client = portal.client()
    (key,) = KEY.findall((await client.get(link)).text)
    return client, key


class TestInvitation:
    async def test_the_invited_choose_their_password_once_and_are_logged_in(self, portal, managers):
        head = await log_in(portal, "head")
        link = await invited(head, manages="true")
        page = await portal.client().get(link, params={"lang": "en"})
        assert "新人" in page.text
        assert "enterprise" in page.text
        assert "no-store" in page.headers["cache-control"]
        assert link.rpartition("/")[2] not in (await head.get("/people")).text, "shown once"
        async with portal.transactions.begin() as tx:
            rows = await tx.driver.fetch("select * from invitation")
            assert link.rpartition("/")[2].encode() not in b"".join(
                bytes(value) for row in rows for value in row.values() if isinstance(value, bytes)
            )
        for wrong in ({"password": "short"}, {"again": "something-else"}, {"username": "a b"}):
            _, answer = await come(portal, link, **{"username": "newcomer"} | wrong)
            assert answer.status_code == 422, "and the link is still good"
        _, taken = await come(portal, link, "clerk")
        assert taken.status_code == 409
        client, answer = await come(portal, link, "Newcomer")
        assert (answer.status_code, answer.headers["location"]) == (303, "/board")
        assert (await client.get("/people")).status_code == 200
        made = await account(portal, "newcomer")
        assert (made.organisation, made.roles, made.manages) == ("jinniu", {"enterprise"}, True)
        for again in (await portal.client().get(link), await portal.client().post(link, data={})):
            assert again.status_code in {404, 422}
        assert (await portal.client().get(link)).status_code == 404

    async def test_two_who_have_the_link_make_one_account(self, portal, managers):
        link = await invited(await log_in(portal, "head"))
        both = {f"twin-{n}": await at(portal, link) for n in range(2)}
        answers = await asyncio.gather(
            *(come(portal, link, twin, opened=opened) for twin, opened in both.items())
        )
        assert sorted(answer.status_code for _, answer in answers) == [303, 404]

    async def test_an_old_link_and_one_that_was_taken_back_open_nothing(self, portal, managers):
        head = await log_in(portal, "head")
        link = await invited(head)
        async with portal.transactions.begin() as tx:
            await tx.driver.execute("update invitation set until = now() - interval '1 second'")
        assert (await portal.client().get(link)).status_code == 404
        link = await invited(head)
        ((id_,),) = [re.findall(r'name="invitation" value="([^"]+)"', (await head.get("/people")).text)]
        dean = await log_in(portal, "dean")
        assert (await send(dean, "/people/invitations/cancel", invitation=id_)).status_code == 404
        assert (await portal.client().get(link)).status_code == 200
        assert (await send(head, "/people/invitations/cancel", invitation=id_)).status_code == 303
        assert (await portal.client().get(link)).status_code == 404

    async def test_whoever_tries_links_is_stopped(self, portal, managers, monkeypatch):
        monkeypatch.setattr(portal.service.app.state.door, "wrong", Limit(2))
        told = [(await portal.client().get(f"/invited/{uuid4()}")) for _ in range(3)]
        assert [answer.status_code for answer in told] == [404, 404, 429]

    @pytest.mark.parametrize(
        ("who", "told", "code"),
        [
            ("head", {"roles": ["union"]}, "account.role_not_theirs"),
            ("head", {"roles": ["enterprise", "administrator"]}, "account.role_not_theirs"),
            ("dean", {"roles": ["enterprise"]}, "account.role_not_theirs"),
            ("dean", {"roles": ["instructor"]}, "account.person_missing"),
            ("dean", {"roles": ["instructor"], "person": str(UUID(int=7))}, "account.person_not_theirs"),
            ("chief", {"roles": ["union"]}, "account.role_not_theirs"),
        ],
    )
    async def test_an_organisation_has_its_own_roles_only(self, portal, managers, tx, who, told, code):
        client = await log_in(portal, who)
        client.headers["accept-language"] = "en"
        answer = await send(client, "/people/invite", **{"name": "新人"} | told)
        assert answer.status_code == 422
        by, person = await store.by_username(tx, who), told.get("person")
        asked = {
            "roles": told["roles"],
            "person": UUID(person) if person else None,
            "name": "x",
            "manages": False,
        }
        with pytest.raises(Refused) as no:
            await invitations.invite(tx, by, by.organisation, **asked)
        assert no.value.code == code

    async def test_a_college_invites_somebody_whom_it_sends(self, portal, managers):
        person = str(AnOrder().person)
        dean = await log_in(portal, "dean")
        assert person in (await dean.get("/people")).text
        link = await invited(dean, roles=["instructor"], person=person)
        await come(portal, link, "teacher-one")
        assert (await account(portal, "teacher-one")).person == UUID(person)
        assert person not in (await dean.get("/people")).text, "has an account now"

    async def test_an_administrator_invites_for_any_organisation(self, portal, managers):
        link = await invited(await log_in(portal, "chief"), organisation="jinniu")
        await come(portal, link, "by-chief")
        assert (await account(portal, "by-chief")).organisation == "jinniu"


class TestRemoval:
    async def test_it_ends_every_login_and_the_name_stays(self, portal, managers):
        head = await log_in(portal, "head")
        await come(portal, await invited(head), "leaver")
        gone = await account(portal, "leaver")
        client, (key,) = portal.client(), ("",)
        (key,) = KEY.findall((await client.get("/login")).text)
        await client.post("/login", data={"username": "leaver", "password": NEW, "key": key})
        assert (await client.get("/board")).status_code == 200
        assert (await send(head, "/people/remove", account=str(gone.id))).status_code == 303
        assert (await client.get("/board")).status_code == 303
        again = await portal.client().post("/token", json={"username": "leaver", "password": NEW})
        assert again.status_code == 401
        assert "leaver" not in (await head.get("/people")).text
        async with portal.transactions.begin() as tx:
            assert (await commands.names_of(tx, [gone.id]))[gone.id][0] == "新人"

    async def test_another_organisations_people_do_not_exist(self, portal, managers):
        dean, clerk = await log_in(portal, "dean"), await account(portal, "clerk")
        for path, more in (("/people/remove", {}), ("/people/manager", {"manages": "true"})):
            answer = await send(dean, path, account=str(clerk.id), **more)
            assert answer.status_code == 404
            forged = await dean.post(
                path, data={"key": "x", "account": str(clerk.id), "organisation": "jinniu"} | more
            )
            assert forged.status_code == 403
        assert (await dean.get("/people", params={"organisation": "jinniu"})).status_code == 403
        assert (await account(portal, "clerk")) == clerk

    async def test_whoever_manages_nothing_sees_nobody(self, portal, managers):
        assert (await (await log_in(portal, "clerk")).get("/people")).status_code == 403

    async def test_whoever_removes_somebody_reads_what_waits_for_them(self, portal, managers):
        order = AnOrder("left", "2026-0077", start=datetime.now(UTC))
        facts = [
            order.submitted(),
            order.accepted(),
            order.drafted(),
            order.approved(),
            order.confirmed(sessions=2),
        ]
        for n in (1, 2):
            facts += [order.scheduled(n), order.offered(n)]
        assists = order.assistant_accepted(2).model_copy(update={"person_id": order.person})
        await portal.deliver(instructor(), *facts, order.offer_accepted(1), assists)
        async with portal.transactions.begin() as tx:
            gone = await commands.make_account(
                tx,
                "left-one",
                PASSWORD,
                roles={"instructor"},
                organisation="smtc",
                person=order.person,
                name="周海",
            )
        dean = await log_in(portal, "dean")
        answer = await send(dean, "/people/remove", account=str(gone.id))
        assert f"gone={gone.id}" in answer.headers["location"]
        page = html.unescape((await dean.get(f"{answer.headers['location']}&lang=en")).text)
        assert "周海" in page
        assert "2 sessions are theirs" in page, page
        assert "1 offer names them" in page
        assert f"/timetable/{order.person}" in page
        other = await log_in(portal, "head")
        assert "周海" not in (await other.get(f"/people?gone={gone.id}")).text

    async def test_who_signed_and_was_removed_stands_there_with_who_removed_them(self, portal, managers):
        head = await log_in(portal, "head")
        async with portal.transactions.begin() as tx:
            gone = await commands.make_account(
                tx, "signed-once", PASSWORD, roles={"enterprise"}, organisation="jinniu", name="签署人"
            )
        assert (await send(head, "/people/remove", account=str(gone.id))).status_code == 303
        mark = {"hash": "x", "version": 2, "at": "2026-05-06T08:00:00Z", "asked": False}
        signed = {"signer": "enterprise", "by": str(gone.id)} | mark
        clause = ClauseSeen.model_validate({"clause": "times", "hash": "9f" * 32, "signatures": [signed]})
        async with portal.transactions.begin() as tx:
            text = Text("en", tx.zone)
            (row,) = await clause_rows(tx, [clause], await names_for(tx, text))
            old = await removals(tx, [gone.id])
        assert "签署人 (removed by head 王 on 20" in row.sides[1], row
        assert old[gone.id].by == "head 王"

    async def test_the_last_manager_stays_even_of_two_who_remove_each_other(self, portal, managers):
        dean = await account(portal, "dean")
        client = await log_in(portal, "dean")
        client.headers["accept-language"] = "en"
        for path, more in (("/people/remove", {}), ("/people/manager", {"manages": "false"})):
            answer = await send(client, path, account=str(dean.id), **more)
            assert answer.status_code == 409
            assert "the last person who manages" in html.unescape(answer.text)
        async with portal.transactions.begin() as tx:
            other = await commands.make_account(
                tx, "vice", PASSWORD, roles={"college"}, organisation="smtc", name="副", manages=True
            )

        async def removed(by, whom):
            async with portal.transactions.begin() as tx:
                await people.remove(tx, by, whom.id)

        both = await asyncio.gather(removed(dean, other), removed(other, dean), return_exceptions=True)
        assert [getattr(one, "code", None) for one in both].count("account.last_manager") == 1
