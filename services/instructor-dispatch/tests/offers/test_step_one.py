"""A no, or a promise given back, changes exactly one assignment at step 1; a swap is two offers and changes nothing."""

import random

import pytest

LEVELS, HOMES = ("L2", "L3", "L4"), ("350404", "350405", "350481", "350424")


async def a_world(given, chance):
    """Two colleges, some people, some sessions, half of them firm."""
    for college in ("smtc", "smu"):
        await given.college(college, week=chance.randint(4, 9))
    for _ in range(chance.randint(4, 7)):
        await given.person(
            chance.choice(("smtc", "smu")),
            level=chance.choice(LEVELS),
            home=chance.choice(HOMES),
            most_sessions_day=chance.randint(1, 2),
            most_sessions_week=chance.randint(2, 4),
        )
    for _ in range(10):
        session = given.session(
            day=chance.randint(0, 2),
            band=chance.choice(("am", "pm")),
            level=chance.choice(("L3", "L4", "L2")),
            division=chance.choice(("350404", "350405")),
        )
        await given.confirmed(session)
        for offer in await given.open_offers(session.session_id):
            if offer["linked"] is None and chance.random() < 0.5:
                await given.accept(offer)


async def everything(dispatch):
    """Every offer and every reservation of somebody for a session, as they stand."""
    async with dispatch.transactions.begin() as tx:
        offers = await tx.driver.fetch("select * from offer")
        held = await tx.driver.fetch(
            "select assignment_id, person_id, during, state from reservation where assignment_id is not null"
        )
    return {row["assignment_id"]: dict(row) for row in offers}, {tuple(row.values()) for row in held}


def refusable(offers):
    """What a college can say no to, or give back, and what is in no swap."""
    return sorted(
        (each for each in offers.values() if each["state"] in ("offered", "firm") and each["linked"] is None),
        key=lambda each: str(each["slot"]) + str(each["assignment_id"]),
    )


@pytest.mark.parametrize("seed", range(4))
async def test_a_no_changes_one_assignment(dispatch, given, seed):
    chance = random.Random(seed)
    await a_world(given, chance)
    steps = set()
    for _ in range(6):
        before, held_before = await everything(dispatch)
        if not refusable(before):
            break
        ended = chance.choice(refusable(before))
        told = {"assignment_id": str(ended["assignment_id"]), "college_id": ended["college_id"]}
        answer = await (given.decline if ended["state"] == "offered" else given.withdraw)(told)
        assert answer.status_code == 200, answer.text
        after, held_after = await everything(dispatch)
        assert {key for key in before if after[key] != before[key]} == {ended["assignment_id"]}
        new = [after[key] for key in after.keys() - before.keys()]
        freed, taken = held_before - held_after, held_after - held_before
        assert {row[0] for row in freed} == {ended["assignment_id"]}
        steps.add(tuple(sorted(each["step"] for each in new)))
        if len(new) == 1:
            assert (new[0]["duty_id"], new[0]["step"]) == (ended["duty_id"], 1)
            assert {row[0] for row in taken} == {new[0]["assignment_id"]}
        elif new:
            one, other = new
            assert (one["linked"], other["linked"]) == (other["assignment_id"], one["assignment_id"])
            assert ended["duty_id"] in {one["duty_id"], other["duty_id"]}
            assert len(taken) == 1
    assert steps <= {(), (1,), (2, 2)}
    assert steps
