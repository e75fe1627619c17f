"""The portal's pages, asked for in every wrong way: a page or a refusal, never a failure, and no script let in."""

import re

import pytest

from .house import PEOPLE, SERVICES, SOMEBODY, no_failure_logged

SCRIPT = "<script>alert(1)</script>"
WRONG = (
    SCRIPT,
    "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "%00",
    "%ff%fe",
    "%ED%A0%80",
    "1' or '1'='1",
    "{{7*7}}",
    "%0d%0aSet-Cookie:%20a=b",
    "%E4%B8%89%E6%98%8E",
    "9" * 3000,
    "Y" + "%EF%BC%99" * 21,
)
PAGES = (
    "/c?number={}",
    "/c?number=S000035000000264000001&k={}",
    "/c/{}",
    "/c/S000035000000264000001?k={}",
    "/c/S000035000000264000001?lang={}",
    "/login?back={}",
    "/login?back=//{}",
    "/login?lang={}",
    "/board?lang={}",
    "/board?state={}",
    "/board?q={}",
    "/board/part?board={}",
    "/orders/{}/story",
    "/orders/{}/story/part",
    "/orders/{}/story.json?lang=zh",
    f"/orders/{SOMEBODY}/story.json?lang={{}}",
    "/report?lang={}",
    "/report?by={}",
    "/static/{}",
    "/static/..%2f..%2f{}",
    "/parts?lang={}",
    "/?{}",
    "/{}",
)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", [None, "union", "enterprise"])
async def test_a_page_asked_for_wrongly_is_no_failure(house, page, role):
    house.services["portal"].service.app.state.public.checks.most = 100_000
    client = house.client("portal", *([role] if role else []))
    async with house.nothing_stored("portal"):
        with no_failure_logged():
            for wrong in WRONG:
                answer = await client.get(page.format(wrong))
                assert answer.status_code < 500, (page, wrong, answer.text[:300])
                assert SCRIPT not in answer.text, (page, wrong)
                assert "alert(1)" not in answer.headers.get("location", "").replace("%3C", ""), page
                assert not answer.headers.get("location", "").startswith(("//", "http:", "https:")), page
                assert "set-cookie" not in answer.headers or "a=b" not in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"data": {"username": "admin"}},
        {"data": {"username": "admin", "password": "x", "key": "x"}},
        {"data": {"username": "a\0b", "password": "x\0", "key": "\0"}},
        {"data": {"username": SCRIPT, "password": "x", "key": "x", "back": "//elsewhere"}},
        {"data": {"username": "u" * 301, "password": "x", "key": "x"}},
        {"json": {"username": "admin", "password": "x", "key": "x"}},
        {
            "content": b"\xff\xfe=%ff&username=%",
            "headers": {"content-type": "application/x-www-form-urlencoded"},
        },
        {"content": b"a=1&" * 20_000, "headers": {"content-type": "application/x-www-form-urlencoded"}},
        {"content": b"x" * 1_100_000, "headers": {"content-type": "application/x-www-form-urlencoded"}},
    ],
)
@pytest.mark.parametrize("address", ["/login", "/logout"])
async def test_a_form_that_is_none_lets_nobody_in(house, address, body):
    client = house.client("portal")
    async with house.nothing_stored("portal"):
        with no_failure_logged():
            answer = await client.post(address, **body)
    assert answer.status_code < 500, answer.text[:300]
    assert "sj_login" not in answer.headers.get("set-cookie", "")
    assert SCRIPT not in answer.text
    assert not answer.headers.get("location", "").startswith("//")


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "x" * 5000,
        "a\tb",
        "sj",
        "0" * 64,
        '"; drop table account; --',
        "%00",
        "é".encode().decode("latin-1"),
    ],
)
async def test_a_cookie_that_is_none_is_no_login(house, cookie):
    client = house.client("portal")
    headers = {"cookie": f"sj_login={cookie}; sj_lang={cookie}; sj_form={cookie}".encode()}
    with no_failure_logged():
        for address in ("/board", "/report", "/events", "/login", f"/orders/{SOMEBODY}/story"):
            answer = await client.get(address, headers=headers)
            assert answer.status_code in {200, 303, 401, 403}, (address, answer.text[:300])
            assert address == "/login" or answer.status_code != 200


@pytest.mark.parametrize("role", [role for role in PEOPLE if role not in {"union", "administrator"}])
async def test_the_unions_board_is_the_unions(house, role):
    answer = await house.client("portal", role).get("/board", headers={"accept": "text/html"})
    assert answer.status_code in {303, 401, 403}


async def test_an_address_that_is_none_is_a_page_for_people_and_a_problem_for_programs(house):
    client = house.client("portal")
    page = await client.get("/no-such-page", headers={"accept": "text/html", "accept-language": "zh"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "没有这个页面" in page.text
    assert ('href="/login"' in page.text, 'href="/board"' in page.text) == (True, False), (
        "a visitor has no orders"
    )
    told = await client.get("/no-such-page", headers={"accept": "application/json"})
    assert (told.status_code, told.json()["code"]) == (404, "request.no_such_address")


@pytest.mark.parametrize("service", SERVICES)
async def test_the_services_own_description_needs_nothing_from_elsewhere(house, service):
    client = house.client(service)
    page = (await client.get("/docs")).text
    for address in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert address.startswith("/"), address
        assert (await client.get(address)).status_code == 200, address
    described = (await client.get("/openapi.json")).json()
    assert described["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
