"""The season told again: other orders in every id and number, the same people and houses (tests/journeys: for real)."""

import re
from uuid import UUID, uuid4

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.base import DEMAND, ORDERS, SUPPLY, Envelope, all_facts
from contracts.examples import example_of
from songjiao_cli.bench.desks_again import ID, MOST, Season, heads_of, read
from songjiao_cli.bench.desks_rows import again

PERSON, COORDINATOR = uuid4(), uuid4()
ORDER, SESSION, WORKER = uuid4(), uuid4(), uuid4()
NUMBER = re.compile(r'"\d{4}-\d{4,6}"|"[YS]\d{21}"')


def model(kind):
    return next(fact for fact in all_facts() if fact.type == f"{kind}.v1")


def said(kind, sequence=1, **own):
    """A fact on its topic, as its service would say it."""
    type_ = model(kind)
    own = {name: value for name, value in own.items() if name in type_.model_fields}
    fact = type_.model_validate(example_of(type_) | own)
    envelope = Envelope.around(
        fact, id=uuid4(), sequence=sequence, time="2026-05-06T01:00:00Z", actor=str(COORDINATOR), causationid=uuid4(),
    )  # fmt: skip
    return read(fact.topic, fact.subject.encode(), envelope.to_bytes())


@pytest.fixture(scope="module")
def season():
    of_order = {"order_id": str(ORDER), "session_id": str(SESSION), "person_id": str(PERSON)}
    return Season(
        [
            said("college.joined"),
            said("instructor.listed", person_id=str(PERSON)),
            said("enterprise.registered"),
            said("survey.opened"),
            said("order.submitted", **of_order),
            said("session.scheduled", **of_order),
            said("assignment.accepted", **of_order),
            said("session.closed", **of_order),
            said("certificate.issued", 2, **of_order),
        ]
    )


def bodies(season, copies):
    return b"".join(one.value for copy in range(1, copies + 1) for one in season.again(copy))


def test_who_takes_part_is_told_of_once_and_stays_who_they_are(season):
    told = list(season.again(1))
    assert {one.topic for one in told} == {ORDERS, DEMAND}
    assert {one.type.partition(".")[0] for one in told} == {
        "survey", "order", "session", "assignment", "certificate"
    }  # fmt: skip
    accepted = orjson.loads(next(one.value for one in told if one.type == "assignment.accepted.v1"))
    assert accepted["data"]["person_id"] == str(PERSON)
    assert accepted["actor"] == str(COORDINATOR)
    assert accepted["data"]["college_id"] == example_of(model("assignment.accepted"))["college_id"]


def test_every_copy_is_what_its_service_could_have_said(season):
    for copy in (1, MOST):
        for one in season.again(copy):
            envelope = Envelope.model_validate_json(one.value)
            assert envelope.fact().subject == one.key.decode() != str(ORDER)


def test_ids_hang_together_within_a_copy_and_are_others_in_every_copy(season):
    order = {one.key for one in season.again(1) if one.topic == ORDERS}
    assert len(order) == 1
    closed, scheduled = (
        orjson.loads(next(one.value for one in season.again(1) if one.type == kind))["data"]["session_id"]
        for kind in ("session.closed.v1", "session.scheduled.v1")
    )
    assert closed == scheduled
    ids = [set(ID.findall(b"".join(one.value for one in season.again(copy)))) for copy in (1, 2, 3)]
    stay = {str(PERSON).encode(), str(COORDINATOR).encode()}
    assert ids[0] & ids[1] == ids[1] & ids[2] == ids[0] & ids[2] == stay
    numbers = NUMBER.findall(bodies(season, 3).decode())
    assert len(set(numbers)) == 3 * len(set(NUMBER.findall(bodies(season, 1).decode())))


@given(st.integers(min_value=1, max_value=MOST), st.integers(min_value=1, max_value=MOST))
def test_no_two_copies_share_an_order(season, one, other):
    keys = [{told.key for told in season.again(copy)} for copy in (one, other)]
    assert (keys[0] == keys[1]) == (one == other)
    assert keys[0].isdisjoint(keys[1]) or one == other
    assert all(UUID(key.decode()).version == 5 for key in keys[0])


def test_so_many_copies_as_are_needed_and_no_more(season):
    assert [season.copies_for(sessions) for sessions in (0, 1, 2, 4, 10)] == [0, 0, 1, 3, 9]
    with pytest.raises(ValueError, match="at most"):
        season.copies_for(MOST + 2)
    with pytest.raises(ValueError, match="no session"):
        Season([said("college.joined")]).copies_for(5)


def test_a_subject_is_heard_up_to_its_last_fact_of_each_sender(season):
    heads = {(head.source, head.subject): head.sequence for head in heads_of(list(season.again(1)))}
    (order,) = {one.key.decode() for one in season.again(1) if one.topic == ORDERS}
    assert heads["evaluation", order] == 2
    assert heads["scheduling", order] == 1
    assert SUPPLY not in {one.topic for one in season.again(1)}


def test_a_row_of_a_service_is_anothers_by_the_same_ids_and_stands_on_the_same_survey(season):
    (survey,) = season.surveys
    row = (
        f"{ORDER}\t2026-0137\t2026-03-23\t{{{SESSION},{PERSON}}}\tS000035000000264000001\t{survey.decode()}\n"
    ).encode()
    assert again(row, season.ids(2, keep=season.surveys), 2).decode().split("\t") == [
        season.ids(2)[str(ORDER).encode()].decode(),
        "2026-002137",
        "2026-03-23",
        f"{{{season.ids(2)[str(SESSION).encode()].decode()},{PERSON}}}",
        "S000035000000264002001",
        survey.decode() + "\n",
    ]
    assert season.ended == []
