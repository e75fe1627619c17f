"""Names: asked of their owners by a job, encrypted, masked for workers; the pages live without them."""

import dataclasses
import re
from typing import ClassVar

import httpx
import pytest
from story_of_an_order import NUMBER, AnOrder, college, instructor

from portal import directory
from servicekit.neighbours import MOST_PEOPLE, Neighbours


class Owners(Neighbours):
    """Order-intake and instructor-dispatch as they answer."""

    away = False
    answers: ClassVar[list[int]] = []
    """The statuses of the next answers; then all is well."""

    async def ask(self, service, path, body):
        if Owners.away:
            raise httpx.ConnectError("away")
        if Owners.answers and (status := Owners.answers.pop(0)) >= 400:
            httpx.Response(status, request=httpx.Request("POST", path)).raise_for_status()
        most = {"order-intake": 5000, "instructor-dispatch": 2000}[service]
        assert len(body.get("people", body.get("workers"))) <= most, "more than the owner takes at once"
        if service == "order-intake":
            return [
                {"worker_id": id_, "name": "张小伟", "id_masked": "3504**********1234"}
                for id_ in body["workers"]
            ]
        return [{"person_id": id_, "name": "周海"} for id_ in body["people"]]


@pytest.fixture
def owners(portal):
    transactions = portal.service.transactions
    before = transactions.known
    transactions.known = dataclasses.replace(before, neighbours=Owners(before.neighbours.url_of, lambda: ""))
    yield
    transactions.known = before


class TestDirectory:
    async def test_names_are_asked_for_and_shown_and_a_holder_stays_masked(self, portal, owners):
        order = AnOrder()
        await portal.deliver(college(), instructor(), *order.whole())
        assert await portal.work_off_jobs() == 2
        union = portal.client("union", organisation="smftu")
        told = (await union.get("/orders/2026-0001/story.json")).json()
        assert any("周海" in fact["text"] for fact in told["facts"])
        page = (await portal.client().get(f"/c/{NUMBER}", params={"k": "7k2m9qxa"})).text
        assert "张*伟" in page
        assert "张小伟" not in page
        assert "3504**********1234" in page
        async with portal.transactions.begin() as tx:
            assert all(
                "周".encode() not in row["name"]
                for row in await tx.driver.fetch("select name from directory")
            )

    async def test_an_owner_who_is_away_is_asked_again_later(self, portal, owners):
        Owners.away = True
        await portal.deliver(instructor(7))
        with pytest.raises(AssertionError, match="ConnectError"):
            await portal.work_off_jobs(1)
        Owners.away = False

    async def test_everybody_is_asked_for_however_many_are_unknown(self, portal, owners):
        people = [instructor(100 + n) for n in range(2_300)]
        await portal.deliver(*people, times=1)
        await portal.work_off_jobs()
        async with portal.transactions.begin() as tx:
            known = await directory.names_of(tx, [each.person_id for each in people])
        assert len(known) == len(people)

    async def test_what_was_told_before_a_refusal_is_kept_and_a_fault_is_asked_again(self, portal, owners):
        people = [instructor(3_000 + n) for n in range(MOST_PEOPLE + 100)]
        await portal.deliver(*people, times=1)
        Owners.answers = [200, 403]
        await portal.work_off_jobs()
        async with portal.transactions.begin() as tx:
            assert len(await directory.names_of(tx, [each.person_id for each in people])) == MOST_PEOPLE
        await portal.deliver(instructor(3_999), times=1)
        Owners.answers = [503]
        with pytest.raises(AssertionError, match="HTTPStatusError"):
            await portal.work_off_jobs(1)

    async def test_an_unknown_person_shows_as_a_number(self, portal):
        order = AnOrder("nameless", "2026-0090")
        await portal.deliver(order.submitted(), order.opened())
        union = portal.client("union", organisation="smftu")
        told = (await union.get(f"/orders/{order.order_id}/story.json", params={"lang": "en"})).json()
        assert re.search(r"no\. [0-9a-f]{6}|周海", told["facts"][-1]["text"])
