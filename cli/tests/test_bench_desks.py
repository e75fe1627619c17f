"""Steps and waiting at the desks, as they are told. The tasks themselves: tests/journeys/test_desks.py."""

import json

from songjiao_cli.bench import desks, desks_page
from songjiao_cli.bench.desks_hand import Step
from songjiao_cli.bench.desks_stored import Stored


def a_pass(extra: int = 0, waited: float = 0.2) -> desks.Found:
    """Every task with as many steps as asked, one of them with more."""
    steps = {task: [[Step("click", waited)] * task.asked] for task in desks.TASKS}
    steps[desks.ORDER] = [[Step("click", waited)] * (desks.ORDER.asked + extra)]
    return desks.Found(steps, [1.5])


def test_steps_and_waiting_are_judged_apart():
    assert all(row.ok for row in desks.rows(a_pass()))
    more = [row for row in desks.rows(a_pass(extra=1)) if not row.ok]
    assert [(row.value, row.at_most, row.unit) for row in more] == [(15.0, 14.0, "steps")]
    slow = [row for row in desks.rows(a_pass(waited=1.2)) if not row.ok]
    assert {row.unit for row in slow} == {"ms"}
    assert len(slow) == len(desks.TASKS)


def test_the_pass_with_most_steps_counts_and_one_slow_step_of_a_hundred_may_be_slow():
    found = a_pass()
    found.steps[desks.CHECK] = [[Step("open", 0.3)], [Step("open", 0.3)] * 2]
    assert found.most(desks.CHECK) == 2
    found.steps[desks.CHECK] = [[Step("open", 0.3)] * 99 + [Step("open", 4.0)]]
    assert found.waited(desks.CHECK) == 300.0


def test_the_page_says_what_holds_and_what_does_not(tmp_path):
    desks_page.write(tmp_path, a_pass(extra=1), {"day": "today"})
    page = (tmp_path / "desks.md").read_text(encoding="utf-8")
    assert "mend 3 bad rows, submit | 15 | 14 | 200 ms | 200 ms | **no** |" in page
    assert "check a certificate from its QR code | 1 | 1 | 200 ms | 200 ms | yes |" in page
    assert "within 1.50 s" in page.replace("\n", " ")
    told = json.loads((tmp_path / "desks.json").read_text(encoding="utf-8"))
    assert len(told["rows"]) == 2 * len(desks.TASKS)


def test_what_was_stored_beforehand_is_said_with_where_and_on_a_page_of_its_own(tmp_path):
    found = a_pass()
    found.stored = Stored(10_000, 73, 10_123, 1_540, 190_000, 12_000, {"evaluation": 700_000}, 60.0)
    desks_page.write(tmp_path, found, {"day": "today"})
    page = (tmp_path / "desks-stored.md").read_text(encoding="utf-8").replace("\n", " ")
    assert "--sessions 10000" in page
    assert "10,123 sessions of 1,540 orders" in page
    assert "orders that have ended (evaluation 700,000 rows)" in page
    assert not (tmp_path / "desks.md").exists()
