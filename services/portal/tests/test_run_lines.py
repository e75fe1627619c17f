"""A run's lines in words, and the story that names the run behind a version; pure but for the story."""

from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from story_of_an_order import AnOrder, id_of

from contracts.programme import load
from contracts.scheduling import FromRun, SchemeRevised
from portal.desks.union import runs
from portal.desks.union.everybody import RowView, grouped
from portal.desks.union.run_lines import WholeRunSeen, shown
from portal.web.names import Names
from portal.web.text import Text

PROGRAMMES = load(Path(__file__).parents[3] / "programmes")
EN = Names(Text("en", ZoneInfo("Asia/Shanghai")), PROGRAMMES, {"jinniu": "Jinniu"})
RUN, ORDER, NOBODYS = id_of("run"), id_of("order"), id_of("supposed order")
FIRST, SECOND = id_of("session/1"), id_of("session/2")


def a_line(session: UUID, day: str, order: UUID = ORDER, **other):
    now = {"day": day, "band": "eve", "person_id": str(id_of("person/1"))}
    told = {
        "session_id": str(session), "order_id": str(order), "enterprise_id": "jinniu", "unit": "el4-control",
        "was": now | {"day": "2026-10-12"}, "now": now, "how": "revised", "changes": 2, "wins": 2130,
        "reasons": [{"code": "chosen.earliest"}],
    }  # fmt: skip
    return told | other


def a_run(**other):
    told = {
        "run_id": str(RUN), "kind": "scenarios", "name": "少一间教室", "state": "adopted", "asked_by": "union-1",
        "asked_at": "2026-09-01T08:00:00Z", "rounds": 40, "done": 40, "supposed": [], "in_force": None,
        "other": None, "changes": 2,
        "lines": [
            a_line(SECOND, "2026-10-20", NOBODYS, how="supposed", was=None, changes=0), a_line(FIRST, "2026-10-19"),
        ],
        "adopted": [
            {"session_id": str(FIRST), "reasons": []},
            {"session_id": str(SECOND), "reasons": [{"code": "run.only_supposed"}]},
        ],
    }  # fmt: skip
    return WholeRunSeen.model_validate(told | other)


@pytest.mark.rules
def test_each_line_says_from_where_to_where_for_how_much_and_what_became_of_it():
    view = shown(a_run(), {ORDER: "2026-0001"}, EN)
    first, second = view.lines
    assert (view.title, view.state) == ("少一间教室", "adopted")
    assert (first.order, first.url) == ("2026-0001 · Jinniu", f"/orders/{ORDER}/story")
    assert "12 Oct" in first.was
    assert "19 Oct" in first.now
    assert (first.wins, first.changes, first.became) == (2130, 2, ("adopted",))
    assert first.why
    assert (second.url, second.was) == ("", "without a time")
    assert len(second.became) == 1
    assert "run." not in second.became[0]


@pytest.mark.rules
def test_before_it_is_adopted_nothing_became_of_it():
    view = shown(a_run(state="done", adopted=[]), {}, EN)
    assert {line.became for line in view.lines} == {()}


async def test_the_story_names_the_run_behind_a_version(portal):
    order = AnOrder("improved", "2026-0700")
    content = order.drafted().model_dump(exclude={"version", "run"})
    revised = SchemeRevised(**content, version=2, run=FromRun(run_id=RUN, kind="improvements"))
    by_hand = SchemeRevised(**content, version=3)
    await portal.deliver(order.submitted(), order.accepted(), order.drafted(), revised, by_hand)
    async with portal.client("union") as client:
        told = (await client.get("/orders/2026-0700/story.json", params={"lang": "en"})).json()
    second, third = [fact["text"] for fact in told["facts"] if fact["type"] == "scheme.revised.v1"]
    assert second.startswith(f"Scheme revised to v2 (from improvement {str(RUN)[-6:]}): ")
    assert third.startswith("Scheme revised to v3: ")


@pytest.mark.rules
class TestEverybody:
    PEOPLE = (
        ("", RowView("Wu", ("first choice",), True)),
        ("load.day", RowView("Li", ("the day is full",), False)),
        ("load.week", RowView("Wang", ("the week is full",), False)),
        ("load.day", RowView("Zhao", ("the day is full", "the week is full"), False)),
        ("qualification.missing", RowView("Qian", ("no qualification",), False)),
    )

    def groups(self, query=""):
        return {g.title: [row.title for row in g.rows] for g in grouped(self.PEOPLE, EN, query)}

    def test_the_nearest_rule_comes_first_and_everybody_stands_once(self):
        found = self.groups()
        assert list(found.values()) == [["Wu"], ["Li", "Zhao"], ["Wang"], ["Qian"]]
        assert next(iter(found)) == "Can come: 1"
        assert [group.open for group in grouped(self.PEOPLE, EN, "")] == [True, False, False, False]

    def test_whoever_is_searched_for_is_found_by_name_or_by_rule(self):
        assert list(self.groups("zhao").values()) == [["Zhao"]]
        assert list(self.groups("WEEK full").values()) == [["Wang"], ["Zhao"]]
        assert self.groups("nobody") == {}
        assert all(group.open for group in grouped(self.PEOPLE, EN, "full"))


@pytest.mark.parametrize(
    ("told", "acts"),
    [({}, ("drop",)), ({"changes": 2}, ("adopt", "drop")), ({"state": "running"}, ("stop", "drop"))],
)
def test_a_run_that_found_nothing_better_has_nothing_to_adopt(told, acts):
    figures = {"sessions": 3, "unstaffed": 0, "changes": 0, "preferences": 1, "cost_points": 90}
    figures |= {"driving_minutes": 60, "release_person_hours": "0", "fees": "0"}
    run = runs.RunSeen.model_validate(
        {
            "run_id": UUID(int=1), "kind": "improvements", "name": "", "state": "done", "asked_by": "a",
            "asked_at": "2026-05-06T08:00:00Z", "rounds": 9, "done": 9, "supposed": [], "in_force": figures,
            "other": figures, "changes": 0, **told,
        }
    )  # fmt: skip
    assert runs.acts_on(run) == acts
