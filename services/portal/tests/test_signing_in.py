"""Attacks on the log-in, on the browsers that are logged in, and on whoever is in front of one."""

import asyncio
import re
from contextlib import nullcontext

import pytest
from argon2 import PasswordHasher
from browsing import KEY, PASSWORD, log_in
from fastapi import Request
from pydantic import ValidationError

from contracts.refusals import Invalid
from portal.accounts import commands, logins, rules
from portal.accounts.passwords import Passwords
from portal.settings import Settings
from portal.web.limit import Limit, address_of
from servicekit.security import SECURITY
from servicekit.web import Secure

NEW = "another-good-password"
END = re.compile(r'name="key" value="([^"]+)"><input type="hidden" name="browser" value="([^"]+)"')


@pytest.fixture(scope="module")
async def people(portal):
    async with portal.transactions.begin() as tx:
        for name in ("wu", "zheng", "feng"):
            await commands.make_account(
                tx, name, PASSWORD, roles={"union"}, organisation="smftu", name=f"{name} 王"
            )


def key_to(page: str, action: str) -> str:
    """The key of the form that goes there."""
    return re.search(rf'action="{action}"><input type="hidden" name="key" value="([^"]+)"', page)[1]


async def change(client, old=PASSWORD, new=NEW, again=None):
    page = (await client.get("/account")).text
    told = {"old": old, "new": new, "again": again or new, "key": key_to(page, "/account/password")}
    return await client.post("/account/password", data=told)


class TestWhoeverGuesses:
    async def test_wrong_passwords_for_many_accounts_are_stopped_by_address(
        self, portal, people, monkeypatch
    ):
        door = portal.service.app.state.door
        monkeypatch.setattr(door, "wrong", Limit(3))
        anybody = portal.client()
        told = [{"username": f"guess{at}", "password": "nonsense"} for at in range(12)]
        answers = await asyncio.gather(*(anybody.post("/token", json=each) for each in told))
        codes = [answer.json()["code"] for answer in answers]
        assert codes.count("login.too_often") >= 12 - 3 - 4, "several at once do not pass by"
        right = await anybody.post("/token", json={"username": "wu", "password": PASSWORD})
        assert (right.status_code, right.json()["code"]) == (429, "login.too_often")
        page = portal.client()
        (key,) = KEY.findall((await page.get("/login")).text)
        shown = await page.post("/login", data={"username": "wu", "password": PASSWORD, "key": key})
        assert shown.status_code == 429
        assert "sj_login" not in shown.headers.get("set-cookie", "")

    async def test_right_passwords_are_not_counted(self, portal, people, monkeypatch):
        monkeypatch.setattr(portal.service.app.state.door, "wrong", Limit(1))
        for _ in range(3):
            answer = await portal.client().post("/token", json={"username": "wu", "password": PASSWORD})
            assert answer.status_code == 200

    def test_an_address_is_forgotten_after_a_minute_and_a_network_is_one_address(self):
        limit = Limit(2)
        assert [limit.allows("a", at) for at in (0, 1, 2, 61)] == [True, True, False, True]
        assert limit.allows("b", 2)

        def of(host: str) -> str:
            return address_of(Request({"type": "http", "client": (host, 1), "headers": []}))

        assert of("2001:db8::1") == of("2001:db8:0:0:ffff::2") != of("2001:db8:0:1::1")
        assert of("::ffff:192.0.2.1") == of("192.0.2.1") != of("192.0.2.2")


class TestPasswords:
    @pytest.mark.parametrize("weak", [{"password_memory": 18}, {"password_passes": 1}])
    def test_weaker_parameters_stop_the_start(self, weak):
        with pytest.raises(ValidationError):
            Settings(**weak)

    async def test_a_weaker_hash_is_renewed_when_its_owner_logs_in(self, portal, people):
        weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
        async with portal.transactions.begin() as tx:
            await tx.driver.execute("update account set password = $1 where username = 'zheng'", weak)
        for password in ("nonsense-nonsense", PASSWORD):
            await portal.client().post("/token", json={"username": "zheng", "password": password})
            async with portal.transactions.begin() as tx:
                kept = await tx.driver.fetchval("select password from account where username = 'zheng'")
            assert (kept == weak) == (password != PASSWORD)
        assert "m=19456,t=2," in kept
        assert Passwords().fits(kept, PASSWORD)
        assert not Passwords(memory=64).fits(None, "nobody has this account")

    @pytest.mark.parametrize(
        ("password", "code"),
        [("short", "length"), ("wu-wu" * 60, "length"), ("wang123456789", None), ("wang-xi123", "name")],
    )
    def test_a_password_is_long_and_not_the_name(self, password, code):
        with pytest.raises(Invalid) if code else nullcontext() as no:
            rules.check_password(password, "wang-xi")
        assert code is None or no.value.code == f"account.password_{code}"


class TestBrowsers:
    async def test_a_cookie_that_was_planted_is_not_the_one_that_is_logged_in(self, portal, people):
        """Fixation: neither a made-up cookie nor somebody else's own becomes this person's."""
        attacker = await log_in(portal, "feng")
        for planted in ("planted-by-somebody", attacker.cookies["sj_login"]):
            victim = portal.client()
            (key,) = KEY.findall((await victim.get("/login")).text)
            victim.cookies.set("sj_login", planted)
            answer = await victim.post("/login", data={"username": "wu", "password": PASSWORD, "key": key})
            assert answer.status_code == 303
            fresh = re.search(r"sj_login=([^;]+)", answer.headers["set-cookie"])[1]
            assert fresh != planted
            async with portal.transactions.begin() as tx:
                assert await logins.whose_browser(tx, planted, hours=1) is None
                assert (await logins.whose_browser(tx, fresh, hours=1)).username == "wu"

    async def test_another_password_ends_every_other_login_and_renews_this_one(self, portal, people):
        here, there = await log_in(portal, "feng"), await log_in(portal, "feng")
        before = here.cookies["sj_login"]
        for wrong in ({"old": "nonsense-nonsense"}, {"again": "not-the-same-at-all"}, {"new": "short"}):
            assert (await change(here, **wrong)).status_code == 422
        assert (await there.get("/account")).status_code == 200
        assert (await change(here)).status_code == 303
        assert here.cookies["sj_login"] != before
        assert (await here.get("/account")).status_code == 200
        assert (await there.get("/account")).status_code == 303
        stolen = portal.client()
        stolen.cookies.set("sj_login", before)
        assert (await stolen.get("/account")).status_code == 303
        told = {"username": "feng", "password": PASSWORD}
        assert (await portal.client().post("/token", json=told)).status_code == 401
        assert (await change(await log_in_as(portal, "feng", NEW), old=NEW, new=PASSWORD)).status_code == 303

    async def test_they_are_listed_and_ended_by_their_owner_only(self, portal, people):
        here, there, other = [await log_in(portal, name) for name in ("wu", "wu", "zheng")]
        agent = {"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/124.0 Safari/537.36"}
        for client in (here, there):
            client.headers.update(agent)
        forms = END.findall((await here.get("/account")).text)
        assert forms
        key, browser = forms[0]
        foreign = END.findall((await other.get("/account")).text) or [
            (key_to((await other.get("/account")).text, "/account/browsers/end-all"), "")
        ]
        answer = await other.post("/account/browsers/end", data={"browser": browser, "key": foreign[0][0]})
        assert answer.status_code == 409, "another's login is none of theirs"
        for key, browser in forms:
            done = await here.post("/account/browsers/end", data={"browser": browser, "key": key})
            assert done.status_code == 303
        assert (await there.get("/account")).headers["location"] == "/login?back=%2Faccount&over=page"
        sent = await there.post("/account/language", data={"language": "en", "key": "x"})
        assert sent.headers["location"] == "/login?back=%2Faccount&over=form"
        told = await there.get(sent.headers["location"], headers={"accept-language": "en"})
        assert "what you just sent was not taken" in told.text
        page = (await here.get("/account")).text
        assert END.findall(page) == []
        done = await here.post(
            "/account/browsers/end-all", data={"key": key_to(page, "/account/browsers/end-all")}
        )
        assert done.headers["location"] == "/login"
        assert (await here.get("/account")).status_code == 303
        assert (await other.get("/account")).status_code == 200

    async def test_a_language_is_kept_with_the_account(self, portal, people):
        client = await log_in(portal, "wu")
        key = key_to((await client.get("/account")).text, "/account/language")
        assert (
            await client.post("/account/language", data={"language": "en", "key": key})
        ).status_code == 303
        again = await log_in(portal, "wu")
        assert 'lang="en"' in (await again.get("/account")).text

    def test_a_browser_has_a_short_name(self):
        assert (
            logins.called("Mozilla/5.0 (Windows NT 10.0) Chrome/124.0 Safari/5 Edg/124.1")
            == "Chrome 124, Windows"
        )
        assert logins.called("<script>") == ""


async def log_in_as(portal, username, password):
    client = portal.client()
    (key,) = KEY.findall((await client.get("/login")).text)
    answer = await client.post("/login", data={"username": username, "password": password, "key": key})
    assert answer.status_code == 303, answer.text
    return client


class TestWhereTo:
    @pytest.mark.parametrize(
        "back",
        ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/%0d%0aX: y\r\n",
         "javascript:alert(1)",
         "/\t/evil.example", " //evil.example", "/\n/evil.example", "evil.example", "///evil.example"],
    )  # fmt: skip
    async def test_a_log_in_leads_nowhere_else(self, portal, people, back):
        client = await log_in(portal, "wu", back)
        assert client.landed.startswith("/")
        assert not client.landed.startswith(("//", "/\\"))
        assert "evil" not in client.landed
        already = await client.get("/login", params={"back": back})
        assert "evil" not in already.headers["location"]


class TestHeaders:
    async def test_every_kind_of_answer_has_them_a_failure_too(self, portal, people, monkeypatch):
        client = await log_in(portal, "wu")
        answers = [
            await client.get(path)
            for path in (
                "/board",
                "/login",
                "/c",
                "/static/app.css",
                "/no-such-page",
                "/orders.json",
                "/live",
            )
        ]
        answers.append(await client.post("/login", content=b"x" * 1_100_000))

        async def breaks(*_: object, **__: object):
            raise RuntimeError("a detail that nobody reads")

        monkeypatch.setattr(logins.store, "logged_in", breaks)
        for accept in ("text/html", "application/json"):
            answers.append(await client.get("/board", headers={"accept": accept}))
            assert answers[-1].status_code == 500
            assert re.search(r"[0-9a-f]{8}", answers[-1].text)
            assert "a detail" not in answers[-1].text
            assert "Traceback" not in answers[-1].text
        assert "text/html" in answers[-2].headers["content-type"]
        for answer in answers:
            for name, value in SECURITY.items():
                told = answer.headers.get(name)
                assert told == value or (name == "cache-control" and told), (
                    answer.url,
                    answer.status_code,
                    name,
                )

    async def test_browsers_by_https_come_no_other_way(self):
        async def app(scope, receive, send):
            await send({"type": "http.response.start", "status": 200})

        sent = []

        async def send(message):
            sent.append(message)

        from portal.main import ONLY_SECURE  # noqa: PLC0415  beside its only use

        await Secure(app, more=ONLY_SECURE)({"type": "http"}, None, send)
        assert (b"strict-transport-security", b"max-age=31536000; includeSubDomains") in sent[0]["headers"]

    async def test_no_page_can_be_framed(self, portal, people):
        answer = await (await log_in(portal, "wu")).get("/board")
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-frame-options"] == "DENY"

    async def test_a_cookie_is_no_scripts_and_no_other_sites(self, portal, people):
        client = portal.client()
        (key,) = KEY.findall((await client.get("/login")).text)
        answer = await client.post("/login", data={"username": "wu", "password": PASSWORD, "key": key})
        told = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("sj_login="))
        assert "httponly" in told.lower()
        assert "samesite=lax" in told.lower()

    async def test_a_large_form_is_read_no_further(self, portal, people):
        client = await log_in(portal, "wu")
        sent = 0

        async def endless():
            nonlocal sent
            while sent < 50_000_000:
                sent += 100_000
                yield b"a" * 100_000

        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "text/html"}
        answer = await client.post("/account/language", content=endless(), headers=headers)
        assert answer.status_code == 413
        assert "text/html" in answer.headers["content-type"]
        assert sent < 5_000_000
