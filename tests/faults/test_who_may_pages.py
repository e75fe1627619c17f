"""Every page and every form of the portal, as every role, of one's own and of another organisation."""

import html
import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from pydantic import TypeAdapter
from starlette.datastructures import UploadFile

from portal.accounts import commands, logins, store
from portal.accounts.store import Account
from portal.desks.frame import WAYS
from portal.web.text import catalogue

from .doors import Door
from .house import ORGANISATION, PEOPLE, SOMEBODY, House, neighbours_in_reach, no_failure_logged
from .who_may_pages import BY_LINK, BY_SCRIPT, FORMS, MANAGER, PAGES, STREAMS, WITHOUT_KEY, who_may_see

OTHER = {"enterprise": "bgzb", "college": "smu", "instructor": "smu", "assessor": "smu", "manager": "bgzb"}
"""Organisations to which nothing of the story belongs."""
VIEWERS = [(role, True) for role in (*PEOPLE, MANAGER)] + [(role, False) for role in OTHER]
TABLE = "tests/faults/who_may_pages.py"
COOKIE = "sj_login"
NO = ("error.forbidden", "error.not_found", "error.no_desk")
CANNOT_BE_SHOWN = "error.title"
"""What every page says that turns somebody away, or cannot read a form, and no page of a desk."""
ANY = {"kind": "improvements"}
ANSWERS = re.compile(r"\d{4}-\d{4}|[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclass(frozen=True)
class Page:
    """A route of the portal that people come to; `fields` are what its form has to hold, by name."""

    method: str
    path: str
    fields: dict[str, Any]

    @property
    def line(self) -> str:
        return f"{self.method:<4} {self.path}"


@cache
def pages(house: House) -> list[Page]:
    """All of them, as they are served."""
    found = []
    for route in iter_route_contexts(house.services["portal"].service.app.routes):
        endpoint = getattr(route, "endpoint", None)
        if endpoint is None or route.include_in_schema or not endpoint.__module__.startswith("portal."):
            continue
        for method in route.methods - {"HEAD"}:
            given = route.dependant.body_params if route.dependant else []
            found.append(Page(method, route.path, {each.alias: each for each in given}))
    return found


def form_of(page: Page, key: str) -> dict[str, Any]:
    """A form with every field that the page asks for, as `data` and `files` of a request."""
    if page.path in BY_SCRIPT:
        return {"json": {}}
    data: dict[str, Any] = {"key": key}
    files: dict[str, Any] = {}
    for name, field in page.fields.items():
        if name == "key":
            data[name] = key
        elif UploadFile in getattr(field.field_info.annotation, "__mro__", ()):
            files[name] = ("a.csv", b"x")
        else:
            schema = _schema(page, name)
            if "properties" in schema:  # a form told as a model
                wanted = schema["properties"].items()
                data |= {each: key if each == "key" else _value(one, schema) for each, one in wanted}
            elif field.field_info.is_required():
                data[name] = _value(schema, schema)
    return {"data": data | FORMS.get(page.path, {}), **({"files": files} if files else {})}


SCHEMAS: dict[tuple[str, str], dict[str, Any]] = {}


def _schema(page: Page, name: str) -> dict[str, Any]:
    """Of a field of a form: made once, every page is asked for by everybody."""
    if (page.path, name) not in SCHEMAS:
        info = page.fields[name].field_info
        SCHEMAS[page.path, name] = TypeAdapter(Annotated[info.annotation, info]).json_schema()
    return SCHEMAS[page.path, name]


def _value(schema: dict[str, Any], whole: dict[str, Any]) -> Any:
    """Something of this type."""
    if "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].rpartition("/")[2]]
    for either in ("anyOf", "allOf"):
        if either in schema:
            schema = schema[either][0]
    if "enum" in schema or "const" in schema:
        return schema.get("enum", [schema.get("const")])[0]
    kind, form = schema.get("type"), schema.get("format")
    if kind in {"integer", "number"}:
        return schema.get("minimum", 1)
    if kind == "array":
        return [_value(schema.get("items", {}), whole)]
    of = {"uuid": SOMEBODY, "date": "2027-04-12", "date-time": "2027-04-12T08:00:00Z", "time": "08:00"}
    return of.get(form or "", "true" if kind == "boolean" else "x" * max(1, schema.get("minLength", 1)))


@pytest.fixture(scope="module")
async def viewers(house):
    """The cookie of somebody logged in, by role and whether of the story's organisations; gone afterwards."""
    cookies, order = {}, house.known["order_id"]
    made: list[UUID] = []
    async with house.services["portal"].transactions.begin() as tx:
        for role, own in VIEWERS:
            person = house.known["person_id" if own else "others_person"]
            sent = role in {"instructor", "assessor"}
            theirs = {"instructor": "smtc", "assessor": "smtc", MANAGER: ORGANISATION["enterprise"]}
            organisation = (ORGANISATION | theirs) if own else OTHER
            roles = frozenset({"enterprise" if role == MANAGER else role})
            account = Account(
                uuid4(), f"page-{role}-{own}", "no password", roles, organisation.get(role),
                UUID(person) if sent else None, "演示", manages=role == MANAGER,
            )  # fmt: skip
            assert await store.add(tx, account)
            made.append(account.id)
            cookies[role, own] = await logins.log_in(tx, account, hours=12)
        # the page of a joint order is there for an order that has one
        await tx.driver.execute("update order_card set joint = order_id where order_id = $1::uuid", order)
    with neighbours_in_reach(house):
        yield cookies
    async with house.services["portal"].transactions.begin() as tx:
        await tx.driver.execute("update order_card set joint = null where order_id = $1::uuid", order)
        for table, column in (("login", "account_id"), ("seen", "account_id"), ("account", "id")):
            await tx.driver.execute(f"delete from {table} where {column} = any($1::uuid[])", made)


def browser(house: House, cookie: str | None) -> httpx.AsyncClient:
    client = house.services["portal"].client()
    client.headers.update({"accept": "text/html", "accept-language": "en"})
    if cookie:
        client.cookies.set(COOKIE, cookie)
    return client


async def answer_of(house: House, page: Page, cookie: str | None, known: dict[str, str], **more: Any):
    address = Door("portal", page.method, page.path).address(known | ANY)
    key = more.pop("key", "made-up")
    given = form_of(page, key) if page.method == "POST" else {}
    with no_failure_logged():
        return await browser(house, cookie).request(page.method, address, **given, **more)


def said(answer: httpx.Response, *keys: str) -> bool:
    text = html.unescape(answer.text)
    return any(catalogue("en")[key] in text for key in keys)


def let_in(page: Page, answer: httpx.Response) -> bool:
    """Whether the page was shown, or the form was looked at: its key is not ours, so nothing more came of it."""
    if page.method == "POST":
        return answer.status_code in {200, 403, 409, 422} and not said(answer, CANNOT_BE_SHOWN)
    if answer.status_code == 303:
        return not answer.headers["location"].startswith("/login")
    return answer.status_code < 500 and answer.status_code != 422 and not turned_away(answer)


def turned_away(answer: httpx.Response) -> bool:
    return answer.status_code in {403, 404} and said(answer, *NO)


def rows() -> list[tuple[str, str]]:
    return list(who_may_see())


def page_of(house: House, method: str, path: str) -> Page:
    bare = path.partition("?")[0]
    found = next(each for each in pages(house) if (each.method, each.path) == (method, bare))
    return Page(method, path, found.fields)


def test_every_page_has_its_line(house):
    there = {(page.method, page.path): page for page in pages(house)}
    told = {(method, path.partition("?")[0]) for method, path in who_may_see()}
    missing = [page.line for key, page in there.items() if key not in told]
    assert not missing, f"say who may see these, in {TABLE}, one line each (and the roles):\n" + "\n".join(
        missing
    )
    gone = sorted(told - set(there))
    assert not gone, f"these pages are no more, their lines in {TABLE} can go: {gone}"
    assert len(told) == len([row for row in PAGES.splitlines() if row.strip()]), "a page has one line"


def test_no_way_of_the_rail_leads_to_a_page_that_is_not_theirs():
    may = {
        path.partition("?")[0]: roles for (method, path), roles in who_may_see().items() if method == "GET"
    }
    wrong = {
        (way.href, role) for way in WAYS for role in way.roles if role not in may[way.href.partition("?")[0]]
    }
    assert not wrong, f"the rail leads people to pages from which {TABLE} says they are turned away"


WAY = re.compile(r'(?:<a [^>]*href|<form [^>]*action)="(/[^"#?]*)[^"]*"')
WAYS_OF_ALL = ("/static/", "/c/", "/s/")


@cache
def may_go(way: str, role: str) -> bool:
    """Whether the table lets this role in there; a way that is in no row of it leads nowhere."""
    for (_, path), may in who_may_see().items():
        pattern = re.sub(r"\\\{[a-z_]+\\\}", "[^/]+", re.escape(path.partition("?")[0]))
        if role in may and re.fullmatch(pattern, way):
            return True
    return way.startswith(WAYS_OF_ALL)


class TestEveryPage:
    @pytest.mark.parametrize(
        ("role", "own"), VIEWERS, ids=[f"{r}-{'own' if o else 'other'}" for r, o in VIEWERS]
    )
    async def test_as_the_table_says(self, house, viewers, role, own):
        wrong = []
        for (method, path), may in who_may_see().items():
            page = page_of(house, method, path)
            if page.path in BY_LINK or (page.path in WITHOUT_KEY and method == "POST"):
                continue
            expected = role in may and (own or may[role])
            if expected and page.path in STREAMS:
                continue
            answer = await answer_of(house, page, viewers[role, own], house.known)
            if answer.status_code == 422 and method == "POST" and not let_in(page, answer):
                wrong.append(
                    f"{page.line}: the form does not fit ({answer.text[:200]}); an example goes into FORMS"
                )
            elif expected and method == "GET" and (shut := shut_ways(answer, role)):
                wrong.append(f"{page.line}: leads to {', '.join(shut)}, which are not theirs")
            elif not (let_in(page, answer) if expected else turned_away(answer)):
                wish = "let in" if expected else "turned away"
                wrong.append(f"{page.line}: should be {wish}, is {answer.status_code} {_told(answer)}")
        assert not wrong, f"as {role} of {'their own' if own else 'another'} ({TABLE}):\n" + "\n".join(wrong)

    @pytest.mark.parametrize("role", OTHER)
    async def test_what_is_anothers_answers_as_if_it_were_not_there(self, house, viewers, role):
        nothing = dict.fromkeys(house.known, SOMEBODY)
        for (method, path), may in who_may_see().items():
            if "{" not in path or may.get(role) is not False:
                continue
            page = page_of(house, method, path)
            there, nowhere = [
                await answer_of(house, page, viewers[role, False], known) for known in (house.known, nothing)
            ]
            assert there.status_code == nowhere.status_code, page.line
            assert _same(there.text) == _same(nowhere.text), page.line

    async def test_whoever_is_not_logged_in_logs_in_first(self, house, viewers):
        async with house.nothing_stored("portal"):
            for (method, path), may in who_may_see().items():
                if "nobody" in may:
                    continue
                page = page_of(house, method, path)
                answer = await answer_of(house, page, None, house.known)
                assert answer.status_code == 303, f"{page.line}: {answer.status_code}"
                assert answer.headers["location"].startswith("/login?back=%2F"), page.line

    async def test_a_form_of_another_site_or_with_a_made_up_key_does_nothing(self, house, viewers):
        """The key that is good here is of this browser; the site that sends it is not ours."""
        for (method, path), may in who_may_see().items():
            page = page_of(house, method, path)
            if method != "POST" or page.path in WITHOUT_KEY | BY_LINK | BY_SCRIPT:
                continue
            role = next(iter(may))
            good = commands.new_form_key(viewers[role, True])
            for key, site in (("made-up", "same-origin"), (good, "cross-site"), (good, "same-site")):
                async with house.nothing_stored(*house.services):
                    headers = {"sec-fetch-site": site}
                    answer = await answer_of(
                        house, page, viewers[role, True], house.known, key=key, headers=headers
                    )
                assert let_in(page, answer), f"{page.line} {site}: {answer.status_code} {_told(answer)}"


def shut_ways(answer: httpx.Response, role: str) -> list[str]:
    """Links and forms of a page behind which this role is turned away."""
    html_ = answer.text if answer.headers.get("content-type", "").startswith("text/html") else ""
    ways = {html.unescape(way) for way in WAY.findall(html_)}
    return sorted(
        way for way in ways if "//" not in way and not may_go(way, role)
    )  # `//`: a script fills it in


def _told(answer: httpx.Response) -> str:
    shown = re.search(r'class="nt [^>]*>(.*?)</p>', answer.text, re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", shown[1] if shown else answer.text[:200]).strip()


def _same(text: str) -> str:
    """Without what the address itself brings into the page, keys of forms, and the moment it was begun."""
    return ANSWERS.sub("", re.sub(r'(?:value|data-began)="[^"]*"', "", text))


class Away(httpx.AsyncBaseTransport):
    """Neighbours that do not answer, fail, or talk nonsense."""

    def __init__(self, how: str) -> None:
        self._how = how

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._how == "away":
            raise httpx.ConnectError("nobody there", request=request)
        if self._how == "failing":
            return httpx.Response(500, text="a detail that nobody reads", request=request)
        return httpx.Response(200, json={"surprise": 1}, request=request)


class TestWhenSomethingIsBroken:
    @pytest.mark.parametrize("how", ["away", "failing", "talking nonsense"])
    async def test_a_neighbour_that_is_away_leaves_every_page_standing(self, house, viewers, how):
        transactions = house.services["portal"].transactions
        before = transactions.known
        broken = replace(before.neighbours, transport=Away(how))
        transactions.known = replace(before, neighbours=broken)
        try:
            wrong = []
            for page, cookie in allowed(house, viewers):
                answer = await answer_of(house, page, cookie, house.known)
                away = answer.status_code == 503 and (page.path in BY_SCRIPT or said(answer, "error.away"))
                stands = away or (page.path not in BY_SCRIPT and let_in(page, answer))
                if not stands or "a detail" in answer.text:
                    wrong.append(f"{page.line}: {answer.status_code} {_told(answer)}")
        finally:
            transactions.known = before
        assert not wrong, "\n".join(wrong)

    async def test_a_failure_tells_its_number_and_nothing_else(self, house, viewers, monkeypatch):
        """Whatever breaks under a page: here the very reading of the database."""
        transactions = house.services["portal"].transactions

        def breaks(*_: object, **__: object):
            raise RuntimeError("a detail that nobody reads")

        monkeypatch.setattr(transactions, "begin", breaks)
        broken = 0
        for page, cookie in allowed(house, viewers):
            address = Door("portal", page.method, page.path).address(house.known | ANY)
            for language in ("zh", "en"):
                headers = {"accept-language": language}
                answer = await browser(house, cookie).get(address, headers=headers)
                assert "a detail" not in answer.text, page.line
                if answer.status_code == 500:
                    broken += 1
                    assert answer.headers["content-type"].startswith("text/html"), page.line
                    assert re.search(r"\b[0-9a-f]{8}\b", answer.text), f"{page.line} names no number"
                    assert catalogue(language)["error.what_now"] in answer.text
        assert broken > len(rows()) // 2


def allowed(house: House, viewers: dict[tuple[str, bool], str]) -> list[tuple[Page, str]]:
    """Every page that can be read, each with the cookie of somebody who may."""
    return [
        (page_of(house, method, path), viewers[next(iter(may)), True])
        for (method, path), may in who_may_see().items()
        if method == "GET" and path not in STREAMS | BY_LINK
    ]
