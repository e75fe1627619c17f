"""Step 2: somebody could come if one of his sessions went to somebody else. Two linked offers, both or nothing."""

from datetime import timedelta

import pytest

from servicekit.facts import hold_subject

DAY = {"most_sessions_day": 1}


@pytest.fixture
async def swap(dispatch, given):
    """Only the senior can take the new session; he is bound to an easy one that the junior could take as well."""
    await given.college()
    await given.college("smu")
    senior = await given.person(level="L2", **DAY)
    junior = await given.person("smu", level="L4", home="350424")
    easy = given.session(level="L4", band="am", proposed=senior)
    await given.confirmed(easy)
    await given.accept(await given.offer(easy))
    hard = given.session(level="L2", band="pm")
    await dispatch.forget()
    await given.confirmed(hard)
    return senior, junior, easy, hard


async def halves(given, hard, easy):
    return await given.offer(hard), await given.offer(easy)


class TestSwap:
    async def test_two_linked_offers_are_made_and_nothing_is_released(self, dispatch, given, swap):
        senior, junior, easy, hard = swap
        comes, takes_over = await halves(given, hard, easy)
        assert (comes["person_id"], takes_over["person_id"]) == (str(senior), str(junior))
        assert (comes["step"], takes_over["step"]) == (2, 2)
        assert comes["linked"] == takes_over["assignment_id"]
        assert takes_over["linked"] == comes["assignment_id"]
        assert await given.reserved(senior) == [("session", "firm")]
        assert await given.reserved(junior) == [("session", "held")]
        assert "assignment.released" not in await given.types()

    @pytest.mark.parametrize("first", [0, 1])
    async def test_when_both_agree_both_are_firm(self, given, swap, first):
        senior, junior, easy, hard = swap
        both = await halves(given, hard, easy)
        answer = await given.accept(both[first])
        assert answer.json()["state"] == "agreed"
        assert await given.reserved(senior) == [("session", "firm")]
        answer = await given.accept(both[1 - first])
        assert answer.json()["state"] == "firm"
        assert await given.reserved(senior) == [("session", "firm")]
        assert await given.reserved(junior) == [("session", "firm")]
        types = await given.types()
        assert types.count("assignment.accepted") == 2
        assert types.count("assignment.released") == 1
        firm = (await given.union.get("/offers", params={"state": "firm"})).json()
        assert {each["session_id"]: each["person_id"] for each in firm} == {
            str(hard.session_id): str(senior),
            str(easy.session_id): str(junior),
        }

    @pytest.mark.parametrize("agreed", [False, True])
    @pytest.mark.parametrize("declines", [0, 1])
    async def test_when_one_half_says_no_nothing_has_changed_and_scheduling_is_told(
        self, given, swap, declines, agreed
    ):
        senior, junior, easy, hard = swap
        both = await halves(given, hard, easy)
        if agreed:
            await given.accept(both[1 - declines])
        await given.decline(both[declines])
        assert await given.reserved(senior) == [("session", "firm")]
        assert await given.reserved(junior) == []
        assert await given.open_offers() == []
        assert (await given.types())[-1] == "session.unstaffable"

    @pytest.mark.parametrize("agreed", [0, 1])
    async def test_the_silent_half_lapses_and_ends_the_other(self, dispatch, given, swap, agreed):
        _, junior, easy, hard = swap
        both = await halves(given, hard, easy)
        await given.accept(both[agreed])
        await dispatch.fire_deadlines(await dispatch.now() + timedelta(hours=25))
        assert await given.reserved(junior) == []
        assert (await given.types())[-1] == "session.unstaffable"
        said = [fact for each in (hard, easy) for fact in await dispatch.facts(each.order_id)]
        (lapsed,) = (fact for fact in said if fact.type == "assignment.lapsed.v1")
        assert str(lapsed.assignment_id) == both[1 - agreed]["assignment_id"]

    @pytest.mark.parametrize("ill", ["senior", "junior"])
    @pytest.mark.parametrize("agreed", [0, 1])
    async def test_illness_between_the_two_answers_ends_it_and_nobody_loses_what_was_firm(
        self, dispatch, given, swap, ill, agreed
    ):
        senior, junior, easy, hard = swap
        await given.accept((await halves(given, hard, easy))[agreed])
        person, college, of = (senior, "smtc", hard) if ill == "senior" else (junior, "smu", easy)
        times = {
            "starts_at": of.slot.starts_at.isoformat(),
            "ends_at": of.slot.ends_at.isoformat(),
            "reason": "illness",
        }
        answer = await given.office(college).post(f"/instructors/{person}/absences", json=times)
        assert answer.status_code == 201, answer.text
        kept = [("session", "firm")] if ill == "junior" else [("session", "firm"), ("absence", "firm")]
        assert await given.reserved(senior) == kept
        assert await given.reserved(junior) == ([] if ill == "senior" else [("absence", "firm")])
        firm = (await given.union.get("/offers", params={"state": "firm"})).json()
        assert [(each["session_id"], each["person_id"]) for each in firm] == [
            (str(easy.session_id), str(senior))
        ]
        assert await given.open_offers() == []
        said = await dispatch.facts(hard.order_id)
        assert said[-1].type == "session.unstaffable.v1"
        assert not any(each.type == "assignment.released.v1" and each.was_firm for each in said)

    async def test_a_college_that_agreed_still_sees_its_half(self, given, swap):
        _, junior, easy, hard = swap
        _, takes_over = await halves(given, hard, easy)
        await given.accept(takes_over)
        (seen,) = (await given.office("smu").get("/offers")).json()
        assert (seen["person_id"], seen["state"]) == (str(junior), "agreed")

    async def test_a_half_cannot_be_substituted(self, given, swap):
        *_, hard = swap
        other = await given.person(level="L2")
        answer = await given.substitute(await given.offer(hard), other)
        assert (answer.status_code, answer.json()["code"]) == (409, "offer.linked")

    async def test_when_the_senior_falls_ill_the_swap_ends(self, given, swap):
        senior, junior, easy, hard = swap
        times = {
            "starts_at": easy.slot.starts_at.isoformat(),
            "ends_at": hard.slot.ends_at.isoformat(),
            "reason": "illness",
        }
        answer = await given.office("smtc").post(f"/instructors/{senior}/absences", json=times)
        assert answer.status_code == 201, answer.text
        assert (await given.offer(easy))["person_id"] == str(junior)
        assert await given.open_offers(hard.session_id) == []
        assert await given.reserved(senior) == [("absence", "firm")]


async def bound(given, *, junior_of, **agreement):
    """A senior, the only one for what is hard, firm for something easy; and a junior who could take that over."""
    await given.college("smtc", **agreement)
    await given.college("smu")
    senior = await given.person(level="L2", **DAY)
    easy = given.session(level="L4", band="am", proposed=senior)
    await given.confirmed(easy)
    await given.accept(await given.offer(easy))
    await given.person(junior_of, level="L4", home="350424")
    return easy, given.session(level="L2", band="pm")


class TestWhatIsSaidOfSwaps:
    @pytest.mark.parametrize(("junior_of", "swapped"), [("smu", True), ("smtc", False)])
    async def test_at_a_full_quota_a_session_is_given_up_to_another_college(self, given, junior_of, swapped):
        _, hard = await bound(given, junior_of=junior_of, week=1)
        await given.confirmed(hard)
        assert len(await given.open_offers()) == (2 if swapped else 0)

    async def test_what_somebody_is_at_is_not_called_impossible(self, dispatch, given):
        easy, hard = await bound(given, junior_of="smu")
        async with dispatch.transactions.begin() as other:
            await hold_subject(other, easy.order_id)
            await given.confirmed(hard)
        told = (await dispatch.facts(hard.order_id))[-1]
        assert [each.code for each in told.tried][-1] == "dispatch.swaps_left"
        assert told.tried[-1].figures == {"left": 1}

    async def test_of_what_has_begun_no_swap_is_spoken_of(self, dispatch, given):
        await given.college()
        over = given.session(day=-40)
        await given.confirmed(over)
        told = (await dispatch.facts(over.order_id))[-1]
        assert [each.code for each in told.tried] == ["dispatch.begun"]
