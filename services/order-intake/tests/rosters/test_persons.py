"""One person across all orders: what is held is shown and given out, and erased when no order needs it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from cryptography.exceptions import InvalidTag

from contracts.masking import masked_name
from contracts.programme import load
from contracts.programme_tables import Wording
from contracts.refusals import Refused
from contracts.values import Trainee, because
from contracts.workers import WorkerErased, WorkerExported
from order_intake.orders import before, ended
from order_intake.orders.rules import State
from order_intake.rosters import person_rules as rules
from order_intake.rosters import persons
from servicekit.columns import EncryptedText
from servicekit.identity import Actor

from ..builders import MAY_6, an_id_number, an_order
from ..conftest import PROGRAMMES

ASKED = {"reason": {"code": "worker.asked_for_own"}}
WISHED = {"reason": {"code": "worker.asked_to_be_erased"}}
REASONS = {"worker.asked_to_be_erased": Wording(zh="本人要求", en="asked")}
ZONE = ZoneInfo("Asia/Shanghai")
WORKER = UUID("01900000-0000-7000-8000-0000000000aa")
NAMES = enumerate("甲乙丙丁戊己庚辛壬癸", start=10)


@dataclass
class Somebody:
    """Somebody on a submitted order, known to no other test."""

    order: str
    id: str
    row: tuple[object, ...]

    @property
    def number(self) -> str:
        return str(self.row[1])

    @property
    def said(self) -> tuple[str, str, str]:
        """What a name, a number and a birth date are told by."""
        return str(self.row[0]), self.number, f"1985-05-{self.number[12:14]}"


@pytest.fixture
async def somebody(given, jinniu):
    day, last = next(NAMES)
    name = f"欧阳{last}"
    row = (name, an_id_number(77, born=f"198505{day}"), "A", 5, "L5")
    order = await given.a_draft(people=0)
    taken = await given.roster(order, [row, *given.new_people(7)])
    assert taken["taken"] == 8, taken
    assert (await jinniu.post(f"/orders/{order}/submit")).status_code == 204
    workers = (await jinniu.get(f"/orders/{order}/trainees")).json()
    shown = masked_name(name)
    return Somebody(order, next(each["worker_id"] for each in workers if each["masked_name"] == shown), row)


async def withdrawn(client, order):
    answer = await client.post(f"/orders/{order}/withdraw")
    assert answer.status_code == 204, answer.text


async def erase(client, worker, typed=None):
    return await client.post(f"/workers/{worker}/erase", json=WISHED | {"typed": typed or worker[:8]})


async def readable(tx) -> str:
    """Every encrypted column of the database, as it says, and every other column as it lies."""
    cells = []
    for row in await tx.driver.fetch(
        "select table_name t, column_name c from information_schema.columns where table_schema = 'public'"
    ):
        for cell in await tx.driver.fetch(f'select "{row["c"]}" v from "{row["t"]}"'):
            told = cell["v"]
            if isinstance(told, bytes):
                try:
                    told = EncryptedText(f"{row['t']}.{row['c']}").process_result_value(told, None)
                except (InvalidTag, ValueError):
                    told = told.decode(errors="replace")
            cells.append(str(told))
    return "\n".join(cells)


class TestHeld:
    async def test_it_is_shown_masked_with_the_orders_and_who_was_told(self, somebody, union, jinniu):
        order, worker = somebody.order, somebody.id
        await union.post("/people", json={"purpose": "certificates", "workers": [worker]})
        seen = (await jinniu.get(f"/workers/{worker}")).json()
        (stands,) = seen["orders"]
        assert (stands["order_id"], stands["under_way"], stands["kept_until"]) == (order, True, None)
        assert (stands["masked_name"], stands["masked"][-4:]) == (
            masked_name(somebody.said[0]),
            somebody.number[-4:],
        )
        (told,) = seen["disclosed"]
        assert (told["purpose"], told["at"] is not None) == ("certificates", True)
        assert not any(word in str(seen) for word in somebody.said)

    async def test_another_enterprise_finds_nobody(self, somebody, bgzb, union):
        worker = somebody.id
        for way in (bgzb.get(f"/workers/{worker}"), bgzb.post(f"/workers/{worker}/export", json=ASKED)):
            answer = await way
            assert (answer.status_code, answer.json()["code"]) == (404, "worker.unknown")
        assert (await union.get(f"/workers/{WORKER}")).json()["code"] == "worker.unknown"

    async def test_all_of_it_is_given_out_and_that_is_said_without_the_data(self, intake, somebody, union):
        worker = somebody.id
        before_it = len(await intake.facts())
        answer = await union.post(f"/workers/{worker}/export", json=ASKED)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        (given_out,) = answer.json()["orders"]
        assert tuple(given_out[each] for each in ("name", "id_number", "birth_date")) == somebody.said
        facts = (await intake.facts())[before_it:]
        reason = because("worker.asked_for_own")
        assert [type(each) for each in facts] == [WorkerExported]
        assert (str(facts[0].worker_id), facts[0].reason) == (worker, reason)
        told = (await union.get(f"/workers/{worker}")).json()["told"]
        assert [each["what"] for each in told] == ["exported"]
        assert (await union.post(f"/workers/{worker}/export", json=WISHED)).json()["code"] == (
            "worker.reason_unknown"
        )


class TestErased:
    async def test_refused_by_the_orders_number_while_one_is_under_way(self, somebody, union):
        order, worker = somebody.order, somebody.id
        number = (await union.get(f"/orders/{order}")).json()["number"]
        answer = await erase(union, worker)
        assert (answer.status_code, answer.json()["code"]) == (409, "worker.order_under_way")
        assert number in answer.json()["sentences"]["en"]

    async def test_nothing_of_the_person_can_be_read_afterwards(self, intake, somebody, union, jinniu):
        order, worker = somebody.order, somebody.id
        await withdrawn(jinniu, order)
        assert (await union.get(f"/workers/{worker}")).json()["orders"][0]["kept_until"] is not None
        assert (await erase(union, worker)).status_code == 204
        async with intake.transactions.begin() as tx:
            left = await readable(tx)
        assert [word for word in somebody.said if word in left] == []
        assert isinstance((await intake.facts())[-1], WorkerErased)
        seen = (await union.get(f"/workers/{worker}")).json()
        assert (seen["orders"][0]["masked_name"], seen["told"][-1]["what"]) == (None, "erased")
        trainees = (await union.get(f"/orders/{order}/trainees")).json()
        assert {each["masked_name"] for each in trainees if each["worker_id"] == worker} == {None}
        assert len(trainees) == 8

    async def test_the_same_person_can_be_listed_again(self, somebody, given, union, jinniu):
        order, worker = somebody.order, somebody.id
        await withdrawn(jinniu, order)
        await erase(union, worker)
        again = await given.a_draft(people=0)
        await given.roster(again, [somebody.row])
        assert [each["worker_id"] for each in (await jinniu.get(f"/orders/{again}/trainees")).json()] == [
            worker
        ]
        assert (await erase(union, worker)).json()["code"] == "worker.order_under_way"

    async def test_who_stood_on_a_line_before_its_import_is_erased_there_too(
        self, intake, somebody, given, union, jinniu
    ):
        order, worker = somebody.order, somebody.id
        await withdrawn(jinniu, order)
        other = await given.a_draft(people=0)
        rows = [{"row": 1, "cells": {"name": somebody.said[0], "id_number": somebody.number, "crew": "A"}}]
        path = f"/orders/{other}/lines/1/roster/take"
        assert (await jinniu.post(path, json={"rows": rows})).status_code == 200
        rows = [{"row": 1, "cells": {"name": "演示甲", "id_number": given.new_people(1)[0][1], "crew": "A"}}]
        assert (await jinniu.post(path, json={"rows": rows})).status_code == 200
        assert (await erase(union, worker)).status_code == 204
        async with intake.transactions.begin() as tx:
            assert [each for each in await before.everywhere(tx) if somebody.number in each[2]] == []
            assert [word for word in somebody.said if word in await readable(tx)] == []

    async def test_the_fact_does_it_again_in_a_database_of_before(self, intake, somebody, jinniu):
        order, worker = somebody.order, somebody.id
        await withdrawn(jinniu, order)
        fact = WorkerErased(
            worker_id=UUID(worker), reason=because("worker.asked_to_be_erased"), erased_on=MAY_6
        )
        async with intake.transactions.begin() as tx:
            await persons.erased(tx, fact, None)
            await persons.erased(tx, fact, None)
        async with intake.transactions.begin() as tx:
            assert [word for word in somebody.said if word in await readable(tx)] == []


class TestPeriod:
    async def test_a_roster_that_newer_rules_keep_longer_ends_by_them(
        self, intake, somebody, jinniu, monkeypatch
    ):
        known, today = intake.transactions.known, (await intake.now()).astimezone(ZONE).date()
        monkeypatch.setattr(intake.transactions, "known", keeping(known, 1))
        await withdrawn(jinniu, somebody.order)
        monkeypatch.setattr(intake.transactions, "known", keeping(known, 2))
        await intake.fire_deadlines(datetime.combine(today + timedelta(days=2), time(1), ZONE))
        assert await known_by(intake, somebody.order) == 8
        await intake.fire_deadlines(datetime.combine(today + timedelta(days=3), time(1), ZONE))
        assert await known_by(intake, somebody.order) == 0

    async def test_the_roster_of_an_order_that_came_to_nothing_ends_with_its_time(
        self, intake, somebody, given, union, jinniu
    ):
        """Whom another order knows stays known there; whom none knows is erased everywhere, and it is said."""
        await withdrawn(jinniu, somebody.order)
        other = await given.a_draft(people=0)
        stays = (await jinniu.get(f"/orders/{somebody.order}/trainees")).json()
        await given.roster(other, [somebody.row])
        seen = (await union.get(f"/workers/{somebody.id}")).json()["orders"]
        until = next(date.fromisoformat(each["kept_until"]) for each in seen if each["kept_until"])
        (unused,) = [each for each in (await union.get("/kept")).json() if each["of"] == "roster_unused"]
        assert unused["waiting"] >= 1
        await intake.fire_deadlines(datetime.combine(until, time(23), ZONE))
        assert await known_by(intake, somebody.order) == 8
        await intake.fire_deadlines(datetime.combine(until + timedelta(days=1), time(1), ZONE))
        assert await known_by(intake, somebody.order) == 0
        assert await known_by(intake, other) == 1
        said = [each for each in await intake.facts() if isinstance(each, WorkerErased)]
        gone = {str(each.worker_id) for each in said if each.reason == because("worker.period_over")}
        assert gone >= {each["worker_id"] for each in stays} - {somebody.id}
        assert somebody.id not in gone
        (unused,) = [each for each in (await union.get("/kept")).json() if each["of"] == "roster_unused"]
        assert (unused["removed_at"] is not None, unused["removed"]) == (True, 8)


def keeping(known, days):
    """The same, where the roster of an order that came to nothing is kept for so many days."""
    personal = known.programmes.rules.personal
    kept = [each.model_copy(update={"days": days}) for each in personal.kept["roster_unused"]]
    personal = personal.model_copy(update={"kept": {**personal.kept, "roster_unused": tuple(kept)}})
    rules_ = known.programmes.rules.model_copy(update={"personal": personal})
    return replace(known, programmes=replace(known.programmes, rules=rules_))


async def known_by(intake, order) -> int:
    async with intake.transactions.begin() as tx:
        return await tx.driver.fetchval("select count(*) from roster_person where order_id = $1", UUID(order))


class TestRules:
    def erased(self, orders=(), reason="worker.asked_to_be_erased", typed="#01900000"):
        return rules.erase(WORKER, orders, because(reason), REASONS, typed=typed, today=MAY_6)

    def test_only_for_a_reason_and_with_the_number_typed_again(self):
        assert self.erased().erased_on == MAY_6
        with pytest.raises(Refused, match=r"worker\.reason_unknown"):
            self.erased(reason="worker.dislike")
        for typed in ("", "0190000", "欧阳甲"):
            with pytest.raises(Refused, match=r"worker\.not_confirmed"):
                self.erased(typed=typed)

    def test_an_enterprise_knows_of_its_own_people_and_the_union_of_everybody(self):
        """Whoever stands without an enterprise is of the order's own: of a joint order its host's."""
        order = an_order(State.ACCEPTED)
        own, sent, guest = (
            Trainee(worker_id=WORKER, crew="A", enterprise_id=of)
            for of in (None, order.enterprise_id, "another")
        )

        def known_to(organisation, role="enterprise"):
            by = Actor("somebody", frozenset({role}), organisation)
            return [rules.are_theirs(order, each, by) for each in (own, sent, guest)]

        assert known_to("smftu", "union") == [True, True, True]
        assert known_to(order.enterprise_id) == [True, True, False]
        assert known_to("another") == [False, False, True]
        assert known_to(None) == [False, False, False]

    @pytest.mark.parametrize("state", State)
    def test_every_state_of_an_order_either_ends_it_or_needs_its_people(self, state):
        order = an_order(state)
        if state in ended.UNDER_WAY:
            with pytest.raises(Refused, match=r"worker\.order_under_way"):
                self.erased([order])
        else:
            assert self.erased([order])

    def test_a_roster_of_which_nothing_came_is_kept_shorter(self):
        personal = load(PROGRAMMES).rules.personal
        kept = {state: ended.kept_until(an_order(state), MAY_6, personal) for state in State}
        assert kept[State.STARTED] is None
        assert kept[State.FULFILLED] == date(2036, 5, 5)
        assert kept[State.WITHDRAWN] == kept[State.REJECTED] == date(2026, 11, 2)
