"""The oracle sees each kind of difference, and none where there is none."""

import asyncio
import random
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from songjiao_cli.api import Person
from songjiao_cli.chaos.answers import Answers
from songjiao_cli.chaos.oracle.business import INVARIANTS
from songjiao_cli.chaos.oracle.ledgers import LEDGERS
from songjiao_cli.chaos.oracle.world import Effect
from songjiao_cli.chaos.rounds import is_of_rogues
from songjiao_cli.chaos.siege import parked_by_outage

from .books import ACCEPTED, DRAFTED, KEY, ORDER, STORY, SUBMITTED, fact, id_of, records, with_books, world

pytestmark = pytest.mark.rules


def found(of):
    """Which ledgers and invariants differ."""
    return {name for name, compare in {**LEDGERS, **INVARIANTS}.items() if list(compare(of))}


def test_a_whole_world_has_no_difference():
    assert found(world()) == set()


def command(**changes):
    return [replace(world().commands[0], **changes)]


@pytest.mark.parametrize(
    "commands",
    [
        command(positions=(f"order-intake/{ORDER}/9",)),
        command(status=409, positions=()),
        command(differs="200 and then 201"),
        command(positions=()),
    ],
    ids=[
        "its fact is missing",
        "refused and yet done",
        "answered otherwise again",
        "the answer names no fact",
    ],
)
def test_l_an_answer_that_the_facts_do_not_bear_out(commands):
    assert "L" in found(world(commands=commands))


def test_l_a_command_that_nobody_answered_is_whole_or_absent():
    unanswered = command(status=None, positions=())
    assert found(world(commands=unanswered)) == set()
    assert "L" in found(with_books(world(commands=unanswered), "order-intake", answered={}))


def test_l_a_command_whose_handler_fell_over_even_if_it_was_done_the_second_time():
    assert found(world(commands=command(broke="500 KeyError"))) == {"L"}


def test_l_one_key_that_acted_twice():
    twice = fact(4, "order-intake", "order.returned", 3, key=KEY)
    assert "L" in found(world([*STORY, twice]))


def test_an_answer_of_500_is_kept_on_the_command_and_one_of_503_is_not():
    said = iter([503, 500, 200])
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(next(said), json={})))
    answers = Answers({"order-intake": "http://intake"}, random.Random(1), client=client)
    clerk = Person("clerk", "", "enterprise", own_token=lambda: "token")
    asyncio.run(answers.command(clerk, "POST", "order-intake", "/orders", until=time.monotonic() + 5))
    (given,) = answers.commands
    assert given.done
    assert given.broke.startswith("500")
    assert answers.not_now == 2, "both were put off"


@pytest.mark.parametrize(
    "facts", [(ACCEPTED, DRAFTED), (ACCEPTED, SUBMITTED, DRAFTED)], ids=["lost", "reordered"]
)
def test_s_a_sequence_with_a_gap_or_a_step_back(facts):
    assert "S" in found(world(facts))


def test_s_a_repeat_with_other_bytes_and_one_with_the_same():
    again = records([*STORY, SUBMITTED])
    assert found(world(records=again)) == set()
    again[-1] = replace(again[-1], raw=b"{}")
    assert found(world(records=again)) == {"S"}


def test_s_a_fact_that_only_the_log_or_only_the_topic_has():
    assert "S" in found(world(records=records([SUBMITTED, ACCEPTED])))
    assert "S" in found(with_books(world(), "scheduling", events={}))
    assert "S" in found(with_books(world(), "scheduling", unsent=1))


def test_e_no_effect_two_effects_or_one_of_a_parked_fact():
    effects = world().books["evaluation"].effects
    assert found(with_books(world(), "evaluation", effects=effects[:-1])) == {"E"}
    given_up = with_books(world(), "evaluation", effects=effects[:-1], skipped=frozenset({id_of(3)}))
    assert found(given_up) == {"E"}, "a real fact that somebody gave up is lost"
    rogue = with_books(world(), "evaluation", skipped=frozenset({id_of(66)}))
    assert found(rogue) == set(), "one that nobody of ours said may be left out"
    twice = [*effects, replace(effects[-1], seq=99)]
    assert "E" in found(with_books(world(), "evaluation", effects=twice))
    assert found(with_books(world(), "evaluation", parked=[(ORDER, "ValueError")])) == {"E"}


def test_e_one_fact_that_led_twice_to_the_same():
    again = fact(4, "scheduling", "scheme.drafted", 2, cause=2, actor="service:scheduling", version=1)
    assert found(world([*STORY, again])) == {"E"}


def test_o_effects_out_of_order_within_a_sender_and_between_two():
    one, two, three = world().books["portal"].effects
    swapped = [replace(two, seq=1), replace(one, seq=2), three]
    assert "O" in found(with_books(world(), "portal", effects=swapped))
    between = [one, replace(three, seq=2), replace(two, seq=3)]
    assert "O" in found(with_books(world(), "portal", effects=between))


def test_o_a_head_behind_what_was_applied():
    assert found(with_books(world(), "portal", heads={})) == {"O"}


def test_x_a_cause_that_is_nowhere_an_act_with_a_cause_and_a_hole_in_the_story():
    assert found(world([SUBMITTED, ACCEPTED, {**DRAFTED, "causationid": id_of(77)}])) == {"X"}
    assert found(world([SUBMITTED, {**ACCEPTED, "causationid": id_of(1)}, DRAFTED])) == {"X"}
    assert found(world([SUBMITTED, ACCEPTED, {k: v for k, v in DRAFTED.items() if k != "causationid"}])) == {
        "X"
    }
    assert found(world(story={id_of(1): 1, id_of(2): 2, id_of(3): 1})) == {"X"}


def test_a_step_that_was_not_earned_or_comes_after_the_end():
    assert "steps" in found(world([SUBMITTED, {**DRAFTED, "causationid": id_of(1)}]))
    gone = fact(4, "order-intake", "order.withdrawn", 2)
    assert "steps" in found(world([SUBMITTED, gone, {**ACCEPTED, "sequence": 3}]))


@pytest.mark.parametrize(
    ("first", "then", "may"),
    [
        ("accepted", "accepted", False),
        ("accepted", "returned", False),
        ("accepted", "withdrawn", False),
        ("accepted", "cancelled", True),
        ("accepted", "line_closed", True),
        ("returned", "submitted", True),
        ("returned", "withdrawn", True),
        ("returned", "accepted", False),
        ("submitted", "accepted", False),
    ],
)
def test_an_order_goes_only_where_its_state_lets_it(first, then, may):
    story = [
        SUBMITTED,
        fact(2, "order-intake", f"order.{first}", 2),
        fact(3, "order-intake", f"order.{then}", 3),
    ]
    assert ("states" not in found(world(story))) == may


def test_an_accepted_order_that_the_planner_says_nothing_of():
    assert "follows" in found(world([SUBMITTED, ACCEPTED]))
    declined = fact(3, "scheduling", "scheme.declined", 1, cause=2, actor="service:scheduling", version=1)
    assert "follows" not in found(world([SUBMITTED, ACCEPTED, declined]))
    cancelled = fact(4, "order-intake", "order.cancelled", 3)
    assert "follows" not in found(world([SUBMITTED, ACCEPTED, cancelled]))


def test_a_scheme_that_stands_after_its_order_was_cancelled_and_an_order_not_started():
    cancelled = fact(4, "order-intake", "order.cancelled", 3)
    withdrawn = fact(5, "scheduling", "scheme.withdrawn", 2, cause=4, actor="service:scheduling", version=1)
    assert "follows" in found(world([*STORY, cancelled]))
    assert "follows" not in found(world([*STORY, cancelled, withdrawn]))
    opened = fact(6, "evaluation", "session.opened", 1, actor="p", session_id="s")
    started = fact(7, "order-intake", "order.started", 3, cause=6, actor="service:order-intake")
    assert "follows" in found(world([*STORY, opened]))
    assert "follows" not in found(world([*STORY, opened, started]))


DISPATCH = "instructor-dispatch"
PLANNED = fact(4, "scheduling", "session.scheduled", 2, actor="clerk", session_id="s")


def offered(nth, sequence, cause, assignment="a"):
    return fact(
        nth, DISPATCH, "assignment.offered", sequence, cause=cause, actor=f"service:{DISPATCH}",
        session_id="s", assignment_id=assignment,
    )  # fmt: skip


def test_a_session_that_nobody_was_asked_to_teach():
    nobody = fact(5, DISPATCH, "session.unstaffable", 1, cause=4, actor=f"service:{DISPATCH}", session_id="s")
    off = fact(6, "scheduling", "session.cancelled", 3, actor="u", session_id="s")
    assert "follows" in found(world([*STORY, PLANNED]))
    for answer in (offered(5, 1, 4), nobody, off):
        assert "follows" not in found(world([*STORY, PLANNED, answer]))


def test_a_session_moved_to_another_time_is_asked_for_anew():
    story = [*STORY, PLANNED, offered(5, 1, 4)]
    moved = fact(7, "scheduling", "session.moved", 3, actor="u", session_id="s", slot="fri", was="mon")
    same = fact(7, "scheduling", "session.moved", 3, actor="u", session_id="s", slot="mon", was="mon")
    assert "follows" in found(world([*story, moved]))
    assert "follows" not in found(world([*story, moved, offered(8, 2, 7, "b")]))
    assert "follows" not in found(world([*story, same]))


def test_an_assignment_that_stands_for_a_session_called_off():
    off = fact(6, "scheduling", "session.cancelled", 3, actor="u", session_id="s")
    released = fact(
        7, DISPATCH, "assignment.released", 2, cause=6, actor=f"service:{DISPATCH}",
        session_id="s", assignment_id="a",
    )  # fmt: skip
    story = [*STORY, PLANNED, offered(5, 1, 4), off]
    assert "follows" in found(world(story))
    assert "follows" not in found(world([*story, released]))


def test_a_batch_is_asked_for_and_called_off_with_its_order():
    planned = fact(4, "evaluation", "evaluation.planned", 1, actor="u", batch_id="b", assessors=2)
    nobody = fact(5, DISPATCH, "batch.unstaffable", 1, cause=4, actor=f"service:{DISPATCH}", batch_id="b")
    cancelled = fact(6, "order-intake", "order.cancelled", 3)
    gone = fact(7, "scheduling", "scheme.withdrawn", 2, cause=6, actor="service:scheduling", version=1)
    off = fact(8, "evaluation", "batch.cancelled", 2, cause=6, actor="service:evaluation", batch_id="b")
    assert "follows" in found(world([*STORY, planned]))
    assert "follows" not in found(world([*STORY, planned, nobody]))
    assert "follows" in found(world([*STORY, planned, nobody, cancelled, gone]))
    assert "follows" not in found(world([*STORY, planned, nobody, cancelled, gone, off]))


def test_what_an_outage_has_parked_is_a_finding_and_what_a_fault_spoilt_is_none():
    waits = [("portal", {"subject": "one", "reason": "gap", "error": "sequence 3 after 1"})]
    assert parked_by_outage(waits, {"one"}) == []
    assert "one" in parked_by_outage(waits, {"two"})[0]


def test_a_line_of_verify_is_left_out_only_when_it_speaks_of_the_rogue():
    kept = "verify: folded was not checked: no such file /tmp/songjiao-chaos-77-x/programmes"
    assert not is_of_rogues(kept, {"id-1"})
    assert is_of_rogues("verify: sequences have no gap: chaos about 7: 3 follows 1", set())
    assert is_of_rogues("verify: no orphan: order.unheard.v1 id-1: order_id", {"id-1"})


def test_a_certificate_is_earned_by_the_results_of_its_batch_and_a_session_by_its_own_schedule():
    admitted = fact(7, "evaluation", "candidate.admitted", 1, actor="u", evaluation_id="e", batch_id="b")
    assessed = fact(
        8, "evaluation", "candidate.assessed", 2, actor="a", evaluation_id="e", batch_id="b", passed=True
    )
    posted = fact(9, "evaluation", "results.posted", 3, actor="u", batch_id="b")
    planned = fact(6, "evaluation", "evaluation.planned", 1, actor="u", batch_id="b")
    issued = certificate(10, "k-1", sequence=4)
    assert "steps" not in found(world([*STORY, planned, admitted, assessed, posted, issued]))
    assert "steps" in found(world([*STORY, planned, admitted, assessed, issued]))
    other = fact(
        11, "evaluation", "candidate.assessed", 2, actor="a", evaluation_id="x", batch_id="b", passed=True
    )
    assert "steps" in found(world([*STORY, planned, admitted, other]))


def test_a_session_of_a_cancelled_order_that_stays_planned():
    planned = fact(
        4, "scheduling", "session.scheduled", 2, cause=2, actor="service:scheduling", session_id="s"
    )
    cancelled = fact(5, "order-intake", "order.cancelled", 3)
    freed = fact(6, "scheduling", "session.cancelled", 3, cause=5, actor="service:scheduling", session_id="s")
    assert "freed" in found(world([*STORY, planned, cancelled]))
    assert "freed" not in found(world([*STORY, planned, cancelled, freed]))


def test_two_certificates_for_one_result_and_one_for_nobody():
    passed = fact(
        5, "evaluation", "candidate.assessed", 1, actor="a", evaluation_id="e", batch_id="b", passed=True
    )
    one, other = certificate(6, "k-1"), certificate(7, "k-2", sequence=3)
    assert "once" not in found(world([*STORY, passed, one]))
    assert "once" in found(world([*STORY, passed, one, other]))
    assert "once" in found(world([*STORY, one]))


def test_a_certificate_in_the_place_of_another_is_no_second_one():
    passed = fact(5, "evaluation", "candidate.assessed", 1, actor="u", evaluation_id="e", passed=True)
    one, other = certificate(6, "k-1"), certificate(7, "k-2", number="2", sequence=3, replaces="k-1")
    assert "once" not in found(world([*STORY, passed, one, other]))
    assert "once" in found(world([*STORY, passed, one, other, certificate(8, "k-3", number="3", sequence=4)]))


def certificate(nth, id_, number="1", sequence=2, **more):
    told = {"certificate_id": id_, "evaluation_id": "e", "number": number, "kind": "level", **more}
    return fact(nth, "evaluation", "certificate.issued", sequence, actor="u", **told)


def test_one_person_in_two_places():
    at = datetime(2026, 5, 6, 8, tzinfo=UTC)
    hour = timedelta(hours=1)
    assert (
        found(world(reservations=[("p", at, at + hour, "session"), ("p", at + hour, at + 2 * hour, "drive")]))
        == set()
    )
    overlapping = [("p", at, at + hour, "session"), ("p", at + hour / 2, at + 2 * hour, "drive")]
    assert found(world(reservations=overlapping)) == {"places"}


def test_a_version_that_notes_no_effects_is_judged_by_its_heads():
    effects = world().books["evaluation"].effects[:1]
    of = with_books(world(), "evaluation", effects=effects)
    assert found(of) == {"E"}
    assert found(replace(of, unnoted=frozenset({"evaluation"}))) == set()
    assert isinstance(effects[0], Effect)
