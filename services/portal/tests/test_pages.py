"""Pages over HTTP: who may see what, forms, languages. What they look like is the browser tests' business."""

import re
from datetime import timedelta
from functools import partial
from io import BytesIO
from uuid import UUID, uuid4

import openpyxl
import pytest
from browsing import KEY, PASSWORD, log_in
from story_of_an_order import NUMBER, AnOrder, college, enterprise, instructor

from portal.accounts import commands
from portal.desks.report.counted import CUTS
from portal.desks.report.figures import BEHIND
from portal.desks.report.pages import ALL

FIGURE = re.compile(r'href="([^"]+)" data-figure="(\w+)" data-value="([^"]*)"')


@pytest.fixture(scope="module")
async def season(portal):
    """Two orders of two enterprises, one with a certificate."""
    one, two = AnOrder(), AnOrder("two", "2026-0002", "jxlt", "建新轮胎", college="smu")
    await portal.deliver(enterprise(), college(), instructor(), *one.whole())
    await portal.deliver(two.submitted(), two.accepted(), two.drafted(), two.approved(), two.confirmed())
    await portal.deliver(two.scheduled(), two.offered())
    people = {"union": "smftu", "enterprise": "jinniu", "college": "smu"}
    async with portal.transactions.begin() as tx:
        for role, organisation in people.items():
            await commands.make_account(
                tx, role, PASSWORD, roles={role}, organisation=organisation, name=f"{role} 王"
            )
        person = AnOrder().person
        await commands.make_account(
            tx, "teacher", PASSWORD, roles={"instructor"}, organisation="smtc", person=person, name="张"
        )
    return one, two


@pytest.fixture
def browser(portal):
    """A client that logs in as a browser does."""
    return partial(log_in, portal)


class TestLogin:
    async def test_goes_on_to_where_one_wanted_to_be_and_nowhere_else(self, season, browser):
        assert (await browser("union", "/orders/2026-0001/story")).landed == "/orders/2026-0001/story"
        assert (await browser("union", "https://elsewhere.example/")).landed == "/board"
        assert (await browser("union", "//elsewhere.example/")).landed == "/board"

    async def test_a_form_is_sent_once_and_only_from_our_own_page(self, season, portal):
        client = portal.client()
        (key,) = KEY.findall((await client.get("/login")).text)
        told = {"username": "union", "password": "wrong-wrong", "key": key}
        assert (await client.post("/login", data=told)).status_code == 401
        assert (await client.post("/login", data=told)).status_code == 403
        assert (await portal.client().post("/login", data=told)).status_code == 403
        (key,) = KEY.findall((await client.get("/login")).text)
        told |= {"key": key, "password": PASSWORD}
        elsewhere = await client.post("/login", data=told, headers={"Sec-Fetch-Site": "cross-site"})
        assert elsewhere.status_code == 403

    async def test_a_log_out_needs_our_own_form_and_ends_the_login_on_the_server(self, season, browser):
        client = await browser("union")
        cookie = client.cookies["sj_login"]
        await client.post("/logout", data={"key": "made-up"})
        page = await client.get("/board")
        assert page.status_code == 200
        (key,) = KEY.findall(page.text)
        assert (await client.post("/logout", data={"key": key})).status_code == 303
        client.cookies.set("sj_login", cookie)
        assert (await client.get("/board")).status_code == 303

    async def test_an_account_of_nobody_in_particular_is_told_so(self, portal, season, browser):
        async with portal.transactions.begin() as tx:
            await commands.make_account(tx, "nobody", PASSWORD, roles={"service"}, name="无")
        client = await browser("nobody")
        assert (await client.get("/board")).status_code == 403


class TestScope:
    async def test_the_union_sees_all_an_enterprise_its_own_a_college_those_it_was_asked_for(
        self, season, browser
    ):
        seen = {
            who: set(re.findall(r"2026-000\d", (await (await browser(who)).get("/board")).text))
            for who in ("union", "enterprise", "college")
        }
        assert seen == {
            "union": {"2026-0001", "2026-0002"}, "enterprise": {"2026-0001"}, "college": {"2026-0002"},
        }  # fmt: skip

    async def test_a_story_of_others_does_not_exist(self, season, browser):
        client = await browser("enterprise")
        assert (await client.get(f"/orders/{season[0].order_id}/story")).status_code == 200
        for way in ("", "/part"):
            assert (await client.get(f"/orders/{season[1].order_id}/story{way}")).status_code == 404

    async def test_tokens_have_the_same_scope(self, season, portal):
        jinniu = portal.client("enterprise", organisation="jinniu")
        assert [each["number"] for each in (await jinniu.get("/orders.json")).json()] == ["2026-0001"]
        assert (await jinniu.get("/orders/2026-0002/story.json")).status_code == 404
        assert (await jinniu.get("/report.json")).status_code == 403
        assert (await portal.client("instructor").get("/orders.json")).status_code == 403
        assert (await portal.client().get("/orders.json")).status_code == 401

    async def test_the_report_is_the_unions(self, season, browser):
        answer = await (await browser("enterprise")).get("/report", headers={"accept-language": "en"})
        assert (answer.status_code, "for: union, administrator" in answer.text) == (403, True)
        assert (await (await browser("union")).get("/report")).status_code == 200


class TestStory:
    async def test_every_fact_is_told_in_both_languages_with_who_and_when(self, season, portal):
        union = portal.client("union", organisation="smftu")
        for language in ("zh", "en"):
            told = (await union.get("/orders/2026-0001/story.json", params={"lang": language})).json()
            assert told["title"].startswith("2026-0001")
            assert [fact["position"] for fact in told["facts"]] == list(range(1, len(season[0].whole()) + 1))
            for fact in told["facts"]:
                assert "{" not in fact["text"]
                assert "fact." not in fact["text"]
                assert fact["time"].endswith("+08:00")

    async def test_a_type_that_nobody_knows_is_kept_and_named(self, portal):
        order = AnOrder("strange", "2026-0009")
        known = portal.envelope(order.submitted())
        strange = portal.envelope(order.returned()).model_copy(update={"type": "order.sung.v1"})
        await portal.deliver_raw([(each.subject.encode(), each.to_bytes()) for each in (known, strange)])
        union = portal.client("union", organisation="smftu")
        told = (await union.get(f"/orders/{order.order_id}/story.json", params={"lang": "en"})).json()
        assert told["facts"][-1]["text"] == "Unknown fact order.sung.v1"

    async def test_a_missed_session_and_one_that_silence_confirmed_are_told(self, portal):
        order = AnOrder("silent", "2026-0012")
        begun = [order.submitted(), order.accepted(), order.drafted(), order.approved(), order.confirmed()]
        begun += [order.scheduled(), order.offered(), order.offer_accepted()]
        union = portal.client("union", organisation="smftu")

        async def board():
            cards = (await union.get("/orders.json")).json()
            return next((each["waits_for"], each["wait"]) for each in cards if each["number"] == order.number)

        await portal.deliver(*begun, order.missed())
        assert await board() == ("union", "missed")
        await portal.deliver(order.moved(), order.offer_accepted(), order.opened(), order.closed())
        assert await board() == ("enterprise", "confirm_sessions")
        await portal.deliver(order.session_confirmed(lapsed=True))
        told = (await union.get(f"/orders/{order.order_id}/story.json", params={"lang": "en"})).json()
        of = {fact["type"]: fact["text"] for fact in told["facts"]}
        assert of["session.missed.v1"].startswith(
            "Nobody opened the session of Thu 7 May 09:00–12:15 in time"
        )
        assert of["session.confirmed.v1"].startswith("No answer from the enterprise in time, which confirms")

    async def test_a_story_is_a_sheet_too_and_as_it_was_then(self, season, browser, portal):
        order, now = AnOrder("sheeted", "2026-0019"), await portal.now()
        await portal.deliver(order.submitted(), at=now - timedelta(hours=2))
        await portal.deliver(order.accepted(), order.drafted(), at=now - timedelta(hours=1))
        client = await browser("union")
        path = f"/orders/{order.order_id}/story"
        async with portal.client("union") as service:
            told = (await service.get(f"{path}.json", params={"lang": "en"})).json()["facts"]
        sheet = await client.get(f"{path}/list.xlsx", params={"lang": "en"})
        rows = list(openpyxl.load_workbook(BytesIO(sheet.content)).active.iter_rows(values_only=True))
        assert rows[0][:3] == ("No.", "When", "What")
        assert {row[2] for row in rows[1:]} == {fact["text"] for fact in told}
        assert [row[0] for row in rows[1:]] == list(range(1, len(told) + 1))
        early = await client.get(f"{path}/list.xlsx", params={"at": rows[1][1].replace(" ", "T")})
        assert (openpyxl.load_workbook(BytesIO(early.content)).active.max_row, len(rows)) == (2, 4)
        for at in ("soon", "1999-01-01T00:00"):
            assert (await client.get(f"{path}/list.xlsx", params={"at": at})).status_code == 404
        another = f"/orders/{season[1].order_id}/story/list.xlsx"
        assert (await (await browser("enterprise")).get(another)).status_code == 404, "another enterprise's"

    async def test_opening_a_story_takes_the_violet_away(self, season, browser, portal):
        order = AnOrder("violet", "2026-0010")
        facts = [order.submitted(), order.accepted(), order.drafted(), order.approved(), order.confirmed()]
        envelopes = [portal.envelope(fact) for fact in (*facts, order.scheduled(), order.moved())]
        now = await portal.now()
        envelopes = [each.model_copy(update={"time": now}) for each in envelopes]
        await portal.deliver_raw([(each.subject.encode(), each.to_bytes()) for each in envelopes])
        client = await browser("union")
        assert "tg violet" in (await client.get("/board", params={"q": "2026-0010"})).text
        await client.get(f"/orders/{order.order_id}/story")
        assert "tg violet" not in (await client.get("/board", params={"q": "2026-0010"})).text


class TestCertificateCheck:
    async def test_the_sum_decides_what_is_shown(self, season, portal):
        anybody = portal.client()
        whole = (await anybody.get(f"/c/{NUMBER}", params={"k": "7k2m9qxa"})).text
        assert 'data-verdict="valid"' in whole
        assert "82.5" in whole
        bare = (await anybody.get(f"/c/{NUMBER}")).text
        assert 'data-verdict="valid_number"' in bare
        assert "82.5" not in bare
        assert 'data-verdict="changed"' in (await anybody.get(f"/c/{NUMBER}", params={"k": "other12"})).text

    async def test_an_unknown_number_is_404_and_a_malformed_one_says_what_a_number_is(self, portal):
        anybody = portal.client()
        unknown = await anybody.get("/c/S000035000000264999999")
        assert (unknown.status_code, 'data-verdict="unknown"' in unknown.text) == (404, True)
        assert 'class="wrong"' in (await anybody.get("/c/12345")).text
        assert 'value="7k2m9qxa"' in (await anybody.get("/c/FOO?k=7k2m9qxa")).text
        again = (await anybody.get("/c", params={"number": "12345", "k": "7k2m9qxa"})).text
        assert 'value="7k2m9qxa"' in again, "what was typed is not typed again"

    async def test_it_sets_no_cookie_has_no_script_and_is_not_kept(self, season, portal):
        answer = await portal.client().get(f"/c/{NUMBER}", params={"lang": "en"})
        assert "set-cookie" not in answer.headers
        assert "<script" not in answer.text
        assert answer.headers["cache-control"] == "no-store"

    async def test_nothing_is_told_to_whoever_asks_too_often(self, season, portal, monkeypatch):
        monkeypatch.setattr(portal.service.app.state.public.checks, "most", 0)
        answer = await portal.client().get(f"/c/{NUMBER}", params={"k": "7k2m9qxa", "lang": "en"})
        assert (answer.status_code, "82.5" in answer.text) == (429, False)
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        assert f"try again in {answer.headers['retry-after']} seconds" in answer.text
        monkeypatch.setattr(portal.service.app.state.public.schedules, "most", 0)
        shown = await portal.client().get("/schedule/send-teachers-home", headers={"accept-language": "en"})
        assert (shown.status_code, "try again in" in shown.text) == (429, True)
        assert 1 <= int(shown.headers["retry-after"]) <= 60

    async def test_a_class_scans_its_certificates_from_one_address(self, season, portal):
        client = portal.client()
        told = [(await client.get(f"/c/{NUMBER}", params={"k": "7k2m9qxa"})).status_code for _ in range(54)]
        assert told == [200] * 54


class TestPages:
    async def test_every_page_forbids_foreign_scripts_and_styles(self, season, browser):
        client = await browser("union")
        for path in (
            "/board",
            "/board?view=table",
            "/board?view=map",
            "/orders/2026-0001/story?all=1",
            "/report",
            "/issues",
            "/issues/list.xlsx",
            "/report/list.xlsx",
            "/today",
            "/today/list.xlsx",
            "/evaluation",
            "/help",
            "/c",
            "/parts",
        ):
            answer = await client.get(path)
            assert answer.status_code == 200, path
            if path.endswith(".xlsx"):
                continue
            assert "script-src 'self'; style-src 'self'" in answer.headers["content-security-policy"]
            assert " style=" not in answer.text
            assert "<style" not in answer.text

    async def test_every_way_of_the_rail_lies_open_to_whoever_is_shown_it(self, season, browser, portal):
        async with portal.transactions.begin() as tx:
            await commands.make_account(tx, "chief", PASSWORD, roles={"administrator"}, name="主任")
        for name in ("union", "enterprise", "college", "teacher", "chief"):
            client = await browser(name)
            ways = re.findall(r'<a class="sh-link" href="([^"]+)"', (await client.get("/board")).text)
            assert ways
            told = {
                way: (await client.get(way)).status_code for way in ways
            }  # 503: only its service is away here
            assert {way: status for way, status in told.items() if status not in {200, 503}} == {}, name
            assert ("/people" in ways) == (name == "chief")
            assert ('href="/people"' in (await client.get("/help")).text) == (name == "chief")

    async def test_every_figure_of_the_report_opens_rows_that_add_up_to_it(self, season, browser):
        client = await browser("union")
        page = (await client.get("/report", params={"lang": "en"})).text
        figures = set(FIGURE.findall(page))
        assert {code for _, code, _ in figures} == set(BEHIND)
        cuts = {part for address, _, _ in figures for part in re.findall(r"by=(\w+)", address)}
        assert cuts == set(CUTS)
        for address, code, value in figures:
            rows = (await client.get(address.replace("&amp;", "&"))).text
            sums = dict(re.findall(r'data-sum="(\w+)" data-value="([^"]*)"', rows))
            assert sums.get(code, "0") == value, (address, code)

    async def test_the_report_of_a_period_counts_what_is_in_it(self, season, browser):
        client = await browser("union")

        async def sessions(**period):
            page = await client.get("/report", params=period)
            found = [value for _, code, value in FIGURE.findall(page.text) if code == "sessions"]
            return page.status_code, next(iter(found), None)

        everything = (await sessions())[1]
        assert await sessions(first="2026-05-01", last="2026-05-31") == (200, everything)
        assert await sessions(last="2026-05-01") == (200, "0")
        assert await sessions(first="2026-06-01") == (200, "0")
        assert await sessions(first="yesterday") == (422, None)
        assert await sessions(first="2026-06-01", last="2026-05-01") == (422, None), (
            "no answer to another question"
        )
        assert (await client.get("/report/rows?by=month&of=x&first=x")).status_code == 422
        assert (await client.get("/report/rows?by=month&of=x")).status_code == 200

    async def test_the_report_as_a_file_has_a_sheet_for_every_cut_and_kind_of_rows(self, season, browser):
        client = await browser("union")
        answer = await client.get("/report/list.xlsx", params={"lang": "en"})
        book = openpyxl.load_workbook(BytesIO(answer.content))
        assert len(book.sheetnames) == 1 + len(CUTS) + len(ALL)
        whole = [
            dict(zip(*page.iter_rows(max_row=2, values_only=True), strict=True)) for page in book.worksheets
        ]
        told = {
            code: value
            for _, code, value in FIGURE.findall((await client.get("/report")).text)[: len(BEHIND)]
        }
        assert str(whole[0]["Sessions held"]) == told["sessions"]
        assert whole[0]["Subsidy, yuan"] == int(told["subsidy"]) == 1000
        rows = await client.get("/report/rows.xlsx", params={"what": "certificates", "lang": "en"})
        (page,) = openpyxl.load_workbook(BytesIO(rows.content)).worksheets
        assert page["A2"].value == NUMBER

    async def test_the_lists_of_the_union_are_the_unions(self, season, browser):
        clerk = await browser("enterprise")
        for path in (
            "/report/rows",
            "/report/rows.xlsx",
            "/report/list.xlsx",
            "/issues",
            "/today",
            "/evaluation",
        ):
            assert (await clerk.get(path)).status_code == 403

    async def test_what_an_act_is_compared_with_must_have_been_read(self, season, browser, asked):
        """Evaluation does not tell who passed: nothing is issued, whatever was typed."""
        client, sent = await browser("union"), asked({})
        (key, *_) = KEY.findall((await client.get("/board")).text)
        told = {"count": "1", "key": key}
        answer = await client.post(f"/evaluation/batches/{uuid4()}/issue", data=told)
        assert (answer.status_code, sent) == (409, [])

    async def test_a_call_for_assessors_names_the_colleges_that_may_send(self, season, browser, asked):
        batch, day = uuid4(), "2026-06-15"
        told = {
            "batch_id": str(batch), "order_id": str(season[0].order_id), "line": 1, "occupation": "6-31-01-03",
            "level": "L4", "slot": {"day": day, "band": "am"}, "parts": [], "state": "marking", "posted_on": None,
            "objections_until": None, "assessors": [], "wanted": 1, "barred": [], "candidates": [],
        }  # fmt: skip
        agreed = [{"valid_from": "2026-01-01", "valid_until": "2026-12-31"}]
        colleges = [{"college_id": "smtc", "agreements": agreed}, {"college_id": "smu", "agreements": []}]
        client, sent = await browser("union"), asked({f"/batches/{batch}": told, "/colleges": colleges})
        (key, *_) = KEY.findall((await client.get("/board")).text)
        answer = await client.post(f"/evaluation/batches/{batch}/call", data={"key": key})
        assert (answer.status_code, answer.headers.get("location")) == (303, f"/evaluation/batches/{batch}")
        assert sent == [(f"/batches/{batch}/open-call", {"college_ids": ["smtc"]})]

    @pytest.mark.parametrize(
        "path",
        [
            "/board?q=%00",
            "/board?q=%20",
            "/board/part?q=%20",
            "/board?view=x",
            "/c?number=%00%ff",
            "/orders/%00/story",
            "/static/x",
        ],
    )
    async def test_nonsense_is_never_a_fault_of_ours(self, season, browser, path):
        client = await browser("union")
        assert (await client.get(path)).status_code < 500

    @pytest.mark.parametrize("path", ["/surveys/x", "/orders/x/story", f"/orders/{UUID(int=7)}/story"])
    async def test_an_address_that_names_nothing_says_so_in_the_same_words(self, season, browser, path):
        client = await browser("union")
        page = await client.get(path, headers={"accept": "text/html"})
        assert (page.status_code, "没有找到要看的内容" in page.text) == (404, True), page.text
