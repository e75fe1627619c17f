from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from staffing.counting import (
    DIMENSIONS,
    HeldSession,
    Lesson,
    by,
    by_enterprise,
    by_head,
    by_special,
    count,
    totals,
)

held_sessions = st.lists(
    st.builds(
        HeldSession,
        session_id=st.integers(1, 30).map(lambda n: UUID(int=n)),
        order_id=st.integers(1, 4).map(lambda n: UUID(int=n)),
        enterprise=st.just("host"),
        division=st.sampled_from(["350404", "350481"]),
        occupation=st.sampled_from(["6-31-01-03", "6-18-02-04"]),
        level=st.sampled_from(["L5", "L4"]),
        college=st.sampled_from(["smtc", "smu"]),
        class_hours=st.integers(3, 4),
        special=st.booleans(),
        workers=st.frozensets(st.integers(1, 20).map(lambda n: UUID(int=n))),
    ),
    unique_by=lambda s: s.session_id,
)


def a_session(n, workers, order=1, special=False):
    people = frozenset(UUID(int=w) for w in workers)
    return HeldSession(
        UUID(int=n), UUID(int=order), "host", "350481", "6-31-01-03", "L5", "smtc", 3, special, people
    )


class TestCount:
    def test_heads_are_people_and_person_times_are_attendances(self):
        figures = count([a_session(1, [1, 2, 3]), a_session(2, [2, 3, 4])])
        assert (figures.heads, figures.person_times) == (4, 6)
        assert (figures.sessions, figures.class_hours, figures.trainee_hours) == (2, 6, 18)

    def test_a_session_told_twice_counts_once(self):
        assert count([a_session(1, [1, 2])] * 2) == count([a_session(1, [1, 2])])

    def test_a_special_session_is_counted_once_an_order(self):
        held = [a_session(n, [1], order=n // 3, special=n < 6) for n in range(9)]
        assert count(held).special_sessions == 2

    @given(held=held_sessions)
    def test_what_is_said_of_a_delivery_and_of_a_report_is_counted_alike(self, held):
        whole = count(held)
        told = totals(Lesson(s.session_id, s.class_hours, s.workers) for s in held)
        assert (told.sessions, told.heads, told.person_times, told.class_hours, told.trainee_hours) == (
            whole.sessions, whole.heads, whole.person_times, whole.class_hours, whole.trainee_hours,
        )  # fmt: skip
        assert sum(len(of) for of in by_head(held).values()) == whole.person_times
        assert len(by_special(held)) == whole.special_sessions

    @given(held=held_sessions)
    def test_the_groups_of_every_dimension_add_up_to_the_whole(self, held):
        whole = count(held)
        for key in DIMENSIONS.values():
            groups = by(held, key).values()
            assert sum(g.sessions for g in groups) == whole.sessions
            assert sum(g.person_times for g in groups) == whole.person_times
            assert sum(g.class_hours for g in groups) == whole.class_hours
            assert max((g.heads for g in groups), default=0) <= whole.heads <= sum(g.heads for g in groups)


class TestByEnterprise:
    def test_of_a_joint_order_each_enterprise_has_its_own_people(self):
        people = {"host": frozenset({UUID(int=1), UUID(int=2)}), "near": frozenset({UUID(int=3)})}
        held = [a_session(1, [1, 2, 3]), a_session(2, [1, 3]), a_session(3, [7], order=2)]
        counted = by_enterprise(held, {UUID(int=1): people})
        assert [(counted[of].heads, counted[of].person_times) for of in ("host", "near")] == [(3, 4), (1, 2)]
        assert [counted[of].sessions for of in ("host", "near")] == [3, 2]

    @given(held=held_sessions)
    def test_person_times_add_up_to_the_whole(self, held):
        joint = {
            UUID(int=1): {
                "host": frozenset(UUID(int=n) for n in range(1, 11)),
                "near": frozenset(UUID(int=n) for n in range(11, 21)),
            }
        }
        assert (
            sum(each.person_times for each in by_enterprise(held, joint).values()) == count(held).person_times
        )
