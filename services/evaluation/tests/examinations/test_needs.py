"""What a batch needs, and who may not invigilate it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.examined import BatchArranged
from contracts.programme_rules import InvigilatorRules
from contracts.refusals import Invalid, NotAllowed, Refused
from contracts.values import ExamRoom, Invigilator, Part
from evaluation.examinations import needs
from evaluation.examinations.batch import Batch, BatchState, Candidate, CandidateState, evolve
from evaluation.examinations.marking import Panel
from evaluation.examinations.needs import What

from .. import builders as a

FIGURES = a.the_programmes().rules.evaluation.figures(a.ELECTRICIAN, a.MONDAY)
NOBODY = Panel(frozenset(), frozenset())
ALL = (Part.THEORY, Part.PRACTICAL, Part.REVIEW)


def a_batch(heads, *seats, invigilators=(), parts=ALL[:2], **told):
    rooms = tuple(ExamRoom(room=n, seats=of) for n, of in enumerate(seats, start=1))
    people = tuple(Candidate(uuid4(), a.a_worker(n), CandidateState.ADMITTED) for n in range(heads))
    batch = Batch(
        uuid4(), uuid4(), 2, a.ELECTRICIAN, "L4", "jinniu", "350428", a.a_slot(), parts, (), 3,
        candidates=people, rooms=rooms, invigilators=invigilators,
    )  # fmt: skip
    return Batch(**(vars(batch) | told))


def watching(room=1, *, who=None, sent=True):
    return Invigilator(invigilator_id=who or uuid4(), sent=sent, room=room)


def panel(firm, taught=()):
    return Panel(frozenset(firm), frozenset(taught))


def told(batch, who=NOBODY):
    return {(each.what, each.room): (each.there, each.wanted) for each in needs.needs(batch, who, FIGURES)}


@pytest.mark.rules
class TestNeeds:
    def test_two_a_room_and_one_for_each_fifteen(self):
        batch = a_batch(50, 40, 20, invigilators=(watching(), watching(), watching(2)))
        found = told(batch)
        assert found[(What.SEATS, None)] == (60, 50)
        assert found[(What.INVIGILATORS, 1)] == (2, 3)
        assert found[(What.INVIGILATORS, 2)] == (1, 2)

    def test_a_room_in_which_nobody_sits_needs_nobody(self):
        assert told(a_batch(10, 10, 30))[(What.INVIGILATORS, 2)] == (0, 0)

    @pytest.mark.parametrize(("firm", "there"), [(0, 0), (1, 1), (2, 1), (3, 3), (4, 3), (5, 5)])
    def test_assessors_and_panel_decide_in_an_odd_number(self, firm, there):
        found = told(a_batch(9, 9, parts=ALL), panel(UUID(int=n) for n in range(firm)))
        assert found[(What.ASSESSORS, None)] == (there, 3)
        assert found[(What.REVIEW_PANEL, None)] == (there, 3)

    def test_whoever_taught_is_no_assessor(self):
        ids = [UUID(int=n) for n in range(3)]
        assert told(a_batch(9), panel(ids, ids[:1]))[(What.ASSESSORS, None)] == (1, 3)

    def test_a_review_is_asked_for_at_its_levels_only_and_the_minutes_are_the_slots(self):
        assert (What.REVIEW_PANEL, None) not in told(a_batch(9))
        found = told(a_batch(9, parts=ALL))
        assert found[(What.THEORY_MINUTES, None)] == (195, 90)
        assert found[(What.REVIEW_MINUTES, None)] == (105, 30)
        slot = a.a_slot()
        short = slot.model_copy(update={"ends_at": slot.starts_at + timedelta(minutes=100)})
        found = told(a_batch(9, parts=ALL, slot=short))
        assert found[(What.REVIEW_MINUTES, None)] == (10, 30)

    @given(
        st.integers(0, 200),
        st.lists(st.integers(1, 60), max_size=6),
        st.lists(st.integers(1, 6), max_size=30),
    )
    def test_with_all_needs_met_everybody_sits_and_is_watched(self, heads, seats, rooms):
        batch = a_batch(heads, *seats, invigilators=tuple(watching(room) for room in rooms))
        found = [
            each
            for each in needs.needs(batch, NOBODY, FIGURES)
            if each.what in (What.SEATS, What.INVIGILATORS)
        ]
        if all(each.met for each in found):
            assert sum(seats) >= heads
            watched = sum(each.there for each in found if each.what is What.INVIGILATORS)
            assert watched * 15 >= heads


@pytest.mark.rules
class TestArrange:
    RULES = InvigilatorRules()

    def arrange(self, batch, people, who=NOBODY, rules=RULES):
        return needs.arrange(batch, [ExamRoom(room=1, seats=30)], people, who, rules)

    def test_all_is_said_anew_and_kept(self):
        batch = a_batch(9, 5, invigilators=(watching(),))
        one = watching(sent=False)
        said = self.arrange(batch, [one])
        assert isinstance(said, BatchArranged)
        after = evolve(batch, said)
        assert (after.rooms, after.invigilators) == ((ExamRoom(room=1, seats=30),), (one,))

    def test_whoever_teaches_or_assesses_does_not_invigilate_unless_the_rule_lets_them(self):
        one = watching(who=UUID(int=7))
        for who, code in (
            (panel([], [UUID(int=7)]), "invigilator.taught_the_cohort"),
            (panel([UUID(int=7)]), "invigilator.assesses"),
        ):
            with pytest.raises(NotAllowed, match=code.replace(".", r"\.")):
                self.arrange(a_batch(9), [one], who)
            open_to_all = InvigilatorRules(may_have_taught=True, may_assess=True)
            assert self.arrange(a_batch(9), [one], who, open_to_all).invigilators == (one,)

    def test_people_of_the_enterprise_where_the_programme_lets_them(self):
        strict = InvigilatorRules(of_the_enterprise=False)
        with pytest.raises(NotAllowed, match=r"invigilator\.same_enterprise"):
            self.arrange(a_batch(9), [watching(sent=False)], rules=strict)

    def test_rooms_that_are_not_there_people_twice_and_batches_that_are_over(self):
        one = watching()
        with pytest.raises(Invalid, match=r"invigilator\.no_such_room"):
            self.arrange(a_batch(9), [watching(2)])
        with pytest.raises(Invalid, match=r"invigilator\.twice"):
            self.arrange(a_batch(9), [one, one])
        with pytest.raises(Refused, match=r"batch\.not_open"):
            self.arrange(a_batch(9, state=BatchState.POSTED), [one])


async def test_rooms_and_invigilators_are_arranged_and_a_conflict_that_comes_later_is_told(
    evaluation, given, union
):
    played = await given.an_order(heads=2, sessions=0)
    batch = await given.a_batch(played, line=1)
    path, ours = f"/batches/{batch.batch_id}/rooms", uuid4()

    async def arrange(*people, seats=30):
        body = {"rooms": [{"name": "一号车间", "seats": seats}], "invigilators": list(people)}
        return await union.post(path, json=body)

    clerk, sent = {"room": 1, "name": "王某"}, {"room": 1, "person_id": str(ours)}
    assert (await arrange({"room": 1})).json()["code"] == "invigilator.nobody"
    assert (await arrange({"room": 1, "person_id": str(batch.assessors[0])})).json()[
        "code"
    ] == "invigilator.assesses"
    assert (await arrange(clerk, sent)).status_code == 204
    assert (await arrange(clerk, sent, seats=40)).status_code == 204
    first, second = await evaluation.facts(played.order_id, type="batch.arranged.v1")
    assert first.invigilators == second.invigilators, "the same name is the same person"
    await evaluation.deliver(a.an_assessor(played.order_id, batch.batch_id, ours))
    told = (await union.get(f"/batches/{batch.batch_id}")).json()["arranged"]
    assert told["rooms"] == [{"room": 1, "name": "一号车间", "seats": 40}]
    assert [(each["name"], each["person_id"]) for each in told["invigilators"]] == [
        ("王某", None),
        (None, str(ours)),
    ]
    assert [each["code"] for each in told["against"]] == ["invigilator.assesses"]
    assert (await given.clerk.get(f"/batches/{batch.batch_id}")).json()["arranged"] is None
