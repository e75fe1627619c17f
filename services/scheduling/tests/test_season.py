"""A whole season of orders, one after another, in the size of the pilot: nothing without a time, no rule broken."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

import pytest
import yaml

from contracts.values import OrderLine, Qualification, Trainee
from scheduling.main import build
from scheduling.planner import check
from scheduling.schemes.world import book_of, read_surroundings
from scheduling.settings import Settings
from servicekit.clock import move_clock
from servicekit.testing import service_on

from .builders import PROGRAMMES, an_agreement, an_instructor, an_order_accepted
from .conftest import Given

SEASON = yaml.safe_load((PROGRAMMES / "seasons" / "send-teachers-home.yaml").read_text(encoding="utf-8"))
SPACE = UUID("0198d000-0000-7000-8000-00000000feed")
LIMIT, PACE = 60, 3


@pytest.fixture(scope="module")
async def scheduling(database):
    async with service_on(database, build, Settings, programmes=PROGRAMMES) as service:
        async with service.transactions.begin() as tx:
            await move_clock(tx, datetime(2026, 3, 2, 1, tzinfo=UTC))
        await service.deliver(*colleges())
        yield service


def colleges():
    """The season's colleges, with whom they send."""
    demo = book_of(PROGRAMMES).programmes.demo.colleges
    for college in SEASON["colleges"]:
        name, trades = college["college"], college["occupations"]
        quota = {key: college[key] for key in ("sessions_total", "sessions_week")}
        yield an_agreement(college_id=name, valid_until=date(2027, 3, 2), **quota)
        for number in range(college["instructors"]):
            held = {trades[number % len(trades)], trades[(number + 1) % len(trades)]}
            yield an_instructor(
                person_id=uuid5(SPACE, f"{name}/{number}"),
                college_id=name,
                home=demo[name].division,
                qualifications=tuple(
                    Qualification(occupation=trade, level=("L2", "L2", "L1")[number % 3])
                    for trade in sorted(held)
                ),
            )


def lines_of(order: dict[str, Any], crews: str) -> list[OrderLine]:
    """The lines, cohort by cohort from one crew each."""
    lines: list[OrderLine] = []
    for number, line in enumerate(order["lines"], start=1):
        sizes = tuple(line.get("cohorts", ()))
        if "same_as" in line:
            trainees = lines[line["same_as"] - 1].trainees
        else:
            by_crew = [
                crews[n % len(crews)] for n, size in enumerate(sizes or (line["heads"],)) for _ in range(size)
            ]
            trainees = tuple(
                Trainee(worker_id=uuid5(SPACE, f"{order['key']}/{number}/{n}"), crew=crew)
                for n, crew in enumerate(by_crew)
            )
        lines.append(
            OrderLine(
                line=number, service=line["service"], occupation=line["occupation"], level=line["level"],
                trainees=trainees, units=tuple(line.get("units", ())), bands=(), cohort_sizes=sizes,
                earliest=line["earliest"], latest=line["latest"],
                release_cap_minutes=line.get("release_cap_minutes", 0),
            )
        )  # fmt: skip
    return lines


async def test_every_session_has_a_time_and_a_person_and_no_rule_is_broken(scheduling):
    book = book_of(PROGRAMMES)
    works = book.programmes.demo.enterprises
    asked = [o for o in SEASON["orders"] if not {"rejected", "withdrawn"} & set(o.get("happens", ()))]
    orders = []
    for order in asked:
        enterprise = works[order["enterprise"]]
        crews = "ABCD"[: book.programmes.shifts[enterprise.shift_pattern].crews]
        orders.append(
            an_order_accepted(
                *lines_of(order, crews), enterprise=enterprise.id, division=enterprise.division,
                shift_pattern=enterprise.shift_pattern, rooms=1,
            )
        )  # fmt: skip
    await scheduling.deliver(*orders)
    await scheduling.work_off_jobs()
    unplaced = 0
    for order in orders:
        given = Given(scheduling)
        given.clerk = scheduling.client("enterprise", organisation=order.enterprise_id)
        unplaced += (await given.scheme(order))["unplaced"]
        await given.sign(order)
    assert unplaced == 0
    async with scheduling.transactions.begin() as tx:
        around = await read_surroundings(tx, orders[0].order_id)
    assert len(around.sessions) >= SEASON["expected"]["sessions"]
    assert all(placed.person_id for placed in around.sessions)
    assert check(around.sessions, around.cohorts, around.world(book), pace=PACE, limit=LIMIT) == ()
