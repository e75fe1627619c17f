"""Clauses are signed one by one: a later change reopens only what it touches, and only for who signs it."""

from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.programme import Signatures
from contracts.scheduling import SchemeApproved, SchemeConfirmed, SchemeRevised, SessionMoved
from contracts.values import Clause, ClauseSigned, Signer
from scheduling.main import build
from scheduling.schemes import signing
from scheduling.settings import Settings
from servicekit.testing import service_on

from ..builders import PROGRAMMES
from ..conftest import Given

HASHES = st.sampled_from(["a" * 64, "b" * 64])
VERSIONS = st.fixed_dictionaries(dict.fromkeys(Clause, HASHES))


def asked(clauses) -> dict[Clause, set[Signer]]:
    return {one.clause: set(one.signers) for one in clauses}


def a_version(**other: str) -> dict[Clause, str]:
    return {clause: other.get(clause.value, "a" * 64) for clause in Clause}


def all_signed(version: int = 1) -> signing.Signed:
    signatures, held = Signatures(), ()
    for signer in Signer:
        new = (ClauseSigned(clause=clause, hash="a" * 64) for clause in signatures.of(signer))
        held = signing.with_signed(held, signer, new, version)
    return held


@pytest.mark.rules
class TestWhoIsAsked:
    def test_of_a_first_version_everybody_is_asked_for_what_they_sign(self):
        found = asked(signing.to_sign(a_version(), (), Signatures()))
        assert found[Clause.TIMES] == {Signer.UNION, Signer.ENTERPRISE}
        assert found[Clause.NEEDS] == {Signer.UNION}

    def test_a_change_reopens_only_its_clause_and_only_for_who_signs_it(self):
        for clause, who in ((Clause.TIMES, set(Signer)), (Clause.NEEDS, {Signer.UNION})):
            changed = a_version(**{clause.value: "b" * 64})
            found = asked(signing.to_sign(changed, all_signed(), Signatures()))
            assert found == {each: who if each is clause else set() for each in Clause}

    def test_what_was_signed_again_is_signed_as_it_is_now_and_no_longer_as_it_was(self):
        times = ClauseSigned(clause=Clause.TIMES, hash="b" * 64)
        held = signing.with_signed(all_signed(), Signer.UNION, [times], 2)
        back = asked(signing.to_sign(a_version(), held, Signatures()))
        assert back[Clause.TIMES] == {Signer.UNION}

    def test_the_turn_is_the_unions_first_and_the_enterprises_when_only_it_is_asked(self):
        first = signing.to_sign(a_version(), (), Signatures())
        union = tuple(s for s in all_signed() if s.signer is Signer.UNION)
        assert signing.turn(first) is Signer.UNION
        assert signing.turn(signing.to_sign(a_version(), union, Signatures())) is Signer.ENTERPRISE
        assert signing.turn(signing.to_sign(a_version(), all_signed(), Signatures())) is Signer.UNION

    @drawn(versions=st.lists(st.tuples(VERSIONS, st.sampled_from(Signer)), max_size=6), new=VERSIONS)
    def test_nobody_is_asked_twice_for_the_same_and_everybody_for_what_is_new(self, versions, new):
        signatures, held = Signatures(), ()
        last: dict[tuple[Signer, Clause], str] = {}
        for number, (version, signer) in enumerate(versions, 1):
            for one in signing.asked_of(signing.to_sign(version, held, signatures), signer):
                last[signer, one.clause] = one.hash
                held = signing.with_signed(held, signer, [one], number)
        found = asked(signing.to_sign(new, held, signatures))
        for clause, hash_ in new.items():
            for signer in Signer:
                wanted = clause in signatures.of(signer) and last.get((signer, clause)) != hash_
                assert (signer in found[clause]) is wanted
        assert signing.to_sign(new, signing.only_last(held), signatures) == signing.to_sign(
            new, held, signatures
        )


@pytest.mark.rules
class TestProgrammeData:
    def test_every_clause_is_signed_by_somebody_and_every_side_signs_something(self):
        for wrong in (
            {"union": [c for c in Clause if c is not Clause.NEEDS]},
            {"enterprise": []},
            {"union": ["times", *Clause]},
            {"enterprise": ["weather"]},
        ):
            with pytest.raises(ValidationError):
                Signatures(**wrong)


async def move_last(union, order, seen, **to):
    last = seen["sessions"][-1]
    answer = await union.post(
        f"/orders/{order.order_id}/scheme/sessions/{last['session_id']}/move",
        json={"day": last["day"], "band": last["band"]} | to,
    )
    assert answer.status_code == 204, answer.text


def of_clause(scheme, clause) -> dict[str, dict]:
    (found,) = (one for one in scheme["clauses"] if one["clause"] == clause)
    return {each["signer"]: each for each in found["signatures"]}


class TestOverHttp:
    async def test_each_clause_shows_who_signed_which_hash_when(self, scheduling, given, union):
        order = await given.a_draft()
        before = await given.scheme(order)
        assert all(each["asked"] for one in before["clauses"] for each in one["signatures"])
        assert [one["clause"] for one in before["clauses"]] == [clause.value for clause in Clause]
        await given.sign(order, confirm=False)
        after = await given.scheme(order)
        times = of_clause(after, "times")
        (hash_,) = (one["hash"] for one in after["clauses"] if one["clause"] == "times")
        assert (times["union"]["hash"], times["union"]["version"]) == (hash_, 1)
        assert times["union"]["at"].startswith("2026-08-31")
        assert times["union"]["by"]
        assert not times["union"]["asked"]
        assert (times["enterprise"]["asked"], times["enterprise"]["hash"]) == (True, None)
        assert "enterprise" not in of_clause(after, "needs")

    async def test_only_the_touched_clauses_are_asked_for_again(self, scheduling, given, union):
        order = await given.a_draft()
        await given.sign(order, confirm=False)
        await move_last(union, order, await given.scheme(order), band="pm")
        revised = (await scheduling.facts(order.order_id))[-1]
        assert isinstance(revised, SchemeRevised)
        again = {one.clause for one in revised.clauses if Signer.UNION in one.signers}
        assert again == {Clause.TIMES, Clause.COST}
        await given.sign(order, confirm=False)
        approved = (await scheduling.facts(order.order_id))[-1]
        assert isinstance(approved, SchemeApproved)
        assert {one.clause for one in approved.clauses} == again
        assert of_clause(await given.scheme(order), "content")["union"]["version"] == 1

    async def test_in_force_it_waits_for_the_enterprise_where_it_signs_what_is_changed(
        self, scheduling, given, union
    ):
        order, _ = await given.in_force()
        await move_last(union, order, await given.scheme(order), day="2026-09-28")
        await given.sign(order, confirm=False)
        assert (await given.scheme(order))["state"] == "approved"
        await given.sign_as_enterprise(order)
        confirmed = [f for f in await scheduling.facts(order.order_id) if isinstance(f, SchemeConfirmed)]
        assert {one.clause for one in confirmed[-1].clauses} == {Clause.TIMES}


@pytest.fixture(scope="module")
def trusting(tmp_path_factory) -> Path:
    """A federation whose enterprises leave the times to the union."""
    folder = tmp_path_factory.mktemp("trusting") / "programmes"
    copytree(PROGRAMMES, folder)
    programme = folder / "send-teachers-home.yaml"
    text = programme.read_text("utf-8")
    told = "  enterprise: [content, times, places, cost]"
    assert told in text
    programme.write_text(text.replace(told, "  enterprise: [content, places, cost]"), "utf-8")
    return folder


@pytest.fixture(scope="module")
async def elsewhere(scheduling, database, trusting):
    """On the same database, with the same people."""
    async with service_on(database, build, Settings, programmes=trusting) as service:
        yield service


class TestWhatTheEnterpriseDoesNotSign:
    async def test_it_is_in_force_by_the_unions_approval_alone(self, elsewhere):
        given = Given(elsewhere)
        order, _ = await given.in_force()
        await move_last(given.union, order, await given.scheme(order), day="2026-09-28")
        await given.sign(order, confirm=False)
        revised, approved, confirmed, moved = await elsewhere.facts(order.order_id)
        assert isinstance(revised, SchemeRevised)
        assert [one.clause for one in approved.clauses] == [Clause.TIMES]
        assert isinstance(confirmed, SchemeConfirmed)
        assert (confirmed.version, confirmed.clauses) == (2, ())
        assert isinstance(moved, SessionMoved)
        scheme = await given.scheme(order)
        assert (scheme["state"], scheme["in_force"]) == ("confirmed", 2)
        assert of_clause(scheme, "content")["enterprise"]["version"] == 1
