"""Improvements and scenarios over HTTP: a copy that is compared, adopted as far as it holds, or dropped."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from contracts.scheduling import FromRun, SchemeRevised, SessionMoved
from contracts.values import Qualification
from scheduling.federation import computing
from scheduling.federation.rules import PIECE_ROUNDS, Asked, Kind, Run, rounds_of_piece
from scheduling.timers import timers
from servicekit.facts import read_story
from servicekit.timers import Due

from ..builders import ELECTRICIAN, WELDER, a_line, accepted_by, an_instructor

FAR, NEAR = "350430", "350481"
"""Jianning, and Yong'an where the works are."""
MACHINIST, TURNER, GRINDER = "6-18-01-07", "6-18-01-01", "6-18-01-04"
SHORT = {
    WELDER: "wd5-safety",
    MACHINIST: "cnc5-drawing",
    TURNER: "lt5-measure",
    ELECTRICIAN: "el5-safety",
    GRINDER: "gr5-basics",
}
"""Units whose sessions fit into an evening."""
OCTOBER = {"earliest": date(2026, 10, 12), "latest": date(2026, 11, 27)}


def a_teacher(occupation, home):
    return an_instructor(home=home, qualifications=(Qualification(occupation=occupation, level="L1"),))


async def a_far_plan(given, occupation, *, confirmed=False):
    """Taught by somebody from far away, and meanwhile there is somebody near."""
    await given.scheduling.deliver(a_teacher(occupation, FAR))
    line = a_line(occupation=occupation, units=(SHORT[occupation],), **OCTOBER)
    if confirmed:
        order, _ = await given.in_force(line)
    else:
        order = await given.a_draft(line)
    near = a_teacher(occupation, NEAR)
    await given.scheduling.deliver(near)
    await given.scheduling.forget()
    return order, near


async def a_run(given, union, kind="improvements", **asked):
    """Done."""
    told = {"price": 10, "rounds": 40, "first": "2026-10-12"} | asked
    answer = await union.post(f"/federation/{kind}", json=told)
    assert answer.status_code == 201, answer.text
    await given.scheduling.work_off_jobs()
    seen = await union.get(answer.headers["Location"])
    assert seen.status_code == 200, seen.text
    return seen.json()


def path_of(run, act=""):
    return f"/federation/{run['kind']}/{run['run_id']}{act}"


class TestInTurn:
    @pytest.mark.parametrize(
        ("rounds", "parts", "pieces"), [(40, 7, 7), (3_000, 5, 10), (3, 7, 3), (40, 1, 1)]
    )
    def test_a_run_is_cut_so_that_every_part_has_its_turn(self, rounds, parts, pieces):
        asked = Asked(price=1, rounds=rounds)
        run = Run(UUID(int=1), Kind.IMPROVEMENTS, "", "union-1", datetime(2026, 9, 1, tzinfo=UTC), asked)
        cut = []
        while run.done < rounds:
            cut.append(rounds_of_piece(run, parts))
            run = replace(run, done=run.done + cut[-1])
        assert (len(cut), sum(cut)) == (pieces, rounds)
        assert max(cut) <= PIECE_ROUNDS


class TestImprovement:
    async def test_a_draft_gets_a_better_version_when_it_is_adopted_and_not_before(
        self, scheduling, given, union
    ):
        order, near = await a_far_plan(given, WELDER)
        run = await a_run(given, union)
        assert (run["state"], run["asked_by"]) == ("done", "union-1")
        assert await scheduling.facts() == []
        mine = [line for line in run["lines"] if line["order_id"] == str(order.order_id)]
        assert mine
        assert {line["now"]["person_id"] for line in mine} == {str(near.person_id)}
        assert all(line["wins"] >= 10 * line["changes"] > 0 for line in mine)
        assert all(line["reasons"] for line in mine)
        assert run["other"]["driving_minutes"] < run["in_force"]["driving_minutes"]
        assert run["now"]["cost_points"] < run["before"]["cost_points"]
        answer = await union.post(path_of(run, "/adopt"))
        assert answer.status_code == 200, answer.text
        assert {tuple(each["reasons"]) for each in answer.json()["adopted"]} == {()}
        (fact,) = await scheduling.facts(order.order_id)
        assert type(fact) is SchemeRevised
        assert fact.run == FromRun(run_id=run["run_id"], kind="improvements")
        people = {s["session_id"]: s["person_id"] for s in (await given.scheme(order))["sessions"]}
        assert all(people[line["session_id"]] == str(near.person_id) for line in mine)
        answer = await union.post(path_of(run, "/adopt"))
        assert (answer.status_code, answer.json()["code"]) == (409, "run.nothing_to_adopt")

    async def test_a_draft_that_was_confirmed_since_is_moved_by_what_its_enterprise_allows_and_gets_no_version(
        self, scheduling, given, union
    ):
        order, _ = await a_far_plan(given, GRINDER)
        run = await a_run(given, union, price=1, rounds=150)
        mine = [line for line in run["lines"] if line["order_id"] == str(order.order_id)]
        assert {line["how"] for line in mine} == {"revised"}
        await given.sign(order)
        await scheduling.forget()
        answer = await union.post(path_of(run, "/adopt"))
        assert answer.status_code == 200, answer.text
        facts = await scheduling.facts(order.order_id)
        assert {type(fact) for fact in facts} <= {SessionMoved}
        left = [one for one in answer.json()["adopted"] if one["reasons"]]
        assert len(facts) + len(left) == len(mine)

    async def test_confirmed_sessions_move_within_their_tolerance(self, scheduling, given, union):
        order, near = await a_far_plan(given, MACHINIST, confirmed=True)
        before = await given.sessions(order)
        run = await a_run(given, union, price=1, rounds=150)
        mine = [line for line in run["lines"] if line["order_id"] == str(order.order_id)]
        assert mine
        assert (await union.post(path_of(run, "/adopt"))).status_code == 200
        facts = await scheduling.facts(order.order_id)
        assert {type(f) for f in facts} == {SessionMoved}
        for fact in facts:
            assert fact.because.code == "session.improved"
            assert str(fact.run.run_id) == run["run_id"]
            assert fact.proposed == near.person_id
            assert fact.slot.day.isocalendar()[:2] == fact.was.day.isocalendar()[:2]
            assert fact.slot.band == "eve"
            assert before[str(fact.session_id)]["slot"]["day"] == fact.was.day.isoformat()

    async def test_whoever_has_promised_is_left_alone_unless_told(self, scheduling, given, union):
        order, _ = await a_far_plan(given, TURNER, confirmed=True)
        sessions = await given.sessions(order)
        for fact in await self._scheduled(scheduling, order):
            assignment = UUID(int=fact.session_id.int ^ 1)
            await scheduling.deliver(accepted_by(fact, fact.proposed, assignment))
        run = await a_run(given, union, price=1, rounds=100)
        assert not [line for line in run["lines"] if line["session_id"] in sessions]
        run = await a_run(given, union, price=1, rounds=150, promised=True)
        assert [line for line in run["lines"] if line["session_id"] in sessions]

    async def _scheduled(self, scheduling, order):
        async with scheduling.transactions.begin() as tx:
            said = [each.envelope.fact() for each in await read_story(tx, order.order_id)]
        return [f for f in said if f.type == "session.scheduled.v1"]

    async def test_what_has_moved_meanwhile_is_left_out_and_named(self, scheduling, given, union):
        order, near = await a_far_plan(given, ELECTRICIAN)
        run = await a_run(given, union)
        mine = [line for line in run["lines"] if line["order_id"] == str(order.order_id)]
        one = mine[0]
        wish = {"day": one["was"]["day"], "band": one["was"]["band"], "person_id": str(near.person_id)}
        answer = await union.post(
            f"/orders/{order.order_id}/scheme/sessions/{one['session_id']}/move", json=wish
        )
        assert answer.status_code == 204, answer.text
        adopted = (await union.post(path_of(run, "/adopt"))).json()["adopted"]
        of = {each["session_id"]: [r["code"] for r in each["reasons"]] for each in adopted}
        assert of[one["session_id"]] == ["run.moved_meanwhile"]
        assert [of[line["session_id"]] for line in mine[1:]] == [[]] * len(mine[1:])

    async def test_it_can_be_stopped_and_dropped_and_nobody_else_may(self, scheduling, given, union, clerk):
        answer = await union.post("/federation/improvements", json={"rounds": 50_000})
        run = answer.json()
        assert run["state"] == "preparing"
        assert (await union.post(path_of(run, "/stop"))).status_code == 204
        await scheduling.work_off_jobs()
        assert (await union.get(path_of(run))).json()["state"] == "stopped"
        answer = await union.post(path_of(run, "/stop"))
        assert (answer.status_code, answer.json()["code"]) == (409, "run.not_under_way")
        assert (await union.post(path_of(run, "/drop"))).status_code == 204
        answer = await union.post(path_of(run, "/drop"))
        assert (answer.status_code, answer.json()["code"]) == (409, "run.settled")
        assert (await clerk.get("/federation/improvements")).status_code == 403
        assert (await union.get(f"/federation/scenarios/{run['run_id']}")).status_code == 404

    async def test_a_piece_that_is_computed_twice_counts_once(self, scheduling, given, union):
        await a_far_plan(given, WELDER)
        run = (await union.post("/federation/improvements", json={"rounds": 20, "price": 10})).json()
        assert await scheduling.service.runner.do_one()  # the engine
        job = timers.jobs[computing.IMPROVE]
        key, told = f"{run['run_id']}/0", {"kind": "improvements"}
        due = Due(computing.IMPROVE, key, run["run_id"], None, told, None, 1, 0)
        async with scheduling.transactions.begin() as tx:
            question = await job.read(tx, due)
        piece = job.compute(question)
        for _ in range(2):  # the process died after the first, before its row was gone
            async with scheduling.transactions.begin() as tx:
                await job.save(tx, due, piece)
        assert 0 < piece.rounds <= 20  # a run goes in turn through its parts
        assert (await union.get(path_of(run))).json()["done"] == piece.rounds
        await scheduling.work_off_jobs()
        seen = (await union.get(path_of(run))).json()
        assert (seen["state"], seen["done"]) == ("done", 20)

    async def test_it_is_asked_for_again_every_week_until_it_is_not(self, scheduling, given, union):
        answer = await union.post("/federation/improvements", json={"rounds": 1, "again_days": 7})
        assert answer.status_code == 201, answer.text
        many = len((await union.get("/federation/improvements")).json())
        await scheduling.fire_deadlines(await scheduling.now() + timedelta(days=7))
        runs = (await union.get("/federation/improvements")).json()
        assert (len(runs), runs[0]["again_days"]) == (many + 1, 7)
        await union.post("/federation/improvements", json={"rounds": 1})
        await scheduling.fire_deadlines(await scheduling.now() + timedelta(days=7))
        assert len((await union.get("/federation/improvements")).json()) == many + 2
        await scheduling.work_off_jobs()


class TestScenario:
    async def test_what_if_somebody_is_away_stays_a_copy(self, scheduling, given, union):
        order, _ = await a_far_plan(given, WELDER, confirmed=True)
        first = (await scheduling.now()).astimezone(UTC).date() + timedelta(days=1)
        teacher = next(iter((await given.sessions(order)).values()))["person_id"]
        away = {"kind": "away", "person_id": teacher, "first": str(first), "last": "2026-12-31"}
        run = await a_run(
            given, union, "scenarios", name="one teacher is ill", changes=[away], rounds=30, price=100_000
        )
        mine = [line for line in run["lines"] if line["order_id"] == str(order.order_id)]
        assert mine
        assert teacher not in {line["now"]["person_id"] for line in mine}
        assert {line["how"] for line in mine} <= {"dispatch", "moved"}
        assert await scheduling.facts() == []
        assert run["supposed"][0]["change"]["kind"] == "away"
        adopted = (await union.post(path_of(run, "/adopt"))).json()["adopted"]
        of = {each["session_id"]: [r["code"] for r in each["reasons"]] for each in adopted}
        by_dispatch = [line["session_id"] for line in mine if line["how"] == "dispatch"]
        assert by_dispatch
        assert all(of[id_] == ["run.by_dispatch"] for id_ in by_dispatch)

    async def test_an_order_more_costs_what_it_costs_and_is_never_adopted(self, scheduling, given, union):
        await a_far_plan(given, WELDER)
        order = {
            "kind": "order", "enterprise_id": "bgzb", "occupation": WELDER, "level": "L5", "people": 8,
            "bands": ["eve"], "earliest": "2026-10-12", "latest": "2026-11-27",
        }  # fmt: skip
        run = await a_run(given, union, "scenarios", name="one more", changes=[order], rounds=5)
        assert run["other"]["sessions"] > run["in_force"]["sessions"]
        assert float(run["other"]["fees"]) > float(run["in_force"]["fees"])
        new = [line for line in run["lines"] if line["how"] == "supposed"]
        assert new
        adopted = (await union.post(path_of(run, "/adopt"))).json()["adopted"]
        of = {each["session_id"]: [r["code"] for r in each["reasons"]] for each in adopted}
        assert all(of[line["session_id"]] == ["run.only_supposed"] for line in new)

    async def test_what_cannot_be_supposed_is_said(self, given, union):
        unknown = [
            {"kind": "rooms", "enterprise_id": "nobody", "rooms": 3},
            {"kind": "college_leaves", "college_id": "nobody", "day": "2026-10-12"},
            {"kind": "away", "person_id": str(UUID(int=7)), "first": "2026-10-12", "last": "2026-10-16"},
        ]
        run = await a_run(given, union, "scenarios", name="nobody", changes=unknown, rounds=1)
        for supposed in run["supposed"]:
            assert [r["code"] for r in supposed["impossible"]] == ["scenario.unknown"]
        answer = await union.post("/federation/scenarios", json={"name": "none", "changes": []})
        assert answer.status_code == 422
