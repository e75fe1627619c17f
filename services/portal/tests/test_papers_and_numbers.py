"""Pages of all certificates on paper, and of the numbers that an authority has handed out."""

import re
from dataclasses import replace

import httpx
import pytest
from browsing import PASSWORD, log_in
from story_of_an_order import AnOrder, enterprise

from portal.accounts import commands

ORDER = AnOrder("papers", "2026-0710")
RANGE = {
    "range_id": str(ORDER.session(1)), "issuer_id": "smftu", "kind": "skill_level", "prefix": "S000035000123",
    "year": 2026, "level": 4, "first": 1, "last": 100, "next": 95, "document": "闽人社〔2026〕12号",
    "entered_by": "cli", "entered_at": "2026-05-01T00:00:00Z", "closed_on": None, "closed_cause": None,
    "left": 6, "low": True,
    "voids": [{"number": "S000035000123264000007", "cause": "number_misprinted"}],
}  # fmt: skip


@pytest.fixture(scope="module")
async def union(portal):
    await portal.deliver(enterprise(), ORDER.submitted(), ORDER.accepted())
    async with portal.transactions.begin() as tx:
        await commands.make_account(tx, "union", PASSWORD, roles={"union"}, organisation="smftu", name="王")
    return await log_in(portal, "union")


@pytest.fixture
def answering(portal, monkeypatch):
    """Evaluation answers so."""

    def answer(with_):
        known = portal.transactions.known
        reached = replace(
            known.neighbours, url_of="http://{}.test".format, transport=httpx.MockTransport(with_)
        )
        monkeypatch.setattr(portal.transactions, "known", replace(known, neighbours=reached))

    return answer


def printing(**given):
    told = {"asked_at": None, "total": 0, "done": 0, "ended_at": None, "unprintable": []}
    return httpx.Response(200, json=told | given)


class TestPapers:
    path = f"/orders/{ORDER.order_id}/papers"

    async def test_it_is_asked_for_looked_after_and_fetched(self, union, answering):
        answering(lambda _: printing())
        page = (await union.get(self.path, params={"lang": "en"})).text
        assert ("Print all" in page, "Download all" in page) == (True, False)
        answering(lambda _: printing(asked_at="2026-05-06T00:00:00Z", total=400, done=120))
        page = (await union.get(self.path, params={"lang": "en"})).text
        assert "120 of 400 printed" in page
        assert f'hx-get="{self.path}/part"' in page
        lacking = [{"number": "S000035000000264000009", "characters": "䶻"}]
        ended = "2026-05-06T00:05:00Z"
        answering(
            lambda _: printing(asked_at=ended, total=400, done=400, ended_at=ended, unprintable=lacking)
        )
        part = (await union.get(f"{self.path}/part", params={"lang": "en"})).text
        assert "399 certificates are printed" in part
        assert "no font here has 䶻" in part
        assert "hx-get" not in part
        assert f'href="{self.path}.zip"' in part

    async def test_the_file_is_handed_on_as_it_comes_with_its_length(self, union, answering):
        said = {
            "content-type": "application/zip", "content-length": "6",
            "content-disposition": "attachment; filename*=UTF-8''x.zip",
        }  # fmt: skip

        async def pieces():
            for piece in (b"abc", b"def"):
                yield piece

        answering(lambda _: httpx.Response(200, headers=said, content=pieces()))
        answer = await union.get(f"{self.path}.zip")
        assert answer.content == b"abcdef"
        assert {name: answer.headers[name] for name in said} == said
        refused = {"code": "printing.not_done", "parameters": {"left": 7}}
        answering(
            lambda request: httpx.Response(409, json=refused) if "zip" in request.url.path else printing()
        )
        answer = await union.get(f"{self.path}.zip", params={"lang": "en"})
        assert (answer.status_code, "7 certificates are not printed yet" in answer.text) == (409, True)


class TestNumbers:
    async def test_what_is_left_is_told_and_what_is_never_given_is_explained(self, union, answering):
        answering(lambda _: httpx.Response(200, json=[RANGE]))
        page = (await union.get("/evaluation/numbers", params={"lang": "en"})).text
        assert "only 6 of 100 numbers are left" in page
        assert "S000035000123264000007: misprinted" in page
        assert "闽人社〔2026〕12号" in page
        assert "entered by cli, " in page

    async def test_who_entered_a_range_and_who_closed_it_and_when_is_said(self, portal, union, answering):
        async with portal.transactions.begin() as tx:
            login = str(await tx.driver.fetchval("select id from account where username = 'union'"))
        closed = {"entered_by": login, "closed_on": "2026-05-20", "closed_cause": "number_withdrawn"}
        answering(lambda _: httpx.Response(200, json=[RANGE | closed | {"closed_by": login}]))
        page = (await union.get("/evaluation/numbers", params={"lang": "en"})).text
        assert "entered by 王, 2026-05-01 08:00" in page
        assert "closed Wed 20 May by 王: taken back by the authority" in page
        answering(lambda _: httpx.Response(200, json=[RANGE | closed]))
        assert (
            "somebody (not kept then)" in (await union.get("/evaluation/numbers", params={"lang": "en"})).text
        )

    async def test_a_range_is_entered_and_a_refusal_keeps_what_was_typed(self, union, answering):
        sent = []

        def answer(request):
            if request.method == "GET":
                return httpx.Response(200, json=[])
            sent.append(request)
            return httpx.Response(409, json={"code": "range.overlaps", "parameters": {"number": "S1"}})

        answering(answer)
        page = (await union.get("/evaluation/numbers", params={"lang": "en"})).text
        key = re.search(r'name="key" value="([^"]+)"', page)[1]
        form = {
            "key": key, "issuer": "smftu", "kind": "skill_level", "prefix": "s000035000123", "year": "2026",
            "level": "4", "first": "1", "last": "100", "document": "闽人社〔2026〕12号",
        }  # fmt: skip
        answer = await union.post("/evaluation/numbers", data=form, headers={"accept-language": "en"})
        assert answer.status_code == 409
        assert 'value="闽人社〔2026〕12号"' in answer.text
        assert b"S000035000123" in sent[0].content
