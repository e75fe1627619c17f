"""Drafts of orders: kept while somebody types, one for each form, deleted after a look, and no ghost of one left."""

import re

import pytest

from .enterprise import LINE, ending, key_of, logged_in
from .story import good


@pytest.fixture
def house(enterprise_house):
    return enterprise_house


async def test_what_is_typed_is_kept_as_a_draft_and_a_form_is_taken_once(house):
    client = await logged_in(house)
    page = await client.get("/orders/new", params={"lang": "zh"})
    (kept,) = set(re.findall(r'name="kept" value="([^"]+)"', page.text))
    first = await client.post("/orders/kept", data=LINE | {"kept": kept, "l1.occupation": "电工"})
    assert "已存草稿" in first.text, first.text
    order = re.search(r'name="order" value="([^"]+)"', first.text)[1]
    assert (await client.get(f"/orders/{order}/edit")).status_code == 200
    again = await client.post("/orders/kept", data=LINE | {"kept": kept, "order": order})
    assert "已存草稿" not in again.text
    assert (await (await logged_in(house, "other")).get(f"/orders/{order}/edit")).status_code == 404
    assert (await (await logged_in(house, "coordinator")).get(f"/orders/{order}/edit")).status_code == 403


def draft_of(page) -> str:
    return re.search(r'name="draft" value="([^"]+)"', page.text)[1]


async def drafts(house) -> list[str]:
    clerk = house.client("order-intake", "enterprise")
    return [one["order_id"] for one in good(await clerk.get("/orders?state=draft&limit=500"))]


async def test_a_form_has_one_draft_whatever_comes_first_and_a_draft_is_deleted_after_a_look(house):
    client = await logged_in(house)
    page = await client.get("/orders/new", params={"lang": "en"})
    before = await drafts(house)
    (kept,) = set(re.findall(r'name="kept" value="([^"]+)"', page.text))
    first = await client.post(
        "/orders/kept", data=LINE | {"kept": kept, "draft": draft_of(page), "order": ""}
    )
    assert "Draft kept" in first.text, first.text
    # the button was pressed before the page had learnt of the draft
    told = LINE | {"draft": draft_of(page), "order": "", "key": key_of(page), "do": "save"}
    saved = await client.post("/orders/new", data=told)
    assert saved.status_code == 303, saved.text
    (order,) = set(await drafts(house)) - set(before)
    assert saved.headers["location"] == f"/orders/{order}/edit?done=save"
    page = await client.get("/orders/drafts")
    assert page.text.count("<tr role") == 1 + len(before) + 1
    assert f"/orders/{order}/end" in page.text
    page = await client.get(f"/orders/{order}/end")
    assert "deleted for good" in page.text
    assert order in await drafts(house)
    seen = ending(page)
    assert seen["way"] == "discard"
    more = good(await house.client("order-intake", "enterprise").get(f"/orders/{order}"))
    lines = [
        {name: line[name] for name in ("line", "service", "occupation", "level")} | {"heads": 9}
        for line in more["lines"]
    ]
    good(await house.client("order-intake", "enterprise").put(f"/orders/{order}", json={"lines": lines}))
    unseen = await client.post(f"/orders/{order}/end", data=seen)
    assert (unseen.status_code, "changed meanwhile" in unseen.text) == (409, True), unseen.text
    gone = await client.post(f"/orders/{order}/end", data=ending(unseen))
    assert gone.headers["location"].startswith("/orders/drafts?gone="), gone.text
    assert "was deleted" in (await client.get(gone.headers["location"])).text
    assert await drafts(house) == before
    # and the first window still has the form
    page = await client.get("/orders/new", params={"lang": "en"})
    told |= {"order": order, "key": key_of(page), "do": "submit", "l1.latest": "2027-06-24"}
    lost = await client.post("/orders/new", data=told)
    assert (lost.status_code, "2027-06-24" in lost.text) == (409, True), lost.text
    assert "deleted in another window" in lost.text
    told |= {"order": "", "draft": draft_of(lost), "key": key_of(lost), "do": "save"}
    assert (await client.post("/orders/new", data=told)).status_code == 303
    assert len(await drafts(house)) == len(before) + 1


async def test_a_draft_that_is_deleted_before_the_page_learns_of_it_leaves_no_ghost(house):
    client = await logged_in(house)
    clerk, before = house.client("order-intake", "enterprise"), await drafts(house)
    page = await client.get("/orders/new", params={"lang": "en"})
    mine = LINE | {"draft": draft_of(page), "order": ""}
    (kept,) = set(re.findall(r'name="kept" value="([^"]+)"', page.text))
    assert "Draft kept" in (await client.post("/orders/kept", data=mine | {"kept": kept})).text
    (order,) = set(await drafts(house)) - set(before)
    good(await clerk.post(f"/orders/{order}/discard"))
    # the answer that told of it never came: the form still has no order, and its one draft is gone
    again = await client.get("/orders/new", params={"lang": "en"})
    (kept,) = set(re.findall(r'name="kept" value="([^"]+)"', again.text))
    part = await client.post("/orders/kept", data=mine | {"kept": kept}, headers={"accept-language": "en"})
    assert "Draft not kept: The draft was deleted in another window" in part.text, part.text
    lost = await client.post("/orders/new", data=mine | {"key": key_of(again), "do": "save"})
    assert (lost.status_code, "deleted in another window" in lost.text) == (409, True), lost.text
    assert draft_of(lost) != mine["draft"]
    assert await drafts(house) == before
    saved = await client.post(
        "/orders/new", data=mine | {"draft": draft_of(lost), "key": key_of(lost), "do": "save"}
    )
    assert saved.status_code == 303, saved.text
    assert len(await drafts(house)) == len(before) + 1
