"""One story through all services, so that bad input meets things that exist: ids go to `house.known`.

Two orders of one enterprise are in force, one for training and one for evaluation; a third is a draft, and
another enterprise has a draft too. People are generated; every ID number is invented.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count, islice
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from order_intake.rosters.id_number import check_character
from servicekit.testing import Client
from servicekit.testing_servers import database_url

from .house import SERVICES, House, a_house

ENTERPRISES = {
    "jinniu": ("91350428MAXXX00156", "福建金牛水泥集团有限公司", "350428"),
    "bgzb": ("91350481MAXXX0023Q", "福建兵工装备有限公司", "350481"),
}
ELECTRICIAN = "6-31-01-03"
LINE = {
    "service": "theory_training",
    "occupation": ELECTRICIAN,
    "level": "L5",
    "units": ["el5-safety"],
    "bands": ["eve"],
    "earliest": "2027-04-05",
    "latest": "2027-06-25",
    "release_cap_minutes": 480,
}
EVALUATION_LINE = LINE | {"service": "skill_evaluation", "units": [], "bands": []}
SERIALS = count(1)
HEAD = "姓名,身份证号,班组,从业年限,现有等级"


def good(answer: httpx.Response) -> Any:
    """What a request that had to succeed answered."""
    assert answer.is_success, f"{answer.request.url}: {answer.status_code} {answer.text}"
    return answer.json() if answer.content else None


def a_number(serial: int) -> str:
    """A valid ID number that belongs to nobody in particular."""
    first = f"350402{1970 + serial // 900}0115{serial % 900:03d}"
    return first + check_character(first)


def a_roster(heads: int, encoding: str = "utf-8") -> bytes:
    """A roster as CSV, of people nobody has seen yet."""
    rows = [f"演示{'甲乙丙丁'[at % 4]},{a_number(at)},A,8," for at in islice(SERIALS, heads)]
    return "\r\n".join([HEAD, *rows]).encode(encoding)


@dataclass(frozen=True)
class Played:
    """The story as it was played once: its databases, which nobody uses any more and everybody copies."""

    server: str
    databases: Mapping[str, str]
    """Names, by service."""
    known: Mapping[str, str]
    carried: Mapping[str, int]


@asynccontextmanager
async def played_once(server: str) -> AsyncIterator[Played]:
    """The story on databases of this server, to be copied: playing it takes half a minute, a copy a second."""
    async with _databases(server) as names:
        async with a_house(_urls(server, names)) as house:
            await play(house)
            known, carried = dict(house.known), dict(house.carried)
        yield Played(server, names, known, carried)


@asynccontextmanager
async def a_played_house(played: Played) -> AsyncIterator[House]:
    """All services on databases of their own, with the story in them."""
    async with (
        _databases(played.server, played.databases) as names,
        a_house(_urls(played.server, names), anew=False) as house,
    ):
        house.known.update(played.known)
        house.carried.update(played.carried)
        yield house


@asynccontextmanager
async def _databases(server: str, like: Mapping[str, str] | None = None) -> AsyncIterator[Mapping[str, str]]:
    """One for each service, empty or copied, by name; gone afterwards."""
    names = {service: f"faults_{service.replace('-', '_')}_{uuid4().hex[:10]}" for service in SERVICES}
    connection = await asyncpg.connect(database_url(server, "postgres"))
    try:
        for service, name in names.items():
            copied = f' template "{like[service]}"' if like else ""
            await connection.execute(f'create database "{name}"{copied}')
        yield names
    finally:
        for name in names.values():
            await connection.execute(f'drop database if exists "{name}" with (force)')
        await connection.close()


def _urls(server: str, names: Mapping[str, str]) -> dict[str, str]:
    return {service: database_url(server, name) for service, name in names.items()}


async def play(house: House) -> None:
    """Everything of the story; the clocks stay where they are."""
    union = house.client("order-intake", "union")
    for id_, (code, name, division) in ENTERPRISES.items():
        asked = an_enterprise(enterprise_id=id_, credit_code=code, name=name, division=division)
        good(await union.post("/enterprises", json=asked))
    survey = {"programme": "send-teachers-home", "round": 1, "channel": "visit"}
    house.known["survey_id"] = good(await union.post("/surveys", json=survey))["survey_id"]
    await _staff(house)
    clerk = house.client("order-intake", "enterprise")
    other = house.client("order-intake", "enterprise", organisation="bgzb")
    house.known |= {
        "draft": await a_draft(clerk, LINE),
        "others_draft": await a_draft(other, LINE),
        "order_id": await an_accepted_order(house, LINE),
        "evaluated": await an_accepted_order(house, EVALUATION_LINE),
        "enterprise_id": "jinniu",
        "college_id": "smtc",
    }
    trainees = (await clerk.get(f"/orders/{house.known['order_id']}/trainees")).json()
    house.known["worker_id"] = trainees[0]["worker_id"]
    await sign(house, house.known["order_id"])
    await sign(house, house.known["evaluated"])
    await _dispatch(house)
    await _plan_batch(house)


def an_enterprise(**changes: object) -> dict[str, object]:
    """An enterprise as the union registers it."""
    told: dict[str, object] = {
        "enterprise_id": "jinniu",
        "credit_code": "91350428MAXXX00156",
        "name": "福建金牛水泥集团有限公司",
        "division": "350428",
        "industry": "cement",
        "shift_pattern": "day",
        "shift_anchor": "2026-01-05",
    }
    return told | changes


async def a_draft(clerk: Client, *lines: dict[str, Any], people: int = 4) -> str:
    """An order on the desk, its first line with people."""
    asked = {"programme": "send-teachers-home", "lines": list(lines)}
    order: str = good(await clerk.post("/orders", json=asked))["order_id"]
    if people:
        file = {"file": ("花名册.csv", a_roster(people))}
        read = good(await clerk.post(f"/orders/{order}/lines/1/roster?take=true", files=file))
        assert read["taken"] == people, read
    return order


async def an_accepted_order(house: House, line: dict[str, Any]) -> str:
    clerk = house.client("order-intake", "enterprise")
    order = await a_draft(clerk, line)
    good(await clerk.post(f"/orders/{order}/submit"))
    good(await house.client("order-intake", "union").post(f"/orders/{order}/accept"))
    await house.carry()
    return order


async def _staff(house: House) -> None:
    """Two colleges with agreements; the first sends instructors and assessors."""
    union = house.client("instructor-dispatch", "union")
    for college, sent in (("smtc", 6), ("smu", 1)):
        told = {"college_id": college, "name": f"College {college}", "division": "350404", "kind": "college"}
        good(await union.post("/colleges", json=told))
        signed = {"union_id": "smftu", "valid_from": "2026-01-01", "valid_until": "2030-12-31"}
        signed |= {"sessions_total": 500, "sessions_week": 50, "target": 20}
        good(await union.post(f"/colleges/{college}/agreements", json=signed))
        for at in range(sent):
            told = {"name": f"演示教师{at}", "college_id": college, "home": "350428"}
            card = {"occupation": ELECTRICIAN, "level": "L2", "assessor": college == "smtc" and at >= 3}
            listed = good(await union.post("/instructors", json=told | {"qualifications": [card]}))
            if college == "smtc":
                house.known.setdefault("person_id", listed["person_id"])
            else:
                house.known["others_person"] = listed["person_id"]
    await house.carry()


async def sign(house: House, order: str) -> None:
    scheme = good(await house.client("scheduling", "union").get(f"/orders/{order}/scheme"))
    named = {"version": scheme["version"], "hash": scheme["hash"]}
    good(await house.client("scheduling", "union").post(f"/orders/{order}/scheme/approve", json=named))
    good(await house.client("scheduling", "enterprise").post(f"/orders/{order}/scheme/confirm", json=named))
    await house.carry()


async def _dispatch(house: House) -> None:
    """The first session's offer is accepted, the others stay open."""
    sessions = good(
        await house.client("scheduling", "union").get(f"/sessions?order_id={house.known['order_id']}")
    )
    house.known["session_id"] = sessions[0]["session_id"]
    college = house.client("instructor-dispatch", "college")
    for offer in good(await college.get("/offers")):
        if offer["session_id"] == sessions[0]["session_id"]:
            good(await college.post(f"/offers/{offer['assignment_id']}/accept"))
            house.known["person_id"] = offer["person_id"]
        else:
            house.known["assignment_id"] = offer["assignment_id"]
    await house.carry()


async def _plan_batch(house: House) -> None:
    union = house.client("evaluation", "union")
    planned = {"line": 1, "day": "2027-04-20", "band": "am"}
    batch = good(await union.post(f"/orders/{house.known['evaluated']}/batches", json=planned))["batch_id"]
    await house.carry()
    seen = good(await union.get(f"/batches/{batch}"))
    house.known |= {"batch_id": batch, "evaluation_id": seen["candidates"][0]["evaluation_id"]}
