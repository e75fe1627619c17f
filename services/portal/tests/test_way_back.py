"""From any one certificate back to the answer of the survey: what it stands on, and nothing of anybody else."""

from functools import partial

import pytest
from browsing import PASSWORD, log_in
from story_of_an_order import NUMBER, AnOrder, college, enterprise, id_of, instructor, survey

from contracts.order_intake import RosterDisclosed
from portal.accounts import commands

OTHER = NUMBER[:-1] + "2"


@pytest.fixture(scope="module")
async def asked():
    """An order that came of a survey; its second worker was at nothing and has failed."""
    one = AnOrder()
    opened, answered, *_ = survey()
    submitted = one.submitted().model_copy(update={"survey_id": opened.survey_id})
    whole = [submitted if each.type == "order.submitted.v1" else each for each in one.whole()]
    other = {"worker_id": one.worker(1), "evaluation_id": id_of("another/evaluation")}
    refused = one.assessed(passed=False).model_copy(update=other)
    named = RosterDisclosed(
        order_id=one.order_id, receiver="service:evaluation", purpose="evaluation", people=3
    )
    return one, [
        opened,
        answered.model_copy(update={"enterprise_id": one.enterprise}),
        *whole,
        refused,
        named,
    ]


@pytest.fixture(scope="module")
async def told(portal, asked):
    _, facts = asked
    await portal.deliver(enterprise(), college(), instructor(), *facts)
    two = AnOrder("two", "2026-0002", "jxlt", "建新轮胎", college="smu")
    issued = two.issued(OTHER)
    await portal.deliver(two.submitted(), two.accepted(), issued)
    async with portal.transactions.begin() as tx:
        for role, organisation in {"union": "smftu", "enterprise": "jinniu", "college": "smtc"}.items():
            await commands.make_account(
                tx, role, PASSWORD, roles={role}, organisation=organisation, name=f"{role} 王"
            )
    return portal


@pytest.fixture
def browser(told):
    return partial(log_in, told)


async def test_begins_at_the_survey_and_ends_at_the_certificate(told):
    union = told.client("union", organisation="smftu")
    way = (await union.get(f"/certificates/{NUMBER}/way.json", params={"lang": "en"})).json()
    types = [fact["type"] for fact in way["facts"]]
    assert types[:3] == ["survey.opened.v1", "survey.answered.v1", "order.submitted.v1"]
    for needed in ("scheme.confirmed.v1", "session.closed.v1", "candidate.admitted.v1", "results.posted.v1"):
        assert needed in types
    assert types.count("candidate.assessed.v1") == 1, "nobody else's result"
    assert types.count("certificate.issued.v1") == 1
    assert types.index("certificate.issued.v1") > types.index("candidate.assessed.v1")


async def test_the_page_shows_the_same_newest_first(browser, told):
    page = await (await browser("union")).get(f"/certificates/{NUMBER}/way", params={"lang": "en"})
    assert page.status_code == 200
    shown = [part.split('"')[0] for part in page.text.split('data-type="')[1:]]
    union = told.client("union", organisation="smftu")
    way = (await union.get(f"/certificates/{NUMBER}/way.json")).json()
    assert shown == [fact["type"] for fact in reversed(way["facts"])]


@pytest.mark.parametrize("number", [OTHER, "S000035000000264000009", "nonsense"])
async def test_another_enterprises_certificate_and_none_at_all_are_not_there(browser, told, number):
    assert (await (await browser("enterprise")).get(f"/certificates/{number}/way")).status_code == 404
    jinniu = told.client("enterprise", organisation="jinniu")
    assert (await jinniu.get(f"/certificates/{number}/way.json")).status_code == 404


async def test_the_whole_story_is_told_too(browser, asked):
    page = await (await browser("union")).get(f"/orders/{asked[0].order_id}/story", params={"all": 1})
    assert (page.status_code, "roster.disclosed.v1" in page.text) == (200, True)


async def test_its_own_enterprise_reads_it_and_a_college_does_not(browser):
    assert (await (await browser("enterprise")).get(f"/certificates/{NUMBER}/way")).status_code == 200
    assert (await (await browser("college")).get(f"/certificates/{NUMBER}/way")).status_code == 403
