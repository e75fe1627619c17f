"""In a real browser over the whole system: no task takes more steps than asked; a story told in two languages."""

import os
import shutil
from itertools import count
from pathlib import Path

import pytest

from contracts.programme import load
from songjiao_cli.api import Api
from songjiao_cli.bench.desks import TASKS, Found, one_pass
from songjiao_cli.bench.desks_hand import CHROMIUM, a_browser
from songjiao_cli.bench.desks_ready import clerk, offered, short
from songjiao_cli.bench.desks_stored import store
from songjiao_cli.season.acts import ordering
from songjiao_cli.season.acts.house import open_the_house
from songjiao_cli.season.play import begin
from songjiao_cli.season.script import read

from .by_browser import OCCUPATION, Story, no_album
from .tour import Tour

PROGRAMMES = Path(__file__).parents[2] / "programmes"
NUMBERS = count(100)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        not any(map(shutil.which, CHROMIUM)) and not os.environ.get("CI"),
        reason="no Chromium on this machine",
    ),
]


@pytest.fixture(scope="module")
async def stage(system):
    script = short(read(PROGRAMMES / "seasons" / "rehearsal.yaml"), OCCUPATION)
    async with Api(system.urls) as api:
        stage = await begin(
            system, api, script, programmes=load(PROGRAMMES), scale=1, seed=3, progress=lambda *_: None
        )
        await open_the_house(stage)
        yield stage


@pytest.fixture(scope="module")
async def browser():
    async with a_browser() as browser:
        yield browser


async def orders_of(stage):
    return await stage.api.call(stage.coordinator, "GET", "portal", "/orders.json")


async def sessions_of(stage):
    return await stage.api.call(stage.coordinator, "GET", "scheduling", "/sessions")


async def drafts_of(stage):
    asked = {"state": "draft"}
    return await stage.api.call(clerk(stage), "GET", "order-intake", "/orders", params=asked)


async def test_a_portal_that_is_told_the_season_again_has_it_so_many_times(stage, system):
    given_up = {"reason": {"code": "order.production_peak"}}
    ahead, over = await offered(stage, 30, (30,)), await offered(stage, 30, (30,))
    await ordering.ask(stage, over, "cancel", given_up)
    await stage.conductor.quiet()
    before = await orders_of(stage)
    sessions = len({one["session_id"] for one in await sessions_of(stage)})
    stored = await store(system, 1 + 3 * sessions, lambda _: None)
    assert (stored.copies, stored.sessions) == (3, 4 * sessions)
    assert all(count and count % 3 == 0 for count in stored.rows.values()), "what has ended, in every service"
    after = await orders_of(stage)
    assert len({one["order_id"] for one in after}) == len({one["number"] for one in after}) == 4 * len(before)
    assert {one["enterprise_id"] for one in after} == {one["enterprise_id"] for one in before}
    assert {one["wait"] for one in after} == {one["wait"] for one in before}
    await ordering.ask(
        stage, ahead, "cancel", given_up
    )  # its works have one room, which the next orders need
    await stage.conductor.quiet()


async def test_every_task_takes_no_more_steps_than_asked_beside_what_else_is_stored(stage, browser):
    found = Found()
    await one_pass(stage, browser, found)
    assert {task.what: found.most(task) for task in TASKS if found.most(task) > task.asked} == {}
    assert found.problems == []
    assert await drafts_of(stage) == [], "what was ordered was written once"


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_from_the_survey_to_the_check_of_a_certificate_by_browser_only(stage, browser, language):
    folder = os.environ.get("TOUR", "")
    album = Tour(Path(folder)) if folder and language == "zh-CN" else no_album
    story = Story(stage, browser, language, next(NUMBERS), album)
    assert await story.tell() == "valid"
    assert story.problems == []
    assert await drafts_of(stage) == []
