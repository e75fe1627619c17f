"""The alternatives to a draft: compared over HTTP, and one of them taken."""

from datetime import date

from contracts.scheduling import SchemeRevised
from contracts.values import Qualification

from ..builders import WELDER, WHY, a_line, amended, an_instructor


def in_working_time():
    """From Monday to Friday, in afternoons, when the crew is at work."""
    return a_line(bands=("pm",), earliest=date(2026, 9, 7), latest=date(2026, 9, 11))


async def compared(given, order):
    answer = await given.union.get(f"/orders/{order.order_id}/scheme/alternatives")
    assert answer.status_code == 200, answer.text
    seen = answer.json()
    return seen, {one["name"]: one for one in seen["alternatives"]}


class TestCompare:
    async def test_the_draft_and_three_others_stand_side_by_side_in_figures_with_reasons(self, given):
        order = await given.a_draft(in_working_time())
        scheme = await given.scheme(order)
        seen, by_name = await compared(given, order)
        assert (seen["state"], seen["newest"], seen["drafted"]) == ("drafted", 1, 1)
        assert list(by_name) == ["wished", "earliest", "least_travel", "least_release"]
        wished = by_name["wished"]
        assert (wished["on_desk"], wished["changed"], wished["hash"]) == (True, 0, scheme["hash"])
        assert (wished["sessions"], wished["cost"]) == (scheme["sessions"], scheme["cost"])
        assert (wished["first"], wished["last"]) == tuple(s["day"] for s in scheme["sessions"])
        assert wished["driving_minutes"] > 0
        least = by_name["least_release"]
        assert float(wished["cost"]["person_hours_lost"]) > float(least["cost"]["person_hours_lost"]) == 0
        assert (wished["unwished"], least["unwished"], least["unplaced"]) == (0, 2, 0)
        assert (least["on_desk"], least["changed"]) == (False, 2)
        for session in least["sessions"]:
            codes = {reason["code"] for reason in session["reasons"]}
            assert {"chosen.least_release", "chosen.no_release", "chosen.unwished"} <= codes

    async def test_what_is_the_same_is_said_and_not_shown_twice(self, given):
        order = await given.a_draft()
        _, by_name = await compared(given, order)
        same = [one for one in by_name.values() if one["same_as"]]
        assert same
        assert all(one["sessions"] == [] for one in same)
        assert by_name["wished"]["same_as"] is None

    async def test_only_the_union_compares_and_takes(self, given, clerk, scheduling):
        order = await given.a_draft()
        path = f"/orders/{order.order_id}/scheme/alternatives"
        for client in (clerk, scheduling.client("college", organisation="smtc")):
            assert (await client.get(path)).status_code == 403
            assert (await client.post(f"{path}/earliest/take")).status_code == 403


class TestTake:
    async def test_one_becomes_the_next_version_and_can_be_signed(self, scheduling, given, union):
        order = await given.a_draft(in_working_time())
        _, by_name = await compared(given, order)
        path = f"/orders/{order.order_id}/scheme/alternatives"
        answer = await union.post(f"{path}/least_release/take")
        assert answer.status_code == 204, answer.text
        revised = (await scheduling.facts(order.order_id))[-1]
        assert isinstance(revised, SchemeRevised)
        assert (revised.version, revised.release_minutes) == (2, 0)
        scheme = await given.scheme(order)
        assert scheme["sessions"] == by_name["least_release"]["sessions"]
        assert scheme["made_by"] != "planner"
        seen, by_name = await compared(given, order)
        assert (seen["newest"], seen["drafted"]) == (2, 1)
        assert [name for name, one in by_name.items() if one["on_desk"]] == ["least_release"]
        answer = await union.post(f"{path}/wished/take")  # and back again
        assert answer.status_code == 204, answer.text
        assert (await given.scheme(order))["version"] == 3
        await given.sign(order)

    async def test_what_lies_on_the_desk_already_makes_no_version(self, scheduling, given, union):
        order = await given.a_draft()
        answer = await union.post(f"/orders/{order.order_id}/scheme/alternatives/wished/take")
        assert answer.status_code == 204, answer.text
        assert len(await scheduling.facts(order.order_id)) == 1

    async def test_what_no_longer_holds_of_it_has_no_time_and_says_why(self, scheduling, given, union):
        works = {"enterprise": "jinniu", "rooms": 1}
        order = await given.a_draft(in_working_time(), **works)
        _, by_name = await compared(given, order)
        taken = [(s["day"], s["band"]) for s in by_name["least_release"]["sessions"]]
        other = await given.a_draft(a_line(bands=("eve",)), **works)
        theirs = [(s["day"], s["band"]) for s in (await given.scheme(other))["sessions"]]
        assert set(taken) & set(theirs)
        answer = await union.post(f"/orders/{order.order_id}/scheme/alternatives/least_release/take")
        assert answer.status_code == 204, answer.text
        scheme = await given.scheme(order)
        lost = [s for s in scheme["sessions"] if s["day"] is None]
        assert scheme["unplaced"] == len(lost) == len(set(taken) & set(theirs))
        assert {r["code"] for s in lost for r in s["reasons"]} == {"slot.no_room"}

    async def test_another_draft_brings_others_and_a_confirmed_scheme_has_none(
        self, scheduling, given, union
    ):
        order = await given.a_draft(a_line(occupation=WELDER, units=("wd5-safety",)))
        _, by_name = await compared(given, order)
        assert {one["unplaced"] for one in by_name.values()} == {2}
        await scheduling.deliver(
            an_instructor(qualifications=(Qualification(occupation=WELDER, level="L1"),))
        )
        assert (await union.post(f"/orders/{order.order_id}/scheme/redraft")).status_code == 204
        seen, by_name = await compared(given, order)
        assert (seen["drafted"], by_name) == (0, {})  # they fitted the plan that is being made anew
        answer = await union.post(f"/orders/{order.order_id}/scheme/alternatives/earliest/take")
        assert (answer.status_code, answer.json()["code"]) == (404, "scheme.alternative_unknown")
        await scheduling.work_off_jobs()
        seen, by_name = await compared(given, order)
        assert (seen["drafted"], {one["unplaced"] for one in by_name.values()}) == (2, {0})
        await given.sign(order)
        assert (await compared(given, order))[1] == {}
        answer = await union.post(f"/orders/{order.order_id}/scheme/alternatives/earliest/take")
        assert (answer.status_code, answer.json()["code"]) == (409, "scheme.not_open")

    async def test_after_an_amendment_they_are_of_the_new_lines(self, scheduling, given):
        order = await given.a_draft()
        await scheduling.deliver(amended(order, a_line(people=9, bands=("pm",))))
        assert (await compared(given, order))[1] == {}
        await scheduling.work_off_jobs()
        seen, by_name = await compared(given, order)
        assert seen["drafted"] == 2
        assert {s["band"] for s in by_name["wished"]["sessions"]} == {"pm"}

    async def test_a_declined_version_is_followed_by_one_that_is_taken(self, given, union):
        order = await given.a_draft()
        path = f"/orders/{order.order_id}/scheme"
        assert (await union.post(f"{path}/decline", json={"version": 1, "reason": WHY})).status_code == 204
        assert (await union.post(f"{path}/alternatives/wished/take")).status_code == 204
        scheme = await given.scheme(order)
        assert (scheme["state"], scheme["version"]) == ("drafted", 2)
