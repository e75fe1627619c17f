"""Order-intake on a real database, and people who use it."""

import base64
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from order_intake.main import build
from order_intake.settings import Settings
from servicekit.clock import move_clock
from servicekit.testing import Client, ServiceUnderTest, service_on

from .builders import KEY, a_roster_file, an_id_number

PROGRAMMES = Path(__file__).parents[3] / "programmes"
START = datetime(2027, 3, 1, 1, tzinfo=UTC)
LINE = {
    "service": "theory_training",
    "occupation": "6-31-01-03",
    "level": "L5",
    "earliest": "2027-04-01",
    "latest": "2027-06-30",
    "bands": ["pm"],
}
WHY = {"reasons": [{"code": "roster.too_few", "figures": {"least": 30}}], "note": "人数太少，请补充"}
ENTERPRISES = {
    "jinniu": ("91350428MAXXX00156", "福建金牛水泥集团有限公司", "350428", "4x3"),
    "bgzb": ("91350481MAXXX0023Q", "福建兵工装备有限公司", "350481", "day"),
}


@pytest.fixture(scope="module")
async def intake(database):
    key = base64.b64encode(KEY).decode()
    async with service_on(database, build, Settings, index_key=key, programmes=PROGRAMMES) as service:
        async with service.transactions.begin() as tx:
            await move_clock(tx, START)
        union = service.client("union", organisation="smftu")
        for id_, (code, name, division, pattern) in ENTERPRISES.items():
            answer = await union.post("/enterprises", json=an_enterprise(id_, code, name, division, pattern))
            assert answer.status_code == 201, answer.text
        yield service


@pytest.fixture(autouse=True)
async def _anew(request):
    if "intake" in request.fixturenames:
        await request.getfixturevalue("intake").forget()


@pytest.fixture
def union(intake) -> Client:
    return intake.client("union", organisation="smftu")


@pytest.fixture
def jinniu(intake) -> Client:
    return intake.client("enterprise", organisation="jinniu")


@pytest.fixture
def bgzb(intake) -> Client:
    return intake.client("enterprise", organisation="bgzb")


@pytest.fixture
def given(intake) -> "Given":
    return Given(intake)


def an_enterprise(id_: str, code: str, name: str, division: str, pattern: str) -> dict[str, Any]:
    return {
        "enterprise_id": id_,
        "credit_code": code,
        "name": name,
        "division": division,
        "industry": "cement",
        "shift_pattern": pattern,
        "shift_anchor": "2026-01-01",
        "pilot": True,
    }


class Given:
    """Brings orders into the state a test begins with, by the same routes that people use."""

    serial = 0

    def __init__(self, intake: ServiceUnderTest) -> None:
        self.union = intake.client("union", organisation="smftu")
        self.clerk = intake.client("enterprise", organisation="jinniu")

    def new_people(self, heads: int, crews: str = "ABCD") -> list[tuple[object, ...]]:
        """People nobody has seen in this module."""
        rows = []
        for at in range(heads):
            Given.serial += 1
            born = date(1960 + Given.serial // 900 % 40, 1 + Given.serial // 36000 % 12, 15)
            number = an_id_number(Given.serial % 900, born=born.strftime("%Y%m%d"))
            rows.append((f"演示{'甲乙丙丁'[at % 4]}", number, crews[at % len(crews)], 5, "L5"))
        return rows

    async def a_draft(self, *lines: dict[str, Any], people: int = 8, clerk: Client | None = None) -> str:
        clerk = clerk or self.clerk
        asked = {"programme": "send-teachers-home", "lines": list(lines or (LINE,))}
        answer = await clerk.post("/orders", json=asked)
        assert answer.status_code == 201, answer.text
        order: str = answer.json()["order_id"]
        if people:
            rows = self.new_people(people, "A" if clerk is not self.clerk else "ABCD")
            await self.roster(order, rows, clerk=clerk)
            for line in range(2, len(lines) + 1):
                copied = await clerk.post(f"/orders/{order}/lines/{line}/roster/same-as/1")
                assert copied.status_code == 200, copied.text
        return order

    async def roster(self, order: str, rows, *, line: int = 1, clerk: Client | None = None) -> dict[str, Any]:
        answer = await (clerk or self.clerk).post(
            f"/orders/{order}/lines/{line}/roster?take=true", files=a_roster_file(rows)
        )
        assert answer.status_code == 200, answer.text
        taken: dict[str, Any] = answer.json()
        return taken

    async def a_submitted(self, *lines: dict[str, Any], people: int = 8) -> str:
        order = await self.a_draft(*lines, people=people)
        answer = await self.clerk.post(f"/orders/{order}/submit")
        assert answer.status_code == 204, answer.text
        return order

    async def an_accepted(self, *lines: dict[str, Any], people: int = 8) -> str:
        order = await self.a_submitted(*lines, people=people)
        answer = await self.union.post(f"/orders/{order}/accept")
        assert answer.status_code == 204, answer.text
        return order
