"""Who sees what: each role logs in, opens everything there is, and nothing of anybody else's is in it.

Three orders of three enterprises. The first is shared by two colleges (a third declined it); every number that could
be counted by mistake differs: sessions, offers, deadlines, heads.
"""

import ast
import asyncio
import json
import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from story_of_an_order import START, AnOrder, college, enterprise, id_of, instructor

import portal
from portal import directory
from portal.accounts import commands
from portal.boards.story import Told
from portal.desks.orders import in_scope, without_results
from portal.live import MOST_WAITING, Live, Signal
from portal.report import report
from portal.scope import Scope

PASSWORD = "a-good-password"
KEY = re.compile(r'name="key" value="([^"]+)"')
LEAD, OTHER_LEAD, STRANGER = id_of("person/1"), id_of("person/21"), id_of("person/31")
SHARED = AnOrder("shared", "2026-0101", "jinniu", "甲企业", heads=7)
OTHERS = AnOrder("others", "2026-0202", "jxlt", "乙企业", heads=11)
NEW = AnOrder("new", "2026-0303", "demo01", "丙企业", heads=13)
NUMBERS = {order.number for order in (SHARED, OTHERS, NEW)}
ENTERPRISES = {"甲企业", "乙企业", "丙企业", "Enterprise A", "Enterprise B", "Enterprise C"}
COLLEGES = {"一学院", "二学院", "三学院", "College One", "College Two", "College Three"}
PEOPLE = {"周海", "吴江", "郑湖"}
CERTIFICATE = "S000035000000264000777"

CLOSED = (
    SHARED.opened(2, OTHER_LEAD),
    SHARED.closed(2, there=5).model_copy(update={"person_id": OTHER_LEAD}),
)


def season():
    yield from (
        enterprise("jinniu", "甲企业", "Enterprise A"), enterprise("jxlt", "乙企业", "Enterprise B"),
        enterprise("demo01", "丙企业", "Enterprise C"),
        college("smtc", "一学院", "College One"), college("smu", "二学院", "College Two"),
        college("fjwp", "三学院", "College Three"),
        instructor(1, "smtc"), instructor(21, "smu"), instructor(31, "fjwp"),
    )  # fmt: skip
    yield from (SHARED.submitted(), SHARED.accepted(), SHARED.drafted(1, 5), SHARED.approved())
    yield SHARED.confirmed(sessions=5)
    yield from (SHARED.scheduled(n) for n in range(1, 6))
    later = START + timedelta(hours=90)
    first = {"assignment_id": id_of("shared/assignment/declined")}
    yield SHARED.offered(1, "fjwp", person=STRANGER).model_copy(update=first)
    yield SHARED.offer_declined(1, "fjwp", STRANGER).model_copy(update=first)
    yield SHARED.offered(1, "smtc", later, LEAD)
    yield from (SHARED.offered(n, "smu", person=OTHER_LEAD) for n in (2, 3, 4, 5))
    yield from (SHARED.offer_accepted(n, "smu", OTHER_LEAD) for n in (2, 3))
    yield from CLOSED
    yield from (OTHERS.submitted(), OTHERS.accepted(), OTHERS.drafted(2, 3), OTHERS.approved(2))
    yield from (
        OTHERS.confirmed(2, sessions=3),
        OTHERS.scheduled().model_copy(update={"proposed": STRANGER}),
        OTHERS.offered(1, "fjwp", person=STRANGER),
    )
    yield from (OTHERS.offer_accepted(1, "fjwp", STRANGER), OTHERS.opened(1, STRANGER))
    yield OTHERS.closed().model_copy(update={"person_id": STRANGER})
    yield OTHERS.issued(CERTIFICATE)
    yield NEW.submitted()


LOGINS = {
    "union": ({"union"}, "smftu", None),
    "jinniu": ({"enterprise"}, "jinniu", None), "jxlt": ({"enterprise"}, "jxlt", None),
    "demo02": ({"enterprise"}, "demo02", None),
    "smtc": ({"college"}, "smtc", None), "smu": ({"college"}, "smu", None), "fjwp": ({"college"}, "fjwp", None),
    "lead": ({"instructor"}, "smtc", LEAD), "other-lead": ({"instructor", "assessor"}, "smu", OTHER_LEAD),
    "idle": ({"assessor"}, "smu", id_of("person/99")),
}  # fmt: skip
SEEN = {
    "union": NUMBERS, "jinniu": {"2026-0101"}, "jxlt": {"2026-0202"}, "demo02": set(),
    "smtc": {"2026-0101"}, "smu": {"2026-0101"}, "fjwp": {"2026-0101", "2026-0202"},
    "lead": {"2026-0101"}, "other-lead": {"2026-0101"}, "idle": set(),
}  # fmt: skip
OWN_WORDS = {
    "jinniu": {"甲企业", "Enterprise A", "一学院", "二学院", "三学院", "College One", "College Two", "College Three",
               "周海", "吴江", "郑湖"},
    "jxlt": {"乙企业", "Enterprise B", "三学院", "College Three", "郑湖"},
    "demo02": set(),
    "smtc": {"甲企业", "Enterprise A", "一学院", "College One", "周海"},
    "smu": {"甲企业", "Enterprise A", "二学院", "College Two", "吴江"},
    "fjwp": {"甲企业", "Enterprise A", "乙企业", "Enterprise B", "三学院", "College Three", "郑湖"},
    "lead": {"甲企业", "Enterprise A", "一学院", "College One", "周海"},
    "other-lead": {"甲企业", "Enterprise A", "二学院", "College Two", "吴江"},
    "idle": {"二学院", "College Two"},
}  # fmt: skip
"""Everything else of these is somebody else's. A college and a person know the enterprise they go to."""


def scope_of(login: str) -> Scope:
    roles, organisation, person = LOGINS[login]
    return Scope.of(frozenset(roles), organisation, person)


@pytest.fixture(scope="module")
async def house(portal):
    await portal.deliver(*season())
    async with portal.transactions.begin() as tx:
        for person, name in zip((LEAD, OTHER_LEAD, STRANGER), ("周海", "吴江", "郑湖"), strict=True):
            await tx.execute(directory.KEEP, {"id": person, "name": name, "id_number": None})
        for login, (roles, organisation, person) in LOGINS.items():
            await commands.make_account(
                tx, login, PASSWORD, roles=roles, organisation=organisation, person=person, name="某人"
            )
    return portal


@pytest.fixture
def browser(house):
    async def log_in(login: str):
        client = house.client()
        (key,) = KEY.findall((await client.get("/login")).text)
        told = {"username": login, "password": PASSWORD, "key": key}
        assert (await client.post("/login", data=told)).status_code == 303
        return client

    return log_in


PAGES = ["/board", "/board?view=table", "/board/part", "/board/part?view=table", "/report", "/help",
         *(f"/board?q={word}" for word in ("2026", "企业", "Enterprise", "学院")),
         *(f"/orders/{name}/story{part}" for order in (SHARED, OTHERS, NEW)
           for name in (order.order_id, order.number) for part in ("", "?all=1", "/part?all=1"))]  # fmt: skip


async def everything(client) -> str:
    """All that a login can open, in both languages, the addresses asked for left out."""
    texts = []
    for path in PAGES:
        for language in ("zh", "en"):
            answer = await client.get(path, params={"lang": language} if "?" not in path else None)
            text = re.sub(r'(href|value|content|data-live|hx-get)="[^"]*"', "", answer.text)
            texts.append(re.sub(r'<p class="nt" role="note">.*?</p>', "", text, flags=re.DOTALL))
    return "\n".join(texts)


class TestPages:
    @pytest.mark.parametrize("login", LOGINS)
    async def test_nothing_of_anybody_else_is_on_any_page(self, browser, login):
        seen = await everything(await browser(login))
        assert set(re.findall(r"2026-0\d0\d", seen)) == SEEN[login]
        if login != "union":
            found = {word for word in ENTERPRISES | COLLEGES | PEOPLE if word in seen}
            assert found <= OWN_WORDS[login]
            assert (CERTIFICATE in seen) == (login == "jxlt")

    @pytest.mark.parametrize("login", [name for name in LOGINS if name != "union"])
    async def test_a_story_of_others_is_not_there(self, browser, login):
        client = await browser(login)
        for order in (SHARED, OTHERS, NEW):
            for name in (order.order_id, order.number):
                for way in ("story", "story/part"):
                    status = (await client.get(f"/orders/{name}/{way}")).status_code
                    assert status == (200 if order.number in SEEN[login] else 404), (login, name)

    async def test_a_college_counts_its_own_offers_only(self, browser):
        numbers = {}
        for login in ("smtc", "smu", "fjwp", "union"):
            page = (await (await browser(login)).get("/board")).text
            title = "院校未答复" if login == "union" else "等我们答复的邀约"
            numbers[login] = re.search(rf'{title}</span><span class="v">(\d+)', page)[1]
        assert numbers == {"smtc": "1", "smu": "2", "fjwp": "0", "union": "3"}

    async def test_a_card_says_what_is_asked_of_this_college(self, browser):
        waits = {}
        for login in ("smtc", "smu", "jinniu", "lead"):
            page = (await (await browser(login)).get("/board")).text
            waits[login] = re.search(r"data-wait>([^<]+)", page)[1].strip()
        assert waits == {
            "smtc": "等我们答复 1 场邀约", "smu": "等我们答复 2 场邀约",
            "jinniu": "等 一学院 和其他院校接受 3 场", "lead": "等 一学院 接受 1 场",
        }  # fmt: skip

    async def test_whoever_declined_has_nothing_left_and_reads_no_more_of_it(self, browser):
        client = await browser("fjwp")
        page = (await client.get("/board")).text
        assert "已没有我方的场次" in page
        told = (await client.get(f"/orders/{SHARED.order_id}/story?all=1")).text
        assert set(re.findall(r'data-type="([^"]+)"', told)) == {
            "order.accepted.v1", "assignment.offered.v1", "assignment.declined.v1",
        }  # fmt: skip

    async def test_a_person_without_a_session_reads_what_brings_one(self, browser):
        page = (await (await browser("idle")).get("/board")).text
        assert "data-empty" in page
        assert "院校接受邀约后" in page


class TestStory:
    async def test_a_college_reads_its_own_part_and_a_cause_of_others_is_not_told(self, browser):
        told = (await (await browser("smtc")).get(f"/orders/{SHARED.order_id}/story?all=1")).text
        types = re.findall(r'data-type="([^"]+)"', told)
        assert sorted(types) == ["assignment.offered.v1", "order.accepted.v1"]
        other = (await (await browser("smu")).get(f"/orders/{SHARED.order_id}/story?all=1")).text
        assert "session.closed.v1" in other
        assert "delivery.completed.v1" not in other

    async def test_the_enterprise_reads_the_whole_of_its_own(self, browser):
        told = (await (await browser("jinniu")).get(f"/orders/{SHARED.order_id}/story?all=1")).text
        facts = [fact for fact in season() if getattr(fact, "order_id", None) == SHARED.order_id]
        posted = any(fact.type.startswith("results.posted.") for fact in facts)
        read = [fact for fact in facts if posted or not fact.type.startswith("candidate.assessed.")]
        assert len(re.findall(r"data-type=", told)) == len(read)

    def test_the_enterprise_learns_who_passed_when_results_are_posted_and_not_of_a_cancelled_batch(self):
        told = [
            Told(n, uuid4(), "evaluation", "", n, fact.type, START, None, None, fact.model_dump(mode="json"))
            for n, fact in enumerate(
                (SHARED.planned(), SHARED.assessed(), SHARED.posted(), SHARED.batch_cancelled())
            )
        ]
        assert without_results(told[:2]) == told[:1]
        assert without_results(told[:3]) == told[:3]
        assert without_results(told) == [told[0], *told[2:]]

    async def test_a_cause_of_somebody_else_is_hidden(self, house, browser):
        cause = house.envelope(OTHERS.returned())
        because = house.envelope(SHARED.moved(1)).model_copy(update={"causationid": cause.id})
        await house.deliver_raw([(each.subject.encode(), each.to_bytes()) for each in (cause, because)])
        for login in ("jinniu", "smtc"):
            told = (await (await browser(login)).get(f"/orders/{SHARED.order_id}/story?all=1")).text
            assert "与其他单位有关" in told, login
            assert "花名册缺工种" not in told, login
        told = (await (await browser("union")).get(f"/orders/{SHARED.order_id}/story?all=1")).text
        assert "花名册缺工种" in told


class TestJson:
    @pytest.mark.parametrize("login", ["jinniu", "jxlt", "demo02", "smtc", "smu", "fjwp"])
    async def test_orders_and_stories_have_the_same_scope(self, house, login):
        roles, organisation, _ = LOGINS[login]
        client = house.client(*roles, organisation=organisation)
        orders = (await client.get("/orders.json")).json()
        assert {each["number"] for each in orders} == SEEN[login]
        told = json.dumps(orders, ensure_ascii=False)
        for order in (SHARED, OTHERS, NEW):
            answer = await client.get(f"/orders/{order.number}/story.json", params={"lang": "en"})
            assert answer.status_code == (200 if order.number in SEEN[login] else 404)
            if answer.status_code == 200:
                told += answer.text
                positions = [fact["position"] for fact in answer.json()["facts"]]
                assert positions == list(range(1, len(positions) + 1))
        assert {word for word in ENTERPRISES | COLLEGES | PEOPLE if word in told} <= OWN_WORDS[login]
        assert (await client.get("/report.json")).status_code == 403
        assert (await client.get("/accounts")).status_code == 403

    async def test_a_college_reads_its_own_figures(self, house):
        client = house.client("college", organisation="smtc")
        (order,) = (await client.get("/orders.json")).json()
        assert order["figures"] == {"count": 1, "college": "smtc", "others": 0, "firm": 0}


class TestReport:
    @pytest.mark.parametrize(
        ("login", "orders", "held", "person_times", "sent", "certificates"),
        [
            ("union", 3, 2, 16, 7, 1), ("jinniu", 1, 1, 5, 6, 0), ("jxlt", 1, 1, 11, 1, 1), ("demo02", 0, 0, 0, 0, 0),
            ("smtc", 1, 0, 0, 1, 0), ("smu", 1, 1, 5, 4, 0), ("fjwp", 2, 1, 11, 2, 0), ("other-lead", 1, 1, 5, 4, 0),
            ("idle", 0, 0, 0, 0, 0),
        ],
    )  # fmt: skip
    async def test_it_counts_what_is_in_scope(
        self, house, login, orders, held, person_times, sent, certificates
    ):
        async with house.transactions.begin() as tx:
            figures = await report(tx, scope_of(login))
        assert sum(figures["orders"].values()) == orders
        assert (figures["sessions"]["held"], figures["person_times"]) == (held, person_times)
        assert figures["offers"]["sent"] == sent
        assert figures["certificates"]["issued"] == certificates
        assert sum(place["person_times"] for place in figures["by"]["county"].values()) == person_times

    async def test_the_page_is_the_unions(self, browser):
        for login in LOGINS:
            status = (await (await browser(login)).get("/report")).status_code
            assert status == (200 if login == "union" else 403)


class TestSignals:
    @pytest.mark.parametrize("login", LOGINS)
    async def test_a_stream_names_only_orders_in_scope(self, house, login):
        live, scope = Live(), scope_of(login)

        async def theirs(orders):
            async with house.transactions.begin() as tx:
                return await in_scope(tx, scope, list(orders))

        stream = live.signals(theirs)
        assert "event: open" in await anext(stream)
        for order in (SHARED, OTHERS, NEW):
            live.tell(Signal(str(order.order_id), 3))
        live.tell(Signal())
        heard = ""
        while '"order":""' not in heard:
            heard += await anext(stream)
        await stream.aclose()
        named = {order.number for order in (SHARED, OTHERS, NEW) if str(order.order_id) in heard}
        assert named == SEEN[login]

    async def test_a_page_hears_first_what_was_told_since_it_was_begun(self, monkeypatch):
        now = [1000.0]
        monkeypatch.setattr("portal.live.time.time", lambda: now[0])
        live = Live()

        async def first(since):
            stream = live.signals(lambda orders: asyncio.sleep(0, orders), since)
            await anext(stream)
            live.tell(Signal(str(OTHERS.order_id), 9))
            heard = await anext(stream)
            await stream.aclose()
            return heard

        for now[0], version in ((1010.0, 1), (1020.0, 2)):
            live.tell(Signal(str(SHARED.order_id), version))
        assert '"version":2' in await first(1015.0)
        assert '"version":9' in await first(1030.0), "whatever is older stands on the page"
        assert '"version":9' in await first(None)
        assert '"order":""' in await first(900.0), "nobody knows what was told before: it looks at everything"

    async def test_a_slow_page_looks_at_everything_and_the_others_hear_what_was_told(self):
        live = Live()

        async def everything(orders):
            return orders

        streams = [live.signals(everything) for _ in range(8)]
        for stream in streams:
            await anext(stream)
        slow, *quick = streams
        for version in range(1, MOST_WAITING + 1):
            live.tell(Signal(str(SHARED.order_id), version))
        heard = [await anext(stream) for stream in quick]
        assert all(f'"version":{MOST_WAITING}' in each for each in heard)
        for version in (
            MOST_WAITING + 1,
            MOST_WAITING + 2,
        ):  # one is on its way to the slow one, the others wait
            live.tell(Signal(str(SHARED.order_id), version))
        heard = [await anext(stream) for stream in quick]
        assert [f'"version":{MOST_WAITING + 2}' in each for each in heard] == [True] * len(quick)
        told = ""
        while '"order":""' not in told:
            told += await anext(slow)
        for stream in streams:
            await stream.aclose()


class TestCauses:
    """Last: it lets something more happen."""

    async def test_what_led_to_an_offer_in_the_part_of_others_is_left_out(self, house, browser):
        cause = house.envelope(SHARED.scheduled(9))
        offer = house.envelope(SHARED.offered(9, "smtc", person=LEAD)).model_copy(
            update={"causationid": cause.id}
        )
        over = house.envelope(SHARED.offer_declined(9, "smtc", LEAD))
        await house.deliver_raw([(each.subject.encode(), each.to_bytes()) for each in (cause, offer, over)])
        told = {}
        for login in ("smtc", "jinniu"):
            page = (await (await browser(login)).get(f"/orders/{SHARED.order_id}/story?all=1")).text
            told[login] = page[page.index(f'id="f-{offer.id}"') :].split("</li>")[0]
        assert "因为" not in told["smtc"]
        assert "因为：排定" in told["jinniu"]


TABLES = {
    "order_card",
    "session_row",
    "offer_row",
    "evaluation_row",
    "certificate_row",
    "person_row",
    "survey_row",
}
MAY = {
    "desks/orders.py": "the reads that take a scope", "report.py": "takes a scope",
    "scope.py": "the conditions themselves", "web/names.py": "names of people, within a scope",
    "desks/public/pages.py": "one certificate by its number, for anybody",
    "desks/public/proof.py": "how that one certificate was earned, in counts and days",
    "directory.py": "whose name is unknown; shows nothing",
    "reactions.py": "writes", "verify.py": "compares",
    "rebuilt_rows.py": "writes", "rebuilt_tables.py": "writes",
    "whose.py": "whose people are on joint orders: conditions beside those of a scope",
    "desks/past_orders.py": "takes a scope", "desks/enterprise/certificates.py": "a condition beside those of a scope",
    "desks/subsidy/pages.py": "a condition beside those of a scope",
    "desks/union/way_back_pages.py": "a number's order, read in scope; of surveys what is in scope",
    "desks/past.py": "takes a scope, and an order that was read in it",
    "desks/coverage/read.py": "takes a scope, and an order that was read in it",
    "desks/watch/pages.py": "takes a scope", "desks/evaluation/arranged.py": "people sent, within a scope",
    "desks/college/became.py": "facts of an order, shown only where its story in the scope tells them",
    "calendars/due.py": "a person's own duties and an enterprise's own sessions, whose they are by the scope",
    "desks/report/read.py": "the whole federation's figures, on pages that are the union's and administrators' alone",
    "desks/aftercare/read.py": "takes a scope",
    "desks/report/session.py": "takes a scope",
    "desks/published/schedule.py": "classes and batches to come without people and enterprises, for anybody",
    "desks/people/left.py": "what waits for one person, for whoever manages their organisation",
    "desks/instructor/week.py": "a person's own sessions, by the person",
    "desks/instructor/sheet.py": "unit and works of a session that evaluation has told the viewer of",
}  # fmt: skip


class TestHouse:
    """Scope stands below the routes: whoever shows something cannot read the boards past it."""

    def test_only_reads_with_a_scope_import_the_boards_tables(self):
        package = Path(portal.__file__).parent
        found = set()
        for path in package.rglob("*.py"):
            name = str(path.relative_to(package))
            if name.startswith(("boards/", "migrations/")):
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("portal.boards"):
                    names = {alias.name for alias in node.names}
                    if names & TABLES or (name != "desks/orders.py" and "story" in names):
                        found.add(name)
        assert found <= MAY.keys()
