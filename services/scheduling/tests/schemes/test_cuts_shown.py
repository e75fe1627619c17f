"""A scheme tells which cuts into cohorts were tried for it, and why the taken one is the best."""

from ..builders import a_line


async def test_the_cuts_are_told_with_figures_and_stay_with_a_tailored_version(given, union):
    people = (*a_line(people=20, crew="A").trainees, *a_line(people=20, crew="C").trainees)
    order = await given.a_draft(a_line(bands=(), trainees=people), shift_pattern="4x3")
    scheme = await given.scheme(order)
    tried = {one["name"]: one for one in scheme["cuts"]["tried"]}
    assert set(tried) == {"by_crew", "whole_crews"}
    (taken,) = (one for one in tried.values() if one["taken"])
    assert (taken["cohorts"], taken["sessions"]) == (len(scheme["cohorts"]), len(scheme["sessions"]))
    assert scheme["cuts"]["why"]["code"].startswith("cut.")
    first = scheme["sessions"][0]
    other = {"am": "pm", "pm": "am", "eve": "am"}[first["band"]]
    moved = await union.post(
        f"/orders/{order.order_id}/scheme/sessions/{first['session_id']}/move",
        json={"day": first["day"], "band": other},
    )
    assert moved.status_code == 204, moved.text
    after = await given.scheme(order)
    assert (after["version"], after["cuts"]) == (2, scheme["cuts"])


async def test_where_no_cut_has_fewer_cohorts_only_one_is_tried(given):
    scheme = await given.scheme(await given.a_draft())
    assert scheme["cuts"]["why"]["code"] == "cut.only"
    assert [one["name"] for one in scheme["cuts"]["tried"]] == ["by_crew"]
