"""A proof holds, and whatever is changed, dropped, inserted or moved in it is found: pure, no server."""

import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicekit.seal.chain import (
    BEFORE_ALL,
    NOTHING,
    Head,
    Part,
    PlacedHead,
    Publication,
    SealedFact,
    Story,
    fold,
)
from servicekit.seal.tree import EMPTY, Tree, leads, leaf, root_of
from songjiao_cli.seal.forms import LogWindow, OrderProof
from songjiao_cli.seal.log import wrong_in_log
from songjiao_cli.seal.story import wrong_in_order

pytestmark = pytest.mark.rules
SERVICES = ("evaluation", "order-intake", "scheduling")


def body(source, subject, sequence, **data):
    data = {"order_id": subject, **data}
    told = {"source": source, "subject": subject, "sequence": sequence, "type": "order.said.v1"}
    return json.dumps(told | {"time": "2026-05-06T07:00:00Z", "data": data})


class House:
    """Services that have said so many facts per subject, sealed in windows of some."""

    def __init__(self, said, window=3):
        self.bodies = {
            service: [
                body(service, subject, n, number=f"2026-{int(subject[1:]):04d}")
                for n in range(1, max([0, *counts.values()]) + 1)
                for subject, count in counts.items()
                if n <= count
            ]
            for service, counts in said.items()
        }
        self.windows, parts = [], []
        self.heads = {}
        for service, bodies in self.bodies.items():
            last = BEFORE_ALL
            for at in range(0, len(bodies), window):
                some = bodies[at : at + window]
                last = last.next([leaf(each.encode()) for each in some])
                self.windows.append(LogWindow(service=service, window=last, bodies=some))
            heads = self.heads[service] = self._heads(service, said[service])
            parts.append(
                Part(
                    service=service, windows=last.number, facts=len(bodies), chained=last.chained,
                    subjects=len(heads), heads=root_of([head.leaf for head in heads]),
                )
            )  # fmt: skip
        self.publication = Publication.over(parts)
        self.root = self.publication.root

    def _heads(self, service, counts):
        heads = []
        for subject in sorted(subject for subject, count in counts.items() if count):
            folded = NOTHING
            for said in self.about(service, subject):
                folded = fold(folded, leaf(said.encode()))
            heads.append(Head(subject=subject, sequence=counts[subject], folded=folded))
        return heads

    def about(self, service, subject):
        return [each for each in self.bodies[service] if json.loads(each)["subject"] == subject]

    def proof(self, subject):
        return OrderProof(
            order=subject, publication=self.publication,
            stories={service: self.story(service, subject) for service in self.bodies},
        )  # fmt: skip

    def story(self, service, subject):
        subjects = [head.subject for head in self.heads[service]]
        before = [other for other in subjects if other < subject][-1:]
        after = [other for other in subjects if other > subject][:1]
        followed = [subject] if subject in subjects else before + after
        tree = Tree()
        for head in self.heads[service]:
            tree.add(head.leaf, follow=head.subject in followed)
        _, paths = tree.close()
        return Story(
            facts=[SealedFact(hash=leaf(said.encode()), body=said) for said in self.about(service, subject)],
            heads=[
                PlacedHead(**self.heads[service][at].model_dump(), at=at, path=path)
                for at, path in paths.items()
            ],
        )


subjects = st.integers(0, 30).map("o{}".format)
houses = st.builds(
    House,
    st.fixed_dictionaries(
        {
            name: st.dictionaries(subjects, st.integers(1, 4), max_size=8)
            for name in ("evaluation", "scheduling")
        }
        | {"order-intake": st.dictionaries(subjects, st.integers(1, 4), min_size=1, max_size=8)}
    ),
    st.integers(1, 5),
)


@st.composite
def orders(draw):
    """A house, and an order that order-intake has spoken of."""
    house = draw(houses)
    return house, draw(st.sampled_from([head.subject for head in house.heads["order-intake"]]))


def with_facts(proof, service, facts):
    story = proof.stories[service].model_copy(update={"facts": tuple(facts)})
    return proof.model_copy(update={"stories": proof.stories | {service: story}})


def sealed(text):
    return SealedFact(hash=leaf(text.encode()), body=text)


class TestTrees:
    @given(st.lists(st.binary(max_size=3), max_size=40, unique=True))
    def test_a_path_leads_from_each_leaf_to_the_root_and_from_nowhere_else(self, data):
        leaves = [leaf(each) for each in data]
        tree = Tree()
        for each in leaves:
            tree.add(each, follow=True)
        root, paths = tree.close()
        assert root == root_of(leaves)
        for at, path in paths.items():
            assert leads(leaves[at], at, len(leaves), path, root)
            assert not leads(leaf(b"another"), at, len(leaves), path, root)
            assert not leads(leaves[at], at, len(leaves), [*path, EMPTY], root)
            assert not path or not leads(leaves[at], at, len(leaves), path[:-1], root)
            for other in range(len(leaves)):
                assert other == at or not leads(leaves[at], other, len(leaves), path, root)

    def test_the_roots_are_those_of_rfc_6962(self):
        """Known values of the test tree of the Certificate Transparency project."""
        data = [b"", b"\0", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43"]
        data += [b"\x50\x51\x52\x53\x54\x55\x56\x57", bytes(range(0x60, 0x70))]
        roots = [root_of([leaf(each) for each in data[:size]]).hex() for size in (0, 1, 3, 7, 8)]
        assert roots == [
            sha256(b"").hexdigest(),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]


class TestOneOrder:
    @given(orders())
    def test_a_whole_story_is_proven_by_number_and_id(self, given):
        house, subject = given
        proof = OrderProof.model_validate_json(house.proof(subject).model_dump_json())
        for asked in (None, subject, f"2026-{int(subject[1:]):04d}"):
            assert wrong_in_order(proof, house.root, asked) == []
        assert "another order" in wrong_in_order(proof, house.root, "2026-9999")[0]

    @given(orders(), st.data())
    def test_any_changed_byte_is_found_also_with_its_hash_made_anew(self, given, data):
        house, subject = given
        proof = house.proof(subject)
        facts = list(proof.stories["order-intake"].facts)
        at = data.draw(st.integers(0, len(facts) - 1))
        text = facts[at].body
        place = data.draw(st.integers(0, len(text) - 1))
        letter = data.draw(st.characters(codec="utf-8").filter(lambda one: one != text[place]))
        changed = text[:place] + letter + text[place + 1 :]
        facts[at] = facts[at].model_copy(update={"body": changed})
        (line, *_) = wrong_in_order(with_facts(proof, "order-intake", facts), house.root, None)
        assert line.startswith("order-intake: ")
        assert "changed" in line
        facts[at] = sealed(changed)
        assert wrong_in_order(with_facts(proof, "order-intake", facts), house.root, None)

    @given(orders(), st.data())
    def test_a_dropped_fact_is_found_at_its_place_and_at_the_end(self, given, data):
        house, subject = given
        proof = house.proof(subject)
        facts = list(proof.stories["order-intake"].facts)
        at = data.draw(st.integers(0, len(facts) - 1))
        del facts[at]
        (line, *_) = wrong_in_order(with_facts(proof, "order-intake", facts), house.root, None)
        assert f"order-intake: dropped: fact {at + 1} " in line
        assert ("at the end" in line) == (at == len(facts))

    @given(orders(), st.data())
    def test_an_inserted_or_repeated_fact_is_found_and_facts_that_change_places(self, given, data):
        house, subject = given
        proof = house.proof(subject)
        facts = list(proof.stories["order-intake"].facts)
        at = data.draw(st.integers(0, len(facts)))
        sequence = data.draw(st.integers(1, len(facts) + 1))
        made_up = sealed(body("order-intake", subject, sequence, made="up"))
        more = [*facts[:at], made_up, *facts[at:]]
        lines = wrong_in_order(with_facts(proof, "order-intake", more), house.root, None)
        assert any("inserted" in line for line in lines)
        if len(facts) > 1:
            turned = [*facts[1:], facts[0]]
            assert wrong_in_order(with_facts(proof, "order-intake", turned), house.root, None)

    @given(orders(), st.data())
    def test_a_service_that_said_nothing_is_proven_and_one_that_spoke_cannot_be_silenced(self, given, data):
        house, subject = given
        proof = house.proof(subject)
        for service in ("evaluation", "scheduling"):
            spoke = bool(house.about(service, subject))
            made_up = [sealed(body(service, subject, 1, made="up"))]
            lines = wrong_in_order(with_facts(proof, service, made_up), house.root, None)
            assert any(("inserted" in line) or spoke for line in lines)
            others = [f"o{n}" for n in range(31) if not house.about(service, f"o{n}")]
            silence = house.story(service, data.draw(st.sampled_from(others)))
            silent = proof.model_copy(update={"stories": proof.stories | {service: silence}})
            if spoke:
                assert wrong_in_order(silent, house.root, None)[0].startswith(f"{service}: ")
        gone = proof.model_copy(update={"stories": {}})
        assert len(wrong_in_order(gone, house.root, None)) == len(SERVICES)

    @given(orders(), orders())
    def test_a_story_does_not_hold_for_another_order_or_under_another_root(self, given, other):
        house, subject = given
        proof = house.proof(subject)
        moved = proof.model_copy(update={"order": "o99"})
        assert wrong_in_order(moved, house.root, None)
        if other[0].root != house.root:
            assert "another root" in wrong_in_order(proof, other[0].root, None)[0]
            foreign = proof.model_copy(update={"publication": other[0].publication})
            assert "another root" in wrong_in_order(foreign, house.root, None)[0]

    def test_a_fact_of_another_order_is_named_as_that(self):
        house = House({"order-intake": {"o1": 2, "o2": 2}})
        proof = house.proof("o1")
        facts = [*proof.stories["order-intake"].facts[:1], sealed(house.about("order-intake", "o2")[1])]
        (line,) = wrong_in_order(with_facts(proof, "order-intake", facts), house.root, "o1")
        assert line == "order-intake: inserted: fact 2 (order.said.v1) is about o2, not about this order"


class TestTheWholeLog:
    @given(houses)
    def test_holds_with_all_facts(self, house):
        assert wrong_in_log(house.publication, house.windows, house.root) == []
        assert "another root" in wrong_in_log(house.publication, house.windows, NOTHING)[0]

    @given(houses, st.data())
    def test_what_is_changed_dropped_or_inserted_is_found_in_its_window(self, house, data):
        at = data.draw(st.integers(0, len(house.windows) - 1))
        told = house.windows[at]
        place = data.draw(st.integers(0, len(told.bodies) - 1))
        before, one, after = told.bodies[:place], told.bodies[place], told.bodies[place + 1 :]
        where = f"{told.service}: window {told.window.number} was changed"
        for bodies in (
            (*before, one.replace("07:00", "08:00"), *after),
            (*before, *after),
            (*before, one, one, *after),
        ):
            windows = list(house.windows)
            windows[at] = told.model_copy(update={"bodies": bodies})
            assert any(
                line.startswith(where) for line in wrong_in_log(house.publication, windows, house.root)
            )

    @given(houses, st.data())
    def test_a_log_made_anew_with_a_fact_less_does_not_make_the_published_root(self, house, data):
        service = data.draw(st.sampled_from([told.service for told in house.windows]))
        mine = [told for told in house.windows if told.service == service]
        others = [told for told in house.windows if told.service != service]
        assert wrong_in_log(house.publication, [*others, *mine[:-1]], house.root)
        last, forged = BEFORE_ALL, []
        for told in [*mine[:-1], mine[-1].model_copy(update={"bodies": mine[-1].bodies[:-1]})]:
            last = last.next([leaf(each.encode()) for each in told.bodies])
            forged.append(told.model_copy(update={"window": last}))
        lines = wrong_in_log(house.publication, [*others, *forged], house.root)
        assert any("not those that were published" in line for line in lines)

    def test_an_order_left_out_of_the_published_heads_is_found(self):
        house = House({"order-intake": {"o1": 2, "o2": 2}})
        part = house.publication.parts[0]
        one = house.heads["order-intake"][:1]
        hidden = part.model_copy(update={"subjects": 1, "heads": root_of([head.leaf for head in one])})
        publication = Publication.over([hidden])
        (line,) = wrong_in_log(publication, house.windows, publication.root)
        assert "1 subjects are published, 2 are spoken of" in line
