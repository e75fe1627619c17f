"""Accounts, tokens, lock-out."""

import pytest

from portal.accounts import commands, store
from portal.accounts.commands import Denied
from servicekit.testing import test_keys as keys_folder
from servicekit.tokens import Verifier


@pytest.fixture
def anybody(portal):
    return portal.client()


@pytest.fixture
def administrator(portal):
    return portal.client("administrator")


NEW = {
    "username": "wang",
    "password": "a-good-password",
    "roles": ["union"],
    "organisation": "smftu",
    "name": "王",
}


class TestToken:
    async def test_names_user_roles_organisation_and_person(self, portal, administrator, anybody):
        person = "0190a000-0000-7000-8000-00000000000a"
        told = NEW | {"username": "li", "roles": ["instructor"], "organisation": "smtc", "person_id": person}
        made = (await administrator.post("/accounts", json=told)).json()
        answer = await anybody.post("/token", json={"username": "Li", "password": NEW["password"]})
        assert answer.status_code == 200
        assert answer.json()["expires_in"] == 900
        actor = Verifier(keys_folder() / "keys.json").actor(answer.json()["access_token"])
        assert (actor.user, actor.roles, actor.organisation, actor.person) == (
            made["id"], {"instructor"}, "smtc", person,
        )  # fmt: skip

    async def test_the_first_account_is_the_administrators(self, anybody):
        answer = await anybody.post("/token", json={"username": "admin", "password": "a-long-password"})
        assert answer.status_code == 200

    async def test_a_wrong_password_and_an_unknown_user_sound_the_same(self, anybody):
        wrong = await anybody.post("/token", json={"username": "admin", "password": "nonsense"})
        unknown = await anybody.post("/token", json={"username": "nobody", "password": "nonsense"})
        assert wrong.status_code == unknown.status_code == 401
        assert wrong.json()["code"] == unknown.json()["code"] == "login.wrong"

    async def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(self, administrator, anybody):
        await administrator.post("/accounts", json=NEW | {"username": "locked"})
        for _ in range(5):
            await anybody.post("/token", json={"username": "locked", "password": "wrong-wrong"})
        answer = await anybody.post("/token", json={"username": "locked", "password": NEW["password"]})
        assert (answer.status_code, answer.json()["code"]) == (429, "login.locked")
        assert answer.json()["parameters"]["minutes"] == 15

    async def test_a_right_password_forgets_the_wrong_ones(self, tx):
        await commands.make_account(tx, "zhao", "a-good-password", roles={"administrator"}, name="赵")
        for _ in range(4):
            assert await commands.check_password(tx, "zhao", "wrong") == Denied("wrong")
        assert not isinstance(await commands.check_password(tx, "zhao", "a-good-password"), Denied)
        assert await store.failures_of(tx, "zhao") is None


class TestAccounts:
    async def test_the_password_is_kept_as_argon2_and_the_name_encrypted(self, administrator, portal):
        await administrator.post("/accounts", json=NEW | {"username": "kept"})
        async with portal.transactions.begin() as tx:
            row = await tx.driver.fetchrow("select password, name from account where username = 'kept'")
        assert row["password"].startswith("$argon2id$")
        assert "王".encode() not in row["name"]

    async def test_a_user_name_is_given_once(self, administrator):
        await administrator.post("/accounts", json=NEW | {"username": "once"})
        again = await administrator.post("/accounts", json=NEW | {"username": "ONCE"})
        assert (again.status_code, again.json()["code"]) == (409, "account.username_taken")

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"organisation": None}, "account.organisation_missing"),
            ({"roles": ["instructor"], "organisation": "smtc"}, "account.person_missing"),
            ({"roles": ["college"]}, "account.role_not_theirs"),
            ({"roles": ["service"]}, "request.invalid"),
            ({"password": "short"}, "request.invalid"),
            ({"surprise": 1}, "request.invalid"),
        ],
    )
    async def test_what_cannot_be_meant_is_refused(self, administrator, change, code):
        answer = await administrator.post("/accounts", json=NEW | {"username": "other"} | change)
        assert (answer.status_code, answer.json()["code"]) == (422, code)

    async def test_only_an_administrator_makes_or_lists_accounts(self, portal, anybody):
        union = portal.client("union", organisation="smftu")
        assert (await union.post("/accounts", json=NEW)).status_code == 403
        assert (await union.get("/accounts")).status_code == 403
        assert (await anybody.get("/accounts")).status_code == 401


class TestForm:
    async def test_a_key_is_good_once_and_for_one_browser(self, tx):
        key = commands.new_form_key("one")
        assert not await commands.use_form_key(tx, key, "another")
        assert await commands.use_form_key(tx, key, "one")
        assert not await commands.use_form_key(tx, key, "one")
        assert not await commands.use_form_key(tx, "a.b.c", "one")
        assert not await commands.use_form_key(tx, "", "one")
