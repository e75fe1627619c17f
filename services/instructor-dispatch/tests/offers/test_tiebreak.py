"""Between several who answered an open call: fairness decides, then the earlier answer, and all are told why."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from instructor_dispatch.offers.tiebreak import Volunteer, decide, share

NOON = datetime(2026, 5, 6, 4, tzinfo=UTC)
shares = st.one_of(st.none(), st.fractions(0, 3, max_denominator=12))
volunteers = st.lists(
    st.builds(
        Volunteer,
        assignment_id=st.uuids(),
        college=shares,
        person=shares,
        answered_at=st.integers(0, 30).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    ),
    max_size=6,
    unique_by=lambda each: each.assignment_id,
)


def answer(number, college, person, minute=0):
    return Volunteer(
        UUID(int=number), share(college, 20), share(person, 10), NOON + timedelta(minutes=minute)
    )


@pytest.mark.rules
class TestWhoComes:
    def test_a_college_further_below_its_share_comes_before_an_earlier_click(self):
        told = decide([answer(1, 10, 1), answer(2, 9, 9, minute=20)], 1)
        assert [each for each, _ in told.chosen] == [UUID(int=2)]
        (_, why), (_, because) = told.others[0], told.chosen[0]
        assert (why.code, why.figures) == ("call.fairer", {"share": 50, "chosen": 45})
        assert (because.code, because.figures) == ("call.chosen", {"answers": 2, "share": 45})

    def test_of_equal_colleges_the_less_loaded_person(self):
        told = decide([answer(1, 5, 4), answer(2, 5, 3, minute=1)], 1)
        ((lost, why),) = told.others
        assert (lost, why.code, why.figures) == (
            UUID(int=1),
            "call.fairer_person",
            {"share": 40, "chosen": 30},
        )

    def test_of_equals_the_earlier_answer(self):
        told = decide([answer(1, 5, 3, minute=2), answer(2, 5, 3, minute=1)], 1)
        ((lost, why),) = told.others
        assert (lost, why.code) == (UUID(int=1), "call.earlier")

    def test_whose_share_is_not_agreed_comes_last(self):
        told = decide([answer(1, 40, 30), Volunteer(UUID(int=2), share(0, 0), share(0, 0), NOON)], 1)
        ((lost, why),) = told.others
        assert (lost, why.figures) == (UUID(int=2), {"chosen": 200})

    @for_all(volunteers, st.integers(-1, 7), st.randoms(use_true_random=False))
    def test_the_order_in_which_they_stand_decides_nothing(self, some, places, chance):
        mixed = list(some)
        chance.shuffle(mixed)
        told = decide(mixed, places)
        assert told == decide(some, places)
        assert len(told.chosen) == max(0, min(places, len(some)))
        assert {each for each, _ in (*told.chosen, *told.others)} == {each.assignment_id for each in some}

    @for_all(volunteers, st.integers(1, 5))
    def test_nobody_who_lost_is_less_loaded_than_somebody_who_comes(self, some, places):
        told = decide(some, places)
        of = {each.assignment_id: each.college for each in some}

        def load(one):
            return Fraction(10**9) if of[one] is None else of[one]

        assert all(load(won) <= load(lost) for won, _ in told.chosen for lost, _ in told.others)


async def three_asked(given):
    """Three colleges are called; the second has the least against its target, then the third."""
    asked = {"smtc": 4, "smu": 400, "fjmvc": 100}
    people = {}
    for college, target in asked.items():
        await given.college(college, target=target)
    session = given.session()
    await given.confirmed(session)
    url = f"/sessions/{session.session_id}/open-call"
    await given.union.post(url, json={"college_ids": list(asked)})
    offers = {each["college_id"]: each for each in await given.open_offers(session.session_id)}
    for college in asked:
        people[college] = await given.person(college)
    return session, offers, people


class TestACallIsDecided:
    async def answers(self, given, offers, people, *colleges):
        for college in colleges:
            answer = await given.accept(offers[college], person_id=str(people[college]))
            assert answer.status_code == 200, answer.text

    @pytest.mark.parametrize("order", [("smtc", "smu"), ("smu", "smtc")])
    async def test_by_fairness_when_the_window_is_over(self, dispatch, given, order):
        session, offers, people = await three_asked(given)
        await self.answers(given, offers, people, *order)
        late = await given.substitute(offers["smtc"], people["smtc"])
        assert (late.status_code, late.json()["code"]) == (409, "offer.closed")
        await dispatch.fire_deadlines(await dispatch.now() + timedelta(minutes=31))
        assert await given.reserved(people["smu"]) == [("session", "firm")]
        assert await given.reserved(people["smtc"]) == []
        said = await dispatch.facts(session.order_id)
        told = {each.college_id: each for each in said if each.type == "assignment.released.v1"}
        assert {college: each.reason.code for college, each in told.items()} == {
            "smtc": "call.fairer",
            "fjmvc": "call.taken",
        }
        (accepted,) = [each for each in said if each.type == "assignment.accepted.v1"]
        assert [each.code for each in accepted.reasons] == ["call.chosen"]
        assert said[-1].type == "order.staffed.v1"

    async def test_at_once_when_all_have_answered(self, given):
        _, offers, people = await three_asked(given)
        await self.answers(given, offers, people, "smtc", "fjmvc")
        await given.decline(offers["smu"])
        assert await given.reserved(people["fjmvc"]) == [("session", "firm")]
        assert await given.reserved(people["smtc"]) == []

    async def test_whoever_takes_the_answer_back_is_out_of_it(self, dispatch, given):
        _, offers, people = await three_asked(given)
        await self.answers(given, offers, people, "smu", "fjmvc")
        await given.decline(offers["smu"])
        assert await given.reserved(people["smu"]) == []
        await dispatch.fire_deadlines(await dispatch.now() + timedelta(minutes=31))
        assert await given.reserved(people["fjmvc"]) == [("session", "firm")]

    async def test_who_falls_ill_meanwhile_is_out_of_it_and_another_comes(self, dispatch, given):
        session, offers, people = await three_asked(given)
        await self.answers(given, offers, people, "smu", "smtc")
        times = {
            "starts_at": session.slot.starts_at.isoformat(),
            "ends_at": session.slot.ends_at.isoformat(),
            "reason": "illness",
        }
        url = f"/instructors/{people['smu']}/absences"
        assert (await given.office("smu").post(url, json=times)).status_code == 201
        await dispatch.fire_deadlines(await dispatch.now() + timedelta(minutes=31))
        assert await given.reserved(people["smtc"]) == [("session", "firm")]
        assert await given.reserved(people["smu"]) == [("absence", "firm")]
