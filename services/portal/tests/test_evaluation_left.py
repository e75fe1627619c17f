"""A further batch of a line takes who has not passed and waits in none, and the form says how many they are."""

import pytest
from browsing import PASSWORD, log_in
from story_of_an_order import AnOrder, enterprise

from contracts.values import ServiceLine
from portal.accounts import commands

ORDER = AnOrder("left", "2026-0700", heads=3)


def candidate(n, **more):
    return {
        "evaluation_id": str(ORDER.session(n)), "worker_id": str(ORDER.worker(n)), "name": "某人", "state": "admitted",
        "reasons": [], "entered": [], "differ": [], "differences": [], "confirmed": [], "parts": [], "passed": None,
        "attempt": 1, "objection": False,
    } | more  # fmt: skip


@pytest.fixture(scope="module")
async def union(portal):
    line = ORDER.lines()[0].model_copy(update={"service": ServiceLine.SKILL_EVALUATION})
    told = [fact.model_copy(update={"lines": (line,)}) for fact in (ORDER.submitted(), ORDER.accepted())]
    await portal.deliver(enterprise(), *told, ORDER.planned())
    async with portal.transactions.begin() as tx:
        await commands.make_account(tx, "union", PASSWORD, roles={"union"}, organisation="smftu", name="王")
    return await log_in(portal, "union")


@pytest.mark.parametrize(
    ("candidates", "said"),
    [
        ([candidate(0)], "2 of 3 people (the others have passed or are in a batch)"),
        ([candidate(0), candidate(1, state="refused")], "2 of 3 people"),
        ([candidate(n) for n in range(3)], "there is nobody to plan for"),
        (None, "3 people"),
    ],
)
async def test_the_form_says_how_many_are_left(union, asked, candidates, said):
    batch = {
        "batch_id": str(ORDER.batch()), "order_id": str(ORDER.order_id), "line": 1, "occupation": "6-31-01-03",
        "level": "L4", "slot": {"day": "2026-05-26", "band": "am"}, "parts": ["theory"], "state": "marking",
        "posted_on": None, "objections_until": None, "assessors": [], "wanted": 2, "barred": [],
        "candidates": candidates,
    }  # fmt: skip
    asked({f"/batches/{ORDER.batch()}": batch} if candidates else {})
    page = (await union.get(f"/evaluation/orders/{ORDER.order_id}", params={"lang": "en"})).text
    assert said in page
    assert (" of 3 people" in page) == said.startswith("2 of 3"), (
        "nothing is left out where nobody is planned"
    )
